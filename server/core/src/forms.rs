//! Forms of the configuration as CIM has them, and what a filled one says of a customer.

use crate::config::{Form, Question};
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, AnswerOption, AttributeType, FormAttribute, FormSection, ValueType};
use portico_shared::text::says_nothing;
use serde_json::{Map, Value, json};

/// The form as it waits to be filled.
pub fn blank(form: &Form) -> FormDataBody {
    let attributes = form.questions.iter().enumerate();
    FormDataBody {
        form_id: Some(form.id.clone()),
        form_title: Some(form.title.clone()),
        form_description: Some(form.description.clone()).filter(|text| !text.is_empty()),
        enable_sections: Some(false),
        enable_weightage: Some(false),
        additional_details: Some(json!({"status": "unfilled"})),
        sections: vec![FormSection {
            section_id: Some(form.id.clone()),
            attributes: attributes.map(|(at, question)| attribute(at, question)).collect(),
            ..FormSection::default()
        }],
        ..FormDataBody::default()
    }
}

/// The same as a message's body in JSON: what a browser draws.
pub fn body(form: &Form) -> Value {
    serde_json::to_value(MessageBody::FormData(Box::new(blank(form)))).expect("a body has only text as keys")
}

fn attribute(at: usize, question: &Question) -> FormAttribute {
    let option = |label: &String| json!({"label": label, "value": label});
    let options: Vec<Value> = question.options.iter().map(option).collect();
    FormAttribute {
        id: Some(at.to_string()),
        key: Some(question.key()),
        label: Some(question.label.clone()),
        help_text: Some(question.help.clone()).filter(|text| !text.is_empty()),
        value_type: Some(question.kind.clone()),
        attribute_type: Some(match question.kind {
            _ if question.has_choices() => AttributeType::Options,
            ValueType::Paragraph => AttributeType::TextArea,
            _ => AttributeType::Input,
        }),
        is_required: Some(question.required),
        attribute_options: (!options.is_empty()).then_some(Value::Array(options)),
        ..FormAttribute::default()
    }
}

/// What a filled form says, by the names of its answers: a text or number as it is, what was chosen by its value, several
/// answers as a list. Blank answers and passwords are left out.
pub fn values(form: &FormDataBody) -> Map<String, Value> {
    let questions = form.sections.iter().flat_map(|section| &section.attributes);
    let said = questions.filter_map(|question| Some((question.key.clone()?, value(question)?)));
    said.collect()
}

fn value(question: &FormAttribute) -> Option<Value> {
    if let Some(ValueType::Password | ValueType::OldPassword) = question.value_type {
        return None;
    }
    let mut said: Vec<Value> = question.answer.iter().flatten().flat_map(values_of).collect();
    match said.len() {
        0 => None,
        1 => said.pop(),
        _ => Some(Value::Array(said)),
    }
}

fn values_of(answer: &Answer) -> Vec<Value> {
    match answer {
        Answer::Text(text) if says_nothing(text) => Vec::new(),
        Answer::Text(text) => vec![Value::from(text.as_str())],
        Answer::Option(option) => chosen(option).into_iter().collect(),
        Answer::Category(category) => category.options.iter().filter_map(chosen).collect(),
        Answer::Other(value @ (Value::Bool(_) | Value::Number(_))) => vec![value.clone()],
        Answer::Other(_) => Vec::new(),
    }
}

fn chosen(option: &AnswerOption) -> Option<Value> {
    if option.is_selected == Some(false) {
        return None;
    }
    let label = || option.label.clone().map(Value::from);
    let value = option.value.clone();
    value
        .filter(|value| !value.is_object() && !value.is_array() && !value.is_null())
        .or_else(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_form_says_what_was_answered_by_name() {
        let form = json!({"sections": [{"attributes": [
            {"key": "first_name", "valueType": "shortAnswer", "answer": ["Ada"]},
            {"key": "seats", "valueType": "number", "answer": [2]},
            {"key": "topic", "valueType": "radio", "answer": [
                {"label": "Sales", "value": "s", "isSelected": true}, {"label": "Other", "value": "o", "isSelected": false}]},
            {"key": "days", "valueType": "checkbox", "answer": [{"label": "Monday"}, {"label": "Friday"}]},
            {"key": "note", "valueType": "paragraph", "answer": [" "]},
            {"key": "pin", "valueType": "password", "answer": ["Secret12"]},
            {"label": "nameless", "answer": ["x"]},
        ]}]});
        let form: FormDataBody = portico_shared::json::from_value(form).expect("a form");
        let expected = json!({"first_name": "Ada", "seats": 2, "topic": "s", "days": ["Monday", "Friday"]});
        assert_eq!(Value::Object(values(&form)), expected);
    }

    #[test]
    fn a_form_of_the_configuration_is_one_of_cim() {
        let form: Form = toml_like(json!({"title": "Before we start", "questions": [
            {"label": "First name", "type": "shortAnswer", "required": true},
            {"label": "Topic", "type": "radio", "options": ["Sales", "Other"]},
        ]}));
        let body = body(&form);
        let attributes = &body["sections"][0]["attributes"];
        assert_eq!(
            (&body["type"], &body["formId"]),
            (&json!("FORM_DATA"), &json!("prechat"))
        );
        assert_eq!(attributes[0]["key"], "first_name");
        assert_eq!(attributes[0]["attributeType"], "INPUT");
        assert_eq!(
            attributes[1]["attributeOptions"][1],
            json!({"label": "Other", "value": "Other"})
        );
        assert_eq!(blank(&form).sections[0].attributes[1].choices().len(), 2);
    }

    fn toml_like(form: Value) -> Form {
        serde_json::from_value(form).expect("a form")
    }
}
