//! Posts and forms that begin a chat, and posts to one that has ended.

use crate::host::{Host, c1, ended, id};
use crate::posts::{posted, to};
use portico_client::{Change, Command, CustomerCommand, Effect, Input, SendState};
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{ClientFrame, RefusalCode, Start};
use portico_shared::limits::MAX_FRAME_BYTES;
use serde_json::{Map, json};

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
