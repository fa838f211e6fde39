//! What a customer has agreed to, as the relay remembers it: in the customer's tokens, until something is kept of it.

use crate::config;
use portico_shared::http;
use portico_shared::language;
use serde::{Deserialize, Serialize};

/// Longest tag of a language that is kept, in bytes: any that is in use is shorter.
const MAX_TAG_BYTES: usize = 35;

/// That a customer has agreed to a channel's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// To which version.
    pub version: u32,
    /// The language in which they were read.
    pub language: String,
    /// Whether the page around the chat has asked, in words of its own.
    pub by_page: bool,
    /// When the relay was told, in epoch milliseconds.
    pub at: i64,
}

impl Consent {
    /// What a browser says now; `None` where it names no language.
    pub(super) fn said(said: http::Consent, now: i64) -> Option<Self> {
        Some(Self {
            version: said.version,
            language: language::tag_of(&said.language).filter(|tag| tag.len() <= MAX_TAG_BYTES)?,
            by_page: said.by_page,
            at: now,
        })
    }

    /// What counts of what a token proves and what a browser says: the latter, but for the same terms the token's, which has
    /// the time of the answer.
    pub(super) fn newest(proven: Option<Self>, said: Option<Self>) -> Option<Self> {
        match (proven, said) {
            (Some(proven), Some(said)) if said.version != proven.version => Some(said),
            (None, said) => said,
            (proven, _) => proven,
        }
    }

    /// Whether it is enough for a channel: one that asks nothing, or about this very version. A higher one counts no more
    /// than none: those terms are not written yet.
    pub(super) fn is_enough(given: Option<&Self>, asked: Option<&config::Consent>) -> bool {
        asked.is_none_or(|asked| given.is_some_and(|given| given.version == asked.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(version: u32, at: i64) -> Option<Consent> {
        Some(Consent {
            version,
            language: "de".into(),
            by_page: false,
            at,
        })
    }

    #[test]
    fn what_was_agreed_to_first_counts_until_the_terms_are_others() {
        assert_eq!(Consent::newest(consent(2, 10), consent(2, 20)), consent(2, 10));
        assert_eq!(Consent::newest(consent(2, 10), consent(3, 20)), consent(3, 20));
        assert_eq!(Consent::newest(consent(2, 10), consent(1, 20)), consent(1, 20));
        assert_eq!(Consent::newest(consent(2, 10), None), consent(2, 10));
        assert_eq!(Consent::newest(None, consent(1, 20)), consent(1, 20));
    }

    #[test]
    fn only_the_present_terms_are_agreed_to() {
        let asked = config::Consent {
            version: 3,
            policy: String::new(),
            texts: Vec::new(),
        };
        let is_enough = |version| Consent::is_enough(consent(version, 0).as_ref(), Some(&asked));
        assert_eq!([2, 3, 4].map(is_enough), [false, true, false]);
        assert!(!Consent::is_enough(None, Some(&asked)));
        assert!(Consent::is_enough(None, None));
    }
}
