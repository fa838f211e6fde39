//! What a message of any sender must show: one without anything to read, to press or to look at is an empty bubble.

use crate::conversation::Refusal;
use crate::identity::people::is_name;
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::{ButtonBody, CarouselElement, FormDataBody, WrapUpBody};
use portico_shared::json::to_map;
use portico_shared::text::says_nothing;
use serde_json::Value;

/// Checks that a body shows something. `text` is its text as it reads: one in base64 is not blank where its characters are.
pub(super) fn check(body: &MessageBody, text: Option<&str>) -> Result<(), Refusal> {
    if let MessageBody::Other { tag, .. } = body
        && !is_name(tag)
    {
        return Err(Refusal::invalid("body.type: not one line of at most 100 characters"));
    }
    if let MessageBody::WrapUp(wrapup) = body {
        return check_wrapup(wrapup);
    }
    if says(text) || has_more_than_text(body) {
        return Ok(());
    }
    Err(Refusal::invalid(match body {
        MessageBody::Plain(_) => "body.markdownText: must not be blank",
        _ => "body: shows nothing",
    }))
}

/// Whether there is something beside the text. Where the model asks for more, `validate` has seen that it is there.
fn has_more_than_text(body: &MessageBody) -> bool {
    match body {
        MessageBody::Plain(_) => false,
        MessageBody::Button(menu) => !menu.buttons.is_empty() || has_frame(menu),
        MessageBody::Carousel(cards) => cards.elements.iter().any(is_card),
        MessageBody::Contact(cards) => !cards.contacts.is_empty(),
        MessageBody::FormData(form) => is_form(form),
        MessageBody::Sticker(sticker) => says(sticker.media_url.as_deref()),
        MessageBody::Receipt(_)
        | MessageBody::Template(_)
        | MessageBody::Structured(_)
        | MessageBody::Custom(_)
        | MessageBody::Comment(_)
        | MessageBody::Email(_)
        | MessageBody::Other { .. } => {
            let members = to_map(body);
            let mut others = members
                .iter()
                .filter(|(name, _)| !["type", "markdownText"].contains(&name.as_str()));
            others.any(|(_, member)| says_something(member))
        }
        MessageBody::Image(_)
        | MessageBody::Video(_)
        | MessageBody::Audio(_)
        | MessageBody::File(_)
        | MessageBody::Multimedia(_)
        | MessageBody::Url(_)
        | MessageBody::Location(_)
        | MessageBody::WrapUp(_)
        | MessageBody::Action(_)
        | MessageBody::Voice(_)
        | MessageBody::VoiceRecording(_)
        | MessageBody::IvrAggregated(_)
        | MessageBody::Notification(_)
        | MessageBody::DeliveryNotification(_)
        | MessageBody::DeletedNotification(_) => true,
    }
}

/// Whether words stand around the buttons.
fn has_frame(menu: &ButtonBody) -> bool {
    let interactive = menu
        .additional_details
        .as_ref()
        .and_then(|details| details.get("interactive"));
    let words = |part| says(interactive.and_then(|how| how.get(part)?.get("text")?.as_str()));
    ["header", "body", "footer"].into_iter().any(words)
}

fn is_card(card: &CarouselElement) -> bool {
    let details = card.additional_carousel_element_details.as_ref();
    let detail = |name| details.and_then(|details| details.get(name)?.as_str());
    let target = card.default_action.as_ref().and_then(|action| action.url.as_deref());
    let texts = [
        card.text.as_deref(),
        card.url.as_deref(),
        target,
        detail("title"),
        detail("image_url"),
    ];
    !card.buttons.is_empty() || texts.into_iter().any(says)
}

/// A form asks something or, as a notice, says something; one that was cancelled says that.
fn is_form(form: &FormDataBody) -> bool {
    let asks = form.sections.iter().any(|section| !section.attributes.is_empty());
    let texts = [form.form_title.as_deref(), form.form_description.as_deref()];
    asks || texts.into_iter().any(says) || super::forms::is_cancelled(form)
}

/// A wrap-up has a note or a category, and each category says something.
fn check_wrapup(wrapup: &WrapUpBody) -> Result<(), Refusal> {
    let blank = wrapup.wrapups.iter().position(|category| !says_something(category));
    if let Some(index) = blank {
        return Err(Refusal::invalid(format!("body.wrapups[{index}]: must not be blank")));
    }
    let has_words = says(wrapup.note.as_deref()) || says(wrapup.markdown_text.as_deref());
    if wrapup.wrapups.is_empty() && !has_words {
        return Err(Refusal::invalid("body.note: must not be blank"));
    }
    Ok(())
}

fn says(text: Option<&str>) -> bool {
    text.is_some_and(|text| !says_nothing(text))
}

/// Whether free JSON has anything to read in it.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !says_nothing(text),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.values().any(says_something),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shows(body: &Value) -> bool {
        let body = portico_shared::json::from_value::<MessageBody>(body.clone()).expect("a body");
        check(&body, body.markdown_text()).is_ok()
    }

    #[test]
    fn a_message_without_anything_to_see_shows_nothing() {
        for body in [
            json!({"type": "BUTTON"}),
            json!({"type": "BUTTON", "markdownText": "\u{200b}", "buttons": []}),
            json!({"type": "BUTTON", "additionalDetails": {"interactive": {"type": "list", "body": {"text": " "}}}}),
            json!({"type": "CAROUSEL", "elements": []}),
            json!({"type": "CAROUSEL", "elements": [{}]}),
            json!({"type": "CAROUSEL", "elements": [{"additionalCarouselElementDetails": {"id": "card-1"}}]}),
            json!({"type": "CONTACT", "contacts": []}),
            json!({"type": "FORM_DATA", "formId": "f"}),
            json!({"type": "FORM_DATA", "formTitle": "\u{200b}", "sections": [{"attributes": []}]}),
            json!({"type": "STICKER"}),
            json!({"type": "STICKER", "mediaUrl": " "}),
            json!({"type": "RECEIPT"}),
            json!({"type": "CUSTOM", "jsonNode": {}}),
            json!({"type": "StructuredMessage", "markdownText": "\u{2060}"}),
            json!({"type": "EMAIL"}),
            json!({"type": "SOMETHING_NEW", "markdownText": "\u{200b}"}),
            json!({"type": "SOMETHING_NEW", "lines": [null, {"text": ""}]}),
            json!({"type": "WRAPUP"}),
        ] {
            assert!(!shows(&body), "{body}");
        }
    }

    #[test]
    fn a_text_or_what_its_type_adds_is_enough() {
        for body in [
            json!({"type": "BUTTON", "markdownText": "Which?"}),
            json!({"type": "BUTTON", "buttons": [{"title": "a", "payload": "a", "type": "button"}]}),
            json!({"type": "BUTTON", "additionalDetails": {"interactive": {"header": {"text": "Hello"}}}}),
            json!({"type": "CAROUSEL", "elements": [{}, {"text": "Tent"}]}),
            json!({"type": "CAROUSEL", "elements": [{"additionalCarouselElementDetails": {"image_url": "https://a.example/b.png"}}]}),
            json!({"type": "CONTACT", "contacts": [{"name": {"formattedName": "Ann"}}]}),
            json!({"type": "FORM_DATA", "sections": [{"attributes": [{"key": "a"}]}]}),
            json!({"type": "FORM_DATA", "formTitle": "Thank you"}),
            json!({"type": "FORM_DATA", "additionalDetails": {"status": "cancelled"}}),
            json!({"type": "STICKER", "mediaUrl": "https://a.example/b.png"}),
            json!({"type": "IMAGE", "attachment": {"mediaUrl": "https://a.example/b.png"}}),
            json!({"type": "CUSTOM", "jsonNode": {"x": 0}}),
            json!({"type": "EMAIL", "subject": "Hello"}),
            json!({"type": "SOMETHING_NEW", "x": 1}),
            json!({"type": "SOMETHING_NEW", "markdownText": "Hello"}),
            json!({"type": "ACTION", "name": "FIND_AGENT"}),
        ] {
            assert!(shows(&body), "{body}");
        }
    }

    #[test]
    fn an_unknown_type_has_a_name() {
        let typed = |name: &str| json!({"type": name, "markdownText": "Hello"});
        assert!(shows(&typed("Something new")));
        for name in ["", " ", "\u{200b}", "a\nb", "a\u{2028}b", &"x".repeat(101)] {
            assert!(!shows(&typed(name)), "{name:?}");
        }
    }

    #[test]
    fn a_wrap_up_has_a_note_or_a_category() {
        let wrapup = |note: &str, wrapups: Value| json!({"type": "WRAPUP", "markdownText": " ", "note": note, "wrapups": wrapups});
        let sold = json!({"categoryName": "Sales", "value": "Sold"});
        for (note, wrapups) in [
            ("called back", json!([])),
            ("", json!([sold])),
            ("\u{200b}", json!(["sold"])),
        ] {
            assert!(shows(&wrapup(note, wrapups.clone())), "{note:?} {wrapups}");
        }
        for (note, wrapups) in [
            ("", json!([])),
            (" \u{200b}\u{3164}", json!([])),
            ("sold", json!([sold, {"categoryName": "\u{200b}", "value": null}])),
            ("", json!([null])),
            ("", json!([" "])),
        ] {
            assert!(!shows(&wrapup(note, wrapups.clone())), "{note:?} {wrapups}");
        }
    }
}
