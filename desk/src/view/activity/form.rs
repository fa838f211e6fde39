//! A filled form: a survey with its score, a form of the chat, a form before it.

use super::facts::plain;
use super::frame::CardHead;
use crate::i18n::activity as messages;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, AnswerOption, FormAttribute};
use portico_ui::icon::{FORM, STAR, icon};
use serde_json::{Number, Value};

/// The form with its answers.
pub(super) fn view(card: &Card, form: &FormDataBody) -> AnyView {
    let source = form
        .additional_detail
        .as_ref()
        .and_then(|detail| detail.submission_source.clone());
    let is_survey = form.form_score.is_some() || source.as_deref().is_some_and(|source| source.contains("PCS"));
    let questions: Vec<_> = form.sections.iter().flat_map(|section| &section.attributes).collect();
    let kind = if is_survey { messages::SURVEY } else { messages::FORM };
    let title = form.form_title.clone().filter(|title| !title.trim().is_empty());
    let mood = form
        .sentiment
        .as_ref()
        .and_then(|mood| mood.get("result"))
        .and_then(Value::as_str);
    let line = [
        title.as_ref().map(|_| kind.to_owned()),
        source,
        mood.map(str::to_owned),
        Some(messages::answers(questions.len())),
    ];
    let head = CardHead {
        picture: if is_survey { STAR } else { FORM },
        class: if is_survey {
            "card__icon--survey"
        } else {
            "card__icon--form"
        },
        title: title.unwrap_or_else(|| kind.to_owned()),
        line: line.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        number: form
            .form_score
            .as_ref()
            .map(|score| number(score, form.form_weightage.as_ref())),
        at_ms: card.at_ms(),
    };
    let answers: Vec<_> = questions.into_iter().map(question).collect();
    head.over(Some(html::dl().class("answers").child(answers).into_any()))
}

fn number(score: &Number, best: Option<&Number>) -> AnyView {
    let best = best.map(|best| html::small().child(messages::of(&best.to_string())));
    html::span()
        .class("card__number")
        .child((score.to_string(), best))
        .into_any()
}

fn question(question: &FormAttribute) -> AnyView {
    let label = question
        .label
        .clone()
        .or_else(|| question.key.as_deref().map(messages::plain))
        .unwrap_or_default();
    let given: Vec<_> = question.answer.iter().flatten().filter_map(answer).collect();
    let is_rating = question
        .value_type
        .as_ref()
        .is_some_and(|kind| kind.as_str() == "5-star-rating");
    let rating = given
        .first()
        .and_then(|text| text.parse::<u32>().ok())
        .filter(|rating| is_rating && *rating <= 5);
    let shown = match (rating, given.is_empty()) {
        (Some(rating), _) => stars(rating),
        (None, true) => messages::NO_ANSWER.into_any(),
        (None, false) => given.join(", ").into_any(),
    };
    html::div()
        .child((
            html::dt().attr("dir", "auto").child(label),
            html::dd().attr("dir", "auto").child(shown),
        ))
        .into_any()
}

fn answer(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(text.clone()),
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
    let shown = || option.label.clone().or_else(|| option.value.as_ref().map(plain));
    if option.is_selected == Some(false) {
        None
    } else {
        shown()
    }
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
        .attr("aria-label", messages::stars(given, 5))
        .child((1..=5).map(star).collect::<Vec<_>>())
        .into_any()
}
