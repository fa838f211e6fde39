//! What is known and cannot be read is refused, and the refusal says where.

use portico_shared::cim::{CimEvent, CimMessage, Customer, FormDefinition, MAX_BODY_DEPTH, MessageBody};
use portico_shared::frame::{ClientFrame, RefusalCode};
use portico_shared::json;
use serde_json::{Value, json};

fn message(body: &Value) -> Value {
    json!({ "id": "m1", "header": { "sender": { "id": "a1", "type": "AGENT" } }, "body": body })
}

fn refusal(body: &Value) -> String {
    json::from_value::<CimMessage>(message(body))
        .expect_err("malformed")
        .to_string()
}

#[test]
fn a_fault_in_a_known_body_names_its_member_and_never_passes_as_unknown() {
    for (body, fault) in [
        (json!({}), "body.type: missing"),
        (json!({ "type": null }), "body.type: missing"),
        (json!({ "type": 7 }), "body.type: expected a string"),
        (json!("PLAIN"), "body: expected an object"),
        (
            json!({ "type": "PLAIN", "markdownText": 1 }),
            "body.markdownText: expected a string",
        ),
        (json!({ "type": "image" }), "body.attachment: missing"),
        (
            json!({ "type": "IMAGE", "attachment": [] }),
            "body.attachment: expected an object",
        ),
        (
            json!({ "type": "IMAGE", "attachment": {} }),
            "body.attachment.mediaUrl: missing",
        ),
        (
            json!({ "type": "IMAGE", "attachment": { "mediaUrl": 1 } }),
            "body.attachment.mediaUrl: expected a string",
        ),
        (
            json!({ "type": "FILE", "attachment": { "mediaUrl": "x", "size": 1.5 } }),
            "body.attachment.size: expected a whole number",
        ),
        (
            json!({ "type": "BUTTON", "buttons": {} }),
            "body.buttons: expected an array",
        ),
        (
            json!({ "type": "BUTTON", "buttons": [{}, { "title": [] }] }),
            "body.buttons[1].title: expected a string",
        ),
        (
            json!({ "type": "LOCATION", "location": { "latitude": "1" } }),
            "body.location.latitude: expected a number",
        ),
        (
            json!({ "type": "CONTACT", "contacts": [{ "name": {} }] }),
            "body.contacts[0].name.formattedName: missing",
        ),
        (
            json!({ "type": "DELIVERYNOTIFICATION", "messageId": "m", "status": "READ", "reasonCode": true }),
            "body.reasonCode: expected a string",
        ),
        (
            json!({ "type": "DELETEDNOTIFICATION", "messageId": "m", "timestamp": "soon" }),
            "body.timestamp: expected a point in time",
        ),
        (
            json!({ "type": "FORM_DATA", "sections": [{ "attributes": [{ "isRequired": "yes" }] }] }),
            "body.sections[0].attributes[0].isRequired: expected true or false",
        ),
    ] {
        assert_eq!(refusal(&body), fault, "{body}");
    }
}

#[test]
fn a_fault_in_a_header_or_event_names_its_member() {
    let faulty = json!({ "header": { "sender": { "type": "BOT" }, "stamps": [1] }, "body": { "type": "PLAIN" } });
    let fault = json::from_value::<CimMessage>(faulty).expect_err("malformed");
    assert_eq!(
        (fault.path.as_str(), fault.problem.as_str()),
        ("header.stamps[0]", "expected a string")
    );

    let no_sender = json!({ "header": {}, "body": { "type": "PLAIN" } });
    assert_eq!(
        json::from_value::<CimMessage>(no_sender)
            .expect_err("malformed")
            .to_string(),
        "header.sender: missing"
    );

    let session = json!({ "header": { "sender": {}, "channelSession": "s1" }, "body": { "type": "PLAIN" } });
    let fault = json::from_value::<CimMessage>(session)
        .expect_err("malformed")
        .to_string();
    assert_eq!(fault, "header.channelSession: expected an object");

    assert_eq!(
        json::from_value::<CimEvent>(json!({}))
            .expect_err("malformed")
            .to_string(),
        "name: missing"
    );
    let event = json!({ "name": "CUSTOMER_MESSAGE", "data": message(&json!({ "type": "URL", "mediaUrl": 1 })) });
    let fault = json::from_value::<CimEvent>(event).expect_err("malformed").to_string();
    assert_eq!(fault, "data.body.mediaUrl: expected a string");
}

#[test]
fn the_data_of_an_event_is_judged_by_its_name_and_never_by_its_shape() {
    let data = message(&json!({ "type": "PLAIN" }));
    let event = |name: &str| json::from_value::<CimEvent>(json!({ "name": name, "data": data }));
    assert!(event("AGENT_MESSAGE").expect("a message").message().is_some());
    assert!(event("SOMETHING_ELSE").expect("raw").message().is_none());
    assert_eq!(
        event("TASK_ENQUEUED").expect_err("no task").to_string(),
        "data.task: missing"
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_without_a_path() {
    for value in [json!(null), json!([]), json!("x"), json!(1)] {
        assert_eq!(
            json::from_value::<CimMessage>(value.clone())
                .expect_err("malformed")
                .to_string(),
            "expected an object"
        );
        assert!(json::from_value::<Customer>(value.clone()).is_err());
        assert!(json::from_value::<FormDefinition>(value).is_err());
    }
    let text: Result<CimMessage, _> = json::from_str(r#"{ "id": 1 }"#);
    assert_eq!(text.expect_err("malformed").to_string(), "id: expected a string");
}

#[test]
fn no_object_of_a_clients_frame_is_read_from_an_array() {
    let body = r#"{"type":"PLAIN","markdownText":"x"}"#;
    let post = |message: &str| format!(r#"{{"type":"post","conversation":"c","client_id":"p","message":{message}}}"#);
    let join = |after: &str| format!(r#"{{"type":"join","conversation":"c","after":{after}}}"#);
    let in_body = |member: &str| post(&format!(r#"{{"body":{{{member}}}}}"#));
    for (frame, fault) in [
        (r#"["hello","token",null]"#.to_owned(), "expected an object"),
        (post(&format!("[{body},{{}}]")), "message: expected an object"),
        (post(r#"{"body":["PLAIN","x"]}"#), "message.body: expected an object"),
        (
            post(&format!(r#"{{"body":{body},"header":["/order",null]}}"#)),
            "message.header: expected an object",
        ),
        (join(r#"["e",1]"#), "after: expected an object"),
        (
            in_body(r#""type":"IMAGE","attachment":["image/png","https://x.example/a.png"]"#),
            "message.body.attachment: expected an object",
        ),
        (
            in_body(r#""type":"LOCATION","location":[1,2]"#),
            "message.body.location: expected an object",
        ),
        (
            in_body(r#""type":"CONTACT","contacts":[["x"]]"#),
            "message.body.contacts[0]: expected an object",
        ),
        (
            in_body(r#""type":"BUTTON","buttons":[["t","p"]]"#),
            "message.body.buttons[0]: expected an object",
        ),
        (
            r#"{"type":"start","client_id":"s","data":["x"]}"#.to_owned(),
            "data: expected an object",
        ),
    ] {
        let error = ClientFrame::from_json(&frame).expect_err(&frame);
        assert_eq!(
            (error.code, error.detail.as_str()),
            (RefusalCode::Malformed, fault),
            "{frame}"
        );
    }
    for sound in [
        post(&format!(r#"{{"body":{body},"header":null}}"#)),
        join("null"),
        join(r#"{"epoch":"e","seq":1}"#),
    ] {
        assert!(ClientFrame::from_json(&sound).is_ok(), "{sound}");
    }
}

#[test]
fn rules_for_new_messages_name_the_member_that_breaks_them() {
    let rule = |body: Value| {
        let body = json::from_value::<MessageBody>(body).expect("readable");
        body.validate().map_err(|fault| fault.to_string())
    };
    let blank = |member: &str| Err(format!("{member}: must not be blank"));
    assert_eq!(rule(json!({ "type": "PLAIN", "markdownText": "" })), Ok(()));
    assert_eq!(
        rule(json!({ "type": "VIDEO", "attachment": { "mediaUrl": " " } })),
        blank("body.attachment.mediaUrl")
    );
    assert_eq!(rule(json!({ "type": "URL", "mediaUrl": "" })), blank("body.mediaUrl"));
    assert_eq!(
        rule(json!({ "type": "LOCATION", "location": { "latitude": 1 } })),
        Err("body.location.longitude: missing".to_owned())
    );
    assert_eq!(
        rule(json!({ "type": "CONTACT", "contacts": [{ "name": { "formattedName": "" } }] })),
        blank("body.contacts[0].name.formattedName")
    );
    let button = json!({ "title": "t", "payload": "p", "type": "b" });
    assert_eq!(
        rule(json!({ "type": "BUTTON", "buttons": [button, { "title": "t" }] })),
        blank("body.buttons[1].payload")
    );
    assert_eq!(
        rule(json!({ "type": "CAROUSEL", "elements": [{ "buttons": [{ "title": "t", "payload": "p" }] }] })),
        blank("body.elements[0].buttons[0].type")
    );
    assert_eq!(
        rule(json!({ "type": "TEMPLATE", "namespace": "n" })),
        blank("body.name")
    );
    assert_eq!(
        rule(json!({ "type": "COMMENT", "postId": "p" })),
        Err("body.itemType: missing".to_owned())
    );
    assert_eq!(rule(json!({ "type": "anything" })), Ok(()));
}

#[test]
fn senders_and_addresses_of_new_messages_are_not_blank() {
    let rule = |header: Value| {
        let message = json!({ "header": header, "body": { "type": "PLAIN" } });
        let message = json::from_value::<CimMessage>(message).expect("readable");
        message.validate().map_err(|fault| fault.path)
    };
    assert_eq!(
        rule(json!({ "sender": { "id": " ", "type": "APP" } })),
        Err("header.sender.id".to_owned())
    );
    assert_eq!(
        rule(json!({ "sender": { "id": "a" } })),
        Err("header.sender.type".to_owned())
    );
    assert_eq!(
        rule(json!({ "sender": { "id": "a", "type": "x" }, "channelData": { "channelCustomerIdentifier": "1" } })),
        Err("header.channelData.serviceIdentifier".to_owned())
    );
    assert_eq!(rule(json!({ "sender": { "id": "a", "type": "x" } })), Ok(()));
}

#[test]
fn a_body_nests_no_deeper_than_every_reader_can_follow() {
    let nested = |levels: usize| {
        let value = (1..levels).fold(json!({}), |inner, _| json!([inner]));
        json::from_value::<MessageBody>(json!({ "type": "CUSTOM", "jsonNode": value })).expect("readable")
    };
    assert_eq!(nested(MAX_BODY_DEPTH - 1).validate(), Ok(()));
    let fault = nested(MAX_BODY_DEPTH).validate().expect_err("too deep").to_string();
    assert_eq!(fault, "body: nests too deep");
}
