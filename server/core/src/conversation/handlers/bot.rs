//! A bot speaks, whether it answered a delivery or wrote over its socket: to the customer while it is PRIMARY, to the
//! agents as a suggestion while it is ASSISTANT, to the policy with an action.

use super::body::{self, Writer};
use super::{bounds, recent};
use crate::bot::{BotMessage, BotMode, BotReply};
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::{BotAction, BotRole, Trigger};
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services};
use crate::identity::bot_key;
use crate::store::{Author, Change, ParticipantRecord};
use crate::telemetry::quoted;
use portico_shared::cim::body::ActionBody;
use portico_shared::cim::{
    ActionMessage, EventData, EventName, Intent, MessageBody, MessageHeader, Suggestion, SuggestionMessage,
};
use portico_shared::frame::Draft;
use portico_shared::ids::{ClientId, ParticipantId};
use serde_json::{Number, Value};

/// Appends what a bot answered to a delivery and settles that delivery. An answer that comes when the chat is over, or
/// from a bot that takes no part any more, is only settled. Messages that cannot be read or break a rule are left out, and the
/// delivery becomes a dead letter that says why; if none is left, what answers in the bot's place is brought in. When the bot is asked once
/// more for a dead letter, what of its answer was said before is left out as well.
pub(super) async fn reply<'a>(
    services: &'a Services,
    state: &State,
    reply: &BotReply,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let mut transaction = Transaction::new(services, state);
    let mut faults = Vec::new();
    for (index, message) in reply.messages.iter().enumerate() {
        let Some(seat) = transaction
            .state
            .bot()
            .filter(|bot| bot.id == reply.bot && !transaction.state.is_ended())
            .cloned()
        else {
            break;
        };
        let client_id = ClientId::new(format!("delivery:{}:{index}", reply.delivery));
        let author = Author(bot_key(&seat.id));
        if services.store.posted(&author, &client_id).await?.is_some() {
            continue;
        }
        match sendable(&transaction.state, message) {
            Ok(message) => answer(&mut transaction, &seat, client_id, message).await?,
            Err(fault) => {
                tracing::error!(
                    bot.id = %reply.bot, conversation.id = %reply.conversation, delivery.id = reply.delivery, refusal = quoted(&fault),
                    "a bot's message cannot be sent and is left out; the delivery is a dead letter"
                );
                faults.push(format!("message {}: {fault}", index + 1));
            }
        }
    }
    if faults.is_empty() {
        transaction.change(Change::Settle(reply.delivery));
        return Ok(Some(transaction));
    }
    if faults.len() == reply.messages.len() {
        give_up(&mut transaction);
    }
    transaction.bury(reply.delivery, faults.join("; "));
    Ok(Some(transaction))
}

/// A delivery failed for good: the row becomes a dead letter, and an agent answers the customer.
pub(super) fn failed<'a>(
    services: &'a Services,
    state: &State,
    bot: &ParticipantId,
    delivery: i64,
    error: &str,
) -> Option<Transaction<'a>> {
    let mut transaction = Transaction::new(services, state);
    transaction.change(Change::Dead {
        id: delivery,
        error: error.to_owned(),
    });
    if !state.is_ended() && state.bot().is_some_and(|seat| seat.id == *bot) {
        give_up(&mut transaction);
    }
    Some(transaction)
}

/// The bot that takes part cannot answer: what answers in its place is brought in.
pub(super) fn give_up(transaction: &mut Transaction<'_>) {
    let Some(bot) = transaction.state.bot() else { return };
    let data = EventData::Raw(Value::from(bot.id.as_str()));
    transaction.append(Emitter::monitor(), EventName::BotNotAvailable, data);
    transaction.trigger(&Trigger::BotFailed);
}

/// A message of an answer if it can be sent, or why it cannot.
fn sendable<'a>(state: &State, message: &'a Result<BotMessage, String>) -> Result<&'a BotMessage, String> {
    let message = message.as_ref().map_err(Clone::clone)?;
    match check_answer(state, message) {
        Ok(()) => Ok(message),
        Err(refusal) => Err(refusal.to_string()),
    }
}

/// Whether a message of an answer can be sent as the conversation stands.
fn check_answer(state: &State, message: &BotMessage) -> Result<(), Refusal> {
    body::check_body(Writer::Bot, &message.body)?;
    if matches!(message.body, MessageBody::DeletedNotification(_)) {
        // An answer is not told what its messages are called.
        return Err(Refusal::invalid("body.type: a message is deleted over a socket"));
    }
    bounds::check_part("intent", message.intent.as_ref().map(|intent| &intent.name))?;
    check_action_data(state, &message.body)
}

/// Whether there is room for the conversation data that an action adds.
fn check_action_data(state: &State, body: &MessageBody) -> Result<(), Refusal> {
    match body {
        MessageBody::Action(action) => match wanted(action) {
            BotAction::UpdateData(data) => bounds::check_conversation_data(&state.record, &data),
            BotAction::FindAgent(_) | BotAction::EndConversation | BotAction::Unknown => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Appends what a bot wrote over its socket.
pub(super) async fn say(transaction: &mut Transaction<'_>, emitter: Emitter, draft: &Draft) -> Result<(), Refusal> {
    check_action_data(&transaction.state, &draft.body)?;
    let header = MessageHeader {
        intent: draft.intent.as_deref().map(Intent::parse),
        entities: draft.entities.clone(),
        original_message_id: draft.original_message_id.as_ref().map(ToString::to_string),
        additional_data: draft.additional_data.clone(),
        language: draft.language.clone().unwrap_or_default(),
        ..event_factory::header(emitter.sender.clone(), &transaction.state, transaction.now)
    };
    match &draft.body {
        MessageBody::Action(action) => act(transaction, emitter, header, action),
        // What it said while it talked to the customer can be taken back by an assistant, too.
        MessageBody::DeletedNotification(_) => speak(transaction, emitter, header, draft.body.clone()),
        _ if is_assistant(&transaction.state) => {
            suggest(transaction, emitter, header, draft.body.clone(), None).await?
        }
        _ => speak(transaction, emitter, header, draft.body.clone()),
    }
    Ok(())
}

async fn answer(
    transaction: &mut Transaction<'_>,
    seat: &ParticipantRecord,
    client_id: ClientId,
    message: &BotMessage,
) -> Result<(), Refusal> {
    let emitter = Emitter::bot(seat, Some(client_id));
    let header = event_factory::header(emitter.sender.clone(), &transaction.state, transaction.now);
    match (&message.body, message.mode) {
        (MessageBody::Action(action), _) => {
            let intent = message.intent.as_ref().map(|intent| Intent::parse(&intent.name));
            act(transaction, emitter, MessageHeader { intent, ..header }, action);
        }
        (_, BotMode::Message) if !is_assistant(&transaction.state) => {
            speak(transaction, emitter, header, message.body.clone())
        }
        (_, BotMode::Message | BotMode::Suggestion | BotMode::Action) => {
            let confidence = message.intent.as_ref().map(|intent| intent.confidence);
            suggest(transaction, emitter, header, message.body.clone(), confidence).await?;
        }
    }
    Ok(())
}

fn speak(transaction: &mut Transaction<'_>, emitter: Emitter, header: MessageHeader, body: MessageBody) {
    let message = event_factory::message_with(transaction.services.clock.uuid(), header, body);
    transaction.append(emitter, EventName::BotMessage, EventData::Message(Box::new(message)));
}

async fn suggest(
    transaction: &mut Transaction<'_>,
    emitter: Emitter,
    header: MessageHeader,
    body: MessageBody,
    confidence: Option<f64>,
) -> Result<(), Refusal> {
    let requested = recent::customer_message(&*transaction.services.store, &transaction.state).await?;
    let suggestion = Suggestion {
        message_body: body,
        confidence_level: Number::from_f64(confidence.unwrap_or(0.0)),
        ..Suggestion::default()
    };
    let message = SuggestionMessage {
        id: transaction.services.clock.uuid(),
        header,
        suggestions: vec![suggestion],
        requested_message: requested.map(Box::new),
        ..SuggestionMessage::default()
    };
    transaction.append(
        emitter,
        EventName::BotSuggestion,
        EventData::Suggestion(Box::new(message)),
    );
    Ok(())
}

fn act(transaction: &mut Transaction<'_>, emitter: Emitter, header: MessageHeader, action: &ActionBody) {
    let message = ActionMessage {
        id: transaction.services.clock.uuid(),
        header,
        name: action.name.clone().unwrap_or_default(),
        data: action.data.clone(),
        ..ActionMessage::default()
    };
    transaction.append(emitter, EventName::ActionMessage, EventData::Action(Box::new(message)));
    transaction.trigger(&Trigger::BotAsked(wanted(action)));
}

fn wanted(action: &ActionBody) -> BotAction {
    BotAction::read(action.name.as_deref().unwrap_or_default(), action.data.as_ref())
}

pub(super) fn is_assistant(state: &State) -> bool {
    state
        .snapshot(None)
        .bot
        .is_some_and(|bot| bot.role == BotRole::Assistant)
}
