//! A panel of emoji. Devices have a keyboard for all that it does not have.

use crate::parts::{auto_span, button};
use leptos::html;
use leptos::prelude::*;

/// In the order of the panel, eight to a row.
const EMOJI: &[&str] = &[
    "😀", "😃", "😄", "😁", "😅", "😂", "🙂", "😉", "😊", "😍", "🤔", "😐", "😕", "🙁", "😢", "😠", "👍", "👎", "👋",
    "🙏", "👏", "💪", "🤝", "👀", "❤️", "🎉", "⭐", "🔥", "✅", "❌", "❓", "⏰",
];

/// The panel; `on_choose` is given what was pressed.
pub fn emoji_picker(name: &'static str, on_choose: Callback<&'static str>) -> AnyView {
    let choice = |emoji: &'static str| {
        button("emoji-picker__choice", auto_span("", emoji), move || {
            on_choose.run(emoji)
        })
    };
    html::div()
        .class("emoji-picker fold")
        .attr("role", "group")
        .attr("aria-label", name)
        .child(EMOJI.iter().map(|emoji| choice(emoji)).collect::<Vec<_>>())
        .into_any()
}
