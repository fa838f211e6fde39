//! Posts in the browser's storage: written by another tab, restored, damaged.

use crate::host::{Host, id, own, summary};
use crate::posts::{posted, to};
use portico_client::{Command, CustomerCommand, Effect, Input, News, Record, Saved, SendState};
use portico_shared::frame::{ClientFrame, RefusalCode};
use portico_shared::ids::ClientId;

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
            first.takes_in(News::SavedElsewhere(record));
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
fn what_the_saved_records_lacked_waits_in_its_place_and_is_sent_in_order() {
    let mut before = Host::customer_in_chat(0);
    before.input(Input::SocketClosed { code: 1006 });
    for client_id in ["p-1", "p-2", "p-3"] {
        before.post(client_id);
    }
    // The browser has lost the last two, and has written since.
    let (first, rest) = before
        .storage
        .iter()
        .partition::<Vec<_>, _>(|(key, _)| key.ends_with("p-1"));
    let owned = |records: Vec<(&String, &String)>| -> Vec<(String, String)> {
        let owned = records.into_iter();
        owned.map(|(key, json)| (key.clone(), json.clone())).collect()
    };
    let mut host = Host::customer_with(owned(first.clone()).into_iter().collect());
    host.now = before.now + 1_000;
    host.post("p-4");
    let mut records = owned(first);
    records.extend(owned(rest));
    records.push(("outbox.p-5".to_owned(), "torn".to_owned()));
    host.restore(Saved { records });
    assert_eq!(host.session.unsent(), 4);
    let kept: Vec<&str> = host.storage.keys().map(String::as_str).collect();
    assert_eq!(kept, ["outbox.p-1", "outbox.p-2", "outbox.p-3", "outbox.p-4"]);
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    assert_eq!(host.state("c-1", "p-2"), Some(SendState::Queued));
    for (seq, client_id) in (1..).zip(["p-1", "p-2", "p-3", "p-4"]) {
        assert_eq!(posted(&host.sent()), [to(client_id, "c-1")]);
        host.accept(client_id, "c-1", seq);
    }
    assert_eq!(host.session.unsent(), 0);
}

#[test]
fn what_is_restored_and_stands_in_the_log_is_not_sent_again() {
    let mut before = Host::customer_in_chat(0);
    before.post("p-1");
    let mut host = Host::customer_in_chat(0);
    host.event(own(1, "customer-1", "p-1"));
    host.look();
    let records = before.storage.clone().into_iter().collect();
    host.restore(Saved { records });
    let remove = Effect::Persist(Record::Remove {
        key: "outbox.p-1".to_owned(),
    });
    assert_eq!(host.look(), [remove]);
    assert_eq!(host.session.unsent(), 0);
}

#[test]
fn what_is_restored_late_and_was_stored_meanwhile_is_not_kept() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    let records = host.storage.clone().into_iter().collect();
    host.accept("p-1", "c-1", 1);
    host.look();
    host.restore(Saved { records });
    let remove = Effect::Persist(Record::Remove {
        key: "outbox.p-1".to_owned(),
    });
    assert_eq!(host.look(), [remove]);
    assert_eq!(host.storage.len(), 0);
}

/// A customer without a connection, who has written `p-1` and `p-2`, and what the copy has of it.
fn copied() -> (Host, Saved) {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("p-1");
    host.post("p-2");
    let records = host.storage.clone().into_iter().collect();
    (host, Saved { records })
}

/// The copy came, and `p-1` was deleted.
fn is_not_sent_again(mut host: Host) {
    assert_eq!(host.session.unsent(), 1);
    let kept: Vec<&str> = host.storage.keys().map(String::as_str).collect();
    assert_eq!(kept, ["outbox.p-2"]);
    host.reconnect(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    assert_eq!(posted(&host.sent()), [to("p-2", "c-1")]);
    host.accept("p-2", "c-1", 1);
    host.pass(60_000);
    assert_eq!(posted(&host.sent()), []);
}

#[test]
fn what_was_deleted_before_the_copy_came_is_not_brought_back_by_it() {
    let (mut host, saved) = copied();
    host.wants(Command::Delete(id("p-1")));
    host.look();
    host.restore(saved);
    let remove = Effect::Persist(Record::Remove {
        key: "outbox.p-1".to_owned(),
    });
    assert!(host.look().contains(&remove), "the copy is to forget it");
    is_not_sent_again(host);
}

#[test]
fn what_another_tab_deleted_before_the_copy_came_is_not_brought_back_by_it() {
    let (mut host, saved) = copied();
    let mut other = Host::customer_with(host.storage.clone());
    other.wants(Command::Delete(id("p-1")));
    tells(&mut other, &mut host);
    host.storage = other.storage.clone();
    host.restore(saved);
    is_not_sent_again(host);
}

#[test]
fn what_a_page_did_not_see_deleted_while_it_was_put_away_is_not_brought_back_by_the_copy() {
    let (mut host, saved) = copied();
    host.input(Input::Stop);
    let mut other = Host::customer_with(host.storage.clone());
    other.wants(Command::Delete(id("p-1")));
    host.storage = other.storage.clone();
    let records = host.storage.clone().into_iter().collect();
    host.takes_in(News::SavedNow(Saved { records }));
    host.restore(saved);
    host.input(Input::Start);
    is_not_sent_again(host);
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

/// A customer's two tabs with one storage: what the first one did since the last look is told to the second.
fn tells(first: &mut Host, second: &mut Host) {
    for effect in first.look() {
        if let Effect::Persist(record) = effect {
            second.takes_in(News::SavedElsewhere(record));
        }
    }
}

#[test]
fn what_a_tab_wrote_that_is_gone_is_shown_and_sent_by_another_one_in_order() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    first.input(Input::SocketClosed { code: 1006 });
    first.post("p-1");
    first.post("p-2");
    tells(&mut first, &mut second);
    assert_eq!(second.state("c-1", "p-1"), Some(SendState::Sending));
    second.pass(9_999);
    assert_eq!(second.sent(), [], "the other tab comes first");
    second.pass(1);
    assert_eq!(posted(&second.sent()), [to("p-1", "c-1")]);
    second.accept("p-1", "c-1", 1);
    assert_eq!(posted(&second.sent()), [to("p-2", "c-1")]);
    second.accept("p-2", "c-1", 2);
    assert_eq!(second.session.unsent(), 0);
}

#[test]
fn what_a_tab_writes_itself_does_not_wait_for_what_another_one_sends() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    first.post("p-1");
    tells(&mut first, &mut second);
    second.post("p-2");
    assert_eq!(posted(&second.sent()), [to("p-2", "c-1")]);
    first.accept("p-1", "c-1", 1);
    tells(&mut first, &mut second);
    second.accept("p-2", "c-1", 2);
    second.look();
    second.pass(60_000);
    assert_eq!(posted(&second.sent()), [], "the first one has sent it");
    assert_eq!(second.session.unsent(), 0);
}

#[test]
fn the_tab_that_wrote_comes_first_when_the_network_is_back() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    second.input(Input::SocketClosed { code: 1006 });
    first.input(Input::SocketClosed { code: 1006 });
    first.post("p-1");
    tells(&mut first, &mut second);
    second.now += 3_600_000;
    second.reconnect(vec![summary("c-1", 0)]);
    assert_eq!(posted(&second.sent()), []);
    assert_eq!(second.state("c-1", "p-1"), Some(SendState::Sending));
}

#[test]
fn what_is_in_the_log_when_a_tab_hears_that_it_was_written_stands_once() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    first.post("p-1");
    second.event(own(1, "customer-1", "p-1"));
    tells(&mut first, &mut second);
    assert_eq!(second.entries("c-1").len(), 1);
    assert_eq!(second.session.unsent(), 0);
}

#[test]
fn what_failed_or_was_retried_in_one_tab_did_so_in_the_other() {
    let mut first = Host::customer_in_chat(0);
    let mut second = Host::customer_in_chat(0);
    first.post("p-1");
    first.refuse("p-1", RefusalCode::ConversationEnded, None);
    tells(&mut first, &mut second);
    assert!(matches!(second.state("c-1", "p-1"), Some(SendState::Failed { .. })));
    second.wants(Command::Retry(id("p-1")));
    tells(&mut second, &mut first);
    assert!(!matches!(first.state("c-1", "p-1"), Some(SendState::Failed { .. })));
}

#[test]
fn a_page_that_is_back_takes_over_what_others_left_and_sends_nothing_that_was_deleted_meanwhile() {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("p-1");
    host.post("p-2");
    host.input(Input::Stop);
    let mut elsewhere = Host::customer_with(host.storage.clone());
    elsewhere.now = host.now + 1_000;
    elsewhere.wants(Command::Delete(id("p-1")));
    elsewhere.post("p-3");
    let records = elsewhere.storage.clone().into_iter().collect();
    host.takes_in(News::SavedNow(Saved { records }));
    host.look();
    host.input(Input::Start);
    host.input(Input::SocketOpened);
    host.welcome(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    for (seq, client_id) in (1..).zip(["p-2", "p-3"]) {
        assert_eq!(posted(&host.sent()), [to(client_id, "c-1")]);
        host.accept(client_id, "c-1", seq);
    }
    assert_eq!(host.session.unsent(), 0);
}

#[test]
fn a_failed_post_of_an_earlier_chat_makes_no_chat_of_it_when_the_tab_is_shown_again() {
    let mut before = Host::customer_in_chat(0);
    before.post("p-1");
    before.refuse("p-1", RefusalCode::Forbidden, None);
    let mut host = Host::customer_with(before.storage.clone());
    host.go_online(vec![summary("c-2", 0)]);
    // The tab may have been asleep when this one wrote, and storage may be as it was.
    for storage in [host.storage.clone(), before.storage] {
        let records = storage.into_iter().collect();
        host.takes_in(News::SavedNow(Saved { records }));
        let shown = host.session.chat().map(|chat| chat.id().as_str().to_owned());
        assert_eq!(shown.as_deref(), Some("c-2"));
    }
}

#[test]
fn a_failed_post_of_an_earlier_chat_is_retried_in_the_next_one_by_a_start_of_its_own() {
    let mut before = Host::customer_in_chat(0);
    before.post("p-1");
    before.refuse("p-1", RefusalCode::Forbidden, None);
    let mut host = Host::customer_with(before.storage);
    host.go_online(Vec::new());
    let records = host.storage.clone().into_iter().collect();
    host.takes_in(News::SavedNow(Saved { records }));
    host.wants(Command::Retry(id("p-1")));
    let sent = host.sent();
    let Some(ClientFrame::Start(start)) = sent.last() else {
        panic!("no start in {sent:?}");
    };
    assert_eq!(start.client_id, id("start-1-p-1"));
}

/// A customer whose earlier page, so long ago, wrote two messages in a chat and could not send them.
fn left_behind(ago_ms: i64) -> Host {
    let mut before = Host::customer_in_chat(0);
    before.input(Input::SocketClosed { code: 1006 });
    before.post("p-1");
    before.post("p-2");
    let mut host = Host::customer_with(before.storage.clone());
    host.now = before.now + ago_ms;
    host
}

fn is_held(host: &Host, client_id: &str) -> bool {
    matches!(host.state("c-1", client_id), Some(SendState::Failed { code: RefusalCode::Other(code), .. }) if code == "held")
}

const DAY_MS: i64 = 86_400_000;

#[test]
fn what_was_written_a_day_ago_is_sent_by_the_persons_word_alone_and_nothing_waits_for_that() {
    let mut host = left_behind(DAY_MS);
    host.go_online(vec![summary("c-1", 0)]);
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")], "not quite");

    let mut host = left_behind(DAY_MS + 2_000);
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    assert!(is_held(&host, "p-1") && is_held(&host, "p-2"));
    host.post("p-3");
    assert_eq!(posted(&host.sent()), [to("p-3", "c-1")]);
    host.accept("p-3", "c-1", 1);

    let mut again = Host::customer_with(host.storage.clone());
    again.now = host.now;
    again.go_online(vec![summary("c-1", 1)]);
    assert!(is_held(&again, "p-1"), "also on the next page");
    assert_eq!(posted(&again.sent()), []);

    host.wants(Command::Retry(id("p-1")));
    assert_eq!(posted(&host.sent()), [to("p-1", "c-1")]);
    host.wants(Command::Delete(id("p-2")));
    assert_eq!(host.session.unsent(), 1);
}

#[test]
fn what_is_restored_or_heard_of_with_a_connection_and_is_old_waits_for_the_persons_word_as_well() {
    let records = |host: &Host| host.storage.clone().into_iter().collect::<Vec<_>>();
    let old = records(&left_behind(0));
    for is_heard in [false, true] {
        let mut host = Host::customer();
        host.now += 2 * DAY_MS;
        host.go_online(vec![summary("c-1", 0)]);
        host.join("c-1", 0);
        let saved = Saved { records: old.clone() };
        match is_heard {
            true => host.takes_in(News::SavedNow(saved)),
            false => host.restore(saved),
        }
        host.pass(60_000);
        assert_eq!(posted(&host.sent()), []);
        assert!(is_held(&host, "p-1") && is_held(&host, "p-2"));
    }
}

#[test]
fn what_is_restored_of_a_person_whom_the_relay_has_forgotten_is_not_sent_as_the_next_ones() {
    let mut before = Host::customer();
    before.wants(CustomerCommand::Begin {
        client_id: id("b-1"),
        data: Default::default(),
        form: None,
    });
    before.post("p-1");
    let mut host = Host::customer();
    host.input(Input::Start);
    host.takes_in(News::Forgotten);
    host.input(Input::Token(Ok("another".to_owned())));
    host.input(Input::SocketOpened);
    host.welcome(Vec::new());
    host.look();
    let records = before.storage.into_iter().collect();
    host.restore(Saved { records });
    host.pass(60_000);
    let starts = host.sent_names().into_iter().filter(|name| *name == "start");
    assert_eq!(starts.count(), 0);
    assert!(!host.session.is_beginning());
    assert_eq!(host.session.unsent(), 0);
    assert_eq!(host.storage.len(), 0);
}

#[test]
fn a_page_that_was_open_for_days_without_a_network_asks_as_well() {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::SocketClosed { code: 1006 });
    host.post("p-1");
    host.now += 3 * DAY_MS;
    host.reconnect(vec![summary("c-1", 0)]);
    assert_eq!(posted(&host.sent()), []);
    assert!(is_held(&host, "p-1"));
}

#[test]
fn what_a_person_left_whom_the_relay_has_forgotten_is_not_sent_as_the_next_ones() {
    let mut host = left_behind(60_000);
    host.input(Input::Start);
    host.post("p-3");
    host.takes_in(News::Forgotten);
    host.input(Input::Token(Ok("another".to_owned())));
    host.input(Input::SocketOpened);
    host.welcome(Vec::new());
    let starts = |frames: Vec<ClientFrame>| -> Vec<ClientId> {
        let start = |frame| match frame {
            ClientFrame::Start(start) => Some(start.client_id),
            _ => None,
        };
        frames.into_iter().filter_map(start).collect()
    };
    assert_eq!(starts(host.sent()), [id("start-0-p-3")], "what this one wrote goes");
    host.accept("start-0-p-3", "c-2", 1);
    assert_eq!(posted(&host.sent()), [to("p-3", "c-2")]);
    host.accept("p-3", "c-2", 2);
    assert_eq!(host.session.unsent(), 0, "and what the one before wrote is gone");
    assert_eq!(host.texts("c-2"), ["text of p-3"]);
    assert_eq!(host.storage.len(), 0);
}

#[test]
fn what_had_failed_of_a_person_whom_the_relay_has_forgotten_is_not_shown_to_the_next_one() {
    let mut before = Host::customer_in_chat(0);
    before.post("p-1");
    before.refuse("p-1", RefusalCode::Forbidden, None);
    let mut host = Host::customer_with(before.storage);
    host.input(Input::Start);
    host.takes_in(News::Forgotten);
    assert_eq!(host.session.unsent(), 0);
    assert_eq!(host.storage.len(), 0);
}

#[test]
fn what_another_living_tab_has_to_send_stays_where_the_relay_has_forgotten_who_this_was() {
    let mut first = Host::customer();
    let mut second = Host::customer();
    first.post("p-1");
    second.input(Input::Start);
    tells(&mut first, &mut second);
    second.takes_in(News::Forgotten);
    assert_eq!(second.session.unsent(), 1);
}
