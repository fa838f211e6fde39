//! What is wrong with a form.

use super::Check;
use portico_core::config::{Form, Question};
use portico_shared::cim::form::ValueType;
use portico_shared::ids::ParticipantId;
use std::collections::BTreeSet;

/// Most questions of one form: its answers are sent in one frame.
const MAX_QUESTIONS: usize = 20;

/// Most choices of one question.
const MAX_OPTIONS: usize = 50;

/// Longest text of a form, in Unicode scalar values.
const MAX_CHARS: usize = 200;

/// Longest name of an answer, in bytes.
const MAX_KEY_BYTES: usize = 100;

impl Check<'_> {
    pub(super) fn form(&mut self, at: &str, form: &Form) {
        if ParticipantId::parse(&form.id).is_none() {
            self.wrong(format!("{at}.id"), &form.id, "a form's id is short visible ASCII");
        }
        self.form_label(format!("{at}.title"), &form.title);
        if !form.description.is_empty() {
            self.form_label(format!("{at}.description"), &form.description);
        }
        let count = form.questions.len();
        if !(1..=MAX_QUESTIONS).contains(&count) {
            let what = format!("a form has 1 to {MAX_QUESTIONS} questions");
            self.wrong(format!("{at}.questions"), &count.to_string(), what);
        }
        let mut keys = BTreeSet::new();
        for (index, question) in form.questions.iter().enumerate() {
            let at = format!("{at}.questions[{index}]");
            let key = question.key();
            if key.is_empty() || key.len() > MAX_KEY_BYTES {
                let what = format!("the name of an answer has 1 to {MAX_KEY_BYTES} bytes");
                self.wrong(format!("{at}.key"), &key, what);
            }
            self.question(&at, question);
            if !keys.insert(key.clone()) {
                self.wrong(format!("{at}.key"), &key, "another question before has this key");
            }
        }
    }

    fn question(&mut self, at: &str, question: &Question) {
        self.form_label(format!("{at}.label"), &question.label);
        if !question.help.is_empty() {
            self.form_label(format!("{at}.help"), &question.help);
        }
        // A filled form waits in the browser's storage until it has arrived, and agents see it: no place for a password.
        if let ValueType::Other(_) | ValueType::File | ValueType::Password | ValueType::OldPassword = question.kind {
            let kind = question.kind.as_str();
            self.wrong(format!("{at}.type"), kind, format!("one of {}", types()));
        }
        let count = question.options.len();
        if question.has_choices() && !(1..=MAX_OPTIONS).contains(&count) {
            let what = format!("1 to {MAX_OPTIONS} options to choose from");
            self.wrong(format!("{at}.options"), &count.to_string(), what);
        }
        if !question.has_choices() && count > 0 {
            let what = "only mcq, checkbox, radio and dropdown have options";
            self.wrong(format!("{at}.options"), &count.to_string(), what);
        }
        for (index, option) in question.options.iter().enumerate() {
            self.form_label(format!("{at}.options[{index}]"), option);
            if question.options[..index].contains(option) {
                self.wrong(
                    format!("{at}.options[{index}]"),
                    option,
                    "another option before is the same",
                );
            }
        }
    }

    pub(super) fn form_label(&mut self, key: String, text: &str) {
        if text.chars().count() > MAX_CHARS {
            self.wrong(key, text, format!("at most {MAX_CHARS} characters"));
        } else {
            self.label(key, text);
        }
    }
}

/// The types of questions that can be asked, without the names of the older generation.
fn types() -> String {
    let is_present = |kind: &&ValueType| {
        let name = kind.as_str();
        !matches!(kind, ValueType::File | ValueType::Password) && !name.starts_with(char::is_uppercase)
    };
    let names: Vec<&str> = ValueType::KNOWN
        .iter()
        .filter(is_present)
        .map(ValueType::as_str)
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::config::from_toml;

    fn refused(form: &str) -> String {
        let text = format!("[channels.shop]\norigins = []\n[channels.shop.prechat]\n{form}");
        from_toml(&text).expect_err(form).to_string()
    }

    #[test]
    fn a_form_of_every_type_is_good() {
        let types = super::types();
        let question = |kind: &str| {
            let options = match kind {
                "mcq" | "checkbox" | "radio" | "dropdown" => "options = [\"a\", \"b\"]",
                _ => "",
            };
            format!("[[channels.shop.prechat.questions]]\nlabel = \"Q {kind}\"\ntype = \"{kind}\"\n{options}\n")
        };
        for some in types.split(", ").collect::<Vec<_>>().chunks(super::MAX_QUESTIONS) {
            let questions: String = some.iter().map(|kind| question(kind)).collect();
            let text = format!(
                "[channels.shop]\norigins = []\n[channels.shop.prechat]\ntitle = \"Before we start\"\n{questions}"
            );
            let config = from_toml(&text).expect("a good form");
            let form = config.channels["shop"].prechat.as_ref().expect("a form");
            assert_eq!(form.questions.len(), some.len());
        }
        assert_eq!(types.split(", ").count(), 22, "{types}");
    }

    #[test]
    fn no_form_asks_for_a_password() {
        let text = "[channels.shop]\norigins = []\n[channels.shop.prechat]\ntitle = \"Before we start\"\n\
            [[channels.shop.prechat.questions]]\nlabel = \"Secret\"\ntype = \"password\"\n";
        let problem = from_toml(text).expect_err("a password").to_string();
        assert!(problem.contains("channels.shop.prechat.questions[0].type"), "{problem}");
    }

    #[test]
    fn what_is_wrong_with_a_form_is_named_by_its_place() {
        let told = refused(
            "title = \" \"\nquestions = [\n\
             {label = \"Name\", type = \"shortAnswer\"},\n\
             {label = \"\", type = \"text\"},\n\
             {label = \"name\", type = \"file\"},\n\
             {label = \"Topic\", type = \"radio\"},\n\
             {label = \"Mail\", type = \"email\", options = [\"a\"]},\n\
             {label = \"Day\", type = \"dropdown\", options = [\"a\", \"a\", \"\"]},\n]\n",
        );
        let keys: Vec<_> = told.lines().filter_map(|line| line.split(": ").next()).collect();
        let expected = [
            "title",
            "questions[1].key",
            "questions[1].label",
            "questions[1].type",
            "questions[2].type",
            "questions[2].key",
            "questions[3].options",
            "questions[4].options",
            "questions[5].options[1]",
            "questions[5].options[2]",
        ];
        let expected: Vec<String> = expected
            .iter()
            .map(|key| format!("channels.shop.prechat.{key}"))
            .collect();
        assert_eq!(keys, expected, "{told}");
        assert!(refused("title = \"x\"\nquestions = []").contains("prechat.questions"));
    }

    #[test]
    fn a_key_that_a_form_does_not_have_is_named() {
        let told = refused("title = \"x\"\nquestions = [{label = \"Name\", type = \"shortAnswer\", must = true}]");
        assert!(
            told.contains("channels.shop.prechat.questions[0].must: no such key"),
            "{told}"
        );
    }
}
