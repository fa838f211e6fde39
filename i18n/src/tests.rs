//! What the build refuses, and what it writes.

use super::*;

const PAGE: &str = r#"<link data-trunk rel="copy-file" href="messages/de.json" /><link rel="alternate" hreflang="de" />
    <link data-trunk rel="copy-file" href="messages/ar.json" /><link rel="alternate" hreflang="ar" />"#;

const ENGLISH: &str = r#"{
    "@send": "Button that sends.", "send": "Send",
    "@is_typing": "Someone writes.", "is_typing": "{name} is typing",
    "@unread": "On the badge.", "unread_one": "One message of {name}", "unread_other": "{count} messages of {name}"
}"#;

const GERMAN: &str = r#"{
    "send": "Senden", "is_typing": "{name} schreibt",
    "unread_one": "Eine Nachricht von {name}", "unread_other": "{count} Nachrichten von {name}"
}"#;

/// What is said about a package with these files.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let messages = folder.path().join("messages");
    fs::create_dir(&messages).expect("the folder is ours");
    fs::write(folder.path().join("index.html"), PAGE).expect("the folder is ours");
    for (name, text) in files {
        fs::write(messages.join(name), text).expect("the folder is ours");
    }
    let problems = package(folder.path()).err().unwrap_or_default();
    let place = format!("{}/", messages.display());
    problems.iter().map(|problem| problem.replace(&place, "")).collect()
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
fn a_language_that_the_page_does_not_name_is_no_language() {
    let french = GERMAN.replace("Senden", "Envoyer");
    let problems = said(&[("en.json", ENGLISH), ("fr.json", &french)]);
    let last = problems.last().expect("French is new to the page");
    assert!(last.contains("index.html: does not name the language fr."), "{last}");
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
