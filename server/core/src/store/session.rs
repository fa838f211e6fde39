//! A customer's channel session as a conversation and its events share it.

use portico_shared::cim::{ChannelSession, CimEvent, DecodeError, EventData, MessageHeader};
use serde_json::Value;
use std::ops::Deref;

/// One version of a conversation's channel session, together with its JSON.
///
/// Every event of a conversation repeats the session, which is larger than all the rest of most events and changes once
/// or twice in the life of a conversation. So it is written down once for each version, and events name the version.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SessionVersion {
    revision: u32,
    session: ChannelSession,
    json: String,
}

impl SessionVersion {
    /// The session that a conversation begins with.
    pub fn first(session: ChannelSession) -> Self {
        Self::new(1, session)
    }

    /// What becomes of this version.
    #[must_use]
    pub fn next(&self, session: ChannelSession) -> Self {
        Self::new(self.revision + 1, session)
    }

    /// Reads a version from its JSON.
    pub fn read(revision: u32, json: String) -> Result<Self, DecodeError> {
        Ok(Self {
            revision,
            session: portico_shared::json::from_str(&json)?,
            json,
        })
    }

    fn new(revision: u32, session: ChannelSession) -> Self {
        let json = Value::Object(portico_shared::json::to_map(&session)).to_string();
        Self {
            revision,
            session,
            json,
        }
    }

    /// Puts what an event left to its session in its place: the session itself, its room, and the customer and the channel
    /// in the headers of messages.
    pub(super) fn complete(&self, event: &mut CimEvent) {
        match &mut event.data {
            EventData::Message(message) => self.complete_header(&mut message.header),
            EventData::Action(action) => self.complete_header(&mut action.header),
            EventData::Suggestion(suggestion) => self.complete_header(&mut suggestion.header),
            _ => {}
        }
        event.room_info = event.room_info.take().or_else(|| self.room_info.clone());
        event.channel_session = Some(Box::new(self.session.clone()));
    }

    fn complete_header(&self, header: &mut MessageHeader) {
        header.customer = header.customer.take().or_else(|| self.customer.clone());
        header.channel_data = header.channel_data.take().or_else(|| self.channel_data.clone());
    }

    /// Which version of its conversation's session it is, counted from 1.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Its CIM JSON.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl Deref for SessionVersion {
    type Target = ChannelSession;

    fn deref(&self) -> &ChannelSession {
        &self.session
    }
}
