//! What the chat itself says, in the document's language: `widget/messages/`, one file per language.
//!
//! The page around may ask for another language at any time. [`track`] lets what was said in the one before be said anew.

use leptos::prelude::*;
use portico_ui::{body, i18n};
use std::cell::RefCell;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The language of the document.
#[derive(Debug)]
pub(crate) struct Locale {
    /// What the chat says in it.
    pub(crate) messages: &'static Messages,
    /// What message bodies say.
    bodies: body::Messages,
    /// Its whole name (`de-AT`), for times and numbers.
    pub(crate) tag: String,
    /// Its name without the region, for `lang`.
    pub(crate) name: String,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
}

thread_local! {
    /// The languages that were spoken so far, the present one last. They live as long as the document, so that a text of
    /// one can stand anywhere.
    static SPOKEN: RefCell<Vec<&'static Locale>> = const { RefCell::new(Vec::new()) };
    static CHANGED: ArcTrigger = ArcTrigger::new();
}

/// Fetches a language: what the page wishes, or else what the document's address or the browser does.
pub(crate) async fn load(wish: Option<String>) -> i18n::Language {
    i18n::load(wish).await
}

/// Speaks a language from here on.
pub(crate) fn speak(language: i18n::Language) {
    SPOKEN.with_borrow_mut(|spoken| {
        let known = spoken.iter().position(|locale| locale.tag == language.tag);
        let locale = known.map_or_else(|| Locale::leaked(language), |at| spoken.remove(at));
        spoken.push(locale);
    });
    CHANGED.with(ArcTrigger::notify);
}

/// The reader at hand runs again when the document speaks another language.
pub(crate) fn track() {
    CHANGED.with(ArcTrigger::track);
}

/// The language of the document; English before one was loaded.
pub(crate) fn locale() -> &'static Locale {
    SPOKEN.with_borrow_mut(|spoken| match spoken.last() {
        Some(locale) => *locale,
        None => {
            let english = Locale::leaked(i18n::Language::default());
            spoken.push(english);
            english
        }
    })
}

/// What the chat says in it.
pub(crate) fn t() -> &'static Messages {
    locale().messages
}

/// What message bodies say.
pub(crate) fn bodies() -> &'static body::Messages {
    &locale().bodies
}

impl Locale {
    fn leaked(language: i18n::Language) -> &'static Self {
        let (tag, name, direction) = (language.tag.clone(), language.name().to_owned(), language.direction());
        let messages: &'static Messages = Box::leak(Box::new(Messages::new(language)));
        Box::leak(Box::new(Self {
            bodies: bodies_in(messages),
            messages,
            tag,
            name,
            direction,
        }))
    }
}

fn bodies_in(t: &'static Messages) -> body::Messages {
    body::Messages {
        picture: t.body_picture(),
        video: t.body_video(),
        audio: t.body_audio(),
        file: t.body_file(),
        download: t.body_download(),
        unavailable: t.body_unavailable(),
        open_map: t.body_open_map(),
        open_link: t.body_open_link(),
        cards: t.body_cards(),
        previous: t.body_previous(),
        next: t.body_next(),
        choices: t.body_choices(),
        chosen: t.body_chosen(),
        order: t.body_order(),
        order_number: t.body_order_number(),
        order_date: t.body_order_date(),
        order_subtotal: t.body_order_subtotal(),
        order_shipping: t.body_order_shipping(),
        order_tax: t.body_order_tax(),
        order_address: t.body_order_address(),
        order_payment: t.body_order_payment(),
        order_total: t.body_order_total(),
        submit: t.body_submit(),
        submitted: t.body_submitted(),
        required: t.body_required(),
        missing: t.body_missing(),
        too_long: t.body_too_long(),
        not_email: t.body_not_email(),
        not_url: t.body_not_url(),
        not_number: t.body_not_number(),
        not_positive: t.body_not_positive(),
        not_letters: t.body_not_letters(),
        weak_password: t.body_weak_password(),
        not_phone: t.body_not_phone(),
        not_valid: t.body_not_valid(),
        choose: t.body_choose(),
        yes: t.body_yes(),
        no: t.body_no(),
        very_bad: t.body_very_bad(),
        very_good: t.body_very_good(),
        not_likely: t.body_not_likely(),
        very_likely: t.body_very_likely(),
        unknown: t.body_unknown(),
    }
}
