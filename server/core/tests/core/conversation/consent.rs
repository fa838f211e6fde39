//! What a customer has agreed to stands in the log before whatever it says next.

use super::commands::Commands;
use super::world::{World, id, post_of};
use portico_core::conversation::Command;
use portico_core::identity::{Consent, CustomerPrincipal, Principal};
use portico_core::store::StoredEvent;
use portico_shared::cim::MessageBody;
use portico_shared::frame::Draft;
use portico_shared::ids::ConversationId;
use serde_json::{Map, json};

/// A chat that began before its channel asked for consent, and its customer after it has agreed.
async fn agreed() -> (World, CustomerPrincipal, ConversationId) {
    let terms = json!({"version": 2, "texts": [{"language": "en", "text": "We keep it."}]});
    let world = World::configured(|config| {
        let rated = config.channels.get_mut("rated").expect("a channel");
        rated.consent = Some(serde_json::from_value(terms).expect("terms"));
    });
    let (who, at) = world.started("rated").await;
    let consent = Consent {
        version: 2,
        language: "en".to_owned(),
        by_page: false,
        at: 1,
    };
    let who = CustomerPrincipal {
        consent: Some(consent),
        ..who
    };
    (world, who, at)
}

/// Whether an event is the record of consent.
fn is_record(stored: &StoredEvent) -> bool {
    let form = stored.event.message().map(|message| &message.body);
    matches!(form, Some(MessageBody::FormData(form)) if form.form_id.as_deref() == Some("consent"))
}

#[tokio::test]
async fn it_is_recorded_before_what_the_customer_says_of_itself() {
    let (world, who, at) = agreed().await;
    let before = world.log(&at).await.len();
    let data = Map::from_iter([("page_url".to_owned(), json!("https://shop.example/tents"))]);
    let describe = Command::UpdateVisitorData { who, data };
    world.registry.call(&at, describe).await.expect("said");
    let log = world.log(&at).await;
    assert!(is_record(&log[before]), "{:?}", log[before]);
    assert_eq!(log.iter().filter(|stored| is_record(stored)).count(), 1);
}

#[tokio::test]
async fn it_is_recorded_before_the_answer_to_a_survey() {
    let (world, who, at) = agreed().await;
    let not_agreed = Principal::Customer(CustomerPrincipal {
        consent: None,
        ..who.clone()
    });
    world.says(&not_agreed, &at, "Hello").await;
    world.registry.end(&not_agreed, &at, id("end")).await.expect("an end");
    let survey = world.record(&at).await.survey.expect("a survey");
    let answers = json!([{"key": "csat", "answer": ["4"]}, {"key": "nps", "answer": ["9"]}]);
    let form = json!({"type": "FORM_DATA", "sections": [{"attributes": answers}]});
    let form: MessageBody = portico_shared::json::from_value(form).expect("a form");
    let mut draft = Draft::new(form);
    draft.original_message_id = Some(survey.message);
    let who = Principal::Customer(who);
    let answered = world.registry.post(&who, post_of(&at, "answer", draft)).await;
    let seq = answered.expect("an answer").seq;
    let log = world.log(&at).await;
    let [.., record, answer] = log.as_slice() else {
        panic!("two events at least");
    };
    assert!(is_record(record), "{record:?}");
    assert_eq!(answer.seq, seq);
}
