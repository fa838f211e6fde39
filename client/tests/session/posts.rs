use crate::host::{Host, c1, ended, id, own, summary};
use portico_client::LogEvent;
use portico_client::{Change, Command, CustomerCommand, Effect, Input, Record, SendState};
use portico_shared::cim::MessageBody;
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{ClientFrame, Draft, RefusalCode, Start};
use portico_shared::ids::MessageId;
use portico_shared::limits::MAX_FRAME_BYTES;
use serde_json::{Map, json};

fn posted(frames: &[ClientFrame]) -> Vec<(String, String)> {
    let read = |frame: &ClientFrame| match frame {
        ClientFrame::Post(post) => Some((post.client_id.to_string(), post.conversation.to_string())),
        _ => None,
    };
    frames.iter().filter_map(read).collect()
}

fn to(client_id: &str, conversation: &str) -> (String, String) {
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
fn a_post_without_a_chat_starts_one_with_what_the_page_said_of_itself() {
    let mut host = Host::customer();
    let data = Map::from_iter([("page_url".to_owned(), json!("https://example.org"))]);
    host.wants(CustomerCommand::Describe { data: data.clone() });
    host.post("p-1");
    host.post("p-2");
    host.go_online(Vec::new());
    let start = Start {
        client_id: id("start-0-p-1"),
        data,
        form: None,
    };
    assert_eq!(host.sent()[1..], [ClientFrame::Start(start.clone())]);
    host.reconnect(Vec::new());
    assert_eq!(
        host.sent()[1..],
        [ClientFrame::Start(start)],
        "the same start, so that there is one chat"
    );
    host.accept("start-0-p-1", "c-1", 1);
    let frames = host.sent();
    assert_eq!(posted(&frames), [to("p-1", "c-1")]);
    assert!(matches!(frames[1], ClientFrame::Join(_)), "{frames:?}");
    host.accept("p-1", "c-1", 2);
    assert_eq!(posted(&host.sent()), [to("p-2", "c-1")]);
}

#[test]
fn the_pre_chat_form_begins_a_chat_and_survives_a_reload() {
    let mut host = Host::customer();
    let data = Map::from_iter([("name".to_owned(), json!("Ann"))]);
    let form = json!({"type": "FORM_DATA", "sections": [{"attributes": [{"key": "name", "answer": ["Ann"]}]}]});
    let filled: CustomerBody = serde_json::from_value(form.clone()).expect("a form");
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: data.clone(),
        form: Some(Box::new(filled)),
    });
    assert!(host.session.is_beginning());
    let mut host = Host::customer_with(host.storage);
    host.post("p-1");
    host.go_online(Vec::new());
    assert_eq!(
        host.sent()[1..],
        [ClientFrame::Start(Start {
            client_id: id("b-1"),
            data,
            form: Some(serde_json::from_value(form).expect("a form")),
        })]
    );
    host.accept("b-1", "c-1", 1);
    assert!(!host.session.is_beginning());
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
    assert_eq!(host.session.live().map(|live| live.id().clone()), Some(c1()));
}

#[test]
fn a_form_that_the_relay_refuses_is_no_beginning_any_more_and_is_drawn_anew() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: Map::new(),
        form: None,
    });
    host.post("p-1");
    host.look();
    host.refuse("b-1", RefusalCode::InvalidBody, None);
    assert!(!host.session.is_beginning());
    let effects = host.look();
    assert!(
        effects.contains(&Effect::Changed(Change::Conversation(None))),
        "{effects:?}"
    );
}

#[test]
fn a_form_that_is_too_long_to_be_sent_keeps_nothing_behind_it() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    let long = json!("x".repeat(MAX_FRAME_BYTES));
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: Map::from_iter([("name".to_owned(), long)]),
        form: None,
    });
    assert!(!host.session.is_beginning());
    host.post("p-1");
    let started = host.sent();
    assert!(
        matches!(started.last(), Some(ClientFrame::Start(start)) if start.form.is_none() && start.data.is_empty()),
        "{started:?}"
    );
}

#[test]
fn what_was_written_behind_a_form_that_is_too_long_goes_out_with_the_connection() {
    let mut host = Host::customer();
    let long = json!("x".repeat(MAX_FRAME_BYTES));
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: Map::from_iter([("name".to_owned(), long)]),
        form: None,
    });
    host.post("p-1");
    host.go_online(Vec::new());
    let sent = host.sent();
    assert!(
        matches!(sent.last(), Some(ClientFrame::Start(start)) if start.data.is_empty()),
        "{sent:?}"
    );
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
fn a_post_to_a_chat_that_has_ended_opens_a_new_one_when_the_person_retries() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.hears(&portico_shared::frame::ServerFrame::Conversation(Box::new(ended(
        "c-1", 1,
    ))));
    host.refuse("p-1", RefusalCode::ConversationEnded, None);
    host.look();
    assert!(matches!(host.state("c-1", "p-1"), Some(SendState::Failed { .. })));
    host.wants(Command::Retry(id("p-1")));
    let frames = host.sent();
    let [ClientFrame::Start(start)] = &frames[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(start.client_id, id("start-1-p-1"), "another start than any before");
    host.accept("start-1-p-1", "c-2", 1);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-2")]);
}

#[test]
fn a_post_that_may_be_stored_in_one_chat_is_never_sent_to_another() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    let mut host = Host::customer_with(host.storage);
    host.go_online(vec![ended("c-1", 1)]);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
}

#[test]
fn a_post_written_while_the_chat_ended_unseen_stays_its_own_until_the_person_says_what_becomes_of_it() {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("p-1");
    assert_eq!(
        host.state("c-1", "p-1"),
        Some(SendState::Queued),
        "shown at the end of the chat as it is known"
    );
    host.look();
    host.input(Input::Woke);
    host.input(Input::SocketOpened);
    host.welcome(vec![ended("c-1", 1)]);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")], "no new chat begins by itself");
    host.refuse("p-1", RefusalCode::ConversationEnded, None);
    assert!(matches!(host.state("c-1", "p-1"), Some(SendState::Failed { .. })));
    host.look();
    host.wants(Command::Retry(id("p-1")));
    assert_eq!(host.sent_names(), ["start"]);
}

#[test]
fn what_waited_behind_a_post_of_a_chat_that_has_ended_follows_it_into_the_new_one() {
    let mut host = Host::customer_in_chat(0);
    for post in ["p-1", "p-2", "p-3"] {
        host.post(post);
    }
    host.hears(&portico_shared::frame::ServerFrame::Conversation(Box::new(ended(
        "c-1", 1,
    ))));
    host.refuse("p-1", RefusalCode::ConversationEnded, None);
    host.look();
    host.wants(Command::Retry(id("p-1")));
    assert_eq!(host.sent_names(), ["start"]);
    host.accept("start-1-p-1", "c-2", 1);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-2")]);
    host.accept("p-1", "c-2", 2);
    assert_eq!(posted(&host.sent()), [to("p-2", "c-2")]);
    host.accept("p-2", "c-2", 3);
    assert_eq!(posted(&host.sent()), [to("p-3", "c-2")]);
}

#[test]
fn an_end_waits_for_the_posts_before_it_and_posts_after_it_start_a_new_chat() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.wants(Command::End {
        conversation: None,
        client_id: id("e-1"),
    });
    host.post("p-2");
    assert_eq!(host.sent_names(), ["post"]);
    host.accept("p-1", "c-1", 1);
    assert_eq!(host.sent_names(), ["end"]);
    host.accept("e-1", "c-1", 2);
    assert_eq!(host.sent_names(), ["start"]);
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

#[test]
fn a_post_that_another_tab_stored_keeps_its_entry_and_one_deleted_there_goes() {
    let mut first = Host::customer_in_chat(0);
    first.input(Input::SocketClosed { code: 1006 });
    first.post("p-1");
    first.post("p-2");
    let mut second = Host::customer_with(first.storage.clone());
    second.wants(Command::Delete(id("p-2")));
    second.go_online(vec![summary("c-1", 0)]);
    second.accept("p-1", "c-1", 1);
    first.look();
    for effect in second.look() {
        if let Effect::Persist(record) = effect {
            first.input(Input::SavedElsewhere(record));
        }
    }
    assert_eq!(first.state("c-1", "p-1"), Some(SendState::Stored));
    assert_eq!(first.state("c-1", "p-2"), None);
    first.input(Input::Woke);
    first.input(Input::SocketOpened);
    first.welcome(vec![summary("c-1", 1)]);
    assert_eq!(posted(&first.sent()), []);
    first.join("c-1", 1);
    first.page(0, 1, vec![own(1, "customer-1", "p-1")]);
    assert_eq!(first.entries("c-1").len(), 1);
}

#[test]
fn a_store_that_was_restored_gets_again_what_no_event_was_seen_of() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.accept("p-1", "c-1", 1);
    assert_eq!(host.storage.len(), 0);
    host.look();
    host.epoch = "epoch-2";
    host.reconnect(vec![summary("c-1", 0)]);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
    assert_eq!(host.storage.len(), 1);
}

#[test]
fn what_cannot_be_read_from_storage_is_removed_and_what_is_newer_is_left_alone() {
    let mut host = Host::customer();
    host.post("p-1");
    let mut storage = host.storage;
    let good = storage["outbox.p-1"].clone();
    for (key, json) in [
        ("outbox.broken", "{"),
        ("outbox.list", "[]"),
        ("outbox.empty", "{}"),
        ("outbox.", &good),
        ("elsewhere", &good),
        ("outbox.order", &good.replace("\"order\":1", "\"order\":-1")),
        ("outbox.body", &good.replace("\"type\":\"PLAIN\"", "\"type\":7")),
        ("outbox.newer", "{\"version\":2,\"whatever\":true}"),
    ] {
        storage.insert(key.to_owned(), json.to_owned());
    }
    let mut host = Host::customer_with(storage);
    host.input(Input::Timer);
    let kept: Vec<&str> = host.storage.keys().map(String::as_str).collect();
    assert_eq!(kept, ["outbox.newer", "outbox.p-1"]);
    assert_eq!(host.session.unsent(), 1);
}

proptest::proptest! {
    #[test]
    fn no_storage_makes_a_session_panic(key in "outbox\\.[a-z]{0,3}|.{0,9}", json in ".{0,60}", cut in 0..400_usize) {
        let mut host = Host::customer();
        host.post("p-1");
        let mut damaged = host.storage["outbox.p-1"].clone();
        damaged.truncate(cut);
        let storage = [(key, json), ("outbox.q-1".to_owned(), damaged)].into_iter().collect();
        let mut host = Host::customer_with(storage);
        host.go_online(vec![summary("c-1", 0)]);
    }
}
