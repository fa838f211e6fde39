//! The list of conversations.

use super::components::{day_or_clock, unseen};
use super::{presence, reservation};
use crate::i18n::t;
use crate::state::{Desk, Identity, LastMessage, Mode, Preview};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::ids::ConversationId;
use portico_ui::avatar::avatar;
use portico_ui::icon::{BELL_OFF, CLOCK, GLOBE, HEADPHONES, INBOX, LOCK, VERIFIED, icon};
use portico_ui::time::stopwatch;

/// From this many milliseconds of waiting on, the time turns amber. No queue states a service level yet, so these two
/// follow from how chats are felt: after a minute without an answer customers begin to doubt that one comes,
const SOON_MS: i64 = 60_000;
/// and after three of them they leave: from here on it is red.
const LATE_MS: i64 = 180_000;

/// The list with its head.
pub(crate) fn view(desk: Desk) -> AnyView {
    let rows = Memo::new(move |_| desk.previews());
    html::section()
        .class("inbox")
        .attr("aria-label", t().inbox())
        .child(
            html::header()
                .class("inbox__head")
                .child(html::h2().class("inbox__title").child(t().inbox()))
                .child(presence::view(desk)),
        )
        .child(muffled(desk))
        .child(reservation::all(desk))
        .child(
            html::div()
                .class("inbox__scroll")
                .on(ev::keydown, move |event| walk(&event))
                .on(ev::pointermove, move |_| desk.point_at_list(true))
                .on(ev::pointerleave, move |_| desk.point_at_list(false))
                .on(ev::focusin, move |event| desk.walk_in_list(is_keyboards(&event)))
                .on(ev::focusout, move |_| desk.walk_in_list(false))
                .child(section(desk, rows, t().mine(), true))
                .child(section(desk, rows, t().ended(), false))
                .child(move || rows.with(Vec::is_empty).then(|| empty(desk))),
        )
        .into_any()
}

/// After a reload browsers keep a page silent until it is touched. The click on the button is such a touch itself.
fn muffled(desk: Desk) -> AnyView {
    let hint = move || {
        let is_muffled = desk.is_muffled();
        is_muffled.then(|| {
            html::p()
                .class("inbox__muffled")
                .child(icon(BELL_OFF))
                .child(html::span().child(t().muffled()))
                .child(
                    html::button()
                        .class("button")
                        .attr("type", "button")
                        .on(ev::click, move |_| desk.touched())
                        .child(t().turn_sound_on()),
                )
        })
    };
    html::div().attr("role", "status").child(hint).into_any()
}

fn section(desk: Desk, rows: Memo<Vec<Preview>>, title: &'static str, live: bool) -> AnyView {
    let ids = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter()
                .filter(|row| row.live == live)
                .map(|row| row.id.clone())
                .collect::<Vec<_>>()
        })
    });
    let items = move || {
        For(ForProps::builder()
            .each(move || ids.get())
            .key(ConversationId::clone)
            .children(move |id| html::li().child(row(desk, rows, id)))
            .build())
    };
    let shown = Memo::new(move |_| ids.with(|ids| !ids.is_empty()));
    let section = move || {
        shown.get().then(|| {
            html::section()
                .child(
                    html::h3()
                        .class("inbox__section")
                        .child(title)
                        .child(html::span().class("inbox__count").child(move || ids.with(Vec::len))),
                )
                .child(html::ul().child(items()))
        })
    };
    section.into_any()
}

fn row(desk: Desk, rows: Memo<Vec<Preview>>, id: ConversationId) -> AnyView {
    let wanted = id.clone();
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.id == wanted).cloned()));
    let of_row = id.clone();
    let is_open = Memo::new(move |_| desk.open().as_ref() == Some(&of_row));
    let class = move || row.with(|row| row.as_ref().map_or("row", row_class));
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("aria-current", move || is_open.get().to_string())
        .on(ev::click, move |_| desk.show(id.clone()))
        .child(move || row.get().map(|row| inside(desk, &row)))
        .into_any()
}

/// What is new stands out; what only agents see has a colour of its own.
fn row_class(preview: &Preview) -> &'static str {
    match &preview.last {
        _ if preview.unread > 0 => "row row--unread",
        LastMessage::Whisper(_) | LastMessage::Draft(Mode::Whisper, _) => "row row--whisper",
        LastMessage::Draft(Mode::Reply, _)
        | LastMessage::Customer(_)
        | LastMessage::Ours(..)
        | LastMessage::Nothing => "row",
    }
}

fn inside(desk: Desk, row: &Preview) -> AnyView {
    let side = match (row.waiting_since, row.unread) {
        (Some(since), _) => waiting(desk, since),
        (None, _) => html::span()
            .class("row__time")
            .child(day_or_clock(row.at_ms, desk.today()))
            .into_any(),
    };
    let badge = (row.unread > 0).then(|| {
        let badge = html::span()
            .class("badge")
            .attr("aria-hidden", "true")
            .child(row.unread.to_string());
        (badge, unseen(t().unread(row.unread as usize)))
    });
    (
        avatar(&row.picture, "CUSTOMER", &row.name),
        html::span()
            .class("row__main")
            .child(
                html::span()
                    .class("row__line")
                    .child(
                        html::span()
                            .class("row__name")
                            .attr("dir", "auto")
                            .child(row.name.clone()),
                    )
                    .child((row.identity == Identity::Verified).then(verified_mark))
                    .child(side),
            )
            .child(
                html::span()
                    .class("row__line")
                    .child(last_message(&row.last))
                    .child(badge),
            )
            .child(
                html::span()
                    .class("row__meta")
                    .child(icon(GLOBE))
                    .child(html::span().child(row.channel.clone().unwrap_or_default()))
                    .child(icon(HEADPHONES))
                    .child(html::span().attr("dir", "auto").child(row.holder.clone())),
            ),
    )
        .into_any()
}

fn verified_mark() -> AnyView {
    html::span()
        .class("row__verified")
        .attr("title", t().verified())
        .child(icon(VERIFIED))
        .child(unseen(t().verified()))
        .into_any()
}

fn last_message(last: &LastMessage) -> AnyView {
    let line = |before: Option<AnyView>, text: String| {
        html::span()
            .class("row__last")
            .attr("dir", "auto")
            .child(before)
            .child(text)
            .into_any()
    };
    match last {
        LastMessage::Draft(mode, text) => {
            let lock = (*mode == Mode::Whisper).then(whisper_mark);
            let mark = html::span().class("row__draft").child(t().draft());
            line(Some((lock, mark).into_any()), format!(" {text}"))
        }
        LastMessage::Customer(text) => line(None, text.clone()),
        LastMessage::Ours(name, text) => line(None, t().said(name, text)),
        LastMessage::Whisper(text) => line(Some(whisper_mark()), text.clone()),
        LastMessage::Nothing => line(None, t().no_messages().to_owned()),
    }
}

fn whisper_mark() -> AnyView {
    html::span()
        .class("row__whisper")
        .child(icon(LOCK))
        .child(unseen(t().whisper_prefix()))
        .into_any()
}

fn waiting(desk: Desk, since: i64) -> AnyView {
    let waited = Memo::new(move |_| (desk.now() - since).max(0));
    let class = move || wait_class(waited.get());
    let words = move || stopwatch(waited.get());
    html::span()
        .class(class)
        .attr("title", move || t().waiting(&words()))
        .child(icon(CLOCK))
        .child(html::span().child(words))
        .into_any()
}

/// The colour of a wait.
fn wait_class(waited_ms: i64) -> &'static str {
    match waited_ms {
        LATE_MS.. => "wait wait--late",
        SOON_MS.. => "wait wait--soon",
        _ => "wait",
    }
}

fn empty(desk: Desk) -> AnyView {
    let hint = move || {
        if desk.is_ready() {
            t().list_empty_ready()
        } else {
            t().list_empty_not_ready()
        }
    };
    let become_ready = move || {
        (!desk.is_ready()).then(|| {
            html::button()
                .class("button button--primary")
                .attr("type", "button")
                .on(ev::click, move |_| desk.set_state(AgentStateName::Ready, None))
                .child(t().become_ready())
        })
    };
    html::div()
        .class("inbox__empty")
        .child(icon(INBOX))
        .child(html::strong().child(t().list_empty()))
        .child(html::p().child(hint))
        .child(become_ready)
        .into_any()
}

/// Arrow keys walk through the rows, in both parts.
fn walk(event: &ev::KeyboardEvent) {
    let list = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(Ok(rows)) = list.map(|list| list.query_selector_all(".row")) else {
        return;
    };
    let focused = document().active_element();
    let at = (0..rows.length()).find(|at| rows.get(*at).as_ref() == focused.as_ref().map(AsRef::as_ref));
    let Some(next) = (!event.alt_key())
        .then(|| next_row(&event.key(), at, rows.length()))
        .flatten()
    else {
        return;
    };
    let row = rows
        .get(next)
        .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(row) = row {
        event.prevent_default();
        let _ = row.focus();
    }
}

/// Whether the focus has come by the keyboard: a press leaves it on a row, too.
fn is_keyboards(event: &web_sys::FocusEvent) -> bool {
    let on = event.target().and_then(|on| on.dyn_into::<web_sys::Element>().ok());
    on.is_some_and(|on| on.matches(":focus-visible").unwrap_or(false))
}

/// The row that a key goes to from another one, or from outside the list.
fn next_row(key: &str, from: Option<u32>, count: u32) -> Option<u32> {
    let last = count.checked_sub(1)?;
    let to = match (key, from) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown" | "ArrowUp", None) => 0,
        ("ArrowDown", Some(at)) => at.saturating_add(1).min(last),
        ("ArrowUp", Some(at)) => at.saturating_sub(1),
        _ => return None,
    };
    Some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_turns_amber_after_a_minute_and_red_after_three() {
        let classes = [0, 59_999, 60_000, 179_999, 180_000].map(wait_class);
        let expected = ["wait", "wait", "wait wait--soon", "wait wait--soon", "wait wait--late"];
        assert_eq!(classes, expected);
    }

    #[test]
    fn a_row_with_something_new_stands_out_over_what_only_agents_see() {
        let class = |last: LastMessage, unread: u32| {
            row_class(&Preview {
                id: ConversationId::new("c-1"),
                name: String::new(),
                picture: String::new(),
                last,
                at_ms: 0,
                waiting_since: None,
                unread,
                channel: None,
                holder: String::new(),
                live: true,
                identity: Identity::Claimed,
            })
        };
        let whisper = || LastMessage::Whisper("Mine?".to_owned());
        assert_eq!(class(whisper(), 1), "row row--unread");
        assert_eq!(class(whisper(), 0), "row row--whisper");
        assert_eq!(
            class(LastMessage::Draft(Mode::Whisper, String::new()), 0),
            "row row--whisper"
        );
        assert_eq!(class(LastMessage::Draft(Mode::Reply, String::new()), 0), "row");
        assert_eq!(class(LastMessage::Nothing, 0), "row");
    }

    #[test]
    fn arrows_walk_through_the_rows_and_stop_at_the_ends() {
        assert_eq!(next_row("ArrowDown", Some(0), 3), Some(1));
        assert_eq!(next_row("ArrowDown", Some(2), 3), Some(2));
        assert_eq!(next_row("ArrowUp", Some(0), 3), Some(0));
        assert_eq!(next_row("End", Some(0), 3), Some(2));
        assert_eq!(next_row("Home", Some(2), 3), Some(0));
    }

    #[test]
    fn an_arrow_from_outside_goes_to_the_first_row() {
        assert_eq!(next_row("ArrowUp", None, 3), Some(0));
        assert_eq!(next_row("End", None, 3), Some(2));
        assert_eq!(next_row("ArrowDown", None, 0), None);
        assert_eq!(next_row("a", None, 3), None);
    }
}
