//! A panel of emoji over the composer.

use super::composer::Field;
use super::notices;
use crate::i18n::t;
use crate::state::Chat;
use leptos::prelude::*;

pub(super) fn emoji_picker(chat: Chat, field: Field) -> AnyView {
    let choose = Callback::new(move |emoji: &'static str| {
        chat.fold();
        put(chat, field, emoji);
    });
    portico_lazy::emoji_picker(t().emoji(), choose, notices())
}

/// Puts an emoji where the cursor is, and the keyboard behind it.
fn put(chat: Chat, field: Field, emoji: &str) {
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
