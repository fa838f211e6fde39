use crate::host::{Host, about, c1, id, notice, own, said, summary, text};
use portico_client::customer::LogEntry;
use portico_client::{Answer, Command, Effect, History, SendState};
use portico_shared::cim::body::{ButtonBody, CarouselBody, DeletedBody, Media};
use portico_shared::cim::{EventData, EventName, Intent, LinkPreview, MessageBody, SenderType};
use portico_shared::frame::{ClientFrame, Draft, Item, PageRequest, Range, RefusalCode};
use portico_shared::ids::{MessageId, Seq};
use portico_shared::limits::{DEFAULT_PAGE, MAX_PAGE};
use serde_json::json;

fn page_of(range: Range, limit: u32) -> ClientFrame {
    ClientFrame::Page(PageRequest {
        conversation: c1(),
        range,
        limit: Some(limit),
    })
}

fn history(host: &Host) -> Option<History> {
    host.session
        .conversation(&c1())
        .map(portico_client::Conversation::history)
}

#[test]
fn a_first_visit_loads_the_newest_page_and_older_ones_on_demand() {
    let mut host = Host::customer();
    host.go_online(vec![summary("c-1", 80)]);
    assert_eq!(history(&host), Some(History::Unloaded));
    host.look();
    host.join("c-1", 80);
    assert_eq!(host.sent(), [page_of(Range::Before(Seq(81)), DEFAULT_PAGE)]);
    host.page(78, 80, vec![text(79, "agent-1"), text(80, "agent-1")]);
    assert_eq!(history(&host), Some(History::Partial));
    assert_eq!(host.sent_names(), ["delivered"], "nothing more is pulled by itself");
    host.wants(Command::LoadOlder(c1()));
    assert_eq!(host.sent(), [page_of(Range::Before(Seq(79)), DEFAULT_PAGE)]);
    assert_eq!(history(&host), Some(History::Loading));
    host.page(0, 78, vec![text(7, "agent-1")]);
    assert_eq!(history(&host), Some(History::Complete));
    assert_eq!(host.texts("c-1"), ["agent-1 at 7", "agent-1 at 79", "agent-1 at 80"]);
    assert_eq!(
        host.look(),
        [
            Effect::Changed(portico_client::Change::Conversation(Some(c1()))),
            list()
        ]
    );
}

fn list() -> Effect {
    Effect::Changed(portico_client::Change::List)
}

#[test]
fn history_is_not_announced_but_everything_after_it_is_in_order_and_once() {
    let mut host = Host::customer_in_chat(5);
    host.page(0, 5, vec![text(5, "agent-1")]);
    host.event(text(6, "agent-1"));
    host.event(text(6, "agent-1"));
    host.event(own(7, "customer-1", "p-1"));
    host.event(notice(8));
    host.event(text(9, "agent-2"));
    let arrived = |effect| match effect {
        Effect::Arrived { seq, .. } => Some(seq.0),
        _ => None,
    };
    let arrived: Vec<u64> = host.look().into_iter().filter_map(arrived).collect();
    assert_eq!(arrived, [6, 9]);
}

#[test]
fn an_orders_receipt_without_a_text_is_a_message_like_any_other() {
    let mut host = Host::customer_in_chat(0);
    host.look();
    host.event(said(1, "agent-1", MessageBody::Receipt(Box::default())));
    assert_eq!(host.entries("c-1").len(), 1);
    let unread = host
        .session
        .conversation(&c1())
        .map(portico_client::Conversation::unread);
    assert_eq!(unread, Some(1));
    let arrived = |effect: &Effect| matches!(effect, Effect::Arrived { .. });
    assert!(host.look().iter().any(arrived));
}

#[test]
fn a_gap_is_pulled_at_once_and_nothing_after_it_is_shown_before() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.look();
    host.event(text(4, "agent-1"));
    assert_eq!(host.sent(), [page_of(Range::After(Seq(1)), MAX_PAGE)]);
    assert!(
        host.session
            .conversation(&c1())
            .is_some_and(portico_client::Conversation::is_catching_up)
    );
    host.event(text(5, "agent-1"));
    assert_eq!(host.sent(), []);
    assert_eq!(host.texts("c-1"), ["agent-1 at 1"]);
    host.page(1, 4, vec![text(2, "agent-1"), text(4, "agent-1")]);
    assert_eq!(host.sent(), [page_of(Range::After(Seq(4)), MAX_PAGE)]);
    host.page(4, 5, vec![text(5, "agent-1")]);
    assert_eq!(
        host.texts("c-1"),
        ["agent-1 at 1", "agent-1 at 2", "agent-1 at 4", "agent-1 at 5"]
    );
    assert_eq!(host.sent_names(), ["delivered"]);
}

#[test]
fn positions_that_this_reader_may_not_see_are_no_gap() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.look();
    host.event_after(1, text(7, "agent-1"));
    assert_eq!(host.sent_names(), ["delivered"]);
    assert_eq!(host.texts("c-1"), ["agent-1 at 1", "agent-1 at 7"]);
}

#[test]
fn after_a_reconnect_the_session_reads_on_from_its_cursor_at_once() {
    let mut host = Host::customer_in_chat(3);
    host.page(0, 3, vec![text(3, "agent-1")]);
    host.look();
    host.reconnect(vec![summary("c-1", 9)]);
    let frames = host.sent();
    let [_, ClientFrame::Join(join)] = &frames[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(join.after.as_ref().map(|cursor| cursor.seq), Some(Seq(3)));
    host.join("c-1", 9);
    assert_eq!(host.sent(), [page_of(Range::After(Seq(3)), MAX_PAGE)]);
    host.page(3, 9, vec![text(8, "agent-1")]);
    assert_eq!(host.texts("c-1"), ["agent-1 at 3", "agent-1 at 8"]);
}

#[test]
fn a_page_that_is_refused_or_never_comes_is_asked_for_again() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(3, "agent-1"));
    host.look();
    host.refuse_nameless(Some(c1()), 4_000);
    host.pass(3_999);
    assert_eq!(host.sent(), []);
    host.pass(1);
    assert_eq!(host.sent_names(), ["page"]);
    host.pass(20_000);
    assert!(host.sent_names().contains(&"page"));
}

#[test]
fn what_should_have_come_by_itself_is_pulled_at_the_next_heartbeat() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.accept("p-1", "c-1", 1);
    host.look();
    host.pass(25_000);
    assert_eq!(
        host.sent(),
        [ClientFrame::Ping, page_of(Range::After(Seq(0)), MAX_PAGE)]
    );
}

#[test]
fn a_new_epoch_drops_what_was_cached_and_keeps_what_is_unsent() {
    let mut host = Host::customer_in_chat(3);
    host.page(0, 3, vec![text(3, "agent-1")]);
    host.post("p-1");
    host.epoch = "epoch-2";
    host.reconnect(vec![summary("c-1", 1)]);
    let frames = host.sent();
    let join = frames.iter().find_map(|frame| match frame {
        ClientFrame::Join(join) => Some(join),
        _ => None,
    });
    assert_eq!(join.map(|join| &join.after), Some(&None));
    host.join("c-1", 1);
    host.page(0, 1, vec![text(1, "agent-1")]);
    assert_eq!(host.texts("c-1"), ["agent-1 at 1", "text of p-1"]);
}

#[test]
fn an_edit_replaces_the_text_of_its_own_author_only() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    let edit = |seq, by| {
        about(
            said(seq, by, MessageBody::plain(format!("edit {seq}"))),
            "m-1",
            Some(Intent::Update),
        )
    };
    host.event(edit(2, "agent-2"));
    host.event(edit(3, "agent-1"));
    host.event(edit(4, "agent-1"));
    host.event(edit(5, "agent-2"));
    let entries = host.entries("c-1");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].text().as_deref(), Some("edit 4"));
    assert_eq!(entries[0].edited.as_ref().map(|edited| &edited.unsent), Some(&None));
    assert_eq!(entries[0].changed, Some(Seq(4)), "where the newest change stands");
    let newest = || {
        let chat = host.session.conversation(&c1()).expect("a chat");
        chat.last_edit().map(str::to_owned)
    };
    assert_eq!(newest().as_deref(), Some("edit 4"), "a list says it too");
}

#[test]
fn an_edit_of_a_message_that_is_not_loaded_yet_holds_once_it_is() {
    let mut host = Host::customer_in_chat(5);
    let edit = about(
        said(5, "agent-1", MessageBody::plain("new")),
        "m-2",
        Some(Intent::Update),
    );
    host.page(4, 5, vec![edit]);
    host.wants(Command::LoadOlder(c1()));
    host.page(0, 4, vec![text(2, "agent-1")]);
    assert_eq!(host.texts("c-1"), ["new"]);
}

#[test]
fn an_unsent_edit_stands_in_the_entry_that_it_changes() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    host.event(own(1, "agent-1", "p-1"));
    let draft = Draft {
        intent: Some("UPDATE".to_owned()),
        original_message_id: Some(MessageId::new("m-1")),
        ..Draft::new(MessageBody::plain("better"))
    };
    host.post_draft(Some("c-1"), "p-2", draft);
    let entries = host.entries("c-1");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].text().as_deref(), Some("better"));
    let unsent = entries[0].edited.as_ref().and_then(|edited| edited.unsent.clone());
    assert_eq!(unsent, Some((id("p-2"), SendState::Sending)));
}

/// What the page calls itself to which a message links.
fn preview(seq: u64, message: &str, title: &str) -> Item {
    let mut item = notice(seq);
    item.event.name = EventName::LinkPreview;
    item.event.data = EventData::LinkPreview(Box::new(LinkPreview {
        message_id: message.to_owned(),
        url: "https://shop.example/tent".to_owned(),
        title: title.to_owned(),
        ..LinkPreview::default()
    }));
    item
}

/// What stands under each message.
fn previews(host: &Host) -> Vec<Option<String>> {
    let entries = host.entries("c-1");
    let title = |entry: &LogEntry| {
        let event = entry.preview.as_ref()?;
        Some(event.link_preview()?.read().expect("a preview").title)
    };
    entries.iter().map(title).collect()
}

#[test]
fn a_preview_stands_under_its_message_and_is_announced_to_nobody() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(text(2, "agent-1"));
    host.look();
    host.sent();
    host.event(preview(3, "m-1", "Tent"));
    assert_eq!(previews(&host), [Some("Tent".to_owned()), None]);
    assert!(
        !host
            .look()
            .iter()
            .any(|effect| matches!(effect, Effect::Arrived { .. }))
    );
    assert_eq!(host.sent_names(), [""; 0], "it is neither delivered nor read");
    let chat = host.session.conversation(&c1()).expect("a chat");
    assert_eq!(chat.unread(), 2);
}

#[test]
fn a_preview_that_came_before_its_message_was_loaded_holds_once_it_is() {
    let mut host = Host::customer_in_chat(5);
    host.page(4, 5, vec![preview(5, "m-2", "Tent")]);
    host.wants(Command::LoadOlder(c1()));
    host.page(0, 4, vec![text(2, "agent-1")]);
    assert_eq!(previews(&host), [Some("Tent".to_owned())]);
}

#[test]
fn a_new_text_has_a_preview_of_its_own_or_none() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(preview(2, "m-1", "Tent"));
    let edit = said(3, "agent-1", MessageBody::plain("the stove"));
    host.event(about(edit, "m-1", Some(Intent::Update)));
    assert_eq!(previews(&host), [None]);
    host.event(preview(4, "m-1", "Stove"));
    assert_eq!(previews(&host), [Some("Stove".to_owned())]);
}

#[test]
fn a_deleted_message_says_so() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    let deleted = DeletedBody {
        message_id: "m-1".to_owned(),
        ..DeletedBody::default()
    };
    host.event(said(2, "agent-1", MessageBody::DeletedNotification(deleted)));
    let entries = host.entries("c-1");
    let states: Vec<_> = entries.iter().map(|entry| (entry.deleted, entry.changed)).collect();
    assert_eq!(states, [(true, Some(Seq(2)))]);
    let chat = host.session.conversation(&c1()).expect("a chat");
    assert!(chat.last_is_deleted(), "a list says it too");
}

#[test]
fn a_question_shows_the_answer_that_was_given_and_the_others_as_passed() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(text(2, "agent-1"));
    let answers = |host: &Host| {
        host.entries("c-1")
            .iter()
            .map(|entry| entry.answer.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(answers(&host), [Answer::Open, Answer::Open]);
    let draft = Draft {
        intent: Some("/yes".to_owned()),
        original_message_id: Some(MessageId::new("m-2")),
        ..Draft::new(MessageBody::plain("Yes"))
    };
    host.post_draft(None, "p-1", draft);
    let given = Answer::Given {
        intent: Some("/yes".to_owned()),
        text: "Yes".to_owned(),
        card: None,
    };
    assert_eq!(
        answers(&host)[..2],
        [Answer::Passed, given.clone()],
        "at once, before it is stored"
    );
    let stored = said(3, "customer-1", MessageBody::plain("Yes"));
    host.event(about(stored, "m-2", Some(Intent::parse("/yes"))));
    host.event(text(4, "agent-1"));
    let all = answers(&host);
    assert_eq!((&all[1], all.last()), (&given, Some(&Answer::Open)));
}

#[test]
fn the_end_of_a_chat_passes_what_was_asked_and_what_is_asked_at_the_end_is_open() {
    let mut end = notice(2);
    end.event.name = EventName::ChannelSessionEnded;
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(end);
    host.event(text(3, "agent-1"));
    let entries = host.entries("c-1");
    let asked = entries.iter().filter(|entry| entry.text().is_some());
    let answers: Vec<_> = asked.map(|entry| &entry.answer).collect();
    assert_eq!(answers, [&Answer::Passed, &Answer::Open]);
}

#[test]
fn what_an_app_asks_when_the_chat_is_over_takes_no_answer() {
    let mut end = notice(1);
    end.event.name = EventName::ChannelSessionEnded;
    let mut late = text(3, "app-1");
    late.event.event_emitter.kind = SenderType::App;
    let mut host = Host::customer_in_chat(0);
    host.event(end);
    host.event(text(2, "bot-1"));
    host.event(late);
    let entries = host.entries("c-1");
    let asked = entries.iter().filter(|entry| entry.text().is_some());
    let answers: Vec<_> = asked.map(|entry| &entry.answer).collect();
    assert_eq!(answers, [&Answer::Open, &Answer::Passed]);
}

fn pressed(payload: &str) -> Draft {
    Draft {
        intent: Some(payload.to_owned()),
        original_message_id: Some(MessageId::new("m-1")),
        ..Draft::new(MessageBody::plain(payload))
    }
}

#[test]
fn of_two_tabs_answers_to_one_question_the_first_stays_and_the_second_vanishes() {
    let mut host = Host::customer_in_chat(0);
    host.event(said(1, "bot-1", MessageBody::Button(ButtonBody::default())));
    host.post_draft(None, "p-1", pressed("/blue"));
    host.post("p-2");
    let chosen = |host: &Host| {
        let question = host.entries("c-1")[0].answer.clone();
        (
            question.chose("Red", "/red", None),
            question.chose("Blue", "/blue", None),
        )
    };
    assert_eq!(
        chosen(&host),
        (false, true),
        "at once, before the relay has said anything"
    );
    host.look();

    let theirs = said(2, "customer-1", MessageBody::plain("/red"));
    host.event(about(theirs, "m-1", Some(Intent::parse("/red"))));
    assert_eq!(chosen(&host), (true, false), "what was stored first is the answer");
    host.refuse("p-1", RefusalCode::AlreadyAnswered, None);
    assert_eq!(chosen(&host), (true, false));
    assert_eq!(host.state("c-1", "p-1"), None, "nothing failed, nothing to retry");
    assert_eq!(
        host.state("c-1", "p-2"),
        Some(SendState::Sending),
        "and nothing waits behind it"
    );
    assert_eq!(host.storage.len(), 1);
    let effects = host.look();
    let told =
        |effect: &Effect| matches!(effect, Effect::Refused { code, .. } if *code == RefusalCode::AlreadyAnswered);
    assert!(effects.iter().any(told), "{effects:?}");
}

#[test]
fn an_answer_on_a_card_names_the_card() {
    let mut host = Host::customer_in_chat(0);
    host.event(said(1, "bot-1", MessageBody::Carousel(CarouselBody::default())));
    let on_card = |card: &str| Some([("carousalCardId".to_owned(), json!(card))].into_iter().collect());
    let draft = Draft {
        additional_data: on_card("two"),
        ..pressed("choose")
    };
    host.post_draft(None, "p-1", draft);
    let chosen = |host: &Host| {
        let answer = host.entries("c-1")[0].answer.clone();
        ["one", "two"].map(|card| answer.chose("choose", "choose", Some(card)))
    };
    assert_eq!(chosen(&host), [false, true]);
    let mut stored = about(own(2, "customer-1", "p-1"), "m-1", Some(Intent::parse("choose")));
    if let EventData::Message(message) = &mut stored.event.data {
        message.header.additional_data = on_card("two");
    }
    host.event(stored);
    assert_eq!(chosen(&host), [false, true], "as it is stored, too");
}

#[test]
fn a_menu_is_passed_by_a_newer_one_and_not_by_a_text_or_cards() {
    let mut host = Host::customer_in_chat(0);
    let menu = |seq| said(seq, "bot-1", MessageBody::Button(ButtonBody::default()));
    let open = |host: &Host| {
        let entries = host.entries("c-1");
        entries
            .iter()
            .map(|entry| entry.answer == Answer::Open)
            .collect::<Vec<_>>()
    };
    host.event(menu(1));
    host.event(text(2, "bot-1"));
    host.event(said(3, "bot-1", MessageBody::Carousel(CarouselBody::default())));
    assert_eq!(open(&host), [true, true, true]);
    host.event(menu(4));
    assert_eq!(open(&host), [false, true, true, true]);
    let deleted = DeletedBody {
        message_id: "m-4".to_owned(),
        ..DeletedBody::default()
    };
    host.event(said(5, "bot-1", MessageBody::DeletedNotification(deleted)));
    assert_eq!(open(&host), [true, true, true, true], "the newer one was taken back");
    let stays = ButtonBody {
        additional_details: Some(json!({ "interactive": { "disableInteraction": false } })),
        ..ButtonBody::default()
    };
    host.event(said(6, "bot-1", MessageBody::Button(stays)));
    host.event(menu(7));
    assert_eq!(open(&host)[4..], [true, true], "one says that it stays");
}

#[test]
fn a_body_without_text_is_an_entry_all_the_same() {
    let mut host = Host::customer_in_chat(0);
    host.event(said(1, "agent-1", MessageBody::Image(Media::default())));
    assert_eq!(host.entries("c-1").len(), 1);
    assert_eq!(host.entries("c-1")[0].text(), None);
}

#[test]
fn entries_keep_their_key_from_the_first_moment_on() {
    let mut host = Host::customer_in_chat(0);
    host.post("p-1");
    host.accept("p-1", "c-1", 2);
    assert_eq!(host.entries("c-1")[0].key, "p-1");
    host.event(text(1, "agent-1"));
    let keys = |host: &Host| {
        host.entries("c-1")
            .into_iter()
            .map(|entry| entry.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&host), ["#1", "p-1"]);
    host.event(own(2, "customer-1", "p-1"));
    assert_eq!(keys(&host), ["#1", "p-1"]);
}
