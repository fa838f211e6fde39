//! What the page of a survey says: the channel's words, and else the relay's own in the language of the page,
//! `server/messages/survey/`.

use portico_core::config::SurveyPage;
use portico_shared::language;
use serde::Deserialize;
use std::sync::LazyLock;

/// The languages of the chat.
const FILES: [(&str, &str); 15] = [
    ("ar", include_str!("../../../messages/survey/ar.json")),
    ("bg", include_str!("../../../messages/survey/bg.json")),
    ("de", include_str!("../../../messages/survey/de.json")),
    ("en", include_str!("../../../messages/survey/en.json")),
    ("es", include_str!("../../../messages/survey/es.json")),
    ("fr", include_str!("../../../messages/survey/fr.json")),
    ("he", include_str!("../../../messages/survey/he.json")),
    ("it", include_str!("../../../messages/survey/it.json")),
    ("ja", include_str!("../../../messages/survey/ja.json")),
    ("nl", include_str!("../../../messages/survey/nl.json")),
    ("pl", include_str!("../../../messages/survey/pl.json")),
    ("pt", include_str!("../../../messages/survey/pt.json")),
    ("tr", include_str!("../../../messages/survey/tr.json")),
    ("ur", include_str!("../../../messages/survey/ur.json")),
    ("zh", include_str!("../../../messages/survey/zh.json")),
];

/// Texts of one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    /// Stands on the button.
    pub(super) send: String,
    /// When it was answered, now or before.
    pub(super) thanks: String,
    /// When a link is over, or is none.
    pub(super) over: String,
    /// Above the form when an answer is missing or is none.
    pub(super) again: String,
    /// When the page cannot be shown now.
    pub(super) busy: String,
    /// What to do about that.
    pub(super) busy_why: String,
    /// At the ends of a scale of one to five.
    pub(super) very_bad: String,
    pub(super) very_good: String,
    /// At the ends of one of zero to ten.
    pub(super) not_likely: String,
    pub(super) very_likely: String,
}

/// What a page says.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// The tag of its language.
    pub(super) language: String,
    /// Whether the channel has said which that is.
    pub(super) is_said: bool,
    pub(super) texts: Texts,
}

impl Words {
    /// For a reader who likes these languages, the best first; a channel may have said in which language its survey is.
    pub(super) fn new(channel: Option<&SurveyPage>, wishes: &[String]) -> Self {
        let said = channel.and_then(|page| page.language.clone());
        // Of a language without a file the channel has its own words.
        let wishes = said.as_ref().map_or(wishes, std::slice::from_ref);
        let (language, relays) = wishes
            .iter()
            .filter_map(|wish| language::tag_of(wish))
            .find_map(|tag| Some((tag.clone(), texts(&tag)?)))
            .unwrap_or_else(english);
        let mut texts = relays.clone();
        if let Some(SurveyPage {
            language: _,
            send,
            thanks,
            over,
            again,
        }) = channel.cloned()
        {
            for (text, channels) in [
                (&mut texts.send, send),
                (&mut texts.thanks, thanks),
                (&mut texts.over, over),
                (&mut texts.again, again),
            ] {
                *text = channels.unwrap_or_else(|| text.clone());
            }
        }
        Self {
            is_said: said.is_some(),
            language: said.unwrap_or(language),
            texts,
        }
    }
}

fn texts(tag: &str) -> Option<&'static Texts> {
    static ALL: LazyLock<Vec<(&'static str, Texts)>> = LazyLock::new(|| {
        let read = |(language, file): (&'static str, &str)| {
            let texts = serde_json::from_str(file).expect("the file has all texts, as a test shows");
            (language, texts)
        };
        FILES.map(read).into()
    });
    language::wider(tag).find_map(|tag| {
        let mut all = ALL.iter();
        all.find(|(language, _)| language.eq_ignore_ascii_case(tag))
            .map(|(_, texts)| texts)
    })
}

fn english() -> (String, &'static Texts) {
    let texts = texts(language::ENGLISH).expect("English is among the files");
    (language::ENGLISH.to_owned(), texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(page: Option<&SurveyPage>, wishes: &[&str]) -> (String, String) {
        let wishes: Vec<String> = wishes.iter().map(|wish| (*wish).to_owned()).collect();
        let words = Words::new(page, &wishes);
        (words.language, words.texts.send)
    }

    fn owned(language: &str, send: &str) -> (String, String) {
        (language.to_owned(), send.to_owned())
    }

    #[test]
    fn every_language_has_all_texts() {
        for (language, _) in FILES {
            let texts = texts(language).expect("a language");
            let all = [
                &texts.send,
                &texts.thanks,
                &texts.over,
                &texts.again,
                &texts.busy,
                &texts.busy_why,
            ];
            let ends = [&texts.very_bad, &texts.very_good, &texts.not_likely, &texts.very_likely];
            assert!(all.into_iter().chain(ends).all(|text| !text.is_empty()), "{language}");
            assert!(texts.again.contains('*'), "{language}");
        }
    }

    #[test]
    fn a_page_speaks_its_readers_language_unless_the_channel_says_in_which_its_survey_is() {
        assert_eq!(says(None, &["de-AT", "fr"]), owned("de-AT", "Senden"));
        assert_eq!(says(None, &["xx", "fr"]), owned("fr", "Envoyer"));
        assert_eq!(says(None, &["", "C"]), owned("en", "Send"));
        let german = SurveyPage {
            language: Some("de".to_owned()),
            ..SurveyPage::default()
        };
        assert_eq!(says(Some(&german), &["fr"]), owned("de", "Senden"));
        let own = SurveyPage {
            language: Some("sv".to_owned()),
            send: Some("Skicka".to_owned()),
            ..SurveyPage::default()
        };
        assert_eq!(says(Some(&own), &["fr"]), owned("sv", "Skicka"));
        let thanks = Words::new(Some(&own), &["fr".to_owned()]).texts.thanks;
        assert_eq!(thanks, "Thank you for your answer.", "no third language");
    }
}
