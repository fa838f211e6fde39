//! What stands beside the launcher of a message that the visitor has not seen.

/// A message in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preview {
    /// The message's key in the timeline.
    pub(crate) key: String,
    /// Who wrote it.
    pub(crate) name: String,
    /// The beginning of its text.
    pub(crate) text: String,
}

impl Preview {
    /// Takes the text that a message has now, and answers whether it is the one that is shown.
    pub(super) fn change(&mut self, key: &str, text: String) -> bool {
        let is_shown = self.key == key;
        if is_shown {
            self.text = text;
        }
        is_shown
    }
}

#[cfg(test)]
mod tests {
    use super::Preview;

    #[test]
    fn the_text_of_the_message_that_is_shown_follows_its_changes() {
        let mut shown = Preview {
            key: "#2".into(),
            name: "Ann".into(),
            text: "helo".into(),
        };
        assert!(!shown.change("#1", "deleted".into()));
        assert_eq!(shown.text, "helo");
        assert!(shown.change("#2", "deleted".into()));
        assert_eq!(shown.text, "deleted");
    }
}
