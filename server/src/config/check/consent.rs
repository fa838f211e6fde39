//! What is wrong with the terms that a channel asks its visitors to agree to.

use super::Check;
use portico_core::config::Consent;
use portico_shared::language;
use portico_shared::text::says_nothing;

/// Most characters of the text: it stands in the place of the composer, and in the page that a visitor waits for.
const MAX_TEXT_CHARS: usize = 1_000;

/// Most languages that there is a text for.
const MAX_TEXTS: usize = 40;

/// Longest address of a policy, in bytes.
const MAX_POLICY_BYTES: usize = 2_000;

impl Check<'_> {
    pub(super) fn consent(&mut self, at: &str, consent: &Consent) {
        if consent.version == 0 {
            self.wrong(format!("{at}.version"), "0", "a whole number from 1 up");
        }
        if !(1..=MAX_TEXTS).contains(&consent.texts.len()) {
            let many = consent.texts.len().to_string();
            self.wrong(
                format!("{at}.texts"),
                &many,
                format!("texts in 1 to {MAX_TEXTS} languages"),
            );
        }
        for (index, of) in consent.texts.iter().enumerate() {
            let at = format!("{at}.texts[{index}]");
            let before = consent.texts.iter().take(index);
            // As it is written here, so that it is found.
            if language::tag_of(&of.language).as_ref() != Some(&of.language) {
                let what = "the name of a language, as in en or pt-BR";
                self.wrong(format!("{at}.language"), &of.language, what);
            } else if before
                .into_iter()
                .any(|other| other.language.eq_ignore_ascii_case(&of.language))
            {
                let what = "another text before is in this language";
                self.wrong(format!("{at}.language"), &of.language, what);
            }
            if says_nothing(&of.text) || of.text.chars().count() > MAX_TEXT_CHARS {
                let what = format!("a text of at most {MAX_TEXT_CHARS} characters in which something is seen");
                self.wrong(format!("{at}.text"), &of.text, what);
            }
        }
        if !consent.policy.is_empty() && !is_address(&consent.policy) {
            let what = "an address begins with https:// or http://";
            self.wrong(format!("{at}.policy"), &consent.policy, what);
        }
    }
}

fn is_address(text: &str) -> bool {
    let is_web = |url: reqwest::Url| matches!(url.scheme(), "https" | "http") && url.has_host();
    text.len() <= MAX_POLICY_BYTES && reqwest::Url::parse(text).is_ok_and(is_web)
}

#[cfg(test)]
mod tests {
    use crate::config::from_toml;

    fn config(consent: &str) -> String {
        format!("[channels.shop]\norigins = []\n[channels.shop.consent]\n{consent}")
    }

    #[test]
    fn terms_have_a_version_and_a_text() {
        let policy = "policy = \"https://shop.example/privacy\"";
        let texts = "{ language = \"en\", text = \"We keep it.\" }, { language = \"pt-BR\", text = \"x\" }";
        let good = from_toml(&config(&format!("version = 3\n{policy}\ntexts = [{texts}]"))).expect("good");
        let terms = good.channels["shop"].consent.as_ref().expect("terms").terms();
        assert_eq!((terms.version, terms.texts.len()), (3, 2));
        let none = from_toml("[channels.shop]\norigins = []").expect("good");
        assert!(
            none.channels["shop"].consent.is_none(),
            "nothing is asked unless it is set"
        );
    }

    #[test]
    fn what_is_wrong_with_terms_is_named_by_its_place() {
        let terms = |version: u32, texts: &[(&str, &str)], policy: &str| {
            let text = |(language, text): &(&str, &str)| format!("{{ language = \"{language}\", text = \"{text}\" }}");
            let texts: Vec<String> = texts.iter().map(text).collect();
            format!(
                "version = {version}\npolicy = \"{policy}\"\ntexts = [{}]",
                texts.join(", ")
            )
        };
        let long = "x".repeat(1_001);
        for (consent, key) in [
            (terms(0, &[("en", "x")], ""), "version"),
            (terms(1, &[], ""), "texts"),
            (terms(1, &[("en", " ")], ""), "texts[0].text"),
            (terms(1, &[("en", &long)], ""), "texts[0].text"),
            (terms(1, &[("e", "x")], ""), "texts[0].language"),
            (terms(1, &[("de_AT", "x")], ""), "texts[0].language"),
            (terms(1, &[("de", "x"), ("DE", "x")], ""), "texts[1].language"),
            (terms(1, &[("en", "x")], "javascript:x"), "policy"),
            (terms(1, &[("en", "x")], "/privacy"), "policy"),
        ] {
            let told = from_toml(&config(&consent)).expect_err(&consent).to_string();
            assert!(told.contains(&format!("channels.shop.consent.{key}: ")), "{told}");
        }
    }
}
