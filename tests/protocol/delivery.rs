//! One member's trouble is nobody else's.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, Hello, Range, ServerFrame};
use portico_shared::ids::Seq;
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, WEBHOOK_SECRET, World};
use portico_tests::socket::{Socket, text_of};
use portico_tests::{eventually, within};
use std::time::Duration;

/// Invariants 5 and 6.
#[tokio::test]
async fn a_member_that_does_not_read_is_closed_and_delays_nobody() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    // A tab that never reads again: its socket fills, then its queue.
    let mut deaf = customer.tab(&relay).await;
    let text = "x".repeat(8_000);
    let memory = relay.resident();
    for number in 1..=1_500 {
        ann.said(&customer.conversation, &text).await;
        // The others go on: every message arrives at them.
        customer.socket.hears(&text).await;
        customer.socket.forget();
        ann.forget();
        // Who only reads is taken for gone after a while.
        if number % 100 == 0 {
            customer.socket.round_trip().await;
        }
    }
    let grown = relay.resident().saturating_sub(memory);
    assert!(
        grown < 64 * 1024 * 1024,
        "12 MB were sent to a reader that does not read; memory grew by {grown} bytes"
    );
    // It is closed as slow; the code itself may be stuck behind what it did not read.
    let code = deaf.closed().await;
    assert!([CloseCode::Slow.code(), 1006].contains(&code), "{code}");
    assert_eq!(relay.metric("portico_sockets_closed_total{code=\"4001\"}").await, 1.0);

    // Nothing is lost: it comes back and pulls what it missed.
    let mut back = customer.tab(&relay).await;
    let mut count = 0;
    let mut after = Seq::START;
    loop {
        let page = back.page(&customer.conversation, Range::After(after), 100).await;
        count += page
            .items
            .iter()
            .filter(|item| text_of(&item.event) == Some(text.as_str()))
            .count();
        back.forget();
        if page.through >= page.head {
            break;
        }
        after = page.through;
    }
    assert_eq!(count, 1_500);
}

/// Invariant 6, for bots.
#[tokio::test]
async fn a_bot_that_hangs_delays_no_other_bot() {
    let (hanging, healthy) = (Receiver::start().await, Receiver::start().await);
    let relay = Relay::start(World {
        webhook: Some(healthy.url.clone()),
        config: with_another_bot(&hanging.url),
        ..World::default()
    })
    .await;
    let mut waiting = Vec::new();
    for _ in 0..70 {
        hanging.will(Reply::Never);
        let mut customer = Customer::on(&relay, "slow").await;
        customer.says("Anybody?").await;
        waiting.push(customer);
    }
    hanging
        .call("a call that hangs", |call| call.body["type"] == "message")
        .await;
    let mut customer = Customer::on(&relay, "shop").await;
    healthy.will_say("Here I am.");
    customer.says("Anybody?").await;
    customer.socket.hears("Here I am.").await;
    assert_eq!(hanging.given_up(), 0, "the healthy bot answers while the other hangs");
}

/// Channel `slow` with a bot `slow` that may take its time.
fn with_another_bot(url: &str) -> String {
    format!(
        "[bots.slow]\nname = \"Slow\"\nwebhook = \"{url}\"\nsecret = \"{WEBHOOK_SECRET}\"\ntimeout_seconds = 60\n\
         [channels.slow]\nname = \"Slow\"\norigins = []\nbot = \"slow\"\nqueue = \"support\"\n\
         widget = {{ title = \"t\", greeting = \"g\", expectation = \"e\", accent = \"#1f6f54\" }}\n"
    )
}

/// Invariant 9: also while a bot is being called and a deadline runs.
#[tokio::test]
async fn a_relay_that_is_told_to_stop_while_a_bot_hangs_ends_and_calls_it_again() {
    let bot = Receiver::start().await;
    let mut relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        drain_seconds: 25,
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut ringing = Customer::on(&relay, "desk").await;
    ringing.says("a person").await;
    crate::world::offer(&mut ann).await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will(Reply::Never);
    customer.says("Anybody?").await;
    let first = bot.call("the call", |call| call.body["type"] == "message").await;
    assert!(
        relay.terminate().await,
        "it ends by itself, with success: {}",
        relay.log()
    );

    bot.will_say("Here I am.");
    relay.restart().await;
    let mut again = customer.tab(&relay).await;
    let log = within("the bot's answer", async {
        loop {
            let log = again.log(&customer.conversation).await;
            if log.iter().any(|item| text_of(&item.event) == Some("Here I am.")) {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let answers = log.iter().filter(|item| text_of(&item.event) == Some("Here I am."));
    assert_eq!(answers.count(), 1);
    let calls = bot.calls();
    let of_this = calls.iter().filter(|call| call.headers[2] == first.headers[2]);
    assert_eq!(of_this.count(), 2, "the same key");
}

/// Invariant 9.
#[tokio::test]
async fn a_relay_that_is_told_to_stop_says_goodbye_and_ends() {
    let mut relay = Relay::start(World {
        drain_seconds: 25,
        ..World::default()
    })
    .await;
    let mut told = tokio::task::JoinSet::new();
    let mut token = String::new();
    for _ in 0..8 {
        let mut customer = Customer::on(&relay, "desk").await;
        customer.says("hello").await;
        token.clone_from(&customer.visitor.token);
        told.spawn(async move { (goodbye(&mut customer.socket).await, customer.socket.closed().await) });
    }
    let mut waiting = Socket::open(relay.address, Some(&relay.origin()))
        .await
        .expect("the upgrade");
    assert!(
        relay.terminate().await,
        "it ends by itself, with success: {}",
        relay.log()
    );
    let told = told.join_all().await;
    for (retry_after_ms, code) in &told {
        assert!((500..=5_000).contains(retry_after_ms), "{told:?}");
        assert_eq!(*code, CloseCode::Draining.code());
    }
    assert!(
        told.iter().any(|one| *one != told[0]),
        "they all come at once: {told:?}"
    );
    assert_eq!(
        waiting.closed().await,
        CloseCode::Draining.code(),
        "a socket that said nothing is told too"
    );

    relay.restart().await;
    let (mut again, _) = Socket::hello(&relay, &token).await;
    again
        .send(&ClientFrame::Hello(Hello {
            token,
            client: None,
            desk: None,
        }))
        .await;
    again.round_trip().await;
}

/// Waits to be told when to come back, in milliseconds.
async fn goodbye(socket: &mut Socket) -> u64 {
    socket
        .expect("goodbye", |frame| match frame {
            ServerFrame::Goodbye { retry_after_ms } => Some(*retry_after_ms),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn the_health_endpoints_say_how_it_is() {
    let relay = Relay::plain().await;
    let get = |path: &'static str| {
        let url = format!("{}{path}", relay.origin());
        async move {
            let answer = reqwest::get(url).await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("text"))
        }
    };
    assert_eq!(get("/healthz").await.0, 200);
    assert_eq!(get("/readyz").await.0, 200);
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("hello").await;
    let metrics = eventually("an open socket is counted", || async {
        let (_, text) = get("/metrics").await;
        text.contains("portico_sockets_open 1").then_some(text)
    })
    .await;
    assert!(metrics.contains("# HELP portico_events_total"), "{metrics}");
    assert_eq!(get("/api/openapi.json").await.0, 200);
}
