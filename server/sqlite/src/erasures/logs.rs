//! Writes over what was said in a conversation.

use super::{count, mark_of};
use crate::conversations::stored_head;
use crate::encoding::checksum;
use crate::fault::Fault;
use portico_core::store::ErasedConversation;
use portico_shared::cim::{CimEvent, EventData, Sender, SenderType};
use portico_shared::ids::Seq;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Map, Value};

/// The member of an event that was erased.
const ERASED: &str = "erased";

const SELECT_EVENT: &str = "select id, seq, previous, author, event from events where id = ?1 and conversation = ?2";
/// Reads all logs of the store, which only a damaged one is worth.
const SELECT_EVENTS: &str = "select id, seq, previous, author, event from events where conversation = ?1";
const UPDATE_EVENT: &str = "
    update events set author = ?2, client_id = null, revision = null, event = ?3, checksum = ?4 where id = ?1";
const DELETE_SESSIONS: &str = "
    delete from sessions where conversation = ?1
    and revision <> (select revision from conversations where number = ?1)";
const DELETE_DELIVERIES: &str = "delete from deliveries where conversation = ?1";
const DELETE_TIMERS: &str = "delete from timers where conversation = ?1";
/// Those that are deleted and not removed yet among them.
const ERASE_FILES: &str = "
    update files set state = 'deleted', name = '', owner = ?3, expires_at = min(coalesce(expires_at, ?2), ?2)
    where conversation = ?1 and owner <> ?3";
const COUNT: &str = "
    update erased_customers set conversations = conversations + 1, events = events + ?2, files = files + ?3
    where customer = ?1 and requested_by is not null";

/// Erases what was said in a conversation.
pub(crate) fn conversation(connection: &Connection, erased: &ErasedConversation) -> Result<(), Fault> {
    let id = erased.conversation.as_str();
    let Some(stored) = stored_head(connection, &erased.conversation)? else {
        return Err(Fault::misuse("a conversation that is erased is there"));
    };
    let (mut next, mut events) = (stored.last_event, 0_u64);
    let mut at = stored.head;
    while let Some(row) = next {
        let Some(event) = chained(connection, row, stored.number)? else {
            break;
        };
        next = event.previous;
        at = event.seq;
        events += u64::from(at != erased.notice);
        event.erase(connection, erased)?;
    }
    if at.0 > 1 {
        // The chain is broken: what is before the break is found by looking at everything.
        events = all_events(connection, stored.number, erased)?;
    }
    connection.prepare_cached(DELETE_SESSIONS)?.execute([stored.number])?;
    connection.prepare_cached(DELETE_DELIVERIES)?.execute([id])?;
    connection.prepare_cached(DELETE_TIMERS)?.execute([id])?;
    let owner = mark_of(&erased.erasure);
    let files = connection
        .prepare_cached(ERASE_FILES)?
        .execute(params![id, erased.at, owner])?;
    let row = params![erased.erasure.as_str(), count(events), count(files as u64)];
    connection.prepare_cached(COUNT)?.execute(row)?;
    Ok(())
}

/// An event as it stands in its row.
struct EventRow {
    id: i64,
    seq: Seq,
    previous: Option<i64>,
    author: String,
    event: String,
}

impl EventRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            seq: Seq(row.get(1)?),
            previous: row.get(2)?,
            author: row.get(3)?,
            event: row.get(4)?,
        })
    }

    /// Writes over it.
    fn erase(self, connection: &Connection, erased: &ErasedConversation) -> Result<(), Fault> {
        let event = match self.seq == erased.notice {
            true => self.event,
            false => blank(&self.event, erased).to_json(),
        };
        let author = match self.author == format!("customer:{}", erased.customer) {
            true => format!("customer:{}", erased.stand_in),
            false => self.author,
        };
        let checksum = checksum(&erased.conversation, self.seq, None, &event);
        connection
            .prepare_cached(UPDATE_EVENT)?
            .execute(params![self.id, author, event, checksum])?;
        Ok(())
    }
}

/// A row of a conversation's chain; nothing where the chain leads to none of it.
fn chained(connection: &Connection, row: i64, conversation: i64) -> Result<Option<EventRow>, Fault> {
    let mut select = connection.prepare_cached(SELECT_EVENT)?;
    Ok(select.query_row([row, conversation], EventRow::read).optional()?)
}

/// Writes over all events of a conversation, whatever leads to them, and answers how many there were before the notice.
fn all_events(connection: &Connection, conversation: i64, erased: &ErasedConversation) -> Result<u64, Fault> {
    let mut select = connection.prepare_cached(SELECT_EVENTS)?;
    let found: Vec<EventRow> = select
        .query_map([conversation], EventRow::read)?
        .collect::<Result<_, _>>()?;
    let events = found.iter().filter(|event| event.seq != erased.notice).count();
    for event in found {
        event.erase(connection, erased)?;
    }
    Ok(events as u64)
}

/// What is left of an event. One that cannot be read says nothing in any case.
fn blank(event: &str, erased: &ErasedConversation) -> CimEvent {
    let event: CimEvent = portico_shared::json::from_str(event).unwrap_or_default();
    let emitter = event.event_emitter;
    let id = match emitter.kind {
        SenderType::Customer => erased.stand_in.to_string(),
        _ => emitter.id,
    };
    CimEvent {
        extra: Map::from_iter([(ERASED.to_owned(), Value::Bool(true))]),
        id: event.id,
        name: event.name,
        kind: event.kind,
        timestamp: event.timestamp,
        conversation_id: Some(erased.conversation.to_string()),
        event_emitter: Sender::new(id, emitter.kind, ""),
        data: EventData::Null,
        ..CimEvent::default()
    }
}
