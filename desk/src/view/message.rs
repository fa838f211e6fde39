//! One message: whose it is, what it says, and how far it has come. Whispers stand on a surface of their own.

use super::body;
use super::parts::{clock, unseen};
use crate::i18n;
use crate::store::Desk;
use crate::timeline::{Message, Voice};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::{Content, SendState};
use portico_shared::cim::MessageBody;
use portico_shared::ids::{ClientId, ConversationId, MessageId};
use portico_ui::avatar::avatar;
use portico_ui::icon::{ALERT, CHECK, CHECK_CHECK, CLOCK, LOCK, icon};

/// A message that the customer sees, or wrote.
pub(crate) fn view(desk: Desk, conversation: &ConversationId, message: &Message) -> AnyView {
    let picture = message.first.then(|| {
        html::span()
            .class("message__avatar")
            .child(avatar(&message.who.id, message.who.picture(), &message.who.name))
    });
    let bubble = html::div().class(bubble_class(message)).child((
        message.quote.clone().map(|quote| {
            html::blockquote()
                .class("message__quote")
                .attr("dir", "auto")
                .child(quote)
        }),
        body::view(desk, message),
        message
            .row
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
pub(crate) fn whisper(desk: Desk, message: &Message) -> AnyView {
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

fn class(message: &Message) -> String {
    let voice = match message.who.voice {
        Voice::Customer => "message--start",
        Voice::Own => "message--end message--own",
        Voice::Colleague => "message--end message--colleague",
        Voice::Bot | Voice::System => "message--end message--bot",
    };
    let first = if message.first { " message--first" } else { "" };
    let failed = matches!(message.row.state, Some(SendState::Failed { .. }));
    format!("message {voice}{first}{}", if failed { " message--failed" } else { "" })
}

/// Text stands in a bubble; pictures and cards bring a surface of their own.
fn bubble_class(message: &Message) -> &'static str {
    match message.body() {
        _ if message.row.deleted => "bubble bubble--deleted",
        None
        | Some(MessageBody::Plain(_) | MessageBody::Button(_) | MessageBody::Url(_) | MessageBody::Other { .. }) => {
            "bubble"
        }
        Some(_) => "bubble bubble--plain",
    }
}

fn name(message: &Message) -> String {
    match message.who.voice {
        Voice::Own => i18n::YOU.to_owned(),
        Voice::Customer | Voice::Colleague | Voice::Bot | Voice::System => message.who.name.clone(),
    }
}

fn head(message: &Message) -> AnyView {
    if !message.first {
        return unseen(format!("{}:", name(message)));
    }
    let role = match message.who.voice {
        Voice::Bot => Some(i18n::ASSISTANT),
        Voice::Colleague => Some(i18n::COLLEAGUE),
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
fn edit_button(desk: Desk, conversation: &ConversationId, message: &Message) -> Option<AnyView> {
    let is_text = matches!(message.body(), Some(MessageBody::Plain(_))) && !message.row.deleted;
    if message.who.voice != Voice::Own || message.row.seq.is_none() || !is_text {
        return None;
    }
    let (id, text, conversation) = (message.id()?.to_owned(), message.text()?, conversation.clone());
    let press = move |_| desk.edit(&conversation, MessageId::new(id.clone()), text.clone());
    let button = html::button()
        .class("link-button")
        .attr("type", "button")
        .on(ev::click, press)
        .child(i18n::EDIT);
    Some(html::span().class("message__tools").child(button).into_any())
}

/// How far an own message is: quiet, unless it failed.
fn foot_state(desk: Desk, message: &Message) -> Option<AnyView> {
    let edit = message.row.edited.as_ref().and_then(|edited| edited.unsent.as_ref());
    let state = edit.map(|(_, state)| state).or(message.row.state.as_ref())?;
    let (picture, words, class) = match state {
        SendState::Failed { .. } => {
            let client_id = edit.map(|(id, _)| id.clone()).or_else(|| unsent_id(message))?;
            return Some(failed(desk, client_id));
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

fn unsent_id(message: &Message) -> Option<ClientId> {
    match &message.row.content {
        Content::Unsent(unsent) => Some(unsent.client_id.clone()),
        Content::Event(_) => None,
    }
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
