//! Erases what is known of a customer, and records that it was done.
//!
//! An event that is erased keeps its row, and with it its position and its place in the chain; what it says is written
//! over. The writing connection overwrites what it frees (`secure_delete`, see `file`), so that what is left are older
//! pages in the write-ahead log, which [`SqliteStore::scrub`](portico_core::store::ErasureStore::scrub) cuts off.

mod logs;

pub(super) use logs::conversation;

use crate::SqliteStore;
use crate::fault::Fault;
use crate::{audit, identities, merges};
use async_trait::async_trait;
use portico_core::audit::of_erasure;
use portico_core::store::{
    EmptiedCustomer, ErasedBy, ErasedCounts, ErasedCustomer, Erasure, ErasureStore, NewErasure, RetentionRule,
    StoreError,
};
use portico_shared::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) const IS_KNOWN: &str = "
    select exists (select 1 from customers where id = ?1)
        or exists (select 1 from conversations where customer = ?1)
        or exists (select 1 from activities where customer = ?1)
        or exists (select 1 from push_subscriptions where customer = ?1)
        or exists (select 1 from files where owner = ?2)";

fn is_known(connection: &Connection, customer: &CustomerId) -> Result<bool, Fault> {
    let mut select = connection.prepare_cached(IS_KNOWN)?;
    let row = [customer.as_str(), &format!("customer:{customer}")];
    Ok(select.query_row(row, |row| row.get(0))?)
}

const BEGIN: &str = "
    insert into erased_customers (customer, at, requested_by, channel, days) values (?1, ?2, ?3, ?4, ?5)
    on conflict (customer) do update set
        at = excluded.at, channel = excluded.channel, days = excluded.days, requested_by = coalesce(requested_by, excluded.requested_by), emptied = 0,
        conversations = iif(requested_by is null, 0, conversations),
        events = iif(requested_by is null, 0, events), files = iif(requested_by is null, 0, files),
        activities = iif(requested_by is null, 0, activities)";

fn begin(connection: &Connection, erasure: &NewErasure) -> Result<(), Fault> {
    let rule = erasure.rule.as_ref();
    let row = params![
        erasure.customer.as_str(),
        erasure.at,
        erasure.by.as_str(),
        rule.map(|rule| rule.channel.as_str()),
        rule.map(|rule| rule.days),
    ];
    connection.prepare_cached(BEGIN)?.execute(row)?;
    Ok(())
}

const FORGET: &str = "delete from erased_customers where at < ?1 and requested_by is null";

fn forget(connection: &Connection, asked_before: i64) -> Result<(), Fault> {
    connection.prepare_cached(FORGET)?.execute([asked_before])?;
    Ok(())
}

const SELECT_UNDER_WAY: &str = "
    select customer, at, emptied, requested_by is null from erased_customers
    where requested_by is not null order by at";
const SELECT_ERASED: &str = "
    select customer, at, emptied, requested_by is null from erased_customers where customer = ?1";

fn under_way(connection: &Connection) -> Result<Vec<ErasedCustomer>, Fault> {
    let mut select = connection.prepare_cached(SELECT_UNDER_WAY)?;
    let rows = select.query_map([], erased)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn erased_customer(connection: &Connection, customer: &CustomerId) -> Result<Option<ErasedCustomer>, Fault> {
    let mut select = connection.prepare_cached(SELECT_ERASED)?;
    Ok(select.query_row([customer.as_str()], erased).optional()?)
}

fn erased(row: &Row<'_>) -> rusqlite::Result<ErasedCustomer> {
    Ok(ErasedCustomer {
        customer: CustomerId::new(row.get::<_, String>(0)?),
        at: row.get(1)?,
        is_emptied: row.get(2)?,
        is_finished: row.get(3)?,
    })
}

const IS_ERASED_SINCE: &str = "select exists (select 1 from erased_customers where customer = ?1 and at >= ?2)";

/// Refuses to go on if a customer's data was erased at `since` or later.
pub(super) fn not_since(connection: &Connection, customer: &CustomerId, since: i64) -> Result<(), Fault> {
    let mut select = connection.prepare_cached(IS_ERASED_SINCE)?;
    match select.query_row(params![customer.as_str(), since], |row| row.get(0))? {
        true => Err(StoreError::Erased(customer.clone()).into()),
        false => Ok(()),
    }
}

/// Whose a file is that was erased: the customer in the list of erasures, until its bytes are gone.
fn mark_of(customer: &CustomerId) -> String {
    format!("erased:{customer}")
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

const DELETE_ACTIVITIES: &str = "delete from activities where customer = ?1";
/// Browsers that want notifications, and with them what they were to be told.
const DELETE_BROWSERS: &str = "delete from push_subscriptions where customer = ?1";
const DELETE_CUSTOMER: &str = "delete from customers where id = ?1";
/// Visitors whose chat became this customer's: what they said before, or left beside it, is still theirs. Each is an erasure of
/// its own. That a visitor was linked is read as `Link` does: what a site says of a known customer under this name is no link.
pub(super) const BEGIN_VISITORS: &str = "
    insert into erased_customers (customer, at, requested_by)
    select customers.id, ?2, whose.requested_by from erased_customers as whose, customers
    where whose.customer = ?1 and whose.requested_by is not null and customers.id <> ?1
        and customers.record ->> '$.linkedTo.customer' = ?1 and customers.record ->> '$.isAnonymous' is not 0
    on conflict (customer) do update set
        at = excluded.at, requested_by = coalesce(requested_by, excluded.requested_by), emptied = 0,
        conversations = iif(requested_by is null, 0, conversations),
        events = iif(requested_by is null, 0, events), files = iif(requested_by is null, 0, files),
        activities = iif(requested_by is null, 0, activities)
    returning customer";
const ERASE_FILES_OF: &str = "
    update files set state = 'deleted', name = '', owner = ?3, expires_at = min(coalesce(expires_at, ?2), ?2)
    where owner = ?1";
const COUNT_CUSTOMER: &str = "
    update erased_customers set activities = activities + ?2, files = files + ?3, emptied = 1
    where customer = ?1 and requested_by is not null
    returning conversations, events, files, activities";

/// Erases what is known of a customer beside conversations.
fn customer(connection: &Connection, customer: &CustomerId, now: i64) -> Result<EmptiedCustomer, Fault> {
    let id = customer.as_str();
    let visitors = begin_visitors(connection, customer, now)?;
    let activities = connection.prepare_cached(DELETE_ACTIVITIES)?.execute([id])?;
    let browsers = connection.prepare_cached(DELETE_BROWSERS)?.execute([id])?;
    let were_one = merges::others(connection, customer)?;
    let records = connection.prepare_cached(DELETE_CUSTOMER)?.execute([id])?;
    for other in were_one {
        identities::renew_or_forget(connection, &other)?;
    }
    let files = files_of(connection, customer, now)?;
    let row = params![id, count(activities as u64), count(files)];
    let mut update = connection.prepare_cached(COUNT_CUSTOMER)?;
    let counted = update.query_row(row, |row| counts(row, 0)).optional()?;
    Ok(EmptiedCustomer {
        counts: counted.unwrap_or_default(),
        was_known: activities + browsers + records > 0 || files > 0,
        visitors,
    })
}

fn begin_visitors(connection: &Connection, customer: &CustomerId, now: i64) -> Result<Vec<CustomerId>, Fault> {
    let mut begin = connection.prepare_cached(BEGIN_VISITORS)?;
    let begun = begin.query_map(params![customer.as_str(), now], |row| row.get::<_, String>(0))?;
    Ok(begun.map(|id| id.map(CustomerId::new)).collect::<Result<_, _>>()?)
}

/// Marks files of a customer that were not posted as deleted, and answers how many there were.
fn files_of(connection: &Connection, customer: &CustomerId, now: i64) -> Result<u64, Fault> {
    let row = params![format!("customer:{customer}"), now, mark_of(customer)];
    Ok(connection.prepare_cached(ERASE_FILES_OF)?.execute(row)? as u64)
}

const COUNT_FILES: &str = "select count(*) from files where owner = ?1";
/// One that began anew since its customer was emptied is not done.
const SELECT_DONE: &str = "
    select requested_by, at, conversations, events, files, activities, channel, days from erased_customers
    where customer = ?1 and requested_by is not null and emptied = 1";
const RECORD: &str = "
    insert into erasures (requested_by, begun_at, ended_at, conversations, events, files, activities, channel, days)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const FINISH: &str = "update erased_customers set requested_by = null where customer = ?1";

/// Writes an erasure into the record.
fn finish(connection: &Connection, customer: &CustomerId, now: i64) -> Result<Option<Erasure>, Fault> {
    if is_emptied_and_late(connection, customer, now)? {
        return Ok(None);
    }
    let mut select = connection.prepare_cached(SELECT_DONE)?;
    let found = select.query_row([customer.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?, counts(row, 2)?, rule(row, 6)?))
    });
    let Some((by, begun_at, counts, rule)) = found.optional()? else {
        return Ok(None);
    };
    let by = by_of(&by)?;
    connection.prepare_cached(FINISH)?.execute([customer.as_str()])?;
    if by == ErasedBy::Retention && counts == ErasedCounts::default() {
        return Ok(None);
    }
    connection.prepare_cached(RECORD)?.execute(params![
        by.as_str(),
        begun_at,
        now,
        count(counts.conversations),
        count(counts.events),
        count(counts.files),
        count(counts.activities),
        rule.as_ref().map(|rule| rule.channel.as_str()),
        rule.as_ref().map(|rule| rule.days),
    ])?;
    let erasure = Erasure {
        number: connection.last_insert_rowid(),
        by,
        rule,
        begun_at,
        ended_at: now,
        counts,
    };
    audit::add(connection, &of_erasure(&erasure))?;
    Ok(Some(erasure))
}

fn counts(row: &Row<'_>, first: usize) -> rusqlite::Result<ErasedCounts> {
    let count = |at: usize| row.get::<_, i64>(first + at).map(i64::unsigned_abs);
    Ok(ErasedCounts {
        conversations: count(0)?,
        events: count(1)?,
        files: count(2)?,
        activities: count(3)?,
    })
}

fn rule(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<RetentionRule>> {
    let (channel, days) = (
        row.get::<_, Option<String>>(first)?,
        row.get::<_, Option<u32>>(first + 1)?,
    );
    Ok(channel.zip(days).map(|(channel, days)| RetentionRule { channel, days }))
}

fn by_of(name: &str) -> Result<ErasedBy, Fault> {
    let known = ErasedBy::ALL.into_iter().find(|by| by.as_str() == name);
    known.ok_or_else(|| StoreError::Damaged(format!("an erasure by {name:?}")).into())
}

/// Whether an upload that began before the erasure has brought a file since.
fn is_emptied_and_late(connection: &Connection, customer: &CustomerId, now: i64) -> Result<bool, Fault> {
    let under_way = erased_customer(connection, customer)?.is_some_and(|erased| !erased.is_finished);
    Ok(under_way && files_before(connection, customer, now)? > 0)
}

const ERASE_LATE_FILES: &str = "
    update files set state = 'deleted', name = '', owner = ?3, expires_at = min(coalesce(expires_at, ?2), ?2)
    where owner = ?1 and created_at <= (select at from erased_customers where customer = ?4)";

/// The same for those that were begun before the erasure; later ones are a new visit's.
fn files_before(connection: &Connection, customer: &CustomerId, now: i64) -> Result<u64, Fault> {
    let row = params![
        format!("customer:{customer}"),
        now,
        mark_of(customer),
        customer.as_str()
    ];
    Ok(connection.prepare_cached(ERASE_LATE_FILES)?.execute(row)? as u64)
}

const SELECT_RECORD: &str = "
    select id, requested_by, begun_at, ended_at, conversations, events, files, activities, channel, days
    from erasures order by id desc limit ?1";

fn record(connection: &Connection, limit: u32) -> Result<Vec<Erasure>, Fault> {
    let mut select = connection.prepare_cached(SELECT_RECORD)?;
    let mut rows = select.query([limit])?;
    let mut erasures = Vec::new();
    while let Some(row) = rows.next()? {
        erasures.push(Erasure {
            number: row.get(0)?,
            by: by_of(&row.get::<_, String>(1)?)?,
            begun_at: row.get(2)?,
            ended_at: row.get(3)?,
            counts: counts(row, 4)?,
            rule: rule(row, 8)?,
        });
    }
    Ok(erasures)
}

#[async_trait]
impl ErasureStore for SqliteStore {
    async fn is_known(&self, customer: &CustomerId) -> Result<bool, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| is_known(connection, &customer))
            .await
    }

    async fn begin_erasure(&self, erasure: NewErasure) -> Result<(), StoreError> {
        self.writer.write(move |connection| begin(connection, &erasure)).await
    }

    async fn erasures_under_way(&self) -> Result<Vec<ErasedCustomer>, StoreError> {
        self.readers.read(under_way).await
    }

    async fn erase_customer(&self, id: &CustomerId, now: i64) -> Result<EmptiedCustomer, StoreError> {
        let id = id.clone();
        self.writer
            .write(move |connection| customer(connection, &id, now))
            .await
    }

    async fn files_of_erasure(&self, id: &CustomerId) -> Result<u64, StoreError> {
        let owner = mark_of(id);
        let count = move |connection: &Connection| -> Result<i64, Fault> {
            let mut select = connection.prepare_cached(COUNT_FILES)?;
            Ok(select.query_row([owner], |row| row.get(0))?)
        };
        self.readers.read(count).await.map(i64::unsigned_abs)
    }

    async fn scrub(&self) -> Result<bool, StoreError> {
        self.writer.scrub().await
    }

    async fn finish_erasure(&self, customer: &CustomerId, now: i64) -> Result<Option<Erasure>, StoreError> {
        let customer = customer.clone();
        self.writer
            .write(move |connection| finish(connection, &customer, now))
            .await
    }

    async fn erased_customer(&self, customer: &CustomerId) -> Result<Option<ErasedCustomer>, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| erased_customer(connection, &customer))
            .await
    }

    async fn forget_erased(&self, asked_before: i64) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| forget(connection, asked_before))
            .await
    }

    async fn erasures(&self, limit: u32) -> Result<Vec<Erasure>, StoreError> {
        self.readers.read(move |connection| record(connection, limit)).await
    }
}
