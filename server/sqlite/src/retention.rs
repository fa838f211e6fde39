//! Conversations that are over, and how far the rules are trusted by which they go.

use crate::SqliteStore;
use crate::fault::Fault;
use async_trait::async_trait;
use portico_core::store::{
    EndedConversation, EndedCounts, EndedPlace, RetentionMark, RetentionRule, RetentionStore, StoreError,
};
use portico_shared::ids::{ConversationId, CustomerId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What is still to be delivered is little, and of live conversations: it is read once.
pub(super) const SELECT_ENDED: &str = "
    select id, customer, over_since, number from conversations
    where channel = ?1 and over_since < ?2 and (over_since, number) > (?3, ?4)
        and id not in (select conversation from deliveries where place <> 'dead')
        and id not in (select conversation from pushes)
    order by over_since, number limit ?5";

fn ended(
    connection: &Connection,
    channel: &str,
    ended_before: i64,
    after: EndedPlace,
    limit: u32,
) -> Result<Vec<EndedConversation>, Fault> {
    let mut select = connection.prepare_cached(SELECT_ENDED)?;
    let row = params![channel, ended_before, after.ended_at, after.number, limit];
    let rows = select.query_map(row, |row| {
        Ok(EndedConversation {
            id: ConversationId::new(row.get::<_, String>(0)?),
            customer: CustomerId::new(row.get::<_, String>(1)?),
            place: EndedPlace {
                ended_at: row.get(2)?,
                number: row.get(3)?,
            },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Before all of them.
const FIRST: EndedPlace = EndedPlace {
    ended_at: i64::MIN,
    number: i64::MIN,
};

const COUNT_ENDED: &str = "
    select count(*), min(over_since), max(over_since), count(*) filter (where
        id in (select conversation from deliveries where place <> 'dead') or id in (select conversation from pushes))
    from conversations where channel = ?1 and over_since < ?2";

fn count(connection: &Connection, channel: &str, ended_before: i64) -> Result<EndedCounts, Fault> {
    let mut select = connection.prepare_cached(COUNT_ENDED)?;
    let number = |row: &Row<'_>, at| row.get::<_, i64>(at).map(i64::unsigned_abs);
    let counted = select.query_row(params![channel, ended_before], |row| {
        Ok(EndedCounts {
            conversations: number(row, 0)?,
            first_ended_at: row.get(1)?,
            last_ended_at: row.get(2)?,
            undelivered: number(row, 3)?,
        })
    });
    Ok(counted?)
}

const SELECT_MARK: &str = "select days, trusted_at, waited_ms from retention where channel = ?1";
const PUT_MARK: &str =
    "insert or replace into retention (channel, days, trusted_at, waited_ms) values (?1, ?2, ?3, ?4)";

fn mark(connection: &Connection, channel: &str) -> Result<Option<RetentionMark>, Fault> {
    let mut select = connection.prepare_cached(SELECT_MARK)?;
    let found = select.query_row([channel], |row| {
        Ok(RetentionMark {
            rule: RetentionRule {
                channel: channel.to_owned(),
                days: row.get(0)?,
            },
            trusted_at: row.get(1)?,
            waited_ms: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

fn put_mark(connection: &Connection, mark: &RetentionMark) -> Result<(), Fault> {
    let RetentionRule { channel, days } = &mark.rule;
    let row = params![channel, days, mark.trusted_at, mark.waited_ms];
    connection.prepare_cached(PUT_MARK)?.execute(row)?;
    Ok(())
}

#[async_trait]
impl RetentionStore for SqliteStore {
    async fn ended_conversations(
        &self,
        channel: &str,
        ended_before: i64,
        after: Option<EndedPlace>,
        limit: u32,
    ) -> Result<Vec<EndedConversation>, StoreError> {
        let (channel, after) = (channel.to_owned(), after.unwrap_or(FIRST));
        self.readers
            .read(move |connection| ended(connection, &channel, ended_before, after, limit))
            .await
    }

    async fn count_ended(&self, channel: &str, ended_before: i64) -> Result<EndedCounts, StoreError> {
        let channel = channel.to_owned();
        self.readers
            .read(move |connection| count(connection, &channel, ended_before))
            .await
    }

    async fn retention_mark(&self, channel: &str) -> Result<Option<RetentionMark>, StoreError> {
        let channel = channel.to_owned();
        self.readers.read(move |connection| mark(connection, &channel)).await
    }

    async fn put_retention_mark(&self, mark: RetentionMark) -> Result<(), StoreError> {
        self.writer.write(move |connection| put_mark(connection, &mark)).await
    }
}
