//! A form that stands before a chat and is no message: what is entered is kept elsewhere, and handed out once it will do.

use super::field::Field;
use super::{fields_to_fill, head, name};
use crate::body::Messages;
use crate::browser::{document, touch_first};
use crate::icon::FORM;
use crate::reactive::effect;
use leptos::html;
use leptos::prelude::*;
use portico_shared::customer::{BodyJson, CustomerForm};
use portico_shared::json::{Map, Value};
use portico_shared::text::says_nothing;
use std::sync::Arc;

/// A form to fill before a chat.
#[derive(Clone)]
pub struct PrechatForm {
    /// The form. What was entered before stands in it as answers.
    pub form: BodyJson<CustomerForm>,
    /// The document's texts for what forms say.
    pub messages: &'static Messages,
    /// What stands on the button.
    pub submit: &'static str,
    /// What is said of the form that was sent before, if it was refused.
    pub refused: Option<&'static str>,
    /// Whether the form is seen: its first question then takes the keyboard, where that brings none over the chat.
    pub is_open: Signal<bool>,
    /// Keeps what was entered, by the keys of the questions; passwords are not kept.
    pub on_change: Callback<Map>,
    /// Takes the answers of the filled form: the relay knows what was asked, and a frame has a bound.
    pub on_submit: Callback<BodyJson<CustomerForm>>,
}

/// Draws the form.
pub fn prechat(prechat: &PrechatForm) -> AnyView {
    // The relay wrote it: one that cannot be read asks nothing.
    let form = prechat.form.read().unwrap_or_default();
    let fields: Arc<Vec<Field>> = Arc::new(form.questions().map(Field::new).collect());
    let keys = form
        .questions()
        .map(|question| question.key.clone().unwrap_or_default());
    keep(Arc::clone(&fields), keys.collect(), prechat.on_change);
    take_keyboard(Arc::clone(&fields), prechat.is_open);
    let (blank, on_submit) = (prechat.form.clone(), prechat.on_submit);
    let send = move |answers| on_submit.run(blank.answered(answers).answers_alone());
    html::div()
        .class("form")
        .child(head(&form, FORM))
        .child(prechat.refused.map(|refused| {
            html::span()
                .class("form__error")
                .attr("role", "alert")
                .attr("dir", "auto")
                .child(refused)
        }))
        .child(fields_to_fill(
            fields,
            name(&form),
            prechat.messages,
            prechat.submit,
            send,
        ))
        .into_any()
}

/// Hands out what is entered whenever that changes.
fn keep(fields: Arc<Vec<Field>>, keys: Vec<String>, on_change: Callback<Map>) {
    effect(move |before: Option<()>| {
        // Put in one after the other: collected, they would be sorted first, by code that is larger than all that is done here.
        let mut entered = Map::new();
        for (key, field) in keys.iter().zip(fields.iter()) {
            let texts = field.entered();
            if !field.is_secret() && !texts.iter().all(|text| says_nothing(text)) {
                let texts = texts.into_iter().map(Value::String).collect();
                entered.insert(key.clone(), Value::Array(texts));
            }
        }
        if before.is_some() {
            on_change.run(entered);
        }
    });
}

/// As the composer in its place would.
fn take_keyboard(fields: Arc<Vec<Field>>, is_open: Signal<bool>) {
    effect(move |was_open: Option<bool>| {
        let is_open = is_open.get();
        if is_open && was_open != Some(true) && !touch_first() {
            let fields = Arc::clone(&fields);
            // In the document only after this.
            let focus = move || {
                if let Some(first) = fields.first().filter(|_| document().has_focus().unwrap_or(false)) {
                    first.focus();
                }
            };
            gloo_timers::callback::Timeout::new(0, focus).forget();
        }
        is_open
    });
}
