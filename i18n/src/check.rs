//! What must be right about the files before there is a program.

use crate::SOURCE;
use crate::language::{Language, Message, Text};
use crate::plural::{self, OTHER};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use strsim::levenshtein;

/// The gap of a message with plural forms that holds the number.
pub(crate) const COUNT: &str = "count";

/// The gaps of a text, in order, or the place where a brace is alone.
pub(crate) fn gaps(text: &str) -> Result<Vec<&str>, &str> {
    let mut gaps = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let from = &rest[at..];
        let gap = from.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, after) = gap.filter(|(name, _)| is_name(name)).ok_or(from)?;
        if !gaps.contains(&name) {
            gaps.push(name);
        }
        rest = after;
    }
    Ok(gaps)
}

/// Names become functions and parameters.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What is wrong with the list itself.
pub(crate) fn source(file: &Language, list: &[Message]) -> Vec<String> {
    let mut problems = Vec::new();
    for message in list {
        let mut say = |what: &str| problems.push(file.problem(&message.name, what));
        if !is_name(&message.name) {
            say("is no name of a function. Write it in small letters, digits and underscores.");
        }
        let has_count = gaps(message.text.main()).is_ok_and(|gaps| gaps.contains(&COUNT));
        match &message.text {
            Text::Plain(_) if has_count => say(
                "has a {count}, but no plural forms. Replace it by an entry for each form, ending in _one and _other.",
            ),
            Text::Plural(_) if !has_count => say("has plural forms, but no {count} in the one that ends in _other."),
            _ => {}
        }
    }
    problems.extend(translation(file, list));
    problems
}

/// What is wrong with a language's file, by the list.
pub(crate) fn translation(file: &Language, list: &[Message]) -> Vec<String> {
    let forms = match plural::forms(&file.tag) {
        Ok(forms) => forms,
        Err(problem) => return vec![format!("{}: {problem}", file.path.display())],
    };
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for message in list {
        let english = message.text.main();
        match &message.text {
            Text::Plain(_) => {
                problems.extend(entry(file, &message.name, english, false));
                known.insert(message.name.clone());
            }
            Text::Plural(_) => {
                for (form, counts) in &forms {
                    let name = format!("{}_{form}", message.name);
                    problems.extend(entry(file, &name, english, *counts == 1));
                    known.insert(name);
                }
            }
        }
    }
    for (name, _) in file.entries.iter().filter(|(name, _)| !known.contains(name)) {
        problems.extend(stranger(file, name, list, &known));
    }
    problems
}

/// What is wrong with one entry. Of a form that stands for one number alone, the text may say the number itself.
fn entry(file: &Language, name: &str, english: &str, is_one_number: bool) -> Option<String> {
    let Some((_, text)) = file.entries.iter().find(|(known, _)| known == name) else {
        return Some(file.problem(name, &format!("is missing. Add it; in English it is {english:?}.")));
    };
    if text.trim().is_empty() {
        return Some(file.problem(name, &format!("is empty. In English it is {english:?}.")));
    }
    let own = match gaps(text) {
        Ok(own) => own,
        Err(from) => return Some(file.problem(name, &format!("has a brace that is not one of a gap: {from:?}."))),
    };
    let wanted = gaps(english).unwrap_or_default();
    let may_be_left_out = |gap: &str| is_one_number && gap == COUNT;
    let missing = wanted.iter().find(|gap| !own.contains(gap) && !may_be_left_out(gap));
    if let Some(gap) = missing {
        return Some(file.problem(name, &format!("lacks the gap {{{gap}}}. In English it is {english:?}.")));
    }
    let unknown = own.iter().find(|gap| !wanted.contains(gap))?;
    Some(file.problem(
        name,
        &format!("has a gap {{{unknown}}} that nothing fills. In English it is {english:?}."),
    ))
}

/// What to do about an entry that is not of the list.
fn stranger(file: &Language, name: &str, list: &[Message], known: &BTreeSet<String>) -> Option<String> {
    if name.starts_with('@') {
        return (file.tag != SOURCE).then(|| file.problem(name, "is a note; notes are in en.json alone. Remove it."));
    }
    let is_form = plural::split(name).is_some_and(|(message, _)| list.iter().any(|other| other.name == message));
    if is_form {
        return Some(file.problem(name, "is a plural form that this language does not have. Remove it."));
    }
    if let Some(message) = list.iter().find(|message| message.name == name) {
        return Some(file.problem(
            &message.name,
            &format!("has plural forms. Replace it by an entry for each, such as {name}_{OTHER}."),
        ));
    }
    let free = known
        .iter()
        .filter(|known| !file.entries.iter().any(|(other, _)| other == *known));
    Some(match free.min_by_key(|known| levenshtein(known, name)) {
        Some(near) if levenshtein(near, name) <= name.len() / 3 => file.problem(
            name,
            &format!("is no message of {SOURCE}.json. Rename it to \"{near}\"."),
        ),
        _ => file.problem(name, &format!("is no message of {SOURCE}.json. Remove it.")),
    })
}

/// Whether the document names each language's file, once for the build and once for the program, which looks for it there;
/// and no other.
pub(crate) fn page(page: &Path, tags: &[&str]) -> Vec<String> {
    let html = match fs::read_to_string(page) {
        Ok(html) => html,
        Err(error) => return vec![format!("{}: {error}", page.display())],
    };
    let package = page.parent().and_then(Path::file_name).unwrap_or_default().display();
    let is_missing = |tag: &&&str| {
        !html.contains(&format!("href=\"messages/{tag}.json\""))
            || !html.contains(&format!("hreflang=\"{tag}\" href=\"/{package}/{tag}.json\""))
    };
    let missing = tags.iter().filter(is_missing).map(|tag| {
        format!("does not name the language {tag}. Copy the two lines of another language, and put {tag} into them.")
    });
    let named = html.split("hreflang=\"").skip(1);
    let named = named.filter_map(|from| Some(from.split_once('"')?.0));
    let strange = named.filter(|tag| !tags.contains(tag)).map(|tag| {
        format!("names the language {tag}, which has no file. Remove its two lines, or add messages/{tag}.json.")
    });
    let problems = missing.chain(strange);
    problems.map(|what| format!("{}: {what}", page.display())).collect()
}
