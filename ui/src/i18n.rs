//! The language of a document and its messages.
//!
//! English is in the program. Every other language is a file that [`load()`] fetches while the program starts, so that
//! readers pay for their own alone; English stands in where it does not come.

mod load;
#[cfg(test)]
mod tests;

pub use load::load;

use crate::time;
use std::collections::BTreeMap;

/// The language that is in the program.
const ENGLISH: &str = "en";

/// Languages whose usual script runs from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// A language with its texts, which English has in the program.
#[derive(Debug, Clone)]
pub struct Language {
    /// Its whole name (`de-AT`), for times and numbers.
    pub tag: String,
    texts: BTreeMap<String, String>,
    numbers: Numbers,
}

/// How a language counts: functions of a number and the language's name.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    /// The plural form that suits the number.
    form: fn(f64, &str) -> String,
    /// The number in the language's digits.
    write: fn(f64, &str) -> String,
}

impl Numbers {
    const OF_THE_BROWSER: Self = Self {
        form: time::plural_form,
        write: time::number,
    };

    /// English, where no browser is asked.
    const ENGLISH: Self = Self {
        form: |value, _| english_form(value).to_owned(),
        write: |value, _| value.to_string(),
    };
}

fn english_form(value: f64) -> &'static str {
    if value == 1.0 { "one" } else { "other" }
}

/// English, before it is known what the document speaks.
impl Default for Language {
    fn default() -> Self {
        Self {
            tag: ENGLISH.to_owned(),
            texts: BTreeMap::new(),
            numbers: Numbers::ENGLISH,
        }
    }
}

impl Language {
    fn new(tag: &str, texts: BTreeMap<String, String>) -> Self {
        Self {
            tag: tag.to_owned(),
            texts,
            numbers: Numbers::OF_THE_BROWSER,
        }
    }

    /// The name without its region: `de` of `de-AT`.
    pub fn name(&self) -> &str {
        primary(&self.tag)
    }

    /// `ltr` or `rtl`, as HTML names it.
    pub fn direction(&self) -> &'static str {
        let is_from_the_right = RIGHT_TO_LEFT.contains(&self.name());
        if is_from_the_right { "rtl" } else { "ltr" }
    }
}

/// The first part of a language's name.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// A language that a document has a file for.
#[derive(Debug, PartialEq, Eq)]
struct File {
    language: String,
    address: String,
}

/// The first wish that can be met, and its file. English needs none, and stands in where no wish can be met. A file for
/// a region goes before the one for the whole language.
fn choose<'a>(wishes: &[String], files: &'a [File]) -> (String, Option<&'a File>) {
    let file_of = |name: &str| files.iter().find(|file| file.language.eq_ignore_ascii_case(name));
    for wish in wishes {
        let tag = wish.replace('_', "-");
        let file = file_of(&tag).or_else(|| file_of(primary(&tag)));
        if file.is_some() || primary(&tag).eq_ignore_ascii_case(ENGLISH) {
            return (tag, file);
        }
    }
    (ENGLISH.to_owned(), None)
}

/// The texts of a document. Build scripts write a function around it for each message.
#[derive(Debug)]
pub struct Catalog {
    language: Language,
    /// Sorted by name.
    english: &'static [(&'static str, &'static str)],
}

impl Catalog {
    /// The texts of a language, and English for what it lacks.
    pub fn new(language: Language, english: &'static [(&'static str, &'static str)]) -> Self {
        Self { language, english }
    }

    /// A text without gaps.
    pub fn text(&self, name: &str) -> &str {
        self.own(name).unwrap_or_else(|| self.english(name))
    }

    /// A text with its gaps filled.
    pub fn filled(&self, name: &str, gaps: &[(&str, &str)]) -> String {
        fill(self.text(name), gaps)
    }

    /// The form of a text that suits a number.
    pub fn counted(&self, name: &str, count: usize, gaps: &[(&str, &str)]) -> String {
        let Language { tag, numbers, .. } = &self.language;
        let count = count as f64;
        let named = |form: &str| [name, "_", form].concat();
        let own = self.own(&named(&(numbers.form)(count, tag)));
        let text = own
            .or_else(|| self.own(&named("other")))
            .unwrap_or_else(|| self.english(&named(english_form(count))));
        let number = (numbers.write)(count, tag);
        let mut gaps = gaps.to_vec();
        gaps.push(("count", &number));
        fill(text, &gaps)
    }

    fn own(&self, name: &str) -> Option<&str> {
        self.language.texts.get(name).map(String::as_str)
    }

    fn english(&self, name: &str) -> &'static str {
        let found = self.english.binary_search_by_key(&name, |(name, _)| name);
        found
            .ok()
            .and_then(|at| self.english.get(at))
            .map_or("", |(_, text)| text)
    }
}

/// Fills `{name}` by name. What is put in is not looked through for gaps.
fn fill(text: &str, gaps: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, from)| Some((before, from.split_once('}')?)))
    {
        filled.push_str(before);
        filled.push_str(gaps.iter().find(|(gap, _)| *gap == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}
