//! People and messages of the tests.

use portico_core::conversation::Refusal;
use portico_core::identity::{BotPrincipal, CustomerPrincipal, Principal, Roles, StaffPrincipal};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, Draft, Post, RefusalCode, Start};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, ParticipantId};
use serde_json::Map;
use std::collections::BTreeMap;

pub(super) fn customer(id: &str, channel: &str) -> CustomerPrincipal {
    CustomerPrincipal {
        id: CustomerId::new(id),
        channel: channel.to_owned(),
        identifier: format!("visitor-{id}"),
        name: "Visitor".to_owned(),
        verified: false,
        consent: None,
    }
}

pub(super) fn staff(id: &str, role: &str) -> StaffPrincipal {
    StaffPrincipal {
        id: ParticipantId::new(id),
        username: format!("{id}.user"),
        first_name: id.to_uppercase(),
        last_name: "Lastname".to_owned(),
        roles: vec![role.to_owned()],
        permissions: Roles::new(&BTreeMap::new()).permissions(&[role.to_owned()]),
        queues: Vec::new(),
        max_tasks: 3,
    }
}

pub(super) fn bot(id: &str) -> Principal {
    Principal::Bot(BotPrincipal {
        id: ParticipantId::new(id),
        name: id.to_owned(),
    })
}

pub(super) fn id(text: &str) -> ClientId {
    ClientId::new(text)
}

pub(super) fn start(client_id: &str) -> Start {
    Start {
        client_id: id(client_id),
        data: Map::new(),
        form: None,
    }
}

pub(super) fn post(conversation: &ConversationId, client_id: &str, text: &str) -> Post {
    post_of(conversation, client_id, Draft::new(MessageBody::plain(text)))
}

pub(super) fn post_of(conversation: &ConversationId, client_id: &str, message: Draft) -> Post {
    Post {
        conversation: conversation.clone(),
        client_id: id(client_id),
        message: message.into(),
        audience: Audience::Everyone,
    }
}

pub(super) fn whisper(conversation: &ConversationId, client_id: &str, text: &str) -> Post {
    Post {
        audience: Audience::Agents,
        ..post(conversation, client_id, text)
    }
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> RefusalCode {
    result.expect_err("a refusal").code
}

/// A summary of the relay's as its reader gets it.
pub(crate) fn as_read(summary: &impl serde::Serialize) -> portico_shared::frame::Summary {
    let written = serde_json::to_value(summary).expect("a summary is JSON");
    serde_json::from_value(written).expect("what is written is readable")
}
