//! What the languages of the widget and of the desk say, as far as a machine can tell.

use super::*;

/// English texts that are right in other languages, too.
const SHARED: [&str; 16] = [
    "Assistant",
    "Chat",
    "Conversation",
    "Date",
    "E-mail",
    "Emoji",
    "File",
    "Message",
    "Name",
    "No",
    "Notifications",
    "Options",
    "Subtotal",
    "Support",
    "Total",
    "Video",
];

/// Messages that stand on buttons and in menus.
const BUTTONS: [&str; 27] = [
    "back_to_chat",
    "body_download",
    "body_no",
    "body_open_link",
    "body_open_map",
    "body_submit",
    "body_yes",
    "delete",
    "earlier_chats",
    "earlier_more",
    "end_chat",
    "end_no",
    "end_yes",
    "menu",
    "minimise",
    "new_messages",
    "prechat_submit",
    "reload",
    "retry",
    "save_chat",
    "save_page",
    "send",
    "send_in_new",
    "start_new",
    "to_newest",
    "try_again",
    "use_here",
];

/// How many times the length of the English text a button may have, in tenths.
const TENTHS: usize = 22;

/// A button with this many characters fits, however short the English text is.
const ALWAYS_FIT: usize = 16;

/// Each text of each translation: the language, the message and form, the text, and the English one.
fn texts(application: &str) -> Vec<(String, String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(application);
    let paths = files(&folder.join("messages")).expect("the application speaks");
    let languages = paths.iter().map(|path| Language::read(path).expect("an object"));
    let (source, others): (Vec<_>, Vec<_>) = languages.partition(|language| language.tag == SOURCE);
    let list = source[0].list().expect("whole");
    let mut texts = Vec::new();
    for language in others {
        for (name, text) in language.entries {
            let stem = plural::split(&name).map_or(name.as_str(), |(stem, _)| stem);
            let message = list
                .iter()
                .find(|message| [name.as_str(), stem].contains(&message.name.as_str()));
            let english = message.expect("of the list").text.main().to_owned();
            texts.push((language.tag.clone(), name, text, english));
        }
    }
    texts
}

/// Something to read, besides gaps and signs.
fn has_words(text: &str) -> bool {
    let outside = text.split('{').filter_map(|part| part.split('}').next_back());
    outside.flat_map(str::chars).any(char::is_alphabetic)
}

#[test]
fn no_text_is_left_in_english() {
    for application in ["widget", "desk"] {
        let texts = texts(application);
        let left: Vec<_> = texts
            .iter()
            .filter(|(_, _, text, english)| text == english && has_words(text) && !SHARED.contains(&text.as_str()))
            .collect();
        assert!(left.is_empty(), "{application}: {left:?}");
    }
}

/// On a phone two of them stand side by side.
#[test]
fn what_stands_on_a_button_is_short() {
    let texts = texts("widget");
    let is_button = |name: &str| {
        let stem = plural::split(name).map_or(name, |(stem, _)| stem);
        BUTTONS.contains(&stem)
    };
    let long: Vec<_> = texts
        .iter()
        .filter(|(_, name, text, english)| {
            let room = english.chars().count() * TENTHS / 10;
            is_button(name) && text.chars().count() > room.max(ALWAYS_FIT)
        })
        .collect();
    assert!(long.is_empty(), "{long:?}");
    let unknown = BUTTONS
        .iter()
        .find(|button| !texts.iter().any(|(_, name, ..)| name.starts_with(*button)));
    assert_eq!(unknown, None, "no message of the widget");
}

#[test]
fn no_text_begins_or_ends_with_a_blank() {
    for application in ["widget", "desk"] {
        for (tag, name, text, _) in texts(application) {
            assert_eq!(text, text.trim(), "{application}, {tag}: {name}");
        }
    }
}

#[test]
fn words_are_told_from_gaps_and_signs() {
    assert!(has_words("{name} writes"));
    assert!(has_words("{name}が"));
    assert!(!has_words("{name}: {text}"));
    assert!(!has_words("● {name}"));
}
