//! A start that brings the channel's pre-chat form along.

use super::commands::Commands;
use super::world::{World, code, customer, start};
use portico_core::conversation::{Command, Refusal};
use portico_core::identity::CustomerPrincipal;
use portico_core::store::Change;
use portico_shared::cim::{Customer, EventData, MessageBody};
use portico_shared::frame::{Accepted, RefusalCode, Start};
use serde_json::{Map, Value, json};

/// A start with a page's data and a form's attributes.
fn filled(data: Value, attributes: Value) -> Start {
    let form = json!({"type": "FORM_DATA", "formTitle": "Anything", "sections": [{"attributes": attributes}]});
    Start {
        data: data.as_object().cloned().unwrap_or_default(),
        form: Some(portico_shared::json::from_value(form).expect("a form")),
        ..start("s")
    }
}

fn ada() -> Value {
    json!([
        {"key": "email", "label": "A lie", "answer": ["ada@shop.example"]},
        {"key": "first_name", "answer": ["Ada"]},
        {"key": "topic", "answer": [{"label": "Sales", "value": "Sales", "isSelected": true}]},
        {"key": "admin", "answer": ["yes"]},
    ])
}

impl World {
    async fn begins(&self, who: &CustomerPrincipal, start: Start) -> Result<Accepted, Refusal> {
        self.registry.start(who, start).await
    }
}

#[tokio::test]
async fn a_form_is_an_activity_a_claim_and_conversation_data() {
    let world = World::new();
    let page = json!({"page_url": "https://shop.example/", "first_name": "Visitor", "plan": "gold"});
    let begun = world.begins(&customer("c1", "asked"), filled(page, ada())).await;
    let at = begun.expect("a start").conversation;
    let names = world.names(&at).await;
    assert_eq!(
        names[..3],
        [
            "CHANNEL_SESSION_STARTED",
            "THIRD_PARTY_ACTIVITY",
            "CONVERSATION_DATA_CHANGED"
        ]
    );
    let expected = json!({"page_url": "https://shop.example/", "plan": "gold", "first_name": "Ada",
        "email": "ada@shop.example", "topic": "Sales"});
    let record = world.record(&at).await;
    assert_eq!(
        Value::Object(record.data.clone()),
        expected,
        "nothing that was not asked"
    );
    let session = portico_shared::json::to_map(&**record.channel_session);
    assert_eq!(session["customer"]["firstName"], "Ada");
    let form = &session["channelData"]["additionalAttributes"][0]["value"]["formData"];
    assert_eq!(form["formId"], "prechat");
    let attribute = json!({"key": "email", "value": "ada@shop.example", "type": "string"});
    assert!(
        form["attributes"].as_array().expect("a list").contains(&attribute),
        "{form}"
    );

    let log = world.log(&at).await;
    let EventData::Message(activity) = &log[1].event.data else {
        panic!("no message: {:?}", log[1].event);
    };
    let activity = portico_shared::json::to_map(&**activity);
    assert_eq!(activity["header"]["intent"], "WIDGET_FORM_ACTIVITY");
    assert_eq!(activity["header"]["sender"]["senderName"], "WIDGET_PRECHAT_FORM");
    let body = &activity["body"];
    assert_eq!(
        body["formTitle"], "Before we start",
        "as it was asked, not as it was repeated"
    );
    let detail = json!({"actor": {"type": "Customer", "id": "c1"}, "submissionSource": "Pre-chat"});
    assert_eq!(body["additionalDetail"], detail);
    let questions = body["sections"][0]["attributes"].as_array().expect("a list");
    assert_eq!(questions.len(), 4);
    assert_eq!(
        (&questions[1]["label"], &questions[1]["answer"]),
        (&json!("E-mail"), &json!(["ada@shop.example"]))
    );
    assert!(
        questions[3].get("answer").is_none_or(Value::is_null),
        "{}",
        questions[3]
    );
}

#[tokio::test]
async fn what_a_form_said_is_not_what_the_page_may_change() {
    let world = World::new();
    let who = customer("c1", "asked");
    let begun = world.begins(&who, filled(json!({"plan": "gold"}), ada())).await;
    let at = begun.expect("a start").conversation;
    let data = json!({"plan": "free", "first_name": "Visitor", "email": null});
    let command = Command::UpdateVisitorData {
        who,
        data: data.as_object().cloned().unwrap_or_default(),
    };
    world.registry.call(&at, command).await.expect("an update");
    let data = world.record(&at).await.data;
    assert_eq!(
        (&data["plan"], &data["first_name"], &data["email"]),
        (&json!("free"), &json!("Ada"), &json!("ada@shop.example"))
    );
}

#[tokio::test]
async fn a_form_that_is_filled_wrongly_opens_nothing() {
    let world = World::new();
    let who = customer("c1", "asked");
    let name = json!({"key": "first_name", "answer": ["Ada"]});
    let with = |other: Value| json!([name, other]);
    for (attributes, why) in [
        (json!([name]), "attributes[1].answer: must not be blank"),
        (
            with(json!({"key": "email", "answer": ["ada"]})),
            "attributes[1].answer: not an e-mail address",
        ),
        (
            with(json!({"key": "email", "valueType": "shortAnswer", "answer": ["ada"]})),
            "attributes[1].answer: not an e-mail address",
        ),
        (
            json!([name, {"key": "email", "answer": ["a@b.c"]}, {"key": "topic", "answer": ["Returns"]}]),
            "attributes[2].answer: not one of the choices",
        ),
        (
            json!([name, {"key": "email", "answer": ["a@b.c"]}, {"key": "note", "answer": ["x".repeat(2_001)]}]),
            "attributes[3].answer: longer than 2000 characters",
        ),
    ] {
        let refused = world.begins(&who, filled(json!({}), attributes)).await.expect_err(why);
        assert_eq!(refused.code, RefusalCode::InvalidBody, "{why}");
        assert!(refused.to_string().ends_with(why), "{refused}");
    }
    let plain = Start {
        form: Some(Box::new(MessageBody::plain("x"))),
        ..start("s")
    };
    assert_eq!(code(world.begins(&who, plain).await), RefusalCode::InvalidBody);
    assert!(world.begins(&who, filled(json!({}), ada())).await.is_ok());
}

#[tokio::test]
async fn what_a_site_vouches_for_need_not_be_answered_and_an_answer_is_a_claim_beside_it() {
    let world = World::new();
    let who = CustomerPrincipal {
        verified: true,
        ..customer("c1", "asked")
    };
    let known = Customer {
        id: "c1".to_owned(),
        first_name: Some("Omar".to_owned()),
        extra: Map::from_iter([("email".to_owned(), json!("omar@shop.example"))]),
        ..Customer::default()
    };
    let change = Change::Customer {
        before: None,
        after: Box::new(known),
    };
    world.store().apply(vec![change]).await.expect("a customer");
    let refused = filled(json!({}), json!([{"key": "email", "answer": ["other"]}]));
    assert_eq!(
        code(world.begins(&who, refused).await),
        RefusalCode::InvalidBody,
        "no address"
    );
    let claims = json!([{"key": "email", "answer": ["other@shop.example"]}, {"key": "note", "answer": ["Hello"]}]);
    let begun = world.begins(&who, filled(json!({}), claims)).await;
    let at = begun.expect("a start without the name").conversation;
    let data = Value::Object(world.record(&at).await.data);
    assert_eq!(data, json!({"email": "other@shop.example", "note": "Hello"}));
    let vouched = world.store().customer(&who.id).await.expect("readable").expect("known");
    assert_eq!(vouched.extra["email"], "omar@shop.example", "what the site said stays");

    let unknown = customer("c2", "asked");
    let claims = json!([{"key": "note", "answer": ["Hello"]}]);
    assert_eq!(
        code(world.begins(&unknown, filled(json!({}), claims)).await),
        RefusalCode::InvalidBody
    );
}

#[tokio::test]
async fn a_chat_begins_without_a_form_and_with_one_that_is_gone() {
    let world = World::new();
    let begun = world.begins(&customer("c1", "asked"), start("s")).await;
    let names = world.names(&begun.expect("a start").conversation).await;
    assert!(!names.contains(&"THIRD_PARTY_ACTIVITY".to_owned()), "{names:?}");
    let blank = filled(json!({}), json!([{"key": "note", "answer": [" "]}]));
    let begun = world.begins(&customer("c3", "plain"), blank).await;
    let names = world.names(&begun.expect("a start").conversation).await;
    assert!(!names.contains(&"THIRD_PARTY_ACTIVITY".to_owned()), "{names:?}");
}

/// What a channel asks, agents see in its name. So where it asks nothing, nothing that a client makes up is seen.
#[tokio::test]
async fn a_form_that_no_channel_asks_for_is_dropped() {
    let world = World::new();
    let forged = json!([{"key": "verified", "label": "Identity check (passed)", "answer": ["yes"]}]);
    let who = customer("c2", "plain");
    let begun = world.begins(&who, filled(json!({"plan": "gold"}), forged)).await;
    let at = begun.expect("a start").conversation;
    let names = world.names(&at).await;
    assert!(!names.contains(&"THIRD_PARTY_ACTIVITY".to_owned()), "{names:?}");
    let record = world.record(&at).await;
    assert_eq!(Value::Object(record.data.clone()), json!({"plan": "gold"}));
    let session = portico_shared::json::to_map(&**record.channel_session);
    let session = Value::Object(session).to_string();
    assert!(
        !session.contains("verified") && !session.contains("Identity"),
        "{session}"
    );
}
