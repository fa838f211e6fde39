//! Consent: what a channel asks its visitors to agree to before anything is kept of them, and what they have answered.

use crate::language;
use crate::lenient;
use serde::{Deserialize, Serialize};

/// What visitors of a channel are asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsentTerms {
    /// Rises when other terms are asked about. Who has agreed to a lower one is asked again.
    #[serde(deserialize_with = "lenient::natural")]
    pub version: u32,
    /// The same text in each language that there is one for; one at least.
    pub texts: Vec<ConsentText>,
    /// Where the whole policy is read. Empty: nowhere.
    #[serde(default)]
    pub policy: String,
}

/// The terms in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsentText {
    /// The language's tag.
    pub language: String,
    /// What is asked.
    pub text: String,
}

impl ConsentTerms {
    /// The text for readers of a language: theirs, or that of the wider language, or English, or the first one.
    pub fn text_for(&self, tag: &str) -> Option<&ConsentText> {
        let of = |name: &str| (self.texts.iter()).find(|text| text.language.eq_ignore_ascii_case(name));
        language::wider(tag)
            .find_map(of)
            .or_else(|| of(language::ENGLISH))
            .or_else(|| self.texts.first())
    }
}

/// That a visitor has agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// To which version of the terms.
    #[serde(deserialize_with = "lenient::natural")]
    pub version: u32,
    /// The language in which they were read, as a tag.
    pub language: String,
    /// Whether the page around the chat has asked, in words of its own.
    #[serde(default)]
    pub by_page: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(languages: &[&str]) -> ConsentTerms {
        let text = |language: &&str| ConsentText {
            language: (*language).to_owned(),
            text: format!("in {language}"),
        };
        ConsentTerms {
            version: 1,
            texts: languages.iter().map(text).collect(),
            policy: String::new(),
        }
    }

    #[test]
    fn terms_are_read_in_the_readers_language_or_in_one_that_is_there() {
        let read = |languages: &[&str], tag: &str| terms(languages).text_for(tag).map(|text| text.language.clone());
        assert_eq!(read(&["de", "en"], "de-AT").as_deref(), Some("de"));
        assert_eq!(read(&["de", "en", "pt-BR"], "pt-br").as_deref(), Some("pt-BR"));
        assert_eq!(read(&["de", "en"], "fr").as_deref(), Some("en"));
        assert_eq!(read(&["de", "fr"], "tr").as_deref(), Some("de"));
        assert_eq!(read(&[], "en"), None);
    }
}
