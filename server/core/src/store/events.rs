//! Events on their way into a log, what became of them, and how they stand in it.

use super::SessionVersion;
use portico_shared::cim::{CimEvent, Intent, MessageBody};
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use std::sync::Arc;

/// An event on its way into a log.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The event without its channel session and what follows from that; see [`StoredEvent::whole`].
    pub event: CimEvent,
    /// The channel session that the event carries. A commit's sessions are those of its conversation.
    pub session: Option<Arc<SessionVersion>>,
    /// In whose name it was made; client ids are unique per author.
    pub author: Author,
    /// The author's idempotency key.
    pub client_id: Option<ClientId>,
}

/// The identity that a client id is scoped to: `customer:<id>`, `agent:<id>`, `bot:<id>`, `app:<id>`, `system`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Author(pub String);

/// Where a client id landed.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// The conversation.
    pub conversation: ConversationId,
    /// The position.
    pub seq: Seq,
    /// The message's id, or the event's when it is no message.
    pub message_id: MessageId,
    /// The event's time in epoch milliseconds.
    pub timestamp: i64,
}

/// An event as it stands in a log.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Its position.
    pub seq: Seq,
    /// The event without its channel session and what follows from that.
    pub event: CimEvent,
    /// The channel session that the event carries.
    pub session: Option<Arc<SessionVersion>>,
    /// In whose name it was made.
    pub author: Author,
    /// The author's idempotency key.
    pub client_id: Option<ClientId>,
}

impl NewEvent {
    /// The same as it stands in its log.
    pub fn stored(self: Arc<Self>, seq: Seq) -> StoredEvent {
        let Self {
            event,
            session,
            author,
            client_id,
        } = Arc::unwrap_or_clone(self);
        StoredEvent {
            seq,
            event,
            session,
            author,
            client_id,
        }
    }
}

impl StoredEvent {
    /// The id of the message whose words these are from now on, if this edits one.
    pub fn edited(&self) -> Option<&str> {
        let header = &self.event.message()?.header;
        let is_edit = header.intent == Some(Intent::Update);
        header.original_message_id.as_deref().filter(|_| is_edit)
    }

    /// The id of the message that this takes back, if it does.
    pub fn deleted(&self) -> Option<&str> {
        match &self.event.message()?.body {
            MessageBody::DeletedNotification(body) => Some(&body.message_id),
            _ => None,
        }
    }

    /// The complete event: with its channel session, and with what CIM repeats of that in the event and its headers.
    pub fn whole(&self) -> CimEvent {
        let mut event = self.event.clone();
        if let Some(session) = &self.session {
            session.complete(&mut event);
        }
        event
    }
}

/// A range of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPage {
    /// The events, oldest first.
    pub events: Vec<StoredEvent>,
    /// The log's last position at the time of reading.
    pub head: Seq,
}
