//! Forms: to fill while nobody has answered them, afterwards what was filled in.

mod field;

use super::{Around, Reply, plain, text_at};
use crate::el::{block, words};
use crate::icon::{DONE, FORM, icon};
use field::Field;
use leptos::prelude::*;
use leptos::{ev, html};
use serde_json::{Map, Value};

use portico_client::Answer;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form;

pub(super) fn view(body: &FormDataBody, around: &Around) -> AnyView {
    let title = body.form_title.as_ref().map(|title| words("body__name", title));
    let about = body.form_description.as_ref().map(|about| words("body__note", about));
    let filled = text_at(body.additional_details.as_ref(), "status").is_some_and(|status| status != "unfilled");
    let open = !filled && around.answer == Answer::Open;
    let rest = match around.on_reply {
        Some(on_reply) if open => to_fill(body, around, on_reply),
        Some(_) if !filled => words("body__note", around.words.submitted),
        _ => filled_in(body),
    };
    let head = block("form__head", vec![icon(if open { FORM } else { DONE }), title.into_any()]);
    block("body form", vec![plain::view(around), head, about.into_any(), rest])
}

/// Questions with what was answered.
fn filled_in(body: &FormDataBody) -> AnyView {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    let lines = questions.map(|question| {
        let label = question.label.clone().or_else(|| question.key.clone()).unwrap_or_default();
        let answers: Vec<String> = question.answer.iter().flatten().filter_map(shown).collect();
        vec![html::dt().child(label).into_any(), html::dd().attr("dir", "auto").child(answers.join(", ")).into_any()]
    });
    html::dl().class("form__answers").child(lines.flatten().collect::<Vec<_>>()).into_any()
}

fn shown(answer: &form::Answer) -> Option<String> {
    match answer {
        form::Answer::Text(text) => Some(text.clone()),
        form::Answer::Option(option) => option.is_selected.unwrap_or(false).then(|| option.label.clone())?,
        form::Answer::Category(category) => {
            let chosen = category.options.iter().filter(|option| option.is_selected.unwrap_or(false));
            let labels: Vec<&str> = chosen.filter_map(|option| option.label.as_deref()).collect();
            (!labels.is_empty()).then(|| labels.join(", "))
        }
        form::Answer::Other(Value::Null) => None,
        form::Answer::Other(value) => Some(value.to_string()),
    }
}

fn to_fill(body: &FormDataBody, around: &Around, on_reply: Callback<Reply>) -> AnyView {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    let fields: Vec<Field> = questions.map(Field::new).collect();
    let views: Vec<AnyView> = fields.iter().map(|field| field.view(around.words)).collect();
    let blank = body.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut complete = true;
        for field in &fields {
            complete &= field.check();
        }
        if complete {
            on_reply.run(Reply::Form(Box::new(with_answers(blank.clone(), &fields))));
        }
    };
    let send = html::button().class("button button--primary").attr("type", "submit").child(around.words.submit);
    let form = html::form().class("form__fields").attr("novalidate", true).on(ev::submit, submit);
    form.child((views, send)).into_any()
}

fn with_answers(mut form: FormDataBody, fields: &[Field]) -> FormDataBody {
    let questions = form.sections.iter_mut().flat_map(|section| &mut section.attributes);
    for (question, field) in questions.zip(fields) {
        question.answer = Some(field.answer());
    }
    let mut details = match form.additional_details.take() {
        Some(Value::Object(details)) => details,
        _ => Map::new(),
    };
    details.insert("status".to_owned(), Value::from("filled"));
    form.additional_details = Some(Value::Object(details));
    form
}
