//! Which language a document speaks, and how its texts are filled.

use super::*;
use portico_shared::language::tag_of;

const TEXTS: &[(&str, &str)] = &[
    ("is_typing", "{name} is typing"),
    ("send", "Send"),
    ("unread_one", "New message"),
    ("unread_other", "{count} new messages"),
];

/// Some of the forms that a browser knows, and digits that are not Latin.
const ARABIC: Numbers = Numbers {
    form: |value, _| {
        let form = match value {
            0 => "zero",
            1 => "one",
            2 => "two",
            3..11 => "few",
            11..100 => "many",
            _ => "other",
        };
        form.to_owned()
    },
    write: |value, tag| {
        if tag == "ar" && value == 7 {
            "٧".to_owned()
        } else {
            value.to_string()
        }
    },
};

fn catalog(tag: &str, texts: &[(&str, &str)]) -> Catalog {
    let texts = texts
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let language = Language {
        tag: tag.to_owned(),
        texts: texts.collect(),
        numbers: ARABIC,
    };
    Catalog::new(language, TEXTS)
}

#[test]
fn the_direction_follows_the_language() {
    let language = |tag: &str| Language::new(tag, BTreeMap::new());
    assert_eq!(language("ar-EG").direction(), "rtl");
    assert_eq!(language("he").direction(), "rtl");
    assert_eq!(language("ur-PK").direction(), "rtl");
    assert_eq!(language(&tag_of("iw").expect("Hebrew")).direction(), "rtl");
    assert_eq!(language("de-AT").direction(), "ltr");
    assert_eq!(language("de-AT").name(), "de");
    assert_eq!(Language::default().direction(), "ltr");
}

#[test]
fn english_says_what_a_language_lacks() {
    let german = catalog("de", &[("send", "Senden")]);
    assert_eq!(german.text("send"), "Senden");
    assert_eq!(german.filled("is_typing", &[("name", "Ann")]), "Ann is typing");
    assert_eq!(german.counted("unread", 1, &[]), "New message");
    assert_eq!(german.counted("unread", 2, &[]), "2 new messages");
    assert_eq!(german.text("no such message"), "");
}

#[test]
fn english_counts_without_a_browser() {
    let english = Catalog::new(Language::default(), TEXTS);
    assert_eq!(english.counted("unread", 0, &[]), "0 new messages");
    assert_eq!(english.counted("unread", 1, &[]), "New message");
    assert_eq!(english.counted("unread", 21, &[]), "21 new messages");
}

#[test]
fn a_number_has_the_form_and_the_digits_of_the_language() {
    let arabic = catalog(
        "ar",
        &[
            ("unread_zero", "لا رسائل"),
            ("unread_two", "رسالتان"),
            ("unread_few", "{count} رسائل"),
            ("unread_other", "{count} رسالة"),
        ],
    );
    assert_eq!(arabic.counted("unread", 0, &[]), "لا رسائل");
    assert_eq!(arabic.counted("unread", 2, &[]), "رسالتان");
    assert_eq!(arabic.counted("unread", 7, &[]), "٧ رسائل");
    assert_eq!(arabic.counted("unread", 100, &[]), "100 رسالة");
    // A form that is not there: the language's own last one rather than English.
    assert_eq!(arabic.counted("unread", 11, &[]), "11 رسالة");
}

#[test]
fn gaps_are_filled_by_name() {
    assert_eq!(
        fill("{name}, {queue}", &[("queue", "Sales"), ("name", "Ann")]),
        "Ann, Sales"
    );
    assert_eq!(fill("{name} {name}", &[("name", "Ann")]), "Ann Ann");
    assert_eq!(fill("nothing", &[("name", "Ann")]), "nothing");
    // A name is no text with gaps, whatever it is.
    assert_eq!(
        fill("{name} {count}", &[("name", "{count}"), ("count", "2")]),
        "{count} 2"
    );
    assert_eq!(fill("{unknown}!", &[]), "!");
    assert_eq!(fill("open {name", &[("name", "Ann")]), "open {name");
}

#[test]
fn a_name_turns_nothing_around_it() {
    let english = Catalog::new(Language::default(), TEXTS);
    let typing = |name: &str| english.filled("is_typing", &[("name", name)]);
    assert_eq!(typing("Ann"), "Ann is typing");
    assert_eq!(typing("Ann\u{202e}"), "Ann is typing");
    assert_eq!(typing("שרה (נציגה)"), "\u{2068}שרה (נציגה)\u{2069} is typing");
    let arabic = catalog("ar", &[("is_typing", "{name} يكتب"), ("unread_other", "{count} رسالة")]);
    assert_eq!(
        arabic.filled("is_typing", &[("name", "Ann")]),
        "\u{2068}Ann\u{2069} يكتب"
    );
    assert_eq!(
        arabic.counted("unread", 100, &[]),
        "100 رسالة",
        "numbers are the language's own"
    );
}
