//! Forms that customers fill: what must be answered is answered, and every answer is one to its question, by the rules that
//! the widget has.

use crate::conversation::Refusal;
use crate::store::StoredEvent;
use portico_shared::answers::check_answers;
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, AnswerOption, FormAttribute};
use portico_shared::text::says_nothing;
use serde_json::Value;

/// Checks what a customer filled. What must be answered, and how, says the form that was sent, which `original` is if the
/// answer names it, and not what the answer repeats of it. One that was cancelled has no answers.
pub(super) fn check(body: &MessageBody, original: Option<&StoredEvent>) -> Result<(), Refusal> {
    match body {
        MessageBody::FormData(filled) if !is_cancelled(filled) => {
            let asked = original.and_then(asked).unwrap_or(filled);
            check_form(asked, filled)
        }
        _ => Ok(()),
    }
}

/// Checks what was filled by the form that was asked for.
pub(super) fn check_form(asked: &FormDataBody, filled: &FormDataBody) -> Result<(), Refusal> {
    check_required(asked, filled)?;
    check_filled(asked, filled)
}

fn asked(original: &StoredEvent) -> Option<&FormDataBody> {
    match &original.event.message()?.body {
        MessageBody::FormData(form) => Some(form),
        _ => None,
    }
}

/// Whether the customer has said that it goes on without the form.
pub(super) fn is_cancelled(form: &FormDataBody) -> bool {
    let status = form
        .additional_details
        .as_ref()
        .and_then(|details| details.get("status"));
    status.and_then(Value::as_str) == Some("cancelled")
}

fn check_required(asked: &FormDataBody, filled: &FormDataBody) -> Result<(), Refusal> {
    for (place, question) in questions(asked) {
        let is_same = |other: &Placed<'_>| is_named_like(question, other.1).unwrap_or(place == other.0);
        let is_answered = || questions(filled).filter(is_same).any(|(_, it)| has_answer(it));
        if question.is_required == Some(true) && !is_answered() {
            let (section, attribute) = place;
            return Err(Refusal::invalid(format!(
                "body.sections[{section}].attributes[{attribute}].answer: must not be blank"
            )));
        }
    }
    Ok(())
}

/// Checks each answer by the question that asked for it, or by what the answer repeats of one that nothing asked.
fn check_filled(asked: &FormDataBody, filled: &FormDataBody) -> Result<(), Refusal> {
    for (place, answered) in questions(filled) {
        let asks = |other: &Placed<'_>| is_named_like(other.1, answered).unwrap_or(place == other.0);
        let question = questions(asked).find(asks).map_or(answered, |(_, question)| question);
        if let Err(fault) = check_answers(question, answered.answer.as_deref().unwrap_or_default()) {
            let (section, attribute) = place;
            return Err(Refusal::invalid(format!(
                "body.sections[{section}].attributes[{attribute}].answer: {fault}"
            )));
        }
    }
    Ok(())
}

/// A question and where it stands: its section and its place in that.
type Placed<'a> = ((usize, usize), &'a FormAttribute);

fn questions(form: &FormDataBody) -> impl Iterator<Item = Placed<'_>> {
    let sections = form.sections.iter().enumerate();
    sections.flat_map(|(section, of)| {
        let questions = of.attributes.iter().enumerate();
        questions.map(move |(attribute, question)| ((section, attribute), question))
    })
}

/// Whether two questions have one name; nothing if the first has none.
fn is_named_like(question: &FormAttribute, other: &FormAttribute) -> Option<bool> {
    match (&question.key, &question.id) {
        (Some(key), _) => Some(other.key.as_ref() == Some(key)),
        (None, Some(id)) => Some(other.id.as_ref() == Some(id)),
        (None, None) => None,
    }
}

/// Whether something was answered.
pub(super) fn has_answer(question: &FormAttribute) -> bool {
    question.answer.iter().flatten().any(|answer| match answer {
        Answer::Text(text) => !says_nothing(text),
        Answer::Option(option) => is_chosen(option),
        Answer::Category(category) => category.options.iter().any(is_chosen),
        Answer::Other(value) => !value.is_null(),
    })
}

/// Choices stand in an answer whether they were taken or not; where it is not said, they were.
fn is_chosen(option: &AnswerOption) -> bool {
    option.is_selected != Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(attributes: Value, details: Value) -> FormDataBody {
        let form = json!({"formId": "f", "additionalDetails": details, "sections": [{"attributes": attributes}]});
        portico_shared::json::from_value(form).expect("a form")
    }

    fn filled(asked: &Value, answer: Value) -> Result<(), Refusal> {
        let mut question = asked.clone();
        question["answer"] = answer;
        check_required(
            &form(json!([asked]), Value::Null),
            &form(json!([question]), Value::Null),
        )
    }

    #[test]
    fn a_required_question_has_an_answer_that_says_something() {
        let name = json!({"key": "name", "valueType": "shortAnswer", "isRequired": true});
        for answer in [
            json!(["Ann"]),
            json!(["", "Ann"]),
            json!([{"label": "a", "isSelected": false}, {"label": "b", "isSelected": true}]),
            json!([{"label": "b"}]),
            json!([{"category": "c", "options": [{"label": "b", "isSelected": true}]}]),
            json!([0]),
            json!([false]),
        ] {
            assert_eq!(filled(&name, answer.clone()), Ok(()), "{answer}");
        }
        for answer in [
            Value::Null,
            json!([]),
            json!([""]),
            json!([" \n"]),
            json!(["\u{200b}"]),
            json!(["\u{2060}\u{feff}", "\u{3164}"]),
            json!([null]),
            json!([{"label": "a", "isSelected": false}]),
            json!([{"category": "c", "options": []}]),
        ] {
            let refusal = filled(&name, answer.clone()).expect_err("no answer");
            let why = "invalid_body: body.sections[0].attributes[0].answer: must not be blank";
            assert_eq!(refusal.to_string(), why, "{answer}");
        }
        let optional = json!({"key": "name", "isRequired": false});
        assert_eq!(filled(&optional, json!(["\u{200b}"])), Ok(()));
    }

    #[test]
    fn what_is_required_says_the_form_and_not_the_answer() {
        let required = json!([{"key": "a"}, {"key": "b", "isRequired": true}, {"isRequired": true}]);
        let asked = form(required, Value::Null);
        let answers = |attributes: Value| check_required(&asked, &form(attributes, Value::Null));
        let (b, unnamed) = (json!({"key": "b", "answer": ["x"]}), json!({"answer": ["y"]}));
        assert_eq!(answers(json!([{"key": "a"}, b, unnamed])), Ok(()));
        assert_eq!(answers(json!([b, {"key": "a"}, unnamed])), Ok(()), "in another order");
        assert!(answers(json!([{"key": "a"}, {"key": "b"}, unnamed])).is_err());
        assert!(answers(json!([{"key": "a", "answer": ["x"]}])).is_err());
        assert!(answers(json!([])).is_err());
    }

    #[test]
    fn answers_are_judged_by_the_form_that_was_sent() {
        let asked = form(
            json!([{"key": "mail", "valueType": "email"}, {"key": "stars", "valueType": "5-star-rating"}]),
            Value::Null,
        );
        let answers = |attributes: Value| check_filled(&asked, &form(attributes, Value::Null));
        let mail = |answer: &str| json!({"key": "mail", "valueType": "shortAnswer", "answer": [answer]});
        assert_eq!(answers(json!([mail("ann@shop.example")])), Ok(()));
        let refusal = answers(json!([{"key": "stars", "answer": ["5"]}, mail("ann")])).expect_err("no address");
        let why = "invalid_body: body.sections[0].attributes[1].answer: not an e-mail address";
        assert_eq!(refusal.to_string(), why);
        assert!(
            answers(json!([{"key": "other", "valueType": "nps", "answer": ["11"]}])).is_err(),
            "its own rule"
        );
        assert_eq!(answers(json!([{"key": "other", "answer": ["11"]}])), Ok(()));
    }

    #[test]
    fn a_form_that_was_cancelled_needs_no_answers_and_one_that_names_no_other_keeps_its_own_rules() {
        let attributes = json!([{"key": "a", "isRequired": true}]);
        let body = |details: Value| MessageBody::FormData(form(attributes.clone(), details).into());
        assert_eq!(check(&body(json!({"status": "cancelled"})), None), Ok(()));
        for details in [Value::Null, json!({"status": "filled"}), json!({"status": "unfilled"})] {
            assert!(check(&body(details), None).is_err());
        }
    }
}
