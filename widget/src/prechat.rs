//! The form before a chat: which of its questions are asked, and what stands in them already.

use serde_json::{Map, Value};

use portico_shared::vouched::is_answered_by;

/// What is known of the visitor's answers.
pub(crate) struct Known {
    /// What the site has signed: that is not asked.
    pub(crate) claims: Map<String, Value>,
    /// What was entered before, lists of texts: goes before what the page says.
    pub(crate) entered: Map<String, Value>,
    /// What the page says: a first answer, for the visitor to correct.
    pub(crate) page: Map<String, Value>,
}

/// The form as it is asked; `None` if there is nothing to ask.
pub(crate) fn to_ask(form: &Value, known: &Known) -> Option<Value> {
    let mut form = form.clone();
    let mut is_asked = false;
    for section in form.get_mut("sections")?.as_array_mut()? {
        let Some(questions) = section.get_mut("attributes").and_then(Value::as_array_mut) else {
            continue;
        };
        questions.retain(|question| !known.vouches_for(key_of(question)));
        is_asked |= !questions.is_empty();
        for question in questions {
            let answer = known.answer(key_of(question));
            if let (Value::Object(question), Some(answer)) = (question, answer) {
                question.insert("answer".to_owned(), answer);
            }
        }
    }
    is_asked.then_some(form)
}

fn key_of(question: &Value) -> &str {
    question.get("key").and_then(Value::as_str).unwrap_or_default()
}

impl Known {
    fn vouches_for(&self, key: &str) -> bool {
        is_answered_by(&self.claims, key)
    }

    fn answer(&self, key: &str) -> Option<Value> {
        let entered = self.entered.get(key).filter(|entered| entered.is_array());
        let of_page = || match self.page.get(key)? {
            text @ (Value::String(_) | Value::Number(_) | Value::Bool(_)) => Some(Value::Array(vec![text.clone()])),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        entered.cloned().or_else(of_page)
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, to_ask};
    use serde_json::{Map, Value, json};

    fn asked(claims: Value, entered: Value, page: Value) -> Option<Vec<Value>> {
        let form = json!({"type": "FORM_DATA", "sections": [{"attributes": [
            {"key": "first_name"}, {"key": "email"}, {"key": "topic"},
        ]}]});
        let map = |value: Value| value.as_object().cloned().unwrap_or_else(Map::new);
        let known = Known {
            claims: map(claims),
            entered: map(entered),
            page: map(page),
        };
        let form = to_ask(&form, &known)?;
        form["sections"][0]["attributes"].as_array().cloned()
    }

    #[test]
    fn what_a_site_has_signed_is_not_asked() {
        let keys = |claims: Value| {
            let asked = asked(claims, json!({}), json!({})).unwrap_or_default();
            let keys = asked
                .iter()
                .filter_map(|question| question["key"].as_str().map(str::to_owned));
            keys.collect::<Vec<_>>()
        };
        assert_eq!(keys(json!({"sub": "omar"})), ["first_name", "email", "topic"]);
        assert_eq!(keys(json!({"name": "Omar", "email": " "})), ["email", "topic"]);
        assert_eq!(keys(json!({"first_name": "Omar", "email": "o@x.example"})), ["topic"]);
        assert_eq!(
            keys(json!({"name": "Omar", "email": "o@x.example", "topic": 7})),
            [""; 0]
        );
    }

    #[test]
    fn what_was_entered_stands_there_again_before_what_the_page_says() {
        let page = json!({"first_name": "Visitor", "email": "v@x.example", "topic": null});
        let asked = asked(json!({}), json!({"first_name": ["Ada"]}), page).expect("a form");
        let answers: Vec<_> = asked.iter().map(|question| question["answer"].clone()).collect();
        assert_eq!(answers, [json!(["Ada"]), json!(["v@x.example"]), Value::Null]);
    }

    #[test]
    fn a_form_of_another_shape_asks_nothing() {
        let known = Known {
            claims: Map::new(),
            entered: Map::new(),
            page: Map::new(),
        };
        assert_eq!(to_ask(&json!({"type": "FORM_DATA"}), &known), None);
    }
}
