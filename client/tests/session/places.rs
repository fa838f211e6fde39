//! Places that are kept for posts with files that are being uploaded.

use crate::host::{Host, id, summary};
use crate::posts::{posted, to};
use portico_client::{Command, Effect, Input, News, Saved, SendState};
use portico_shared::frame::ClientFrame;

const KEPT_FOR_MS: i64 = 30_000;

fn keeps(host: &mut Host, client_id: &str) {
    host.wants(Command::KeepPlace {
        conversation: None,
        client_id: id(client_id),
    });
}

/// A customer in a chat, who has sent a file that is being uploaded, and then a text.
fn with_file() -> Host {
    let mut host = Host::customer_in_chat(0);
    keeps(&mut host, "file");
    host.post("text");
    assert_eq!(posted(&host.sent()), []);
    host
}

/// What the first tab did since the last look is told to the second.
fn tells(first: &mut Host, second: &mut Host) {
    for effect in first.look() {
        if let Effect::Persist(record) = effect {
            second.takes_in(News::SavedElsewhere(record));
        }
    }
}

#[test]
fn a_text_waits_for_the_file_that_was_sent_before_it_and_says_so() {
    let mut host = with_file();
    assert_eq!(host.state("c-1", "text"), Some(SendState::AfterFile));
    assert_eq!(host.session.unsent(), 1, "a place is no message");
    assert_eq!(host.texts("c-1"), ["text of text"]);
    host.pass(KEPT_FOR_MS - 1);
    host.post("file");
    assert_eq!(host.texts("c-1"), ["text of file", "text of text"]);
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    assert_eq!(host.state("c-1", "text"), Some(SendState::Queued));
    host.accept("file", "c-1", 1);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
}

#[test]
fn a_text_goes_alone_when_the_file_will_not_come() {
    let mut host = with_file();
    host.wants(Command::GiveUpPlace(id("file")));
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
    assert_eq!(host.storage.len(), 1);
    // What is there already is not given up with its place.
    host.wants(Command::GiveUpPlace(id("text")));
    host.accept("text", "c-1", 1);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("other");
    host.wants(Command::GiveUpPlace(id("other")));
    assert_eq!(host.session.unsent(), 1);
}

#[test]
fn a_large_file_on_a_bad_line_holds_a_text_back_for_half_a_minute_alone_and_follows_it() {
    let mut host = with_file();
    host.pass(KEPT_FOR_MS - 1);
    assert_eq!(posted(&host.sent()), []);
    host.pass(1);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
    host.post("later");
    host.accept("text", "c-1", 1);
    assert_eq!(posted(&host.sent()), [to("later", "c-1")], "nothing waits any more");
    host.accept("later", "c-1", 2);
    host.post("file");
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    host.accept("file", "c-1", 3);
    assert_eq!(host.storage.len(), 0);
}

#[test]
fn time_without_a_connection_does_not_count() {
    let mut host = with_file();
    host.pass(20_000);
    host.input(Input::SocketClosed { code: 1006 });
    assert_eq!(host.state("c-1", "text"), Some(SendState::Queued));
    host.now += 3_600_000;
    host.reconnect(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    host.look();
    host.pass(9_000);
    assert_eq!(posted(&host.sent()), []);
    host.pass(1_000);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
}

#[test]
fn what_was_said_before_the_file_does_not_wait_and_several_files_keep_their_order() {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("before");
    keeps(&mut host, "file-1");
    keeps(&mut host, "file-2");
    host.post("after");
    host.reconnect(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    assert_eq!(posted(&host.sent()), [to("before", "c-1")]);
    host.accept("before", "c-1", 1);
    host.post("file-2");
    assert_eq!(posted(&host.sent()), [], "the first file is still to come");
    host.post("file-1");
    for (seq, client_id) in (2..).zip(["file-1", "file-2", "after"]) {
        assert_eq!(posted(&host.sent()), [to(client_id, "c-1")]);
        host.accept(client_id, "c-1", seq);
    }
}

#[test]
fn the_end_of_the_chat_waits_for_the_file_as_well() {
    let mut host = Host::customer_in_chat(0);
    keeps(&mut host, "file");
    host.wants(Command::End {
        conversation: None,
        client_id: id("end"),
    });
    assert_eq!(host.sent_names(), [""; 0]);
    host.post("file");
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    host.accept("file", "c-1", 1);
    assert_eq!(host.sent_names(), ["end"]);
}

#[test]
fn a_chat_that_begins_with_a_file_is_started_by_it() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    keeps(&mut host, "file");
    host.post("text");
    assert!(!host.sent_names().contains(&"start"));
    host.post("file");
    let starts: Vec<ClientFrame> = host.sent();
    let Some(ClientFrame::Start(start)) = starts.last() else {
        panic!("no start in {starts:?}");
    };
    assert_eq!(start.client_id, id("start-0-file"));
    host.accept("start-0-file", "c-1", 0);
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    host.accept("file", "c-1", 1);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
}

#[test]
fn the_order_outlives_the_page_and_a_place_whose_file_does_not_come_ends() {
    let mut before = with_file();
    before.input(Input::SocketClosed { code: 1006 });
    let again = || {
        let mut host = Host::customer_with(before.storage.clone());
        host.now = before.now + 1_000;
        host.go_online(vec![summary("c-1", 0)]);
        host.join("c-1", 0);
        assert_eq!(posted(&host.sent()), []);
        host
    };
    let mut host = again();
    host.post("file");
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    let mut host = again();
    host.pass(KEPT_FOR_MS);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
    host.accept("text", "c-1", 1);
    assert_eq!(host.storage.len(), 0);
}

#[test]
fn what_another_tab_has_to_send_waits_for_that_tabs_file_and_what_this_one_has_does_not() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    keeps(&mut first, "file");
    first.post("text");
    tells(&mut first, &mut second);
    second.post("own");
    assert_eq!(posted(&second.sent()), [to("own", "c-1")]);
    second.accept("own", "c-1", 1);
    second.look();
    second.pass(KEPT_FOR_MS);
    assert_eq!(
        posted(&second.sent()),
        [],
        "a text does not overtake its file by way of the other tab"
    );
    // The first tab is gone, and the second one has uploaded its file.
    second.post("file");
    assert_eq!(posted(&second.sent()), [to("file", "c-1")]);
    second.accept("file", "c-1", 2);
    assert_eq!(posted(&second.sent()), [to("text", "c-1")]);
}

#[test]
fn a_file_that_another_tab_has_posted_is_that_tabs_message() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    keeps(&mut first, "file");
    first.post("text");
    tells(&mut first, &mut second);
    first.post("file");
    tells(&mut first, &mut second);
    assert_eq!(second.texts("c-1"), ["text of file", "text of text"]);
    first.accept("file", "c-1", 1);
    first.accept("text", "c-1", 2);
    tells(&mut first, &mut second);
    second.pass(120_000);
    assert_eq!(posted(&second.sent()), []);
    assert_eq!(second.session.unsent(), 0);
}

#[test]
fn a_place_whose_tab_is_gone_with_its_file_holds_nothing_back_for_good() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    keeps(&mut first, "file");
    first.post("text");
    tells(&mut first, &mut second);
    second.pass(KEPT_FOR_MS + 10_000);
    assert_eq!(posted(&second.sent()), [to("text", "c-1")]);
}

#[test]
fn a_post_that_only_the_copy_has_takes_its_place() {
    let mut before = with_file();
    before.input(Input::SocketClosed { code: 1006 });
    let storage = before.storage.clone();
    before.post("file");
    let records = before.storage.clone().into_iter().collect();
    let mut host = Host::customer_with(storage);
    host.now = before.now + 1_000;
    host.restore(Saved { records });
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    assert_eq!(posted(&host.sent()), [to("file", "c-1")]);
    host.accept("file", "c-1", 1);
    assert_eq!(posted(&host.sent()), [to("text", "c-1")]);
    host.accept("text", "c-1", 2);
    assert_eq!(host.storage.len(), 0);
}
