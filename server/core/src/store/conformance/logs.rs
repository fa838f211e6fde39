//! Appending to logs and reading them.

use crate::store::conformance::{
    World, author, client_ids, conversation, conversation_id, deliver, filled, message, post, session, step,
};
use crate::store::{
    Author, Change, Commit, MOST_PAGE_BYTES, NewEvent, Posted, SessionVersion, Store, StoreError, Timer, TimerKind,
};
use portico_shared::cim::ChannelSession;
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, MessageId, Seq};
use serde_json::json;
use std::sync::Arc;

pub async fn a_step_is_read_back_as_it_was_written(world: &impl World) {
    let store = world.open();
    let unusual = message("c", "m-2", "quotes \" ' and \u{0} nul, ü and 👋🏽");
    let events = vec![
        post("c", "a", "1"),
        NewEvent {
            event: unusual.clone(),
            session: None,
            author: Author("system".to_owned()),
            client_id: None,
        },
    ];
    let mut commit = step("c", 0, events);
    commit
        .conversation
        .data
        .insert("page".to_owned(), json!({ "nested": [null, 1.5, "x"] }));
    commit.conversation.waiting_since = Some(5);
    let record = commit.conversation.clone();
    assert_eq!(store.commit(commit).await.expect("a new log"), None);

    assert_eq!(
        store.conversation(&record.id).await.expect("readable"),
        Some(record.clone())
    );
    let page = store
        .page(&record.id, Range::After(Seq::START), 10)
        .await
        .expect("a page");
    assert_eq!(page.head, Seq(2));
    let [first, second] = &page.events[..] else {
        panic!("two events, not {page:?}")
    };
    assert_eq!((first.seq, &first.event), (Seq(1), &post("c", "a", "1").event));
    assert_eq!(
        (&first.author, &first.client_id),
        (&author("a"), &Some(ClientId::new("1")))
    );
    assert_eq!(
        (second.seq, &second.event, &second.client_id),
        (Seq(2), &unusual, &None)
    );
}

pub async fn each_event_is_read_back_with_the_session_that_it_was_written_with(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 2).await;
    let began = Arc::new(session("c"));
    let ended = Arc::new(began.next(ChannelSession {
        is_active: Some(false),
        ..ChannelSession::clone(&began)
    }));
    let with = |client_id: &str, session: &Arc<SessionVersion>| NewEvent {
        session: Some(Arc::clone(session)),
        ..post("c", "a", client_id)
    };
    let mut commit = step("c", 2, vec![with("3", &began), with("4", &ended)]);
    commit.conversation.channel_session = Arc::clone(&ended);
    store.commit(commit).await.expect("another session");

    let id = conversation_id("c");
    let page = store.page(&id, Range::After(Seq::START), 10).await.expect("a page");
    let sessions: Vec<_> = page.events.iter().map(|stored| stored.session.as_ref()).collect();
    assert_eq!(sessions, [&began, &began, &began, &ended].map(Some));
    let active = page.events.iter().map(|stored| {
        let session = stored.whole().channel_session;
        session.and_then(|session| session.is_active)
    });
    assert!(active.eq([None, None, None, Some(false)]));
    let record = store.conversation(&id).await.expect("readable").expect("a record");
    assert_eq!(record.channel_session, ended);
}

pub async fn a_repeated_client_id_answers_its_first_result_and_changes_nothing(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 3).await;
    let first = Posted {
        conversation: conversation_id("c"),
        seq: Seq(2),
        message_id: MessageId::new("m-a-c-2"),
        timestamp: 1_705_583_494_545,
    };
    assert_eq!(
        store
            .posted(&author("a"), &ClientId::new("c-2"))
            .await
            .expect("readable"),
        Some(first.clone())
    );
    assert_eq!(
        store
            .posted(&author("a"), &ClientId::new("c-9"))
            .await
            .expect("readable"),
        None
    );

    // At the head, before it, and with another event beside it; in another conversation as well.
    let timer = Timer {
        kind: TimerKind::BotAnswer,
        conversation: conversation_id("c"),
        due_at: 1,
    };
    for (id, head) in [("c", 3), ("c", 1), ("d", 0)] {
        let mut repeated = step(id, head, vec![post(id, "a", "new"), post(id, "a", "c-2")]);
        repeated.changes = vec![Change::SetTimer(timer.clone()), deliver("b", id, 1, 0)];
        assert_eq!(store.commit(repeated).await.expect("answered"), Some(first.clone()));
    }
    assert_eq!(client_ids(&*store, "c").await, ["c-1", "c-2", "c-3"]);
    assert_eq!(store.conversation(&conversation_id("d")).await.expect("readable"), None);
    assert_eq!(store.next_due().await.expect("readable"), None);
    assert_eq!(
        store
            .posted(&author("a"), &ClientId::new("new"))
            .await
            .expect("readable"),
        None
    );
}

pub async fn client_ids_of_two_authors_never_meet(world: &impl World) {
    let store = world.open();
    for (head, who) in [(0, "a"), (1, "b")] {
        let commit = step("c", head, vec![post("c", who, "same")]);
        assert_eq!(store.commit(commit).await.expect("its own"), None);
    }
    let second = store
        .posted(&author("b"), &ClientId::new("same"))
        .await
        .expect("readable");
    assert_eq!(second.map(|posted| posted.seq), Some(Seq(2)));
}

pub async fn what_an_author_wrote_into_one_log_counts_as_anothers(world: &impl World) {
    let store = world.open();
    // Long enough that a chain of many rows is walked, and another conversation of the same author beside it.
    filled(&*store, "c", 100).await;
    filled(&*store, "other", 2).await;
    let used = post("mine", "b", "c-7");
    store.commit(step("mine", 0, vec![used])).await.expect("written");
    let foreign = post("c", "x", "foreign");
    store.commit(step("c", 100, vec![foreign])).await.expect("written");

    let mut commit = step("c", 101, vec![post("c", "b", "after")]);
    commit.changes.push(Change::MoveAuthor {
        conversation: conversation_id("c"),
        from: author("a"),
        to: author("b"),
    });
    let again = commit.clone();
    assert_eq!(store.commit(commit).await.expect("written"), None);
    assert!(matches!(store.commit(again).await, Ok(Some(_))));
    drop(store);

    let store = world.open();
    let found = async |who: &str, client_id: &str| {
        let posted = store.posted(&author(who), &ClientId::new(client_id)).await;
        posted
            .expect("readable")
            .map(|posted| (posted.conversation.to_string(), posted.seq.0))
    };
    let in_c = |seq| Some(("c".to_owned(), seq));
    assert_eq!(found("b", "c-1").await, in_c(1));
    assert_eq!(found("b", "c-100").await, in_c(100));
    assert_eq!(found("a", "c-1").await, None);
    assert_eq!(
        found("a", "other-1").await,
        Some(("other".to_owned(), 1)),
        "another log"
    );
    assert_eq!(found("x", "foreign").await, in_c(101), "another author");
    assert_eq!(found("b", "c-7").await, Some(("mine".to_owned(), 1)), "used before");
    assert_eq!(found("a", "c-7").await, in_c(7), "it stays where it was");
    assert_eq!(client_ids(&*store, "c").await.len(), 102);
}

pub async fn a_step_from_another_position_is_a_conflict_and_leaves_no_trace(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 2).await;
    for (id, head) in [("c", 0), ("c", 1), ("c", 3), ("new", 1)] {
        let mut stale = step(id, head, vec![post(id, "a", "stale")]);
        stale.conversation.room = "overwritten".to_owned();
        stale.changes = vec![deliver("b", id, 1, 0)];
        let error = store.commit(stale).await.expect_err("not at its head");
        assert!(
            matches!(&error, StoreError::Conflict(which) if which.as_str() == id),
            "{error:?}"
        );
    }
    assert_eq!(client_ids(&*store, "c").await, ["c-1", "c-2"]);
    let record = store
        .conversation(&conversation_id("c"))
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(record, conversation("c", 2));
    assert_eq!(store.next_due().await.expect("readable"), None);
}

pub async fn a_step_without_events_changes_the_projection_alone(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 1).await;
    let mut commit = step("c", 1, Vec::new());
    commit.conversation.waiting_since = Some(77);
    assert_eq!(store.commit(commit).await.expect("written"), None);
    let record = store
        .conversation(&conversation_id("c"))
        .await
        .expect("readable")
        .expect("there");
    assert_eq!((record.head, record.waiting_since), (Seq(1), Some(77)));
}

pub async fn a_head_that_does_not_follow_is_refused(world: &impl World) {
    let store = world.open();
    let commit = Commit {
        conversation: conversation("c", 5),
        ..step("c", 0, vec![post("c", "a", "1")])
    };
    assert!(matches!(store.commit(commit).await, Err(StoreError::Failed(_))));
    assert_eq!(store.conversation(&conversation_id("c")).await.expect("readable"), None);
}

pub async fn every_range_of_a_log_is_read_exactly(world: &impl World) {
    // A log is read in pieces of 32 by the adapter that enters it at marks.
    const HEAD: u64 = 70;
    let store = world.open();
    filled(&*store, "neighbour", 3).await;
    filled(&*store, "c", HEAD).await;
    let bounds = [0, 1, 2, 7, 31, 32, 33, 34, 63, 64, 65, 69, 70, 71, 72];
    let bounds = bounds
        .into_iter()
        .chain([i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX]);
    let limits = [0, 1, 2, 31, 32, 33, 69, 70, 71, u32::MAX];
    for (bound, limit) in bounds.flat_map(|bound| limits.map(move |limit| (bound, limit))) {
        let after: Vec<_> = (1..=HEAD).filter(|seq| *seq > bound).take(limit as usize).collect();
        let mut before: Vec<_> = (1..=HEAD)
            .rev()
            .filter(|seq| *seq < bound)
            .take(limit as usize)
            .collect();
        before.reverse();
        for (range, expected) in [(Range::After(Seq(bound)), after), (Range::Before(Seq(bound)), before)] {
            let page = store.page(&conversation_id("c"), range, limit).await.expect("a page");
            assert!(
                page.events.iter().map(|event| event.seq.0).eq(expected.clone()),
                "{range:?} {limit}: {expected:?}"
            );
            assert_eq!(page.head, Seq(HEAD));
        }
    }
    let nothing = store
        .page(&conversation_id("nowhere"), Range::After(Seq::START), 10)
        .await
        .expect("a page");
    assert_eq!((nothing.events.len(), nothing.head), (0, Seq::START));
}

pub async fn a_page_holds_few_large_events_and_one_at_least(world: &impl World) {
    let store = world.open();
    let sized = |id: &str, bytes: usize| NewEvent {
        event: message("c", id, &"x".repeat(bytes)),
        ..post("c", "a", id)
    };
    let (large, small) = (MOST_PAGE_BYTES * 2 / 5, 10);
    let sizes = [large, large, large, MOST_PAGE_BYTES + 1, small, small, large];
    let events = sizes.iter().enumerate();
    let events = events.map(|(at, bytes)| sized(&format!("{at}"), *bytes)).collect();
    store.commit(step("c", 0, events)).await.expect("written");
    for (range, limit, expected) in [
        (Range::After(Seq(0)), 9, 1..=2),
        (Range::After(Seq(2)), 9, 3..=3),
        (Range::After(Seq(3)), 9, 4..=4),
        (Range::After(Seq(4)), 9, 5..=7),
        (Range::After(Seq(4)), 2, 5..=6),
        (Range::Before(Seq(8)), 9, 5..=7),
        (Range::Before(Seq(5)), 9, 4..=4),
        (Range::Before(Seq(4)), 9, 2..=3),
        (Range::Before(Seq(2)), 9, 1..=1),
    ] {
        let page = store.page(&conversation_id("c"), range, limit).await.expect("a page");
        let read: Vec<u64> = page.events.iter().map(|event| event.seq.0).collect();
        assert_eq!(read, expected.collect::<Vec<_>>(), "{range:?} {limit}");
        assert_eq!(page.head, Seq(7));
    }
}

/// 24 tasks race for three logs; each takes the next position until its post is in.
pub async fn concurrent_appends_keep_every_log_dense(world: &impl World) {
    const WRITERS: u64 = 24;
    const POSTS: u64 = 8;
    let store = world.open();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let id = format!("c-{}", writer % 3);
            let mut acknowledged = Vec::new();
            for number in 0..POSTS {
                acknowledged.push(append(&*store, &id, &format!("{writer}-{number}")).await);
            }
            (id, acknowledged)
        });
    }
    let acknowledged = tasks.join_all().await;
    for id in ["c-0", "c-1", "c-2"] {
        let log = client_ids(&*store, id).await;
        assert_eq!(log.len() as u64, WRITERS / 3 * POSTS);
        for (client_id, seq) in acknowledged
            .iter()
            .filter(|(at, _)| at == id)
            .flat_map(|(_, posts)| posts)
        {
            assert_eq!(&log[seq.0 as usize - 1], client_id, "acknowledged at {seq}");
        }
        for (_, posts) in &acknowledged {
            assert!(posts.is_sorted_by_key(|(_, seq)| *seq), "a sender's own order");
        }
    }
}

async fn append(store: &dyn Store, id: &str, client_id: &str) -> (String, Seq) {
    loop {
        let record = store.conversation(&conversation_id(id)).await.expect("readable");
        let head = record.map_or(0, |record| record.head.0);
        match store.commit(step(id, head, vec![post(id, "a", client_id)])).await {
            Ok(None) => return (client_id.to_owned(), Seq(head + 1)),
            Err(StoreError::Conflict(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

pub async fn one_post_sent_many_times_at_once_is_one_event(world: &impl World) {
    let store = world.open();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            store
                .commit(step("c", 0, vec![post("c", "a", "once")]))
                .await
                .expect("answered")
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_none()).count(), 1);
    for result in results {
        assert!(matches!(&result, None | Some(Posted { seq: Seq(1), .. })), "{result:?}");
    }
    assert_eq!(client_ids(&*store, "c").await, ["once"]);
}

pub async fn what_was_acknowledged_is_there_after_reopening(world: &impl World) {
    let store = world.open();
    let epoch = store.epoch().clone();
    filled(&*store, "c", 3).await;
    drop(store);
    let store = world.open();
    assert_eq!(store.epoch(), &epoch);
    assert_eq!(client_ids(&*store, "c").await, ["c-1", "c-2", "c-3"]);
    let repeated = store
        .commit(step("c", 3, vec![post("c", "a", "c-1")]))
        .await
        .expect("answered");
    assert!(matches!(repeated, Some(Posted { seq: Seq(1), .. })));
}

pub async fn a_message_is_found_by_its_id(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 3).await;
    filled(&*store, "d", 1).await;
    for (at, message, seq) in [
        ("c", "m-a-c-3", Some(3)),
        ("d", "m-a-c-3", None),
        ("c", "m-a-c-4", None),
    ] {
        let found = store
            .position_of(&conversation_id(at), &MessageId::new(message))
            .await
            .expect("readable");
        assert_eq!(found, seq.map(Seq), "{message} in {at}");
    }
}
