//! Customers under all their identities, and what they did outside of conversations.

use crate::fault::{Fault, decode, encode};
use crate::identities;
use portico_core::store::{ActivityPlace, Author, PlacedActivity, StoreError};
use portico_shared::cim::{CimEvent, Customer, Timestamp};
use portico_shared::ids::{ClientId, CustomerId};
use rusqlite::{Connection, OptionalExtension, Params, params};

const UPSERT_CUSTOMER: &str = "
    insert into customers (id, record) values (?1, ?2) on conflict (id) do update set record = excluded.record";
const DELETE_IDENTITIES: &str = "delete from identities where customer = ?1";
const INSERT_IDENTITY: &str = "
    insert into identities (channel, identifier, customer) values (?1, ?2, ?3) on conflict do nothing";
const SELECT_OWNER: &str = "select customer from identities where channel = ?1 and identifier = ?2";

/// Creates or replaces a customer that is as it was read. An identity that is another customer's is refused; to move
/// one, write the customer that loses it first.
pub(super) fn put(connection: &Connection, before: Option<&Customer>, customer: &Customer) -> Result<(), Fault> {
    let id = CustomerId::new(customer.id.as_str());
    if one(connection, &id)?.as_ref() != before {
        return Err(StoreError::CustomerChanged(id).into());
    }
    connection
        .prepare_cached(UPSERT_CUSTOMER)?
        .execute([&customer.id, &encode(customer)?])?;
    connection.prepare_cached(DELETE_IDENTITIES)?.execute([&customer.id])?;
    for channel in Customer::CHANNEL_TYPES {
        for identifier in customer.identities(channel).filter(|identifier| !identifier.is_empty()) {
            connection
                .prepare_cached(INSERT_IDENTITY)?
                .execute([channel, identifier, &customer.id])?;
            let owner: String = connection
                .prepare_cached(SELECT_OWNER)?
                .query_row([channel, identifier], |row| row.get(0))?;
            if owner != customer.id {
                return Err(StoreError::Taken(CustomerId::new(owner)).into());
            }
        }
    }
    identities::renew(connection, &id)
}

const SELECT_CUSTOMER: &str = "select id, record from customers where id = ?1";

/// A customer by id.
pub(super) fn one(connection: &Connection, id: &CustomerId) -> Result<Option<Customer>, Fault> {
    select(connection, SELECT_CUSTOMER, [id.as_str()])
}

const SELECT_BY_IDENTITY: &str = "
    select customers.id, record from identities join customers on customers.id = identities.customer
    where channel = ?1 and identifier = ?2";

/// A customer by one of its identities.
pub(super) fn by_identity(connection: &Connection, channel: &str, identifier: &str) -> Result<Option<Customer>, Fault> {
    select(connection, SELECT_BY_IDENTITY, [channel, identifier])
}

fn select(connection: &Connection, statement: &'static str, params: impl Params) -> Result<Option<Customer>, Fault> {
    let mut select = connection.prepare_cached(statement)?;
    let found = select.query_row(params, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    found
        .optional()?
        .map(|(id, record)| decode(&record, || format!("customer {id}")))
        .transpose()
}

const INSERT_ACTIVITY: &str = "
    insert into activities (customer, author, client_id, event) values (?1, ?2, ?3, ?4)
    on conflict (client_id, author) where client_id is not null do nothing";

/// Keeps an activity; a client id that its author used before changes nothing.
pub(super) fn add_activity(
    connection: &Connection,
    customer: &CustomerId,
    event: &CimEvent,
    author: &Author,
    client_id: Option<&ClientId>,
) -> Result<(), Fault> {
    let client_id = client_id.map(ClientId::as_str);
    let row = params![customer.as_str(), author.0, client_id, encode(event)?];
    connection.prepare_cached(INSERT_ACTIVITY)?.execute(row)?;
    Ok(())
}

const UPDATE_ACTIVITIES: &str = "update activities set customer = ?2 where customer = ?1";

/// Lets all activities of one customer be another's.
pub(super) fn move_activities(connection: &Connection, from: &CustomerId, to: &CustomerId) -> Result<(), Fault> {
    connection
        .prepare_cached(UPDATE_ACTIVITIES)?
        .execute([from.as_str(), to.as_str()])?;
    Ok(())
}

/// Times of events are all written alike, so that they sort as texts. The expression is the one of the index.
pub(super) const SELECT_ACTIVITIES: &str = "
    select id, event from activities where customer = ?1 and event ->> '$.timestamp' <= ?2
        and (event ->> '$.timestamp' < ?2 or id < ?3)
    order by event ->> '$.timestamp' desc, id desc limit ?4";

/// A customer's activities from behind a place back, newest first.
pub(super) fn activities(
    connection: &Connection,
    customer: &CustomerId,
    before: ActivityPlace,
    limit: u32,
) -> Result<Vec<PlacedActivity>, Fault> {
    let until = Timestamp::from_ms(before.at).iso();
    let mut select = connection.prepare_cached(SELECT_ACTIVITIES)?;
    let mut rows = select.query(params![customer.as_str(), until, before.number, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let event: CimEvent = decode(&row.get::<_, String>(1)?, || {
            format!("activity {number} of customer {customer}")
        })?;
        let at = event.timestamp.ms();
        found.push((ActivityPlace { at, number }, event));
    }
    Ok(found)
}

const SELECT_ACTIVITY: &str = "
    select customer, event from activities where client_id = ?1 and author = ?2";

/// The activity that an author recorded under a client id.
pub(super) fn activity(
    connection: &Connection,
    author: &Author,
    client_id: &ClientId,
) -> Result<Option<(CustomerId, CimEvent)>, Fault> {
    let mut select = connection.prepare_cached(SELECT_ACTIVITY)?;
    let found = select.query_row([client_id.as_str(), &author.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    let Some((customer, event)) = found.optional()? else {
        return Ok(None);
    };
    let event = decode(&event, || format!("an activity of customer {customer}"))?;
    Ok(Some((CustomerId::new(customer), event)))
}
