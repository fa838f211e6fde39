//! What the assistant suggests: chips above the composer; one click puts the text into it, nothing is sent.

use super::components::key;
use crate::action::Action;
use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::Content;
use portico_client::agent::LogEntry;
use portico_client::timeline::one_line;
use portico_shared::cim::{EventData, EventName};
use portico_shared::text::says_nothing;
use portico_ui::icon::{SUGGEST, icon};

/// This many chips have a key.
const MOST: usize = 3;

/// The chips; empty if nothing is suggested.
pub(crate) fn view(desk: Desk) -> AnyView {
    let shown = Memo::new(move |_| suggested(&desk.entries()));
    let chips = move || {
        let texts = shown.get();
        (!texts.is_empty()).then(|| {
            let chips: Vec<_> = texts
                .into_iter()
                .zip(1_u8..)
                .map(|(text, number)| chip(desk, text, number))
                .collect();
            html::div()
                .class("suggestions")
                .attr("role", "group")
                .attr("aria-label", t().suggestions())
                .child(
                    html::span()
                        .class("suggestions__label")
                        .attr("aria-hidden", "true")
                        .child(icon(SUGGEST))
                        .child(html::span().child(t().suggestions())),
                )
                .child(html::div().class("suggestions__list").child(chips))
        })
    };
    chips.into_any()
}

/// How many suggestions have a key.
pub(crate) fn count(desk: Desk) -> usize {
    suggested(&desk.entries()).len()
}

/// Puts the suggestion with this number, counted from one, into the composer.
pub(crate) fn take_nth(desk: Desk, number: u8) {
    let suggested = untrack(|| suggested(&desk.entries()));
    if let Some(text) = usize::from(number).checked_sub(1).and_then(|at| suggested.get(at)) {
        take(desk, text);
    }
}

fn chip(desk: Desk, text: String, number: u8) -> AnyView {
    let action = Action::Suggestion(number);
    let shown = one_line(&text);
    html::button()
        .class("suggestion")
        .attr("type", "button")
        .attr("aria-label", t().use_suggestion(&shown))
        .attr("aria-keyshortcuts", action.aria())
        .attr("title", format!("{shown} ({})", action.hint()))
        .on(ev::click, move |_| take(desk, &text))
        .child(key(action.keys().last().copied().unwrap_or_default()))
        .child(html::span().attr("dir", "auto").child(shown))
        .into_any()
}

/// What is typed already stays, and the whisper is not touched.
fn take(desk: Desk, text: &str) {
    if let Some(id) = untrack(|| desk.open()) {
        desk.take(&id, text);
    }
}

/// What the assistant has suggested since the customer or an agent last spoke, in its order: each of its messages is a suggestion of
/// its own.
fn suggested(entries: &[LogEntry]) -> Vec<String> {
    let newest = entries.iter().rev().take_while(|entry| !ends_suggestions(entry));
    let mut texts: Vec<Vec<String>> = newest.map(texts_of).collect();
    texts.reverse();
    texts.into_iter().flatten().take(MOST).collect()
}

/// Whether what was suggested before this entry is about something older.
fn ends_suggestions(entry: &LogEntry) -> bool {
    match &entry.content {
        Content::Event(event) => matches!(event.name, EventName::AgentMessage | EventName::CustomerMessage),
        Content::Unsent(_) => true,
    }
}

fn texts_of(entry: &LogEntry) -> Vec<String> {
    let Content::Event(event) = &entry.content else {
        return Vec::new();
    };
    let EventData::Suggestion(message) = &event.data else {
        return Vec::new();
    };
    let texts = message
        .suggestions
        .iter()
        .filter_map(|one| one.message_body.markdown_text());
    texts.filter(|text| !says_nothing(text)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, event, text, unsent, whisper};
    use portico_shared::cim::{MessageBody, Suggestion, SuggestionMessage};

    fn suggests(seq: u64, texts: &[&str]) -> LogEntry {
        let suggestions = texts.iter().map(|text| Suggestion {
            message_body: MessageBody::plain(*text),
            ..Suggestion::default()
        });
        let message = SuggestionMessage {
            suggestions: suggestions.collect(),
            ..SuggestionMessage::default()
        };
        let data = EventData::Suggestion(Box::new(message));
        entry(seq, event(0, "bot", EventName::BotSuggestion, data))
    }

    #[test]
    fn what_was_suggested_since_somebody_spoke_stands_in_its_order() {
        let entries = [
            suggests(1, &["old"]),
            entry(2, text(0, "carol", "Hi")),
            suggests(3, &["one", " ", "\u{200b}"]),
            entry(4, whisper(0, "bob", "Good")),
            suggests(5, &["two"]),
        ];
        assert_eq!(suggested(&entries), ["one", "two"]);
    }

    #[test]
    fn an_answer_ends_the_suggestions_before_it_is_stored() {
        assert!(suggested(&[suggests(1, &["one"]), unsent("p-1", "Hello")]).is_empty());
        assert!(suggested(&[suggests(1, &["one"]), entry(2, text(0, "bob", "Hello"))]).is_empty());
    }

    #[test]
    fn no_more_are_shown_than_have_a_key() {
        assert_eq!(
            suggested(&[suggests(1, &["a", "b"]), suggests(2, &["c", "d"])]),
            ["a", "b", "c"]
        );
    }
}
