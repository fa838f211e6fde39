//! Browsers that want notifications, one row for each, and what they are still to be told, one row for each browser and
//! conversation.

use crate::SqliteStore;
use crate::encoding::position;
use crate::erasures;
use crate::fault::Fault;
use async_trait::async_trait;
use portico_core::store::{NewPush, PushKey, PushRecord, PushStore, PushSubscription, StoreError};
use portico_shared::ids::{ConversationId, CustomerId, Seq};
use rusqlite::{Connection, Row, params};
use std::ops::Range;

const DELETE_OF_OTHERS: &str = "delete from push_subscriptions where endpoint = ?1 and customer <> ?2";
const UPSERT_SUBSCRIPTION: &str = "
    insert into push_subscriptions (customer, channel, endpoint, p256dh, auth, page, note, updated_at)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    on conflict (endpoint) do update set channel = excluded.channel, p256dh = excluded.p256dh, auth = excluded.auth,
        page = excluded.page, note = excluded.note, updated_at = excluded.updated_at";
const DELETE_BEYOND: &str = "
    delete from push_subscriptions where id in (
        select id from push_subscriptions where customer = ?1 and channel = ?2
        order by updated_at desc, id desc limit -1 offset ?3)";

fn subscribe(connection: &Connection, subscription: &PushSubscription, proven_at: i64, most: u32) -> Result<(), Fault> {
    erasures::not_since(connection, &subscription.customer, proven_at)?;
    let PushSubscription {
        customer,
        channel,
        endpoint,
        p256dh,
        auth,
        page,
        note,
        updated_at,
    } = subscription;
    connection
        .prepare_cached(DELETE_OF_OTHERS)?
        .execute([endpoint.as_str(), customer.as_str()])?;
    connection.prepare_cached(UPSERT_SUBSCRIPTION)?.execute(params![
        customer.as_str(),
        channel,
        endpoint,
        p256dh,
        auth,
        page,
        note,
        updated_at
    ])?;
    connection
        .prepare_cached(DELETE_BEYOND)?
        .execute(params![customer.as_str(), channel, most])?;
    Ok(())
}

const DELETE_OF_CUSTOMER: &str = "delete from push_subscriptions where customer = ?1 and endpoint = ?2";

fn unsubscribe(connection: &Connection, customer: &CustomerId, endpoint: &str) -> Result<(), Fault> {
    connection
        .prepare_cached(DELETE_OF_CUSTOMER)?
        .execute([customer.as_str(), endpoint])?;
    Ok(())
}

const DELETE_SILENT: &str = "delete from push_subscriptions where updated_at < ?1";
pub(super) const DELETE_UNUSED: &str = "
    delete from push_subscriptions where updated_at >= ?1 and updated_at < ?2
    and not exists (select 1 from conversations where conversations.customer = push_subscriptions.customer)";

fn forget(connection: &Connection, said_before: i64, unused: &Range<i64>) -> Result<(), Fault> {
    connection.prepare_cached(DELETE_SILENT)?.execute([said_before])?;
    connection
        .prepare_cached(DELETE_UNUSED)?
        .execute([unused.start, unused.end])?;
    Ok(())
}

const DELETE_SUBSCRIPTION: &str = "delete from push_subscriptions where id = ?1";

/// Forgets a browser, and with it what it was to be told.
pub(super) fn remove(connection: &Connection, subscription: i64) -> Result<(), Fault> {
    connection
        .prepare_cached(DELETE_SUBSCRIPTION)?
        .execute([subscription])?;
    Ok(())
}

// A row that is there is due no later than before: one who writes and writes does not put the notification off.
pub(super) const UPSERT_PUSH: &str = "
    insert into pushes (subscription, conversation, seq, due_at, expires_at)
    select id, ?3, ?4, ?5, ?6 from push_subscriptions where customer = ?1 and channel = ?2
    on conflict (subscription, conversation) do update set seq = excluded.seq, attempts = 0,
        due_at = min(due_at, excluded.due_at), expires_at = excluded.expires_at";

/// Has the customer's browsers told of an event.
pub(super) fn add(connection: &Connection, push: &NewPush) -> Result<(), Fault> {
    connection.prepare_cached(UPSERT_PUSH)?.execute(params![
        push.customer.as_str(),
        push.channel,
        push.conversation.as_str(),
        position(push.seq),
        push.due_at,
        push.expires_at,
    ])?;
    Ok(())
}

const DELETE_PUSH: &str = "delete from pushes where subscription = ?1 and conversation = ?2 and seq = ?3";

/// Removes a notification, unless a newer event has taken its place.
pub(super) fn settle(connection: &Connection, key: &PushKey) -> Result<(), Fault> {
    connection.prepare_cached(DELETE_PUSH)?.execute(params![
        key.subscription,
        key.conversation.as_str(),
        position(key.seq)
    ])?;
    Ok(())
}

const RETRY_PUSH: &str = "update pushes set due_at = ?4 where subscription = ?1 and conversation = ?2 and seq = ?3";

/// Lets a notification be claimed again at `due_at`, unless a newer event has taken its place.
pub(super) fn retry(connection: &Connection, key: &PushKey, due_at: i64) -> Result<(), Fault> {
    postpone(connection, RETRY_PUSH, key, due_at)
}

const DEFER_PUSH: &str = "
    update pushes set due_at = ?4, attempts = max(attempts - 1, 0)
    where subscription = ?1 and conversation = ?2 and seq = ?3";

/// As [`retry`], and the claim before it was no attempt.
pub(super) fn defer(connection: &Connection, key: &PushKey, due_at: i64) -> Result<(), Fault> {
    postpone(connection, DEFER_PUSH, key, due_at)
}

fn postpone(connection: &Connection, update: &str, key: &PushKey, due_at: i64) -> Result<(), Fault> {
    connection.prepare_cached(update)?.execute(params![
        key.subscription,
        key.conversation.as_str(),
        position(key.seq),
        due_at
    ])?;
    Ok(())
}

const SELECT_NEXT: &str = "select min(due_at) from pushes";

fn next(connection: &Connection) -> Result<Option<i64>, Fault> {
    Ok(connection
        .prepare_cached(SELECT_NEXT)?
        .query_row([], |row| row.get(0))?)
}

const SELECT_DUE: &str = "
    select subscription, conversation, seq, attempts, expires_at,
        customer, channel, endpoint, p256dh, auth, page, note, updated_at
    from pushes join push_subscriptions on id = subscription
    where due_at <= ?1 order by due_at limit ?2";
const CLAIM: &str = "
    update pushes set due_at = ?3, attempts = attempts + 1 where subscription = ?1 and conversation = ?2";

fn claim(connection: &Connection, now: i64, lease_until: i64, limit: u32) -> Result<Vec<PushRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_DUE)?;
    let due: Vec<PushRecord> = select
        .query_map(params![now, limit], record)?
        .collect::<Result<_, _>>()?;
    for PushRecord { key, .. } in &due {
        let claimed = params![key.subscription, key.conversation.as_str(), lease_until];
        connection.prepare_cached(CLAIM)?.execute(claimed)?;
    }
    Ok(due)
}

fn record(row: &Row<'_>) -> rusqlite::Result<PushRecord> {
    Ok(PushRecord {
        key: PushKey {
            subscription: row.get(0)?,
            conversation: ConversationId::new(row.get::<_, String>(1)?),
            seq: Seq(row.get(2)?),
        },
        attempts: row.get(3)?,
        expires_at: row.get(4)?,
        to: PushSubscription {
            customer: CustomerId::new(row.get::<_, String>(5)?),
            channel: row.get(6)?,
            endpoint: row.get(7)?,
            p256dh: row.get(8)?,
            auth: row.get(9)?,
            page: row.get(10)?,
            note: row.get(11)?,
            updated_at: row.get(12)?,
        },
    })
}

#[async_trait]
impl PushStore for SqliteStore {
    async fn subscribe(&self, subscription: PushSubscription, proven_at: i64, most: u32) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| subscribe(connection, &subscription, proven_at, most))
            .await
    }

    async fn unsubscribe(&self, customer: &CustomerId, endpoint: &str) -> Result<(), StoreError> {
        let (customer, endpoint) = (customer.clone(), endpoint.to_owned());
        self.writer
            .write(move |connection| unsubscribe(connection, &customer, &endpoint))
            .await
    }

    async fn forget_subscriptions(&self, said_before: i64, unused: Range<i64>) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| forget(connection, said_before, &unused))
            .await
    }

    async fn next_push(&self) -> Result<Option<i64>, StoreError> {
        self.readers.read(next).await
    }

    async fn claim_pushes(&self, now: i64, lease_until: i64, limit: u32) -> Result<Vec<PushRecord>, StoreError> {
        self.writer
            .write(move |connection| claim(connection, now, lease_until, limit))
            .await
    }
}
