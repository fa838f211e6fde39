//! A relay that is told to stop: it ends in time whatever its clients do, and says meanwhile that it takes no more.

use crate::world::Customer;
use portico_shared::frame::{ClientFrame, PageRequest, Range};
use portico_shared::ids::Seq;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use portico_tests::within;
use std::process::Command;

/// A socket of a customer whose link carries nothing towards it, and that has pulled more than the link holds: a write
/// to it hangs.
struct Stalled {
    _link: Proxy,
    _socket: Socket,
}

impl Stalled {
    async fn at(relay: &Relay) -> Self {
        let mut customer = Customer::on(relay, "desk").await;
        let text = "x".repeat(8_000);
        for _ in 0..100 {
            customer.says(&text).await;
        }
        let link = Proxy::start(relay.address).await;
        let token = &customer.visitor.token;
        let (mut socket, _) = Socket::hello_at(link.address, Some(&relay.origin()), token).await;
        link.set(Link::StalledDown);
        let request = PageRequest {
            conversation: customer.conversation.clone(),
            range: Range::After(Seq::START),
            limit: Some(100),
        };
        for _ in 0..80 {
            socket.send(&ClientFrame::Page(request.clone())).await;
        }
        hangs(relay, &mut customer).await;
        Self {
            _link: link,
            _socket: socket,
        }
    }
}

/// Waits until the relay reads nothing of the stalled socket while it answers another one five times the same question.
async fn hangs(relay: &Relay, other: &mut Customer) {
    const ASKED: usize = 5;
    let quiet = async {
        loop {
            let before = relay.metric("portico_frames_in_total").await;
            for _ in 0..ASKED {
                other
                    .socket
                    .page(&other.conversation, Range::After(Seq::START), 100)
                    .await;
            }
            other.socket.forget();
            let read = relay.metric("portico_frames_in_total").await - before;
            if read == ASKED as f64 {
                return;
            }
        }
    };
    within("the relay reads no more of a socket that does not read", quiet).await;
}

fn tell_to_stop(relay: &Relay) {
    let told = Command::new("kill").args(["-TERM", &relay.pid().to_string()]).status();
    assert!(told.is_ok_and(|status| status.success()), "the relay can be signalled");
}

/// Invariant 9, also for whoever pulls and does not read.
#[tokio::test]
async fn a_relay_that_is_told_to_stop_does_not_wait_for_a_client_that_does_not_read() {
    let mut relay = Relay::plain().await;
    let _stalled = Stalled::at(&relay).await;
    tell_to_stop(&relay);
    assert_eq!(relay.ended().await, 0, "{}", relay.log());
    assert!(
        relay.log().contains("a socket did not end in time"),
        "its write hung: {}",
        relay.log()
    );
}
