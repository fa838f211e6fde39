//! The emoji that the composer offers. Devices have a keyboard for all the others.

/// In the order of the panel, eight to a row.
pub(crate) const EMOJI: &[&str] = &[
    "😀", "😃", "😄", "😁", "😅", "😂", "🙂", "😉", "😊", "😍", "🤔", "😐", "😕", "🙁", "😢", "😠", "👍", "👎", "👋",
    "🙏", "👏", "💪", "🤝", "👀", "❤️", "🎉", "⭐", "🔥", "✅", "❌", "❓", "⏰",
];
