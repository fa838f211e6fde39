//! What services and clients have really put on the wire: every fixture is read, compared with what it means, written
//! canonically, and read again. Fixtures follow published samples; names, numbers and addresses are placeholders.

#[path = "golden/complete.rs"]
mod complete;

use insta::{assert_snapshot, with_settings};
use portico_shared::cim::agent::AgentMrdStateName;
use portico_shared::cim::body::{DeliveryStatus, NotificationType};
use portico_shared::cim::channel_data::WebChannelData;
use portico_shared::cim::event_data::{AgentChange, AgentReserved};
use portico_shared::cim::form::Answer;
use portico_shared::cim::participant::{App, ParticipantRole};
use portico_shared::cim::{
    AgentPresence, CimEvent, CimMessage, Customer, DecodeError, EventData, EventName, FormDefinition, Intent,
    MessageBody, Participant, SenderType, Timestamp, well_known,
};
use portico_shared::json;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixture(name: &str) -> Value {
    let text = std::fs::read_to_string(fixtures().join(name).with_extension("json")).expect("the fixture exists");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

fn event(name: &str) -> CimEvent {
    json::from_value::<CimEvent>(fixture(name)).expect("the fixture is an event")
}

fn message(name: &str) -> CimMessage {
    json::from_value::<CimMessage>(fixture(name)).expect("the fixture is a message")
}

fn carried(name: &str) -> CimMessage {
    event(name).message().expect("the event carries a message").clone()
}

/// A fixture as it is written.
struct Written {
    name: String,
    json: Value,
    /// As `{:?}` prints what was read.
    shown: String,
}

/// Reads and writes twice.
fn written<T: PartialEq + std::fmt::Debug>(
    name: &str,
    fixture: Value,
    decode: fn(Value) -> Result<T, DecodeError>,
    encode: fn(&T) -> Map<String, Value>,
) -> Written {
    let first = decode(fixture).unwrap_or_else(|error| panic!("{name}: {error}"));
    let json = Value::Object(encode(&first));
    let second = decode(json.clone()).unwrap_or_else(|error| panic!("{name}, written: {error}"));
    assert_eq!(first, second, "{name} changes when it is written and read");
    assert_eq!(
        json,
        Value::Object(encode(&second)),
        "{name} is written differently the second time"
    );
    let (name, shown) = (name.to_owned(), format!("{first:?}"));
    Written { name, json, shown }
}

/// A log: an array of events.
fn written_log(name: &str, fixture: Value) -> Written {
    let Value::Array(events) = fixture else {
        panic!("{name} is a log")
    };
    let of_event = |event| written(name, event, json::from_value::<CimEvent>, json::to_map::<CimEvent>);
    let events: Vec<Written> = events.into_iter().map(of_event).collect();
    let shown: Vec<&str> = events.iter().map(|event| event.shown.as_str()).collect();
    Written {
        name: name.to_owned(),
        shown: format!("[{}]", shown.join(", ")),
        json: events.into_iter().map(|event| event.json).collect(),
    }
}

/// Every fixture, by the first word of its name.
fn all_written() -> Vec<Written> {
    let mut names: Vec<String> = std::fs::read_dir(fixtures())
        .expect("there are fixtures")
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    let of = |name: &String| {
        let json = fixture(name);
        match name.split('-').next() {
            Some("event") => written(name, json, json::from_value::<CimEvent>, json::to_map::<CimEvent>),
            Some("message") => written(name, json, json::from_value::<CimMessage>, json::to_map::<CimMessage>),
            Some("form") => written(
                name,
                json,
                json::from_value::<FormDefinition>,
                json::to_map::<FormDefinition>,
            ),
            Some("web") => written(
                name,
                json,
                json::from_value::<WebChannelData>,
                json::to_map::<WebChannelData>,
            ),
            Some("customer") => written(name, json, json::from_value::<Customer>, json::to_map::<Customer>),
            Some("presence") => written(
                name,
                json,
                json::from_value::<AgentPresence>,
                json::to_map::<AgentPresence>,
            ),
            Some("app") => written(name, json, json::from_value::<App>, json::to_map::<App>),
            Some("recorded") => written_log(name, json),
            _ => panic!("no test reads the fixture {name}"),
        }
    };
    names.iter().map(of).collect()
}

#[test]
fn every_fixture_is_written_canonically() {
    for Written { name, json, .. } in all_written() {
        // As text: insta would show serde_json's own form of numbers.
        let text = serde_json::to_string_pretty(&json).expect("a value is JSON");
        with_settings!({ omit_expression => true }, { assert_snapshot!(name, text) });
    }
}

#[test]
fn a_welcome_with_null_language_and_stamps_is_written_with_empty_ones() {
    let welcome = event("event-welcome");
    let header = json::to_map(&welcome.message().expect("a message"))["header"].clone();
    assert_eq!(welcome.event_emitter.id, well_known::CONVERSATION_MONITOR_ID);
    assert_eq!(
        (&header["language"], &header["stamps"], &header["roomId"]),
        (&json!({}), &json!([]), &Value::Null)
    );
}

#[test]
fn an_agents_receipt_without_timestamp_and_with_a_numeric_code_is_read() {
    let receipt = carried("event-agent-receipt");
    let MessageBody::DeliveryNotification(body) = &receipt.body else {
        panic!("a receipt")
    };
    assert_eq!(
        (&body.status, body.reason_code.as_deref()),
        (&DeliveryStatus::Read, Some("200"))
    );
    assert_eq!(receipt.header.timestamp, None);
    assert_eq!(receipt.header.original_message_id, None);
}

#[test]
fn receipts_with_a_text_code_and_with_a_number_mean_the_same() {
    let stored = carried("event-customer-receipt").body;
    let sent = message("message-browser-receipt").body;
    assert_eq!(stored, sent);
}

#[test]
fn an_agent_joins_an_event_without_a_session() {
    let event = event("event-agent-subscribed");
    assert_eq!(event.channel_session, None);
    assert_eq!(json::to_map(&event)["channelSession"], Value::Null);
    let EventData::AgentChange(change) = &event.data else {
        panic!("an agent")
    };
    let AgentChange {
        agent_participant,
        reason,
        ..
    } = change.as_ref();
    assert_eq!((&agent_participant.role, reason), (&ParticipantRole::Primary, &None));
    let Participant::CcUser(user) = &agent_participant.participant else {
        panic!("a user")
    };
    let keycloak = user.keycloak_user.as_ref().expect("known to the identity provider");
    assert!(
        keycloak.may("agent-conversation-control", "view_history_active_customer"),
        "its scope ends in a space"
    );
    assert!(!keycloak.may("customer", "view_history"));
}

#[test]
fn a_stopped_limit_carries_the_whole_conversation() {
    let EventData::Conversation(conversation) = event("event-agent-sla-stopped").data else {
        panic!("a conversation")
    };
    let kinds: Vec<_> = conversation
        .participants
        .iter()
        .map(|participant| participant.kind.as_str())
        .collect();
    assert_eq!(kinds, ["AGENT", "CUSTOMER", "MONITOR"]);
    assert!(matches!(
        conversation.participants[1].participant,
        Participant::ChannelSession(_)
    ));
    let started = conversation.agent_sla.and_then(|sla| sla.start_time);
    assert_eq!(started.as_deref(), Some("2024-01-26 12:59:44.163"));
}

#[test]
fn the_order_of_a_log_is_not_the_order_of_its_times() {
    let Value::Array(log) = fixture("recorded-order") else {
        panic!("a log")
    };
    let events: Vec<CimEvent> = log
        .into_iter()
        .map(|entry| json::from_value::<CimEvent>(entry).expect("an event"))
        .collect();
    assert!(events[1].timestamp > events[2].timestamp);
    assert_eq!(
        events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
        ["a0f8", "a1f8", "a2f8"]
    );
}

#[test]
fn ids_of_every_service_are_kept_letter_for_letter() {
    let event = event("event-customer-message");
    assert_eq!(event.id, "65a92386b78fb640edaf18af");
    assert_eq!(
        event.message().map(|message| message.id.as_str()),
        Some("1ac57790-b603-11ee-927d-85b1cd89bf0f")
    );
}

#[test]
fn a_button_is_answered_by_its_payload_and_the_menus_id() {
    let answer = message("message-button-answer");
    assert_eq!(answer.header.intent, Some(Intent::Other("buttonSeven".to_owned())));
    assert_eq!(
        answer.header.original_message_id.as_deref(),
        Some("65a9238686a9694319a09243")
    );
    assert_eq!(answer.text().as_deref(), Some("Talk to a human agent"));
}

#[test]
fn parameters_of_a_button_are_an_object_however_they_came() {
    let MessageBody::Button(menu) = message("message-button-menu").body else {
        panic!("buttons")
    };
    let parameters: Vec<_> = menu
        .buttons
        .iter()
        .map(|button| {
            button
                .additional_button_details
                .as_ref()
                .and_then(|details| details.get("parameters"))
        })
        .collect();
    assert_eq!(
        parameters,
        [
            None,
            Some(&json!({ "queue": "sales", "vip": true })),
            Some(&json!("not json"))
        ]
    );
}

#[test]
fn a_whisper_with_a_numeric_time_is_left_in_base64_and_read_out_of_it() {
    let whisper = event("event-whisper");
    assert_eq!(whisper.timestamp, Timestamp::from_ms(1_765_881_831_351));
    assert_eq!(json::to_map(&whisper)["timestamp"], "2025-12-16T10:43:51.351+00:00");
    let message = whisper.message().expect("a message");
    assert_eq!(message.body.markdown_text(), Some("aGVsbG8="));
    assert_eq!(message.text().as_deref(), Some("hello"));
    assert!(
        !message.header.extra.contains_key("channelSession"),
        "the session is known by its id"
    );
}

#[test]
fn a_call_keeps_its_dialog() {
    let before = fixture("event-call-leg-ended");
    let after = json::to_map(&event("event-call-leg-ended"));
    assert_eq!(before["data"]["body"]["dialog"], after["data"]["body"]["dialog"]);
}

#[test]
fn an_unknown_body_passes_through_unchanged() {
    let before = fixture("message-unknown-type");
    let unknown = message("message-unknown-type");
    assert_eq!(unknown.body.type_name(), "loyaltyCard");
    assert_eq!(Value::Object(json::to_map(&unknown))["body"], before["body"]);
}

#[test]
fn an_unknown_event_passes_through_unchanged_whatever_its_data_looks_like() {
    let before = fixture("event-unknown-name");
    let unknown = event("event-unknown-name");
    assert_eq!(unknown.name, EventName::Other("loyalty_points_granted".to_owned()));
    assert_eq!(unknown.message(), None);
    let after = json::to_map(&unknown);
    assert_eq!(
        (&after["name"], &after["data"], &after["shard"]),
        (&before["name"], &before["data"], &json!(7))
    );
}

#[test]
fn a_whole_ivr_visit_keeps_its_attributes_and_the_kinds_of_its_times() {
    let body = json::to_map(&message("message-ivr"))["body"].clone();
    assert_eq!(body["activities"][0]["timestamp"], "1680692114700");
    assert_eq!(body["startTime"], 1_680_692_114_700_i64);
    assert_eq!(
        (&body["additionalAttr1"], &body["additionalAttr2"]),
        (&json!({}), &json!({}))
    );
}

#[test]
fn a_session_says_twice_that_it_is_active() {
    let data = json::to_map(&event("event-channel-session-started"))["data"].clone();
    assert_eq!((&data["isActive"], &data["active"]), (&json!(true), &json!(true)));
    assert_eq!(data["participantType"], "ChannelSession");
    let EventData::ChannelSession(session) = event("event-channel-session-started").data else {
        panic!("a session")
    };
    let limit = session
        .channel
        .and_then(|channel| channel.channel_config)
        .and_then(|config| config.routing_policy);
    assert_eq!(limit.and_then(|policy| policy.agent_request_ttl), Some(2400));
}

#[test]
fn a_web_forms_random_id_is_text() {
    let data = carried("event-customer-message")
        .header
        .channel_data
        .expect("a channel");
    let form = data.web().and_then(|web| web.form_data).expect("a form");
    assert_eq!(form.id.as_deref(), Some("0.5814729317850813"));
    assert_eq!(form.attributes.len(), 3);
}

#[test]
fn an_old_desks_header_is_read_as_todays() {
    let old = message("message-old-desk");
    let sender = &old.header.sender;
    assert_eq!(
        (sender.id.as_str(), &sender.kind),
        ("0f5dbd2a-7d3c-4c2b-9f0e-3c8a4a1b2c3d", &SenderType::Agent)
    );
    assert_eq!(sender.sender_name, "ann");
    assert_eq!(sender.extra, Map::new());
    assert_eq!(
        old.header.channel_session_id.as_deref(),
        Some("65a92383b78fb640edaf17bc")
    );
    assert_eq!(old.header.conversation_id.as_deref(), Some("65a923832d53786eb16039f0"));
}

#[test]
fn a_customer_keeps_identities_and_attributes() {
    let customer = json::from_value::<Customer>(fixture("customer")).expect("a customer");
    assert_eq!(customer.identities("web").collect::<Vec<_>>(), ["451372", "451373"]);
    assert_eq!(customer.identities("whatsapp").count(), 0);
    assert_eq!(customer.extra["tier"], 3);
}

#[test]
fn names_in_lower_case_are_written_in_their_own() {
    let odd = message("message-lower-case");
    assert_eq!(odd.header.sender.kind, SenderType::Connector);
    assert_eq!(odd.header.timestamp, Some(Timestamp::from_ms(1_705_583_494_537)));
    let MessageBody::Notification(body) = &odd.body else {
        panic!("a notice")
    };
    assert_eq!(body.notification_type, Some(NotificationType::TaskStateChanged));
    assert_eq!(json::to_map(&odd)["body"]["notificationType"], "TASK_STATE_CHANGED");
    assert_eq!(message("message-structured").body.type_name(), "StructuredMessage");
    assert_eq!(message("message-carousel").body.type_name(), "CAROUSEL");
}

#[test]
fn an_empty_timestamp_is_none_and_an_iso_one_a_moment() {
    assert_eq!(message("message-empty-timestamp").header.timestamp, None);
    let notice = message("message-iso-timestamp");
    assert_eq!(notice.header.timestamp, Some(Timestamp::from_ms(1_705_583_494_537)));
    assert_eq!(notice.header.sender.kind, SenderType::System);
    assert_eq!(
        notice.header.original_message_id.as_deref(),
        Some("1ac57790-b603-11ee-927d-85b1cd89bf0f")
    );
    assert!(
        !json::to_map(&notice)["header"]
            .as_object()
            .expect("a header")
            .contains_key("replyToMessageId")
    );
}

#[test]
fn answers_are_text_choices_or_choices_under_a_heading() {
    let MessageBody::FormData(form) = message("message-form-prechat").body else {
        panic!("a form")
    };
    let answers: Vec<_> = form.sections[0]
        .attributes
        .iter()
        .filter_map(|attribute| attribute.answer.as_ref())
        .collect();
    assert_eq!(answers[0], &[Answer::Text("Ann".to_owned())]);
    assert!(matches!(
        answers[1].as_slice(),
        [Answer::Option(_), Answer::Category(_), Answer::Other(_)]
    ));
}

#[test]
fn both_generations_of_forms_say_what_to_ask_and_what_to_choose_from() {
    let old = json::from_value::<FormDefinition>(fixture("form-old")).expect("a form");
    let new = json::from_value::<FormDefinition>(fixture("form-new")).expect("a form");
    let keys: Vec<_> = old
        .questions()
        .chain(new.questions())
        .filter_map(|ask| ask.key.as_deref())
        .collect();
    assert_eq!(keys, ["phone", "topic", "stars"]);
    let choices: Vec<_> = old
        .questions()
        .chain(new.questions())
        .flat_map(|ask| ask.choices())
        .map(|choice| (choice.category.expect("a heading"), choice.label, choice.value))
        .collect();
    let expected = [
        ("Sales", "New plan", json!("New plan")),
        ("Sales", "Upgrade", json!("Upgrade")),
        ("Scale", "Bad", json!(1)),
        ("Scale", "Good", json!(5)),
    ];
    assert_eq!(
        choices,
        expected.map(|(heading, label, value)| (heading.to_owned(), label.to_owned(), value))
    );
}

#[test]
fn an_offer_names_the_task_and_the_agent() {
    let EventData::AgentReserved(offer) = event("event-agent-reserved").data else {
        panic!("an offer")
    };
    let AgentReserved { task, cc_user, .. } = *offer;
    let agent = task.and_then(|task| task.assigned_to).map(|agent| agent.id);
    assert_eq!(agent, cc_user.map(|user| user.id));
}

#[test]
fn an_agent_who_is_leaving_takes_no_work() {
    let presence = json::from_value::<AgentPresence>(fixture("presence")).expect("a presence");
    assert_eq!(presence.agent_mrd_states[0].state, AgentMrdStateName::PendingNotReady);
    assert!(!presence.agent_mrd_states[0].state.takes_work());
}
