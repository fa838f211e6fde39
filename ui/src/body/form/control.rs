//! Which control fits a question, and what may be entered into it.

use crate::body::Messages;
use portico_shared::answers::{check_text, yes_or_no};
use portico_shared::cim::form::{AttributeType, Choice, ValueType};
use portico_shared::customer::CustomerQuestion;
use portico_shared::json::{Map, Value};
use portico_shared::text::says_nothing;

/// The answers to a question that is answered by yes or no, in every language.
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";

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

/// Scales of satisfaction and of recommendation.
const STARS: Control = Control::Scale(1, 5);
const LIKELIHOOD: Control = Control::Scale(0, 10);

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
            Some(ValueType::Boolean | ValueType::OldBoolean) => Self::YesNo,
            Some(ValueType::FiveStarRating) => STARS,
            Some(ValueType::Nps) => LIKELIHOOD,
            Some(ValueType::Paragraph | ValueType::String2000) => Self::Paragraph,
            _ if question.attribute_type == Some(AttributeType::TextArea) => Self::Paragraph,
            Some(ValueType::Email | ValueType::OldEmail) => Self::Line("email"),
            Some(ValueType::Url | ValueType::OldUrl) => Self::Line("url"),
            Some(
                ValueType::Number | ValueType::PositiveNumber | ValueType::OldNumber | ValueType::OldPositiveNumber,
            ) => Self::Line("number"),
            Some(ValueType::PhoneNumber | ValueType::OldPhoneNumber) => Self::Line("tel"),
            Some(ValueType::Date) => Self::Line("date"),
            Some(ValueType::Time) => Self::Line("time"),
            Some(ValueType::DateTime) => Self::Line("datetime-local"),
            Some(ValueType::Password | ValueType::OldPassword) => Self::Line("password"),
            Some(ValueType::Range) => Self::Line("range"),
            Some(ValueType::Color) => Self::Line("color"),
            _ => Self::Line("text"),
        }
    }

    /// What the ends of a scale mean.
    pub(super) fn ends(self, messages: &Messages) -> Option<[&'static str; 2]> {
        match self {
            STARS => Some([messages.very_bad, messages.very_good]),
            LIKELIHOOD => Some([messages.not_likely, messages.very_likely]),
            _ => None,
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

/// What browsers may fill in by themselves: what a question is about, by its key and by the type of its answer. `off` where
/// they must not.
pub(super) fn autocomplete(question: &CustomerQuestion) -> Option<&'static str> {
    match question.key.as_deref() {
        Some("first_name") => return Some("given-name"),
        Some("last_name") => return Some("family-name"),
        Some("name" | "full_name") => return Some("name"),
        Some("company" | "organisation" | "organization") => return Some("organization"),
        _ => {}
    }
    match question.value_type.as_ref()? {
        ValueType::Email | ValueType::OldEmail => Some("email"),
        ValueType::PhoneNumber | ValueType::OldPhoneNumber => Some("tel"),
        ValueType::Url | ValueType::OldUrl => Some("url"),
        ValueType::Password | ValueType::OldPassword => Some("off"),
        _ => None,
    }
}

/// What a question comes with: the texts that were answered already, or the labels of the choices that were taken.
pub(super) fn given(question: &CustomerQuestion) -> Vec<String> {
    let answer = |answer: &Value| match answer {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { YES } else { NO }.to_owned()),
        Value::Object(option) if option.get("isSelected") == Some(&Value::Bool(true)) => {
            option.get("label")?.as_str().map(str::to_owned)
        }
        Value::Object(_) | Value::Array(_) | Value::Null => None,
    };
    question.answer.iter().flatten().filter_map(answer).collect()
}

/// What of this the control can show, as it would have entered it: the rest would be sent without having been seen.
pub(super) fn presentable(
    control: Control,
    kind: Option<&ValueType>,
    choices: &[Choice],
    given: Vec<String>,
) -> Vec<String> {
    let offered = |text: &String| {
        let is_it = |choice: &&Choice| choice.label == *text || choice.value.as_str() == Some(text.as_str());
        choices.iter().find(is_it).map(|choice| choice.label.clone())
    };
    let one = |text: String| match control {
        Control::One | Control::Several | Control::List => offered(&text),
        Control::YesNo => yes_or_no(&text).map(|is| if is { YES } else { NO }.to_owned()),
        Control::Scale(from, to) => {
            let number: u8 = text.trim().parse().ok()?;
            (from..=to).contains(&number).then(|| number.to_string())
        }
        Control::Line("date" | "time" | "datetime-local" | "number" | "range" | "color") => {
            Some(text).filter(|text| kind.is_none_or(|kind| check_text(kind, text).is_ok()))
        }
        Control::Line(_) | Control::Paragraph => Some(text),
    };
    let mut shown: Vec<String> = given.into_iter().filter_map(one).collect();
    if control != Control::Several {
        shown.truncate(1);
    }
    shown
}

/// What was typed into a line without the blanks around it, which nobody means; a password is taken as it is.
pub(super) fn trimmed(control: Control, entered: Vec<String>) -> Vec<String> {
    let trim = |text: String| match control {
        Control::Line("password") | Control::Paragraph => text,
        _ => text.trim().to_owned(),
    };
    entered
        .into_iter()
        .map(trim)
        .filter(|text| !says_nothing(text))
        .collect()
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
    use super::{Control, answers, autocomplete, given, is_blank, tick, trimmed};
    use crate::body::Messages;

    use portico_shared::cim::form::{Choice, ValueType};
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
    fn what_a_control_cannot_show_is_not_entered_into_it() {
        let choice = |label: &str, value: &str| Choice {
            label: label.into(),
            value: value.into(),
            category: None,
        };
        let choices = [choice("Billing", "b"), choice("Delivery", "d")];
        let of = |control, kind: Option<&ValueType>, choices: &[Choice], given: &[&str]| {
            let given = given.iter().map(|text| (*text).to_owned()).collect();
            super::presentable(control, kind, choices, given)
        };
        assert_eq!(
            of(Control::One, None, &choices, &["billing"]),
            [""; 0],
            "an option that there is not"
        );
        assert_eq!(of(Control::List, None, &choices, &["b"]), ["Billing"], "by its value");
        assert_eq!(
            of(Control::Several, None, &choices, &["d", "x", "Billing"]),
            ["Delivery", "Billing"]
        );
        let boolean = Some(&ValueType::Boolean);
        assert_eq!(of(Control::YesNo, boolean, &[], &["true"]), ["yes"], "and is ticked");
        assert_eq!(of(Control::YesNo, boolean, &[], &["perhaps"]), [""; 0]);
        assert_eq!(of(Control::Scale(1, 5), None, &[], &["6"]), [""; 0]);
        assert_eq!(of(Control::Scale(1, 5), None, &[], &["4"]), ["4"]);
        let date = Some(&ValueType::Date);
        assert_eq!(of(Control::Line("date"), date, &[], &["1.2.2026"]), [""; 0]);
        assert_eq!(of(Control::Line("date"), date, &[], &["2026-02-01"]), ["2026-02-01"]);
        assert_eq!(
            of(Control::Line("email"), Some(&ValueType::Email), &[], &["ada"]),
            ["ada"],
            "to be corrected"
        );
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
    fn the_ends_of_a_scale_have_words() {
        let messages = Messages {
            very_bad: "very bad",
            very_good: "very good",
            not_likely: "not likely",
            very_likely: "very likely",
            ..Messages::default()
        };
        let of = |value_type: &str| Control::of(&question(json!({ "valueType": value_type })), &[]).ends(&messages);
        assert_eq!(of("5-star-rating"), Some(["very bad", "very good"]));
        assert_eq!(of("nps"), Some(["not likely", "very likely"]));
        assert_eq!(of("boolean"), None);
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
    fn browsers_know_what_to_fill_in() {
        let of = |members| autocomplete(&question(members));
        assert_eq!(of(json!({ "key": "mail", "valueType": "email" })), Some("email"));
        assert_eq!(
            of(json!({ "key": "first_name", "valueType": "shortAnswer" })),
            Some("given-name")
        );
        assert_eq!(of(json!({ "key": "pin", "valueType": "password" })), Some("off"));
        assert_eq!(of(json!({ "key": "order", "valueType": "shortAnswer" })), None);
    }

    #[test]
    fn a_question_that_was_answered_before_comes_with_its_answer() {
        let of = |answer: Value| given(&question(json!({ "answer": answer })));
        assert_eq!(of(json!(["Ada"])), ["Ada"]);
        assert_eq!(of(json!([7, true, null])), ["7", "yes"]);
        let red = json!({ "label": "red", "isSelected": true });
        assert_eq!(of(json!([red, { "label": "blue", "isSelected": false }])), ["red"]);
    }

    #[test]
    fn blanks_around_a_line_are_not_sent() {
        let of = |control, text: &str| trimmed(control, vec![text.to_owned()]);
        assert_eq!(of(Control::Line("email"), " ann@shop.example "), ["ann@shop.example"]);
        assert_eq!(of(Control::Line("password"), " x "), [" x "]);
        assert_eq!(of(Control::Line("text"), "  "), [""; 0]);
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
