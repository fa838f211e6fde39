//! A customer's channel session as a conversation and its events share it.

use portico_shared::cim::{ChannelSession, DecodeError};
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
        // What is no JSON at all reads as null, which is no session either.
        let value = serde_json::from_str(&json).unwrap_or(Value::Null);
        Ok(Self {
            revision,
            session: ChannelSession::decode(value)?,
            json,
        })
    }

    fn new(revision: u32, session: ChannelSession) -> Self {
        let json = Value::Object(session.encode()).to_string();
        Self {
            revision,
            session,
            json,
        }
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
