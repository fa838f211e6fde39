//! Which messages make a run.

use crate::world::{DAY, MINUTE, agents, customers, failed, happened, mine, outline, text, unsent, with_event};
use portico_shared::cim::{EventData, EventName};
use portico_shared::frame::Audience;

#[test]
fn messages_of_one_author_within_three_minutes_make_a_run() {
    let entries = [
        text(1, 0, "bob"),
        text(2, 3 * MINUTE, "bob"),
        text(3, 6 * MINUTE + 1, "bob"),
    ];
    assert_eq!(outline(&customers(&entries))[1..], [">bob 1", "bob 2<", ">bob 3<"]);
    assert_eq!(outline(&agents(&entries))[1..], [">bob 1", "bob 2<", ">bob 3<"]);
}

#[test]
fn another_author_begins_a_run() {
    let entries = [text(1, 0, "bob"), text(2, 0, "robot"), text(3, 0, "bob")];
    assert_eq!(outline(&customers(&entries))[1..], [">bob 1<", ">robot 2<", ">bob 3<"]);
    assert_eq!(outline(&agents(&entries))[1..], [">bob 1<", ">robot 2<", ">bob 3<"]);
}

#[test]
fn own_messages_make_a_run_whether_they_are_stored_or_not() {
    let stored = |by| mine(text(1, 0, by));
    let entries = |by| [stored(by), unsent("p-1", MINUTE, Audience::Everyone)];
    assert_eq!(outline(&customers(&entries("carol")))[1..], [">carol 1", "p-1<"]);
    assert_eq!(outline(&agents(&entries("ada")))[1..], [">ada 1", "p-1<"]);
}

#[test]
fn a_failed_message_stands_alone() {
    let entries = [
        mine(text(1, 0, "carol")),
        failed(unsent("p-1", 1, Audience::Everyone)),
        unsent("p-2", 2, Audience::Everyone),
        unsent("p-3", 3, Audience::Everyone),
    ];
    assert_eq!(
        outline(&customers(&entries))[1..],
        [">carol 1<", ">p-1<", ">p-2", "p-3<"]
    );
}

#[test]
fn what_happened_between_ends_a_run_and_what_is_hidden_does_not() {
    let between = |name| {
        [
            text(1, 0, "bob"),
            happened(2, 0, "system", name, EventData::Null),
            text(3, 0, "bob"),
        ]
    };
    let paused = customers(&between(EventName::ConversationPaused));
    assert_eq!(outline(&paused)[1..], [">bob 1<", "event", ">bob 3<"]);
    let hidden = customers(&between(EventName::BotSubscribed));
    assert_eq!(outline(&hidden)[1..], [">bob 1", "bob 3<"]);
}

#[test]
fn a_new_day_ends_a_run() {
    let entries = [text(1, DAY - 1, "bob"), text(2, DAY, "bob")];
    assert_eq!(outline(&customers(&entries)), ["day 0", ">bob 1<", "day 1", ">bob 2<"]);
}

#[test]
fn a_whisper_and_a_message_make_no_run() {
    let whisper = with_event(text(2, 0, "bob"), |event| event.name = EventName::WhisperMessage);
    let entries = [text(1, 0, "bob"), whisper];
    assert_eq!(outline(&agents(&entries))[1..], [">bob 1<", ">bob 2<"]);
}
