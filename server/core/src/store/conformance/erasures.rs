//! Erasing a customer, step by step.

use crate::store::conformance::{World, author, conversation, conversation_id, deliver, filled, message, step};
use crate::store::{
    Author, Change, ErasedBy, ErasedConversation, ErasedCounts, ErasedCustomer, FileQuota, FileReaders, FileRecord,
    FileState, NewErasure, NewEvent, PushSubscription, SessionVersion, Store, StoreError,
};
use portico_shared::cim::{ChannelSession, CimEvent, Customer, EventName};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, CustomerId, FileId, MessageId, ParticipantId, Seq};
use serde_json::json;

fn erasure(customer: &str, at: i64) -> NewErasure {
    NewErasure {
        customer: CustomerId::new(customer),
        by: ErasedBy::Customer,
        at,
        rule: None,
    }
}

/// Erases conversation `id` of customer `k-<id>`, whose log is at `head`.
async fn erase(store: &dyn Store, id: &str, head: u64) {
    let stand_in = CustomerId::new("stand-in");
    let notice = CimEvent {
        id: "e-notice".into(),
        name: EventName::CustomerDataErased,
        ..CimEvent::default()
    };
    let session = SessionVersion::first(ChannelSession::default()).next(ChannelSession::default());
    let mut commit = step(
        id,
        head,
        vec![NewEvent {
            event: notice,
            session: None,
            author: Author("system".into()),
            client_id: None,
        }],
    );
    commit.conversation.customer = stand_in.clone();
    commit.conversation.channel_session = session.into();
    commit.changes.push(Change::EraseConversation(ErasedConversation {
        conversation: conversation_id(id),
        customer: CustomerId::new(format!("k-{id}")),
        erasure: CustomerId::new(format!("k-{id}")),
        stand_in,
        notice: Seq(head + 1),
        at: 500,
    }));
    assert_eq!(store.commit(commit).await.expect("erased"), None);
}

pub async fn an_erased_event_keeps_its_position_its_name_and_its_time(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 70).await;
    let before = store
        .page(&conversation_id("c"), Range::After(Seq::START), 100)
        .await
        .expect("a page");
    store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
    erase(&*store, "c", 70).await;
    let after = store
        .page(&conversation_id("c"), Range::After(Seq::START), 100)
        .await
        .expect("a page");
    assert_eq!(after.events.len(), 71);
    for (was, is) in before.events.iter().zip(&after.events) {
        assert_eq!(
            (was.seq, &was.event.name, was.event.timestamp),
            (is.seq, &is.event.name, is.event.timestamp)
        );
        assert_eq!(was.event.id, is.event.id);
        assert!(
            is.event.message().is_none() && is.session.is_none() && is.client_id.is_none(),
            "{is:?}"
        );
        assert_eq!(is.event.event_emitter.sender_name, "");
        assert_eq!(is.event.event_emitter.id, "stand-in");
    }
    let notice = after.events.last().expect("the notice");
    assert_eq!((notice.seq.0, &notice.event.name), (71, &EventName::CustomerDataErased));
    // In the middle as well, and by what may still be asked for.
    let page = store
        .page(&conversation_id("c"), Range::Before(Seq(40)), 5)
        .await
        .expect("a page");
    assert_eq!(
        page.events.iter().map(|event| event.seq.0).collect::<Vec<_>>(),
        [35, 36, 37, 38, 39]
    );
    let repeated = store
        .posted(&author("a"), &ClientId::new("c-1"))
        .await
        .expect("readable");
    assert_eq!(repeated, None, "no client id leads to what was said");
    let of_customer = store
        .conversations_of_customer(&CustomerId::new("k-c"), 10)
        .await
        .expect("readable");
    assert!(of_customer.is_empty());
    let position = store
        .position_of(&conversation_id("c"), &MessageId::new("m-a-c-7"))
        .await;
    assert_eq!(position.expect("readable"), Some(Seq(7)));
}

pub async fn what_belongs_to_an_erased_conversation_goes_with_it_and_nothing_else(world: &impl World) {
    let store = world.open();
    for id in ["c", "d"] {
        filled(&*store, id, 2).await;
        store.apply(vec![deliver("bot", id, 1, 10)]).await.expect("written");
        let file = file(id);
        let (owner, id) = (file.owner.clone(), file.id.clone());
        store.add_file(file, QUOTA).await.expect("added");
        let conversation = conversation_id(id.as_str());
        let post = Change::PostFile {
            file: id,
            owner,
            conversation,
            readers: FileReaders::Everyone,
            expires_at: None,
        };
        store.apply(vec![post]).await.expect("posted");
    }
    store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
    erase(&*store, "c", 2).await;
    let due = store
        .claim_deliveries(1_000, 2_000, vec![(ParticipantId::new("bot"), 10)])
        .await
        .expect("readable");
    let due: Vec<&str> = due.iter().map(|delivery| delivery.conversation.as_str()).collect();
    assert_eq!(due, ["d"]);
    let gone = store
        .file(&FileId::new("c"))
        .await
        .expect("readable")
        .expect("until its bytes are gone");
    assert_eq!(
        (gone.state, gone.name.as_str(), gone.expires_at),
        (FileState::Deleted, "", Some(500))
    );
    assert_eq!(
        store.files_of_erasure(&CustomerId::new("k-c")).await.expect("readable"),
        1
    );
    store.forget_file(&FileId::new("c"), 500).await.expect("forgotten");
    assert_eq!(
        store.files_of_erasure(&CustomerId::new("k-c")).await.expect("readable"),
        0
    );
    let other = store.file(&FileId::new("d")).await.expect("readable").expect("a file");
    assert_eq!(other.state, FileState::Posted);
    let other = store
        .page(&conversation_id("d"), Range::After(Seq::START), 10)
        .await
        .expect("a page");
    assert!(other.events.iter().all(|event| event.event.message().is_some()));
}

const QUOTA: FileQuota = FileQuota {
    files: 10,
    bytes: 1_000,
    since: 0,
};

fn file(id: &str) -> FileRecord {
    FileRecord {
        id: FileId::new(id),
        owner: author("somebody"),
        channel: "shop".into(),
        name: "tax.pdf".into(),
        media_type: "application/pdf".into(),
        size: 1,
        pieces: vec![1],
        state: FileState::Complete,
        posted: None,
        created_at: 1,
        expires_at: None,
    }
}

pub async fn what_is_known_of_a_customer_beside_conversations_is_erased(world: &impl World) {
    let store = world.open();
    let customer: Customer =
        serde_json::from_value(json!({"_id": "k-c", "firstName": "Ada", "web": ["w-1"]})).expect("one");
    let linked = json!({"_id": "v", "firstName": "Ada", "linkedTo": {"customer": "k-c", "conversation": "c"}});
    let linked: Customer = serde_json::from_value(linked).expect("one");
    // A site's own attribute may be called `linkedTo`; only that of an unknown visitor links.
    let namesake = json!({"_id": "n", "isAnonymous": false, "firstName": "Ben", "linkedTo": {"customer": "k-c"}});
    let namesake: Customer = serde_json::from_value(namesake).expect("one");
    for after in [customer, linked, namesake] {
        let change = Change::Customer {
            before: None,
            after: Box::new(after),
        };
        store.apply(vec![change]).await.expect("written");
    }
    let activity = Change::CustomerActivity {
        customer: CustomerId::new("k-c"),
        event: Box::new(message("c", "m", "Ada called")),
        author: Author("app:survey".into()),
        client_id: Some(ClientId::new("a-1")),
    };
    store.apply(vec![activity]).await.expect("written");
    let unposted = FileRecord {
        owner: author("k-c"),
        ..file("f")
    };
    store.add_file(unposted, QUOTA).await.expect("added");
    let id = CustomerId::new("k-c");
    store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
    let visitor = CustomerId::new("v");
    let emptied = store.erase_customer(&id, 450).await.expect("erased");
    assert_eq!(emptied.visitors, std::slice::from_ref(&visitor));
    assert_eq!(store.customer(&id).await.expect("readable"), None);
    assert_eq!(store.customer_by_identity("web", "w-1").await.expect("readable"), None);
    let known = store
        .activities_of_customer(&id, i64::MAX / 2, 10)
        .await
        .expect("readable");
    assert!(known.is_empty());
    let begun = store.erased_customer(&visitor).await.expect("readable").expect("begun");
    assert_eq!((begun.at, begun.is_emptied, begun.is_finished), (450, false, false));
    assert!(emptied.was_known);
    let emptied = store.erase_customer(&visitor, 455).await.expect("erased");
    assert_eq!(
        (emptied.counts, emptied.was_known),
        (ErasedCounts::default(), true),
        "a record is all there was"
    );
    assert!(!store.erase_customer(&visitor, 456).await.expect("erased").was_known);
    assert_eq!(store.customer(&visitor).await.expect("readable"), None);
    let namesake = store.customer(&CustomerId::new("n")).await.expect("readable");
    assert_eq!(
        namesake.expect("a customer of its own").first_name.as_deref(),
        Some("Ben")
    );
    let file = store.file(&FileId::new("f")).await.expect("readable").expect("a file");
    assert_eq!(file.state, FileState::Deleted);
    store
        .erase_customer(&id, 460)
        .await
        .expect("done twice it harms nothing");
    let erasure = store
        .finish_erasure(&id, 470)
        .await
        .expect("recorded")
        .expect("one under way");
    let counts = ErasedCounts {
        files: 1,
        activities: 1,
        ..ErasedCounts::default()
    };
    assert_eq!(erasure.counts, counts);
}

pub async fn an_erasure_goes_on_after_reopening_and_is_recorded_once(world: &impl World) {
    let id = CustomerId::new("k-c");
    {
        let store = world.open();
        filled(&*store, "c", 3).await;
        store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
        store.begin_erasure(erasure("k-c", 410)).await.expect("asked again");
        erase(&*store, "c", 3).await;
    }
    let store = world.open();
    let erased = ErasedCustomer {
        customer: id.clone(),
        at: 410,
        is_emptied: false,
        is_finished: false,
    };
    assert_eq!(
        store.erasures_under_way().await.expect("readable"),
        std::slice::from_ref(&erased)
    );
    assert_eq!(store.erased_customer(&id).await.expect("readable"), Some(erased));
    let counts = store.erase_customer(&id, 500).await.expect("erased").counts;
    assert_eq!((counts.conversations, counts.events), (1, 3));
    assert!(store.scrub().await.expect("no reader"));
    let erasure = store.finish_erasure(&id, 600).await.expect("recorded").expect("one");
    let counts = (erasure.counts.conversations, erasure.counts.events);
    assert_eq!(
        (erasure.by, erasure.begun_at, erasure.ended_at, counts),
        (ErasedBy::Customer, 410, 600, (1, 3))
    );
    assert_eq!(store.finish_erasure(&id, 700).await.expect("nothing to do"), None);
    assert_eq!(store.erasures(10).await.expect("readable"), [erasure]);
    assert!(store.erasures_under_way().await.expect("readable").is_empty());
    let erased = store
        .erased_customer(&id)
        .await
        .expect("readable")
        .expect("it stays refused");
    assert_eq!((erased.at, erased.is_emptied, erased.is_finished), (410, true, true));
    let late = CustomerId::new("k-d");
    store.begin_erasure(self::erasure("k-d", 405)).await.expect("begun");
    store.forget_erased(410).await.expect("written");
    for kept in [&id, &late] {
        let kept = store.erased_customer(kept).await.expect("readable");
        assert!(kept.is_some(), "not old enough, or not done");
    }
    store.forget_erased(411).await.expect("written");
    let forgotten = store.erased_customer(&id).await.expect("readable");
    assert_eq!(forgotten, None, "until that has ended by itself");
    assert!(
        store.erased_customer(&late).await.expect("readable").is_some(),
        "it is not done"
    );
    let record = store
        .conversation(&conversation_id("c"))
        .await
        .expect("readable")
        .expect("it stays");
    assert_eq!(record.started_at, conversation("c", 3).started_at);
}

pub async fn an_erasure_that_is_asked_for_again_is_not_done_before_its_customer_is_emptied_again(world: &impl World) {
    let store = world.open();
    let id = CustomerId::new("k-c");
    let known: Customer = serde_json::from_value(json!({"_id": "k-c", "firstName": "Ada"})).expect("one");
    let known = || Change::Customer {
        before: None,
        after: Box::new(known.clone()),
    };
    store.apply(vec![known()]).await.expect("written");
    store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
    store.erase_customer(&id, 410).await.expect("erased");
    store.apply(vec![known()]).await.expect("it came back");
    store.begin_erasure(erasure("k-c", 420)).await.expect("asked again");
    assert_eq!(store.finish_erasure(&id, 430).await.expect("not done"), None);
    let erased = store.erased_customer(&id).await.expect("readable").expect("begun");
    assert_eq!((erased.at, erased.is_emptied, erased.is_finished), (420, false, false));
    store.erase_customer(&id, 440).await.expect("erased");
    assert_eq!(store.customer(&id).await.expect("readable"), None);
    let done = store.finish_erasure(&id, 450).await.expect("recorded").expect("done");
    assert_eq!(store.erasures(9).await.expect("readable"), [done]);
}

/// A visitor that was erased before, and is linked and erased anew, is counted once.
pub async fn an_erasure_of_a_linked_visitor_counts_what_goes_with_it_alone(world: &impl World) {
    let store = world.open();
    let visitor = CustomerId::new("v");
    let activity = |at: &str| Change::CustomerActivity {
        customer: visitor.clone(),
        event: Box::new(message("c", at, "Ada called")),
        author: Author("app:survey".into()),
        client_id: Some(ClientId::new(at)),
    };
    store.apply(vec![activity("a-1")]).await.expect("written");
    store.begin_erasure(erasure("v", 400)).await.expect("begun");
    store.erase_customer(&visitor, 410).await.expect("erased");
    store.finish_erasure(&visitor, 420).await.expect("recorded");
    let linked = json!({"_id": "v", "linkedTo": {"customer": "k-c", "conversation": "c"}});
    let linked: Customer = serde_json::from_value(linked).expect("one");
    let linked = Change::Customer {
        before: None,
        after: Box::new(linked),
    };
    store.apply(vec![linked, activity("a-2")]).await.expect("written");
    store.begin_erasure(erasure("k-c", 500)).await.expect("begun");
    let emptied = store.erase_customer(&CustomerId::new("k-c"), 510).await;
    assert_eq!(emptied.expect("erased").visitors, std::slice::from_ref(&visitor));
    store.erase_customer(&visitor, 520).await.expect("erased");
    let done = store
        .finish_erasure(&visitor, 530)
        .await
        .expect("recorded")
        .expect("done");
    assert_eq!(done.counts.activities, 1);
}

pub async fn what_was_proven_before_an_erasure_writes_nothing_after_it(world: &impl World) {
    let store = world.open();
    let customer: Customer = serde_json::from_value(json!({"_id": "k-c", "firstName": "Ada"})).expect("one");
    let id = CustomerId::new("k-c");
    let known = |since| {
        let (customer, after) = (id.clone(), Box::new(customer.clone()));
        let unless_erased = Change::UnlessErased { customer, since };
        vec![unless_erased, Change::Customer { before: None, after }]
    };
    let browser = PushSubscription {
        customer: id.clone(),
        channel: "shop".to_owned(),
        endpoint: "https://push.example/a".to_owned(),
        p256dh: vec![4],
        auth: vec![7; 16],
        page: "https://shop.example/".to_owned(),
        note: "New message".to_owned(),
        updated_at: 500,
    };
    store.begin_erasure(erasure("k-c", 400)).await.expect("begun");
    store.erase_customer(&id, 450).await.expect("erased");
    store.finish_erasure(&id, 460).await.expect("recorded");
    for proven_at in [399, 400] {
        let refused = store.apply(known(proven_at)).await;
        assert!(
            matches!(&refused, Err(StoreError::Erased(whose)) if *whose == id),
            "{refused:?}"
        );
        let refused = store.subscribe(browser.clone(), proven_at, 5).await;
        assert!(
            matches!(&refused, Err(StoreError::Erased(whose)) if *whose == id),
            "{refused:?}"
        );
    }
    assert!(!store.is_known(&id).await.expect("readable"));
    store.subscribe(browser, 401, 5).await.expect("it came back");
    assert!(store.is_known(&id).await.expect("readable"));
    store.apply(known(401)).await.expect("it came back");
    assert_eq!(store.customer(&id).await.expect("readable"), Some(customer));
}
