//! A message template of another channel. Its words lie there; what was filled in is here, by its parts.

use super::picture::Picture;
use super::{BodyContext, text_at, unknown, with_text};
use crate::browser::safe_url;
use crate::icon::{FILE, PLAY, icon};
use crate::parts::{auto_span, link};
use leptos::html;
use leptos::prelude::*;
use portico_shared::json::Value;
use portico_shared::text::says_nothing;

/// A value that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'a> {
    /// Over the rest.
    Heading(&'a str),
    Words(&'a str),
    Picture(&'a str),
    Video(&'a str),
    /// A document, and what it is called.
    Document(&'a str, Option<&'a str>),
}

pub(super) fn view(template: &Value, context: &BodyContext) -> AnyView {
    let parts: Vec<_> = parts(template).filter_map(|part| drawn(&part, context)).collect();
    if parts.is_empty() {
        return unknown::view(context);
    }
    with_text(context, html::div().class("body__lines").child(parts))
}

fn drawn(part: &Part<'_>, context: &BodyContext) -> Option<AnyView> {
    let card = |picture, name: &str, address: &str| {
        let inside = (icon(picture), auto_span("body__name", name));
        Some(link("body__card", safe_url(address)?, inside))
    };
    match *part {
        Part::Heading(words) => Some(auto_span("body__name", words)),
        Part::Words(words) => Some(auto_span("", words)),
        Part::Video(address) => card(PLAY, context.messages.video, address),
        Part::Document(address, name) => card(FILE, name.unwrap_or(context.messages.file), address),
        Part::Picture(address) => {
            let address = safe_url(address)?;
            let name = context.messages.picture;
            let picture = Picture {
                class: "body__picture",
                alt: name.to_owned(),
                address: address.clone(),
                room: None,
            };
            let instead = move || {
                let inside = (icon(FILE), auto_span("body__name", name));
                link("body__card", address.clone(), inside)
            };
            Some(picture.or(|picture| picture, instead))
        }
    }
}

/// The words that were filled in, in their order.
pub fn words(template: &Value) -> Vec<String> {
    let words = parts(template).filter_map(|part| match part {
        Part::Heading(words) | Part::Words(words) => Some(words.to_owned()),
        Part::Picture(_) | Part::Video(_) | Part::Document(..) => None,
    });
    words.collect()
}

/// What was filled in, in its order. What a button means to the bot is not for its reader.
fn parts(template: &Value) -> impl Iterator<Item = Part<'_>> {
    let is_shown = |component: &&Value| {
        let kind = text_at(Some(component), "type");
        !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
    };
    let components = template
        .get("components")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    components.filter(is_shown).flat_map(|component| {
        let kind = text_at(Some(component), "type").unwrap_or_default();
        let is_heading = kind.eq_ignore_ascii_case("header");
        let parameters = component
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        parameters.filter_map(move |parameter| part(parameter, is_heading))
    })
}

/// A value: plain, or as the channel of the template has it.
fn part(parameter: &Value, is_heading: bool) -> Option<Part<'_>> {
    let details = parameter.get("additionalParameterDetails")?;
    let kind = text_at(Some(parameter), "parameterType")?.to_ascii_lowercase();
    let value = details.get(&kind)?;
    let at = |member| match value {
        Value::String(text) => Some(text.as_str()).filter(|text| !says_nothing(text)),
        _ => text_at(Some(value), member),
    };
    match kind.as_str() {
        "text" if is_heading => at("text").map(Part::Heading),
        "text" => at("text").map(Part::Words),
        "currency" | "date_time" => at("fallback_value").map(Part::Words),
        "image" => at("link").map(Part::Picture),
        "video" => at("link").map(Part::Video),
        "document" => Some(Part::Document(at("link")?, text_at(Some(value), "filename"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, parts, words};
    use serde_json::json;

    #[test]
    fn a_template_is_told_by_what_was_filled_in() {
        let value = |kind: &str, value: serde_json::Value| json!({ "parameterType": kind, "additionalParameterDetails": { kind: value } });
        let template = json!({ "components": [
            { "type": "HEADER", "parameters": [value("text", json!("Ready")), value("image", json!({ "link": "https://a.example/b" }))] },
            { "type": "body", "parameters": [value("text", json!("1001")), value("text", json!("\u{200b}")),
                value("currency", json!({ "fallback_value": "€ 5" })), value("date_time", json!("today")),
                value("document", json!({ "link": "https://a.example/c", "filename": "bill.pdf" }))] },
            { "type": "button", "parameters": [value("payload", json!("/track"))] },
            { "type": "BUTTON", "parameters": [value("text", json!("123456"))] },
        ] });
        let expected = [
            Part::Heading("Ready"),
            Part::Picture("https://a.example/b"),
            Part::Words("1001"),
            Part::Words("€ 5"),
            Part::Words("today"),
            Part::Document("https://a.example/c", Some("bill.pdf")),
        ];
        assert_eq!(parts(&template).collect::<Vec<_>>(), expected);
        assert_eq!(words(&template), ["Ready", "1001", "€ 5", "today"]);
    }

    #[test]
    fn what_is_no_template_has_no_parts() {
        for odd in [
            json!({}),
            json!({ "components": 5 }),
            json!({ "components": [{ "parameters": [{}, null, "x"] }] }),
        ] {
            assert_eq!(parts(&odd).count(), 0, "{odd}");
        }
    }
}
