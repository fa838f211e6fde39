//! What a customer says of itself changes while the chat is live.

use super::commands::Commands;
use super::world::{World, bot, code, customer, post_of, start};
use portico_core::conversation::{Ack, Command, Refusal};
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_shared::cim::{EventData, MessageBody, SenderType};
use portico_shared::frame::{Draft, RefusalCode, ServerFrame, Start};
use portico_shared::ids::ConversationId;
use serde_json::{Map, Value, json};

const CHANGED: &str = "CONVERSATION_DATA_CHANGED";

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

impl World {
    async fn described(&self, who: &CustomerPrincipal, at: &ConversationId, data: Value) -> Result<(), Refusal> {
        let command = Command::UpdateVisitorData {
            who: who.clone(),
            data: object(&data),
        };
        match self.registry.call(at, command).await? {
            Ack::Done => Ok(()),
            ack => panic!("nobody waits for {ack:?}"),
        }
    }

    /// A bot adds what it knows.
    async fn knows(&self, at: &ConversationId, data: Value) {
        let body = json!({"type": "ACTION", "name": "UPDATE_CONVERSATION_DATA", "data": data});
        let draft = Draft::new(portico_shared::json::from_value::<MessageBody>(body).expect("an action"));
        let said = self.registry.post(&bot("socket"), post_of(at, "known", draft)).await;
        said.expect("an update");
    }

    async fn changes(&self, at: &ConversationId) -> usize {
        self.names(at).await.iter().filter(|name| *name == CHANGED).count()
    }
}

#[tokio::test]
async fn a_desk_sees_at_once_where_the_visitor_went_and_what_it_had_said_before() {
    let world = World::new();
    let (who, mut ann, at) = world.served().await;
    world
        .described(
            &who,
            &at,
            json!({"page_url": "https://shop.example/1", "first_name": "Mia"}),
        )
        .await
        .expect("a page");
    ann.socket.queued().await;
    world
        .described(&who, &at, json!({"page_url": "https://shop.example/2"}))
        .await
        .expect("another page");
    let changed = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation(_));
    let ServerFrame::Conversation(summary) = ann.socket.until(changed).await else {
        unreachable!("it was waited for");
    };
    let both = object(&json!({"page_url": "https://shop.example/2", "first_name": "Mia"}));
    assert_eq!(summary.details.data, both);
    let log = world.log(&at).await;
    let event = &log.last().expect("an event").event;
    assert_eq!(event.name.as_str(), CHANGED);
    assert_eq!(event.event_emitter.kind, SenderType::Customer, "who claims it");
    assert_eq!(event.data, EventData::ConversationData(both));
}

#[tokio::test]
async fn no_tab_of_the_customer_receives_what_it_said_of_itself() {
    let world = World::new();
    let (who, _ann, at) = world.served().await;
    let mut tab = world.joined(&Principal::Customer(who.clone()), &at).await;
    world
        .described(&who, &at, json!({"page_url": "https://shop.example/secret"}))
        .await
        .expect("a page");
    for frame in tab.queued().await {
        let text = frame.to_json();
        assert!(!text.contains(CHANGED) && !text.contains("secret"), "{text}");
    }
}

#[tokio::test]
async fn what_changes_nothing_is_no_event() {
    let world = World::new();
    let (who, at) = world.started("plain").await;
    let page = json!({"page_url": "https://shop.example/1", "first_name": ""});
    for _ in 0..3 {
        world.described(&who, &at, page.clone()).await.expect("a page");
    }
    world.described(&who, &at, json!({})).await.expect("nothing");
    assert_eq!(world.changes(&at).await, 1);
}

#[tokio::test]
async fn a_null_or_an_empty_text_takes_a_key_back() {
    let world = World::new();
    let (who, at) = world.started("plain").await;
    let both = json!({"page_url": "https://shop.example/1", "page_title": "Tents", "plan": "gold"});
    world.described(&who, &at, both).await.expect("a page");
    let less = json!({"page_title": " ", "plan": null});
    world.described(&who, &at, less).await.expect("a page");
    assert_eq!(
        world.record(&at).await.data,
        object(&json!({"page_url": "https://shop.example/1"}))
    );
}

#[tokio::test]
async fn a_start_states_nothing_by_an_empty_text() {
    let world = World::new();
    let mut empty = start("s");
    empty.data = object(&json!({"page_title": "", "plan": null}));
    let accepted = world.registry.start(&customer("c1", "hooked"), empty).await;
    let at = accepted.expect("a start").conversation;
    assert_eq!(world.changes(&at).await, 0);
    assert_eq!(world.record(&at).await.data, Map::new());
}

#[tokio::test]
async fn what_is_too_much_is_refused_and_somebody_elses_chat_is_not_there() {
    let world = World::new();
    let (who, at) = world.started("plain").await;
    let deep = world.described(&who, &at, json!({"a": {"b": 1}})).await;
    assert_eq!(code(deep), RefusalCode::InvalidBody);
    for part in ["a", "b", "c", "d"] {
        let most = world.described(&who, &at, json!({part: "x".repeat(1_900)})).await;
        assert_eq!(most, Ok(()));
    }
    let more = world.described(&who, &at, json!({"e": "x".repeat(1_900)})).await;
    assert_eq!(code(more), RefusalCode::InvalidBody, "together with what is known");
    let others = world
        .described(&who, &at, json!({"a": null, "e": "x".repeat(1_900)}))
        .await;
    assert_eq!(others, Ok(()), "in the place of another");
    let other = world.described(&customer("c2", "plain"), &at, json!({"b": "y"})).await;
    assert_eq!(code(other), RefusalCode::NotFound);
    assert_eq!(world.changes(&at).await, 5);
}

#[tokio::test]
async fn a_chat_that_is_over_keeps_what_was_known() {
    let world = World::new();
    let (who, at) = world.started("plain").await;
    let ended = world
        .registry
        .end(&Principal::Customer(who.clone()), &at, super::world::id("e"))
        .await;
    ended.expect("an end");
    let late = world
        .described(&who, &at, json!({"page_url": "https://shop.example/1"}))
        .await;
    assert_eq!(late, Ok(()));
    assert_eq!(world.changes(&at).await, 0);
}

#[tokio::test]
async fn a_visitor_changes_only_what_it_stated_itself() {
    let world = World::new();
    let who = customer("c1", "socketed");
    let mut said = start("s");
    said.data = object(&json!({"first_name": "Mia", "plan": "gold"}));
    let at = world.registry.start(&who, said).await.expect("a start").conversation;
    world.knows(&at, json!({"order_verified": false, "plan": "none"})).await;
    let claims = json!({"order_verified": true, "plan": "gold", "first_name": "Ann", "page_title": "Tents"});
    assert_eq!(world.described(&who, &at, claims).await, Ok(()));
    let known = json!({"order_verified": false, "plan": "none", "first_name": "Ann", "page_title": "Tents"});
    assert_eq!(world.record(&at).await.data, object(&known));
    let nothing = json!({"order_verified": null, "plan": "", "first_name": null, "page_title": null});
    assert_eq!(world.described(&who, &at, nothing).await, Ok(()));
    let of_the_bot = json!({"order_verified": false, "plan": "none"});
    assert_eq!(world.record(&at).await.data, object(&of_the_bot));
}

#[tokio::test]
async fn neither_the_visitor_nor_a_bot_takes_the_others_room() {
    let world = World::new();
    let who = customer("c1", "socketed");
    let at = world
        .registry
        .start(&who, start("s"))
        .await
        .expect("a start")
        .conversation;
    let most = |side: &str| {
        let parts = (0..4).map(|part| (format!("{side}{part}"), Value::from("x".repeat(1_900))));
        Value::Object(parts.collect())
    };
    assert_eq!(world.described(&who, &at, most("visitor")).await, Ok(()));
    world.knows(&at, most("bot")).await;
    let page = json!({"page_url": "https://shop.example/1"});
    assert_eq!(world.described(&who, &at, page).await, Ok(()));
    assert_eq!(world.record(&at).await.data.len(), 9);
    let many: Map<String, Value> = (0..64).map(|key| (format!("key{key}"), json!(1))).collect();
    let refused = world.described(&who, &at, Value::Object(many)).await;
    assert_eq!(
        code(refused),
        RefusalCode::InvalidBody,
        "more keys than 64 with those it gave before"
    );
}

/// Whatever the customer states about it.
#[tokio::test]
async fn an_offer_says_whether_the_customers_identity_is_proven() {
    let world = World::new();
    for (verified, customer_id) in [(true, "c1"), (false, "c2")] {
        let who = CustomerPrincipal {
            verified,
            ..customer(customer_id, "plain")
        };
        let visitor_keys = json!({ "isAnonymous": verified, "name": "Mia" });
        let start = Start {
            data: object(&visitor_keys),
            ..start("s")
        };
        let conversation = world.registry.start(&who, start).await.expect("a start").conversation;
        let mut desk = world.desk(&format!("agent-{customer_id}"));
        let offer = world.offered(&mut desk, &conversation).await;
        assert_eq!(offer.data["isAnonymous"], json!(!verified));
        assert_eq!(offer.data["name"], "Mia");
    }
}
