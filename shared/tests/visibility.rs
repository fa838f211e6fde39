//! Invariant 13: no event reaches a principal outside the visibility table.

use portico_shared::cim::body::{ActionBody, NotificationBody, UrlBody, VoiceBody, WrapUpBody};
use portico_shared::cim::{CimEvent, EventName, MessageBody};
use portico_shared::customer::CustomerEvent;
use portico_shared::visibility::{Viewer, is_visible, view};
use serde_json::{Value, json};

/// Stands wherever a customer must not look.
const SECRET: &str = "CANARY";

/// An event with a secret in every field that is not the customer's business.
fn event(name: &str, data: Value) -> CimEvent {
    let event = json!({
        "id": "ev-1", "name": name, "type": "NOTIFICATION", "timestamp": "2026-01-01T00:00:00.000+00:00",
        "conversationId": "c-1",
        "eventEmitter": {"id": "a-1", "type": "AGENT", "senderName": SECRET,
                         "additionalDetail": {"firstName": "Ann", "lastName": SECRET}},
        "channelSession": {"id": "s-1", "channel": {"id": SECRET, "name": SECRET}},
        "roomInfo": {"id": SECRET, "mode": "CONTACT_CENTER"}, "later": SECRET, "data": data,
    });
    serde_json::from_value(event).expect("a valid event")
}

fn message(body: Value, additional_data: Value) -> Value {
    json!({
        "id": "m-1",
        "header": {
            "sender": {"id": "a-1", "type": "AGENT", "senderName": SECRET,
                       "additionalDetail": {"firstName": "Ann", "lastName": SECRET}},
            "channelData": {"channelCustomerIdentifier": SECRET, "serviceIdentifier": SECRET},
            "timestamp": 1_780_000_000_000_i64, "securityInfo": {"x": SECRET}, "stamps": [SECRET], "intent": SECRET,
            "entities": {"x": SECRET}, "channelSessionId": "s-1", "conversationId": "c-1",
            "customer": {"_id": "u-1", "firstName": SECRET, "phoneNumber": [SECRET], "isAnonymous": false, "web": [SECRET]},
            "providerMessageId": SECRET, "schedulingMetaData": {"x": SECRET}, "roomId": SECRET, "later": SECRET,
            "additionalData": additional_data,
        },
        "body": body, "later": SECRET,
    })
}

fn agent(role: &str) -> Value {
    json!({
        "id": "p-1", "type": "AGENT", "role": role, "token": SECRET, "conversationId": "c-1",
        "participant": {"participantType": "CCUser", "id": "a-1", "keycloakUser": {
            "id": "a-1", "firstName": "Ann", "lastName": SECRET, "username": SECRET, "roles": [SECRET], "realm": SECRET},
            "associatedRoutingAttributes": [{"value": 1, "routingAttribute": {"name": SECRET}}]},
    })
}

fn task() -> Value {
    json!({"id": "t-1", "conversationId": "c-1", "state": {"name": "ACTIVE", "reasonCode": null},
           "assignedTo": {"id": "a-1", "name": SECRET}, "activeMedia": []})
}

fn seen(viewer: Viewer, event: &CimEvent) -> Option<String> {
    match viewer {
        Viewer::Customer => view(event).map(|view| view.to_json()),
        Viewer::Agent | Viewer::Bot => is_visible(viewer, event).then(|| event.to_json()),
    }
}

#[test]
fn a_customer_sees_messages_without_what_surrounds_them() {
    let body = json!({"type": "PLAIN", "markdownText": "hello"});
    for name in ["CUSTOMER_MESSAGE", "AGENT_MESSAGE", "BOT_MESSAGE"] {
        let seen = seen(
            Viewer::Customer,
            &event(name, message(body.clone(), json!({"x": SECRET}))),
        )
        .expect(name);
        assert!(seen.contains("hello") && seen.contains("Ann"), "{seen}");
        assert!(!seen.contains(SECRET), "{seen}");
    }
}

#[test]
fn a_customer_sees_that_an_agent_came_and_nothing_else_about_it() {
    let came = event(
        "AGENT_SUBSCRIBED",
        json!({"agentParticipant": agent("PRIMARY"), "reason": SECRET}),
    );
    let role = json!({"conversationParticipant": agent("WRAP_UP"), "metadata": {"reason": SECRET}});
    for event in [came, event("PARTICIPANT_ROLE_CHANGED", role)] {
        let seen = seen(Viewer::Customer, &event).expect("the customer is told");
        assert!(seen.contains("Ann"), "{seen}");
        assert!(!seen.contains(SECRET), "{seen}");
    }
}

#[test]
fn supervisors_and_bots_come_and_go_unseen() {
    for role in ["SILENT_MONITOR", "WHISPER", "ASSISTANT"] {
        let came = event(
            "AGENT_SUBSCRIBED",
            json!({"agentParticipant": agent(role), "reason": null}),
        );
        assert_eq!(seen(Viewer::Customer, &came), None, "{role}");
    }
    let bot =
        json!({"id": "p", "type": "BOT", "role": "PRIMARY", "participant": {"participantType": "Bot", "id": "b"}});
    let changed = event("PARTICIPANT_ROLE_CHANGED", json!({"conversationParticipant": bot}));
    assert_eq!(seen(Viewer::Customer, &changed), None);
}

#[test]
fn a_customer_is_told_that_it_waits_and_not_in_which_queue() {
    let queued = event(
        "TASK_ENQUEUED",
        json!({"task": task(), "queue": {"id": SECRET, "name": SECRET}}),
    );
    let seen = seen(Viewer::Customer, &queued).expect("the customer is told");
    assert!(!seen.contains(SECRET), "{seen}");
}

#[test]
fn a_customer_sees_why_its_session_ended_and_not_the_channel() {
    let session = json!({"id": "s-1", "channel": {"id": SECRET, "name": SECRET}, "isActive": false,
                         "state": {"name": "ENDED", "reasonCode": "AGENT"}, "latestIntent": SECRET,
                         "customerSuggestions": [SECRET], "channelData": {"serviceIdentifier": SECRET}});
    let seen = seen(Viewer::Customer, &event("CHANNEL_SESSION_ENDED", session)).expect("the customer is told");
    assert!(seen.contains("ENDED") && seen.contains("AGENT"), "{seen}");
    assert!(!seen.contains(SECRET), "{seen}");
}

#[test]
fn a_customer_sees_what_a_page_calls_itself_and_bots_do_not() {
    let data = json!({"messageId": "m-1", "url": "https://shop.example/", "title": "Shop", "description": null,
                      "later": SECRET});
    let preview = event("LINK_PREVIEW", data);
    let shown = seen(Viewer::Customer, &preview).expect("the customer is told");
    assert!(
        shown.contains(r#""data":{"messageId":"m-1","url":"https://shop.example/","title":"Shop"}"#),
        "{shown}"
    );
    assert!(!shown.contains(SECRET), "{shown}");
    let read: CustomerEvent = serde_json::from_str(&shown).expect("a customer's program reads it");
    let card = read.link_preview().and_then(|preview| preview.read().ok());
    assert_eq!(card.map(|card| card.title).as_deref(), Some("Shop"));
    assert_eq!(seen(Viewer::Bot, &preview), None);
}

#[test]
fn whispers_suggestions_actions_and_unknown_events_stay_inside() {
    let plain = json!({"type": "PLAIN", "markdownText": "between us"});
    for name in [
        "WHISPER_MESSAGE",
        "BOT_SUGGESTION",
        "ACTION_MESSAGE",
        "WRAPUP_APPLIED",
        "CALL_LEG_STARTED",
        "IVR_AGGREGATED_ACTIVITY",
        "TASK_STATE_CHANGED",
        "AGENT_RESERVED",
        "CONVERSATION_DATA_CHANGED",
        "AGENT_SLA_EXPIRED",
        "BOT_SUBSCRIBED",
        "SOMETHING_NEW",
    ] {
        let data = match name {
            "TASK_STATE_CHANGED" => json!({"task": task(), "taskStateChanged": true, "mediaStateChanges": []}),
            "AGENT_RESERVED" => json!({"task": task(), "ccUser": {"participantType": "CCUser", "id": "a-1"}}),
            "CONVERSATION_DATA_CHANGED" => json!({"note": SECRET}),
            "BOT_SUBSCRIBED" => json!({"participantType": "Bot", "id": "b"}),
            "BOT_SUGGESTION" => json!({
                "id": "s-1",
                "header": message(plain.clone(), json!({}))["header"],
                "suggestions": [{"messageBody": plain, "confidenceLevel": 1}],
            }),
            "ACTION_MESSAGE" => json!({
                "id": "x-1",
                "header": message(plain.clone(), json!({}))["header"],
                "name": "FIND_AGENT",
                "data": {"queue": SECRET},
            }),
            _ => message(plain.clone(), json!({})),
        };
        assert_eq!(seen(Viewer::Customer, &event(name, data)), None, "{name}");
    }
}

#[test]
fn an_agents_message_that_carries_a_wrap_up_stays_inside() {
    let body = json!({"type": "WRAPUP", "note": SECRET, "wrapups": []});
    assert_eq!(
        seen(Viewer::Customer, &event("AGENT_MESSAGE", message(body, json!({})))),
        None
    );
}

#[test]
fn notes_instructions_and_calls_stay_inside_and_bodies_of_unknown_types_pass() {
    let reaches = |body: MessageBody| {
        let body = serde_json::to_value(body).expect("a body");
        seen(Viewer::Customer, &event("BOT_MESSAGE", message(body, json!({})))).is_some()
    };
    let unknown = json!({"type": "SOMETHING_NEW", "x": 1});
    for public in [
        MessageBody::plain("x"),
        MessageBody::Receipt(Box::default()),
        serde_json::from_value(unknown).expect("a body"),
    ] {
        assert!(reaches(public.clone()), "{public:?}");
    }
    for internal in [
        MessageBody::WrapUp(WrapUpBody::default()),
        MessageBody::Action(ActionBody::default()),
        MessageBody::Notification(NotificationBody::default()),
        MessageBody::Voice(VoiceBody::default()),
        MessageBody::VoiceRecording(UrlBody::default()),
        MessageBody::IvrAggregated(Box::default()),
    ] {
        assert!(!reaches(internal.clone()), "{internal:?}");
    }
}

#[test]
fn an_apps_activity_reaches_the_customer_only_if_it_is_addressed_to_it() {
    let body = json!({"type": "URL", "mediaUrl": "https://survey.example.org/1"});
    let note = event("THIRD_PARTY_ACTIVITY", message(body.clone(), json!({})));
    assert_eq!(seen(Viewer::Customer, &note), None);
    let survey = event("THIRD_PARTY_ACTIVITY", message(body, json!({"audience": "CUSTOMER"})));
    assert!(seen(Viewer::Customer, &survey).is_some_and(|seen| seen.contains("survey") && !seen.contains(SECRET)));
    let recording = json!({"type": "VOICE_RECORDING", "mediaUrl": "https://rec.example.org/1"});
    let recording = event(
        "THIRD_PARTY_ACTIVITY",
        message(recording, json!({"audience": "CUSTOMER"})),
    );
    assert_eq!(seen(Viewer::Customer, &recording), None);
}

#[test]
fn a_bot_never_hears_a_whisper_or_reads_a_wrap_up() {
    let plain = json!({"type": "PLAIN", "markdownText": "between us"});
    for name in [
        "WHISPER_MESSAGE",
        "WRAPUP_APPLIED",
        "THIRD_PARTY_ACTIVITY",
        "SOMETHING_NEW",
    ] {
        assert_eq!(
            seen(Viewer::Bot, &event(name, message(plain.clone(), json!({})))),
            None,
            "{name}"
        );
    }
    assert!(seen(Viewer::Bot, &event("CUSTOMER_MESSAGE", message(plain, json!({})))).is_some());
}

#[test]
fn an_agent_sees_everything_as_it_is() {
    for name in ["WHISPER_MESSAGE", "SOMETHING_NEW"] {
        let whole = event(name, message(json!({"type": "PLAIN", "markdownText": "x"}), json!({})));
        assert!(is_visible(Viewer::Agent, &whole));
    }
    assert_eq!(EventName::parse("SOMETHING_NEW").as_str(), "SOMETHING_NEW");
}
