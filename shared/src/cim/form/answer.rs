//! Answers of filled forms, and the choices that a question offers.

use crate::cim::decode::{Fault, Field, Path};
use crate::cim::form::FormAttribute;
use crate::cim::record::record;
use crate::json::Value;

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

record! {
    /// One of a question's choices.
    pub struct AnswerOption {
        /// What is shown.
        pub label: Option<String> = "label",
        /// What it means.
        pub value: Option<Value> = "value",
        /// Whether it was chosen.
        pub is_selected: Option<bool> = "isSelected",
        /// Free; `optionWeightage`, `enableStyle` and `optionStyle` are usual.
        pub additional_attributes: Option<Value> = "additionalAttributes",
    }
}

record! {
    /// Choices under a heading.
    pub struct AnswerCategory {
        /// The heading.
        pub category: Option<String> = "category",
        /// The choices.
        pub options: Vec<AnswerOption> = "options" always,
    }
}

impl Field for Answer {
    fn blank() -> Self {
        Self::Other(Value::Null)
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Object(map) if map.get("category").is_some_and(|category| !category.is_null()) => {
                Self::Category(Field::read(Value::Object(map), at, fault))
            }
            Value::Object(map) => Self::Option(Field::read(Value::Object(map), at, fault)),
            other => Self::Other(other),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Text(text) => Field::write(text),
            Self::Option(option) => Field::write(option),
            Self::Category(category) => Field::write(category),
            Self::Other(value) => value.clone(),
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
