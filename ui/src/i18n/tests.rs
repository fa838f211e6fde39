//! Which language a document speaks, and how its texts are filled.

use super::*;

const TEXTS: &[(&str, &str)] = &[
    ("is_typing", "{name} is typing"),
    ("send", "Send"),
    ("unread_one", "New message"),
    ("unread_other", "{count} new messages"),
];

fn files(languages: &[&str]) -> Vec<File> {
    let file = |language: &&str| File {
        language: (*language).to_owned(),
        address: format!("/{language}.json"),
    };
    languages.iter().map(file).collect()
}

/// The language's name and the address of its file.
fn chosen(wishes: &[&str], languages: &[&str]) -> (String, Option<String>) {
    let wishes: Vec<String> = wishes.iter().map(|wish| (*wish).to_owned()).collect();
    let files = files(languages);
    let (tag, file) = choose(&wishes, &files);
    (tag, file.map(|file| file.address.clone()))
}

fn catalog(tag: &str, texts: &[(&str, &str)]) -> Catalog {
    let texts = texts
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let language = Language {
        tag: tag.to_owned(),
        texts: texts.collect(),
    };
    Catalog::new(language, TEXTS)
}

#[test]
fn the_first_wish_that_can_be_met_is_the_language() {
    let file = |tag: &str, address: &str| (tag.to_owned(), Some(address.to_owned()));
    let english = |tag: &str| (tag.to_owned(), None);
    let both = ["ar", "de"];
    assert_eq!(chosen(&["de"], &both), file("de", "/de.json"));
    assert_eq!(chosen(&["de-AT"], &both), file("de-AT", "/de.json"));
    assert_eq!(chosen(&["de_CH"], &both), file("de-CH", "/de.json"));
    assert_eq!(chosen(&["DE"], &both), file("DE", "/de.json"));
    assert_eq!(chosen(&["pt", "ar-EG"], &both), file("ar-EG", "/ar.json"));
    assert_eq!(chosen(&["en-GB", "de"], &both), english("en-GB"));
    assert_eq!(chosen(&["", "de"], &both), file("de", "/de.json"));
}

#[test]
fn english_is_spoken_where_no_wish_can_be_met() {
    let english = ("en".to_owned(), None);
    assert_eq!(chosen(&["pt"], &["ar", "de"]), english);
    assert_eq!(chosen(&["de"], &[]), english);
    assert_eq!(chosen(&[], &["ar", "de"]), english);
    // Another language that begins with the same letters.
    assert_eq!(chosen(&["den", "enm"], &["ar", "de"]), english);
}

#[test]
fn a_region_with_a_file_of_its_own_has_it() {
    let languages = ["pt", "pt-BR"];
    assert_eq!(chosen(&["pt-br"], &languages).1.as_deref(), Some("/pt-BR.json"));
    assert_eq!(chosen(&["pt-PT"], &languages).1.as_deref(), Some("/pt.json"));
    assert_eq!(chosen(&["pt"], &["pt-BR"]).1, None);
}

#[test]
fn the_direction_follows_the_language() {
    let direction = |tag| Language::english(tag).direction();
    assert_eq!(direction("ar-EG"), "rtl");
    assert_eq!(direction("he"), "rtl");
    assert_eq!(direction("de-AT"), "ltr");
    assert_eq!(Language::default().direction(), "ltr");
    assert_eq!(Language::english("de-AT").name(), "de");
}

#[test]
fn english_says_what_a_language_lacks() {
    let german = catalog("de", &[("send", "Senden")]);
    assert_eq!(german.text("send"), "Senden");
    assert_eq!(german.filled("is_typing", &[("name", "Ann")]), "Ann is typing");
    assert_eq!(german.form("unread", 1, "one"), "New message");
    assert_eq!(german.form("unread", 2, "other"), "{count} new messages");
    assert_eq!(german.text("no such message"), "");
}

#[test]
fn each_plural_form_has_its_text() {
    let arabic = catalog(
        "ar",
        &[
            ("unread_zero", "لا رسائل"),
            ("unread_two", "رسالتان"),
            ("unread_few", "{count} رسائل"),
            ("unread_other", "{count} رسالة"),
        ],
    );
    assert_eq!(arabic.form("unread", 0, "zero"), "لا رسائل");
    assert_eq!(arabic.form("unread", 2, "two"), "رسالتان");
    assert_eq!(arabic.form("unread", 7, "few"), "{count} رسائل");
    assert_eq!(arabic.form("unread", 100, "other"), "{count} رسالة");
    // A form that is not there: the language's own other one rather than English.
    assert_eq!(arabic.form("unread", 11, "many"), "{count} رسالة");
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
