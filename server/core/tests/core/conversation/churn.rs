//! Actors that come and go all the time must not lose or repeat a post.

use super::commands::Commands;
use super::world::{World, code, customer, id, post, start};
use portico_core::conversation::{Bounds, Command};
use portico_core::identity::Principal;
use portico_core::store::{Author, Commit, NewEvent};
use portico_shared::cim::{CimEvent, EventName};
use portico_shared::close::CloseCode;
use portico_shared::frame::{RefusalCode, ServerFrame};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_accepted_post_is_in_the_log_once_while_actors_come_and_go() {
    const WRITERS: usize = 24;
    const POSTS: usize = 40;
    let world = World::bounded(Bounds {
        mailbox: 4,
        idle: Duration::ZERO,
    });
    let mut conversations = Vec::new();
    for n in 0..3 {
        let who = customer(&format!("c{n}"), "plain");
        let accepted = world.registry.start(&who, start("s")).await.expect("a start");
        conversations.push((Principal::Customer(who), accepted.conversation));
    }
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (who, conversation) = conversations[writer % conversations.len()].clone();
        let registry = world.registry.clone();
        writers.spawn(async move {
            let mut accepted = Vec::new();
            for n in 0..POSTS {
                let name = format!("w{writer}-{n}");
                loop {
                    match registry.post(&who, post(&conversation, &name, &name)).await {
                        Ok(answer) => {
                            accepted.push((answer.conversation, answer.seq, name));
                            break;
                        }
                        Err(refusal) => assert_eq!(refusal.code, RefusalCode::Busy, "{refusal}"),
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                // Now and then everybody pauses long enough for actors to leave.
                if n % 5 == writer % 5 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
            accepted
        });
    }
    let accepted: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    assert_eq!(accepted.len(), WRITERS * POSTS);
    let mut said = BTreeMap::new();
    for (_, conversation) in &conversations {
        let log = world.log(conversation).await;
        for (index, stored) in log.iter().enumerate() {
            assert_eq!(stored.seq.0, index as u64 + 1, "the log is dense");
            if let Some(client_id) = stored.client_id.as_ref().filter(|id| id.as_str().starts_with('w')) {
                let before = said.insert(client_id.to_string(), (conversation.clone(), stored.seq));
                assert_eq!(before, None, "{client_id} stands twice");
            }
        }
    }
    assert_eq!(said.len(), accepted.len());
    for (conversation, seq, name) in accepted {
        assert_eq!(said.get(&name), Some(&(conversation, seq)), "{name}");
    }
    world.stopped().await;
}

#[tokio::test]
async fn a_full_mailbox_is_busy_and_nothing_is_lost() {
    let world = World::bounded(Bounds {
        mailbox: 2,
        idle: Duration::from_secs(60),
    });
    let (who, conversation) = world.started("plain").await;
    let who = Principal::Customer(who);
    let posts = (0..50).map(|n| {
        let name = format!("p{n}");
        world.registry.post(&who, post(&conversation, &name, &name))
    });
    let answers = futures_util::future::join_all(posts).await;
    let busy = answers
        .iter()
        .filter(|answer| matches!(answer, Err(refusal) if refusal.code == RefusalCode::Busy))
        .count();
    assert!(busy > 0);
    let refusal = answers
        .iter()
        .find_map(|answer| answer.as_ref().err())
        .expect("a refusal");
    assert!(refusal.retry_after_ms.is_some());
    let names = world.names(&conversation).await;
    let said = names.iter().filter(|name| *name == "CUSTOMER_MESSAGE").count();
    assert_eq!(said, answers.iter().filter(|answer| answer.is_ok()).count());
}

#[tokio::test]
async fn a_stop_answers_everything_that_was_handed_over() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    let who = Principal::Customer(who);
    let posts = (0..30).map(|n| {
        let (registry, who, post) = (
            world.registry.clone(),
            who.clone(),
            post(&conversation, &format!("p{n}"), "x"),
        );
        world.tracker.spawn(async move { registry.post(&who, post).await })
    });
    let posts: Vec<_> = posts.collect();
    tokio::task::yield_now().await;
    world.stopped().await;
    let mut accepted = 0;
    for post in posts {
        match post.await.expect("an answer") {
            Ok(_) => accepted += 1,
            Err(refusal) => assert!(refusal.code.retryable(), "{refusal}"),
        }
    }
    let names = world.names(&conversation).await;
    assert_eq!(
        names.iter().filter(|name| *name == "CUSTOMER_MESSAGE").count(),
        accepted
    );
}

#[tokio::test]
async fn a_panic_loses_nothing_that_was_acknowledged_and_the_next_post_goes_on() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    let who = Principal::Customer(who);
    let said = world.says(&who, &conversation, "before").await;
    let mut member = world.joined(&who, &conversation).await;
    let mut asker = world.socket(&who);

    world.clock.trap.store(true, Ordering::SeqCst);
    let command = Command::Post {
        who: who.clone(),
        post: Box::new(post(&conversation, "p1", "boom")),
    };
    world.call(&conversation, command, &asker, Some(id("p1")));
    let ServerFrame::Refused(refused) = asker.next().await else {
        panic!("not refused")
    };
    assert_eq!((refused.code.retryable(), refused.client_id), (true, Some(id("p1"))));
    assert_eq!(
        member.queue.closed().await,
        CloseCode::Internal,
        "who read along comes back and resumes"
    );

    let again = world
        .registry
        .post(&who, post(&conversation, "p1", "boom"))
        .await
        .expect("a retry");
    assert_eq!(again.seq, said.seq.next());
}

#[tokio::test]
async fn a_log_that_was_written_elsewhere_is_read_again_and_members_miss_nothing() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    let who = Principal::Customer(who);
    let mut tab = world.joined(&who, &conversation).await;
    let mut record = world.record(&conversation).await;
    let expected_head = record.head;
    let theirs = world.log(&conversation).await.remove(0).event;
    record.head = record.head.next();
    let event = CimEvent {
        id: "elsewhere".to_owned(),
        name: EventName::ConversationPaused,
        ..theirs
    };
    let events = vec![Arc::new(NewEvent {
        event,
        session: Some(Arc::clone(&record.channel_session)),
        author: Author("system".to_owned()),
        client_id: None,
    })];
    let commit = Commit {
        expected_head,
        events,
        conversation: record,
        changes: Vec::new(),
    };
    world
        .store()
        .commit(commit)
        .await
        .expect("a commit behind the actor's back");

    let accepted = world.says(&who, &conversation, "hello").await;
    assert_eq!(accepted.seq.0, expected_head.0 + 2);
    for seq in [expected_head.0 + 1, expected_head.0 + 2] {
        let ServerFrame::Event(event) = tab.next().await else {
            panic!("no event")
        };
        assert_eq!((event.after.0, event.item.seq.0), (seq - 1, seq));
    }
}

#[tokio::test]
async fn an_id_that_nobody_knows_leaves_nothing_in_memory() {
    let world = World::new();
    let who = Principal::Customer(customer("c1", "plain"));
    for n in 0..100 {
        let nowhere = portico_shared::ids::ConversationId::new(format!("nowhere-{n}"));
        assert_eq!(
            code(world.registry.post(&who, post(&nowhere, "p", "x")).await),
            RefusalCode::NotFound
        );
    }
    while !world.tracker.is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
