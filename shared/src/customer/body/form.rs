//! Forms, as a customer's program reads them. They travel whole, because the answer is the form itself with its answers in
//! it: what this does not read stays in there.

use super::BodyJson;
use crate::cim::form::{AttributeType, Choice, ValueType, choices_in};
use crate::json::{Map, Value};
use crate::lenient;
use serde::Deserialize;

/// A form, to fill or filled.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerForm {
    /// Its title.
    pub form_title: Option<String>,
    /// What it is for.
    pub form_description: Option<String>,
    /// Free; `status` is `unfilled`, `filled` or `cancelled`.
    pub additional_details: Option<Value>,
    /// Questions with their answers.
    #[serde(deserialize_with = "lenient::or_default")]
    pub sections: Vec<CustomerFormSection>,
}

/// A group of questions.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct CustomerFormSection {
    /// Its questions.
    #[serde(deserialize_with = "lenient::or_default")]
    pub attributes: Vec<CustomerQuestion>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerQuestion {
    /// The name of its answer.
    pub key: Option<String>,
    /// The question.
    pub label: Option<String>,
    /// How to answer it.
    pub help_text: Option<String>,
    /// What an answer looks like.
    pub value_type: Option<ValueType>,
    /// How it is asked.
    pub attribute_type: Option<AttributeType>,
    /// Whether it must be answered.
    pub is_required: Option<bool>,
    /// What to choose from, in the newer generation.
    pub attribute_options: Option<Value>,
    /// What to choose from, in the older generation, and whether several may be chosen.
    pub category_options: Option<Value>,
    /// What was answered, an array.
    pub answer: Option<Vec<Value>>,
}

impl CustomerQuestion {
    /// What there is to choose from, whichever generation the question is of.
    pub fn choices(&self) -> Vec<Choice> {
        choices_in(self.category_options.iter().chain(&self.attribute_options))
    }

    /// Whether several may be chosen.
    pub fn is_multiple_choice(&self) -> bool {
        let options = self.category_options.as_ref();
        options.and_then(|options| options.get("isMultipleChoice")) == Some(&Value::Bool(true))
    }
}

impl CustomerForm {
    /// All questions, in order.
    pub fn questions(&self) -> impl Iterator<Item = &CustomerQuestion> {
        self.sections.iter().flat_map(|section| &section.attributes)
    }
}

impl BodyJson<CustomerForm> {
    /// The form with one list of answers for each question, in order.
    #[must_use]
    pub fn answered(&self, answers: Vec<Vec<Value>>) -> Self {
        let mut form = self.value();
        let sections = form.get_mut("sections").and_then(Value::as_array_mut);
        let questions = sections.into_iter().flatten().filter_map(|section| {
            let questions = section.get_mut("attributes")?.as_array_mut()?;
            Some(questions.iter_mut())
        });
        for (question, answer) in questions.flatten().zip(answers) {
            if let Value::Object(question) = question {
                question.insert("answer".to_owned(), Value::Array(answer));
            }
        }
        if let Value::Object(form) = &mut form {
            let details = form
                .entry("additionalDetails")
                .or_insert_with(|| Value::Object(Map::new()));
            if !details.is_object() {
                *details = Value::Object(Map::new());
            }
            details["status"] = Value::from("filled");
        }
        Self::of_value(&form)
    }

    /// What of an answered form is answers, and which questions they answer. Choices that were not taken are left out.
    #[must_use]
    pub fn answers_alone(&self) -> Self {
        let mut form = self.value();
        let sections = form.get_mut("sections").and_then(Value::as_array_mut);
        for section in sections.into_iter().flatten().filter_map(Value::as_object_mut) {
            section.retain(|member, _| member == "attributes");
            let questions = section.get_mut("attributes").and_then(Value::as_array_mut);
            for question in questions.into_iter().flatten().filter_map(Value::as_object_mut) {
                question.retain(|member, _| matches!(member.as_str(), "key" | "answer"));
                if let Some(Value::Array(answers)) = question.get_mut("answer") {
                    answers.retain(|answer| answer.get("isSelected") != Some(&Value::Bool(false)));
                }
            }
        }
        Self::of_value(&form)
    }
}

#[cfg(test)]
mod tests {
    use crate::customer::{BodyJson, CustomerBody, CustomerForm};
    use serde_json::{Value, json};

    fn form(members: Value) -> BodyJson<CustomerForm> {
        let mut body = json!({"type": "FORM_DATA", "formId": "f-1"});
        body.as_object_mut()
            .expect("an object")
            .extend(members.as_object().expect("an object").clone());
        match serde_json::from_value(body).expect("a body") {
            CustomerBody::FormData(form) => form,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answered_form_is_the_form_with_answers_in_it() {
        let blank = form(json!({
            "sections": [
                {"sectionName": "You", "attributes": [{"key": "name", "attributeWeightage": 1.50}]},
                {"attributes": [{"key": "town"}]},
            ],
            "additionalDetails": {"status": "unfilled", "kept": 1},
        }));
        let answered = blank.answered(vec![vec![json!("Ada")], vec![json!("Graz")]]);
        let expected = json!({
            "type": "FORM_DATA",
            "formId": "f-1",
            "sections": [
                {"sectionName": "You", "attributes": [{"key": "name", "attributeWeightage": 1.50, "answer": ["Ada"]}]},
                {"attributes": [{"key": "town", "answer": ["Graz"]}]},
            ],
            "additionalDetails": {"status": "filled", "kept": 1},
        });
        assert_eq!(answered.value(), expected);
        let read = answered.read().expect("a form");
        let answers: Vec<_> = read
            .questions()
            .filter_map(|question| question.answer.clone())
            .collect();
        assert_eq!(answers, [[json!("Ada")], [json!("Graz")]]);
    }

    #[test]
    fn the_answers_alone_do_not_repeat_what_was_asked() {
        let options = json!([{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]);
        let blank = form(
            json!({"formTitle": "Before we start", "sections": [{"sectionName": "You", "attributes": [
                {"key": "name", "label": "Name", "valueType": "shortAnswer"},
                {"key": "colour", "attributeOptions": options},
                {"key": "town"},
            ]}]}),
        );
        let blue = json!({"label": "Blue", "value": "b", "isSelected": true});
        let colours = vec![json!({"label": "Red", "value": "r", "isSelected": false}), blue.clone()];
        let answered = blank.answered(vec![vec![json!("Ada")], colours]).answers_alone();
        let expected = json!([{"attributes": [
            {"key": "name", "answer": ["Ada"]},
            {"key": "colour", "answer": [blue]},
            {"key": "town"},
        ]}]);
        assert_eq!(answered.value()["sections"], expected);
        assert_eq!(answered.value()["formId"], "f-1");
    }

    #[test]
    fn a_form_without_details_gets_some_with_its_answers() {
        for details in [json!({}), json!({"additionalDetails": null})] {
            let answered = form(details).answered(Vec::new());
            assert_eq!(answered.value()["additionalDetails"], json!({"status": "filled"}));
        }
    }

    #[test]
    fn choices_are_read_of_both_generations() {
        let older = json!({"isMultipleChoice": true, "categories": [{"categoryName": "Warm", "values": ["red"]}]});
        let attributes = json!([{"categoryOptions": older}, {"attributeOptions": [{"label": "Blue", "value": "b"}]}]);
        let form = form(json!({"sections": [{"attributes": attributes}]}));
        let form = form.read().expect("a form");
        let questions: Vec<_> = form.questions().collect();
        let choice = &questions[0].choices()[0];
        assert_eq!(
            (choice.category.as_deref(), choice.label.as_str()),
            (Some("Warm"), "red")
        );
        assert!(questions[0].is_multiple_choice());
        assert_eq!(questions[1].choices()[0].value, json!("b"));
        assert!(!questions[1].is_multiple_choice());
    }
}
