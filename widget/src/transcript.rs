//! What was said, as a text file for the visitor.

use crate::i18n::locale;
use crate::news::{name_of, spoken};
use crate::store::Chat;
use crate::view::notice_words;
use portico_client::timeline::TimelineItem;
use portico_ui::browser::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use portico_ui::time::{Style, write};

/// Saves what is loaded of the conversation.
pub(crate) fn save(chat: Chat) {
    let locale = locale();
    let mut text = String::new();
    for item in chat.items.now().iter() {
        match item {
            TimelineItem::Day { .. } => text.push('\n'),
            TimelineItem::Event(event) => {
                text.push_str(&["* ", &notice_words(&event.what, &locale.messages), "\n"].concat());
            }
            TimelineItem::Message(message) => {
                let time = write(message.at_ms, Style::Exact, &locale.tag);
                text.push_str(&["[", &time, "] ", &name_of(message), ": ", &spoken(message), "\n"].concat());
            }
        }
    }
    // A browser that refuses downloads shows so itself.
    let _ = download(&text);
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
