//! One question of a form: its control, what was entered, and whether that will do.

use super::control::{Control, answers, is_blank, tick};
use super::label;
use crate::body::Messages;
use crate::browser::{document, mint};
use crate::parts::auto_span;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use web_sys::HtmlElement;

use portico_shared::cim::form::Choice;
use portico_shared::customer::CustomerQuestion;
use portico_shared::json::Value;
use portico_shared::text::says_nothing;

/// A question. What was entered is a list: several boxes may be ticked.
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

impl Field {
    pub(super) fn new(question: &CustomerQuestion) -> Self {
        let choices = question.choices();
        Self {
            id: mint().to_string(),
            label: label(question),
            help: question.help_text.clone().filter(|help| !says_nothing(help)),
            required: question.is_required.unwrap_or(false),
            control: Control::of(question, &choices),
            choices,
            entered: RwSignal::new(Vec::new()),
            missing: RwSignal::new(false),
        }
    }

    /// Whether what was entered will do; says so under the question if not.
    pub(super) fn check(&self) -> bool {
        let missing = self.required && self.entered.with_untracked(|entered| is_blank(entered));
        self.missing.set(missing);
        !missing
    }

    pub(super) fn answer(&self) -> Vec<Value> {
        answers(&self.choices, self.entered.get_untracked())
    }

    pub(super) fn view(&self, messages: &'static Messages) -> AnyView {
        let star = self.required.then(|| auto_span("form__star", messages.required));
        let help = self.help.as_deref().map(|help| auto_span("body__note", help));
        let name = auto_span("", self.label.as_str());
        let field = if self.control.is_single() {
            let label = html::label()
                .class("form__label")
                .attr("for", self.id.clone())
                .child(name)
                .child(star);
            (label, help, self.single(messages)).into_any()
        } else {
            let legend = html::legend().class("form__label").child(name).child(star);
            html::fieldset()
                .class("form__set")
                .attr("aria-describedby", self.described_by())
                .child(legend)
                .child(help)
                .child(self.many(messages))
                .into_any()
        };
        html::div()
            .class("form__field")
            .child(field)
            .child(self.error(messages))
            .into_any()
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

    fn error(&self, messages: &'static Messages) -> impl IntoView + use<> {
        let (missing, id) = (self.missing, self.error_id());
        move || {
            missing.get().then(|| {
                html::span()
                    .class("form__error")
                    .attr("dir", "auto")
                    .attr("id", id.clone())
                    .attr("role", "alert")
                    .child(messages.missing)
                    .into_any()
            })
        }
    }

    fn error_id(&self) -> String {
        [&self.id, "-error"].concat()
    }

    /// What is wrong with it is told with it.
    fn described_by(&self) -> impl Fn() -> Option<String> + Send + Clone + use<> {
        let (missing, error) = (self.missing, self.error_id());
        move || missing.get().then(|| error.clone())
    }

    /// A control that holds one value.
    fn single(&self, messages: &'static Messages) -> AnyView {
        let (entered, missing) = (self.entered, self.missing);
        let invalid = move || missing.get().then_some("true");
        let enter = move |event| {
            missing.set(false);
            entered.set(vec![event_target_value(&event)]);
        };
        match self.control {
            Control::Paragraph => html::textarea()
                .attr("rows", "3")
                .attr("id", self.id.clone())
                .attr("aria-invalid", invalid)
                .attr("aria-describedby", self.described_by())
                .on(ev::input, enter)
                .into_any(),
            Control::List => {
                let option = |choice: &Choice| html::option().child(choice.label.clone()).into_any();
                let options: Vec<_> = self.choices.iter().map(option).collect();
                html::select()
                    .attr("id", self.id.clone())
                    .attr("aria-invalid", invalid)
                    .attr("aria-describedby", self.described_by())
                    .on(ev::input, enter)
                    .child(html::option().attr("value", "").child(messages.choose))
                    .child(options)
                    .into_any()
            }
            Control::Line(kind) => html::input()
                .attr("type", kind)
                .attr("id", self.id.clone())
                .attr("aria-invalid", invalid)
                .attr("aria-describedby", self.described_by())
                .on(ev::input, enter)
                .into_any(),
            Control::One | Control::Several | Control::YesNo | Control::Scale(..) => ().into_any(),
        }
    }

    /// Boxes or buttons to tick.
    fn many(&self, messages: &'static Messages) -> AnyView {
        let labels: Vec<String> = match self.control {
            Control::YesNo => vec![messages.yes.to_owned(), messages.no.to_owned()],
            Control::Scale(from, to) => (from..=to).map(|number| number.to_string()).collect(),
            Control::Line(_) | Control::Paragraph | Control::One | Control::Several | Control::List => {
                self.choices.iter().map(|choice| choice.label.clone()).collect()
            }
        };
        let class = match self.control {
            Control::Scale(..) => "form__scale",
            _ => "form__choices",
        };
        let ticks: Vec<_> = labels.into_iter().map(|label| self.tick(label)).collect();
        html::div().class(class).child(ticks).into_any()
    }

    fn tick(&self, label: String) -> AnyView {
        let (entered, missing, control) = (self.entered, self.missing, self.control);
        let kind = match control {
            Control::Several => "checkbox",
            _ => "radio",
        };
        let text = auto_span("", label.as_str());
        let input = html::input()
            .attr("type", kind)
            .attr("name", self.id.clone())
            .on(ev::change, move |event| {
                missing.set(false);
                let is_ticked = event_target_checked(&event);
                entered.update(|entered| tick(entered, control, &label, is_ticked));
            });
        html::label().class("form__tick").child(input).child(text).into_any()
    }
}
