//! A visitor's live chat becomes the known customer's that it proved to be.

mod at_once;
mod told;

pub(super) use at_once::{sessions, signed};

use super::commands::Commands;
use super::world::{Socket, World, bot, code, customer, id, post, post_of, start};
use portico_core::audit;
use portico_core::conversation::{Command, MarkerKind, Outgoing, Recorded};
use portico_core::identity::linking::{Link, LinkProof};
use portico_core::identity::{AppPrincipal, CustomerPrincipal, Principal, customer_key};
use portico_core::store::{AuditAction, AuditQuery, Author, Change};
use portico_shared::cim::{Customer, EventData, EventName, MessageBody};
use portico_shared::close::CloseCode;
use portico_shared::frame::{Draft, RefusalCode};
use portico_shared::ids::{ConversationId, Seq};
use serde_json::json;

const CHANGED: EventName = EventName::AssociatedCustomerChanged;

impl World {
    /// Mia, for whom the site vouches, as the relay knows her once she has signed in.
    async fn mia(&self, channel: &str) -> CustomerPrincipal {
        self.known("mia", channel).await
    }

    async fn known(&self, name: &str, channel: &str) -> CustomerPrincipal {
        let who = CustomerPrincipal {
            identifier: format!("site|{name}"),
            name: name.to_owned(),
            verified: true,
            ..customer(&format!("k-{name}"), channel)
        };
        let mut record = Customer {
            id: who.id.to_string(),
            first_name: Some(name.to_owned()),
            is_anonymous: Some(false),
            version: Some(0),
            ..Customer::default()
        };
        record.extra.insert("web".to_owned(), json!([who.identifier]));
        record.extra.insert("plan".to_owned(), json!("gold"));
        self.store().apply(vec![written(None, record)]).await.expect("written");
        who
    }

    /// A customer as the store has it.
    async fn stored(&self, who: &CustomerPrincipal) -> Customer {
        let record = self.store().customer(&who.id).await.expect("readable");
        record.expect("a customer")
    }

    async fn link(&self, visitor: &CustomerPrincipal, known: &CustomerPrincipal) -> Option<ConversationId> {
        let proof = LinkProof::of(visitor.clone(), known.clone()).expect("a visitor and a known customer");
        self.registry.link(proof).await.expect("an answer")
    }

    async fn read(&self, who: &Principal, at: &ConversationId, up_to: Seq) {
        let command = Command::MoveMarker {
            who: who.clone(),
            up_to,
            kind: MarkerKind::Read,
        };
        self.registry.call(at, command).await.expect("a marker");
    }

    async fn hand_overs(&self, at: &ConversationId) -> usize {
        let log = self.log(at).await;
        log.iter().filter(|stored| stored.event.name == CHANGED).count()
    }
}

fn written(before: Option<Customer>, after: Customer) -> Change {
    Change::Customer {
        before: before.map(Box::new),
        after: Box::new(after),
    }
}

async fn closed(tab: &mut Socket) -> CloseCode {
    let limit = std::time::Duration::from_secs(10);
    tokio::time::timeout(limit, tab.queue.closed())
        .await
        .expect("it is closed")
}

fn principal(who: &CustomerPrincipal) -> Principal {
    Principal::Customer(who.clone())
}

#[tokio::test]
async fn a_live_chat_becomes_the_known_customers_and_older_events_keep_whom_they_were_from() {
    let world = World::new();
    let (visitor, conversation) = world.started("hooked").await;
    world.says(&principal(&visitor), &conversation, "before").await;
    let mia = world.mia("hooked").await;
    assert_eq!(world.link(&visitor, &mia).await.as_ref(), Some(&conversation));
    world.says(&principal(&mia), &conversation, "after").await;

    let record = world.record(&conversation).await;
    assert_eq!(record.customer, mia.id);
    assert_eq!(record.participants[0].id.as_str(), mia.id.as_str());
    assert_eq!(record.participants[0].name, "mia");
    let log = world.log(&conversation).await;
    let whole: Vec<_> = log.iter().map(portico_core::store::StoredEvent::whole).collect();
    let at = whole
        .iter()
        .position(|event| event.name == CHANGED)
        .expect("the change");
    let EventData::Customer(changed) = &whole[at].data else {
        panic!("a customer, not {:?}", whole[at].data)
    };
    assert_eq!(changed.extra["plan"], "gold");
    for (position, event) in whole.iter().enumerate() {
        let session = event.channel_session.as_ref().expect("a session");
        let of = if position < at { &visitor } else { &mia };
        let customer = session.customer.as_ref().expect("a customer");
        assert_eq!(customer.id, of.id.as_str(), "{position}");
        let data = session.channel_data.as_ref().expect("channel data");
        assert_eq!(data.channel_customer_identifier, of.identifier, "{position}");
    }
    let emitters: Vec<_> = whole
        .iter()
        .filter(|event| event.name == EventName::CustomerMessage)
        .map(|event| event.event_emitter.id.as_str())
        .collect();
    assert_eq!(emitters, [visitor.id.as_str(), mia.id.as_str()]);
}

#[tokio::test]
async fn the_store_finds_it_by_the_known_customer_alone() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    world.link(&visitor, &mia).await;
    let store = world.store();
    let of = async |who: &CustomerPrincipal| {
        let found = store.conversations_of_customer(&who.id, 10).await.expect("readable");
        found.into_iter().map(|record| record.id).collect::<Vec<_>>()
    };
    assert_eq!(of(&mia).await, std::slice::from_ref(&conversation));
    assert!(of(&visitor).await.is_empty());
    let owner = store.customer_by_identity("web", &visitor.identifier).await;
    assert_eq!(owner.expect("readable").expect("somebody").id, mia.id.as_str());
    let again = world.registry.start(&mia, start("another")).await.expect("an answer");
    assert_eq!(again.conversation, conversation, "it is her live one");
}

#[tokio::test]
async fn what_the_visitor_sent_is_answered_with_its_first_result_under_the_new_name() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let first = world.says(&principal(&visitor), &conversation, "once").await;
    let mia = world.mia("plain").await;
    world.link(&visitor, &mia).await;

    let again = world.says(&principal(&mia), &conversation, "once").await;
    assert_eq!(again, first);
    let begun = world.registry.start(&mia, start("start-1")).await.expect("an answer");
    assert_eq!((begun.conversation, begun.seq), (conversation.clone(), Seq(1)));
    let log = world.log(&conversation).await;
    let own = Author(customer_key(&mia.id));
    let said: Vec<_> = log
        .iter()
        .filter(|stored| stored.event.name == EventName::CustomerMessage)
        .map(|stored| (&stored.author, stored.client_id.clone()))
        .collect();
    assert_eq!(said, [(&own, Some(id("once")))]);
}

#[tokio::test]
async fn the_visitor_can_no_longer_read_write_or_start() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let who = principal(&visitor);
    let mut reading = world.joined(&who, &conversation).await;
    let mut idle = world.socket(&who);
    let mia = world.mia("plain").await;
    world.link(&visitor, &mia).await;

    assert_eq!(closed(&mut reading).await, CloseCode::TokenRefused);
    assert_eq!(closed(&mut idle).await, CloseCode::TokenRefused);
    let refused = world.registry.post(&who, post(&conversation, "p", "mine")).await;
    assert_eq!(code(refused), RefusalCode::NotFound);
    let ended = world.registry.end(&who, &conversation, id("e")).await;
    assert_eq!(code(ended), RefusalCode::NotFound);
    let request = portico_shared::frame::PageRequest {
        conversation: conversation.clone(),
        range: portico_shared::frame::Range::After(Seq::START),
        limit: None,
    };
    assert_eq!(code(world.registry.page(&who, &request).await), RefusalCode::NotFound);
    let mut late = world.socket(&who);
    world.registry.start_on(&visitor, start("again"), &late.handle).await;
    assert_eq!(late.queue.next().await, Outgoing::Close(CloseCode::TokenRefused));
    assert_eq!(world.record(&conversation).await.customer, mia.id);
}

#[tokio::test]
async fn marks_and_the_deadline_of_silence_go_on() {
    let world = World::new();
    let (visitor, conversation) = world.started("hooked").await;
    world.says(&principal(&visitor), &conversation, "hello").await;
    let said = Draft::new(MessageBody::plain("hi"));
    let said = world
        .registry
        .post(&bot("hook"), post_of(&conversation, "b", said))
        .await;
    let up_to = said.expect("a post").seq;
    world.read(&principal(&visitor), &conversation, up_to).await;
    let before = world.record(&conversation).await;
    let mia = world.mia("hooked").await;
    world.link(&visitor, &mia).await;
    let after = world.record(&conversation).await;
    let marker = |record: &portico_core::store::ConversationRecord, who: &CustomerPrincipal| {
        let key = customer_key(&who.id);
        record
            .markers
            .iter()
            .find(|marker| marker.member == key)
            .map(|marker| marker.read)
    };
    assert_eq!(marker(&before, &visitor), Some(up_to));
    assert_eq!(marker(&after, &mia), Some(up_to));
    assert_eq!(marker(&after, &visitor), None);
    assert_eq!(after.silent_until, before.silent_until);
    world.pass(16 * 60);
    world.fire_due().await;
    assert!(
        world.record(&conversation).await.ended_at.is_some(),
        "it ends of silence"
    );
}

#[tokio::test]
async fn a_chat_that_is_over_stays_whose_it_was() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let ended = world.registry.end(&principal(&visitor), &conversation, id("e")).await;
    ended.expect("an end");
    let mia = world.mia("plain").await;
    assert_eq!(world.link(&visitor, &mia).await, None);
    assert_eq!(world.record(&conversation).await.customer, visitor.id);
    let again = world.registry.start(&visitor, start("s-2")).await.expect("a start");
    assert_ne!(again.conversation, conversation, "the visitor is still itself");
}

#[tokio::test]
async fn nothing_moves_to_a_customer_that_has_a_live_chat_already() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    let own = world.registry.start(&mia, start("own")).await.expect("a start");
    assert_eq!(world.link(&visitor, &mia).await, None);
    assert_eq!(world.record(&conversation).await.customer, visitor.id);
    world.says(&principal(&visitor), &conversation, "still here").await;
    // A live one on another channel is none of this one's business.
    let ended = world.registry.end(&principal(&mia), &own.conversation, id("e")).await;
    ended.expect("an end");
    let elsewhere = CustomerPrincipal {
        channel: "hooked".to_owned(),
        ..mia.clone()
    };
    world.registry.start(&elsewhere, start("there")).await.expect("a start");
    assert_eq!(world.link(&visitor, &mia).await, Some(conversation));
}

#[tokio::test]
async fn a_visitor_is_linked_once_and_asked_again_the_answer_is_the_same() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let (mia, tom) = (world.mia("plain").await, world.known("tom", "plain").await);
    assert_eq!(world.link(&visitor, &mia).await.as_ref(), Some(&conversation));
    let world = world.restarted().await;
    assert_eq!(world.link(&visitor, &mia).await.as_ref(), Some(&conversation));
    assert_eq!(world.link(&visitor, &tom).await, None, "it is nobody's but hers");
    assert_eq!(world.record(&conversation).await.customer, mia.id);
    assert_eq!(world.hand_overs(&conversation).await, 1);
    let link = Link::of(world.store(), &visitor.id).await.expect("readable");
    assert_eq!(link.map(|link| link.conversation), Some(conversation));
}

/// What an app reports of a visitor, whether it knows it by its id or by its identity on the channel, and whenever it does.
#[tokio::test]
async fn what_apps_know_of_the_visitor_is_known_of_the_customer() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let app = AppPrincipal {
        id: portico_shared::ids::ParticipantId::new("survey"),
        name: "Survey".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: Vec::new(),
    };
    let report = |id: &str, header: serde_json::Value| {
        let mut all = json!({"sender": {"id": "survey", "type": "APP"}});
        all.as_object_mut()
            .expect("an object")
            .extend(header.as_object().expect("an object").clone());
        let message = json!({"id": id, "header": all, "body": {"type": "PLAIN", "markdownText": id}});
        serde_json::from_value(message).expect("a message")
    };
    let ended = world.registry.end(&principal(&visitor), &conversation, id("e")).await;
    ended.expect("an end");
    let by_id = json!({"customer": {"_id": visitor.id}});
    let recorded = world.registry.activity(&app, report("beside", by_id.clone())).await;
    assert!(matches!(recorded, Ok(Recorded::OfCustomer { .. })), "{recorded:?}");
    let live = world
        .registry
        .start(&visitor, start("s-2"))
        .await
        .expect("a start")
        .conversation;
    let mia = world.mia("plain").await;
    assert_eq!(world.link(&visitor, &mia).await.as_ref(), Some(&live));

    let beside = world.store().activities_of_customer(&mia.id, i64::MAX, 10).await;
    assert_eq!(beside.expect("readable").len(), 1);
    let by_identity = json!({"channelData": {
        "channelCustomerIdentifier": visitor.identifier, "serviceIdentifier": "plain",
    }});
    for (name, header) in [("by-id", by_id), ("by-identity", by_identity)] {
        let recorded = world.registry.activity(&app, report(name, header)).await;
        match recorded.expect("taken") {
            Recorded::InConversation(accepted) => assert_eq!(accepted.conversation, live, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn that_a_visitor_became_a_known_customer_is_recorded_once() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    for _ in 0..2 {
        assert_eq!(world.link(&visitor, &mia).await.as_ref(), Some(&conversation));
    }
    let query = AuditQuery {
        action: Some(AuditAction::Linked.name().to_owned()),
        limit: 10,
        ..AuditQuery::default()
    };
    let records = world.store().audit(query).await.expect("readable");
    let [record] = &*records else {
        panic!("{records:?}");
    };
    let meant = audit::customers(world.store(), &records).await.expect("readable");
    assert_eq!(meant.get(&record.object_id), Some(&mia.id));
    assert_eq!(meant.len(), 2);
    assert!(meant.values().any(|id| *id == visitor.id));
    assert_eq!((&*record.actor_kind, &*record.actor_id), ("customer", ""));
}
