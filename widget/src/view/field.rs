//! The text field of the composer: what is in it, how high it is, and when it has the keyboard.

use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use portico_ui::browser::{document, touch_first};
use portico_ui::reactive::effect;

/// The text field.
pub(super) type Field = NodeRef<html::Textarea>;

/// The field shows the draft, also when something else than typing has changed it.
pub(super) fn follow_text(chat: Chat, field: Field) {
    effect(move |_| {
        let text = chat.draft();
        if let Some(area) = field.get() {
            if area.value() != text {
                area.set_value(&text);
            }
            fit(&area);
        }
    });
}

/// The field takes the focus when the window opens, where that brings no keyboard over the chat, and when it is asked to. A chat
/// that is a part of its page is open from the beginning and leaves the keyboard to the page.
pub(super) fn follow_focus(chat: Chat, field: Field) {
    let asked_before = untrack(|| chat.focus_requests());
    effect(move |before: Option<(bool, u32)>| {
        let (was_open, asked) = before.unwrap_or((false, asked_before));
        let now = (chat.document.host.is_open(), chat.focus_requests());
        let opened = now.0 && !was_open && !touch_first() && !is_part_of_page();
        if opened || now.1 != asked {
            // In the document only after this; a frame that may not have the focus stays without it.
            set_timeout(
                move || {
                    if let Some(area) = field.try_get_untracked().flatten() {
                        fit(&area);
                        let _ = area.focus();
                    }
                },
                std::time::Duration::ZERO,
            );
        }
        now
    });
}

/// Whether the page has the chat in it, and not a window above it: the attribute is of `first.js`.
fn is_part_of_page() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute("data-inline"))
}

/// As high as the text, up to what the style allows.
///
/// Browsers that can do it themselves do it: measuring makes the field low for a moment, and the messages above it move.
fn fit(area: &HtmlTextAreaElement) {
    let style = HtmlElement::style(area);
    let _ = style.set_property("field-sizing", "content");
    if style
        .get_property_value("field-sizing")
        .is_ok_and(|kept| !kept.is_empty())
    {
        return;
    }
    // A refused style leaves one line that scrolls.
    let _ = style.set_property("height", "auto");
    if area.scroll_height() > 0 {
        let _ = style.set_property("height", &[&area.scroll_height().to_string(), "px"].concat());
    }
}

/// Puts an emoji where the cursor is, and the keyboard behind it.
pub(super) fn put(chat: Chat, field: Field, emoji: &str) {
    let Some(area) = field.get_untracked() else { return };
    let from = area.selection_start().ok().flatten().unwrap_or(0);
    let to = area.selection_end().ok().flatten().unwrap_or(from);
    let (text, cursor) = insert(&area.value(), from as usize..to as usize, emoji);
    area.set_value(&text);
    // Only a range that is not in the text is refused.
    let _ = area.set_selection_range(cursor as u32, cursor as u32);
    let _ = area.focus();
    chat.write(text);
}

/// A text with an emoji in place of what is selected, and where the cursor goes. Browsers count in units of UTF-16.
fn insert(text: &str, selection: std::ops::Range<usize>, emoji: &str) -> (String, usize) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let from = selection.start.min(units.len());
    let to = selection.end.clamp(from, units.len());
    let emoji: Vec<u16> = emoji.encode_utf16().collect();
    let with_emoji = [&units[..from], &emoji, &units[to..]].concat();
    (String::from_utf16_lossy(&with_emoji), from + emoji.len())
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn an_emoji_goes_where_the_cursor_is() {
        assert_eq!(insert("", 0..0, "🙂"), ("🙂".into(), 2));
        assert_eq!(insert("ab", 1..1, "🙂"), ("a🙂b".into(), 3));
        assert_eq!(insert("👍b", 2..2, "❤️"), ("👍❤️b".into(), 4));
    }

    #[test]
    fn an_emoji_replaces_what_is_selected() {
        assert_eq!(insert("abc", 1..3, "🙂"), ("a🙂".into(), 3));
    }

    #[test]
    fn a_selection_that_the_text_no_longer_has_is_its_end() {
        assert_eq!(insert("ab", 7..9, "🙂"), ("ab🙂".into(), 4));
    }
}
