//! Answers of filled forms, and the choices that a question offers.

use crate::cim::form::FormAttribute;
use crate::json::{DecodeError, Map, Value, from_value, to_map};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// One item of a question's `answer`, which is an array whatever the question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Text typed, or picked from a calendar.
    Text(String),
    /// One of the choices.
    Option(AnswerOption),
    /// Choices under a heading: an object with a `category`.
    Category(AnswerCategory),
    /// Anything else, a number or yes and no for example.
    Other(Value),
}

/// One of a question's choices.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AnswerOption {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// What is shown.
    pub label: Option<String>,
    /// What it means.
    pub value: Option<Value>,
    /// Whether it was chosen.
    pub is_selected: Option<bool>,
    /// Free; `optionWeightage`, `enableStyle` and `optionStyle` are usual.
    pub additional_attributes: Option<Value>,
}

/// Choices under a heading.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerCategory {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The heading.
    pub category: Option<String>,
    /// The choices.
    #[serde(deserialize_with = "lenient::or_default")]
    pub options: Vec<AnswerOption>,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Object(map) if map.get("category").is_some_and(|category| !category.is_null()) => {
                from_value(Value::Object(map)).map(Self::Category)
            }
            Value::Object(map) => from_value(Value::Object(map)).map(Self::Option),
            other => Ok(Self::Other(other)),
        }
        .map_err(DecodeError::inside)
    }
}

/// Members stand in the order of their names, those that this version does not know among the others.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(to),
            Self::Option(option) => to_map(option).serialize(to),
            Self::Category(category) => to_map(category).serialize(to),
            Self::Other(value) => value.serialize(to),
        }
    }
}

/// Something that a question lets one choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The heading it stands under.
    pub category: Option<String>,
    /// What to show.
    pub label: String,
    /// What to answer.
    pub value: Value,
}

impl FormAttribute {
    /// What there is to choose from, whichever generation the question is of.
    ///
    /// Doubt: the shape of `attributeOptions` is not published. Read are lists of texts, lists of
    /// `{label, value}`, and both below `{category, options}`, `options`, `categories` or `values`.
    pub fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for category in self.category_options.iter().flat_map(|options| &options.categories) {
            for value in &category.values {
                gather(value, category.category_name.as_deref(), MAX_CHOICE_DEPTH, &mut choices);
            }
        }
        if let Some(options) = &self.attribute_options {
            gather(options, None, MAX_CHOICE_DEPTH, &mut choices);
        }
        choices
    }
}

/// All that free JSON offers to choose from, as in [`FormAttribute::choices`].
pub(crate) fn choices_in<'v>(options: impl Iterator<Item = &'v Value>) -> Vec<Choice> {
    let mut choices = Vec::new();
    for options in options {
        gather(options, None, MAX_CHOICE_DEPTH, &mut choices);
    }
    choices
}

/// How deep choices may lie within `attributeOptions`; deeper ones are not shown.
const MAX_CHOICE_DEPTH: usize = 8;

fn gather(options: &Value, category: Option<&str>, levels: usize, choices: &mut Vec<Choice>) {
    let Some(levels) = levels.checked_sub(1) else {
        return;
    };
    match options {
        Value::String(label) => choices.push(choice(category, label, options)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, category, levels, choices)),
        Value::Object(map) => {
            let heading = map
                .get("category")
                .or_else(|| map.get("categoryName"))
                .and_then(Value::as_str);
            let nested = ["categories", "options", "values"]
                .into_iter()
                .find_map(|key| map.get(key));
            match (nested, map.get("label").and_then(Value::as_str)) {
                (Some(nested), _) => gather(nested, heading.or(category), levels, choices),
                (None, Some(label)) => choices.push(choice(
                    category,
                    label,
                    map.get("value").or(map.get("label")).unwrap_or(&Value::Null),
                )),
                (None, None) => {}
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn choice(category: Option<&str>, label: &str, value: &Value) -> Choice {
    Choice {
        category: category.map(str::to_owned),
        label: label.to_owned(),
        value: value.clone(),
    }
}
