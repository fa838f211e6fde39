//! What the plain page says: words that it has in common with the widget, from the same files, and a few sentences of its own.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// English is in the program.
const ENGLISH: &str = include_str!("../../../../widget/messages/en.json");

/// All languages: there is little to say.
const OWN: &str = include_str!("../../../messages/plain.json");

/// Words of one language of the widget.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) greeting: String,
    pub(super) minimise: String,
    pub(super) messages: String,
    pub(super) message: String,
    pub(super) placeholder: String,
    pub(super) send: String,
    pub(super) end_chat: String,
    pub(super) you: String,
    pub(super) assistant: String,
    pub(super) somebody: String,
    pub(super) edited: String,
    pub(super) deleted: String,
    pub(super) in_answer: String,
    pub(super) joined: String,
    pub(super) left: String,
    pub(super) enqueued: String,
    pub(super) no_agent: String,
    pub(super) paused: String,
    pub(super) resumed: String,
    pub(super) ended: String,
    pub(super) ended_by_agent: String,
    pub(super) ended_by_you: String,
    pub(super) ended_idle: String,
    pub(super) ended_network: String,
    pub(super) refused_body: String,
    pub(super) refused_ended: String,
    pub(super) no_token: String,
    pub(super) queued: String,
    pub(super) consent_yes: String,
    pub(super) consent_policy: String,
    pub(super) body_picture: String,
    pub(super) body_video: String,
    pub(super) body_audio: String,
    pub(super) body_file: String,
    pub(super) body_choices: String,
    pub(super) body_order: String,
    pub(super) body_order_number: String,
    pub(super) body_order_date: String,
    pub(super) body_order_subtotal: String,
    pub(super) body_order_shipping: String,
    pub(super) body_order_tax: String,
    pub(super) body_order_address: String,
    pub(super) body_order_payment: String,
    pub(super) body_order_total: String,
    pub(super) body_unknown: String,
}

impl Words {
    /// Those of a language's file; `None` for what is no such file.
    pub(super) fn read(file: &str) -> Option<Self> {
        serde_json::from_str(file).ok()
    }

    /// The English ones.
    pub(super) fn english() -> Self {
        Self::read(ENGLISH).expect("the file has all words")
    }
}

/// What this page alone says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentences {
    /// Why the chat looks like this.
    pub(super) note: String,
    /// Button that shows what is new.
    pub(super) look: String,
    /// After too long a time.
    pub(super) anew: String,
}

static SENTENCES: LazyLock<BTreeMap<String, Sentences>> =
    LazyLock::new(|| serde_json::from_str(OWN).expect("the file has all sentences"));

impl Sentences {
    /// Those of a language; English where there are none.
    pub(super) fn of(language: &str) -> &'static Self {
        let english = || SENTENCES.get("en").expect("the file has English");
        SENTENCES.get(language).unwrap_or_else(english)
    }
}

#[cfg(test)]
mod tests {
    use super::{SENTENCES, Sentences, Words};
    use std::collections::BTreeSet;

    #[test]
    fn each_language_of_the_widget_has_the_words_and_sentences_of_this_page() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../widget/messages");
        let mut languages = BTreeSet::new();
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let file = std::fs::read_to_string(&path).expect("a file");
            assert!(Words::read(&file).is_some(), "{}", path.display());
            languages.insert(path.file_stem().expect("a name").to_string_lossy().into_owned());
        }
        let own: BTreeSet<String> = SENTENCES.keys().cloned().collect();
        assert_eq!(own, languages);
        let notes: BTreeSet<&str> = SENTENCES.values().map(|own| own.note.as_str()).collect();
        assert_eq!(notes.len(), languages.len(), "each is a translation");
    }

    #[test]
    fn a_language_that_is_not_there_is_english() {
        assert_eq!(Sentences::of("tlh").look, "Show new messages");
        assert_eq!(Words::english().you, "You");
    }
}
