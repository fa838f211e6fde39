//! Forms: to fill while nobody has answered them, afterwards what was filled in.

mod field;

use super::{Around, OnReply, Reply, text_at, with_text};
use crate::el::{El, block, el, words};
use crate::icon::{DONE, FORM, draw};
use field::Field;
use portico_shared::json::{Map, Value, text_of};

use portico_client::Answer;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form;

pub(super) fn view(body: &FormDataBody, around: &Around) -> El {
    let filled = text_at(body.additional_details.as_ref(), "status").is_some_and(|status| status != "unfilled");
    let open = !filled && around.answer == Answer::Open;
    let rest = match &around.on_reply {
        Some(on_reply) if open => to_fill(body, around, on_reply.clone()),
        Some(_) if !filled => words("body__note", around.messages.submitted),
        _ => filled_in(body),
    };
    let title = body.form_title.as_deref().map(|title| words("body__name", title));
    let about = body.form_description.as_deref().map(|about| words("body__note", about));
    let head = block("form__head", vec![draw(if open { FORM } else { DONE })]).maybe(title);
    with_text(around).child(block("form", vec![head]).maybe(about).child(rest))
}

/// Questions with what was answered.
fn filled_in(body: &FormDataBody) -> El {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    questions.fold(el("dl").class("form__answers"), |list, question| {
        let label = question
            .label
            .as_deref()
            .or(question.key.as_deref())
            .unwrap_or_default();
        let answers: Vec<String> = question.answer.iter().flatten().filter_map(shown).collect();
        list.child(el("dt").text(label))
            .child(el("dd").attr("dir", "auto").text(&answers.join(", ")))
    })
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

fn to_fill(body: &FormDataBody, around: &Around, on_reply: OnReply) -> El {
    let questions = body.sections.iter().flat_map(|section| &section.attributes);
    let fields: Vec<Field> = questions.map(Field::new).collect();
    let views = fields.iter().map(|field| field.view(around.messages)).collect();
    let send = el("button")
        .class("button button--primary")
        .attr("type", "submit")
        .text(around.messages.submit);
    let blank = body.clone();
    el("form")
        .class("form__fields")
        .attr("novalidate", "")
        .children(views)
        .child(send)
        .on("submit", move |event| {
            event.prevent_default();
            // Each is checked, so that all that is wrong is said at once.
            let wrong: Vec<&Field> = fields.iter().filter(|field| !field.check()).collect();
            match wrong.first() {
                Some(first) => first.focus(),
                None => on_reply(Reply::Form(Box::new(with_answers(blank.clone(), &fields)))),
            }
        })
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
