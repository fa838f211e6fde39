//! What the first screen says in the visitor's language: the few texts that it needs of `widget/messages/`.

use serde::Deserialize;
use std::sync::LazyLock;

/// English is in the program, here as in the widget.
const ENGLISH: &str = include_str!("../../../../widget/messages/en.json");

/// Texts of one language.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) greeting: String,
    pub(super) expectation: String,
    pub(super) away: String,
    pub(super) back: String,
    pub(super) starters: String,
    pub(super) minimise: String,
    pub(super) messages: String,
    pub(super) message: String,
    pub(super) placeholder: String,
    pub(super) attach: String,
    pub(super) share: String,
    pub(super) emoji: String,
    pub(super) voice: String,
    pub(super) send: String,
    pub(super) queued: String,
}

impl Words {
    /// Those of a language's file; `None` for what is no such file.
    pub(super) fn read(file: &str) -> Option<Self> {
        serde_json::from_str(file).ok()
    }

    /// The English ones.
    pub(super) fn english() -> &'static Self {
        static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(ENGLISH).expect("the file has all words"));
        &WORDS
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn the_program_has_english() {
        assert_eq!(Words::english().send, "Send");
    }

    #[test]
    fn what_lacks_a_word_is_no_language() {
        assert!(Words::read(r#"{"title":"Chat"}"#).is_none());
        assert!(Words::read("<html>").is_none());
    }
}
