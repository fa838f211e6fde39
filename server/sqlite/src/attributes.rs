//! What is noted of customers.

use crate::fault::Fault;
use portico_shared::ids::CustomerId;
use rusqlite::Connection;
use std::collections::BTreeMap;

const UPSERT: &str = "
    insert into customer_attributes (customer, key, value)
    select ?1, ?2, ?3 where exists (select 1 from customers where id = ?1)
    on conflict (customer, key) do update set value = excluded.value where value <> excluded.value";

/// Notes a value in the place of the one before, and answers whether it is another one.
pub(super) fn set(connection: &Connection, customer: &CustomerId, key: &str, value: &str) -> Result<bool, Fault> {
    let row = [customer.as_str(), key, value];
    Ok(connection.prepare_cached(UPSERT)?.execute(row)? > 0)
}

const DELETE: &str = "delete from customer_attributes where customer = ?1 and key = ?2";

/// Forgets a value, and answers whether it was there.
pub(super) fn unset(connection: &Connection, customer: &CustomerId, key: &str) -> Result<bool, Fault> {
    Ok(connection.prepare_cached(DELETE)?.execute([customer.as_str(), key])? > 0)
}

const MOVE: &str = "update or ignore customer_attributes set customer = ?2 where customer = ?1";
const DELETE_ALL: &str = "delete from customer_attributes where customer = ?1";

/// Lets what is noted of one customer be noted of another. What is noted of that one stays.
pub(super) fn move_all(connection: &Connection, from: &CustomerId, to: &CustomerId) -> Result<(), Fault> {
    connection.prepare_cached(MOVE)?.execute([from.as_str(), to.as_str()])?;
    connection.prepare_cached(DELETE_ALL)?.execute([from.as_str()])?;
    Ok(())
}

const SELECT: &str = "select key, value from customer_attributes where customer = ?1";

/// What is noted of a customer.
pub(super) fn of(connection: &Connection, customer: &CustomerId) -> Result<BTreeMap<String, String>, Fault> {
    let mut select = connection.prepare_cached(SELECT)?;
    let noted = select.query_map([customer.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(noted.collect::<Result<_, _>>()?)
}
