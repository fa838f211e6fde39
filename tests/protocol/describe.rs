//! The page of a visitor while the chat is live: seen by those who serve it, proven to nobody.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::cim::{EventData, EventName};
use portico_shared::frame::{ClientFrame, RefusalCode, ServerFrame};
use portico_shared::ids::ConversationId;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Map, Value, json};

fn describe(conversation: &ConversationId, data: Value) -> ClientFrame {
    ClientFrame::Describe {
        conversation: conversation.clone(),
        data: facts(data),
    }
}

fn facts(data: Value) -> Map<String, Value> {
    match data {
        Value::Object(facts) => facts,
        other => panic!("no object but {other}"),
    }
}

#[tokio::test]
async fn an_agent_sees_where_the_customer_goes_and_the_customer_is_told_nothing_of_it() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let moved = json!({"page_url": "https://shop.example.org/tents/2", "page_title": "Tent for two"});
    let moves = describe(&customer.conversation, moved.clone());
    customer.socket.send(&moves).await;
    customer.socket.send(&moves).await;
    let shown = ann
        .event("the new page", |event| event.name == EventName::ConversationDataChanged)
        .await;
    assert_eq!(shown.event.data, EventData::ConversationData(facts(moved.clone())));
    let listed = |frame: &ServerFrame| match frame {
        ServerFrame::Conversation(summary) if summary.details.data["page_title"] == "Tent for two" => Some(()),
        _ => None,
    };
    ann.expect("the list", listed).await;

    // The customer's own words come after it and are the next thing that stands in its log.
    customer.says("This one").await;
    customer.socket.hears("This one").await;
    let received = customer.socket.received.join("\n");
    assert!(!received.contains("CONVERSATION_DATA_CHANGED") && !received.contains("tents/2"));
    let log = ann.log(&customer.conversation).await;
    let changes = log
        .iter()
        .filter(|item| item.event.name == EventName::ConversationDataChanged);
    assert_eq!(
        changes.count(),
        2,
        "one of the start, one of the move that was said twice"
    );
}

#[tokio::test]
async fn only_the_customer_of_a_chat_describes_itself_and_within_bounds() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    let mut other = Customer::on(&relay, "desk").await;
    let title = || json!({"page_title": "Elsewhere"});
    let at = customer.conversation.clone();
    refused(&mut ann, describe(&at, title()), RefusalCode::Forbidden).await;
    refused(&mut other.socket, describe(&at, title()), RefusalCode::NotFound).await;
    for too_much in [json!({"a": {"b": 1}}), json!({"a": "x".repeat(2_000)})] {
        refused(&mut customer.socket, describe(&at, too_much), RefusalCode::InvalidBody).await;
    }
}

async fn refused(socket: &mut Socket, frame: ClientFrame, code: RefusalCode) {
    socket.send(&frame).await;
    let refused = socket.refusal().await;
    assert_eq!(refused.code, code);
    assert!(refused.conversation.is_some() && refused.client_id.is_none());
}
