//! Deadlines that survive a restart.

use crate::fault::Fault;
use portico_core::store::{Timer, TimerKind};
use portico_shared::ids::ConversationId;
use rusqlite::{Connection, params};

const UPSERT_TIMER: &str = "
    insert into timers (key, conversation, due_at) values (?1, ?2, ?3)
    on conflict (key) do update set conversation = excluded.conversation, due_at = excluded.due_at";

/// Creates or replaces a timer.
pub(super) fn set(connection: &Connection, timer: &Timer) -> Result<(), Fault> {
    let row = params![timer.key(), timer.conversation.as_str(), timer.due_at];
    connection.prepare_cached(UPSERT_TIMER)?.execute(row)?;
    Ok(())
}

const DELETE_TIMER: &str = "delete from timers where key = ?1";

/// Removes a timer; it need not exist.
pub(super) fn cancel(connection: &Connection, key: &str) -> Result<(), Fault> {
    connection.prepare_cached(DELETE_TIMER)?.execute([key])?;
    Ok(())
}

const SELECT_DUE: &str = "
    select key, conversation, due_at from timers where due_at <= ?1 order by due_at, key limit ?2";

/// Timers due at `now`, oldest first.
pub(super) fn due(connection: &Connection, now: i64, limit: u32) -> Result<Vec<Timer>, Fault> {
    let mut select = connection.prepare_cached(SELECT_DUE)?;
    let rows = select.query_map(params![now, limit], |row| {
        let conversation = ConversationId::new(row.get::<_, String>(1)?);
        Ok(Timer {
            kind: TimerKind::of_key(row.get(0)?, &conversation),
            conversation,
            due_at: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const POSTPONE_TIMER: &str = "update timers set due_at = ?3 where key = ?1 and due_at = ?2";

/// Moves a timer that still is what the caller read; one that was moved or cancelled meanwhile is left alone.
pub(super) fn postpone(connection: &Connection, timer: &Timer, due_at: i64) -> Result<(), Fault> {
    let row = params![timer.key(), timer.due_at, due_at];
    connection.prepare_cached(POSTPONE_TIMER)?.execute(row)?;
    Ok(())
}

const SELECT_NEXT: &str = "select min(due_at) from timers";

/// When the next timer is due.
pub(super) fn next_due(connection: &Connection) -> Result<Option<i64>, Fault> {
    Ok(connection
        .prepare_cached(SELECT_NEXT)?
        .query_row([], |row| row.get(0))?)
}
