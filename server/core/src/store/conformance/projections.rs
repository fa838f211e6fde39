//! What is found without reading a log: conversations, tasks, agent states, timers.

use crate::store::conformance::{World, conversation, conversation_id, deliver, step};
use crate::store::{
    AgentStateRecord, Change, Commit, ConversationRecord, ParticipantRecord, Store, TaskPhase, TaskRecord, Timer,
};
use portico_shared::ids::{CustomerId, ParticipantId, TaskId};

async fn put(store: &dyn Store, conversation: ConversationRecord) {
    let commit = Commit {
        conversation,
        ..step("", 0, Vec::new())
    };
    store.commit(commit).await.expect("written");
}

fn ids(records: Vec<ConversationRecord>) -> Vec<String> {
    records.into_iter().map(|record| record.id.to_string()).collect()
}

fn participant(id: &str, kind: &str) -> ParticipantRecord {
    ParticipantRecord {
        id: ParticipantId::new(id),
        kind: kind.to_owned(),
        role: "PRIMARY".to_owned(),
        name: id.to_owned(),
        joined_at: 1,
    }
}

pub async fn conversations_are_found_by_whom_they_concern(world: &impl World) {
    let store = world.open();
    let agent = ParticipantId::new("ann");
    for (id, started_at, state) in [("c1", 30, "ACTIVE"), ("c2", 10, "ACTIVE"), ("c3", 20, "CLOSED")] {
        let participants = vec![participant("ann", "AGENT"), participant("bot", "BOT")];
        let customer = CustomerId::new("k");
        let state = state.to_owned();
        put(
            &*store,
            ConversationRecord {
                started_at,
                state,
                participants,
                customer,
                ..conversation(id, 0)
            },
        )
        .await;
    }
    let customer = CustomerId::new("k");
    let all = store.conversations_of_customer(&customer, 10).await.expect("readable");
    assert_eq!(ids(all), ["c1", "c3", "c2"], "newest first, closed ones too");
    assert_eq!(
        ids(store.conversations_of_customer(&customer, 1).await.expect("readable")),
        ["c1"]
    );
    let open = store.conversations_of_participant(&agent, 10).await.expect("readable");
    assert_eq!(ids(open), ["c1", "c2"], "newest first, no closed one");
    assert_eq!(
        ids(store.conversations_of_participant(&agent, 1).await.expect("readable")),
        ["c1"]
    );
    let of_agent = store.conversation_ids_of_participant(&agent).await.expect("readable");
    assert_eq!(of_agent, [conversation_id("c1"), conversation_id("c2")]);
    assert_eq!(
        store.conversation_of_session("s-c2").await.expect("readable"),
        Some(conversation_id("c2"))
    );
    assert_eq!(store.conversation_of_session("s-none").await.expect("readable"), None);

    let without = vec![participant("bot", "BOT"), participant("eve", "AGENT")];
    put(
        &*store,
        ConversationRecord {
            participants: without,
            ..conversation("c1", 0)
        },
    )
    .await;
    assert_eq!(
        ids(store.conversations_of_participant(&agent, 10).await.expect("readable")),
        ["c2"],
        "it left c1"
    );
    assert_eq!(
        ids(store.conversations_of_customer(&customer, 10).await.expect("readable")),
        ["c3", "c2"],
        "it has another customer now"
    );
    let other = CustomerId::new("k-c1");
    assert_eq!(
        ids(store.conversations_of_customer(&other, 10).await.expect("readable")),
        ["c1"]
    );
    let eve = ParticipantId::new("eve");
    assert_eq!(
        ids(store.conversations_of_participant(&eve, 10).await.expect("readable")),
        ["c1"]
    );
}

pub async fn a_conversation_that_closes_is_no_longer_its_participants(world: &impl World) {
    let store = world.open();
    let agent = ParticipantId::new("ann");
    for (state, open) in [("WRAP_UP", 1), ("CLOSED", 0), ("ACTIVE", 1)] {
        let participants = vec![participant("ann", "AGENT")];
        let state = state.to_owned();
        put(
            &*store,
            ConversationRecord {
                state,
                participants,
                ..conversation("c", 0)
            },
        )
        .await;
        let found = store.conversations_of_participant(&agent, 10).await.expect("readable");
        assert_eq!(found.len(), open, "{found:?}");
    }
}

pub async fn open_tasks_come_most_urgent_first(world: &impl World) {
    let store = world.open();
    let task = |id: &str, priority, enqueued_at, state| TaskRecord {
        id: TaskId::new(id),
        media: format!("{id}-media"),
        conversation: conversation_id("c"),
        queue: "sales".to_owned(),
        priority,
        state,
        assigned_to: (state != TaskPhase::Queued).then(|| ParticipantId::new("ann")),
        enqueued_at,
        missed_by: vec![ParticipantId::new("eve")],
        reservation_ends_at: None,
        close_reason: None,
    };
    let tasks = [
        task("late", 5, 30, TaskPhase::Queued),
        task("early", 5, 10, TaskPhase::Reserved),
        task("urgent", 11, 40, TaskPhase::Active),
        task("over", 11, 1, TaskPhase::Closed),
    ];
    store
        .apply(tasks.iter().cloned().map(Change::Task).collect())
        .await
        .expect("written");
    let [late, early, urgent, _] = tasks.clone();
    assert_eq!(
        store.open_tasks().await.expect("readable"),
        [urgent.clone(), early, late.clone()]
    );
    let closed = task("early", 5, 10, TaskPhase::Closed);
    store.apply(vec![Change::Task(closed)]).await.expect("replaced");
    assert_eq!(store.open_tasks().await.expect("readable"), [urgent, late]);
}

pub async fn agent_states_are_the_last_written(world: &impl World) {
    let store = world.open();
    let state = |agent: &str, ready, since| AgentStateRecord {
        agent: ParticipantId::new(agent),
        ready,
        reason: (!ready).then(|| "lunch".to_owned()),
        since,
    };
    let written = [state("ann", true, 1), state("bob", true, 2), state("ann", false, 3)];
    store
        .apply(written.iter().cloned().map(Change::AgentState).collect())
        .await
        .expect("written");
    let mut states = store.agent_states().await.expect("readable");
    states.sort_by_key(|state| state.since);
    assert_eq!(states, written[1..]);

    let free = |agent: &str| Change::AgentFree {
        agent: ParticipantId::new(agent),
        since: 9,
    };
    let freed = vec![free("ann"), free("nobody")];
    store.apply(freed).await.expect("written");
    let mut states = store.agent_states().await.expect("readable");
    states.sort_by_key(|state| state.since);
    assert_eq!(states, [state("bob", true, 2), state("ann", false, 9)]);
}

fn timer(key: &str, due_at: i64) -> Timer {
    Timer {
        key: key.to_owned(),
        conversation: conversation_id("c"),
        due_at,
    }
}

pub async fn timers_are_due_in_order_until_they_are_cancelled(world: &impl World) {
    let store = world.open();
    assert_eq!(store.next_due().await.expect("readable"), None);
    let timers = [timer("b", 20), timer("a", 10), timer("c", 30)];
    store
        .apply(timers.iter().cloned().map(Change::SetTimer).collect())
        .await
        .expect("written");
    assert_eq!(store.next_due().await.expect("readable"), Some(10));
    assert!(store.due_timers(9, 10).await.expect("readable").is_empty());
    assert_eq!(
        store.due_timers(20, 10).await.expect("readable"),
        [timer("a", 10), timer("b", 20)]
    );
    assert_eq!(
        store.due_timers(20, 1).await.expect("readable"),
        [timer("a", 10)],
        "they stay until cancelled"
    );
    let changes = vec![Change::CancelTimer("a".to_owned()), Change::SetTimer(timer("b", 40))];
    store.apply(changes).await.expect("written");
    assert_eq!(
        store.due_timers(99, 10).await.expect("readable"),
        [timer("c", 30), timer("b", 40)]
    );
    assert_eq!(store.next_due().await.expect("readable"), Some(30));
}

pub async fn a_timer_is_postponed_only_as_it_was_read(world: &impl World) {
    let store = world.open();
    store
        .apply(vec![Change::SetTimer(timer("a", 10))])
        .await
        .expect("written");
    let postpone = |read, due_at| {
        let timer = timer("a", read);
        store.apply(vec![Change::PostponeTimer { timer, due_at }])
    };
    postpone(10, 50).await.expect("written");
    assert_eq!(store.next_due().await.expect("readable"), Some(50));
    postpone(10, 99).await.expect("nothing to do");
    assert_eq!(
        store.next_due().await.expect("readable"),
        Some(50),
        "it was moved meanwhile"
    );
    let cancel = Change::CancelTimer("a".to_owned());
    store.apply(vec![cancel]).await.expect("written");
    postpone(50, 99).await.expect("nothing to do");
    assert_eq!(
        store.next_due().await.expect("readable"),
        None,
        "it was cancelled meanwhile"
    );
}

pub async fn no_timer_is_due_for_a_delivery(world: &impl World) {
    let store = world.open();
    store.apply(vec![deliver("b", "c", 1, 10)]).await.expect("written");
    assert_eq!(store.next_due().await.expect("readable"), None);
}

pub async fn timers_survive_reopening(world: &impl World) {
    let store = world.open();
    store
        .apply(vec![Change::SetTimer(timer("a", 10))])
        .await
        .expect("written");
    drop(store);
    assert_eq!(
        world.open().due_timers(10, 10).await.expect("readable"),
        [timer("a", 10)]
    );
}
