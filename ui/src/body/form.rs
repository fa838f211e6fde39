//! Forms: to fill while they are unanswered, afterwards what was filled in.

mod control;
mod fault;
mod field;
mod prechat;

use super::{BodyContext, Messages, Reply, text_at, with_text};
use crate::icon::{DONE, FORM, INFO, Icon, icon};
use crate::parts::auto_span;
use field::Field;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::json::{Value, text_of};
use portico_shared::text::says_nothing;
use std::sync::Arc;

pub use prechat::{PrechatForm, prechat};

use portico_client::Answer;
use portico_shared::answers::yes_or_no;
use portico_shared::cim::form::ValueType;
use portico_shared::customer::{BodyJson, CustomerForm, CustomerQuestion};

/// Draws `form`, which has been read from `json`.
pub(super) fn view(json: &BodyJson<CustomerForm>, form: &CustomerForm, context: &BodyContext) -> AnyView {
    let reader = match context.on_reply {
        Some(_) => Reader::Asked,
        None => Reader::Other,
    };
    let standing = Standing::of(form, &context.answer, reader);
    let rest = match (standing, context.on_reply) {
        (Standing::Open, Some(on_reply)) => to_fill(json, form, context, on_reply),
        (Standing::Submitted, _) => auto_span("body__note", context.messages.submitted),
        (Standing::Notice, _) => notice(form, context),
        (Standing::Open | Standing::Passed | Standing::Readable, _) => filled_in(form, context.messages),
    };
    let picture = match standing {
        Standing::Open | Standing::Passed => FORM,
        Standing::Notice => INFO,
        Standing::Submitted | Standing::Readable => DONE,
    };
    let drawn = html::div().class("form").child(head(form, picture)).child(rest);
    with_text(context, drawn)
}

/// What a form is called and what it is for.
fn head(form: &CustomerForm, picture: Icon) -> AnyView {
    let title = seen(form.form_title.as_deref()).map(|title| auto_span("body__name", title));
    let about = seen(form.form_description.as_deref()).map(|about| auto_span("body__note", about));
    let head = html::div().class("form__head").child(icon(picture)).child(title);
    (head, about).into_any()
}

/// A text that shows something.
fn seen(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !says_nothing(text))
}

/// How a form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It waits to be filled.
    Open,
    /// The customer has sent it, from this tab or another one.
    Submitted,
    /// The customer has gone on without it.
    Passed,
    /// It shows what was filled in.
    Readable,
    /// It asks nothing.
    Notice,
}

/// Who reads a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// The one who is asked to fill it.
    Asked,
    Other,
}

impl Standing {
    fn of(form: &CustomerForm, answer: &Answer, reader: Reader) -> Self {
        match (answer, reader) {
            _ if asks_nothing(form) => Self::Notice,
            _ if is_filled(form) => Self::Readable,
            (Answer::Open, _) => Self::Open,
            (Answer::Given { .. }, Reader::Asked) => Self::Submitted,
            (Answer::Passed, Reader::Asked) => Self::Passed,
            (Answer::Given { .. } | Answer::Passed, Reader::Other) => Self::Readable,
        }
    }
}

fn asks_nothing(form: &CustomerForm) -> bool {
    form.questions().next().is_none()
}

/// What stands under the title of a form that asks nothing: a word where there is nothing else to read.
fn notice(form: &CustomerForm, context: &BodyContext) -> AnyView {
    let texts = [&form.form_title, &form.form_description, &context.text];
    let is_empty = texts.into_iter().all(|text| seen(text.as_deref()).is_none());
    is_empty
        .then(|| auto_span("body__note", context.messages.unknown))
        .into_any()
}

/// Whether it is filled in: it says so, or says nothing of it and has answers.
fn is_filled(form: &CustomerForm) -> bool {
    match text_at(form.additional_details.as_ref(), "status") {
        Some(status) => status != "unfilled",
        None => {
            let mut answers = form.questions().flat_map(|question| question.answer.iter().flatten());
            answers.any(|answer| shown(answer).is_some())
        }
    }
}

/// Questions with what was answered.
fn filled_in(form: &CustomerForm, messages: &Messages) -> AnyView {
    let lines = answers_in(form, messages).into_iter().map(|(label, answer)| {
        let term = html::dt().child(label);
        (term, html::dd().attr("dir", "auto").child(answer)).into_any()
    });
    html::dl()
        .class("form__answers")
        .child(lines.collect::<Vec<_>>())
        .into_any()
}

/// Each question and its answers, in words.
fn answers_in(form: &CustomerForm, messages: &Messages) -> Vec<(String, String)> {
    let line = |question: &CustomerQuestion| {
        let is_yes_or_no = question.value_type == Some(ValueType::Boolean);
        let said = |answer: String| match yes_or_no(&answer).filter(|_| is_yes_or_no) {
            Some(true) => messages.yes.to_owned(),
            Some(false) => messages.no.to_owned(),
            None => answer,
        };
        let answers = question.answer.iter().flatten().filter_map(shown).map(said);
        (label(question), answers.collect::<Vec<String>>().join(", "))
    };
    form.questions().map(line).collect()
}

/// What a question is called.
fn label(question: &CustomerQuestion) -> String {
    let names = [question.label.as_deref(), question.key.as_deref()];
    let mut seen = names.into_iter().flatten().filter(|name| !says_nothing(name));
    seen.next().unwrap_or_default().to_owned()
}

/// An answer in words: what was typed, or the label of a choice that was taken.
fn shown(answer: &Value) -> Option<String> {
    match answer {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !says_nothing(text)),
        Value::Object(category) if category.get("category").is_some_and(|name| !name.is_null()) => {
            let options = category.get("options").and_then(Value::as_array);
            let labels: Vec<String> = options.into_iter().flatten().filter_map(taken).collect();
            (!labels.is_empty()).then(|| labels.join(", "))
        }
        Value::Object(_) => taken(answer),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => Some(text_of(answer)),
    }
}

/// The label of a choice, if it was taken.
fn taken(option: &Value) -> Option<String> {
    let is_taken = option.get("isSelected") == Some(&Value::Bool(true));
    is_taken.then(|| option.get("label")?.as_str().map(str::to_owned))?
}

fn to_fill(
    json: &BodyJson<CustomerForm>,
    form: &CustomerForm,
    context: &BodyContext,
    on_reply: Callback<Reply>,
) -> AnyView {
    let fields = form.questions().map(Field::new).collect();
    let blank = json.clone();
    let send = move |answers| on_reply.run(Reply::Form(blank.answered(answers)));
    let name = name(form);
    fields_to_fill(Arc::new(fields), name, context.messages, context.messages.submit, send)
}

/// What a form is called for those who do not see its head.
fn name(form: &CustomerForm) -> Option<String> {
    seen(form.form_title.as_deref()).map(str::to_owned)
}

/// The questions, over a button on which `submit` stands; `send` takes the answers once all of them will do.
fn fields_to_fill(
    fields: Arc<Vec<Field>>,
    name: Option<String>,
    messages: &'static Messages,
    submit: &'static str,
    send: impl Fn(Vec<Vec<Value>>) + 'static,
) -> AnyView {
    let views: Vec<_> = fields.iter().map(|field| field.view(messages)).collect();
    let button = html::button()
        .class("button button--primary")
        .attr("type", "submit")
        .child(submit);
    html::form()
        .class("form__fields")
        .attr("aria-label", name)
        .attr("novalidate", "")
        .on(ev::submit, move |event| {
            event.prevent_default();
            // Each is checked, so that all that is wrong is said at once.
            let wrong: Vec<&Field> = fields.iter().filter(|field| !field.check()).collect();
            match wrong.first() {
                Some(first) => first.focus(),
                None => send(fields.iter().map(Field::answer).collect()),
            }
        })
        .child(views)
        .child(button)
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Messages, Reader, Standing, asks_nothing, is_filled};

    use portico_client::Answer;
    use portico_shared::customer::CustomerForm;
    use serde_json::{Value, json};

    fn answers_in(form: &CustomerForm) -> Vec<(String, String)> {
        let german = Messages {
            yes: "Ja",
            no: "Nein",
            ..Messages::default()
        };
        super::answers_in(form, &german)
    }

    fn form(attributes: Value) -> CustomerForm {
        let form = json!({
            "sections": [{ "attributes": attributes }],
            "additionalDetails": { "status": "unfilled" },
        });
        serde_json::from_value(form).expect("a form")
    }

    #[test]
    fn a_form_is_filled_once_it_says_so() {
        assert!(!is_filled(&form(json!([]))));
        let filled = json!({ "additionalDetails": { "status": "filled" } });
        assert!(is_filled(&serde_json::from_value(filled).expect("a form")));
    }

    #[test]
    fn a_form_that_does_not_say_so_is_filled_if_it_has_answers() {
        let with = |answer: Value| {
            let form = json!({ "sections": [{ "attributes": [{ "key": "stars", "answer": answer }] }] });
            is_filled(&serde_json::from_value(form).expect("a form"))
        };
        assert!(with(json!(["5"])));
        for none in [json!(null), json!([]), json!([null]), json!(["\u{2060}"])] {
            assert!(!with(none.clone()), "{none}");
        }
    }

    #[test]
    fn answers_stand_beside_their_questions() {
        let answered = form(json!([
            { "key": "name", "label": "Name", "answer": ["Ada"] },
            { "key": "town", "answer": ["Graz", 8010, null] },
            { "key": "meal", "answer": [{ "category": "Soup", "options": [
                { "label": "Leek", "isSelected": true }, { "label": "Pea" },
            ] }] },
        ]));
        let line = |label: &str, answer: &str| (label.to_owned(), answer.to_owned());
        assert_eq!(
            answers_in(&answered),
            [line("Name", "Ada"), line("town", "Graz, 8010"), line("meal", "Leek")]
        );
    }

    #[test]
    fn yes_and_no_are_shown_in_the_language_of_the_reader() {
        let answered = form(json!([
            { "key": "sure", "valueType": "boolean", "answer": ["yes"] },
            { "key": "late", "valueType": "boolean", "answer": [false] },
            { "key": "name", "valueType": "shortAnswer", "answer": ["No"] },
        ]));
        let answers: Vec<String> = answers_in(&answered).into_iter().map(|(_, answer)| answer).collect();
        assert_eq!(answers, ["Ja", "Nein", "No"]);
    }

    #[test]
    fn a_form_is_sent_only_if_it_was_answered_and_not_if_something_else_was_said() {
        let asked = form(json!([{ "key": "name" }]));
        let standing = |answer: &Answer| Standing::of(&asked, answer, Reader::Asked);
        assert_eq!(standing(&Answer::Open), Standing::Open);
        assert_eq!(standing(&Answer::Passed), Standing::Passed);
        let given = Answer::Given {
            intent: None,
            text: String::new(),
            card: None,
        };
        assert_eq!(standing(&given), Standing::Submitted);
        assert_eq!(Standing::of(&asked, &given, Reader::Other), Standing::Readable);
    }

    #[test]
    fn a_form_without_a_field_asks_nothing() {
        assert!(asks_nothing(&form(json!([]))));
        assert!(!asks_nothing(&form(json!([{ "key": "name" }]))));
    }

    #[test]
    fn what_shows_nothing_names_no_question_and_answers_none() {
        let unseen = form(json!([{ "key": "town", "label": "\u{200b}", "answer": ["\u{2060}"] }]));
        assert_eq!(answers_in(&unseen), [("town".to_owned(), String::new())]);
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
