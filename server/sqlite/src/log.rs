//! The logs: reading ranges of them, and finding what a client id became.

use crate::conversations::{self, StoredHead};
use crate::encoding::{checksum, position};
use crate::fault::{Fault, decode};
use crate::sessions::Versions;
use portico_core::store::{Author, MOST_PAGE_BYTES, Posted, StoreError, StoredEvent, StoredPage};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::VecDeque;

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

/// A range of a log: every position next to where it begins that fits into a page, or an error.
pub(super) fn page(
    connection: &Connection,
    conversation: &ConversationId,
    range: Range,
    limit: u32,
) -> Result<StoredPage, Fault> {
    let Some(stored) = conversations::stored_head(connection, conversation)? else {
        return Ok(StoredPage {
            events: Vec::new(),
            head: Seq::START,
        });
    };
    let head = stored.head;
    let (first, last) = bounds(range, limit, head);
    let mut held = Held::default();
    if first <= last {
        let mut chain = Chain::enter(connection, conversation, &stored, last)?;
        while chain.at >= first {
            let Some(event) = chain.step(chain.at <= last)? else {
                continue;
            };
            held.push(event);
            match range {
                Range::After(_) => held.shorten(VecDeque::pop_back),
                Range::Before(_) if held.is_too_much() => {
                    held.shorten(VecDeque::pop_front);
                    break;
                }
                Range::Before(_) => {}
            }
        }
    }
    Ok(StoredPage {
        events: held.events.into_iter().map(|(event, _)| event).collect(),
        head,
    })
}

/// What is kept of a page while it is read from its end back.
#[derive(Default)]
struct Held {
    /// Oldest first, each with its bytes of JSON.
    events: VecDeque<Weighed>,
    bytes: usize,
}

/// An event, and how many bytes of JSON it is.
type Weighed = (StoredEvent, usize);

impl Held {
    fn push(&mut self, event: Weighed) {
        self.bytes += event.1;
        self.events.push_front(event);
    }

    fn is_too_much(&self) -> bool {
        self.bytes > MOST_PAGE_BYTES && self.events.len() > 1
    }

    /// Drops events from one end until the rest fits.
    fn shorten(&mut self, drop_one: impl Fn(&mut VecDeque<Weighed>) -> Option<Weighed>) {
        while self.is_too_much() {
            self.bytes -= drop_one(&mut self.events).map_or(0, |(_, bytes)| bytes);
        }
    }
}

/// The first and the last position of a page; the last is before the first if there are none.
fn bounds(range: Range, limit: u32, Seq(head): Seq) -> (u64, u64) {
    let limit = u64::from(limit);
    match range {
        Range::After(Seq(after)) => (after.saturating_add(1), head.min(after.saturating_add(limit))),
        Range::Before(Seq(before)) => {
            let last = head.min(before.saturating_sub(1));
            (last.saturating_sub(limit) + 1, last)
        }
    }
}

/// A log, read from a position back to earlier ones.
struct Chain<'c> {
    connection: &'c Connection,
    conversation: &'c ConversationId,
    number: i64,
    sessions: Versions<'c>,
    /// The position that is read next, and its row.
    at: u64,
    row: Option<i64>,
}

const SELECT_MARKED: &str = "
    select seq, id from events where conversation = ?1 and seq >= ?2 and seq % 32 = 0 order by seq limit 1";
const SELECT_LINK: &str = "select conversation, seq, previous from events where id = ?1";
const SELECT_EVENT: &str = "
    select conversation, seq, previous, author, client_id, event, checksum, revision from events where id = ?1";

impl<'c> Chain<'c> {
    /// Enters a log at the nearest known row from `last` on, which lies within it.
    fn enter(
        connection: &'c Connection,
        conversation: &'c ConversationId,
        stored: &StoredHead,
        last: u64,
    ) -> Result<Self, Fault> {
        let mut select = connection.prepare_cached(SELECT_MARKED)?;
        let marked = select
            .query_row([stored.number, position(Seq(last))], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (at, row) = marked.unwrap_or((stored.head.0, stored.last_event));
        Ok(Self {
            connection,
            conversation,
            number: stored.number,
            sessions: Versions::of(connection, conversation, stored.number),
            at,
            row,
        })
    }

    /// Goes on to the position before, and answers the event that was passed if it is wanted.
    fn step(&mut self, wanted: bool) -> Result<Option<Weighed>, Fault> {
        let statement = if wanted { SELECT_EVENT } else { SELECT_LINK };
        let mut select = self.connection.prepare_cached(statement)?;
        let mut rows = select.query([self.row])?;
        let row = rows.next()?.ok_or_else(|| self.lacks_events())?;
        if (row.get(0)?, row.get(1)?) != (self.number, self.at) {
            return Err(self.lacks_events());
        }
        self.row = row.get(2)?;
        let event = match wanted {
            true => Some(stored(self.conversation, Seq(self.at), row, &mut self.sessions)?),
            false => None,
        };
        self.at -= 1;
        Ok(event)
    }

    fn lacks_events(&self) -> Fault {
        StoreError::Damaged(format!("conversation {} lacks events", self.conversation)).into()
    }
}

fn stored(
    conversation: &ConversationId,
    seq: Seq,
    row: &Row<'_>,
    sessions: &mut Versions<'_>,
) -> Result<Weighed, Fault> {
    let name = || format!("event {seq} of conversation {conversation}");
    let text = row.get_ref(5)?.as_str().map_err(|_| StoreError::Damaged(name()))?;
    let revision = row.get(7)?;
    if checksum(conversation, seq, revision, text) != row.get::<_, i64>(6)? {
        return Err(StoreError::Damaged(format!("{}: its checksum differs", name())).into());
    }
    let event = StoredEvent {
        seq,
        event: decode(text, name)?,
        session: revision.map(|revision| sessions.get(revision)).transpose()?,
        author: Author(row.get(3)?),
        client_id: row.get::<_, Option<String>>(4)?.map(ClientId::new),
    };
    Ok((event, text.len()))
}

const UPDATE_AUTHOR: &str = "
    with recursive chain (id) as (
        select last_event from heads join conversations on conversations.number = heads.conversation
        where conversations.id = ?1
        union all
        select previous from events join chain using (id) where previous is not null)
    update or ignore events set author = ?3 where id in (select id from chain) and author = ?2";

/// Lets what one author wrote into a log count as another's. It reads the whole log, once in its life at most.
pub(super) fn move_author(
    connection: &Connection,
    conversation: &ConversationId,
    from: &Author,
    to: &Author,
) -> Result<(), Fault> {
    connection
        .prepare_cached(UPDATE_AUTHOR)?
        .execute([conversation.as_str(), &from.0, &to.0])?;
    Ok(())
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
