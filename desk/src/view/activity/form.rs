//! A filled form: a survey with its score, a form of the chat, a form before it.

use super::facts::plain;
use super::frame::{CardHead, in_line, number};
use crate::i18n::{activity as messages, t};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, AnswerOption, FormAttribute};
use portico_shared::text::says_nothing;
use portico_ui::icon::{FORM, STAR, icon};
use serde_json::{Number, Value};

/// The most stars of a rating.
const MAX_STARS: u32 = 5;

/// The form with its answers.
pub(super) fn view(card: &Card, form: &FormDataBody) -> AnyView {
    let (title, line) = title_and_line(form);
    let (picture, class) = match is_survey(form) {
        true => (STAR, "card__icon--survey"),
        false => (FORM, "card__icon--form"),
    };
    let head = CardHead {
        picture,
        class,
        title,
        line,
        number: form
            .form_score
            .as_ref()
            .map(|score| score_of(score, form.form_weightage.as_ref())),
        at_ms: card.at_ms(),
    };
    let answers: Vec<_> = questions(form).map(question).collect();
    head.over(Some(html::dl().class("answers").child(answers).into_any()))
}

fn score_of(score: &Number, best: Option<&Number>) -> AnyView {
    let best = best.map(|best| html::small().child(t().of(&best.to_string())));
    number((score.to_string(), best))
}

fn question(question: &FormAttribute) -> AnyView {
    let shown = match Given::of(question) {
        Given::Stars(given) => stars(given),
        Given::Text(text) => text.into_any(),
        Given::Nothing => t().no_answer().into_any(),
    };
    html::div()
        .child(html::dt().attr("dir", "auto").child(label(question)))
        .child(html::dd().attr("dir", "auto").child(shown))
        .into_any()
}

fn stars(given: u32) -> AnyView {
    let star = |at: u32| {
        html::span()
            .class(if at <= given { "star star--on" } else { "star" })
            .child(icon(STAR))
    };
    html::span()
        .class("stars")
        .attr("role", "img")
        .attr("aria-label", t().stars(MAX_STARS as usize, &given.to_string()))
        .child((1..=MAX_STARS).map(star).collect::<Vec<_>>())
        .into_any()
}

fn questions(form: &FormDataBody) -> impl Iterator<Item = &FormAttribute> {
    form.sections.iter().flat_map(|section| &section.attributes)
}

fn source(form: &FormDataBody) -> Option<&str> {
    form.additional_detail.as_ref()?.submission_source.as_deref()
}

/// A form with a score, or one that was asked for after a call.
fn is_survey(form: &FormDataBody) -> bool {
    form.form_score.is_some() || source(form).is_some_and(|source| source.contains("PCS"))
}

/// The form's own title, or else its kind, which stands in the line otherwise.
fn title_and_line(form: &FormDataBody) -> (String, String) {
    let kind = if is_survey(form) { t().survey() } else { t().form() };
    let title = form.form_title.clone().filter(|title| !says_nothing(title));
    let mood = form.sentiment.as_ref().and_then(|mood| mood.get("result"));
    let line = in_line([
        title.as_ref().map(|_| kind.to_owned()),
        source(form).map(str::to_owned),
        mood.and_then(Value::as_str).map(str::to_owned),
        Some(t().answers(questions(form).count())),
    ]);
    (title.unwrap_or_else(|| kind.to_owned()), line)
}

fn label(question: &FormAttribute) -> String {
    let key = || question.key.as_deref().map(messages::plain);
    let label = question.label.clone().filter(|label| !says_nothing(label));
    label.or_else(key).unwrap_or_default()
}

/// What was answered.
#[derive(Debug, PartialEq)]
enum Given {
    Stars(u32),
    Text(String),
    Nothing,
}

impl Given {
    fn of(question: &FormAttribute) -> Self {
        let given: Vec<_> = question.answer.iter().flatten().filter_map(answer).collect();
        let is_rating = question
            .value_type
            .as_ref()
            .is_some_and(|kind| kind.as_str() == "5-star-rating");
        let rating = given.first().and_then(|text| text.parse().ok());
        match rating.filter(|rating| is_rating && *rating <= MAX_STARS) {
            Some(rating) => Self::Stars(rating),
            None if given.is_empty() => Self::Nothing,
            None => Self::Text(given.join(", ")),
        }
    }
}

fn answer(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(text.clone()).filter(|text| !says_nothing(text)),
        Answer::Option(option) => selected(option),
        Answer::Category(category) => {
            let chosen = category.options.iter().filter_map(selected).collect::<Vec<_>>();
            (!chosen.is_empty()).then(|| chosen.join(", "))
        }
        Answer::Other(Value::Null) => None,
        Answer::Other(value) => Some(plain(value)),
    }
}

fn selected(option: &AnswerOption) -> Option<String> {
    if option.is_selected == Some(false) {
        return None;
    }
    option.label.clone().or_else(|| option.value.as_ref().map(plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::body;
    use portico_shared::cim::MessageBody;
    use serde_json::json;

    fn form(members: Value) -> FormDataBody {
        let mut json = json!({ "type": "FORM_DATA" });
        if let (Value::Object(json), Value::Object(members)) = (&mut json, members) {
            json.extend(members);
        }
        match body(json) {
            MessageBody::FormData(form) => FormDataBody::clone(&form),
            other => panic!("no form: {other:?}"),
        }
    }

    fn asked(attribute: Value) -> FormAttribute {
        let form = form(json!({ "sections": [{ "attributes": [attribute] }] }));
        questions(&form).next().expect("a question").clone()
    }

    #[test]
    fn a_form_with_a_score_or_from_after_a_call_is_a_survey() {
        assert!(is_survey(&form(json!({ "formScore": 4 }))));
        assert!(is_survey(&form(
            json!({ "additionalDetail": { "submissionSource": "VOICE_PCS" } })
        )));
        assert!(!is_survey(&form(
            json!({ "additionalDetail": { "submissionSource": "CHAT" } })
        )));
    }

    #[test]
    fn the_kind_stands_in_the_line_of_a_form_with_a_title() {
        let titled = title_and_line(&form(
            json!({ "formTitle": "Your visit", "sentiment": { "result": "glad" } }),
        ));
        let line = format!("{} · glad · {}", t().form(), t().answers(0));
        assert_eq!(titled, ("Your visit".to_owned(), line));
        let untitled = title_and_line(&form(json!({ "formTitle": " \u{200b}" })));
        assert_eq!(untitled, (t().form().to_owned(), t().answers(0)));
    }

    #[test]
    fn a_question_is_called_by_its_label_or_else_by_its_key() {
        assert_eq!(
            label(&asked(json!({ "label": "How was it?", "key": "rating" }))),
            "How was it?"
        );
        assert_eq!(label(&asked(json!({ "key": "order_number" }))), "Order number");
    }

    #[test]
    fn a_rating_is_drawn_as_stars_if_it_is_one() {
        let rated = |kind: &str, answer: &str| Given::of(&asked(json!({ "valueType": kind, "answer": [answer] })));
        assert_eq!(rated("5-star-rating", "4"), Given::Stars(4));
        assert_eq!(rated("5-star-rating", "9"), Given::Text("9".to_owned()));
        assert_eq!(rated("5-star-rating", "good"), Given::Text("good".to_owned()));
        assert_eq!(rated("string", "4"), Given::Text("4".to_owned()));
    }

    #[test]
    fn options_that_were_not_selected_are_no_answer() {
        let options = json!({ "answer": [
            { "label": "Red", "value": "r", "isSelected": true },
            { "label": "Blue", "value": "b", "isSelected": false },
        ] });
        assert_eq!(Given::of(&asked(options)), Given::Text("Red".to_owned()));
        assert_eq!(Given::of(&asked(json!({ "answer": [] }))), Given::Nothing);
        assert_eq!(Given::of(&asked(json!({}))), Given::Nothing);
    }
}
