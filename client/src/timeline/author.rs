//! Authors of messages and events.

use crate::plain_name;
use portico_shared::cim::{Sender, SenderType, well_known};

/// The author of a message or an event, as the reader of a timeline knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Opaque; the colour of the picture follows from it.
    pub id: String,
    /// What kind of actor it is.
    pub kind: SenderType,
    /// Whose voice it is, which decides the side and the surface of a message.
    pub voice: Voice,
    /// What people call it. Empty if the contact centre shows no name.
    pub name: String,
}

/// Whose voice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The reader's.
    Own,
    /// The customer's.
    Customer,
    /// An agent's.
    Agent,
    /// That of a program that answers.
    Bot,
    /// That of the platform, an app, or a phone menu.
    System,
}

impl Author {
    /// The sender of an event or a message, if that is not the reader.
    pub(super) fn of(sender: &Sender) -> Self {
        Self {
            id: sender.id.clone(),
            kind: sender.kind.clone(),
            voice: Voice::of(sender),
            name: plain_name(&sender.sender_name),
        }
    }

    /// The reader, who needs no name.
    pub(super) fn own(kind: SenderType) -> Self {
        Self {
            id: String::new(),
            kind,
            voice: Voice::Own,
            name: String::new(),
        }
    }
}

impl Voice {
    fn of(sender: &Sender) -> Self {
        match &sender.kind {
            SenderType::Customer | SenderType::Connector | SenderType::WebChannel => Self::Customer,
            SenderType::Agent => Self::Agent,
            SenderType::Bot if sender.id != well_known::CONVERSATION_MONITOR_ID => Self::Bot,
            SenderType::Bot | SenderType::App | SenderType::System | SenderType::Ivr | SenderType::Other(_) => {
                Self::System
            }
        }
    }
}
