//! From values to a [`Config`]. Reading stops at the first mistake; so each is noted and mended, and what there is read
//! again, until all are known.

use super::check::Problem;
use super::reference;
use super::secrets;
use figment::Figment;
use figment::error::Kind;
use figment::providers::Serialized;
use figment::value::{Dict, Value};
use portico_core::config::Config;
use std::fmt::Write as _;

/// Mistakes that are named at once. A file with more is most likely no configuration.
const MOST: usize = 100;

/// What a channel that says nothing about it has as the example of a channel has it.
const AS_IN_EXAMPLE: [&str; 8] = [
    "queue",
    "widget.greeting",
    "widget.expectation",
    "widget.accent",
    "files.max_bytes",
    "files.types",
    "files.keep_days",
    "composer.voice_seconds",
];

/// Gives channels what they do not say. Their name is their id, and their window's title is their name.
pub(super) fn complete(values: &mut Dict) {
    let defaults = reference::of_channels(&AS_IN_EXAMPLE);
    let Some(Value::Dict(_, channels)) = values.get_mut("channels") else {
        return;
    };
    for (id, channel) in channels {
        let Value::Dict(_, channel) = channel else { continue };
        let name = channel
            .entry("name".to_owned())
            .or_insert_with(|| Value::from(id.clone()));
        let title = name.clone();
        fill(channel, &defaults);
        if let Some(Value::Dict(_, widget)) = channel.get_mut("widget") {
            widget.entry("title".to_owned()).or_insert(title);
        }
    }
}

fn fill(dict: &mut Dict, defaults: &Dict) {
    for (key, default) in defaults {
        match (dict.get_mut(key), default) {
            (Some(Value::Dict(_, inner)), Value::Dict(_, defaults)) => fill(inner, defaults),
            (Some(_), _) => {}
            (None, default) => drop(dict.insert(key.clone(), default.clone())),
        }
    }
}

/// The configuration that these values are, with everything in them that cannot be read. Where there is such, examples stand
/// in for it, so that the rest can be checked.
pub(super) fn read(mut values: Dict) -> (Option<Config>, Vec<Problem>) {
    let keys = reference::keys();
    let mut found: Vec<Problem> = Vec::new();
    let mut removed = Removed::default();
    while found.len() < MOST {
        let error = match Figment::from(Serialized::defaults(&values)).extract::<Config>() {
            Ok(config) => return (Some(config), found),
            Err(error) => error,
        };
        let mut mended = false;
        for error in error {
            let path = path(&error);
            let problem = problem(
                find(&values, &path, &removed),
                reference::find(&keys, &path),
                &error.kind,
            );
            if found.iter().all(|known| known.key != problem.key) {
                found.push(problem);
                mended |= mend(&mut values, &path, &error.kind, &keys) || removed.remove(&mut values, &path);
            }
        }
        if !mended {
            break;
        }
    }
    (None, found)
}

/// The whole way to the key that an error is about.
fn path(error: &figment::Error) -> Vec<String> {
    let mut path = error.path.clone();
    if let Kind::UnknownField(name, _) = &error.kind
        && path.last() != Some(name)
    {
        path.push(name.clone());
    }
    if let Kind::MissingField(name) = &error.kind
        && path.last().map(String::as_str) != Some(name)
    {
        path.push(name.to_string());
    }
    path
}

/// Entries of lists that cannot be read and for which nothing can stand in. They are taken out, so that the rest is read; the
/// entries behind them keep their numbers in what is said of them.
#[derive(Default)]
struct Removed {
    /// The list's path and the number of the entry, as they were when it was taken out.
    entries: Vec<(Vec<String>, usize)>,
}

impl Removed {
    /// Takes the entry at a path out of its list. False if there is none.
    fn remove(&mut self, values: &mut Dict, path: &[String]) -> bool {
        let Some((entry, list)) = path.split_last() else {
            return false;
        };
        let at = entry.parse().ok();
        let Some((at, entries)) = at.zip(entries_at(values, list)) else {
            return false;
        };
        if at >= entries.len() {
            return false;
        }
        entries.remove(at);
        self.entries.push((list.to_vec(), at));
        true
    }

    /// The number that an entry had at first.
    fn original(&self, list: &[String], mut at: usize) -> usize {
        let of_list = self.entries.iter().rev().filter(|(path, _)| path == list);
        for (_, removed) in of_list {
            at += usize::from(*removed <= at);
        }
        at
    }
}

/// The entries of the list at a path.
fn entries_at<'v>(values: &'v mut Dict, path: &[String]) -> Option<&'v mut Vec<Value>> {
    let (first, rest) = path.split_first()?;
    let mut here = values.get_mut(first)?;
    for step in rest {
        here = match here {
            Value::Dict(_, dict) => dict.get_mut(step)?,
            Value::Array(_, entries) => entries.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    match here {
        Value::Array(_, entries) => Some(entries),
        _ => None,
    }
}

/// A place in the values.
struct Found<'v> {
    /// What it is called in the file: `users[0].max_tasks`.
    key: String,
    /// What stands there.
    value: Option<&'v Value>,
}

/// What is wrong with what was found; `example` is what could stand there.
fn problem(found: Found<'_>, example: Option<&Value>, kind: &Kind) -> Problem {
    let key = found.key;
    let what = match kind {
        Kind::UnknownField(_, expected) => {
            return Problem {
                key,
                value: None,
                what: format!("no such key; keys here are {}", expected.join(", ")),
            };
        }
        Kind::MissingField(_) => {
            return Problem {
                key,
                value: None,
                what: "is missing".to_owned(),
            };
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) | Kind::InvalidLength(_, expected) => {
            format!("expected {expected}")
        }
        Kind::UnknownVariant(_, expected) => format!("expected one of {}", expected.join(", ")),
        other => other.to_string(),
    };
    // Where a section or a list belongs, a text may be a secret that has lost its key.
    let is_one_value = !matches!(example, Some(Value::Dict(..) | Value::Array(..)));
    let value = found.value.and_then(scalar).filter(|_| is_one_value);
    let value = value.and_then(|value| secrets::shown_of_wrong(&key, &value));
    Problem { key, value, what }
}

/// Follows the path of a mistake as far as it goes.
fn find<'v>(values: &'v Dict, path: &[String], removed: &Removed) -> Found<'v> {
    let mut key = String::new();
    let mut here: Option<&Value> = None;
    for (depth, step) in path.iter().enumerate() {
        let next = match here {
            None if depth == 0 => values.get(step),
            Some(Value::Array(_, entries)) => {
                let at: Option<usize> = step.parse().ok();
                let number = at.map(|at| removed.original(&path[..depth], at).to_string());
                let _ = write!(key, "[{}]", number.as_deref().unwrap_or(step));
                here = at.and_then(|at| entries.get(at));
                continue;
            }
            Some(Value::Dict(_, dict)) => dict.get(step),
            Some(_) | None => None,
        };
        if !key.is_empty() {
            key.push('.');
        }
        key.push_str(step);
        here = next;
    }
    Found { key, value: here }
}

fn scalar(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let number = value.to_i128().map(|number| number.to_string());
    number.or_else(|| value.to_bool().map(|truth| truth.to_string()))
}

/// Takes out what is unknown, and puts what is known to be good in the place of what is missing or unreadable. False if that
/// changes nothing.
fn mend(values: &mut Dict, path: &[String], kind: &Kind, keys: &Dict) -> bool {
    let example = reference::find(keys, path).cloned();
    let Some((first, rest)) = path.split_first() else {
        return false;
    };
    let replacement = match kind {
        Kind::UnknownField(..) => None,
        _ => example,
    };
    replace(values, first, rest, replacement)
}

fn replace(dict: &mut Dict, key: &str, rest: &[String], value: Option<Value>) -> bool {
    match (rest, value) {
        ([], Some(value)) => {
            dict.insert(key.to_owned(), value);
            true
        }
        ([], None) => dict.remove(key).is_some(),
        ([..], value) => dict
            .get_mut(key)
            .is_some_and(|inner| replace_within(inner, rest, value)),
    }
}

fn replace_within(here: &mut Value, path: &[String], value: Option<Value>) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return false;
    };
    match here {
        Value::Dict(_, dict) => replace(dict, key, rest, value),
        Value::Array(_, entries) => {
            let Some(entry) = key.parse().ok().and_then(|at: usize| entries.get_mut(at)) else {
                return false;
            };
            match (rest, value) {
                ([], Some(value)) => {
                    *entry = value;
                    true
                }
                ([], None) => false,
                ([..], value) => replace_within(entry, rest, value),
            }
        }
        _ => false,
    }
}
