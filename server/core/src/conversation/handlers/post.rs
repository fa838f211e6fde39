//! Appends a message of a customer, an agent or a bot.

use super::body::{self, Writer};
use super::{attachment, bot, consent, deletion, forms, questions, recent, survey};
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Trigger;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access};
use crate::identity::Principal;
use crate::store::StoredEvent;
use portico_shared::cim::{EventData, EventName, Intent, MessageBody};
use portico_shared::frame::{Audience, Draft, Post};
use portico_shared::ids::MessageId;
use portico_shared::visibility::{self, Viewer};

pub(super) async fn post<'a>(
    services: &'a Services,
    state: &State,
    who: &Principal,
    post: &Post,
) -> Result<Option<Transaction<'a>>, Refusal> {
    access::readable(who, state)?;
    if let (Principal::Customer(customer), MessageBody::FormData(filled)) = (who, &post.message.body)
        && let Some(asked) = survey::answered_by(state, post)
    {
        body::check(Writer::of(who), &post.message)?;
        return survey::in_window(services, state, asked, filled, customer, &post.client_id).await;
    }
    let name = event_name(who, post, state)?;
    body::check(Writer::of(who), &post.message)?;
    if name == EventName::CustomerMessage {
        body::check_channel(services.config.channels.get(&state.record.channel), &post.message.body)?;
    }
    let mut original = None;
    if let Some(id) = &post.message.original_message_id {
        let reader = is_public(&name, &post.message, state).then_some(Viewer::Customer);
        let found = original_message(services, state, [Some(access::viewer(who)), reader], id).await?;
        check_edit(who, state, &name, &post.message, &found)?;
        check_original(services, state, &post.message, &found).await?;
        original = Some(found);
    }
    let attached = attachment::attach(services, state, who, &name, &post.message).await?;
    let deletion = deletion::of(services, state, who, &name, &post.message).await?;
    let draft = match (&deletion, &attached) {
        (Some((deletion, _)), _) => deletion,
        (None, Some(attached)) => &attached.draft,
        (None, None) => &post.message,
    };
    let mut transaction = Transaction::new(services, state);
    if let Principal::Customer(who) = who {
        consent::note(&mut transaction, who);
    }
    if name == EventName::CustomerMessage {
        forms::check(&post.message.body, original.as_ref())?;
        let question = original.and_then(|original| questions::answered(&post.message, &original));
        if let Some(question) = question {
            questions::check_open(&state.record, question)?;
            questions::close(&mut transaction.state.record, question);
        }
    }
    let emitter = Emitter::principal(who, state, Some(post.client_id.clone()));
    match (who, &name) {
        (Principal::Bot(_), _) => bot::say(&mut transaction, emitter, draft).await?,
        (_, name) => {
            let message = event_factory::message(services.clock.uuid(), who, draft, state, transaction.now);
            transaction.append(emitter, name.clone(), EventData::Message(Box::new(message)));
        }
    }
    if let Some((_, is_newest)) = deletion {
        deletion::note(&mut transaction, is_newest);
    }
    if let Some(attached) = &attached {
        transaction.change(attached.change.clone());
    }
    if name == EventName::CustomerMessage {
        transaction.trigger(&Trigger::CustomerWrote);
    }
    Ok(Some(transaction))
}

/// What a post becomes, or why it may not be one.
fn event_name(who: &Principal, post: &Post, state: &State) -> Result<EventName, Refusal> {
    let takes_part = access::takes_part(who, state);
    match (who, post.audience) {
        (Principal::Staff(staff), Audience::Agents) if takes_part || staff.supervises() => match &post.message.body {
            MessageBody::WrapUp(_) => Err(Refusal::invalid("body.type: a wrap-up is no whisper")),
            _ => Ok(EventName::WhisperMessage),
        },
        (_, Audience::Agents) => Err(Refusal::forbidden("only contact-centre users whisper")),
        (Principal::Staff(_), Audience::Everyone) if !takes_part => Err(Refusal::forbidden(
            "only an agent who takes part writes to the customer",
        )),
        (Principal::Staff(_), Audience::Everyone) if matches!(post.message.body, MessageBody::WrapUp(_)) => {
            Ok(EventName::WrapupApplied)
        }
        (Principal::App(_), Audience::Everyone) => Err(Refusal::forbidden("programs report activities")),
        (_, Audience::Everyone) if state.is_ended() => Err(Refusal::ended()),
        (Principal::Staff(_), Audience::Everyone) => Ok(EventName::AgentMessage),
        (Principal::Customer(_), Audience::Everyone) => Ok(EventName::CustomerMessage),
        (Principal::Bot(_), Audience::Everyone) => Ok(EventName::BotMessage),
    }
}

/// Whether a post is for the customer, too.
fn is_public(name: &EventName, draft: &Draft, state: &State) -> bool {
    match name {
        EventName::CustomerMessage | EventName::AgentMessage => true,
        EventName::BotMessage => !matches!(draft.body, MessageBody::Action(_)) && !bot::is_assistant(state),
        _ => false,
    }
}

/// The message that is answered, quoted or edited: one of this conversation that the writer and all readers may see. Even
/// the id of another would say that there is one.
pub(super) async fn original_message(
    services: &Services,
    state: &State,
    viewers: [Option<Viewer>; 2],
    id: &MessageId,
) -> Result<StoredEvent, Refusal> {
    let found = recent::by_message(services, state, id).await?;
    let sees = |viewer: Viewer, stored: &StoredEvent| visibility::is_visible(viewer, &stored.event);
    let seen = found.filter(|stored| viewers.into_iter().flatten().all(|viewer| sees(viewer, stored)));
    seen.ok_or_else(no_such_message)
}

/// The message that is named is not there, or not for all readers.
pub(super) fn no_such_message() -> Refusal {
    Refusal::invalid("header.originalMessageId: no such message in this conversation")
}

/// A message that is taken back gets no other words.
async fn check_original(
    services: &Services,
    state: &State,
    draft: &Draft,
    original: &StoredEvent,
) -> Result<(), Refusal> {
    let id = draft.original_message_id.as_ref().filter(|_| is_edit(draft));
    match id {
        Some(id) if recent::is_taken_back(services, state, original.seq, id.as_str()).await? => Err(no_such_message()),
        _ => Ok(()),
    }
}

/// Whether the words of a draft stand for those of another message.
fn is_edit(draft: &Draft) -> bool {
    draft.intent.as_deref().map(Intent::parse) == Some(Intent::Update)
}

/// Only the words of one's own chat messages can be replaced, only by words, and only for all whom they reached: an edit that
/// colleagues alone see would show them other words than the customer has.
fn check_edit(
    who: &Principal,
    state: &State,
    name: &EventName,
    draft: &Draft,
    original: &StoredEvent,
) -> Result<(), Refusal> {
    if !is_edit(draft) {
        return Ok(());
    }
    let words = |body: &MessageBody| matches!(body, MessageBody::Plain(_));
    let was_words = original
        .event
        .message()
        .is_some_and(|message| words(&message.body) && message.header.intent != Some(Intent::Update));
    let is_chat = matches!(original.event.name, EventName::AgentMessage | EventName::BotMessage);
    let own = original.author.0 == who.key() && is_chat;
    if matches!(who, Principal::Bot(_)) && bot::is_assistant(state) {
        return Err(Refusal::forbidden("an assistant writes nothing to the customer"));
    }
    if !own {
        return Err(Refusal::forbidden("only one's own message can be edited"));
    }
    if *name != original.event.name {
        return Err(Refusal::invalid(
            "audience: an edit is for those whom the message reached",
        ));
    }
    if words(&draft.body) && was_words {
        Ok(())
    } else {
        Err(Refusal::invalid("only a text can be edited, by a text"))
    }
}
