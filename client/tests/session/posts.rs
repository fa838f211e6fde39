use crate::host::{Host, c1, id, own, summary};
use portico_client::LogEvent;
use portico_client::{Change, Command, Effect, Record, SendState};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{ClientFrame, Draft, RefusalCode};
use portico_shared::ids::MessageId;
use portico_shared::limits::MAX_FRAME_BYTES;

pub(crate) fn posted(frames: &[ClientFrame]) -> Vec<(String, String)> {
    let read = |frame: &ClientFrame| match frame {
        ClientFrame::Post(post) => Some((post.client_id.to_string(), post.conversation.to_string())),
        _ => None,
    };
    frames.iter().filter_map(read).collect()
}

pub(crate) fn to(client_id: &str, conversation: &str) -> (String, String) {
    (client_id.to_owned(), conversation.to_owned())
}

#[test]
fn a_post_is_saved_before_it_is_sent_or_shown() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    let effects = host.look();
    let place = |is: fn(&Effect) -> bool| effects.iter().position(is);
    let saved = place(|effect| matches!(effect, Effect::Persist(Record::Put { .. })));
    let sent = place(|effect| matches!(effect, Effect::Send(_)));
    let shown = place(|effect| *effect == Effect::Changed(Change::Conversation(Some(c1()))));
    assert!(saved.is_some() && saved < sent && saved < shown, "{effects:?}");
    assert_eq!(host.state("c-1", "p-1"), Some(SendState::Sending));
}

#[test]
fn a_record_says_that_a_post_is_bound_to_a_chat_before_the_post_is_sent() {
    let mut host = Host::customer();
    host.post("p-1");
    let is_free = |host: &Host<_>| Record::is_bound_nowhere(&host.storage[&Record::key_of(&id("p-1"))]);
    assert!(is_free(&host));
    host.go_online(vec![]);
    assert_eq!(posted(&host.sent()), [], "a start comes first");
    assert!(is_free(&host));
    host.accept("start-0-p-1", "c-1", 0);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
    assert!(!is_free(&host));
    assert!(!Record::is_bound_nowhere("torn"));
    assert!(!Record::is_bound_nowhere(r#"{"begin":{}}"#));
}

#[test]
fn a_post_goes_from_queued_to_sending_to_stored_and_leaves_the_storage() {
    let mut host = Host::customer();
    host.post("p-1");
    assert_eq!(host.session.entries(None)[0].state, Some(SendState::Queued));
    assert_eq!(host.session.unsent(), 1);
    host.go_online(vec![summary("c-1", 4)]);
    assert_eq!(host.state("c-1", "p-1"), Some(SendState::Sending));
    host.join("c-1", 4);
    host.accept("p-1", "c-1", 5);
    assert_eq!(host.state("c-1", "p-1"), Some(SendState::Stored));
    assert_eq!(host.storage.len(), 0);
    host.event(own(5, "customer-1", "p-1"));
    assert_eq!(host.state("c-1", "p-1"), Some(SendState::Stored));
    assert_eq!(host.entries("c-1").len(), 1);
    assert_eq!(host.session.unsent(), 0);
}

#[test]
fn a_post_is_settled_by_its_event_or_by_a_refusal_for_good() {
    let mut host = Host::customer_in_chat(0);
    let settled = |host: &mut Host<_>| -> Vec<_> {
        let is = |effect: &Effect| matches!(effect, Effect::Settled { .. });
        host.look().into_iter().filter(is).collect()
    };
    host.post("p-1");
    host.post("p-2");
    host.accept("p-1", "c-1", 1);
    assert_eq!(settled(&mut host), []);
    let event = own(1, "customer-1", "p-1");
    let message = event.event.message_id().map(MessageId::new).expect("a message");
    host.event(event);
    host.refuse("p-2", RefusalCode::InvalidBody, None);
    let expected = [("p-1", Ok(message)), ("p-2", Err(RefusalCode::InvalidBody))].map(|(client_id, outcome)| {
        let client_id = id(client_id);
        Effect::Settled { client_id, outcome }
    });
    assert_eq!(settled(&mut host), expected);
}

#[test]
fn a_post_refused_for_the_moment_still_looks_like_sending_and_is_not_overtaken() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.post("p-2");
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
    host.refuse("p-1", RefusalCode::RateLimited, Some(3_000));
    assert_eq!(host.state("c-1", "p-1"), Some(SendState::Sending));
    assert!(host.session.is_held_back(), "and a view can say so");
    host.pass(3_249);
    assert_eq!(host.sent(), []);
    host.pass(1);
    assert_eq!(
        posted(&host.sent()),
        [to("p-1", "c-1")],
        "after what the relay said and a share of the backoff"
    );
    host.accept("p-1", "c-1", 1);
    assert!(!host.session.is_held_back());
    assert_eq!(posted(&host.sent()), [to("p-2", "c-1")]);
}

#[test]
fn a_post_refused_for_good_stops_its_conversation_until_it_is_deleted() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0), summary("c-2", 0)]);
    host.post_to(Some("c-1"), "p-1");
    host.post_to(Some("c-1"), "p-2");
    host.refuse("p-1", RefusalCode::InvalidBody, None);
    host.look();
    let failed = SendState::Failed {
        code: RefusalCode::InvalidBody,
        message: "invalid_body".to_owned(),
    };
    assert_eq!(host.state("c-1", "p-1"), Some(failed.clone()));
    assert_eq!(host.state("c-1", "p-2"), Some(SendState::Queued));
    host.post_to(Some("c-2"), "p-3");
    assert_eq!(posted(&host.sent()), [to("p-3", "c-2")]);

    let mut host = Host::agent_with(host.storage);
    host.go_online(vec![summary("c-1", 0), summary("c-2", 0)]);
    assert_eq!(posted(&host.sent()), [to("p-3", "c-2")]);
    assert_eq!(host.state("c-1", "p-1"), Some(failed), "the reason outlives the page");
    host.wants(Command::Delete(id("p-1")));
    assert_eq!(posted(&host.sent()), [to("p-2", "c-1")]);
    assert_eq!(host.state("c-1", "p-1"), None);
}

#[test]
fn a_retried_post_goes_again_before_what_stands_behind_it() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.post("p-2");
    host.refuse("p-1", RefusalCode::Forbidden, None);
    host.look();
    host.wants(Command::Retry(id("p-1")));
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
}

#[test]
fn a_post_that_no_frame_can_hold_fails_here_instead_of_closing_the_socket() {
    let mut host = Host::customer_in_chat(0);
    let draft = Draft::new(MessageBody::plain("x".repeat(MAX_FRAME_BYTES)));
    host.post_draft(None, "p-1", draft);
    assert_eq!(host.sent(), []);
    assert!(matches!(
        host.state("c-1", "p-1"),
        Some(SendState::Failed {
            code: RefusalCode::InvalidBody,
            ..
        })
    ));
}

#[test]
fn a_post_that_is_never_answered_is_sent_again() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.look();
    host.pass(20_000);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
}

#[test]
fn a_full_outbox_leaves_the_post_to_the_composer() {
    let mut host = Host::customer();
    for number in 0..200 {
        host.post(&format!("p-{number}"));
    }
    host.look();
    host.post("one-too-many");
    let effects = host.look();
    assert!(
        matches!(
            &effects[..],
            [Effect::Refused {
                code: RefusalCode::Busy,
                ..
            }]
        ),
        "{effects:?}"
    );
    assert_eq!(host.session.unsent(), 200);
    let can_post = |client_id| host.session.can_post(&id(client_id));
    assert!(!can_post("one-too-many"));
    assert!(can_post("p-7"), "it is kept already");
}
