//! Which characters are not seen: blanks, controls, and those that fonts draw as nothing.

/// Whether a text shows nothing, however long it is.
pub fn says_nothing(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// Whether a character alone draws nothing: white space, controls, marks of direction, joiners, fillers, selectors of
/// variants, tags.
pub fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn characters_that_draw_nothing_say_nothing() {
        for c in [
            ' ',
            '\n',
            '\t',
            '\0',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{115f}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2060}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{1bca0}',
            '\u{1bca3}',
            '\u{1d173}',
            '\u{1d17a}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert!(says_nothing(&c.to_string().repeat(3)), "{:x}", u32::from(c));
        }
        assert!(says_nothing(""));
    }

    #[test]
    fn all_others_say_something() {
        for text in [
            "a",
            ".",
            "\u{301}",
            "\u{1f600}",
            "\u{200b}a",
            "\u{2764}\u{fe0f}",
            "\u{b7}",
        ] {
            assert!(!says_nothing(text), "{text}");
        }
    }
}
