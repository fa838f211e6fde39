//! One question of a form: its control, what was entered, and whether that will do.

use crate::browser::mint;
use crate::body::Words;
use crate::el::{block, words};
use leptos::prelude::*;
use leptos::{ev, html};

use portico_shared::cim::form::{Answer, AnswerOption, AttributeType, Choice, FormAttribute, ValueType};

/// A question. What was entered is a list: several boxes may be ticked.
#[derive(Clone)]
pub(super) struct Field {
    id: String,
    label: String,
    help: Option<String>,
    required: bool,
    control: Control,
    choices: Vec<Choice>,
    entered: RwSignal<Vec<String>>,
    missing: RwSignal<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
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

impl Field {
    pub(super) fn new(question: &FormAttribute) -> Self {
        let choices = question.choices();
        Self {
            id: mint().to_string(),
            label: question.label.clone().or_else(|| question.key.clone()).unwrap_or_default(),
            help: question.help_text.clone().filter(|help| !help.trim().is_empty()),
            required: question.is_required.unwrap_or(false),
            control: control(question, !choices.is_empty()),
            choices,
            entered: RwSignal::new(Vec::new()),
            missing: RwSignal::new(false),
        }
    }

    /// Whether what was entered will do; says so under the question if not.
    pub(super) fn check(&self) -> bool {
        let missing = self.required && self.entered.with_untracked(|entered| entered.iter().all(|it| it.trim().is_empty()));
        self.missing.set(missing);
        !missing
    }

    pub(super) fn answer(&self) -> Vec<Answer> {
        let entered = self.entered.get_untracked();
        if self.choices.is_empty() {
            return entered.into_iter().map(Answer::Text).collect();
        }
        let option = |choice: &Choice| {
            Answer::Option(AnswerOption {
                label: Some(choice.label.clone()),
                value: Some(choice.value.clone()),
                is_selected: Some(entered.contains(&choice.label)),
                ..AnswerOption::default()
            })
        };
        self.choices.iter().map(option).collect()
    }

    pub(super) fn view(&self, words_of: &'static Words) -> AnyView {
        let missing = self.missing;
        let star = self.required.then(|| words("form__star", words_of.required));
        let name = vec![words("", self.label.clone()), star.into_any()];
        let help = self.help.clone().map(|help| words("body__note", help));
        let error = move || missing.get().then(|| words("form__error", words_of.missing));
        let labelled = match self.control {
            Control::Line(_) | Control::Paragraph | Control::List => vec![
                html::label().class("form__label").attr("for", self.id.clone()).child(name).into_any(),
                help.into_any(),
                self.single(words_of),
            ],
            Control::One | Control::Several | Control::YesNo | Control::Scale(..) => {
                let legend = html::legend().class("form__label").child(name).into_any();
                vec![html::fieldset().class("form__set").child(vec![legend, help.into_any(), self.many(words_of)]).into_any()]
            }
        };
        block("form__field", vec![labelled.into_any(), error.into_any()])
    }

    fn single(&self, words_of: &'static Words) -> AnyView {
        let entered = self.entered;
        let missing = self.missing;
        let set = move |value: String| {
            missing.set(false);
            entered.set(vec![value]);
        };
        let invalid = move || missing.get().to_string();
        match self.control {
            Control::Paragraph => html::textarea()
                .attr("id", self.id.clone())
                .attr("rows", "3")
                .attr("aria-invalid", invalid)
                .on(ev::input, move |event| set(event_target_value(&event)))
                .into_any(),
            Control::List => {
                let empty = html::option().attr("value", "").child(words_of.choose).into_any();
                let options = self.choices.iter().map(|choice| html::option().child(choice.label.clone()).into_any());
                html::select()
                    .attr("id", self.id.clone())
                    .attr("aria-invalid", invalid)
                    .on(ev::change, move |event| set(event_target_value(&event)))
                    .child(std::iter::once(empty).chain(options).collect::<Vec<_>>())
                    .into_any()
            }
            control => html::input()
                .attr("id", self.id.clone())
                .attr("type", if let Control::Line(kind) = control { kind } else { "text" })
                .attr("aria-invalid", invalid)
                .on(ev::input, move |event| set(event_target_value(&event)))
                .into_any(),
        }
    }

    fn many(&self, words_of: &'static Words) -> AnyView {
        let labels: Vec<String> = match self.control {
            Control::YesNo => vec![words_of.yes.to_owned(), words_of.no.to_owned()],
            Control::Scale(from, to) => (from..=to).map(|number| number.to_string()).collect(),
            _ => self.choices.iter().map(|choice| choice.label.clone()).collect(),
        };
        let class = if matches!(self.control, Control::Scale(..)) { "form__scale" } else { "form__choices" };
        block(class, labels.into_iter().map(|label| self.tick(label)).collect())
    }

    fn tick(&self, label: String) -> AnyView {
        let (entered, missing) = (self.entered, self.missing);
        let several = self.control == Control::Several;
        let value = label.clone();
        let change = move |event| {
            missing.set(false);
            let on = event_target_checked(&event);
            entered.update(|entered| {
                entered.retain(|other| several && *other != value);
                entered.extend(on.then(|| value.clone()));
            });
        };
        let kind = if several { "checkbox" } else { "radio" };
        let input = html::input().attr("type", kind).attr("name", self.id.clone()).on(ev::change, change);
        html::label().class("form__tick").child((input, words("", label))).into_any()
    }
}

/// The control that fits a question.
fn control(question: &FormAttribute, has_choices: bool) -> Control {
    let several = question.category_options.as_ref().is_some_and(|options| options.is_multiple_choice == Some(true));
    match question.value_type.as_ref() {
        Some(ValueType::Checkbox) if has_choices => Control::Several,
        _ if has_choices && several => Control::Several,
        Some(ValueType::Dropdown) if has_choices => Control::List,
        _ if has_choices => Control::One,
        Some(ValueType::Boolean) => Control::YesNo,
        Some(ValueType::FiveStarRating) => Control::Scale(1, 5),
        Some(ValueType::Nps) => Control::Scale(0, 10),
        Some(ValueType::Paragraph) => Control::Paragraph,
        _ if question.attribute_type == Some(AttributeType::TextArea) => Control::Paragraph,
        Some(ValueType::Email) => Control::Line("email"),
        Some(ValueType::Url) => Control::Line("url"),
        Some(ValueType::Number | ValueType::PositiveNumber) => Control::Line("number"),
        Some(ValueType::PhoneNumber) => Control::Line("tel"),
        Some(ValueType::Date) => Control::Line("date"),
        Some(ValueType::Time) => Control::Line("time"),
        Some(ValueType::DateTime) => Control::Line("datetime-local"),
        Some(ValueType::Password) => Control::Line("password"),
        _ => Control::Line("text"),
    }
}
