//! What a sender states beside its words arrives, whoever sends it.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::cim::{CimEvent, MessageBody};
use portico_shared::frame::{Audience, Draft};
use portico_shared::ids::MessageId;
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::{Socket, text_of};
use serde_json::{Map, Value, json};

/// What `docs/protocol.md` lets a draft state, but for the message that it answers.
fn stated() -> Value {
    json!({
        "intent": "REPLY_TO",
        "entities": {"size": {"people": 2}},
        "additionalData": {"interactive": true},
        "language": {"code": "nb", "name": "Norsk"},
    })
}

/// A text that states all five, as the answer to a message.
fn draft(text: &str, answered: &str) -> Draft {
    let stated = stated();
    let map = |key: &str| -> Option<Map<String, Value>> { stated[key].as_object().cloned() };
    Draft {
        intent: stated["intent"].as_str().map(str::to_owned),
        entities: map("entities"),
        original_message_id: Some(MessageId::new(answered)),
        additional_data: map("additionalData"),
        language: map("language"),
        ..Draft::new(MessageBody::plain(text))
    }
}

async fn post(socket: &mut Socket, customer: &Customer, draft: Draft) {
    let posted = socket.post(&customer.conversation, draft, Audience::Everyone).await;
    socket.answer(&posted).await.expect("taken");
}

fn header_of(event: &CimEvent) -> Value {
    serde_json::to_value(event).expect("JSON")["data"]["header"].clone()
}

fn assert_states_all(event: &CimEvent, answered: &str) {
    let header = header_of(event);
    for (key, value) in stated().as_object().expect("an object") {
        assert_eq!(&header[key], value, "{key} of {:?}", text_of(event));
    }
    assert_eq!(header["originalMessageId"], answered, "{:?}", text_of(event));
}

#[tokio::test]
async fn what_customers_agents_and_bots_on_a_socket_state_of_a_header_arrives() {
    let relay = Relay::plain().await;
    let shown = relay.command(&["key", "add", "--kind", "bot", "--subject", "robot", "--label", "test"]);
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    let (mut robot, _) = Socket::hello_at(relay.address, None, key.expect("the key is shown once")).await;
    let mut customer = Customer::on(&relay, "solo").await;
    robot.join(&customer.conversation, None).await;
    let first = customer.socket.said(&customer.conversation, "Which tent?").await;
    let answered = first.message_id.as_str();

    let mut customers = Socket::hello(&relay, &customer.visitor.token).await.0;
    post(&mut customers, &customer, draft("from the customer", answered)).await;
    assert_states_all(&robot.hears("from the customer").await.event, answered);

    post(&mut robot, &customer, draft("from the bot", answered)).await;
    customer.socket.hears("from the bot").await;
    let action =
        serde_json::from_value(json!({"type": "ACTION", "markdownText": "", "name": "FIND_AGENT", "data": {}}));
    post(&mut robot, &customer, Draft::new(action.expect("an action"))).await;
    let mut ann = ready_agent(&relay, "ann").await;
    take_offer(&mut ann).await;
    let log = ann.log(&customer.conversation).await;
    for text in ["from the customer", "from the bot"] {
        let item = log.iter().find(|item| text_of(&item.event) == Some(text));
        assert_states_all(&item.expect("an agent reads all").event, answered);
    }

    post(&mut ann, &customer, draft("from the agent", answered)).await;
    assert_states_all(&robot.hears("from the agent").await.event, answered);
    let shown = header_of(&customer.socket.hears("from the agent").await.event);
    assert_eq!(
        (&shown["intent"], &shown["originalMessageId"]),
        (&json!("REPLY_TO"), &json!(answered))
    );
}

/// Its answer has no place for them: a message of it has what the relay completes, and nothing is made up.
#[tokio::test]
async fn a_message_of_a_webhook_bot_states_nothing_that_the_bot_did_not() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    let said = json!({"type": "PLAIN", "markdownText": "from the webhook"});
    bot.will(Reply::Say(json!([
        {"mode": "message", "intent": {"name": "greet", "confidence": 0.9}, "header": stated(), "body": said},
        {"mode": null, "intent": {"name": "hand_over", "confidence": 0.9},
         "body": {"type": "ACTION", "name": "FIND_AGENT", "data": {}}},
    ])));
    customer.says("Which tent?").await;
    take_offer(&mut ann).await;
    let log = ann.log(&customer.conversation).await;
    let item = log.iter().find(|item| text_of(&item.event) == Some("from the webhook"));
    let header = header_of(&item.expect("an agent reads all").event);
    for key in ["intent", "entities", "originalMessageId"] {
        assert_eq!(header[key], Value::Null, "{key}: {header}");
    }
    assert!(header.get("additionalData").is_none_or(Value::is_null), "{header}");
    assert_eq!(header["language"], json!({}), "{header}");
}
