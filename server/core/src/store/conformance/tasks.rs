//! Requests for agents: [`TaskStore`].
//!
//! [`TaskStore`]: crate::store::TaskStore

use crate::store::conformance::{World, conversation_id};
use crate::store::{Change, TaskPhase, TaskRecord};
use portico_shared::ids::{ParticipantId, TaskId};

fn task(id: &str, priority: u8, enqueued_at: i64, state: TaskPhase) -> TaskRecord {
    TaskRecord {
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
    }
}

pub async fn open_tasks_come_most_urgent_first(world: &impl World) {
    let store = world.open();
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

pub async fn an_agents_open_tasks_are_found(world: &impl World) {
    let store = world.open();
    let mut foreign = task("foreign", 5, 3, TaskPhase::Reserved);
    foreign.assigned_to = Some(ParticipantId::new("eve"));
    let tasks = [
        task("waits", 5, 1, TaskPhase::Queued),
        task("served", 5, 4, TaskPhase::Active),
        task("rings", 5, 2, TaskPhase::Reserved),
        task("over", 5, 5, TaskPhase::Closed),
        foreign,
    ];
    store
        .apply(tasks.iter().cloned().map(Change::Task).collect())
        .await
        .expect("written");
    let [_, served, rings, ..] = tasks;
    let of = async |agent: &str| store.open_tasks_of(&ParticipantId::new(agent)).await.expect("readable");
    assert_eq!(of("ann").await, [rings, served]);
    assert_eq!(of("nobody").await, []);
}

pub async fn a_task_is_found_by_its_id_open_or_closed(world: &impl World) {
    let store = world.open();
    let tasks = [
        task("open", 5, 1, TaskPhase::Reserved),
        task("over", 5, 2, TaskPhase::Closed),
    ];
    store
        .apply(tasks.iter().cloned().map(Change::Task).collect())
        .await
        .expect("written");
    for task in tasks {
        assert_eq!(store.task(&task.id).await.expect("readable"), Some(task));
    }
    assert_eq!(store.task(&TaskId::new("none")).await.expect("readable"), None);
}
