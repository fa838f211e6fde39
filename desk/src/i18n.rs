//! What the desk says, in the document's language: `desk/messages/`, one file per language. What an operator or a
//! customer wrote (reasons, codes, names of queues) is shown as they wrote it and is not in there.

pub(crate) mod activity;
mod files;
mod notice;

pub(crate) use notice::notice;

use portico_shared::language::tag_of;
use portico_ui::browser::document;
use portico_ui::{body, i18n};
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

static MESSAGES: OnceLock<Messages> = OnceLock::new();

/// Fetches the document's language, once, before anything is drawn.
pub(crate) async fn load() {
    let language = i18n::load(None).await;
    if let Some(root) = document().document_element() {
        // Setting attributes of the root element cannot fail.
        let _ = root.set_attribute("lang", language.name());
        let _ = root.set_attribute("dir", language.direction());
    }
    MESSAGES.get_or_init(|| Messages::new(language));
}

/// What the desk says; in English before the language was loaded.
pub(crate) fn t() -> &'static Messages {
    MESSAGES.get_or_init(|| Messages::new(i18n::Language::default()))
}

/// The tab's title, with what is unread.
pub(crate) fn title(unread: u32) -> String {
    if unread == 0 {
        t().app_title().to_owned()
    } else {
        format!("({unread}) {}", t().app_title())
    }
}

/// Reasons offered for not being ready.
pub(crate) fn reasons() -> [&'static str; 5] {
    let t = t();
    [
        t.reason_break(),
        t.reason_lunch(),
        t.reason_meeting(),
        t.reason_training(),
        t.reason_follow_up(),
    ]
}

/// A customer without a name, told from others by the end of the chat's reference.
pub(crate) fn visitor(reference: &str) -> String {
    let from = reference.len().saturating_sub(4);
    let end = reference.get(from..).unwrap_or_default().to_ascii_uppercase();
    t().visitor_named(&end)
}

/// Close to the limit, or over it.
pub(crate) fn characters_left(left: i64) -> String {
    let count = left.unsigned_abs() as usize;
    if left < 0 {
        t().characters_too_many(count)
    } else {
        t().characters_left(count)
    }
}

/// How many codes are chosen.
pub(crate) fn codes_chosen(chosen: usize, most: usize) -> String {
    t().codes_chosen(&chosen.to_string(), &most.to_string())
}

/// Puts a suggestion into the composer.
pub(crate) fn do_suggestion(number: u8) -> String {
    t().do_suggestion(&number.to_string())
}

// Keys whose names are signs
pub(crate) const KEY_OPTION: &str = "⌥";
pub(crate) const KEY_COMMAND: &str = "⌘";

/// How a key is printed.
pub(crate) fn key_name(key: &'static str) -> &'static str {
    match key {
        "ArrowDown" => "↓",
        "ArrowUp" => "↑",
        "a" => "A",
        "k" => "K",
        "l" => "L",
        "m" => "M",
        "p" => "P",
        "r" => "R",
        "s" => "S",
        "t" => "T",
        "v" => "V",
        "w" => "W",
        "x" => "X",
        other => other,
    }
}

/// The reader's locale, for dates and numbers. Read once.
pub(crate) fn locale() -> &'static str {
    thread_local! {
        static LOCALE: &'static str = {
            let wanted = web_sys::window().and_then(|window| window.navigator().language());
            let known = wanted.and_then(|name| portico_ui::time::canonical(&tag_of(&name)?));
            known.map_or("en", |name| Box::leak(name.into_boxed_str()))
        };
    }
    LOCALE.with(|locale| *locale)
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
    })
}
