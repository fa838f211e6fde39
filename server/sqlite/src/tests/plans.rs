//! What statements cost: SQLite's plan for those whose tables may hold much.

use crate::tests::Folder;
use crate::{
    GroupCommit, audit, conversations, customers, deliveries, erasures, files, identities, merges, push, retention,
    routing,
};
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

#[test]
fn a_message_to_a_customer_without_a_browser_to_tell_costs_a_look_into_an_index() {
    let plan = plan(push::UPSERT_PUSH);
    let expected =
        "SEARCH push_subscriptions USING COVERING INDEX push_subscriptions_of_customer (customer=? AND channel=?)";
    assert_eq!(plan, expected);
}

#[test]
fn browsers_that_may_be_unused_are_found_by_their_time() {
    let plan = plan(push::DELETE_UNUSED);
    assert!(
        plan.starts_with(
            "SEARCH push_subscriptions USING INDEX push_subscriptions_by_time (updated_at>? AND updated_at<?)"
        ),
        "{plan}"
    );
    assert!(!plan.contains("SCAN"), "{plan}");
}

#[test]
fn conversations_whose_time_is_over_are_found_by_when_they_ended() {
    let plan = plan(retention::SELECT_ENDED);
    assert!(
        plan.starts_with("SEARCH conversations USING INDEX conversations_over (channel=? AND over_since"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("CORRELATED"), "{plan}");
}

#[test]
fn of_all_visitors_an_erasure_reads_those_that_became_its_customer() {
    let plan = plan(erasures::BEGIN_VISITORS);
    assert!(
        plan.contains("SEARCH customers USING INDEX customers_linked (<expr>=?)"),
        "{plan}"
    );
    assert!(!plan.contains("SCAN"), "{plan}");
}

#[test]
fn whether_a_customer_is_known_is_found_without_reading_tables() {
    let plan = plan(erasures::IS_KNOWN);
    assert!(
        !plan.contains("SCAN customers") && !plan.contains("SCAN conversations"),
        "{plan}"
    );
    assert!(
        !plan.contains("SCAN activities") && !plan.contains("SCAN files"),
        "{plan}"
    );
    assert!(!plan.contains("SCAN push_subscriptions"), "{plan}");
}

#[test]
fn customers_are_found_by_their_words_and_identities_in_the_order_of_an_index() {
    for (statement, expected) in [
        (
            identities::SELECT_FOUND,
            "SEARCH customer_words USING PRIMARY KEY (word>? AND word<?)",
        ),
        (
            identities::HAS_WORD,
            "SCAN CONSTANT ROW; SCALAR SUBQUERY 1; SEARCH customer_words USING COVERING INDEX words_of_customer (customer=? AND word>? AND word<?)",
        ),
        (
            identities::SELECT_WITH,
            "SEARCH customer_identities USING COVERING INDEX customers_by_identity (channel=? AND key=? AND person>?)",
        ),
    ] {
        assert_eq!(plan(statement), expected);
    }
    let count = plan(identities::COUNT);
    assert!(
        count.contains("SEARCH customer_words USING PRIMARY KEY (word>? AND word<?)"),
        "{count}"
    );
}

#[test]
fn who_is_one_person_is_found_without_reading_all_merges() {
    for statement in [merges::SELECT_PERSON, merges::SELECT_PARTS, merges::SELECT_RECORD] {
        let plan = plan(statement);
        assert!(plan.contains("SEARCH customer_merges USING"), "{plan}");
        assert!(!plan.contains("SCAN customer_merges"), "{plan}");
    }
}

#[test]
fn of_the_audit_log_the_newest_records_are_read_and_no_others() {
    for (statement, expected) in [
        (
            audit::SELECT_ALL,
            "SEARCH audit USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
        (
            audit::SELECT_OF_ACTION,
            "SEARCH audit USING INDEX audit_of_action (action=? AND number>? AND number<?)",
        ),
        (
            audit::SELECT_FIRST,
            "SEARCH audit USING COVERING INDEX audit_by_time (at>?)",
        ),
    ] {
        assert_eq!(plan(statement), expected, "{statement}");
    }
}

#[test]
fn of_files_only_a_customers_are_read_for_it() {
    let plan = plan(files::SELECT_OF_CUSTOMER);
    for part in [
        "SEARCH files USING INDEX files_of_owner (owner=?)",
        "SEARCH files USING INDEX files_of_conversation (conversation=?)",
    ] {
        assert!(plan.contains(part), "{plan}");
    }
    assert!(!plan.contains("SCAN files"), "{plan}");
}
