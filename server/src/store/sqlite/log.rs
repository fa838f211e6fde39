//! The logs: appending to them, reading ranges of them, and finding what a client id became.

use crate::store::sqlite::changes;
use crate::store::sqlite::conversations::{self, Place, Projection};
use crate::store::sqlite::fault::{Fault, decode, shallow};
use crate::store::sqlite::sessions::Versions;
use crate::store::{Author, Change, Commit, Committed, NewEvent, Posted, StoreError, StoredEvent, StoredPage};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A commit with its JSON made: the callers' threads do that, so that the one writer need not.
pub(super) struct Step {
    expected_head: Seq,
    events: Vec<Entry>,
    projection: Projection,
    changes: Vec<Change>,
}

/// An event as it is written.
struct Entry {
    seq: Seq,
    new: Arc<NewEvent>,
    json: String,
    checksum: i64,
}

impl Step {
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
            .map(|(seq, new)| Entry::new(&conversation.id, Seq(seq), new));
        Ok(Self {
            expected_head,
            events: entries.collect::<Result<_, _>>()?,
            projection: Projection::new(conversation)?,
            changes,
        })
    }

    /// Writes it.
    pub(super) fn write(&self, connection: &Connection) -> Result<Committed, Fault> {
        for entry in &self.events {
            if let Some(first) = entry.repeats(connection)? {
                return Ok(Committed::Duplicate(first));
            }
        }
        let carried = self.events.iter().filter_map(|entry| entry.new.session.as_deref());
        let number = self.projection.write(connection, self.expected_head, carried)?;
        for entry in &self.events {
            entry.write(connection, number)?;
        }
        changes::write(connection, &self.changes)?;
        Ok(Committed::New)
    }
}

const INSERT_EVENT: &str = "
    insert into events (conversation, seq, message, timestamp, author, client_id, revision, event, checksum)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

impl Entry {
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

    fn write(&self, connection: &Connection, conversation: i64) -> Result<(), Fault> {
        let NewEvent {
            event,
            author,
            client_id,
            ..
        } = &*self.new;
        connection.prepare_cached(INSERT_EVENT)?.execute(params![
            conversation,
            position(self.seq),
            event.message().map_or(&event.id, |message| &message.id),
            event.timestamp.ms(),
            author.0,
            client_id.as_ref().map(ClientId::as_str),
            revision(&self.new),
            self.json,
            self.checksum,
        ])?;
        Ok(())
    }
}

fn revision(new: &NewEvent) -> Option<u32> {
    new.session.as_ref().map(|session| session.revision())
}

const SELECT_POSTED: &str = "
    select conversations.id, events.seq, events.message, events.timestamp
    from events join conversations on conversations.number = events.conversation
    where events.client_id = ?1 and events.author = ?2";

/// The first result of a client id.
pub(super) fn posted(connection: &Connection, author: &Author, client_id: &ClientId) -> Result<Option<Posted>, Fault> {
    let mut select = connection.prepare_cached(SELECT_POSTED)?;
    let found = select.query_row([client_id.as_str(), &author.0], |row| {
        Ok(Posted {
            conversation: ConversationId::new(row.get::<_, String>(0)?),
            seq: Seq(row.get(1)?),
            message_id: MessageId::new(row.get::<_, String>(2)?),
            timestamp: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

const SELECT_AFTER: &str = "
    select seq, author, client_id, event, checksum, revision from events
    where conversation = ?1 and seq > ?2 order by seq limit ?3";
const SELECT_BEFORE: &str = "
    select seq, author, client_id, event, checksum, revision from events
    where conversation = ?1 and seq < ?2 order by seq desc limit ?3";

/// A range of a log, every position of it or an error.
pub(super) fn page(
    connection: &Connection,
    conversation: &ConversationId,
    range: Range,
    limit: u32,
) -> Result<StoredPage, Fault> {
    let Some(Place { number, head, .. }) = conversations::place(connection, conversation)? else {
        return Ok(StoredPage {
            events: Vec::new(),
            head: Seq::START,
        });
    };
    let (statement, bound) = match range {
        Range::After(seq) => (SELECT_AFTER, seq),
        Range::Before(seq) => (SELECT_BEFORE, seq),
    };
    let mut select = connection.prepare_cached(statement)?;
    let mut rows = select.query(params![number, position(bound), limit])?;
    let mut sessions = Versions::of(connection, conversation, number);
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(stored(conversation, row, &mut sessions)?);
    }
    let expected = match range {
        Range::After(Seq(after)) => after.saturating_add(1)..=head.0.min(after.saturating_add(limit.into())),
        Range::Before(Seq(before)) => {
            events.reverse();
            let last = head.0.min(before.saturating_sub(1));
            last.saturating_sub(limit.into()) + 1..=last
        }
    };
    if !events.iter().map(|event| event.seq.0).eq(expected) {
        return Err(StoreError::Damaged(format!("conversation {conversation} lacks events")).into());
    }
    Ok(StoredPage { events, head })
}

fn stored(conversation: &ConversationId, row: &Row<'_>, sessions: &mut Versions<'_>) -> Result<StoredEvent, Fault> {
    let seq = Seq(row.get(0)?);
    let name = || format!("event {seq} of conversation {conversation}");
    let text = row.get_ref(3)?.as_str().map_err(|_| StoreError::Damaged(name()))?;
    let revision = row.get(5)?;
    if checksum(conversation, seq, revision, text) != row.get::<_, i64>(4)? {
        return Err(StoreError::Damaged(format!("{}: its checksum differs", name())).into());
    }
    Ok(StoredEvent {
        seq,
        event: decode(text, name)?,
        session: revision.map(|revision| sessions.get(revision)).transpose()?,
        author: Author(row.get(1)?),
        client_id: row.get::<_, Option<String>>(2)?.map(ClientId::new),
    })
}

const SELECT_POSITION: &str = "
    select events.seq from events join conversations on conversations.number = events.conversation
    where events.message = ?1 and conversations.id = ?2 order by events.seq limit 1";

/// The position of a message.
pub(super) fn position_of(
    connection: &Connection,
    conversation: &ConversationId,
    message: &MessageId,
) -> Result<Option<Seq>, Fault> {
    let mut select = connection.prepare_cached(SELECT_POSITION)?;
    let found = select.query_row([message.as_str(), conversation.as_str()], |row| row.get(0).map(Seq));
    Ok(found.optional()?)
}

/// A position as SQLite counts; positions from outside may be beyond what it can, where no event is either.
pub(super) fn position(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// Tells an event from a damaged one and from one of another place or with another session. A session is checked like
/// an event at the start of the log.
pub(super) fn checksum(conversation: &ConversationId, seq: Seq, revision: Option<u32>, json: &str) -> i64 {
    let digest = Sha256::new()
        .chain_update(conversation.as_str())
        .chain_update([0])
        .chain_update(seq.0.to_le_bytes())
        .chain_update(revision.unwrap_or(0).to_le_bytes())
        .chain_update(json)
        .finalize();
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | i64::from(*byte))
}
