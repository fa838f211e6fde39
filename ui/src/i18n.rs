//! The language of a document and its messages.
//!
//! English is in the program. Every other language is a file that [`load()`] fetches while the program starts, so that
//! readers pay for their own alone; English stands in where it does not come.

mod load;
#[cfg(test)]
mod tests;

pub use load::{load, wished_by_address};

use crate::time;
use portico_client::isolated;
use portico_shared::language::{ENGLISH, direction, primary};
use std::collections::BTreeMap;

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
    form: fn(usize, &str) -> String,
    /// The number in the language's digits.
    write: fn(usize, &str) -> String,
}

impl Numbers {
    const OF_THE_BROWSER: Self = Self {
        form: |count, tag| time::plural_form(count as f64, tag),
        write: |count, tag| time::number(count as f64, tag),
    };

    /// English, where no browser is asked.
    const ENGLISH: Self = Self {
        form: |count, _| english_form(count).to_owned(),
        write: |count, _| count.to_string(),
    };
}

fn english_form(count: usize) -> &'static str {
    if count == 1 { "one" } else { "other" }
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
        direction(&self.tag)
    }
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

    /// A text with its gaps filled. What is put in turns nothing around it, whatever its direction.
    pub fn filled(&self, name: &str, gaps: &[(&str, &str)]) -> String {
        let isolated = self.isolated(gaps);
        fill(self.text(name), &borrowed(&isolated))
    }

    /// The form of a text that suits a number.
    pub fn counted(&self, name: &str, count: usize, gaps: &[(&str, &str)]) -> String {
        let Language { tag, numbers, .. } = &self.language;
        let named = |form: &str| [name, "_", form].concat();
        let own = self.own(&named(&(numbers.form)(count, tag)));
        let text = own
            .or_else(|| self.own(&named("other")))
            .unwrap_or_else(|| self.english(&named(english_form(count))));
        let number = (numbers.write)(count, tag);
        let isolated = self.isolated(gaps);
        let mut gaps = borrowed(&isolated);
        gaps.push(("count", &number));
        fill(text, &gaps)
    }

    /// A name, or whatever else comes from outside, for a place beside other words.
    pub fn isolate(&self, text: &str) -> String {
        isolated(text, self.language.direction())
    }

    fn isolated<'a>(&self, gaps: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
        gaps.iter().map(|(gap, value)| (*gap, self.isolate(value))).collect()
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

fn borrowed<'a>(gaps: &'a [(&str, String)]) -> Vec<(&'a str, &'a str)> {
    gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect()
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
