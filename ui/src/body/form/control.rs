//! Which control fits a question, and what may be entered into it.

use portico_shared::cim::form::{AttributeType, Choice, ValueType};
use portico_shared::customer::CustomerQuestion;
use portico_shared::json::{Map, Value};
use portico_shared::text::says_nothing;

/// A control, with what it needs to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    /// One line, with the type of its input.
    Line(&'static str),
    Paragraph,
    /// One of a few, all shown.
    One,
    /// Several.
    Several,
    /// One of many.
    List,
    YesNo,
    /// A number on a scale, both ends included.
    Scale(u8, u8),
}

impl Control {
    /// The control that fits a question, which has `choices` or none.
    pub(super) fn of(question: &CustomerQuestion, choices: &[Choice]) -> Self {
        let has_choices = !choices.is_empty();
        let several = question.is_multiple_choice();
        match question.value_type.as_ref() {
            Some(ValueType::Checkbox) if has_choices => Self::Several,
            _ if has_choices && several => Self::Several,
            Some(ValueType::Dropdown) if has_choices => Self::List,
            _ if has_choices => Self::One,
            Some(ValueType::Boolean) => Self::YesNo,
            Some(ValueType::FiveStarRating) => Self::Scale(1, 5),
            Some(ValueType::Nps) => Self::Scale(0, 10),
            Some(ValueType::Paragraph) => Self::Paragraph,
            _ if question.attribute_type == Some(AttributeType::TextArea) => Self::Paragraph,
            Some(ValueType::Email) => Self::Line("email"),
            Some(ValueType::Url) => Self::Line("url"),
            Some(ValueType::Number | ValueType::PositiveNumber) => Self::Line("number"),
            Some(ValueType::PhoneNumber) => Self::Line("tel"),
            Some(ValueType::Date) => Self::Line("date"),
            Some(ValueType::Time) => Self::Line("time"),
            Some(ValueType::DateTime) => Self::Line("datetime-local"),
            Some(ValueType::Password) => Self::Line("password"),
            _ => Self::Line("text"),
        }
    }

    /// Whether the control holds one value in one element; the others are boxes or buttons to tick.
    pub(super) fn is_single(self) -> bool {
        match self {
            Self::Line(_) | Self::Paragraph | Self::List => true,
            Self::One | Self::Several | Self::YesNo | Self::Scale(..) => false,
        }
    }
}

/// Whether a required question has no answer: blanks are none.
pub(super) fn is_blank(entered: &[String]) -> bool {
    entered.iter().all(|it| says_nothing(it))
}

/// A box or button was ticked or cleared. Only one that takes several keeps the others.
pub(super) fn tick(entered: &mut Vec<String>, control: Control, label: &str, is_ticked: bool) {
    entered.retain(|other| control == Control::Several && other != label);
    entered.extend(is_ticked.then(|| label.to_owned()));
}

/// What was entered as CIM has it: a text, or each choice with whether it was taken.
pub(super) fn answers(choices: &[Choice], entered: Vec<String>) -> Vec<Value> {
    if choices.is_empty() {
        return entered.into_iter().map(Value::String).collect();
    }
    let option = |choice: &Choice| {
        let mut option = Map::new();
        option.insert("label".to_owned(), Value::from(choice.label.as_str()));
        option.insert("value".to_owned(), choice.value.clone());
        option.insert("isSelected".to_owned(), Value::from(entered.contains(&choice.label)));
        Value::Object(option)
    };
    choices.iter().map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::{Control, answers, is_blank, tick};

    use portico_shared::cim::form::Choice;
    use portico_shared::customer::CustomerQuestion;
    use serde_json::{Value, json};

    fn question(members: Value) -> CustomerQuestion {
        serde_json::from_value(members).expect("a question")
    }

    fn choices(labels: &[&str]) -> Vec<Choice> {
        let choice = |label: &&str| Choice {
            label: (*label).to_owned(),
            value: label.to_uppercase().into(),
            category: None,
        };
        labels.iter().map(choice).collect()
    }

    #[test]
    fn the_type_of_a_value_chooses_the_control() {
        let of = |value_type: &str| Control::of(&question(json!({ "valueType": value_type })), &[]);
        assert_eq!(of("email"), Control::Line("email"));
        assert_eq!(of("positiveNumber"), Control::Line("number"));
        assert_eq!(of("boolean"), Control::YesNo);
        assert_eq!(of("nps"), Control::Scale(0, 10));
        assert_eq!(of("5-star-rating"), Control::Scale(1, 5));
        assert_eq!(of("something new"), Control::Line("text"));
    }

    #[test]
    fn choices_are_ticked_or_listed() {
        let of = |members| Control::of(&question(members), &choices(&["red", "blue"]));
        assert_eq!(of(json!({ "valueType": "checkbox" })), Control::Several);
        assert_eq!(of(json!({ "valueType": "dropdown" })), Control::List);
        assert_eq!(of(json!({ "valueType": "shortAnswer" })), Control::One);
        assert_eq!(
            of(json!({ "categoryOptions": { "isMultipleChoice": true } })),
            Control::Several
        );
    }

    #[test]
    fn blanks_are_no_answer() {
        assert!(is_blank(&[]));
        assert!(is_blank(&[" ".to_owned()]));
        assert!(is_blank(&["\u{200b}".to_owned()]), "what is not seen is none either");
        assert!(!is_blank(&["x".to_owned()]));
    }

    #[test]
    fn only_a_question_for_several_keeps_what_was_ticked_before() {
        let mut entered = vec!["red".to_owned()];
        tick(&mut entered, Control::Several, "blue", true);
        assert_eq!(entered, ["red", "blue"]);
        tick(&mut entered, Control::Several, "red", false);
        assert_eq!(entered, ["blue"]);
        tick(&mut entered, Control::One, "red", true);
        assert_eq!(entered, ["red"]);
    }

    #[test]
    fn every_choice_is_sent_with_whether_it_was_taken() {
        let sent = answers(&choices(&["red", "blue"]), vec!["blue".to_owned()]);
        let red = json!({ "label": "red", "value": "RED", "isSelected": false });
        let blue = json!({ "label": "blue", "value": "BLUE", "isSelected": true });
        assert_eq!(sent, [red, blue]);
        assert_eq!(answers(&[], vec!["x".to_owned()]), [json!("x")]);
    }
}
