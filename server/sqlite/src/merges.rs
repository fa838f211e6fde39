//! Customers whom colleagues call one person.
//!
//! Each merge that stands leads from one customer to another; those that are one person make a tree, and it is shown as the
//! customer at its root.

use crate::fault::Fault;
use crate::identities::renew;
use portico_core::store::{MergeRecord, NewMerge, StoreError};
use portico_shared::ids::{CustomerId, ParticipantId};
use rusqlite::{Connection, Row, params};

/// Records that are told of one customer.
const MOST_TOLD: u32 = 100;

pub(super) const SELECT_PERSON: &str = "
    with recursive up (id, steps) as (
        select ?1, 0
        union all
        select into_customer, steps + 1 from up join customer_merges on customer = id and undone_at is null
    )
    select id from up order by steps desc limit 1";

/// As whom a customer is shown: itself, if it is merged into no other.
pub(super) fn person(connection: &Connection, customer: &CustomerId) -> Result<CustomerId, Fault> {
    let mut select = connection.prepare_cached(SELECT_PERSON)?;
    let person = select.query_row([customer.as_str()], |row| row.get::<_, String>(0))?;
    Ok(CustomerId::new(person))
}

pub(super) const SELECT_PARTS: &str = "
    with recursive down (id) as (
        select ?1
        union all
        select customer from down join customer_merges on into_customer = id and undone_at is null
    )
    select id from down where id <> ?1 order by id";

/// The customers that are merged into one, directly or by way of another, by their ids.
pub(super) fn parts(connection: &Connection, customer: &CustomerId) -> Result<Vec<CustomerId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_PARTS)?;
    let parts = select.query_map([customer.as_str()], |row| row.get::<_, String>(0))?;
    Ok(parts.map(|id| id.map(CustomerId::new)).collect::<Result<_, _>>()?)
}

const INSERT: &str = "
    insert into customer_merges (customer, into_customer, merged_by, merged_at)
    select ?1, ?2, ?3, ?4
    where exists (select 1 from customers where id = ?1) and exists (select 1 from customers where id = ?2)";

/// Merges two customers, of whom each is shown as itself.
pub(super) fn merge(connection: &Connection, merge: &NewMerge) -> Result<(), Fault> {
    let NewMerge { customer, into, by, at } = merge;
    let are_two = customer != into;
    if !are_two || person(connection, customer)? != *customer || person(connection, into)? != *into {
        return Err(StoreError::CustomerChanged(customer.clone()).into());
    }
    let row = params![customer.as_str(), into.as_str(), by.as_str(), at];
    match connection.prepare_cached(INSERT)?.execute(row)? {
        0 => Err(StoreError::CustomerChanged(customer.clone()).into()),
        _ => renew_all(connection, customer),
    }
}

const UNDO: &str = "
    update customer_merges set undone_by = ?2, undone_at = ?3 where customer = ?1 and undone_at is null";

/// Lets a customer be shown by itself again, with those that were merged into it. Answers whether it was not before.
pub(super) fn undo(connection: &Connection, customer: &CustomerId, by: &ParticipantId, at: i64) -> Result<bool, Fault> {
    let before = person(connection, customer)?;
    let row = params![customer.as_str(), by.as_str(), at];
    if connection.prepare_cached(UNDO)?.execute(row)? == 0 {
        return Ok(false);
    }
    renew_all(connection, customer)?;
    renew(connection, &before).map(|()| true)
}

/// A customer and its parts.
fn renew_all(connection: &Connection, customer: &CustomerId) -> Result<(), Fault> {
    renew(connection, customer)?;
    parts(connection, customer)?
        .iter()
        .try_for_each(|part| renew(connection, part))
}

/// Those who are one person with a customer, without it.
pub(super) fn others(connection: &Connection, customer: &CustomerId) -> Result<Vec<CustomerId>, Fault> {
    let person = person(connection, customer)?;
    let mut all = parts(connection, &person)?;
    all.push(person);
    all.retain(|other| other != customer);
    Ok(all)
}

pub(super) const SELECT_RECORD: &str = "
    select customer, into_customer, merged_by, merged_at, undone_by, undone_at, number from customer_merges
    where customer = ?1 and number < ?3
    union
    select customer, into_customer, merged_by, merged_at, undone_by, undone_at, number from customer_merges
    where into_customer = ?1 and number < ?3
    order by number desc limit ?2";

/// What was merged and undone of one customer, the newest first.
pub(super) fn record(
    connection: &Connection,
    customer: &CustomerId,
    before: Option<i64>,
) -> Result<Vec<MergeRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_RECORD)?;
    let row = params![customer.as_str(), MOST_TOLD, before.unwrap_or(i64::MAX)];
    let rows = select.query_map(row, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<MergeRecord> {
    let id = |at: usize| row.get::<_, String>(at);
    let undone_by: Option<String> = row.get(4)?;
    Ok(MergeRecord {
        number: row.get(6)?,
        merge: NewMerge {
            customer: CustomerId::new(id(0)?),
            into: CustomerId::new(id(1)?),
            by: ParticipantId::new(id(2)?),
            at: row.get(3)?,
        },
        undone_by: undone_by.map(ParticipantId::new),
        undone_at: row.get(5)?,
    })
}
