//! What the build refuses, and what it writes.

mod texts;

use super::*;

/// The lines of a page that name a language.
const LINES: &str = r#"<link data-trunk rel="copy-file" href="messages/TAG.json" />
    <link rel="alternate" hreflang="TAG" href="/shop/TAG.json" />
"#;

const ENGLISH: &str = r#"{
    "@send": "Button that sends.", "send": "Send",
    "@is_typing": "Someone writes.", "is_typing": "{name} is typing",
    "@unread": "On the badge.", "unread_one": "One message of {name}", "unread_other": "{count} messages of {name}"
}"#;

const GERMAN: &str = r#"{
    "send": "Senden", "is_typing": "{name} schreibt",
    "unread_one": "Eine Nachricht von {name}", "unread_other": "{count} Nachrichten von {name}"
}"#;

/// What is said about a package with these files, whose page names them all.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let translations = files.iter().filter_map(|(name, _)| name.strip_suffix(".json"));
    let lines = translations
        .filter(|tag| *tag != SOURCE)
        .map(|tag| LINES.replace("TAG", tag));
    said_with_page(&lines.collect::<String>(), files)
}

fn said_with_page(page: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = folder.path().join("shop");
    let messages = shop.join("messages");
    fs::create_dir_all(&messages).expect("the folder is ours");
    fs::write(shop.join("index.html"), page).expect("the folder is ours");
    for (name, text) in files {
        fs::write(messages.join(name), text).expect("the folder is ours");
    }
    let problems = package(&shop).err().unwrap_or_default();
    let places = [&messages, &shop].map(|place| format!("{}/", place.display()));
    let short = |problem: &String| {
        places
            .iter()
            .fold(problem.clone(), |text, place| text.replace(place, ""))
    };
    problems.iter().map(short).collect()
}

fn said_of_german(change: (&str, &str)) -> Vec<String> {
    assert!(GERMAN.contains(change.0), "{}", change.0);
    said(&[("en.json", ENGLISH), ("de.json", &GERMAN.replace(change.0, change.1))])
}

fn said_of_english(change: (&str, &str)) -> Vec<String> {
    assert!(ENGLISH.contains(change.0), "{}", change.0);
    said(&[("en.json", &ENGLISH.replace(change.0, change.1))])
}

#[test]
fn the_languages_of_widget_and_desk_are_whole() {
    let whole = |name: &str| package(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).err();
    assert_eq!(whole("../widget"), None);
    assert_eq!(whole("../desk"), None);
}

#[test]
fn whole_files_are_fine() {
    assert!(said(&[("en.json", ENGLISH), ("de.json", GERMAN)]).is_empty());
}

#[test]
fn a_missing_message_is_named_with_its_english() {
    assert_eq!(
        said_of_german((r#""send": "Senden", "#, "")),
        [r#"de.json: "send" is missing. Add it; in English it is "Send"."#]
    );
    assert_eq!(
        said_of_german((r#""Senden""#, r#"" ""#)),
        [r#"de.json: "send" is empty. In English it is "Send"."#]
    );
}

#[test]
fn a_misspelt_message_is_named_with_the_one_that_is_meant() {
    let both = said_of_german(("\"is_typing\"", "\"is_typin\""));
    assert_eq!(
        both.last().map(String::as_str),
        Some(r#"de.json: "is_typin" is no message of en.json. Rename it to "is_typing"."#)
    );
    assert_eq!(
        said_of_german(("\"send\"", "\"colour\": \"Farbe\", \"send\"")),
        [r#"de.json: "colour" is no message of en.json. Remove it."#]
    );
}

#[test]
fn a_translation_has_the_gaps_of_the_english_text() {
    assert_eq!(
        said_of_german(("{name} schreibt", "Jemand schreibt")),
        [r#"de.json: "is_typing" lacks the gap {name}. In English it is "{name} is typing"."#]
    );
    assert_eq!(
        said_of_german(("{name} schreibt", "{name} {nam} schreibt")),
        [r#"de.json: "is_typing" has a gap {nam} that nothing fills. In English it is "{name} is typing"."#]
    );
    assert_eq!(
        said_of_german(("{name} schreibt", "{name} schreibt {")),
        [r#"de.json: "is_typing" has a brace that is not one of a gap: "{"."#]
    );
    // In German the form is for one alone, so that it may say the number; the other form must have it.
    assert!(said_of_german(("Eine Nachricht", "{count} Nachricht")).is_empty());
    assert_eq!(said_of_german(("{count} Nachrichten", "Nachrichten")).len(), 1);
}

#[test]
fn a_language_has_the_plural_forms_that_it_needs() {
    let forms = |tag| -> Vec<_> { plural::forms(tag).expect("a language").into_keys().collect() };
    assert_eq!(forms("en"), ["one", "other"]);
    assert_eq!(forms("de-AT"), ["one", "other"]);
    assert_eq!(forms("ja"), ["other"]);
    assert_eq!(forms("zh"), ["other"]);
    assert_eq!(forms("pl"), ["few", "many", "one", "other"]);
    assert_eq!(forms("he"), ["one", "other", "two"]);
    // The form for millions is left out.
    assert_eq!(forms("fr"), ["one", "other"]);
    assert_eq!(forms("ar"), ["few", "many", "one", "other", "two", "zero"]);

    let arabic = said(&[("en.json", ENGLISH), ("ar.json", GERMAN)]);
    let missing = ["few", "many", "two", "zero"];
    assert_eq!(arabic.len(), missing.len());
    for (problem, form) in arabic.iter().zip(missing) {
        assert!(
            problem.starts_with(&format!("ar.json: \"unread_{form}\" is missing.")),
            "{problem}"
        );
    }
    assert_eq!(
        said_of_german(("\"send\"", "\"unread_few\": \"Wenige\", \"send\"")),
        [r#"de.json: "unread_few" is a plural form that this language does not have. Remove it."#]
    );
    assert!(
        said_of_german(("\"send\"", "\"unread\": \"Viele\", \"send\""))[0]
            .starts_with("de.json: \"unread\" has plural forms.")
    );
}

#[test]
fn a_form_for_many_numbers_says_the_number() {
    let russian = r#"{ "send": "", "is_typing": "{name}", "unread_one": "одно {name}",
        "unread_few": "{count} {name}", "unread_many": "{count} {name}", "unread_other": "{count} {name}" }"#;
    let problems = said(&[("en.json", ENGLISH), ("ru.json", russian)]);
    // 21 has the form of 1 there.
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("\"unread_one\" lacks the gap {count}")),
        "{problems:?}"
    );
}

#[test]
fn the_list_itself_is_held_to_its_rules() {
    assert!(said_of_english(("\"@send\": \"Button that sends.\", ", ""))[0].contains("has no note for translators"));
    assert!(said_of_english(("\"@send\"", "\"@sent\""))[0].contains("\"send\" has no note"));
    // A note is for all messages up to the next one.
    assert!(said_of_english(("\"@is_typing\": \"Someone writes.\", ", "")).is_empty());
    assert!(said_of_english(("\"Send\"", "\"Send {count}\""))[0].contains("but no plural forms"));
    assert!(said_of_english(("{count} messages", "messages"))[0].contains("no {count}"));
    assert!(said_of_english(("send\"", "Send\""))[0].contains("is no name of a function"));
    assert!(said(&[("de.json", GERMAN)])[0].ends_with("there is no en.json"));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let notes = said(&[("en.json", ENGLISH), ("notes.txt", "")]);
    assert!(notes[0].starts_with("notes.txt: is not named as a language"));
    let cut = said(&[("en.json", ENGLISH), ("de.json", "{ \"send\": ")]);
    assert!(cut[0].starts_with("de.json: EOF"), "{cut:?}");
    let twice = said_of_german(("\"send\"", "\"send\": \"Ab\", \"send\""));
    assert!(twice[0].contains("\"send\" stands there twice"), "{twice:?}");
    let note = said_of_german(("\"send\"", "\"@send\": \"Knopf\", \"send\""));
    assert_eq!(
        note,
        [r#"de.json: "@send" is a note; notes are in en.json alone. Remove it."#]
    );
    let unknown = said(&[("en.json", ENGLISH), ("d_.json", GERMAN)]);
    assert!(unknown[0].contains("d_ is no name of a language"), "{unknown:?}");
}

#[test]
fn the_page_names_the_languages_that_there_are() {
    let files = [("en.json", ENGLISH), ("de.json", GERMAN)];
    let german = LINES.replace("TAG", "de");
    let lacks_german =
        "index.html: does not name the language de. Copy the two lines of another language, and put de into them.";
    assert_eq!(said_with_page(&german, &files), [""; 0]);
    assert_eq!(said_with_page("", &files), [lacks_german]);
    // One of the places is still that of the language that was copied.
    for (right, wrong) in [
        ("messages/de", "messages/ar"),
        ("lang=\"de\"", "lang=\"en\""),
        ("shop/de", "shop/ar"),
        ("shop/de", "desk/de"),
    ] {
        assert!(german.contains(right), "{right}");
        let said = said_with_page(&german.replace(right, wrong), &files);
        assert!(said.iter().any(|problem| problem == lacks_german), "{wrong}: {said:?}");
    }
    assert_eq!(
        said_with_page(&[&german, LINES].concat().replace("TAG", "fr"), &files),
        ["index.html: names the language fr, which has no file. Remove its two lines, or add messages/fr.json."]
    );
}

#[test]
fn each_message_becomes_a_function() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("en.json");
    fs::write(&path, ENGLISH).expect("the folder is ours");
    let list = Language::read(&path).expect("an object").list().expect("whole");
    let code = code::of(&list);
    for part in [
        "pub(crate) fn send(&self) -> &str {\n        self.0.text(\"send\")\n",
        "    /// Someone writes.\n    ///\n    /// In English: `{name} is typing`\n",
        "fn is_typing(&self, name: &str) -> String {\n        self.0.filled(\"is_typing\", &[(\"name\", name)])\n",
        "fn unread(&self, count: usize, name: &str) -> String {\n        self.0.counted(\"unread\", count, &[(\"name\", name)])\n",
        "    (\"unread_one\", \"One message of {name}\"),\n    (\"unread_other\", \"{count} messages of {name}\"),\n",
    ] {
        assert!(code.contains(part), "{part}\n---\n{code}");
    }
}
