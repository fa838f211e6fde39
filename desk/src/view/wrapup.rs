//! The wrap-up dialog: codes, a note, and leaving the conversation.

use super::dialog;
use crate::i18n::{self, t};
use crate::state::{Desk, WrapUpDraft};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use portico_shared::cim::body::WrapUpBody;
use portico_shared::http::WrapupCategory;
use portico_shared::ids::ConversationId;
use portico_shared::text::says_nothing;
use serde_json::json;

/// A conversation is wrapped up with at most this many codes.
const MAX_CODES: usize = 5;

/// One code: its category and its value.
type Code = (String, String);

/// The codes that can be chosen.
#[derive(Clone, PartialEq)]
enum Codes {
    Loading,
    Failed,
    Known(Vec<WrapupCategory>),
}

/// The dialog.
pub(crate) fn view(desk: Desk, conversation: ConversationId) -> AnyView {
    let codes = RwSignal::new(Codes::Loading);
    let WrapUpDraft { codes: kept, note } = desk.drafts.peek(&conversation).noted;
    let (chosen, note) = (RwSignal::new(kept), RwSignal::new(note));
    // Escape, or a press beside the dialog, closes it at any time: nothing that was noted goes with it.
    let of = conversation.clone();
    Effect::new(move |_| {
        let codes = chosen.get();
        desk.note(
            &of,
            WrapUpDraft {
                codes,
                note: note.get(),
            },
        );
    });
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; a dialog that is gone is not told"
    )]
    spawn_local(async move {
        let answer = desk.wrapups().await;
        // The dialog may be gone by now.
        let _ = codes.try_set(answer.map_or(Codes::Failed, Codes::Known));
    });
    let close = move || desk.set_dialog(None);
    let live = untrack(|| desk.watch_open(|_, conversation| conversation.is_live())).unwrap_or(false);
    let body = move || {
        let intro = live.then(|| html::p().child(t().wrap_up_live()));
        (
            html::div()
                .class("dialog__head")
                .child(html::h2().attr("id", "wrapup-title").child(t().wrap_up_title()))
                .child(html::p().child(t().wrap_up_intro()))
                .child(intro),
            html::div()
                .class("dialog__body")
                .child(move || code_lists(&codes.get(), chosen))
                .child(note_field(note)),
            foot(desk, conversation, chosen, note),
        )
            .into_any()
    };
    dialog::modal("wrapup-title", "", body, close)
}

fn code_lists(codes: &Codes, chosen: RwSignal<Vec<Code>>) -> AnyView {
    match codes {
        Codes::Loading => html::p().attr("role", "status").child(t().wrap_up_loading()).into_any(),
        Codes::Failed => html::p().attr("role", "status").child(t().wrap_up_failed()).into_any(),
        Codes::Known(categories) if categories.is_empty() => html::p().child(t().wrap_up_none()).into_any(),
        Codes::Known(categories) => categories
            .iter()
            .map(|category| group(category, chosen))
            .collect::<Vec<_>>()
            .into_any(),
    }
}

fn group(category: &WrapupCategory, chosen: RwSignal<Vec<Code>>) -> AnyView {
    let boxes: Vec<_> = category
        .values
        .iter()
        .map(|value| check((category.category.clone(), value.clone()), chosen))
        .collect();
    html::fieldset()
        .class("codes")
        .child(html::legend().attr("dir", "auto").child(category.category.clone()))
        .child(html::div().class("codes__list").child(boxes))
        .into_any()
}

fn check(code: Code, chosen: RwSignal<Vec<Code>>) -> AnyView {
    let (own, changed) = (code.clone(), code.clone());
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&own)));
    let is_full = move || chosen.with(|chosen| is_full(chosen)) && !is_chosen.get();
    let change = move |_| chosen.update(|chosen| toggle(chosen, &changed));
    html::label()
        .class("code")
        .child(
            html::input()
                .attr("type", "checkbox")
                .prop("checked", move || is_chosen.get())
                .prop("disabled", is_full)
                .on(ev::change, change),
        )
        .child(html::span().attr("dir", "auto").child(code.1))
        .into_any()
}

fn note_field(note: RwSignal<String>) -> AnyView {
    html::div()
        .class("field")
        .child(
            html::label()
                .class("field__label")
                .attr("for", "wrapup-note")
                .child(t().wrap_up_note()),
        )
        .child(
            html::textarea()
                .class("input")
                .attr("id", "wrapup-note")
                .attr("dir", "auto")
                .attr("rows", "3")
                .prop("value", move || note.get())
                .on(ev::input, move |event| note.set(event_target_value(&event))),
        )
        .into_any()
}

fn foot(desk: Desk, conversation: ConversationId, chosen: RwSignal<Vec<Code>>, note: RwSignal<String>) -> AnyView {
    let without = conversation.clone();
    let leave = move |_| {
        desk.set_dialog(None);
        desk.leave(
            conversation.clone(),
            wrap_up(&chosen.get_untracked(), &note.get_untracked()),
        );
    };
    let skip = move |_| {
        desk.set_dialog(None);
        desk.leave(without.clone(), None);
    };
    let nothing = move || chosen.with(|codes| note.with(|note| wrap_up(codes, note).is_none()));
    html::div()
        .class("dialog__foot")
        .child(
            html::p()
                .attr("aria-live", "polite")
                .child(move || i18n::codes_chosen(chosen.with(Vec::len), MAX_CODES)),
        )
        .child(
            html::button()
                .class("button")
                .attr("type", "button")
                .on(ev::click, skip)
                .child(t().wrap_up_skip()),
        )
        .child(
            html::button()
                .class("button button--primary")
                .attr("type", "button")
                .prop("disabled", nothing)
                .on(ev::click, leave)
                .child(t().wrap_up_leave()),
        )
        .into_any()
}

/// Chooses a code, or gives it up. The order is that of choosing.
fn toggle(chosen: &mut Vec<Code>, code: &Code) {
    match chosen.iter().position(|other| other == code) {
        Some(at) => drop(chosen.remove(at)),
        None if is_full(chosen) => {}
        None => chosen.push(code.clone()),
    }
}

/// Whether no other code can be chosen.
fn is_full(chosen: &[Code]) -> bool {
    chosen.len() >= MAX_CODES
}

/// The body to post; nothing if nothing was noted.
fn wrap_up(codes: &[Code], note: &str) -> Option<WrapUpBody> {
    let note = Some(note.trim()).filter(|note| !says_nothing(note));
    if codes.is_empty() && note.is_none() {
        return None;
    }
    let codes = codes
        .iter()
        .map(|(category, value)| json!({ "categoryName": category, "value": value }));
    Some(WrapUpBody {
        note: note.map(str::to_owned),
        wrapups: codes.collect(),
        ..WrapUpBody::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(value: &str) -> Code {
        ("Sales".to_owned(), value.to_owned())
    }

    #[test]
    fn a_code_is_chosen_and_given_up_by_the_same_press() {
        let mut chosen = vec![code("Lead")];
        toggle(&mut chosen, &code("Order"));
        assert_eq!(chosen, [code("Lead"), code("Order")]);
        toggle(&mut chosen, &code("Lead"));
        assert_eq!(chosen, [code("Order")]);
    }

    #[test]
    fn no_more_codes_are_chosen_than_a_wrap_up_may_have() {
        let all: Vec<_> = ["a", "b", "c", "d", "e"].map(code).into();
        let mut chosen = all.clone();
        toggle(&mut chosen, &code("f"));
        assert_eq!(chosen, all);
        toggle(&mut chosen, &code("e"));
        assert!(!is_full(&chosen));
    }

    #[test]
    fn what_was_noted_is_posted_and_nothing_is_not() {
        assert!(wrap_up(&[], " \u{200b} ").is_none());
        let body = wrap_up(&[code("Lead")], " Call back. ").expect("something was noted");
        assert_eq!(body.note.as_deref(), Some("Call back."));
        assert_eq!(body.wrapups, [json!({ "categoryName": "Sales", "value": "Lead" })]);
        assert_eq!(wrap_up(&[code("Lead")], "").and_then(|body| body.note), None);
    }
}
