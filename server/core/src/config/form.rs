//! Forms that a channel asks its visitors to fill.

use portico_shared::cim::form::ValueType;
use serde::Deserialize;

/// A form with one question at least.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its id in reports.
    #[serde(default = "prechat")]
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it asks, in order.
    pub questions: Vec<Question>,
}

/// What a form asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub label: String,
    /// The name of its answer among what is known of the customer. Empty: made of the label.
    #[serde(default)]
    pub key: String,
    /// What an answer looks like: a value type of CIM.
    #[serde(rename = "type")]
    pub kind: ValueType,
    /// How to answer it.
    #[serde(default)]
    pub help: String,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// What there is to choose from.
    #[serde(default)]
    pub options: Vec<String>,
}

impl Question {
    /// Types that have something to choose from, and no others have.
    pub fn has_choices(&self) -> bool {
        matches!(
            self.kind,
            ValueType::Mcq | ValueType::Checkbox | ValueType::Radio | ValueType::Dropdown
        )
    }

    /// The name of its answer: the one that is set, or the label in lower case with `_` for what is no letter or digit.
    pub fn key(&self) -> String {
        if !self.key.is_empty() {
            return self.key.clone();
        }
        let lower = self.label.to_lowercase();
        let words = lower.split(|char: char| !char.is_alphanumeric());
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
    }
}

fn prechat() -> String {
    "prechat".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_named_like_its_question_unless_a_name_is_set() {
        let named = |label: &str, key: &str| Question {
            label: label.to_owned(),
            key: key.to_owned(),
            kind: ValueType::ShortAnswer,
            help: String::new(),
            required: false,
            options: Vec::new(),
        };
        assert_eq!(named("First name", "").key(), "first_name");
        assert_eq!(named("What's your order number?", "").key(), "what_s_your_order_number");
        assert_eq!(named("Größe", "").key(), "größe");
        assert_eq!(named("First name", "vorname").key(), "vorname");
    }
}
