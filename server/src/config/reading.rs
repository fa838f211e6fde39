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
const AS_IN_EXAMPLE: [&str; 4] = ["queue", "widget.greeting", "widget.expectation", "widget.accent"];

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
    while found.len() < MOST {
        let error = match Figment::from(Serialized::defaults(&values)).extract::<Config>() {
            Ok(config) => return (Some(config), found),
            Err(error) => error,
        };
        let mut mended = false;
        for error in error {
            let path = path(&error);
            let problem = problem(&values, &path, &error.kind);
            if found.iter().all(|known| known.key != problem.key) {
                found.push(problem);
                mended |= mend(&mut values, &path, &error.kind, &keys);
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

fn problem(values: &Dict, path: &[String], kind: &Kind) -> Problem {
    let (key, found) = place(values, path);
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
    let value = found.and_then(scalar).and_then(|value| secrets::shown(&key, &value));
    Problem { key, value, what }
}

/// What the place of a mistake is called, `users[0].max_tasks`, and what stands there.
fn place<'v>(values: &'v Dict, path: &[String]) -> (String, Option<&'v Value>) {
    let mut key = String::new();
    let mut here: Option<&Value> = None;
    for (depth, step) in path.iter().enumerate() {
        let next = match here {
            None if depth == 0 => values.get(step),
            Some(Value::Array(_, entries)) => {
                let _ = write!(key, "[{step}]");
                here = step.parse().ok().and_then(|at: usize| entries.get(at));
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
    (key, here)
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
