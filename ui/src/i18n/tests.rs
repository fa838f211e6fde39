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

/// Some of the forms that a browser knows, and digits that are not Latin.
const ARABIC: Numbers = Numbers {
    form: |value, _| {
        let form = match value {
            0.0 => "zero",
            1.0 => "one",
            2.0 => "two",
            3.0..11.0 => "few",
            11.0..100.0 => "many",
            _ => "other",
        };
        form.to_owned()
    },
    write: |value, tag| {
        if tag == "ar" && value == 7.0 {
            "٧".to_owned()
        } else {
            value.to_string()
        }
    },
};

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
        numbers: ARABIC,
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
fn languages_are_found_however_they_are_written() {
    let languages = ["ar", "de", "he", "zh", "zh-Hans"];
    let address_of = |wishes: &[&str]| chosen(wishes, &languages).1;
    assert_eq!(address_of(&["zh_Hans_CN"]).as_deref(), Some("/zh-Hans.json"));
    assert_eq!(address_of(&["zh-Hant-TW"]).as_deref(), Some("/zh.json"));
    assert_eq!(address_of(&["iw"]).as_deref(), Some("/he.json"));
    assert_eq!(
        chosen(&["IW-IL"], &languages),
        ("he-IL".to_owned(), Some("/he.json".to_owned()))
    );
    assert_eq!(address_of(&["de_AT.UTF-8"]).as_deref(), Some("/de.json"));
    assert_eq!(chosen(&["en-US@posix", "de"], &languages), ("en-US".to_owned(), None));
}

/// What the widget has files for.
const WIDGET: [&str; 14] = [
    "ar", "bg", "de", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "tr", "ur", "zh",
];

#[test]
fn each_language_of_the_widget_is_found_by_the_names_that_systems_have_for_it() {
    for (wish, tag, address) in [
        ("iw", "he", "/he.json"),
        ("iw_IL.UTF-8", "he-IL", "/he.json"),
        ("pt-PT", "pt-PT", "/pt.json"),
        ("pt_BR", "pt-BR", "/pt.json"),
        ("es-419", "es-419", "/es.json"),
        ("ur_PK.UTF-8", "ur-PK", "/ur.json"),
        ("tr_TR", "tr-TR", "/tr.json"),
        ("bg-BG", "bg-BG", "/bg.json"),
        ("ca-ES-valencia, es", "en", ""),
        ("ja_JP.eucJP", "ja-JP", "/ja.json"),
        ("ja-JP-u-ca-japanese", "ja-JP-u-ca-japanese", "/ja.json"),
        // All of Chinese has the simplified signs: better read than English, where no other file was written.
        ("zh-CN", "zh-CN", "/zh.json"),
        ("zh_Hans_CN", "zh-Hans-CN", "/zh.json"),
        ("zh-TW", "zh-TW", "/zh.json"),
        ("zh-Hant-HK", "zh-Hant-HK", "/zh.json"),
        // Languages without a file, and names of none.
        ("no", "en", ""),
        ("sv-SE", "en", ""),
        ("he_", "en", ""),
        ("C", "en", ""),
        ("C.UTF-8", "en", ""),
        ("undefined", "en", ""),
        ("null", "en", ""),
        ("", "en", ""),
        ("en-US@posix", "en-US", ""),
    ] {
        let address = Some(address.to_owned()).filter(|address| !address.is_empty());
        assert_eq!(chosen(&[wish], &WIDGET), (tag.to_owned(), address), "{wish}");
    }
}

#[test]
fn what_names_no_language_is_passed_over() {
    for wish in [
        "C",
        "POSIX.UTF-8",
        "",
        "*",
        "x",
        "de--AT",
        "de-",
        "日本",
        "en us",
        "de-123456789",
        "-de",
    ] {
        let tag = tag_of(wish);
        assert!(tag.is_none() || wish == "POSIX.UTF-8", "{wish}: {tag:?}");
        assert_eq!(chosen(&[wish, "de"], &["de"]).1.as_deref(), Some("/de.json"), "{wish}");
    }
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
    let language = |tag: &str| Language::new(tag, BTreeMap::new());
    assert_eq!(language("ar-EG").direction(), "rtl");
    assert_eq!(language("he").direction(), "rtl");
    assert_eq!(language("ur-PK").direction(), "rtl");
    assert_eq!(language(&tag_of("iw").expect("Hebrew")).direction(), "rtl");
    let from_the_right = WIDGET.iter().filter(|tag| language(tag).direction() == "rtl");
    assert_eq!(from_the_right.collect::<Vec<_>>(), [&"ar", &"he", &"ur"]);
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
