//! A customer has its data erased: nothing of it is left in the store's files, and no answer has it any more.

use crate::world::{Customer, agent, ready_agent, set_state, take_offer};
use portico_shared::cim::EventName;
use portico_shared::close::CloseCode;
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, Seq};
use portico_tests::api::{get, now, post, site_token};
use portico_tests::eventually;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(crate) async fn erase(relay: &Relay, token: &str) -> (u16, Value) {
    let url = format!("{}/api/customer", relay.origin());
    let answer = reqwest::Client::new()
        .delete(url)
        .bearer_auth(token)
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// Files of the relay, the log among them, in which a text stands.
fn holding(relay: &Relay, text: &str) -> Vec<PathBuf> {
    let folder = relay.database().parent().expect("a folder").to_owned();
    let mut found = Vec::new();
    search(&folder, text.as_bytes(), &mut found);
    found
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, text, found);
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text)) {
            found.push(path);
        }
    }
}

/// Uploads a text file and answers what an attachment says of it.
async fn upload(relay: &Relay, token: &str, bytes: &str) -> Value {
    let client = reqwest::Client::new();
    let begun = client
        .post(format!("{}/api/files", relay.origin()))
        .bearer_auth(token)
        .header("tus-resumable", "1.0.0")
        .header("upload-length", bytes.len().to_string())
        // CANARY-file.txt, text/plain
        .header("upload-metadata", "filename Q0FOQVJZLWZpbGUudHh0,filetype dGV4dC9wbGFpbg==")
        .send()
        .await
        .expect("an answer");
    assert_eq!(begun.status(), StatusCode::CREATED);
    let at = begun.headers()["location"].to_str().expect("text").to_owned();
    let whole = client
        .patch(format!("{}{at}", relay.origin()))
        .bearer_auth(token)
        .header("tus-resumable", "1.0.0")
        .header("upload-offset", "0")
        .header("content-type", "application/offset+octet-stream")
        .body(bytes.to_owned())
        .send()
        .await
        .expect("an answer");
    whole.json().await.expect("a file")
}

#[tokio::test]
async fn nothing_of_an_erased_customer_is_left_and_the_agent_sees_that_it_was_erased() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    let at = customer.conversation.clone();
    let describe = json!({"type": "describe", "conversation": at, "data": {"order": "CANARY-ORDER", "email": "CANARY@example.org"}});
    customer.socket.send_text(&describe.to_string()).await;
    bot.will_find_agent();
    customer.says("CANARY-TEXT I want a person").await;
    take_offer(&mut ann).await;
    let attachment = upload(&relay, &customer.visitor.token, "CANARY-BYTES").await;
    let url = attachment["mediaUrl"].as_str().expect("an address").to_owned();
    let body = json!({"type": "FILE", "caption": "CANARY-CAPTION", "attachment": attachment});
    let draft = portico_shared::frame::Draft::new(crate::world::body(body));
    let id = customer
        .socket
        .post(&at, draft, portico_shared::frame::Audience::Everyone)
        .await;
    customer.socket.answer(&id).await.expect("a file is posted");
    ann.said(&at, "CANARY-ANSWER").await;
    let before = ann.log(&at).await;
    assert!(!holding(&relay, "CANARY").is_empty());
    let mut tab = customer.tab(&relay).await;

    let (status, told) = erase(&relay, &customer.visitor.token).await;
    assert_eq!(status, 200, "{told}");
    let erased = &told["erased"];
    assert_eq!(
        (&erased["conversations"], &erased["files"]),
        (&json!(1), &json!(1)),
        "{told}"
    );
    assert!(erased["events"].as_u64() >= Some(before.len() as u64), "{told}");
    assert_eq!(told["kept"].as_array().map(Vec::len), Some(4), "{told}");
    for socket in [&mut customer.socket, &mut tab] {
        assert_eq!(socket.closed().await, CloseCode::TokenRefused.code());
    }
    assert_eq!(holding(&relay, "CANARY"), [] as [PathBuf; 0]);
    assert_eq!(holding(&relay, "canary"), [] as [PathBuf; 0], "as it is looked for");
    assert_eq!(holding(&relay, &customer.visitor.token), [] as [PathBuf; 0]);

    // The agent is told, and sent nothing of the customer on the way.
    ann.event("the notice", |event| event.name == EventName::CustomerDataErased)
        .await;
    let mut sam = agent(&relay, "sam").await;
    sam.join(&at, None).await;
    let after = sam.log(&at).await;
    for (was, is) in before.iter().zip(&after) {
        assert_eq!(
            (was.seq, &was.event.name, was.event.timestamp),
            (is.seq, &is.event.name, is.event.timestamp)
        );
        assert!(is.event.message().is_none(), "{is:?}");
    }
    let dense: Vec<u64> = after.iter().map(|item| item.seq.0).collect();
    assert_eq!(dense, (1..=after.len() as u64).collect::<Vec<_>>());
    assert!(
        !serde_json::to_string(&after.iter().map(|item| &item.event).collect::<Vec<_>>())
            .expect("JSON")
            .contains("CANARY")
    );

    // What proved the customer proves nothing, and the file is gone.
    assert_eq!(erase(&relay, &customer.visitor.token).await.0, 401);
    assert_eq!(
        Socket::turned_away(&relay, &customer.visitor.token).await,
        CloseCode::TokenRefused.code()
    );
    let refresh = json!({"channel": "shop", "refresh": customer.visitor.refresh});
    let origin = relay.origin();
    let (status, told) = post(&format!("{origin}/api/session"), Some(&origin), None, &refresh).await;
    assert_eq!((status, &told["code"]), (401, &json!("refresh_refused")));
    let file = url.rsplit('/').next().expect("an id");
    let token = relay.sign_in("sam").await;
    assert_eq!(get(&format!("{origin}/api/files/{file}"), Some(&token)).await.0, 404);
    bot.call("the bot is told to forget it", |call| {
        call.raw.contains("CUSTOMER_DATA_ERASED")
    })
    .await;
}

#[tokio::test]
async fn a_known_customer_is_erased_everywhere_and_may_come_back_as_somebody_new() {
    let relay = Relay::plain().await;
    let proof = site_token(&json!({"sub": "c-7", "name": "CANARY-NAME", "email": "CANARY@example.org"}));
    let session = |channel: &str| relay.session(json!({"channel": channel, "identity": proof}));
    let mut conversations = Vec::new();
    for channel in ["desk", "solo"] {
        let visitor = session(channel).await;
        let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
        let conversation = socket.start().await.conversation;
        socket.join(&conversation, None).await;
        socket.said(&conversation, "CANARY-TEXT").await;
        conversations.push((visitor, socket, conversation));
    }
    let mut other = Customer::on(&relay, "desk").await;
    other.says("BYSTANDER").await;
    let (status, told) = erase(&relay, &conversations[0].0.token).await;
    assert_eq!((status, &told["erased"]["conversations"]), (200, &json!(2)), "{told}");
    for (visitor, socket, _) in &mut conversations {
        assert_eq!(socket.closed().await, CloseCode::TokenRefused.code());
        assert_eq!(
            Socket::turned_away(&relay, &visitor.token).await,
            CloseCode::TokenRefused.code()
        );
    }
    assert_eq!(holding(&relay, "CANARY"), [] as [PathBuf; 0]);
    assert!(!holding(&relay, "BYSTANDER").is_empty());
    other.says("still here").await;

    // Tokens say in seconds when they were given.
    let erased_at = now();
    let next_second = || std::future::ready((now() > erased_at).then_some(()));
    eventually("the next second", next_second).await;
    // What the site has signed before does not bring back what it says of the customer; what it signs now begins anew.
    let body = json!({"channel": "desk", "identity": proof});
    let origin = relay.origin();
    let (status, told) = post(&format!("{origin}/api/session"), Some(&origin), None, &body).await;
    assert_eq!((status, &told["code"]), (401, &json!("identity_refused")));
    let proof = site_token(&json!({"sub": "c-7"}));
    let again = relay.session(json!({"channel": "desk", "identity": proof})).await;
    let (mut socket, welcome) = Socket::hello(&relay, &again.token).await;
    assert!(welcome.conversations.is_empty());
    let conversation = socket.start().await.conversation;
    assert!(conversations.iter().all(|(_, _, before)| *before != conversation));
    let earlier = get(&format!("{}/api/conversations", relay.origin()), Some(&again.token)).await;
    assert_eq!(earlier.1["conversations"], json!([]));
}

#[tokio::test]
async fn nothing_is_left_of_a_customer_that_has_never_chatted() {
    let relay = Relay::plain().await;
    let proof = site_token(&json!({"sub": "c-9", "name": "CANARY-NAME", "email": "CANARY@example.org"}));
    let visitor = relay.session(json!({"channel": "desk", "identity": proof})).await;
    assert!(!holding(&relay, "CANARY").is_empty());
    let (status, told) = erase(&relay, &visitor.token).await;
    assert_eq!((status, &told["erased"]["conversations"]), (200, &json!(0)), "{told}");
    assert_eq!(holding(&relay, "CANARY"), [] as [PathBuf; 0]);
}

/// A visitor ends a chat, begins another, and signs in with the site: the live one becomes the customer's, the other does not.
#[tokio::test]
async fn what_a_customer_said_before_it_signed_in_is_erased_with_it() {
    let relay = Relay::plain().await;
    let mut visitor = Customer::on(&relay, "desk").await;
    visitor.says("CANARY-TEXT").await;
    let end = portico_shared::frame::ClientFrame::End {
        conversation: visitor.conversation.clone(),
        client_id: portico_tests::client_id(),
    };
    visitor.socket.send(&end).await;
    let ended = |event: &portico_shared::cim::CimEvent| event.name == EventName::ChannelSessionEnded;
    visitor.socket.event("the end", ended).await;
    let live = visitor.socket.start().await.conversation;
    visitor.socket.join(&live, None).await;
    visitor.socket.said(&live, "CANARY-TEXT again").await;
    let proof = site_token(&json!({"sub": "c-8"}));
    let refresh = &visitor.visitor.refresh;
    let known = json!({"channel": "desk", "identity": proof, "refresh": refresh});
    let known = relay.session(known).await;
    let (status, told) = erase(&relay, &known.token).await;
    assert_eq!((status, &told["erased"]["conversations"]), (200, &json!(2)), "{told}");
    assert_eq!(holding(&relay, "CANARY"), [] as [PathBuf; 0]);
    let origin = relay.origin();
    for token in [&visitor.visitor.token, refresh] {
        assert_eq!(erase(&relay, token).await.0, 401);
    }
    let body = json!({"channel": "desk", "refresh": refresh});
    let (status, told) = post(&format!("{origin}/api/session"), Some(&origin), None, &body).await;
    assert_eq!((status, &told["code"]), (401, &json!("refresh_refused")));
}

#[tokio::test]
async fn only_a_customer_erases_and_only_itself() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("Hello").await;
    assert_eq!(erase(&relay, &relay.sign_in("sam").await).await.0, 403);
    assert_eq!(erase(&relay, "nonsense").await.0, 401);
    let stranger = relay.visitor("desk").await;
    let (status, told) = erase(&relay, &stranger.token).await;
    assert_eq!(
        (status, &told["erased"]["conversations"]),
        (200, &json!(0)),
        "nothing was known of it"
    );
    assert_eq!(
        Socket::turned_away(&relay, &stranger.token).await,
        CloseCode::TokenRefused.code()
    );
    customer.says("Still here").await;
    let page = customer
        .socket
        .page(&customer.conversation.clone(), Range::After(Seq::START), 50)
        .await;
    assert!(page.items.iter().any(|item| item.event.message().is_some()));
}

/// The relay is killed while it erases: the next one goes on by itself.
#[tokio::test]
async fn a_relay_that_is_killed_while_it_erases_goes_on_with_it() {
    let mut relay = Relay::plain().await;
    for wait_ms in [0, 3, 10, 25] {
        let proof = site_token(&json!({"sub": format!("c-{wait_ms}"), "name": "CANARY-NAME"}));
        let visitor = relay.session(json!({"channel": "desk", "identity": proof})).await;
        let mut conversations: Vec<ConversationId> = Vec::new();
        let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
        for _ in 0..4 {
            let conversation = socket.start().await.conversation;
            socket.join(&conversation, None).await;
            for number in 0..10 {
                socket.said(&conversation, &format!("CANARY-TEXT {number}")).await;
            }
            let end = portico_shared::frame::ClientFrame::End {
                conversation: conversation.clone(),
                client_id: portico_tests::client_id(),
            };
            socket.send(&end).await;
            socket
                .event("the end", |event| event.name == EventName::ChannelSessionEnded)
                .await;
            conversations.push(conversation);
        }
        let erasing = erase(&relay, &visitor.token);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(wait_ms), erasing).await;
        relay.restart().await;
        // It was asked for, or it was not.
        let asked = get(&format!("{}/api/conversations", relay.origin()), Some(&visitor.token)).await;
        if asked.0 != 401 {
            assert_eq!(erase(&relay, &visitor.token).await.0, 200);
        }
        let gone = || std::future::ready(holding(&relay, "CANARY").is_empty().then_some(()));
        eventually("all of it is gone", gone).await;
        let mut sam = agent(&relay, "sam").await;
        set_state(&mut sam, "NOT_READY").await;
        for conversation in &conversations {
            sam.join(conversation, None).await;
            let log = sam.log(conversation).await;
            let dense: Vec<u64> = log.iter().map(|item| item.seq.0).collect();
            assert_eq!(dense, (1..=log.len() as u64).collect::<Vec<_>>());
            let notices = log
                .iter()
                .filter(|item| item.event.name == EventName::CustomerDataErased);
            assert_eq!(notices.count(), 1);
        }
    }
}

/// A visitor who does not agree to other terms than those before wants just this.
#[tokio::test]
async fn who_does_not_agree_any_more_is_erased_by_what_proved_it_before() {
    let texts = r#"texts = [{ language = "en", text = "We keep it." }]"#;
    let mut relay = Relay::start(World {
        config: format!("[channels.asked]\norigins = []\n[channels.asked.consent]\nversion = 1\n{texts}\n"),
        ..World::default()
    })
    .await;
    let mut visitors = Vec::new();
    for _ in 0..2 {
        let consent = json!({"version": 1, "language": "en"});
        let visitor = relay.session(json!({"channel": "asked", "consent": consent})).await;
        let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
        let conversation = socket.start().await.conversation;
        socket.join(&conversation, None).await;
        socket.said(&conversation, "CANARY-TEXT").await;
        visitors.push(visitor);
    }
    relay.sets("PORTICO_CHANNELS__ASKED__CONSENT__VERSION", "2");
    relay.restart().await;
    for proof in [&visitors[0].token, &visitors[1].refresh] {
        let (status, told) = erase(&relay, proof).await;
        assert_eq!((status, &told["erased"]["conversations"]), (200, &json!(1)), "{told}");
    }
    assert_eq!(holding(&relay, "CANARY"), [] as [PathBuf; 0]);
}
