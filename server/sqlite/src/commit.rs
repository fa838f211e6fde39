//! One commit of a conversation: its events, its projection and all other changes, in one transaction.

use crate::changes;
use crate::conversations::Projection;
use crate::encoding::{checksum, position};
use crate::fault::{Fault, shallow};
use crate::log::posted;
use portico_core::store::{Change, Commit, NewEvent, Posted};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// A commit with its JSON made: the callers' threads do that, so that the one writer need not.
pub(super) struct PreparedCommit {
    expected_head: Seq,
    events: Vec<LogRow>,
    projection: Projection,
    changes: Vec<Change>,
}

/// An event as it is written.
struct LogRow {
    seq: Seq,
    new: Arc<NewEvent>,
    json: String,
    checksum: i64,
}

impl PreparedCommit {
    /// Prepares a commit, refusing one whose head does not follow from its events.
    pub(super) fn new(commit: Commit) -> Result<Self, Fault> {
        let Commit {
            expected_head,
            events,
            conversation,
            changes,
        } = commit;
        if conversation.head.0 != expected_head.0 + events.len() as u64 {
            return Err(Fault::misuse("a commit's head is not its expected head and its events"));
        }
        let first = expected_head.0 + 1;
        let entries = (first..)
            .zip(events)
            .map(|(seq, new)| LogRow::new(&conversation.id, Seq(seq), new));
        Ok(Self {
            expected_head,
            events: entries.collect::<Result<_, _>>()?,
            projection: Projection::new(conversation)?,
            changes,
        })
    }

    /// Writes it.
    pub(super) fn write(&self, connection: &Connection) -> Result<Option<Posted>, Fault> {
        for entry in &self.events {
            if let Some(first) = entry.repeats(connection)? {
                return Ok(Some(first));
            }
        }
        let stored = self.projection.stored_head(connection, self.expected_head)?;
        let carried = self.events.iter().filter_map(|entry| entry.new.session.as_deref());
        let number = self.projection.write(connection, stored.as_ref(), carried)?;
        let mut last = stored.and_then(|stored| stored.last_event);
        for entry in &self.events {
            last = Some(entry.write(connection, number, last)?);
        }
        self.projection.write_head(connection, number, last)?;
        changes::write(connection, &self.changes)?;
        Ok(None)
    }
}

const INSERT_EVENT: &str = "
    insert into events (conversation, seq, previous, message, timestamp, author, client_id, revision, event, checksum)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

impl LogRow {
    fn new(conversation: &ConversationId, seq: Seq, new: Arc<NewEvent>) -> Result<Self, Fault> {
        let json = shallow(new.event.to_json())?;
        let checksum = checksum(conversation, seq, revision(&new), &json);
        Ok(Self {
            seq,
            new,
            json,
            checksum,
        })
    }

    /// What its client id became before, if it is there already.
    fn repeats(&self, connection: &Connection) -> Result<Option<Posted>, Fault> {
        match &self.new.client_id {
            Some(client_id) => posted(connection, &self.new.author, client_id),
            None => Ok(None),
        }
    }

    /// Writes it behind the row `previous` and answers its own.
    fn write(&self, connection: &Connection, conversation: i64, previous: Option<i64>) -> Result<i64, Fault> {
        let NewEvent {
            event,
            author,
            client_id,
            ..
        } = &*self.new;
        connection.prepare_cached(INSERT_EVENT)?.execute(params![
            conversation,
            position(self.seq),
            previous,
            event.message().map_or(&event.id, |message| &message.id),
            event.timestamp.ms(),
            author.0,
            client_id.as_ref().map(ClientId::as_str),
            revision(&self.new),
            self.json,
            self.checksum,
        ])?;
        Ok(connection.last_insert_rowid())
    }
}

fn revision(new: &NewEvent) -> Option<u32> {
    new.session.as_ref().map(|session| session.revision())
}
