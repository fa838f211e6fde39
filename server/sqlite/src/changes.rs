//! The changes of a commit, each written to its table.

use crate::fault::Fault;
use crate::{
    attributes, audit, customers, deliveries, erasures, files, identities, labels, log, merges, people, programs, push,
    routing, timers,
};
use portico_core::store::Change;
use rusqlite::Connection;

/// Writes changes in their order.
pub(super) fn write(connection: &Connection, changes: &[Change]) -> Result<(), Fault> {
    let mut has_changed = true;
    for change in changes {
        has_changed = match change {
            Change::StateIdentity { customer, identity } => identities::state(connection, customer, identity),
            Change::RetractIdentities {
                customer,
                channel,
                said_by,
                key,
            } => identities::retract(connection, customer, channel, *said_by, key.as_deref()),
            Change::LabelCustomer { customer, label } => labels::put(connection, customer, label),
            Change::UnlabelCustomer { customer, label } => labels::remove(connection, customer, label),
            Change::SetAttribute { customer, key, value } => attributes::set(connection, customer, key, value),
            Change::UnsetAttribute { customer, key } => attributes::unset(connection, customer, key),
            Change::UndoMerge { customer, by, at } => merges::undo(connection, customer, by, *at),
            Change::EndSessions(user) => people::end_sessions(connection, user),
            Change::AuditIfChanged(new) if has_changed => audit::add(connection, new).map(|()| true),
            Change::AuditIfChanged(_) => Ok(false),
            change => write_one(connection, change).map(|()| true),
        }?;
    }
    Ok(())
}

/// Writes a change of which it makes no difference whether it changes anything.
fn write_one(connection: &Connection, change: &Change) -> Result<(), Fault> {
    match change {
        Change::UnlessErased { customer, since } => erasures::not_since(connection, customer, *since),
        Change::Customer { before, after } => customers::put(connection, before.as_deref(), after),
        Change::MoveAuthor { conversation, from, to } => {
            log::move_author(connection, conversation, from, to).and_then(|()| files::move_owner(connection, from, to))
        }
        Change::MoveActivities { from, to } => customers::move_activities(connection, from, to),
        Change::MoveIdentities { from, to } => identities::move_all(connection, from, to),
        Change::MergeCustomers(merge) => merges::merge(connection, merge),
        Change::User(user) => people::put_user(connection, user),
        Change::Credential(credential) => people::put_credential(connection, credential),
        Change::Program(program) => programs::put(connection, program),
        Change::Audit(new) => audit::add(connection, new),
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
        Change::EraseConversation(erased) => erasures::conversation(connection, erased),
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
        Change::Push(new) => push::add(connection, new),
        Change::SettlePush(key) => push::settle(connection, key),
        Change::RetryPush { push, due_at } => push::retry(connection, push, *due_at),
        Change::DeferPush { push, due_at } => push::defer(connection, push, *due_at),
        Change::Unsubscribe { subscription } => push::remove(connection, *subscription),
        // They are written by `write`, which has to know what they change.
        Change::StateIdentity { .. }
        | Change::RetractIdentities { .. }
        | Change::LabelCustomer { .. }
        | Change::UnlabelCustomer { .. }
        | Change::SetAttribute { .. }
        | Change::UnsetAttribute { .. }
        | Change::UndoMerge { .. }
        | Change::EndSessions(_)
        | Change::AuditIfChanged(_) => Ok(()),
    }
}
