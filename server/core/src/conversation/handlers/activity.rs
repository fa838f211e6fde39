//! A third-party program reports something: a recording's link, an IVR's trail, a survey's score.

use super::body::{self, Writer};
use super::{bounds, post, shown};
use crate::clock::Clock;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, activity_id};
use crate::identity::{AppPrincipal, Principal};
use portico_shared::cim::{
    CimEvent, CimMessage, Customer, EventData, EventName, Intent, MessageBody, MessageHeader, Timestamp,
};
use portico_shared::ids::{ClientId, MessageId};
use portico_shared::visibility::{self, Viewer};

/// Appends an activity, which is checked already, to a conversation, live or over.
pub(super) async fn activity<'a>(
    services: &'a Services,
    state: &State,
    who: &AppPrincipal,
    message: &CimMessage,
) -> Result<Option<Transaction<'a>>, Refusal> {
    if !who.may_act_on(&state.record.channel) {
        return Err(Refusal::not_found());
    }
    check_original(services, state, message).await?;
    let mut transaction = Transaction::new(services, state);
    let principal = Principal::App(who.clone());
    let conversation = event_factory::header(event_factory::sender(&principal), state, transaction.now);
    let header = said(message, conversation);
    let emitter = Emitter::principal(&principal, state, Some(activity_id::client_id(&message.id)));
    let name = event_name(message);
    let stamped = event_factory::message_with(services.clock.uuid(), header, message.body.clone());
    transaction.append(emitter, name, EventData::Message(Box::new(stamped)));
    Ok(Some(transaction))
}

/// What is addressed to the customer names no message that the customer may not see.
async fn check_original(services: &Services, state: &State, message: &CimMessage) -> Result<(), Refusal> {
    let Some(original) = message.header.original_message_id.as_deref() else {
        return Ok(());
    };
    if !visibility::is_addressed(message) {
        return Ok(());
    }
    let id = MessageId::parse(original).ok_or_else(post::no_such_message)?;
    post::original_message(services, state, [Some(Viewer::Customer), None], &id)
        .await
        .map(drop)
}

/// Whether a program may report this.
pub(in crate::conversation) fn check_activity(message: &CimMessage) -> Result<(), Refusal> {
    let sender = message.header.sender.validate();
    sender.map_err(|error| Refusal::invalid(error.to_string()))?;
    body::check_body(Writer::App, &message.body)?;
    shown::check(&message.body, message.text().as_deref())?;
    if let Some(intent) = &message.header.intent {
        body::check_reference(Writer::App, intent, message.header.original_message_id.is_some())?;
    }
    if message.id.is_empty() {
        return Err(Refusal::invalid("id: missing"));
    }
    bounds::check_part("id", Some(&message.id))?;
    bounds::check_header(&message.header)
}

/// An activity of a customer that belongs to no conversation, and its idempotency key.
pub(in crate::conversation) fn stand_alone(
    clock: &dyn Clock,
    who: &AppPrincipal,
    customer: &Customer,
    message: &CimMessage,
) -> (CimEvent, ClientId) {
    let now = Timestamp::from_ms(clock.now_ms());
    let sender = event_factory::sender(&Principal::App(who.clone()));
    let header = said(
        message,
        MessageHeader {
            timestamp: Some(now),
            customer: Some(customer.clone()),
            channel_data: message.header.channel_data.clone(),
            ..MessageHeader::new(sender.clone())
        },
    );
    let name = event_name(message);
    let event = CimEvent {
        id: clock.uuid(),
        kind: name.usual_kind(),
        name,
        timestamp: now,
        event_emitter: sender,
        data: EventData::Message(Box::new(event_factory::message_with(
            clock.uuid(),
            header,
            message.body.clone(),
        ))),
        ..CimEvent::default()
    };
    (event, activity_id::client_id(&message.id))
}

/// What an activity becomes.
fn event_name(message: &CimMessage) -> EventName {
    let of_ivr = message.header.intent == Some(Intent::IvrAggregatedActivity);
    if of_ivr || matches!(message.body, MessageBody::IvrAggregated(_)) {
        EventName::IvrAggregatedActivity
    } else {
        EventName::ThirdPartyActivity
    }
}

/// What a program may say about its message; who it is, where and when is stamped.
fn said(message: &CimMessage, stamped: MessageHeader) -> MessageHeader {
    let header = &message.header;
    MessageHeader {
        intent: header.intent.clone(),
        entities: header.entities.clone(),
        original_message_id: header.original_message_id.clone(),
        provider_message_id: header.provider_message_id.clone().or_else(|| Some(message.id.clone())),
        additional_data: header.additional_data.clone(),
        scheduling_meta_data: header.scheduling_meta_data.clone(),
        language: header.language.clone(),
        stamps: header.stamps.clone(),
        ..stamped
    }
}
