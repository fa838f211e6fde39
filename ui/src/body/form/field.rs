//! One question of a form: its control, what was entered, and whether that will do.

use crate::body::Messages;
use crate::browser::{checked_of, document, mint, value_of};
use crate::el::{El, block, el, words};
use crate::state::State;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

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
    entered: State<Vec<String>>,
    missing: State<bool>,
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
            label: question
                .label
                .clone()
                .or_else(|| question.key.clone())
                .unwrap_or_default(),
            help: question.help_text.clone().filter(|help| !help.trim().is_empty()),
            required: question.is_required.unwrap_or(false),
            control: control(question, !choices.is_empty()),
            choices,
            entered: State::new(Vec::new()),
            missing: State::new(false),
        }
    }

    /// Whether what was entered will do; says so under the question if not.
    pub(super) fn check(&self) -> bool {
        let missing = self.required
            && self
                .entered
                .peek(|entered| entered.iter().all(|it| it.trim().is_empty()));
        self.missing.put(missing);
        !missing
    }

    pub(super) fn answer(&self) -> Vec<Answer> {
        let entered = self.entered.now();
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

    pub(super) fn view(&self, messages: &'static Messages) -> El {
        let missing = self.missing;
        let star = self.required.then(|| words("form__star", messages.required));
        let named = |tag| el(tag).class("form__label").child(words("", &self.label));
        let help = self.help.as_deref().map(|help| words("body__note", help));
        let field = match self.control {
            Control::Line(_) | Control::Paragraph | Control::List => {
                let label = named("label").attr("for", &self.id).maybe(star);
                block("form__field", vec![label])
                    .maybe(help)
                    .child(self.single(messages))
            }
            Control::One | Control::Several | Control::YesNo | Control::Scale(..) => {
                let set = el("fieldset").class("form__set").child(named("legend").maybe(star));
                let set = self.described(set).maybe(help).child(self.many(messages));
                block("form__field", vec![set])
            }
        };
        let error = self.error_id();
        field.child_by(move || {
            missing.get().then(|| {
                words("form__error", messages.missing)
                    .attr("id", &error)
                    .attr("role", "alert")
            })
        })
    }

    /// The keyboard goes to its control, or to the first of several.
    pub(super) fn focus(&self) {
        let control = ["[id='", &self.id, "'],[name='", &self.id, "']"].concat();
        let found = document().query_selector(&control).ok().flatten();
        if let Some(control) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // A control that has just gone takes no focus.
            let _ = control.focus();
        }
    }

    fn error_id(&self) -> String {
        [&self.id, "-error"].concat()
    }

    /// What is wrong with it is told with it.
    fn described(&self, control: El) -> El {
        let (missing, error) = (self.missing, self.error_id());
        control.attr_by("aria-describedby", move || missing.get().then(|| error.clone()))
    }

    /// A control that holds one value.
    fn single(&self, messages: &'static Messages) -> El {
        let control = match self.control {
            Control::Paragraph => el("textarea").attr("rows", "3"),
            Control::List => {
                let empty = el("option").attr("value", "").text(messages.choose);
                let options = self.choices.iter().map(|choice| el("option").text(&choice.label));
                el("select").child(empty).children(options.collect())
            }
            Control::Line(kind) => el("input").attr("type", kind),
            Control::One | Control::Several | Control::YesNo | Control::Scale(..) => el("input"),
        };
        let (entered, missing) = (self.entered, self.missing);
        let control = control
            .attr("id", &self.id)
            .attr_by("aria-invalid", move || missing.get().then(|| "true".to_owned()));
        self.described(control).on("input", move |event| {
            missing.put(false);
            entered.set(vec![value_of(&event)]);
        })
    }

    /// Boxes or buttons to tick.
    fn many(&self, messages: &'static Messages) -> El {
        let labels: Vec<String> = match self.control {
            Control::YesNo => vec![messages.yes.to_owned(), messages.no.to_owned()],
            Control::Scale(from, to) => (from..=to).map(|number| number.to_string()).collect(),
            _ => self.choices.iter().map(|choice| choice.label.clone()).collect(),
        };
        let class = if matches!(self.control, Control::Scale(..)) {
            "form__scale"
        } else {
            "form__choices"
        };
        block(class, labels.into_iter().map(|label| self.tick(label)).collect())
    }

    fn tick(&self, label: String) -> El {
        let (entered, missing) = (self.entered, self.missing);
        let several = self.control == Control::Several;
        let text = words("", &label);
        let input = el("input")
            .attr("type", if several { "checkbox" } else { "radio" })
            .attr("name", &self.id);
        let input = input.on("change", move |event| {
            missing.put(false);
            let on = checked_of(&event);
            entered.update(|entered| {
                entered.retain(|other| several && *other != label);
                entered.extend(on.then(|| label.clone()));
            });
        });
        el("label").class("form__tick").children(vec![input, text])
    }
}

/// The control that fits a question.
fn control(question: &FormAttribute, has_choices: bool) -> Control {
    let several = question
        .category_options
        .as_ref()
        .is_some_and(|options| options.is_multiple_choice == Some(true));
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
