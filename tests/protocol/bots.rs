//! Bots: by webhook, signed and retried, and by WebSocket.

use crate::world::{Customer, body, bots_key, ready_agent, take_offer, unheard_of};
use portico_shared::cim::EventName;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::close::CloseCode;
use portico_shared::frame::{Audience, ClientFrame, Draft, ServerFrame};
use portico_tests::receiver::{Call, Receiver, Reply};
use portico_tests::relay::{Relay, WEBHOOK_SECRET, World};
use portico_tests::socket::{Socket, text_of};
use portico_tests::within;
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

async fn relay_with_bot() -> (Relay, Receiver) {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    (relay, bot)
}

fn says(text: &'static str) -> impl Fn(&Call) -> bool {
    move |call| call.body["type"] == "message" && call.body["message"] == text
}

#[tokio::test]
async fn a_webhook_call_follows_the_connector_contract_and_is_signed() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    let started = bot
        .call("the start", |call| call.body["message"] == "CHANNEL_SESSION_STARTED")
        .await;
    assert_eq!(started.body["type"], "intent");
    assert!(
        started.body["entities"]["channelSession"].is_object(),
        "{}",
        started.body
    );

    customer.says("Hello how are you").await;
    let call = bot.call("the message", says("Hello how are you")).await;
    assert_eq!(call.body["conversation"], customer.conversation.as_str());
    assert_eq!(call.body["metadata"]["body"]["markdownText"], "Hello how are you");
    let header = &call.body["metadata"]["header"];
    assert_eq!(header["customer"]["_id"], customer.visitor.customer.as_str());
    assert_eq!(header["channelData"]["serviceIdentifier"], "shop");
    let [timestamp, signature, key] = &call.headers;
    let expected = portico_tests::api::hmac_sha256(
        WEBHOOK_SECRET.as_bytes(),
        format!("{timestamp}.{}", call.raw).as_bytes(),
    );
    assert_eq!(signature, &format!("v1={}", hex::encode(expected)));
    assert!(!key.is_empty());
    assert_eq!(call.body["delivery"], key.as_str(), "the key is signed with the rest");
}

#[tokio::test]
async fn a_bot_that_fails_is_called_again_with_the_same_key_and_answers_once() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will(Reply::Status(503));
    bot.will(Reply::Never);
    bot.will_say("Here I am.");
    customer.says("Anybody?").await;
    customer.socket.hears("Here I am.").await;
    let calls: Vec<_> = bot.calls().into_iter().filter(says("Anybody?")).collect();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.headers[2] == calls[0].headers[2]));
    let log = customer.socket.log(&customer.conversation).await;
    assert_eq!(
        log.iter()
            .filter(|item| text_of(&item.event) == Some("Here I am."))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_crash_between_a_bots_answer_and_its_storing_neither_loses_nor_doubles_it() {
    const CRASHES: usize = 5;
    let (mut relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    // More than are asked for, whether a call is made once or twice.
    for _ in 0..2 * CRASHES + 2 {
        bot.will_say("answer");
    }
    for round in 0..CRASHES {
        let question = format!("question {round}");
        customer.socket.say(&customer.conversation, &question).await;
        bot.call("the question", |call| call.body["message"] == question.as_str())
            .await;
        relay.restart().await;
        let (socket, _) = Socket::hello(&relay, &customer.visitor.token).await;
        customer.socket = socket;
        customer.socket.join(&customer.conversation, None).await;
    }
    customer.says("the last").await;
    // A bot sees one conversation in order, so what answers the last question comes after all other answers.
    let answers = async {
        loop {
            let log = customer.socket.log(&customer.conversation).await;
            let answers = log.iter().filter(|item| text_of(&item.event) == Some("answer")).count();
            if answers > CRASHES {
                return answers;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert_eq!(within("every question is answered", answers).await, CRASHES + 1);
}

#[tokio::test]
async fn a_delivery_that_a_bot_refuses_is_a_dead_letter_and_the_next_one_flows() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will(Reply::Status(400));
    bot.will(Reply::Raw("not JSON".to_owned()));
    bot.will(Reply::Raw("x".repeat(2_000_000)));
    bot.will_say("I understood that.");
    for text in ["one", "two", "three", "four"] {
        customer.says(text).await;
    }
    customer.socket.hears("I understood that.").await;
    let messages: Vec<_> = bot
        .calls()
        .iter()
        .filter(|call| call.body["type"] == "message")
        .map(|call| call.body["message"].clone())
        .collect();
    assert_eq!(
        messages,
        ["one", "two", "three", "four"],
        "in order, and none of them again"
    );
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_can_be_sent_again() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will(Reply::Status(400));
    customer.says("lost").await;
    customer
        .socket
        .event("a person is asked for", |event| event.name == EventName::TaskEnqueued)
        .await;
    let listed = relay.command(&["delivery", "list"]);
    let fields: Vec<_> = listed.split('\t').collect();
    assert_eq!(fields[1..3], ["hook", customer.conversation.as_str()], "{listed}");
    bot.will_say("Found.");
    relay.command(&["delivery", "retry", "--id", fields[0]]);
    customer.socket.hears("Found.").await;
    assert_eq!(relay.command(&["delivery", "list"]), "");
}

#[tokio::test]
async fn what_was_left_out_of_an_answer_is_said_once_the_bot_says_it_well() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    let words = |text: &str| json!({"mode": "message", "body": {"type": "PLAIN", "markdownText": text}});
    bot.will(Reply::Say(json!([words("One moment."), words(" ")])));
    customer.says("Where is my tent?").await;
    customer.socket.hears("One moment.").await;
    let listed = async || {
        let lines = async {
            loop {
                let listed = relay.command(&["delivery", "list"]);
                if !listed.is_empty() {
                    return listed;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        within("a dead letter", lines).await
    };
    let letter = listed().await;
    let id = letter.split('\t').next().expect("an id").to_owned();
    bot.will(Reply::Say(json!([
        words("One moment."),
        words("In Oslo."),
        words("\u{200b}")
    ])));
    relay.command(&["delivery", "retry", "--id", &id]);
    customer.socket.hears("In Oslo.").await;
    let letter = listed().await;
    assert!(letter.contains("message 3"), "the rest stays a letter: {letter}");

    bot.will(Reply::Say(json!([
        words("One moment."),
        words("In Oslo."),
        words("It comes.")
    ])));
    relay.command(&["delivery", "retry", "--id", &id]);
    customer.socket.hears("It comes.").await;
    assert_eq!(relay.command(&["delivery", "list"]), "");
    let log = customer.socket.log(&customer.conversation).await;
    let said: Vec<_> = log.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(said, ["Where is my tent?", "One moment.", "In Oslo.", "It comes."]);
    let dead = relay.metric("portico_deliveries_total{outcome=\"dead\"}").await;
    assert_eq!(dead, 2.0, "an answer of which something is left out is not delivered");
}

#[tokio::test]
async fn buttons_and_carousels_reach_the_customer_and_its_answer_the_bot() {
    let (relay, bot) = relay_with_bot().await;
    let mut customer = Customer::on(&relay, "shop").await;
    let menu = json!({"type": "BUTTON", "buttonMessageType": "QUICK_REPLIES", "markdownText": "Which?", "additionalDetails": null,
                      "buttons": [{"title": "Tents", "payload": "find_tent", "type": "button", "additionalButtonDetails": null}]});
    bot.will(Reply::Say(json!([{"mode": "message", "body": menu}])));
    customer.says("hi").await;
    let shown = customer.socket.hears("Which?").await;
    let message = shown.event.message().expect("a message");
    assert_eq!(message.body.type_name(), "BUTTON");

    let mut answer = Draft::new(portico_shared::cim::MessageBody::plain("Tents"));
    answer.intent = Some("find_tent".to_owned());
    answer.original_message_id = Some(portico_shared::ids::MessageId::new(message.id.clone()));
    let client_id = customer
        .socket
        .post(&customer.conversation, answer, Audience::Everyone)
        .await;
    customer.socket.answer(&client_id).await.expect("taken");
    let call = bot.call("the payload", says("find_tent")).await;
    assert_eq!(call.body["metadata"]["header"]["intent"], "find_tent");
}

/// Invariant 11.
#[tokio::test]
async fn a_body_that_nobody_knows_passes_through_unchanged() {
    let (relay, bot) = relay_with_bot().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will(Reply::Say(json!([{"mode": "message", "body": unheard_of()}])));
    customer.says("show me").await;
    let shown = customer
        .socket
        .event("the body", |event| {
            event
                .message()
                .is_some_and(|message| message.body.type_name() == "HOLOGRAM")
        })
        .await;
    assert_eq!(
        serde_json::to_value(&shown.event).expect("JSON")["data"]["body"],
        unheard_of()
    );
    bot.will_find_agent();
    customer.says("a person").await;
    take_offer(&mut ann).await;
    let log = ann.log(&customer.conversation).await;
    let stored = log
        .iter()
        .find(|item| item.event.id == shown.event.id)
        .expect("it is in the log");
    assert_eq!(
        serde_json::to_value(&stored.event).expect("JSON")["data"]["body"],
        unheard_of()
    );
}

#[tokio::test]
async fn a_customer_of_a_bot_that_is_away_gets_an_agent() {
    let relay = Relay::start(World {
        environment: vec![("PORTICO_BOTS__ROBOT__ANSWER_SECONDS".to_owned(), "1".to_owned())],
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "solo").await;
    customer.says("Anybody?").await;
    assert_eq!(take_offer(&mut ann).await.conversation, customer.conversation);
    ann.said(&customer.conversation, "A person is.").await;
    customer.socket.hears("A person is.").await;
}

#[tokio::test]
async fn a_bot_connected_by_websocket_serves_a_conversation() {
    let relay = Relay::plain().await;
    let key = bots_key(&relay, "robot");

    let (mut robot, _) = Socket::hello_at(relay.address, None, &key).await;
    let mut customer = Customer::on(&relay, "solo").await;
    let conversation = robot
        .expect("the conversation", |frame| match frame {
            ServerFrame::Conversation(summary) => Some(summary.conversation.clone()),
            _ => None,
        })
        .await;
    assert_eq!(conversation, customer.conversation);
    robot.join(&conversation, None).await;
    customer.says("Robot?").await;
    robot.hears("Robot?").await;
    robot.said(&conversation, "At your service.").await;
    assert_eq!(
        customer.socket.hears("At your service.").await.event.name,
        EventName::BotMessage
    );

    let action = body(json!({"type": "ACTION", "markdownText": "", "name": "FIND_AGENT", "data": {}}));
    let client_id = robot.post(&conversation, Draft::new(action), Audience::Everyone).await;
    robot.answer(&client_id).await.expect("taken");
    customer
        .socket
        .event("it waits", |event| event.name == EventName::TaskEnqueued)
        .await;
    let mut ann = ready_agent(&relay, "ann").await;
    take_offer(&mut ann).await;
    assert!(
        !customer
            .socket
            .received
            .iter()
            .any(|frame| frame.contains("FIND_AGENT"))
    );
}

/// A new version of a bot takes over from the one that still runs, and the customer is answered once.
#[tokio::test]
async fn a_bot_that_gets_its_work_over_a_socket_has_one_and_the_newest_takes_over() {
    const REPLACED: &str = "portico_bot_sockets_replaced_total";
    let relay = Relay::plain().await;
    let (mut old, _) = Socket::hello_at(relay.address, None, &bots_key(&relay, "robot")).await;
    let mut customer = Customer::on(&relay, "solo").await;
    old.join(&customer.conversation, None).await;
    customer.says("First?").await;
    old.hears("First?").await;
    old.said(&customer.conversation, "From the old one.").await;
    assert_eq!(relay.metric(REPLACED).await, 0.0);

    // Whatever key proves it: one that is exchanged does not make two bots of one.
    let (mut new, welcome) = Socket::hello_at(relay.address, None, &bots_key(&relay, "robot")).await;
    assert_eq!(old.closed().await, CloseCode::Replaced.code());
    assert_eq!(old.close_reason, "replaced");
    assert_eq!(welcome.conversations.len(), 1, "the new one is told what it takes over");
    new.join(&customer.conversation, None).await;
    customer.says("Second?").await;
    new.hears("Second?").await;
    new.said(&customer.conversation, "From the new one.").await;
    customer.socket.hears("From the new one.").await;
    let log = customer.socket.log(&customer.conversation).await;
    let answers = log.iter().filter(|item| item.event.name == EventName::BotMessage);
    assert_eq!(answers.count(), 2);
    assert_eq!(relay.metric(REPLACED).await, 1.0);
    assert_eq!(relay.log().matches("a bot has connected anew").count(), 1);
}

#[tokio::test]
async fn a_bot_that_is_called_by_webhook_may_say_things_later_over_several_sockets() {
    let (relay, _bot) = relay_with_bot().await;
    let key = bots_key(&relay, "hook");
    let (mut one, _) = Socket::hello_at(relay.address, None, &key).await;
    let (mut other, _) = Socket::hello_at(relay.address, None, &key).await;
    let mut customer = Customer::on(&relay, "shop").await;
    one.said(&customer.conversation, "From the one.").await;
    other.said(&customer.conversation, "From the other.").await;
    customer.socket.hears("From the one.").await;
    customer.socket.hears("From the other.").await;
}

/// One socket serves more conversations than a welcome lists, and one after the other more than it may read at once.
#[tokio::test]
async fn a_bot_connected_by_websocket_finds_all_its_conversations_and_outlives_them() {
    let relay = Relay::plain().await;
    let key = bots_key(&relay, "robot");
    let mut customers = Vec::new();
    for _ in 0..105 {
        let mut customer = Customer::on(&relay, "solo").await;
        customer.says("Anybody?").await;
        customers.push(customer);
    }
    let (mut robot, welcome) = Socket::hello_at(relay.address, None, &key).await;
    // A conversation that was listed may be told of again, for its newest message.
    let mut found: HashSet<_> = welcome
        .conversations
        .iter()
        .map(|summary| summary.conversation.clone())
        .collect();
    while found.len() < customers.len() {
        let told = robot.expect("a conversation that was not listed", |frame| match frame {
            ServerFrame::Conversation(summary) => Some(summary.conversation.clone()),
            _ => None,
        });
        found.insert(told.await);
    }
    assert!(customers.iter().all(|customer| found.contains(&customer.conversation)));
    drop(customers);
    for _ in 0..520 {
        let mut customer = Customer::on(&relay, "solo").await;
        robot.join(&customer.conversation, None).await;
        let end = portico_tests::client_id();
        let conversation = customer.conversation.clone();
        let frame = ClientFrame::End {
            conversation: conversation.clone(),
            client_id: end.clone(),
        };
        customer.socket.send(&frame).await;
        customer.socket.answer(&end).await.expect("an end is taken");
        robot
            .expect("it is closed", |frame| match frame {
                ServerFrame::Conversation(summary) if summary.conversation == conversation => {
                    (summary.state == ConversationState::Closed).then_some(())
                }
                _ => None,
            })
            .await;
        robot.forget();
    }
}

#[tokio::test]
async fn a_bot_may_send_more_than_a_visitor() {
    let relay = Relay::start(World {
        environment: vec![
            ("PORTICO_LIMITS__BOT_FRAMES_BURST".to_owned(), "600".to_owned()),
            ("PORTICO_LIMITS__FRAMES_BURST".to_owned(), "60".to_owned()),
            ("PORTICO_LIMITS__FRAMES_PER_MINUTE".to_owned(), "60".to_owned()),
        ],
        ..World::default()
    })
    .await;
    let key = bots_key(&relay, "robot");
    let mut customer = Customer::on(&relay, "solo").await;
    let (mut robot, _) = Socket::hello_at(relay.address, None, &key).await;
    for _ in 0..300 {
        robot.send(&ClientFrame::Ping).await;
        customer.socket.send(&ClientFrame::Ping).await;
    }
    robot.said(&customer.conversation, "Still here.").await;
    assert_eq!(customer.socket.closed().await, CloseCode::Flooding.code());
}
