//! Bodies with a text in every place that has room for one.

use serde_json::{Value, json};

/// Who serves the files of these bodies: nobody.
pub(super) const FILES: &str = "held.invalid";

/// Every type that a customer may post (`server/core/src/conversation/handlers/body.rs`), each place of it filled by `text`.
pub(super) fn of_customers(text: &mut impl FnMut() -> String) -> Vec<Value> {
    let mut bodies: Vec<Value> = ["IMAGE", "VIDEO", "AUDIO", "FILE"]
        .into_iter()
        .map(|kind| media(kind, text))
        .collect();
    bodies.extend([
        json!({ "type": "PLAIN", "markdownText": text(), "more": text() }),
        json!({ "type": "URL", "markdownText": text(), "mediaUrl": address(&text()), "additionalDetails": { "title": text() } }),
        json!({ "type": "LOCATION", "markdownText": text(), "location": { "latitude": 48.1, "longitude": 11.5 },
            "additionalDetails": { "name": text(), "address": text(), "url": text() } }),
        json!({ "type": "CONTACT", "markdownText": text(), "additionalDetails": { "more": text() }, "contacts": [{
            "name": { "formattedName": text(), "additionalNameDetails": { "first_name": text() } },
            "phones": [{ "phone": text(), "additionalPhoneDetails": { "type": text(), "wa_id": text() } }],
            "additionalContactDetails": { "org": { "company": text(), "title": text() }, "emails": [{ "email": text(), "type": text() }],
                "addresses": [{ "street": text() }], "urls": [{ "url": text() }], "birthday": text() } }] }),
        form(text, "filled"),
    ]);
    bodies
}

/// What else a bot may say that is shown, or stands where a text is expected.
pub(super) fn of_bots(text: &mut impl FnMut() -> String) -> Vec<Value> {
    let mut buttons = |kind: &str| {
        let mut button = |kind: &str, url: Value| {
            json!({ "type": kind, "title": text(), "payload": text(), "additionalButtonDetails": {
                "description": text(), "sectionTitle": text(), "sectionNo": text(), "target": text(), "parameters": text(), "url": url } })
        };
        let buttons = [
            button("button", Value::Null),
            button("clickableList", Value::Null),
            button("linkButton", address("a").into()),
            button("linkButton", "javascript:__xss('button')".into()),
        ];
        json!({ "type": "BUTTON", "markdownText": text(), "buttonMessageType": kind, "buttons": buttons, "additionalDetails": {
            "interactive": { "type": "list", "button": text(), "header": { "type": "text", "text": text() }, "body": { "text": text() },
                "footer": { "text": text() } }, "textAlignment": text(), "cornerShape": text(), "defaultIntent": text() } })
    };
    let (column, chips) = (buttons("buttons"), buttons("quickReplies"));
    let mut bodies = of_customers(text);
    bodies.extend([
        column,
        chips,
        media("MULTIMEDIA", text),
        json!({ "type": "STICKER", "markdownText": text(), "mediaUrl": address(&text()), "stickerId": text() }),
        form(text, "unfilled"),
        json!({ "type": "CAROUSEL", "markdownText": text(), "elements": [{
            "text": text(), "url": address(&text()), "defaultAction": { "type": text(), "url": address(&text()) },
            "additionalCarouselElementDetails": { "title": text(), "id": text(), "alt": text(), "image_url": address(&text()) },
            "buttons": [{ "type": "button", "title": text(), "payload": text(), "additionalButtonDetails": { "description": text() } }] }] }),
        json!({ "type": "HOLOGRAM", "markdownText": text(), "html": text(), "nested": { "title": text() } }),
    ]);
    bodies
}

fn media(kind: &str, text: &mut impl FnMut() -> String) -> Value {
    json!({ "type": kind, "markdownText": text(), "caption": text(), "additionalDetails": { "fileName": text() }, "attachment": {
        "mediaUrl": address(&text()), "thumbnail": address(&text()), "size": 1, "mediaLabel": text(), "mediaName": text(),
        "mimeType": text(), "type": text(), "extType": text() } })
}

fn form(text: &mut impl FnMut() -> String, status: &str) -> Value {
    let mut question = |kind: &str, choices: bool| {
        let answer = json!([text(), { "label": text(), "value": text(), "isSelected": true },
            { "category": text(), "options": [{ "label": text(), "value": text(), "isSelected": true }] }]);
        let mut question = json!({ "key": text(), "label": text(), "helpText": text(), "attributeType": kind,
            "valueType": "String2000", "isRequired": true });
        if choices {
            question["attributeOptions"] = json!([{ "label": text(), "value": text() }, text()]);
            question["categoryOptions"] =
                json!({ "isMultipleChoice": true, "categories": [{ "categoryName": text(), "values": [text()] }] });
        }
        if status == "filled" {
            question["answer"] = answer;
        }
        question
    };
    let questions = [
        question("INPUT", false),
        question("TEXTAREA", false),
        question("OPTIONS", true),
        question("SCALE", true),
    ];
    json!({ "type": "FORM_DATA", "markdownText": text(), "formId": text(), "formTitle": text(), "formDescription": text(),
        "additionalDetails": { "status": status, "actionButtons": [{ "title": text() }] },
        "additionalDetail": { "submissionSource": text(), "actor": { "type": text(), "id": text() } },
        "sections": [{ "sectionId": text(), "sectionName": text(), "sectionDescription": text(), "attributes": questions }] })
}

/// An address as the relay takes it, with as much of a text in it as addresses have room for.
pub(super) fn address(text: &str) -> String {
    let fits = |char: &char| {
        let unseen = matches!(char, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        !(char.is_whitespace() || char.is_control() || unseen || matches!(char, '<' | '>' | '"' | '\\' | '`'))
    };
    format!("https://{FILES}/{}", text.chars().filter(fits).collect::<String>())
}
