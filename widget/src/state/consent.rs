//! Consent: where a channel asks for it, nothing is kept of a visitor before it is given, in the browser or by the relay.

use super::Chat;
use crate::config::Config;
use crate::i18n::locale;
use leptos::prelude::*;

use portico_shared::http::{Consent, ConsentTerms};
use portico_ui::reactive::effect;

/// How the visitor stands to what the channel asks to be agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// It is not known yet what that is.
    Unknown,
    /// It was agreed to, or nothing is asked.
    Given,
    /// It is asked.
    Asked,
    /// It was declined, in this document.
    Declined,
}

impl Agreement {
    /// The same for one who has declined nothing. Tracks.
    pub(crate) fn to(config: &Config, given: Option<u32>) -> Self {
        Self::of(
            config.has_come,
            config.consent.as_ref().map(|terms| terms.version),
            given,
            None,
        )
    }

    /// By what is known of the channel, the version that it asks about, the one that was agreed to, and the one that was declined.
    fn of(is_known: bool, asked: Option<u32>, given: Option<u32>, declined: Option<u32>) -> Self {
        match asked {
            _ if !is_known => Self::Unknown,
            None => Self::Given,
            asked if asked == given => Self::Given,
            asked if asked == declined => Self::Declined,
            Some(_) => Self::Asked,
        }
    }
}

impl Chat {
    /// How the visitor stands to it.
    pub(crate) fn agreement(self) -> Agreement {
        let is_known = self.document.config.with(|config| config.has_come);
        Agreement::of(
            is_known,
            self.asked_version(),
            self.agreed_to.get(),
            self.declined.get(),
        )
    }

    /// Whether anything may be sent or kept now: all was agreed to, and nothing is being erased.
    pub(crate) fn has_agreed(self) -> bool {
        !self.is_being_erased() && untrack(|| self.agreement() == Agreement::Given)
    }

    /// What is asked to be agreed to.
    pub(crate) fn terms(self) -> Option<ConsentTerms> {
        self.document.config.with(|config| config.consent.clone())
    }

    /// The visitor agrees to these terms, which it has read here: the channel may have others by now, and asks about those then.
    pub(crate) fn agree(self, terms: &ConsentTerms) {
        self.keep_agreement(&given(terms, &locale().tag));
        self.to_composer();
    }

    /// The visitor does not. That is not kept: the next document asks again.
    pub(crate) fn decline(self) {
        self.declined.set(untrack(|| self.asked_version()));
    }

    /// Shows once more what was declined.
    pub(crate) fn ask_again(self) {
        self.declined.set(None);
    }

    /// Takes over what the visitor has agreed to on the page, if it is what is asked here.
    pub(super) fn follow_page_consent(self) {
        effect(move |_| {
            let version = self.document.host.consent();
            if self.asked_version() == Some(version) && !self.has_agreed() && !self.is_being_erased() {
                untrack(|| {
                    self.keep_agreement(&Consent {
                        version,
                        language: locale().tag.clone(),
                        by_page: true,
                    });
                });
            }
        });
    }

    /// Goes on as soon as it is known that nothing is asked, or what was agreed to before.
    pub(super) fn wait_for_config(self) {
        effect(move |before: Option<bool>| {
            let has_come = self.document.config.with(|config| config.has_come);
            if before == Some(false) && has_come && self.has_agreed() {
                untrack(|| self.go_on());
            }
            has_come
        });
    }

    fn asked_version(self) -> Option<u32> {
        let version = |terms: &ConsentTerms| terms.version;
        self.document.config.with(|config| config.consent.as_ref().map(version))
    }

    /// Keeps it, and goes on with what has waited for it.
    fn keep_agreement(self, consent: &Consent) {
        self.store.with_value(|store| store.keep_consent(consent));
        self.declined.set(None);
        self.agreed_to.set(Some(consent.version));
        self.go_on();
    }

    /// What is written already is kept, and a visitor who was here before connects.
    fn go_on(self) {
        let has_started = self.started.get_value();
        self.take_up();
        let draft = self.draft.get_untracked();
        if !draft.is_empty() {
            self.write(draft);
        }
        if has_started {
            self.restart();
        }
    }
}

/// What a reader of a language has agreed to.
fn given(terms: &ConsentTerms, tag: &str) -> Consent {
    let read = terms.text_for(tag);
    Consent {
        version: terms.version,
        language: read.map_or_else(|| tag.to_owned(), |read| read.language.clone()),
        by_page: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, given};
    use portico_shared::http::{ConsentTerms, ConsentText};

    #[test]
    fn each_version_is_asked_about_anew() {
        let of = |asked, given, declined| Agreement::of(true, asked, given, declined);
        assert_eq!(of(None, None, None), Agreement::Given);
        assert_eq!(of(Some(2), None, None), Agreement::Asked);
        assert_eq!(of(Some(2), Some(2), None), Agreement::Given);
        assert_eq!(of(Some(3), Some(2), Some(2)), Agreement::Asked);
        assert_eq!(of(Some(3), Some(2), Some(3)), Agreement::Declined);
    }

    #[test]
    fn nothing_is_agreed_to_before_it_is_known_what_is_asked() {
        assert_eq!(Agreement::of(false, None, Some(2), None), Agreement::Unknown);
    }

    #[test]
    fn what_is_agreed_to_is_what_was_read_in_the_language_in_which_it_stood_there() {
        let text = |language: &str| ConsentText {
            language: language.to_owned(),
            text: "We keep it.".to_owned(),
        };
        let terms = ConsentTerms {
            version: 2,
            texts: ["en", "de"].map(text).to_vec(),
            policy: String::new(),
        };
        let of = |tag| (given(&terms, tag).version, given(&terms, tag).language);
        assert_eq!(of("de-AT"), (2, "de".to_owned()));
        assert_eq!(of("fr"), (2, "en".to_owned()));
        let without = ConsentTerms {
            texts: Vec::new(),
            ..terms.clone()
        };
        assert_eq!(given(&without, "fr").language, "fr");
    }
}
