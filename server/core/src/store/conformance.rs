//! What every adapter must do. An adapter's tests make a [`World`] and expand [`store_conformance!`](crate::store_conformance) with it; each promise is a
//! test of its own there. Nothing here names an adapter.

pub mod agent_states;
pub mod audit;
pub mod conversations;
pub mod credentials;
pub mod customers;
pub mod deliveries;
pub mod erasures;
pub mod files;
pub mod identities;
pub mod labels;
pub mod logs;
pub mod merges;
pub mod programs;
pub mod pushes;
pub mod retention;
pub mod secrets;
pub mod tasks;
pub mod timers;
pub mod users;

use crate::store::{Author, Change, Commit, ConversationRecord, NewDelivery, NewEvent, SessionVersion, Store};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::{ChannelSession, CimEvent};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, ParticipantId, Seq};
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A store to be tested, empty at first.
pub trait World {
    /// Opens it. After everything that used it was dropped, opening it again finds what was acknowledged.
    fn open(&self) -> Arc<dyn Store>;
}

/// Makes a test of each promise, for stores that `$world` opens.
#[macro_export]
macro_rules! store_conformance {
    ($world:expr) => {
        $crate::store_conformance! { $world,
            logs::a_step_is_read_back_as_it_was_written,
            logs::each_event_is_read_back_with_the_session_that_it_was_written_with,
            logs::a_repeated_client_id_answers_its_first_result_and_changes_nothing,
            logs::client_ids_of_two_authors_never_meet,
            logs::what_an_author_wrote_into_one_log_counts_as_anothers,
            logs::a_step_from_another_position_is_a_conflict_and_leaves_no_trace,
            logs::a_step_without_events_changes_the_projection_alone,
            logs::a_head_that_does_not_follow_is_refused,
            logs::every_range_of_a_log_is_read_exactly,
            logs::a_page_holds_few_large_events_and_one_at_least,
            logs::concurrent_appends_keep_every_log_dense,
            logs::one_post_sent_many_times_at_once_is_one_event,
            logs::what_was_acknowledged_is_there_after_reopening,
            logs::a_message_is_found_by_its_id,
            conversations::conversations_are_found_by_whom_they_concern,
            conversations::a_conversation_that_closes_is_no_longer_its_participants,
            customers::a_customer_is_found_by_every_identity,
            customers::an_identity_belongs_to_one_customer,
            customers::an_identity_moves_in_one_step,
            customers::a_customer_that_was_written_meanwhile_is_not_written_over,
            customers::labels_are_no_identities,
            customers::an_activity_is_kept_once,
            customers::activities_of_one_customer_become_anothers,
            identities::what_is_said_of_a_customer_stands_beside_it_and_proves_nothing,
            identities::the_same_may_be_said_of_several_customers,
            identities::a_source_takes_back_its_own_word_alone,
            identities::so_many_are_said_of_a_customer_and_no_more,
            identities::what_is_said_of_one_customer_is_said_of_another,
            labels::a_customer_has_each_of_its_labels_once_and_is_found_by_them,
            labels::labels_of_one_customer_become_anothers,
            labels::what_is_noted_of_a_customer_is_kept_until_it_is_noted_anew,
            labels::what_is_said_of_a_customer_goes_with_it,
            identities::a_customer_is_found_by_the_beginnings_of_its_words,
            identities::what_a_search_finds_comes_in_parts,
            identities::any_text_may_be_looked_for,
            merges::customers_who_are_merged_are_shown_and_found_as_one,
            merges::a_merge_that_is_undone_leaves_customers_as_they_would_be,
            merges::only_customers_who_are_shown_as_themselves_are_merged,
            merges::merges_of_one_customer_are_read_in_parts,
            merges::of_customers_who_are_one_each_is_erased_by_itself,
            tasks::open_tasks_come_most_urgent_first,
            tasks::an_agents_open_tasks_are_found,
            tasks::a_task_is_found_by_its_id_open_or_closed,
            agent_states::agent_states_are_the_last_written,
            timers::timers_are_due_in_order_until_they_are_cancelled,
            timers::a_timer_is_postponed_only_as_it_was_read,
            timers::no_timer_is_due_for_a_delivery,
            timers::timers_survive_reopening,
            timers::timers_of_every_kind_are_read_back_and_cancelled,
            deliveries::a_lane_is_delivered_in_order,
            deliveries::an_unsettled_claim_is_due_again_when_its_lease_ends,
            deliveries::a_failed_delivery_holds_its_lane_until_it_is_tried_again,
            deliveries::a_dead_letter_lets_the_next_one_pass,
            deliveries::a_dead_letter_can_be_sent_again,
            deliveries::claims_take_the_longest_due_first_and_no_more_than_asked,
            deliveries::what_was_tried_meanwhile_is_overdue_like_the_rest,
            deliveries::how_long_bots_are_left_alone_survives_reopening,
            deliveries::what_waits_for_one_target_hides_nothing_of_another,
            deliveries::two_workers_never_claim_the_same,
            deliveries::what_is_not_there_is_settled_without_complaint,
            users::users_are_found_by_id_and_by_name,
            users::users_are_listed_by_name,
            users::a_sign_in_name_has_one_user,
            credentials::credentials_are_kept_and_taken_back,
            credentials::the_sessions_of_a_user_are_listed,
            credentials::all_sessions_of_a_user_end_and_nothing_else,
            credentials::sessions_that_are_over_are_forgotten,
            credentials::keys_are_listed_with_their_last_use,
            programs::programs_are_listed_by_id_and_replaced,
            files::a_file_grows_at_its_end_alone_until_it_is_whole,
            files::an_owner_has_no_more_files_than_its_quota,
            files::a_file_is_posted_by_its_owner_in_one_conversation,
            files::a_file_whose_time_is_over_is_gone_before_its_record,
            files::files_whose_time_is_over_are_answered_in_turn,
            files::files_of_one_author_become_anothers,
            pushes::an_event_is_told_to_each_browser_of_its_customer_on_the_channel,
            pushes::the_newest_event_takes_the_place_of_those_before,
            pushes::an_unsettled_push_is_due_again_when_its_lease_ends,
            pushes::a_push_that_waits_for_a_place_was_not_tried,
            pushes::a_browser_belongs_to_its_last_customer,
            pushes::a_customer_has_so_many_browsers_and_no_more,
            pushes::a_browser_that_is_gone_takes_along_what_it_was_to_be_told,
            pushes::browsers_that_are_silent_for_long_are_forgotten,
            pushes::browsers_of_customers_without_a_conversation_are_forgotten_sooner,
            erasures::an_erased_event_keeps_its_position_its_name_and_its_time,
            erasures::what_belongs_to_an_erased_conversation_goes_with_it_and_nothing_else,
            erasures::what_is_known_of_a_customer_beside_conversations_is_erased,
            erasures::an_erasure_goes_on_after_reopening_and_is_recorded_once,
            erasures::an_erasure_that_is_asked_for_again_is_not_done_before_its_customer_is_emptied_again,
            erasures::an_erasure_of_a_linked_visitor_counts_what_goes_with_it_alone,
            erasures::what_was_proven_before_an_erasure_writes_nothing_after_it,
            retention::conversations_that_are_over_are_found_the_longest_ended_first,
            retention::conversations_in_which_agents_still_work_are_not_over,
            retention::what_is_still_to_be_delivered_holds_its_conversation,
            retention::an_erasure_by_a_rule_is_recorded_with_it_if_anything_went,
            retention::how_far_a_rule_is_trusted_survives_reopening,
            audit::records_are_read_back_as_they_were_written_and_make_a_chain,
            audit::records_are_found_by_time_and_name_the_newest_first,
            audit::a_record_and_what_it_tells_of_are_written_together,
            audit::a_record_is_left_out_where_nothing_changes,
            audit::a_record_names_a_customer_in_a_way_that_leads_nowhere_after_an_erasure,
            audit::acts_at_once_make_one_chain,
            audit::an_erasure_that_is_done_has_a_record_which_does_not_say_whose_it_was,
            secrets::a_secret_is_made_once,
            secrets::an_open_store_is_ready,
        }
    };
    ($world:expr, $($module:ident :: $promise:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                $crate::store::conformance::$module::$promise(&$world).await;
            }
        )+
    };
}
/// A conversation of the tests.
pub fn conversation_id(id: &str) -> ConversationId {
    ConversationId::new(id)
}

/// A customer as author.
pub fn author(id: &str) -> Author {
    Author(format!("customer:{id}"))
}

/// A conversation of customer `k-<id>` whose log ends at `head`.
pub fn conversation(id: &str, head: u64) -> ConversationRecord {
    ConversationRecord {
        id: conversation_id(id),
        head: Seq(head),
        customer: CustomerId::new(format!("k-{id}")),
        channel: "shop".to_owned(),
        channel_session: session(id).into(),
        channel_session_id: format!("s-{id}"),
        room: format!("r-{id}"),
        state: ConversationState::Active,
        started_at: 1_000,
        ended_at: None,
        participants: Vec::new(),
        task: None,
        waiting_since: None,
        spoke_at: None,
        silent_until: None,
        data: Map::new(),
        visitor_keys: BTreeSet::new(),
        answered: BTreeSet::new(),
        survey: None,
        consent: None,
        erased: false,
        markers: Vec::new(),
        last_message: None,
    }
}

/// The session of a conversation as it begins.
pub fn session(id: &str) -> SessionVersion {
    SessionVersion::first(ChannelSession {
        id: format!("s-{id}"),
        ..ChannelSession::default()
    })
}

/// A customer's message with what this version does not know of in it.
pub fn message(conversation: &str, id: &str, text: &str) -> CimEvent {
    let event = json!({
        "id": format!("e-{id}"),
        "name": "CUSTOMER_MESSAGE",
        "type": "MESSAGE",
        "timestamp": "2024-01-18T13:11:34.545+00:00",
        "conversationId": conversation,
        "eventEmitter": { "id": "k", "type": "CUSTOMER", "senderName": "Sample Customer" },
        "data": {
            "id": id,
            "header": { "sender": { "id": "k", "type": "CUSTOMER", "senderName": "x" }, "unheardOf": [1, "2"] },
            "body": { "type": "PLAIN", "markdownText": text },
        },
    });
    serde_json::from_value(event).expect("a message event")
}

/// `client_id` of customer `author_id`, saying itself.
pub fn post(conversation: &str, author_id: &str, client_id: &str) -> NewEvent {
    NewEvent {
        event: message(conversation, &format!("m-{author_id}-{client_id}"), client_id),
        session: Some(session(conversation).into()),
        author: author(author_id),
        client_id: Some(ClientId::new(client_id)),
    }
}

/// Appends events to a log that is at `head`.
pub fn step(id: &str, head: u64, events: Vec<NewEvent>) -> Commit {
    let conversation = conversation(id, head + events.len() as u64);
    Commit {
        expected_head: Seq(head),
        events: events.into_iter().map(Arc::new).collect(),
        conversation,
        changes: Vec::new(),
    }
}

/// Creates a conversation with that many events of customer `a`, whose client ids are `1`, `2`, ...
pub async fn filled(store: &dyn Store, id: &str, events: u64) {
    let posts = (1..=events).map(|seq| post(id, "a", &format!("{id}-{seq}"))).collect();
    assert_eq!(store.commit(step(id, 0, posts)).await.expect("a new log"), None);
}

/// `target` is to receive position `seq` of a conversation.
pub fn deliver(target: &str, conversation: &str, seq: u64, due_at: i64) -> Change {
    Change::Deliver(NewDelivery {
        target: ParticipantId::new(target),
        conversation: conversation_id(conversation),
        seq: Seq(seq),
        due_at,
    })
}

/// The whole log as `client_id`s, after checking that it is dense.
pub async fn client_ids(store: &dyn Store, id: &str) -> Vec<String> {
    let range = portico_shared::frame::Range::After(Seq::START);
    let page = store.page(&conversation_id(id), range, u32::MAX).await.expect("a page");
    assert!(
        page.events.iter().map(|event| event.seq.0).eq(1..=page.head.0),
        "not dense: {page:?}"
    );
    page.events
        .into_iter()
        .filter_map(|event| event.client_id)
        .map(|id| id.to_string())
        .collect()
}
