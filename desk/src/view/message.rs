//! One message: whose it is, what it says, and how far it has come. Whispers stand on a surface of their own.

use super::body;
use super::components::{clock, unseen};
use crate::i18n;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::SendState;
use portico_client::timeline::{Author, TimelineMessage, Voice};
use portico_shared::cim::MessageBody;
use portico_shared::ids::{ClientId, ConversationId, MessageId};
use portico_ui::avatar::avatar;
use portico_ui::icon::{ALERT, CHECK, CHECK_CHECK, CLOCK, LOCK, icon};

/// A message that the customer sees, or wrote.
pub(crate) fn view(desk: Desk, conversation: &ConversationId, message: &TimelineMessage) -> AnyView {
    let picture = message
        .first
        .then(|| html::span().class("message__avatar").child(picture(&message.author)));
    let bubble = html::div().class(bubble_class(message)).child((
        message.quote.clone().map(|quote| {
            html::blockquote()
                .class("message__quote")
                .attr("dir", "auto")
                .child(quote)
        }),
        body::view(desk, message),
        message
            .edited
            .is_some()
            .then(|| html::span().class("message__edited").child(i18n::EDITED)),
    ));
    let line = html::div()
        .class("message__line")
        .child((bubble, edit_button(desk, conversation, message)));
    html::article()
        .class(class(message))
        .child((
            picture,
            html::div()
                .class("message__main")
                .child((head(message), line, foot_state(desk, message))),
        ))
        .into_any()
}

/// A message among agents.
pub(crate) fn whisper(desk: Desk, message: &TimelineMessage) -> AnyView {
    html::article()
        .class("whisper")
        .child((
            html::p().class("whisper__head").child((
                icon(LOCK),
                html::span().child(i18n::WHISPER),
                html::span()
                    .class("whisper__sender")
                    .child(html::span().attr("dir", "auto").child(name(message))),
                html::span().class("whisper__note").child(i18n::WHISPER_WHO),
                clock(message.at_ms),
            )),
            html::div().class("whisper__text").child(body::view(desk, message)),
            foot_state(desk, message),
        ))
        .into_any()
}

/// The author's picture; those of the platform, apps and phone menus are alike.
fn picture(author: &Author) -> AnyView {
    let kind = match author.voice {
        Voice::Customer => "CUSTOMER",
        Voice::Own | Voice::Agent => "AGENT",
        Voice::Bot => "BOT",
        Voice::System => "SYSTEM",
    };
    avatar(&author.id, kind, &author.name).into_any()
}

fn class(message: &TimelineMessage) -> String {
    let voice = match message.author.voice {
        Voice::Customer => "message--start",
        Voice::Own => "message--end message--own",
        Voice::Agent => "message--end message--colleague",
        Voice::Bot | Voice::System => "message--end message--bot",
    };
    let first = if message.first { " message--first" } else { "" };
    format!(
        "message {voice}{first}{}",
        if message.is_failed() { " message--failed" } else { "" }
    )
}

/// Text stands in a bubble; pictures and cards bring a surface of their own.
fn bubble_class(message: &TimelineMessage) -> &'static str {
    match message.body() {
        _ if message.deleted => "bubble bubble--deleted",
        None
        | Some(MessageBody::Plain(_) | MessageBody::Button(_) | MessageBody::Url(_) | MessageBody::Other { .. }) => {
            "bubble"
        }
        Some(_) => "bubble bubble--plain",
    }
}

fn name(message: &TimelineMessage) -> String {
    match message.author.voice {
        Voice::Own => i18n::YOU.to_owned(),
        Voice::Customer | Voice::Agent | Voice::Bot | Voice::System => message.author.name.clone(),
    }
}

fn head(message: &TimelineMessage) -> AnyView {
    if !message.first {
        return unseen(format!("{}:", name(message)));
    }
    let role = match message.author.voice {
        Voice::Bot => Some(i18n::ASSISTANT),
        Voice::Agent => Some(i18n::COLLEAGUE),
        Voice::Customer | Voice::Own | Voice::System => None,
    };
    html::p()
        .class("message__head")
        .child((
            html::span()
                .class("message__sender")
                .attr("dir", "auto")
                .child(name(message)),
            role.map(|role| html::span().class("message__role").child(role)),
            html::span().class("message__time").child(clock(message.at_ms)),
        ))
        .into_any()
}

/// Own texts can be changed once they are stored.
fn edit_button(desk: Desk, conversation: &ConversationId, message: &TimelineMessage) -> Option<AnyView> {
    let is_text = matches!(message.body(), Some(MessageBody::Plain(_))) && !message.deleted;
    if message.author.voice != Voice::Own || message.seq.is_none() || !is_text {
        return None;
    }
    let (id, text, conversation) = (message.message_id()?.to_owned(), message.text()?, conversation.clone());
    let press = move |_| desk.edit(&conversation, MessageId::new(id.clone()), text.clone());
    let button = html::button()
        .class("link-button")
        .attr("type", "button")
        .on(ev::click, press)
        .child(i18n::EDIT);
    Some(html::span().class("message__tools").child(button).into_any())
}

/// How far an own message is: quiet, unless it failed.
fn foot_state(desk: Desk, message: &TimelineMessage) -> Option<AnyView> {
    let edit = message.edited.as_ref().and_then(|edited| edited.unsent.as_ref());
    let state = edit.map(|(_, state)| state).or(message.state.as_ref())?;
    let (picture, words, class) = match state {
        SendState::Failed { .. } => {
            return Some(failed(desk, message.unsent()?.clone()));
        }
        SendState::Queued => (CLOCK, i18n::SENT_QUEUED, "message__foot"),
        SendState::Sending => (CLOCK, i18n::SENT_SENDING, "message__foot"),
        SendState::Stored | SendState::Delivered | SendState::Read if !message.last || message.whisper => return None,
        SendState::Stored => (CHECK, i18n::SENT_STORED, "message__foot"),
        SendState::Delivered => (CHECK_CHECK, i18n::SENT_DELIVERED, "message__foot"),
        SendState::Read => (CHECK_CHECK, i18n::SENT_READ, "message__foot message__foot--read"),
    };
    Some(
        html::div()
            .class(class)
            .child((icon(picture), html::span().child(words)))
            .into_any(),
    )
}

fn failed(desk: Desk, client_id: ClientId) -> AnyView {
    let again = client_id.clone();
    html::div()
        .class("message__failed")
        .attr("role", "alert")
        .child((
            icon(ALERT),
            html::span().child(i18n::SENT_FAILED),
            html::button()
                .class("link-button")
                .attr("type", "button")
                .on(ev::click, move |_| desk.retry(again.clone()))
                .child(i18n::RETRY),
            html::button()
                .class("link-button")
                .attr("type", "button")
                .on(ev::click, move |_| desk.delete(client_id.clone()))
                .child(i18n::DELETE),
        ))
        .into_any()
}
