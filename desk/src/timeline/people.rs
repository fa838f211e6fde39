//! Who did something, as an agent thinks of them.

use super::Viewer;
use portico_shared::cim::{CimEvent, Sender, SenderType, well_known};

/// Whose voice it is, which decides the side and the surface of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// The outside party.
    Customer,
    /// The agent at this desk.
    Own,
    /// Another agent.
    Colleague,
    /// A program that answers.
    Bot,
    /// The platform, an app, a phone menu.
    System,
}

/// Somebody who did something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Who {
    /// Opaque; colours follow from it.
    pub(crate) id: String,
    /// Whose voice it is.
    pub(crate) voice: Voice,
    /// What people call it.
    pub(crate) name: String,
}

impl Who {
    /// The agent at this desk.
    pub(crate) fn me(viewer: &Viewer) -> Self {
        let (id, name) = viewer
            .me
            .as_ref()
            .map(|me| (me.id.clone(), me.name.clone()))
            .unwrap_or_default();
        Self {
            id,
            voice: Voice::Own,
            name,
        }
    }

    /// The emitter of an event.
    pub(crate) fn of(event: &CimEvent, mine: bool, viewer: &Viewer) -> Self {
        let sender = &event.event_emitter;
        let is_me = mine || viewer.me.as_ref().is_some_and(|me| me.id == sender.id);
        match &sender.kind {
            SenderType::Customer | SenderType::Connector | SenderType::WebChannel => Self {
                id: viewer.picture.clone(),
                voice: Voice::Customer,
                name: viewer.customer.clone(),
            },
            SenderType::Agent if is_me => Self::me(viewer),
            SenderType::Agent => Self {
                id: sender.id.clone(),
                voice: Voice::Colleague,
                name: name_of(sender),
            },
            SenderType::Bot if sender.id != well_known::CONVERSATION_MONITOR_ID => Self {
                id: sender.id.clone(),
                voice: Voice::Bot,
                name: name_of(sender),
            },
            SenderType::Bot | SenderType::App | SenderType::System | SenderType::Ivr | SenderType::Other(_) => Self {
                id: sender.id.clone(),
                voice: Voice::System,
                name: name_of(sender),
            },
        }
    }

    /// The kind that pictures are chosen by.
    pub(crate) const fn picture(&self) -> &'static str {
        match self.voice {
            Voice::Customer => "CUSTOMER",
            Voice::Own | Voice::Colleague => "AGENT",
            Voice::Bot => "BOT",
            Voice::System => "SYSTEM",
        }
    }
}

/// First and last name where the detail has them, otherwise the sender's own name.
fn name_of(sender: &Sender) -> String {
    let detail = |key: &str| sender.additional_detail.as_ref()?.get(key)?.as_str().map(str::trim);
    let full = [detail("firstName"), detail("lastName")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    if full.trim().is_empty() {
        sender.sender_name.clone()
    } else {
        full
    }
}
