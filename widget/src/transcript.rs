//! What was said, as a text file for the visitor.

use crate::i18n::{locale, t};
use crate::state::Chat;
use crate::wording;
use leptos::prelude::untrack;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_ui::time::{Style, write};

/// Saves what is loaded of the conversation, or says that it cannot.
pub(crate) fn save(chat: Chat) {
    let text = untrack(|| {
        text_of(&chat.timeline().items, |at_ms| {
            write(at_ms, Style::Exact, &locale().tag)
        })
    });
    portico_lazy::save("chat.txt", text, move || {
        chat.document.announcer.announce(t().part_failed().to_owned());
    });
}

/// A line for each message and notice, and a blank one before each day. `written` writes a time.
fn text_of(items: &[CustomerItem], written: impl Fn(i64) -> String) -> String {
    let mut text = String::new();
    for item in items {
        let line = match item {
            TimelineItem::Day { .. } => "\n".to_owned(),
            TimelineItem::Event(event) => ["* ", &wording::notice(&event.what, t()), "\n"].concat(),
            TimelineItem::Message(message) => {
                let (author, said) = (t().isolate(&wording::author(message, t())), wording::spoken(message));
                ["[", &written(message.at_ms), "] ", &author, ": ", &said, "\n"].concat()
            }
        };
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::text_of;
    use crate::fixtures::{bot_message, item, own_message, text, texts};
    use portico_client::timeline::{CustomerNotice, TimelineEvent, TimelineItem};

    #[test]
    fn a_transcript_says_who_said_what_and_when() {
        let items = [
            TimelineItem::Day { day: 1, at_ms: 0 },
            item(own_message("c-1", "Hello")),
            item(bot_message(text("How can I *help*?"))),
            TimelineItem::Event(TimelineEvent {
                key: "#3".into(),
                seq: None,
                at_ms: 0,
                what: CustomerNotice::Joined("Ada".into()),
            }),
        ];
        let expected = "\n[12:00] You: Hello\n[12:00] Assistant: How can I help?\n* Ada joined the chat\n";
        assert_eq!(text_of(&items, |_| "12:00".into()), expected);
    }
    #[test]
    fn whatever_is_typed_stands_in_a_transcript() {
        for [source, plain, _] in texts() {
            let saved = text_of(&[item(bot_message(text(&source)))], |_| "12:00".into());
            assert_eq!(saved, ["[12:00] Assistant: ", &plain, "\n"].concat(), "{source:?}");
        }
    }
}
