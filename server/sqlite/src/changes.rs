//! The changes of a commit, each written to its table.

use crate::fault::Fault;
use crate::{customers, deliveries, files, log, routing, timers};
use portico_core::store::Change;
use rusqlite::Connection;

/// Writes changes in their order.
pub(super) fn write(connection: &Connection, changes: &[Change]) -> Result<(), Fault> {
    for change in changes {
        match change {
            Change::Customer { before, after } => customers::put(connection, before.as_deref(), after),
            Change::MoveAuthor { conversation, from, to } => log::move_author(connection, conversation, from, to)
                .and_then(|()| files::move_owner(connection, from, to)),
            Change::MoveActivities { from, to } => customers::move_activities(connection, from, to),
            Change::Task(task) => routing::put_task(connection, task),
            Change::SetTimer(timer) => timers::set(connection, timer),
            Change::PostponeTimer { timer, due_at } => timers::postpone(connection, timer, *due_at),
            Change::CancelTimer { conversation, kind } => timers::cancel(connection, &kind.key(conversation)),
            Change::Deliver(delivery) => deliveries::add(connection, delivery),
            Change::Settle(id) => deliveries::settle(connection, *id),
            Change::Retry { id, due_at, error } => deliveries::retry(connection, *id, *due_at, error),
            Change::Rest { bot, until } => deliveries::rest(connection, bot, *until),
            Change::Dead { id, error } => deliveries::bury(connection, *id, error),
            Change::AgentState(state) => routing::put_agent_state(connection, state),
            Change::AgentFree { agent, since } => routing::agent_is_free(connection, agent, *since),
            Change::CustomerActivity {
                customer,
                event,
                author,
                client_id,
            } => customers::add_activity(connection, customer, event, author, client_id.as_ref()),
            Change::PostFile {
                file,
                owner,
                conversation,
                readers,
                expires_at,
            } => {
                let post = files::Post {
                    file,
                    owner,
                    conversation,
                    readers: *readers,
                    expires_at: *expires_at,
                };
                files::post(connection, &post)
            }
        }?;
    }
    Ok(())
}
