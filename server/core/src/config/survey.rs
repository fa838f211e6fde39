//! What a channel asks its customers when a chat is over.

use serde::Deserialize;

/// A survey: one rating at least, and a comment. Its words are the channel's, because the relay has none in the customer's
/// language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Its heading.
    pub title: String,
    /// Asks for one to five stars. Empty: not asked.
    #[serde(default)]
    pub csat: String,
    /// Asks for zero to ten, as in "how likely is it that you recommend us". Empty: not asked.
    #[serde(default)]
    pub nps: String,
    /// Asks for a comment. Empty: not asked.
    #[serde(default)]
    pub comment: String,
    /// How long a link to it is good after the end of the chat, in days.
    #[serde(default = "week")]
    pub link_days: u16,
    /// What its page says beside that.
    #[serde(default)]
    pub page: SurveyPage,
}

/// The words of the page that a link to a survey leads to. The relay has them in many languages, and says in its reader's what the
/// channel leaves out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SurveyPage {
    /// The language of all words of the survey, as a tag of BCP 47; absent where the page is to speak its reader's.
    pub language: Option<String>,
    /// Stands on the button.
    pub send: Option<String>,
    /// Stands there when it was answered, now or before.
    pub thanks: Option<String>,
    /// Stands there when a link is over, or is none.
    pub over: Option<String>,
    /// Stands above the form when an answer is missing or is none.
    pub again: Option<String>,
}

fn week() -> u16 {
    7
}
