//! What bots are still to receive: one row for each event and bot, in lanes of one target and one conversation.
//!
//! Only the first row of a lane carries the mark `next`, and only such rows are looked at when deliveries are claimed.
//! A bot that is away for an hour leaves a long lane behind, and claiming for the others costs the same as before.

use crate::encoding::position;
use crate::fault::Fault;
use portico_core::store::{DeliveryRecord, NewDelivery};
use portico_shared::ids::{ConversationId, ParticipantId, Seq};
use rusqlite::{Connection, OptionalExtension, Row, params};

const INSERT_DELIVERY: &str = "
    insert into deliveries (target, conversation, seq, due_at, waits_since, place) values (?1, ?2, ?3, ?4, ?4, iif(
        exists (select 1 from deliveries where target = ?1 and conversation = ?2 and place <> 'dead'),
        'behind', 'next'))";

/// Puts a delivery at the end of its lane.
pub(super) fn add(connection: &Connection, delivery: &NewDelivery) -> Result<(), Fault> {
    connection.prepare_cached(INSERT_DELIVERY)?.execute(params![
        delivery.target.as_str(),
        delivery.conversation.as_str(),
        position(delivery.seq),
        delivery.due_at,
    ])?;
    Ok(())
}

/// Steps from one target to the next in the index: what it costs depends on the bots, not on what waits for them.
const SELECT_TARGETS: &str = "
    with recursive targets (target) as (
        select min(target) from deliveries where place = 'next'
        union all
        select (select min(target) from deliveries where place = 'next' and target > targets.target)
        from targets where targets.target is not null)
    select target from targets where target is not null";

/// Bots for which deliveries wait.
pub(super) fn targets(connection: &Connection) -> Result<Vec<ParticipantId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_TARGETS)?;
    let rows = select.query_map([], |row| row.get::<_, String>(0).map(ParticipantId::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const SELECT_DUE: &str = "
    select id, target, conversation, seq, attempts, error from deliveries
    where place = 'next' and target = ?1 and due_at <= ?2 order by due_at, id limit ?3";
const CLAIM: &str = "
    update deliveries
    set claimed_from = coalesce(claimed_from, due_at), due_at = ?2, attempts = attempts + 1
    where id = ?1";

/// Claims deliveries due at `now`, for each target as many as it has places. A claimed one is due again when its lease
/// ends, unless it is settled before.
pub(super) fn claim(
    connection: &Connection,
    now: i64,
    lease_until: i64,
    limits: &[(ParticipantId, u32)],
) -> Result<Vec<DeliveryRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_DUE)?;
    let mut due = Vec::new();
    for (target, limit) in limits {
        for delivery in select.query_map(params![target.as_str(), now, limit], record)? {
            due.push(delivery?);
        }
    }
    lease(connection, &due, lease_until)?;
    Ok(due)
}

pub(super) const SELECT_OVERDUE: &str = "
    select id, target, conversation, seq, attempts, error from deliveries
    where place = 'next' and target = ?1 and waits_since <= ?2 and (claimed_from is null or due_at <= ?3)
    order by waits_since, id limit ?4";

/// As [`claim`], deliveries that were due for the first time at `since`, due again or not.
pub(super) fn claim_overdue(
    connection: &Connection,
    since: i64,
    now: i64,
    lease_until: i64,
    limits: &[(ParticipantId, u32)],
) -> Result<Vec<DeliveryRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_OVERDUE)?;
    let mut overdue = Vec::new();
    for (target, limit) in limits {
        for delivery in select.query_map(params![target.as_str(), since, now, limit], record)? {
            overdue.push(delivery?);
        }
    }
    lease(connection, &overdue, lease_until)?;
    Ok(overdue)
}

fn lease(connection: &Connection, claimed: &[DeliveryRecord], until: i64) -> Result<(), Fault> {
    for delivery in claimed {
        connection.prepare_cached(CLAIM)?.execute([delivery.id, until])?;
    }
    Ok(())
}

const RELEASE: &str = "
    update deliveries set due_at = claimed_from, claimed_from = null where claimed_from is not null";

/// Gives back what a process claimed that has ended since: a customer need not wait for its leases.
pub(super) fn release(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(RELEASE, [])?;
    Ok(())
}

const DELETE_DELIVERY: &str = "delete from deliveries where id = ?1 returning target, conversation";

/// Removes a delivery that is done; the next of its lane moves up. It need not exist: a lease may have ended, and
/// somebody else have settled it.
pub(super) fn settle(connection: &Connection, id: i64) -> Result<(), Fault> {
    leave_lane(connection, DELETE_DELIVERY, params![id])
}

const BURY_DELIVERY: &str = "
    update deliveries set place = 'dead', claimed_from = null, error = ?2 where id = ?1 and place <> 'dead'
    returning target, conversation";

/// Makes a delivery a dead letter; the next of its lane moves up.
pub(super) fn bury(connection: &Connection, id: i64, error: &str) -> Result<(), Fault> {
    leave_lane(connection, BURY_DELIVERY, params![id, error])
}

const MOVE_UP: &str = "
    update deliveries set place = 'next' where id = (
        select min(id) from deliveries where target = ?1 and conversation = ?2 and place <> 'dead')
    and place = 'behind'";

/// Takes a row out of its lane with `statement` and lets the next one move up.
fn leave_lane(connection: &Connection, statement: &'static str, params: impl rusqlite::Params) -> Result<(), Fault> {
    let mut leave = connection.prepare_cached(statement)?;
    let lane = leave.query_row(params, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    if let Some((target, conversation)) = lane.optional()? {
        connection.prepare_cached(MOVE_UP)?.execute([target, conversation])?;
    }
    Ok(())
}

const RETRY_DELIVERY: &str = "
    update deliveries set due_at = ?2, claimed_from = null, error = ?3 where id = ?1 and place <> 'dead'";

/// Lets a delivery be claimed again at `due_at`.
pub(super) fn retry(connection: &Connection, id: i64, due_at: i64, error: &str) -> Result<(), Fault> {
    connection
        .prepare_cached(RETRY_DELIVERY)?
        .execute(params![id, due_at, error])?;
    Ok(())
}

const UPSERT_REST: &str = "
    insert into rests (target, until) values (?1, ?2)
    on conflict (target) do update set until = max(until, excluded.until)";

/// Remembers until when a bot is left alone.
pub(super) fn rest(connection: &Connection, target: &ParticipantId, until: i64) -> Result<(), Fault> {
    connection
        .prepare_cached(UPSERT_REST)?
        .execute(params![target.as_str(), until])?;
    Ok(())
}

const SELECT_RESTS: &str = "select target, until from rests";

/// Until when bots are left alone, or were.
pub(super) fn rests(connection: &Connection) -> Result<Vec<(ParticipantId, i64)>, Fault> {
    let mut select = connection.prepare_cached(SELECT_RESTS)?;
    let rows = select.query_map([], |row| {
        Ok((ParticipantId::new(row.get::<_, String>(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const SELECT_DEAD: &str = "
    select id, target, conversation, seq, attempts, error from deliveries
    where place = 'dead' order by id desc limit ?1";

/// Dead letters, newest first.
pub(super) fn dead(connection: &Connection, limit: u32) -> Result<Vec<DeliveryRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_DEAD)?;
    let rows = select.query_map([limit], record)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const REVIVE: &str = "
    update deliveries set due_at = ?2, waits_since = ?2, attempts = 0, place = iif(
        exists (select 1 from deliveries as other where other.target = deliveries.target
            and other.conversation = deliveries.conversation and other.place <> 'dead'),
        'behind', 'next')
    where id = ?1 and place = 'dead'";

/// Puts a dead letter back into its lane, before all that was to come after it. False if there is none.
pub(super) fn revive(connection: &Connection, id: i64, due_at: i64) -> Result<bool, Fault> {
    let revived = connection.prepare_cached(REVIVE)?.execute([id, due_at])?;
    Ok(revived > 0)
}

fn record(row: &Row<'_>) -> rusqlite::Result<DeliveryRecord> {
    Ok(DeliveryRecord {
        id: row.get(0)?,
        target: ParticipantId::new(row.get::<_, String>(1)?),
        conversation: ConversationId::new(row.get::<_, String>(2)?),
        seq: Seq(row.get(3)?),
        attempts: row.get(4)?,
        error: row.get(5)?,
    })
}
