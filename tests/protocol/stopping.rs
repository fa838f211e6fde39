//! A relay that is told to stop: whoever does not listen cannot keep it.

use crate::world::Customer;
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, PageRequest, Range};
use portico_shared::ids::Seq;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use portico_tests::within;
use std::time::Duration;

/// Pages that are asked for and not read: more than what all buffers between the relay and a client hold.
const PAGES: usize = 60;

/// Invariant 9. The relay is in the middle of a write when it hears of it, and nobody reads what it writes.
#[tokio::test]
async fn a_client_that_reads_nothing_does_not_keep_the_relay_from_stopping() {
    let mut relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for _ in 0..60 {
        customer.says(&"x".repeat(8_000)).await;
    }
    let proxy = Proxy::start(relay.address).await;
    let (mut deaf, _) = Socket::hello_at(proxy.address, Some(&relay.origin()), &customer.visitor.token).await;
    let before = at_rest(&relay).await;
    proxy.set(Link::StalledDown);
    let request = PageRequest {
        conversation: customer.conversation.clone(),
        range: Range::After(Seq::START),
        limit: Some(100),
    };
    for _ in 0..PAGES {
        deaf.send(&ClientFrame::Page(request.clone())).await;
    }
    let pages = at_rest(&relay).await - before;
    assert!(pages < PAGES as f64, "all pages went into buffers");
    assert!(
        relay.terminate().await,
        "it ends by itself, with success: {}",
        relay.log()
    );
    assert_eq!(customer.socket.closed().await, CloseCode::Draining.code());
}

/// Waits until the relay writes nothing more, and answers how many frames it has written.
async fn at_rest(relay: &Relay) -> f64 {
    within("the relay is at rest, or stuck", async {
        let mut before = 0.0;
        loop {
            let written = relay.metric("portico_frames_out_total").await;
            if written > 0.0 && written == before {
                return written;
            }
            before = written;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    })
    .await
}
