//! Forms: to fill while they are unanswered, afterwards what was filled in.

mod control;
mod field;

use super::{BodyContext, Reply, text_at, with_text};
use crate::icon::{DONE, FORM, INFO, icon};
use crate::parts::auto_span;
use field::Field;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::json::{Map, Value, text_of};
use portico_shared::text::says_nothing;
use std::sync::Arc;

use portico_client::Answer;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form;

pub(super) fn view(body: &FormDataBody, context: &BodyContext) -> AnyView {
    let standing = Standing::of(body, context);
    let rest = match (standing, context.on_reply) {
        (Standing::Open, Some(on_reply)) => to_fill(body, context, on_reply),
        (Standing::Submitted, _) => auto_span("body__note", context.messages.submitted),
        (Standing::Notice, _) => notice(body, context),
        (Standing::Open | Standing::Readable, _) => filled_in(body),
    };
    let picture = match standing {
        Standing::Open => FORM,
        Standing::Notice => INFO,
        Standing::Submitted | Standing::Readable => DONE,
    };
    let title = body.form_title.as_deref().map(|title| auto_span("body__name", title));
    let about = body.form_description.as_deref();
    let head = html::div().class("form__head").child((icon(picture), title));
    let form = html::div()
        .class("form")
        .child((head, about.map(|about| auto_span("body__note", about)), rest));
    with_text(context, form)
}

/// How a form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It waits to be filled.
    Open,
    /// The customer has sent it, or gone on without it.
    Submitted,
    /// It shows what was filled in.
    Readable,
    /// It asks nothing.
    Notice,
}

impl Standing {
    fn of(body: &FormDataBody, context: &BodyContext) -> Self {
        let filled = is_filled(body);
        match context.on_reply {
            _ if asks_nothing(body) => Self::Notice,
            _ if !filled && context.answer == Answer::Open => Self::Open,
            Some(_) if !filled => Self::Submitted,
            _ => Self::Readable,
        }
    }
}

fn asks_nothing(body: &FormDataBody) -> bool {
    body.sections.iter().all(|section| section.attributes.is_empty())
}

/// What stands under the title of a form that asks nothing: a word where there is nothing else to read.
fn notice(body: &FormDataBody, context: &BodyContext) -> AnyView {
    let texts = [&body.form_title, &body.form_description, &context.text];
    let is_empty = texts.into_iter().flatten().all(|text| says_nothing(text));
    is_empty
        .then(|| auto_span("body__note", context.messages.unknown))
        .into_any()
}

fn is_filled(body: &FormDataBody) -> bool {
    text_at(body.additional_details.as_ref(), "status").is_some_and(|status| status != "unfilled")
}

/// Questions with what was answered.
fn filled_in(body: &FormDataBody) -> AnyView {
    let lines = answers_in(body).into_iter().map(|(label, answer)| {
        let term = html::dt().child(label);
        (term, html::dd().attr("dir", "auto").child(answer)).into_any()
    });
    html::dl()
        .class("form__answers")
        .child(lines.collect::<Vec<_>>())
        .into_any()
}

/// Each question and its answers, in words.
fn answers_in(body: &FormDataBody) -> Vec<(String, String)> {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    let line = |question: &form::FormAttribute| {
        let label = question.label.clone().or_else(|| question.key.clone());
        let answers: Vec<String> = question.answer.iter().flatten().filter_map(shown).collect();
        (label.unwrap_or_default(), answers.join(", "))
    };
    questions.map(line).collect()
}

fn shown(answer: &form::Answer) -> Option<String> {
    match answer {
        form::Answer::Text(text) => Some(text.clone()),
        form::Answer::Option(option) => option.is_selected.unwrap_or(false).then(|| option.label.clone())?,
        form::Answer::Category(category) => {
            let chosen = category
                .options
                .iter()
                .filter(|option| option.is_selected.unwrap_or(false));
            let labels: Vec<&str> = chosen.filter_map(|option| option.label.as_deref()).collect();
            (!labels.is_empty()).then(|| labels.join(", "))
        }
        form::Answer::Other(Value::Null) => None,
        form::Answer::Other(value) => Some(text_of(value)),
    }
}

fn to_fill(body: &FormDataBody, context: &BodyContext, on_reply: Callback<Reply>) -> AnyView {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    let fields: Arc<Vec<Field>> = Arc::new(questions.map(Field::new).collect());
    let views: Vec<_> = fields.iter().map(|field| field.view(context.messages)).collect();
    let send = html::button()
        .class("button button--primary")
        .attr("type", "submit")
        .child(context.messages.submit);
    let blank = body.clone();
    html::form()
        .class("form__fields")
        .attr("novalidate", "")
        .on(ev::submit, move |event| {
            event.prevent_default();
            // Each is checked, so that all that is wrong is said at once.
            let wrong: Vec<&Field> = fields.iter().filter(|field| !field.check()).collect();
            match wrong.first() {
                Some(first) => first.focus(),
                None => {
                    let answers = fields.iter().map(Field::answer).collect();
                    on_reply.run(Reply::Form(Box::new(with_answers(blank.clone(), answers))));
                }
            }
        })
        .child((views, send))
        .into_any()
}

/// The form with one list of answers for each question, in order.
fn with_answers(mut form: FormDataBody, answers: Vec<Vec<form::Answer>>) -> FormDataBody {
    let questions = form.sections.iter_mut().flat_map(|section| &mut section.attributes);
    for (question, answer) in questions.zip(answers) {
        question.answer = Some(answer);
    }
    let mut details = match form.additional_details.take() {
        Some(Value::Object(details)) => details,
        _ => Map::new(),
    };
    details.insert("status".to_owned(), Value::from("filled"));
    form.additional_details = Some(Value::Object(details));
    form
}

#[cfg(test)]
mod tests {
    use super::{answers_in, asks_nothing, is_filled, with_answers};

    use portico_shared::cim::MessageBody;
    use portico_shared::cim::body::FormDataBody;
    use portico_shared::cim::form::Answer;
    use serde_json::{Value, json};

    fn form(attributes: Value) -> FormDataBody {
        let body = json!({
            "type": "FORM_DATA",
            "formId": "f-1",
            "sections": [{ "attributes": attributes }],
            "additionalDetails": { "status": "unfilled", "kept": 1 },
        });
        match serde_json::from_value(body).expect("a form") {
            MessageBody::FormData(form) => *form,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_filled_form_has_its_answers_and_says_that_it_is_filled() {
        let blank = form(json!([{ "key": "name", "label": "Name" }, { "key": "town" }]));
        assert!(!is_filled(&blank));
        let text = |text: &str| vec![Answer::Text(text.to_owned())];
        let filled = with_answers(blank, vec![text("Ada"), text("Graz")]);
        assert!(is_filled(&filled));
        let kept = filled
            .additional_details
            .as_ref()
            .and_then(|details| details.get("kept"));
        assert!(kept.is_some(), "other details stay");
        let line = |label: &str, answer: &str| (label.to_owned(), answer.to_owned());
        assert_eq!(answers_in(&filled), [line("Name", "Ada"), line("town", "Graz")]);
    }

    #[test]
    fn a_form_without_a_field_asks_nothing() {
        assert!(asks_nothing(&form(json!([]))));
        assert!(!asks_nothing(&form(json!([{ "key": "name" }]))));
    }

    #[test]
    fn only_chosen_options_are_shown() {
        let options = json!([{
            "key": "colours",
            "answer": [
                { "label": "red", "value": "r", "isSelected": true },
                { "label": "blue", "value": "b", "isSelected": false },
            ],
        }]);
        assert_eq!(answers_in(&form(options)), [("colours".to_owned(), "red".to_owned())]);
    }
}
