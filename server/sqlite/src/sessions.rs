//! The channel sessions of conversations, one row for each version.

use crate::encoding::checksum;
use crate::fault::Fault;
use portico_core::store::{SessionVersion, StoreError};
use portico_shared::ids::{ConversationId, Seq};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

const INSERT: &str = "insert into sessions (conversation, revision, session, checksum) values (?1, ?2, ?3, ?4)";

/// Writes a version of the session of conversation `id`, which `number` stands for.
pub(super) fn add(
    connection: &Connection,
    id: &ConversationId,
    number: i64,
    version: &SessionVersion,
) -> Result<(), Fault> {
    let checksum = checksum(id, Seq::START, Some(version.revision()), version.json());
    connection
        .prepare_cached(INSERT)?
        .execute(params![number, version.revision(), version.json(), checksum])?;
    Ok(())
}

/// Reads versions of one conversation's session, each once.
pub(super) struct Versions<'c> {
    connection: &'c Connection,
    conversation: &'c ConversationId,
    number: i64,
    known: Vec<Arc<SessionVersion>>,
}

const SELECT: &str = "select session, checksum from sessions where conversation = ?1 and revision = ?2";

impl<'c> Versions<'c> {
    /// Those of the conversation that `number` stands for.
    pub(super) fn of(connection: &'c Connection, conversation: &'c ConversationId, number: i64) -> Self {
        Self {
            connection,
            conversation,
            number,
            known: Vec::new(),
        }
    }

    /// A version.
    pub(super) fn get(&mut self, revision: u32) -> Result<Arc<SessionVersion>, Fault> {
        if let Some(known) = self.known.iter().find(|version| version.revision() == revision) {
            return Ok(Arc::clone(known));
        }
        let version = Arc::new(self.read(revision)?);
        self.known.push(Arc::clone(&version));
        Ok(version)
    }

    fn read(&self, revision: u32) -> Result<SessionVersion, Fault> {
        let damaged = |what: &str| {
            let id = self.conversation;
            StoreError::Damaged(format!("session {revision} of conversation {id}: {what}"))
        };
        let mut select = self.connection.prepare_cached(SELECT)?;
        let found = select.query_row(params![self.number, revision], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        });
        let (json, expected) = found.optional()?.ok_or_else(|| damaged("it is missing"))?;
        if checksum(self.conversation, Seq::START, Some(revision), &json) != expected {
            return Err(damaged("its checksum differs").into());
        }
        Ok(SessionVersion::read(revision, json).map_err(|error| damaged(&error.to_string()))?)
    }
}
