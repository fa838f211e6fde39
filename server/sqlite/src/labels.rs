//! Labels of customers.

use crate::fault::Fault;
use crate::identities::renew;
use portico_shared::ids::CustomerId;
use rusqlite::Connection;

const INSERT: &str = "
    insert into customer_labels (customer, label)
    select ?1, ?2 where exists (select 1 from customers where id = ?1)
    on conflict do nothing";

/// Puts one on a customer, and answers whether it was without it.
pub(super) fn put(connection: &Connection, customer: &CustomerId, label: &str) -> Result<bool, Fault> {
    let row = [customer.as_str(), label];
    match connection.prepare_cached(INSERT)?.execute(row)? {
        0 => Ok(false),
        _ => renew(connection, customer).map(|()| true),
    }
}

const DELETE: &str = "delete from customer_labels where customer = ?1 and label = ?2";

/// Takes one away, and answers whether it was there.
pub(super) fn remove(connection: &Connection, customer: &CustomerId, label: &str) -> Result<bool, Fault> {
    let row = [customer.as_str(), label];
    match connection.prepare_cached(DELETE)?.execute(row)? {
        0 => Ok(false),
        _ => renew(connection, customer).map(|()| true),
    }
}

const MOVE: &str = "update or ignore customer_labels set customer = ?2 where customer = ?1";
const DELETE_ALL: &str = "delete from customer_labels where customer = ?1";

/// Lets those of one customer be another's, and answers whether there were any.
pub(super) fn move_all(connection: &Connection, from: &CustomerId, to: &CustomerId) -> Result<bool, Fault> {
    let moved = connection.prepare_cached(MOVE)?.execute([from.as_str(), to.as_str()])?;
    let left = connection.prepare_cached(DELETE_ALL)?.execute([from.as_str()])?;
    Ok(moved + left > 0)
}

const SELECT: &str = "select label from customer_labels where customer = ?1 order by label";

/// Those of a customer, in order.
pub(super) fn of(connection: &Connection, customer: &CustomerId) -> Result<Vec<String>, Fault> {
    let mut select = connection.prepare_cached(SELECT)?;
    let labels = select.query_map([customer.as_str()], |row| row.get(0))?;
    Ok(labels.collect::<Result<_, _>>()?)
}
