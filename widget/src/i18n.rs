//! What the chat itself says, in the document's language: `widget/messages/`, one file per language.
//!
//! A document speaks one language; for another one it is loaded anew.

use portico_ui::{body, i18n};
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The language of the document.
#[derive(Debug)]
pub(crate) struct Locale {
    /// What the chat says in it.
    pub(crate) messages: Messages,
    /// Its whole name (`de-AT`), for times and numbers.
    pub(crate) tag: String,
    /// Its name without the region, for `lang`.
    pub(crate) name: String,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
}

static LOCALE: OnceLock<Locale> = OnceLock::new();

/// Fetches the document's language, once, before anything is drawn.
pub(crate) async fn load() {
    let language = i18n::load().await;
    LOCALE.get_or_init(|| Locale::new(language));
}

/// The language of the document; English before it was loaded.
pub(crate) fn locale() -> &'static Locale {
    LOCALE.get_or_init(|| Locale::new(i18n::Language::default()))
}

/// What the chat says in it.
pub(crate) fn t() -> &'static Messages {
    &locale().messages
}

impl Locale {
    fn new(language: i18n::Language) -> Self {
        Self {
            tag: language.tag.clone(),
            name: language.name().to_owned(),
            direction: language.direction(),
            messages: Messages::new(language),
        }
    }
}

/// What message bodies say.
pub(crate) fn bodies() -> &'static body::Messages {
    static BODIES: OnceLock<body::Messages> = OnceLock::new();
    BODIES.get_or_init(|| {
        let t = t();
        body::Messages {
            picture: t.body_picture(),
            video: t.body_video(),
            audio: t.body_audio(),
            file: t.body_file(),
            download: t.body_download(),
            open_map: t.body_open_map(),
            open_link: t.body_open_link(),
            cards: t.body_cards(),
            previous: t.body_previous(),
            next: t.body_next(),
            choices: t.body_choices(),
            chosen: t.body_chosen(),
            submit: t.body_submit(),
            submitted: t.body_submitted(),
            required: t.body_required(),
            missing: t.body_missing(),
            choose: t.body_choose(),
            yes: t.body_yes(),
            no: t.body_no(),
            unknown: t.body_unknown(),
        }
    })
}
