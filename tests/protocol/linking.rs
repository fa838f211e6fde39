//! A visitor signs in with its site in the middle of a chat: the chat becomes the known customer's, by two proofs, once,
//! and never lands in the wrong hands.

use crate::world::{Customer, ready_agent, take_offer, whisper};
use portico_shared::cim::{EventData, EventName};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, RefusalCode, ServerFrame};
use portico_shared::ids::{ConversationId, Seq};
use portico_tests::api::{now, post, site_token};
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::{Socket, text_of};
use serde_json::{Value, json};

/// A session of Maja, whom the site vouches for.
struct Maja {
    token: String,
    refresh: String,
    id: String,
    /// What the answer says was linked.
    linked: Option<String>,
}

fn proof(sub: &str) -> String {
    site_token(&json!({"sub": sub, "name": "Maja", "plan": "gold"}))
}

async fn session(relay: &Relay, body: &Value) -> (u16, Value) {
    let origin = relay.origin();
    post(&format!("{origin}/api/session"), Some(&origin), None, body).await
}

async fn maja(relay: &Relay, channel: &str, refresh: &str) -> Maja {
    let body = json!({"channel": channel, "identity": proof("c-42"), "refresh": refresh});
    let (status, answer) = session(relay, &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["customer"]["verified"], true);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Maja {
        token: text(&answer["token"]),
        refresh: text(&answer["refresh"]),
        id: text(&answer["customer"]["id"]),
        linked: answer["linked"].as_str().map(str::to_owned),
    }
}

impl Maja {
    /// A socket that has joined the conversation.
    async fn in_chat(&self, relay: &Relay, conversation: &ConversationId) -> Socket {
        let (mut socket, welcome) = Socket::hello(relay, &self.token).await;
        let listed: Vec<_> = welcome.conversations.iter().map(|one| &one.conversation).collect();
        assert_eq!(listed, [conversation]);
        socket.join(conversation, None).await;
        socket
    }
}

async fn texts(socket: &mut Socket, conversation: &ConversationId) -> Vec<String> {
    let log = socket.log(conversation).await;
    log.iter()
        .filter_map(|item| text_of(&item.event))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_live_chat_goes_on_as_the_known_customers_and_the_desk_sees_who_it_is() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let conversation = visitor.conversation.clone();
    take_offer(&mut ann).await;
    visitor.says("before").await;
    whisper(&mut ann, &conversation, "who is this?").await;

    let maja = maja(&relay, "desk", &visitor.visitor.refresh).await;
    assert_eq!(maja.linked.as_deref(), Some(conversation.as_str()));
    let changed = ann
        .event("the change", |event| event.name == EventName::AssociatedCustomerChanged)
        .await
        .event;
    let EventData::Customer(customer) = &changed.data else {
        panic!("a customer, not {:?}", changed.data)
    };
    assert_eq!(
        (customer.id.as_str(), customer.first_name.as_deref()),
        (&*maja.id, Some("Maja"))
    );
    assert_eq!(
        (customer.is_anonymous, &customer.extra["plan"]),
        (Some(false), &json!("gold"))
    );
    ann.expect("the list", |frame| match frame {
        ServerFrame::Conversation(summary) => summary.people.iter().find(|one| one.name == "Maja").map(drop),
        _ => None,
    })
    .await;

    let mut socket = maja.in_chat(&relay, &conversation).await;
    socket.said(&conversation, "after").await;
    let heard = ann.hears("after").await.event;
    assert_eq!(
        (heard.event_emitter.id.as_str(), &*heard.event_emitter.sender_name),
        (&*maja.id, "Maja")
    );
    let whose = |event: &portico_shared::cim::CimEvent| {
        let session = event.channel_session.as_ref().expect("a session");
        session.customer.as_ref().expect("a customer").id.clone()
    };
    let log = ann.log(&conversation).await;
    let at = log
        .iter()
        .position(|item| item.event.name == EventName::AssociatedCustomerChanged);
    let at = at.expect("the change is in the log");
    assert!(
        log[..at]
            .iter()
            .all(|item| whose(&item.event) == visitor.visitor.customer)
    );
    assert!(log[at..].iter().all(|item| whose(&item.event) == maja.id));

    // The customer has the whole chat, and nothing that is not its business.
    assert_eq!(texts(&mut socket, &conversation).await, ["before", "after"]);
    for hidden in ["ASSOCIATED_CUSTOMER_CHANGED", "who is this?", "linkedTo", "gold"] {
        assert!(!socket.received.iter().any(|frame| frame.contains(hidden)), "{hidden}");
    }
    ann.said(&conversation, "Hello Maja").await;
    socket.hears("Hello Maja").await;
}

#[tokio::test]
async fn bots_are_told_who_it_is() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut visitor = Customer::on(&relay, "shop").await;
    visitor.says("hello").await;
    let maja = maja(&relay, "shop", &visitor.visitor.refresh).await;
    let told = bot
        .call("the change", |call| {
            call.body["message"] == "ASSOCIATED_CUSTOMER_CHANGED"
        })
        .await;
    assert_eq!(told.body["type"], "intent");
    let mut socket = maja.in_chat(&relay, &visitor.conversation).await;
    bot.will_say("Welcome back, Maja");
    socket.said(&visitor.conversation, "it is me").await;
    let call = bot.call("her words", |call| call.body["message"] == "it is me").await;
    let header = &call.body["metadata"]["header"];
    assert_eq!(header["customer"]["_id"], maja.id);
    assert_eq!(header["customer"]["plan"], "gold");
    socket.hears("Welcome back, Maja").await;
}

#[tokio::test]
async fn the_visitors_tokens_are_good_for_nothing_any_more() {
    let relay = Relay::plain().await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let mut second = visitor.tab(&relay).await;
    let (mut idle, _) = Socket::hello(&relay, &visitor.visitor.token).await;
    visitor.says("mine").await;
    let maja = maja(&relay, "desk", &visitor.visitor.refresh).await;

    // Tabs that still hold the token: closed, with the code that says to fetch another, and there is none for them.
    for tab in [&mut visitor.socket, &mut second, &mut idle] {
        assert_eq!(tab.closed().await, CloseCode::TokenRefused.code());
    }
    let code = Socket::turned_away(&relay, &visitor.visitor.token).await;
    assert_eq!(code, CloseCode::TokenRefused.code());
    let body = json!({"channel": "desk", "refresh": visitor.visitor.refresh});
    let (status, answer) = session(&relay, &body).await;
    assert_eq!((status, &answer["code"]), (401, &json!("refresh_refused")));
    // As documented, the tab asks without: it is somebody new, and finds nothing.
    let anew = relay.visitor("desk").await;
    let (mut socket, welcome) = Socket::hello(&relay, &anew.token).await;
    assert!(welcome.conversations.is_empty());
    socket.say(&visitor.conversation, "let me in").await;
    assert_eq!(socket.refusal().await.code, RefusalCode::NotFound);
    // The renewed token of the known customer is no way back for the visitor's either.
    let (mut hers, _) = Socket::hello(&relay, &maja.token).await;
    hers.send(&ClientFrame::Auth {
        token: visitor.visitor.token.clone(),
    })
    .await;
    assert_eq!(hers.refusal().await.code, RefusalCode::Forbidden);
    hers.join(&visitor.conversation, None).await;
    assert_eq!(texts(&mut hers, &visitor.conversation).await, ["mine"]);
}

/// The next one at the same machine, with what an open tab has kept.
#[tokio::test]
async fn a_visitor_that_was_linked_brings_nothing_to_the_next_customer() {
    let relay = Relay::plain().await;
    let visitor = Customer::on(&relay, "desk").await;
    maja(&relay, "desk", &visitor.visitor.refresh).await;
    let body = json!({"channel": "desk", "identity": proof("c-43"), "refresh": visitor.visitor.refresh});
    let (status, answer) = session(&relay, &body).await;
    assert_eq!((status, &answer["linked"]), (200, &Value::Null), "{answer}");
    let (_, welcome) = Socket::hello(&relay, answer["token"].as_str().expect("a token")).await;
    assert!(welcome.conversations.is_empty());
}

#[tokio::test]
async fn nothing_passes_without_both_proofs_of_one_channel() {
    let relay = Relay::plain().await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let elsewhere = Customer::on(&relay, "solo").await;
    let own = &visitor.visitor.refresh;
    let mut signed = own.clone();
    signed.push('x');
    let nobodys = relay.visitor("desk").await.refresh;
    for (what, refresh) in [
        (
            "the visitor token in the place of the other",
            visitor.visitor.token.clone(),
        ),
        ("a forged one", signed),
        ("nonsense", "a.b.c".to_owned()),
        ("one of another channel", elsewhere.visitor.refresh.clone()),
        ("one of a visitor without a chat", nobodys),
    ] {
        let maja = maja(&relay, "desk", &refresh).await;
        assert_eq!(maja.linked, None, "{what}");
    }
    // And without the site's proof, the visitor's is the visitor's.
    for identity in [
        site_token(&json!({"sub": "c-42", "exp": now() - 600})),
        "a.b.c".to_owned(),
    ] {
        let body = json!({"channel": "desk", "identity": identity, "refresh": own});
        let (status, answer) = session(&relay, &body).await;
        assert_eq!((status, &answer["code"]), (401, &json!("identity_refused")), "{answer}");
    }
    visitor.says("still mine").await;
    let (_, welcome) = Socket::hello(&relay, &elsewhere.visitor.token).await;
    assert_eq!(welcome.conversations.len(), 1);
}

#[tokio::test]
async fn nothing_passes_between_two_known_customers_nor_back_to_a_visitor() {
    let relay = Relay::plain().await;
    let maja = maja(&relay, "desk", "").await;
    let (mut socket, _) = Socket::hello(&relay, &maja.token).await;
    let conversation = socket.start().await.conversation;
    let body = json!({"channel": "desk", "identity": proof("c-43"), "refresh": maja.refresh});
    let (status, other) = session(&relay, &body).await;
    assert_eq!((status, &other["linked"]), (200, &Value::Null), "{other}");
    // Her own refresh beside her own proof, as a page that hands over a renewed token sends it.
    let again = self::maja(&relay, "desk", &maja.refresh).await;
    assert_eq!((&again.id, &again.linked), (&maja.id, &None));
    socket.said(&conversation, "still mine").await;
}

#[tokio::test]
async fn a_chat_that_is_over_is_not_inherited() {
    let relay = Relay::plain().await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let client_id = portico_tests::client_id();
    let end = ClientFrame::End {
        conversation: visitor.conversation.clone(),
        client_id: client_id.clone(),
    };
    visitor.socket.send(&end).await;
    visitor.socket.answer(&client_id).await.expect("an end");
    let maja = maja(&relay, "desk", &visitor.visitor.refresh).await;
    assert_eq!(maja.linked, None);
    let (_, welcome) = Socket::hello(&relay, &maja.token).await;
    assert!(welcome.conversations.is_empty());
    let (_, welcome) = Socket::hello(&relay, &visitor.visitor.token).await;
    assert_eq!(welcome.conversations.len(), 1, "it stays the visitor's");
}

#[tokio::test]
async fn a_customer_with_a_live_chat_keeps_it_and_the_visitor_its_own() {
    let relay = Relay::plain().await;
    let at_home = maja(&relay, "desk", "").await;
    let (mut socket, _) = Socket::hello(&relay, &at_home.token).await;
    let own = socket.start().await.conversation;
    let mut visitor = Customer::on(&relay, "desk").await;
    let maja = maja(&relay, "desk", &visitor.visitor.refresh).await;
    assert_eq!(maja.linked, None);
    maja.in_chat(&relay, &own).await;
    visitor.says("still mine").await;
}

/// The acknowledgement of a post is lost, and the browser sends it again as whom it has become meanwhile.
#[tokio::test]
async fn a_post_whose_answer_was_lost_is_answered_with_its_first_result() {
    let relay = Relay::plain().await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let conversation = visitor.conversation.clone();
    let client_id = visitor.socket.say(&conversation, "once").await;
    let first = visitor.socket.answer(&client_id).await.expect("taken");
    // Whether this one arrives before the chat passes or after is not known to whoever sends it.
    let lost = visitor.socket.say(&conversation, "lost").await;
    let unsent = portico_tests::client_id();
    let maja = maja(&relay, "desk", &visitor.visitor.refresh).await;

    let mut socket = maja.in_chat(&relay, &conversation).await;
    for _ in 0..2 {
        socket.say_again(&conversation, &client_id, "once").await;
        assert_eq!(socket.answer(&client_id).await.expect("taken"), first);
        for (client_id, text) in [(&lost, "lost"), (&unsent, "twice")] {
            socket.say_again(&conversation, client_id, text).await;
            socket.answer(client_id).await.expect("taken");
        }
    }
    let log = socket.log(&conversation).await;
    let own: Vec<_> = log
        .iter()
        .filter_map(|item| Some((text_of(&item.event)?, item.client_id.as_ref()?)))
        .collect();
    assert_eq!(
        own,
        [("once", &client_id), ("lost", &lost), ("twice", &unsent)],
        "and she knows them for her own"
    );
}

/// The answer to the link itself is lost with the relay.
#[tokio::test]
async fn a_relay_that_is_killed_right_after_the_link_has_linked() {
    let mut relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut visitor = Customer::on(&relay, "desk").await;
    let conversation = visitor.conversation.clone();
    take_offer(&mut ann).await;
    let client_id = visitor.socket.say(&conversation, "once").await;
    let first = visitor.socket.answer(&client_id).await.expect("taken");
    let before = maja(&relay, "desk", &visitor.visitor.refresh).await;
    relay.restart().await;

    let after = maja(&relay, "desk", &visitor.visitor.refresh).await;
    assert_eq!((&after.id, &after.linked), (&before.id, &before.linked));
    assert_eq!(after.linked.as_deref(), Some(conversation.as_str()));
    let code = Socket::turned_away(&relay, &visitor.visitor.token).await;
    assert_eq!(code, CloseCode::TokenRefused.code());
    let mut socket = before.in_chat(&relay, &conversation).await;
    socket.say_again(&conversation, &client_id, "once").await;
    assert_eq!(socket.answer(&client_id).await.expect("taken"), first);
    let token = relay.sign_in("ann").await;
    let (mut ann, welcome) = Socket::hello(&relay, &token).await;
    assert!(welcome.conversations[0].people.iter().any(|one| one.name == "Maja"));
    ann.join(&conversation, None).await;
    let log = ann.log(&conversation).await;
    let changes = log
        .iter()
        .filter(|item| item.event.name == EventName::AssociatedCustomerChanged);
    assert_eq!(changes.count(), 1);
    assert!(
        log.iter().map(|item| item.seq).eq((1..=log.len() as u64).map(Seq)),
        "dense"
    );
}
