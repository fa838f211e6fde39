//! How much one identity may send, over however many sockets.

use portico_shared::frame::{ClientFrame, RefusalCode, Refused, ServerFrame};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;

/// Frames at once. So few come back per minute that none does while the test runs.
const BURST: u32 = 20;

#[tokio::test]
async fn the_sockets_of_one_visitor_share_one_rate_and_nobody_elses() {
    let relay = Relay::start(World {
        frames: (1, BURST),
        ..World::default()
    })
    .await;
    let visitor = relay.visitor("desk").await;
    let (mut one, _) = Socket::hello(&relay, &visitor.token).await;
    let (mut two, _) = Socket::hello(&relay, &visitor.token).await;
    for _ in 0..BURST / 2 {
        one.round_trip().await;
        two.round_trip().await;
    }
    for socket in [&mut one, &mut two] {
        assert_limited(&ping(socket).await.expect_err("the burst is used up by both together"));
    }
    one.close().await;
    two.close().await;
    let (mut again, _) = Socket::hello(&relay, &visitor.token).await;
    assert_limited(&ping(&mut again).await.expect_err("connecting anew fills nothing up"));

    let (mut stranger, _) = Socket::hello(&relay, &relay.visitor("desk").await.token).await;
    for _ in 0..BURST {
        stranger.round_trip().await;
    }
}

/// Whoever waits as long as it is told is heard.
#[tokio::test]
async fn a_visitor_that_waits_as_long_as_it_is_told_is_heard() {
    let relay = Relay::start(World {
        frames: (60, BURST),
        ..World::default()
    })
    .await;
    let (mut socket, _) = Socket::hello(&relay, &relay.visitor("desk").await.token).await;
    let refused = loop {
        if let Err(refused) = ping(&mut socket).await {
            break refused;
        }
    };
    assert_limited(&refused);
    let wait = refused.retry_after_ms.expect("it says when");
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    assert_eq!(ping(&mut socket).await, Ok(()));
}

fn assert_limited(refused: &Refused) {
    assert_eq!((&refused.code, refused.retryable), (&RefusalCode::RateLimited, true));
    assert!(
        refused.retry_after_ms.is_some_and(|wait| (1..=60_000).contains(&wait)),
        "{refused:?}"
    );
}

/// Sends a ping; the refusal if it is not answered by a pong.
async fn ping(socket: &mut Socket) -> Result<(), Refused> {
    socket.send(&ClientFrame::Ping).await;
    socket
        .expect("a pong or a refusal", |frame| match frame {
            ServerFrame::Pong => Some(Ok(())),
            ServerFrame::Refused(refused) => Some(Err(refused.clone())),
            _ => None,
        })
        .await
}
