//! What statements cost: SQLite's plan for those whose tables may hold much.

use crate::tests::Folder;
use crate::{GroupCommit, conversations, customers, deliveries, files, routing};
use rusqlite::Connection;

/// How SQLite goes about a statement.
fn plan(statement: &str) -> String {
    let folder = Folder::new(GroupCommit::On);
    drop(folder.store());
    let connection = Connection::open(folder.path()).expect("opened");
    let mut explain = connection
        .prepare(&format!("explain query plan {statement}"))
        .expect("a statement");
    let nothing = vec![0; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(nothing), |row| {
        row.get::<_, String>("detail")
    });
    steps
        .expect("a plan")
        .collect::<Result<Vec<_>, _>>()
        .expect("readable")
        .join("; ")
}

#[test]
fn what_became_known_of_a_customer_after_the_time_that_is_asked_for_is_not_read() {
    assert_eq!(
        plan(customers::SELECT_ACTIVITIES),
        "SEARCH activities USING INDEX activities_of_customer (customer=? AND <expr><?)"
    );
}

#[test]
fn a_customers_earlier_conversations_are_found_in_their_order() {
    let plan = plan(conversations::SELECT_BEFORE);
    assert!(
        plan.starts_with("SEARCH conversations USING INDEX conversations_of_customer (customer=? AND started_at<?)"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn what_is_overdue_is_found_among_all_that_waits_without_reading_it() {
    assert_eq!(
        plan(deliveries::SELECT_OVERDUE),
        "SEARCH deliveries USING INDEX deliveries_waiting (target=? AND waits_since<?)"
    );
}

#[test]
fn of_files_only_an_owners_and_those_that_are_over_are_read() {
    assert_eq!(
        plan(files::SUM_SINCE),
        "SEARCH files USING INDEX files_of_owner (owner=? AND created_at>?)"
    );
    assert_eq!(
        plan(files::COUNT_WAITING),
        "SEARCH files USING INDEX files_waiting (owner=?)"
    );
    assert_eq!(
        plan(files::SELECT_EXPIRED),
        "SEARCH files USING INDEX files_by_expiry ((expires_at,id)>(?,?) AND expires_at<?)"
    );
}

#[test]
fn of_an_agents_tasks_the_closed_ones_are_not_read() {
    assert_eq!(
        plan(routing::SELECT_OPEN_TASKS_OF),
        "SCAN tasks USING INDEX open_tasks; USE TEMP B-TREE FOR ORDER BY"
    );
}
