//! The words that a message answers, over its own.

use crate::parts::auto_span;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::one_line;

/// Longest quote, in characters: it recalls what is answered, which stands above in whole.
const MAX_CHARS: usize = 240;

/// What a message quotes, in one short line; those who listen hear `heard` before it, so that they do not take it for the
/// answer.
pub fn quote(text: &str, heard: &'static str) -> AnyView {
    let words = html::blockquote()
        .class("message__quote")
        .attr("dir", "auto")
        .child(short(text));
    (auto_span("unseen", heard), words).into_any()
}

/// A text in one line without its marks, its end cut off if it is long.
pub fn short(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => [line[..end].trim_end(), "…"].concat(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARS, short};

    #[test]
    fn a_quote_is_one_short_line_without_marks() {
        assert_eq!(short("*Is it* here\n\nby noon?"), "Is it here by noon?");
        let long = short(&"ß".repeat(2 * MAX_CHARS));
        assert_eq!(long.chars().count(), MAX_CHARS + 1);
        assert!(long.ends_with("ß…"));
        assert_eq!(short(&"ß".repeat(MAX_CHARS)).chars().count(), MAX_CHARS);
    }
}
