//! The words that a message answers, where they stand over its own.

use crate::timeline::one_line;

/// Longest quote, in characters: it recalls what is answered, which stands above in whole.
const MAX_CHARS: usize = 240;

/// A text in one line without its marks, its end cut off if it is long.
pub fn quote(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => [line[..end].trim_end(), "…"].concat(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARS, quote};

    #[test]
    fn a_quote_is_one_short_line_without_marks() {
        assert_eq!(quote("*Is it* here\n\nby noon?"), "Is it here by noon?");
        let long = quote(&"ß".repeat(2 * MAX_CHARS));
        assert_eq!(long.chars().count(), MAX_CHARS + 1);
        assert!(long.ends_with("ß…"));
        assert_eq!(quote(&"ß".repeat(MAX_CHARS)).chars().count(), MAX_CHARS);
    }
}
