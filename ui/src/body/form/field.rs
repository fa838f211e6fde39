//! One question of a form: its control, what was entered, and whether that will do.

use super::control::{Control, NO, YES, answers, autocomplete, given, presentable, tick, trimmed};
use super::fault::Fault;
use super::label;
use crate::body::Messages;
use crate::browser::{document, mint};
use crate::parts::auto_span;
use crate::reactive::dynamic;
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::{ev, html};
use web_sys::HtmlElement;

use portico_shared::cim::form::{Choice, ValueType};
use portico_shared::customer::CustomerQuestion;
use portico_shared::json::Value;
use portico_shared::text::says_nothing;

/// What the ids of the words at the ends of a scale end with.
const LOW: &str = "-low";
const HIGH: &str = "-high";

/// A question. What was entered is a list: several boxes may be ticked.
pub(super) struct Field {
    id: String,
    label: String,
    help: Option<String>,
    required: bool,
    kind: Option<ValueType>,
    control: Control,
    autocomplete: Option<&'static str>,
    choices: Vec<Choice>,
    entered: RwSignal<Vec<String>>,
    fault: RwSignal<Option<Fault>>,
}

impl Field {
    pub(super) fn new(question: &CustomerQuestion) -> Self {
        let choices = question.choices();
        let control = Control::of(question, &choices);
        let entered = presentable(control, question.value_type.as_ref(), &choices, given(question));
        Self {
            id: mint().to_string(),
            label: label(question),
            help: question.help_text.clone().filter(|help| !says_nothing(help)),
            required: question.is_required.unwrap_or(false),
            // Only what is offered can be chosen.
            kind: question.value_type.clone().filter(|_| choices.is_empty()),
            control,
            autocomplete: autocomplete(question),
            choices,
            entered: RwSignal::new(entered),
            fault: RwSignal::new(None),
        }
    }

    /// Whether what was entered will do; says so under the question if not.
    pub(super) fn check(&self) -> bool {
        let entered = |entered: &Vec<String>| Fault::of(entered, self.required, self.kind.as_ref());
        let unreadable = self.is_unreadable().then_some(Fault::Unreadable);
        let fault = unreadable.or_else(|| self.entered.with_untracked(entered));
        self.fault.set(fault);
        fault.is_none()
    }

    pub(super) fn answer(&self) -> Vec<Value> {
        answers(&self.choices, trimmed(self.control, self.entered.get_untracked()))
    }

    /// What was entered so far; what reads it runs again when that changes.
    pub(super) fn entered(&self) -> Vec<String> {
        self.entered.get()
    }

    /// Whether what was entered may be kept where others who use the browser could find it.
    pub(super) fn is_secret(&self) -> bool {
        self.control == Control::Line("password")
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
        if let Some(control) = self.find::<HtmlElement>() {
            // A control that has just gone takes no focus.
            let _ = control.focus();
        }
    }

    /// Whether the control shows something that it hands out as nothing: a date that there is not, a number with letters.
    fn is_unreadable(&self) -> bool {
        let member = |of: JsValue, name: &str| Reflect::get(&of, &JsValue::from_str(name)).ok();
        let validity = self.find::<HtmlElement>().and_then(|on| member(on.into(), "validity"));
        validity
            .and_then(|validity| member(validity, "badInput"))
            .is_some_and(|is_bad| is_bad.is_truthy())
    }

    /// Its control, or the first of several.
    fn find<T: JsCast>(&self) -> Option<T> {
        let control = ["[id='", &self.id, "'],[name='", &self.id, "']"].concat();
        let found = document().query_selector(&control).ok().flatten();
        found.and_then(|found| found.dyn_into().ok())
    }

    fn error(&self, messages: &'static Messages) -> AnyView {
        let (fault, id) = (self.fault, self.error_id());
        dynamic(move || {
            fault.get().map(|fault| {
                html::span()
                    .class("form__error")
                    .attr("dir", "auto")
                    .attr("id", id.clone())
                    .attr("role", "alert")
                    .child(fault.words(messages))
                    .into_any()
            })
        })
    }

    fn error_id(&self) -> String {
        [&self.id, "-error"].concat()
    }

    /// What is wrong with it is told with it.
    fn described_by(&self) -> impl Fn() -> Option<String> + Send + Clone + use<> {
        let (fault, error) = (self.fault, self.error_id());
        move || fault.get().map(|_| error.clone())
    }

    /// A control that holds one value.
    fn single(&self, messages: &'static Messages) -> AnyView {
        let (entered, fault) = (self.entered, self.fault);
        let invalid = move || fault.get().map(|_| "true");
        let required = self.required.then_some("true");
        let given = entered
            .with_untracked(|entered| entered.first().cloned())
            .unwrap_or_default();
        let enter = move |event| {
            fault.set(None);
            entered.set(vec![event_target_value(&event)]);
        };
        match self.control {
            Control::Paragraph => html::textarea()
                .attr("rows", "3")
                .attr("id", self.id.clone())
                .attr("aria-required", required)
                .attr("aria-invalid", invalid)
                .attr("aria-describedby", self.described_by())
                .prop("value", given)
                .on(ev::input, enter)
                .into_any(),
            Control::List => {
                let option = |choice: &Choice| {
                    let is_given = given == choice.label;
                    html::option()
                        .prop("selected", is_given)
                        .child(choice.label.clone())
                        .into_any()
                };
                let options: Vec<_> = self.choices.iter().map(option).collect();
                html::select()
                    .attr("id", self.id.clone())
                    .attr("aria-required", required)
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
                .attr("step", (kind == "number").then_some("any"))
                .attr("autocomplete", self.autocomplete)
                .attr("aria-required", required)
                .attr("aria-invalid", invalid)
                .attr("aria-describedby", self.described_by())
                .prop("value", given)
                .on(ev::input, enter)
                .into_any(),
            Control::One | Control::Several | Control::YesNo | Control::Scale(..) => ().into_any(),
        }
    }

    /// Boxes or buttons to tick.
    fn many(&self, messages: &'static Messages) -> AnyView {
        let same = |label: String| (label.clone(), label);
        let answers: Vec<(String, String)> = match self.control {
            Control::YesNo => [(YES, messages.yes), (NO, messages.no)]
                .map(|(answer, label)| (answer.to_owned(), label.to_owned()))
                .into(),
            Control::Scale(from, to) => (from..=to).map(|number| same(number.to_string())).collect(),
            Control::Line(_) | Control::Paragraph | Control::One | Control::Several | Control::List => {
                self.choices.iter().map(|choice| same(choice.label.clone())).collect()
            }
        };
        let class = match self.control {
            Control::Scale(..) => "form__scale",
            _ => "form__choices",
        };
        let last = answers.len().saturating_sub(1);
        let ticks: Vec<_> = answers
            .into_iter()
            .enumerate()
            .map(|(at, (answer, label))| {
                let end = [(0, LOW), (last, HIGH)].into_iter().find(|(end, _)| *end == at);
                self.tick(answer, &label, end.map(|(_, end)| [&self.id, end].concat()))
            })
            .collect();
        let ends = self.control.ends(messages).map(|[low, high]| {
            let words = |end, words| {
                let id = [&*self.id, end].concat();
                html::span().attr("id", id).attr("dir", "auto").child(words).into_any()
            };
            html::div()
                .class("form__ends")
                .child((words(LOW, low), words(HIGH, high)))
                .into_any()
        });
        (html::div().class(class).child(ticks), ends).into_any()
    }

    /// One to tick, which answers `answer`, and is told with what an end of a scale means if that has the id `described_by`.
    fn tick(&self, answer: String, label: &str, described_by: Option<String>) -> AnyView {
        let (entered, fault, control) = (self.entered, self.fault, self.control);
        let is_given = entered.with_untracked(|entered| entered.contains(&answer));
        let kind = match control {
            Control::Several => "checkbox",
            _ => "radio",
        };
        let text = auto_span("", label);
        let input = html::input()
            .attr("type", kind)
            .attr("name", self.id.clone())
            .attr("aria-describedby", described_by)
            .prop("checked", is_given)
            .on(ev::change, move |event| {
                fault.set(None);
                let is_ticked = event_target_checked(&event);
                entered.update(|entered| tick(entered, control, &answer, is_ticked));
            });
        html::label().class("form__tick").child(input).child(text).into_any()
    }
}
