//! What the page says of itself and of the visitor, before and while there is a chat.

use crate::host::{Host, c1, ended, id, notice, summary};
use portico_client::{AgentCommand, CustomerCommand};
use portico_shared::cim::{EventData, EventName};
use portico_shared::frame::{ClientFrame, ServerFrame, Start};
use serde_json::{Map, Value, json};

fn facts(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn page(address: &str) -> Map<String, Value> {
    Map::from_iter([("page_url".to_owned(), Value::from(address))])
}

fn describes(host: &mut Host, address: &str) {
    host.wants(CustomerCommand::Describe { data: page(address) });
}

/// What the live chat was told since the last look.
fn told(host: &mut Host) -> Vec<Map<String, Value>> {
    let read = |frame| match frame {
        ClientFrame::Describe { conversation, data } => {
            assert_eq!(conversation, c1());
            Some(data)
        }
        _ => None,
    };
    host.sent().into_iter().filter_map(read).collect()
}

#[test]
fn a_live_chat_is_told_at_once_when_the_visitor_goes_to_another_page() {
    let mut host = Host::customer_in_chat(4);
    describes(&mut host, "https://example.org/1");
    assert_eq!(told(&mut host), [page("https://example.org/1")]);
    host.pass(1_000);
    assert_eq!(told(&mut host), []);
    describes(&mut host, "https://example.org/2");
    assert_eq!(told(&mut host), [page("https://example.org/2")]);
}

#[test]
fn a_chat_that_goes_on_after_a_page_load_is_told_of_the_new_page_once_it_is_joined() {
    let mut host = Host::customer();
    describes(&mut host, "https://example.org/2");
    host.go_online(vec![summary("c-1", 4)]);
    assert_eq!(told(&mut host), []);
    host.join("c-1", 4);
    assert_eq!(told(&mut host), [page("https://example.org/2")]);
    host.pass(1_000);
    assert_eq!(told(&mut host), [], "it was said");
}

#[test]
fn what_happened_while_there_was_no_connection_is_said_when_there_is_one() {
    let mut host = Host::customer_in_chat(4);
    host.look();
    host.input(portico_client::Input::SocketClosed { code: 1006 });
    describes(&mut host, "https://example.org/1");
    describes(&mut host, "https://example.org/2");
    host.input(portico_client::Input::Woke);
    host.input(portico_client::Input::SocketOpened);
    host.welcome(vec![summary("c-1", 4)]);
    host.join("c-1", 4);
    assert_eq!(told(&mut host), [page("https://example.org/2")]);
}

#[test]
fn what_a_start_says_is_not_said_again_over_the_values_of_a_form() {
    let mut host = Host::customer();
    describes(&mut host, "https://example.org/1");
    host.go_online(Vec::new());
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: Map::from_iter([("first_name".to_owned(), Value::from("Mia"))]),
        form: None,
    });
    let sent = host.sent();
    let Some(ClientFrame::Start(Start { data, .. })) = sent.last() else {
        panic!("no start in {sent:?}");
    };
    assert_eq!(data.len(), 2);
    host.accept("b-1", "c-1", 1);
    host.join("c-1", 1);
    assert_eq!(told(&mut host), [page("https://example.org/1")]);
}

#[test]
fn a_form_keeps_its_word_when_the_page_changes_something_else() {
    let mut host = Host::customer();
    let on = |page: &str| facts(&json!({"page_url": page, "first_name": "Visitor"}));
    host.wants(CustomerCommand::Describe { data: on("/1") });
    host.go_online(Vec::new());
    host.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: facts(&json!({"first_name": "Mia"})),
        form: None,
    });
    host.wants(CustomerCommand::Describe { data: on("/2") });
    host.accept("b-1", "c-1", 1);
    host.join("c-1", 1);
    assert_eq!(told(&mut host), [facts(&json!({"page_url": "/2"}))]);
    host.reconnect(vec![summary("c-1", 1)]);
    host.join("c-1", 1);
    assert_eq!(
        told(&mut host),
        [facts(&json!({"page_url": "/2"}))],
        "and nothing of the start"
    );
}

#[test]
fn what_is_gone_is_taken_back() {
    let mut host = Host::customer_in_chat(4);
    host.wants(CustomerCommand::Describe {
        data: facts(&json!({"page_url": "/1", "page_title": "One", "plan": "gold"})),
    });
    assert_eq!(told(&mut host).len(), 1);
    let without_title = || CustomerCommand::Describe {
        data: facts(&json!({"page_url": "/2", "plan": "gold"})),
    };
    host.wants(without_title());
    let all = facts(&json!({"page_url": "/2", "page_title": null, "plan": "gold"}));
    assert_eq!(told(&mut host), [all]);
}

#[test]
fn what_may_be_lost_with_the_socket_is_said_again_with_what_was_taken_back() {
    let mut host = Host::customer_in_chat(4);
    host.wants(CustomerCommand::Describe {
        data: facts(&json!({"page_url": "/1", "page_title": "One"})),
    });
    describes(&mut host, "/2");
    assert_eq!(told(&mut host).len(), 2);
    for _ in 0..2 {
        host.reconnect(vec![summary("c-1", 4)]);
        host.join("c-1", 4);
        let all = facts(&json!({"page_url": "/2", "page_title": null}));
        assert_eq!(told(&mut host), [all]);
    }
}

#[test]
fn a_page_that_the_relay_was_too_busy_for_is_said_again_later() {
    let mut host = Host::customer_in_chat(4);
    describes(&mut host, "https://example.org/1");
    assert_eq!(told(&mut host).len(), 1);
    host.refuse_nameless(Some(c1()), 5_000);
    host.pass(4_999);
    assert_eq!(told(&mut host), []);
    host.pass(1);
    assert_eq!(told(&mut host), [page("https://example.org/1")]);
}

#[test]
fn a_chat_that_is_over_is_told_nothing() {
    let mut host = Host::customer();
    host.go_online(vec![ended("c-1", 4)]);
    host.join("c-1", 4);
    host.hears(&ServerFrame::Conversation(Box::new(ended("c-1", 4))));
    describes(&mut host, "https://example.org/1");
    assert_eq!(told(&mut host), []);
}

#[test]
fn whoever_looks_on_at_a_desk_sees_where_the_visitor_went() {
    let mut host = Host::agent();
    host.go_online(Vec::new());
    host.wants(AgentCommand::Open(c1()));
    host.join("c-1", 4);
    let mut item = notice(5);
    item.event.name = EventName::ConversationDataChanged;
    item.event.data = EventData::ConversationData(page("https://example.org/2"));
    host.event(item);
    let conversation = host.session.conversation(&c1()).expect("it was opened");
    assert_eq!(conversation.summary().details.data, page("https://example.org/2"));
}
