//! The conversations' projections: what an actor must know to go on, and the indexes that find it.

use crate::encoding::position;
use crate::fault::{Fault, decode, encode};
use crate::sessions::{self, Versions};
use portico_core::store::{ConversationRecord, SessionVersion, StoreError};
use portico_core::telemetry::left_out;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::ids::{ConversationId, CustomerId, ParticipantId, Seq};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

/// A conversation's record with its JSON made.
pub(super) struct Projection {
    conversation: ConversationRecord,
    record: String,
}

const INSERT_CONVERSATION: &str = "
    insert into conversations (id, customer, channel_session, revision, started_at, record, channel, over_since)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const UPDATE_CONVERSATION: &str = "
    update conversations
    set customer = ?2, channel_session = ?3, revision = ?4, started_at = ?5, record = ?6, channel = ?7, over_since = ?8
    where id = ?1";

impl Projection {
    /// Prepares a record.
    pub(super) fn new(conversation: ConversationRecord) -> Result<Self, Fault> {
        let record = encode(&conversation)?;
        Ok(Self { conversation, record })
    }

    /// Where the conversation is, if it is there already; an error unless its log is at `expected_head`.
    pub(super) fn stored_head(&self, connection: &Connection, expected_head: Seq) -> Result<Option<StoredHead>, Fault> {
        let id = &self.conversation.id;
        let stored = stored_head(connection, id)?;
        if stored.as_ref().map_or(Seq::START, |stored| stored.head) == expected_head {
            Ok(stored)
        } else {
            Err(StoreError::Conflict(id.clone()).into())
        }
    }

    /// Writes what has changed of the record, but for its head, and answers the number that stands for the conversation
    /// in other tables. `carried` are the sessions of the step's events, in their order. Few messages change anything
    /// here.
    pub(super) fn write<'s>(
        &'s self,
        connection: &Connection,
        stored: Option<&StoredHead>,
        carried: impl Iterator<Item = &'s SessionVersion>,
    ) -> Result<i64, Fault> {
        let (statement, written) = match stored {
            Some(stored) if self.is_stored(connection, stored)? => return Ok(stored.number),
            Some(stored) => (UPDATE_CONVERSATION, stored.revision),
            None => (INSERT_CONVERSATION, 0),
        };
        let conversation = &self.conversation;
        connection.prepare_cached(statement)?.execute(params![
            conversation.id.as_str(),
            conversation.customer.as_str(),
            conversation.channel_session_id,
            conversation.channel_session.revision(),
            conversation.started_at,
            self.record,
            conversation.channel,
            self.over_since(),
        ])?;
        let number = stored.map_or_else(|| connection.last_insert_rowid(), |stored| stored.number);
        self.write_sessions(connection, number, written, carried)?;
        self.write_participants(connection, number)?;
        Ok(number)
    }

    /// Writes where the conversation's log ends and what follows from its messages.
    pub(super) fn write_head(
        &self,
        connection: &Connection,
        number: i64,
        last_event: Option<i64>,
    ) -> Result<(), Fault> {
        let conversation = &self.conversation;
        connection.prepare_cached(UPSERT_HEAD)?.execute(params![
            number,
            position(conversation.head),
            last_event,
            conversation.last_message.map(position),
            conversation.waiting_since,
            conversation.spoke_at,
        ])?;
        Ok(())
    }

    /// Whether the store has the record as it is. Its JSON says all that the columns beside it say.
    fn is_stored(&self, connection: &Connection, stored: &StoredHead) -> Result<bool, Fault> {
        if stored.revision != self.conversation.channel_session.revision() {
            return Ok(false);
        }
        let mut select = connection.prepare_cached(SELECT_TEXT)?;
        let same = select.query_row([stored.number], |row| {
            Ok(row.get_ref(0)?.as_bytes()? == self.record.as_bytes())
        })?;
        Ok(same)
    }

    /// Versions of the session after `written`: what events carry, in their order, and at last what the record has.
    fn write_sessions<'s>(
        &'s self,
        connection: &Connection,
        number: i64,
        mut written: u32,
        carried: impl Iterator<Item = &'s SessionVersion>,
    ) -> Result<(), Fault> {
        for version in carried.chain([&*self.conversation.channel_session]) {
            if version.revision() > written {
                sessions::add(connection, &self.conversation.id, number, version)?;
                written = version.revision();
            }
        }
        Ok(())
    }

    /// When it ended, where everybody has left and something is there to be erased.
    fn over_since(&self) -> Option<i64> {
        let is_over = !self.is_open() && !self.conversation.erased;
        self.conversation.ended_at.filter(|_| is_over)
    }

    fn is_open(&self) -> bool {
        self.conversation.state != ConversationState::Closed
    }

    /// Participants change rarely, so what is stored is read first and usually left as it is. A closed conversation has
    /// no rows: a bot that took part in all there ever were is asked about by the open ones.
    fn write_participants(&self, connection: &Connection, number: i64) -> Result<(), Fault> {
        let stored = participants(connection, number)?;
        let now = match self.is_open() {
            true => self.conversation.participants.as_slice(),
            false => &[],
        };
        for gone in stored
            .iter()
            .filter(|id| now.iter().all(|participant| participant.id != **id))
        {
            connection
                .prepare_cached(DELETE_PARTICIPANT)?
                .execute(params![number, gone.as_str()])?;
        }
        for new in now.iter().filter(|participant| !stored.contains(&participant.id)) {
            connection
                .prepare_cached(INSERT_PARTICIPANT)?
                .execute(params![number, new.id.as_str()])?;
        }
        Ok(())
    }
}

const SELECT_TEXT: &str = "select record from conversations where number = ?1";
const UPSERT_HEAD: &str = "
    insert into heads (conversation, head, last_event, last_message, waiting_since, spoke_at)
    values (?1, ?2, ?3, ?4, ?5, ?6)
    on conflict (conversation) do update
    set head = ?2, last_event = ?3, last_message = ?4, waiting_since = ?5, spoke_at = ?6";

/// Where a conversation is in the store.
pub(super) struct StoredHead {
    /// What stands for it in other tables.
    pub(super) number: i64,
    /// Its log's last position.
    pub(super) head: Seq,
    /// The row of that position.
    pub(super) last_event: Option<i64>,
    /// The newest version of its session.
    revision: u32,
}

const SELECT_PLACE: &str = "
    select number, head, last_event, revision
    from conversations join heads on heads.conversation = conversations.number
    where id = ?1";

/// Finds a conversation.
pub(super) fn stored_head(connection: &Connection, id: &ConversationId) -> Result<Option<StoredHead>, Fault> {
    let mut select = connection.prepare_cached(SELECT_PLACE)?;
    let found = select.query_row([id.as_str()], |row| {
        Ok(StoredHead {
            number: row.get(0)?,
            head: Seq(row.get(1)?),
            last_event: row.get(2)?,
            revision: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

const SELECT_PARTICIPANTS: &str = "select participant from participants where conversation = ?1";
const DELETE_PARTICIPANT: &str = "delete from participants where conversation = ?1 and participant = ?2";
const INSERT_PARTICIPANT: &str = "
    insert into participants (conversation, participant) values (?1, ?2) on conflict do nothing";

fn participants(connection: &Connection, number: i64) -> Result<Vec<ParticipantId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_PARTICIPANTS)?;
    let rows = select.query_map([number], |row| row.get::<_, String>(0).map(ParticipantId::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const SELECT_RECORD: &str = "
    select id, record, number, revision, head, last_message, waiting_since, spoke_at
    from conversations join heads on heads.conversation = conversations.number
    where id = ?1";

/// One conversation.
pub(super) fn one(connection: &Connection, id: &ConversationId) -> Result<Option<ConversationRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_RECORD)?;
    let mut rows = select.query([id.as_str()])?;
    rows.next()?.map(|row| record(connection, row)).transpose()
}

const SELECT_OF_CUSTOMER: &str = "
    select id, record, number, revision, head, last_message, waiting_since, spoke_at
    from conversations join heads on heads.conversation = conversations.number
    where customer = ?1
    order by started_at desc, number desc limit ?2";

/// A customer's conversations, newest first.
pub(super) fn of_customer(
    connection: &Connection,
    customer: &CustomerId,
    limit: u32,
) -> Result<Vec<ConversationRecord>, Fault> {
    readable(connection, SELECT_OF_CUSTOMER, params![customer.as_str(), limit])
}

/// The conversation that says where to go on has to be the customer's own: another one's says nothing of its time.
pub(super) const SELECT_BEFORE: &str = "
    select id, record, number, revision, head, last_message, waiting_since, spoke_at
    from conversations join heads on heads.conversation = conversations.number
    where customer = ?1 and (started_at, number) <
        (select started_at, number from conversations where id = ?2 and customer = ?1)
    order by started_at desc, number desc limit ?3";

/// The same from after one of them on.
pub(super) fn before(
    connection: &Connection,
    customer: &CustomerId,
    before: &ConversationId,
    limit: u32,
) -> Result<Vec<ConversationRecord>, Fault> {
    let params = params![customer.as_str(), before.as_str(), limit];
    readable(connection, SELECT_BEFORE, params)
}

const SELECT_OF_PARTICIPANT: &str = "
    select id, record, number, revision, head, last_message, waiting_since, spoke_at
    from participants
    join conversations on conversations.number = participants.conversation
    join heads on heads.conversation = conversations.number
    where participants.participant = ?1
    order by started_at desc, number desc limit ?2";

/// The open conversations of a participant, newest first.
pub(super) fn of_participant(
    connection: &Connection,
    participant: &ParticipantId,
    limit: u32,
) -> Result<Vec<ConversationRecord>, Fault> {
    readable(connection, SELECT_OF_PARTICIPANT, params![participant.as_str(), limit])
}

const SELECT_IDS_OF_PARTICIPANT: &str = "
    select id from participants join conversations on conversations.number = participants.conversation
    where participants.participant = ?1
    order by started_at desc, number desc";

/// The same, all of them and their ids only.
pub(super) fn ids_of_participant(
    connection: &Connection,
    participant: &ParticipantId,
) -> Result<Vec<ConversationId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_IDS_OF_PARTICIPANT)?;
    let rows = select.query_map([participant.as_str()], |row| {
        row.get::<_, String>(0).map(ConversationId::new)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const SELECT_OF_SESSION: &str = "
    select id from conversations where channel_session = ?1 order by number desc limit 1";

/// The conversation that a channel session belongs to.
pub(super) fn of_session(connection: &Connection, session: &str) -> Result<Option<ConversationId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_OF_SESSION)?;
    let found = select.query_row([session], |row| row.get::<_, String>(0).map(ConversationId::new));
    Ok(found.optional()?)
}

/// The conversations of a list, without those that are damaged.
fn readable(
    connection: &Connection,
    statement: &'static str,
    params: impl Params,
) -> Result<Vec<ConversationRecord>, Fault> {
    let mut select = connection.prepare_cached(statement)?;
    let mut rows = select.query(params)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        match record(connection, row) {
            Ok(record) => records.push(record),
            Err(Fault::Store(error @ StoreError::Damaged(_))) => {
                left_out(row.get_ref(0)?.as_str().unwrap_or_default(), &error);
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(records)
}

fn record(connection: &Connection, row: &Row<'_>) -> Result<ConversationRecord, Fault> {
    let id: String = row.get(0)?;
    let text = row.get_ref(1)?.as_str().unwrap_or_default();
    let record: ConversationRecord = decode(text, || format!("conversation {id}"))?;
    Ok(ConversationRecord {
        channel_session: Versions::of(connection, &record.id, row.get(2)?).get(row.get(3)?)?,
        head: Seq(row.get(4)?),
        last_message: row.get::<_, Option<u64>>(5)?.map(Seq),
        waiting_since: row.get(6)?,
        spoke_at: row.get(7)?,
        ..record
    })
}
