//! Where a day line stands.

use crate::world::{DAY, MINUTE, customers, customers_in, happened, outline, text, unsent, zone};
use portico_client::timeline::TimelineItem;
use portico_shared::cim::{EventData, EventName};
use portico_shared::frame::Audience;

#[test]
fn a_day_line_stands_before_the_first_item_of_each_day() {
    let entries = [
        text(1, DAY - 2 * MINUTE, "bob"),
        text(2, DAY - MINUTE, "bob"),
        text(3, DAY, "bob"),
        unsent("p-1", 3 * DAY, Audience::Everyone),
    ];
    let expected = ["day 0", ">bob 1", "bob 2<", "day 1", ">bob 3<", "day 3", ">p-1<"];
    assert_eq!(outline(&customers(&entries)), expected);
}

#[test]
fn midnight_is_that_of_the_readers_time_zone() {
    let entries = [text(1, 22 * 60 * MINUTE, "bob"), text(2, 23 * 60 * MINUTE, "bob")];
    let days = |hours| {
        let items = customers_in(&entries, zone(hours));
        let is_day = |item: &&_| matches!(item, TimelineItem::Day { .. });
        items.iter().filter(is_day).count()
    };
    assert_eq!((days(0), days(1), days(2)), (1, 2, 1));
}

#[test]
fn a_clock_that_is_behind_does_not_bring_a_day_back() {
    let entries = [text(1, DAY, "bob"), text(2, DAY - 1, "ada"), text(3, DAY + 1, "bob")];
    assert_eq!(
        outline(&customers(&entries)),
        ["day 1", ">bob 1<", ">ada 2<", ">bob 3<"]
    );
}

#[test]
fn what_is_not_shown_begins_no_day() {
    let entries = [
        text(1, 0, "bob"),
        happened(2, DAY, "system", EventName::BotSubscribed, EventData::Null),
    ];
    assert_eq!(outline(&customers(&entries)), ["day 0", ">bob 1<"]);
}

#[test]
fn the_key_of_a_day_stays_when_older_messages_of_it_are_loaded() {
    let (older, newer) = (text(1, 0, "bob"), text(2, MINUTE, "bob"));
    let before = customers(std::slice::from_ref(&newer));
    let after = customers(&[older, newer]);
    assert_eq!(before[0].key(), after[0].key());
    assert!(matches!(after[0], TimelineItem::Day { at_ms: 0, .. }));
}
