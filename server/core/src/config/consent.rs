//! What a channel asks its visitors to agree to.

use portico_shared::http;
use serde::Deserialize;

/// Terms, and which version of them this is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// From 1 up. Who has agreed to a lower one is asked again.
    pub version: u32,
    /// Where the whole policy is read. Empty: nowhere.
    #[serde(default)]
    pub policy: String,
    /// What is asked, in each language that there is a text for; one at least.
    pub texts: Vec<ConsentText>,
}

/// The terms in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// The language's tag.
    pub language: String,
    /// What is asked.
    pub text: String,
}

impl Consent {
    /// The same as browsers are told.
    pub fn terms(&self) -> http::ConsentTerms {
        let text = |text: &ConsentText| http::ConsentText {
            language: text.language.clone(),
            text: text.text.trim().to_owned(),
        };
        http::ConsentTerms {
            version: self.version,
            texts: self.texts.iter().map(text).collect(),
            policy: self.policy.clone(),
        }
    }
}
