//! What was said, as a text file for the visitor.

use crate::i18n::{locale, t};
use crate::wording;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_ui::browser::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use portico_ui::time::{Style, write};

/// Saves what is loaded of the conversation.
pub(crate) fn save(items: &[CustomerItem]) {
    let text = text_of(items, |at_ms| write(at_ms, Style::Exact, &locale().tag));
    // A browser that refuses downloads shows so itself.
    let _ = download(&text);
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

fn download(text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download("chat.txt");
    anchor.click();
    Url::revoke_object_url(&address)
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
