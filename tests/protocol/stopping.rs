//! A relay that is told to stop: it ends in time whatever its clients do, and says meanwhile that it takes no more.

use crate::world::Customer;
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, PageRequest, Range};
use portico_shared::ids::Seq;
use portico_tests::api::post;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use portico_tests::{eventually, within};
use serde_json::json;
use std::process::Command;

/// A socket of a customer whose link carries nothing towards it, and that has pulled more than the link holds: a write
/// to it hangs.
struct Stalled {
    customer: Customer,
    link: Proxy,
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
            customer,
            link,
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
    signal(relay, "-TERM");
}

fn signal(relay: &Relay, name: &str) {
    let told = Command::new("kill").args([name, &relay.pid().to_string()]).status();
    assert!(told.is_ok_and(|status| status.success()), "the relay can be signalled");
}

/// A terminal that is closed sends SIGHUP, Ctrl-C SIGINT, and Ctrl-\\ SIGQUIT. Under `nohup`
/// tests and their children inherit an ignored SIGHUP, so the signals are set to their defaults first.
#[tokio::test]
async fn every_signal_that_asks_for_an_end_is_a_drain() {
    for name in ["-HUP", "-INT", "-QUIT"] {
        let mut relay = started_by(&["env", "--default-signal=HUP,INT,QUIT"]).await;
        let mut customer = Customer::on(&relay, "desk").await;
        signal(&relay, name);
        assert_eq!(customer.socket.closed().await, CloseCode::Draining.code(), "{name}");
        assert_eq!(relay.ended().await, 0, "{name}: {}", relay.log());
    }
}

/// As a command line starts the relay: in a shell's own place, with its streams changed.
async fn started_by(command: &[&str]) -> Relay {
    Relay::start(World {
        under: command.iter().map(|word| (*word).to_owned()).collect(),
        ..World::default()
    })
    .await
}

#[tokio::test]
async fn a_relay_that_was_started_to_outlive_its_terminal_does() {
    let mut relay = started_by(&["nohup"]).await;
    let mut customer = Customer::on(&relay, "desk").await;
    signal(&relay, "-HUP");
    customer.says("still there?").await;
    tell_to_stop(&relay);
    assert_eq!(relay.ended().await, 0, "{}", relay.log());
}

/// A full disk, or a pipe whose reader is gone.
#[tokio::test]
async fn a_relay_whose_log_cannot_be_written_lives() {
    let mut relay = started_by(&["sh", "-c", "exec \"$@\" >/dev/full 2>/dev/full", "sh"]).await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("hello").await;
    tell_to_stop(&relay);
    assert_eq!(customer.socket.closed().await, CloseCode::Draining.code());
    assert_eq!(relay.ended().await, 0);
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

/// What an operator is promised while the relay drains, and a program that reports meanwhile.
#[tokio::test]
async fn a_relay_that_is_told_to_stop_says_that_it_takes_no_more_until_it_has_ended() {
    let mut relay = Relay::start(World {
        environment: vec![("PORTICO_SERVER__DRAIN_SECONDS".to_owned(), "60".to_owned())],
        ..World::default()
    })
    .await;
    let shown = relay.command(&[
        "key",
        "add",
        "--kind",
        "app",
        "--subject",
        "survey",
        "--label",
        "Survey",
        "--scope",
        "activities:write",
    ]);
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    let key = key.expect("the key is shown once");
    let stalled = Stalled::at(&relay).await;
    let status = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", relay.origin())).await;
        answer.map_or(0, |answer| answer.status().as_u16())
    };
    assert_eq!(status("/readyz").await, 200);
    tell_to_stop(&relay);
    eventually("it is not ready any more", async || {
        (status("/readyz").await == 503).then_some(())
    })
    .await;
    assert_eq!(status("/healthz").await, 200, "it lives");
    assert_eq!(Socket::refused(relay.address, Some(&relay.origin())).await, 503);
    let activity = json!({
        "id": "activity-1",
        "header": {"sender": {"id": "survey", "type": "APP", "senderName": "Survey", "additionalDetail": null},
                   "conversationId": stalled.customer.conversation},
        "body": {"type": "PLAIN", "markdownText": "Five stars"},
    });
    let url = format!("{}/api/v1/activities", relay.origin());
    let (status, answer) = post(&url, None, Some(key), &activity).await;
    assert_eq!((status, &answer["code"]), (503, &json!("draining")), "{answer}");
    assert!(answer["retry_after_ms"].is_u64(), "{answer}");

    stalled.link.set(Link::Cut);
    assert_eq!(relay.ended().await, 0, "{}", relay.log());
}
