//! The file of one language: names and texts.

use crate::plural::{self, OTHER};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Before the name of a message in the English file, its note for translators.
const NOTE: char = '@';

/// What a file says.
#[derive(Debug)]
pub(crate) struct Language {
    /// The file's name without `.json`.
    pub(crate) tag: String,
    pub(crate) path: PathBuf,
    pub(crate) entries: Vec<(String, String)>,
}

/// A message of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) name: String,
    /// What it is for.
    pub(crate) note: String,
    pub(crate) text: Text,
}

/// The English text of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Plain(String),
    /// By form; for a message with a count.
    Plural(BTreeMap<&'static str, String>),
}

impl Text {
    /// The text that says which gaps there are.
    pub(crate) fn main(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Plural(forms) => forms.get(OTHER).map_or("", String::as_str),
        }
    }
}

impl Language {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let at = |problem: &dyn fmt::Display| format!("{}: {problem}", path.display());
        let tag = path.file_name().and_then(|name| name.to_str());
        let tag = tag.and_then(|name| name.strip_suffix(".json")).ok_or_else(|| {
            at(&"is not named as a language, such as de.json. Rename it, or move it out of the folder.")
        })?;
        let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
        let Entries(entries) = serde_json::from_str(&text).map_err(|error| at(&error))?;
        Ok(Self {
            tag: tag.to_owned(),
            path: path.to_owned(),
            entries,
        })
    }

    /// The messages with their notes; for the English file.
    pub(crate) fn list(&self) -> Result<Vec<Message>, Vec<String>> {
        let mut list: Vec<Message> = Vec::new();
        let mut problems = Vec::new();
        let mut note: Option<&str> = None;
        let mut noted: Option<&str> = None;
        for (name, text) in &self.entries {
            if let Some(of) = name.strip_prefix(NOTE) {
                (note, noted) = (Some(text.as_str()), Some(of));
                continue;
            }
            let form = plural::split(name);
            let message = form.map_or(name.as_str(), |(message, _)| message);
            if let (Some((_, form)), Some(last)) = (form, list.last_mut())
                && last.name == message
                && let Text::Plural(forms) = &mut last.text
            {
                forms.insert(form, text.clone());
                continue;
            }
            let Some(note) = note.filter(|_| noted.take().is_none_or(|of| of == message)) else {
                let what = format!(
                    "has no note for translators. Add \"{NOTE}{message}\" right before it, with what it is for."
                );
                problems.push(self.problem(name, &what));
                continue;
            };
            list.push(Message {
                name: message.to_owned(),
                note: note.to_owned(),
                text: match form {
                    Some((_, form)) => Text::Plural(BTreeMap::from([(form, text.clone())])),
                    None => Text::Plain(text.clone()),
                },
            });
        }
        if problems.is_empty() { Ok(list) } else { Err(problems) }
    }

    /// What is wrong with one of the messages.
    pub(crate) fn problem(&self, name: &str, what: &str) -> String {
        format!("{}: \"{name}\" {what}", self.path.display())
    }
}

/// Members of an object in their order, each once.
struct Entries(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Members).map(Entries)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, String)>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Self::Value = Vec::new();
        while let Some((name, text)) = map.next_entry::<String, String>()? {
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom(format!(
                    "\"{name}\" stands there twice. Remove one."
                )));
            }
            entries.push((name, text));
        }
        Ok(entries)
    }
}
