//! Requests for an agent, and the agents' states.

use crate::fault::{Fault, decode, encode};
use portico_core::store::{AgentStateRecord, TaskPhase, TaskRecord};
use portico_shared::ids::{ParticipantId, TaskId};
use rusqlite::{Connection, Params, params};
use serde::de::DeserializeOwned;

const UPSERT_TASK: &str = "
    insert into tasks (id, open, priority, enqueued_at, record) values (?1, ?2, ?3, ?4, ?5)
    on conflict (id) do update set open = excluded.open, priority = excluded.priority,
        enqueued_at = excluded.enqueued_at, record = excluded.record";

/// Creates or replaces a task.
pub(super) fn put_task(connection: &Connection, task: &TaskRecord) -> Result<(), Fault> {
    let open = match task.state {
        TaskPhase::Queued | TaskPhase::Reserved | TaskPhase::Active => true,
        TaskPhase::Closed => false,
    };
    let row = params![task.id.as_str(), open, task.priority, task.enqueued_at, encode(task)?];
    connection.prepare_cached(UPSERT_TASK)?.execute(row)?;
    Ok(())
}

const SELECT_TASK: &str = "select record from tasks where id = ?1";

/// One task.
pub(super) fn task(connection: &Connection, id: &TaskId) -> Result<Option<TaskRecord>, Fault> {
    record(connection, SELECT_TASK, id.as_str(), "task")
}

const SELECT_OPEN_TASKS: &str = "
    select id, record from tasks where open order by priority desc, enqueued_at, id";

/// Tasks that are not closed, most urgent first.
pub(super) fn open_tasks(connection: &Connection) -> Result<Vec<TaskRecord>, Fault> {
    records(connection, SELECT_OPEN_TASKS, [], "task")
}

/// SQLite looks at the open tasks alone, by their index, and takes an agent's out of them: few rows, and one index less to
/// write with each task.
pub(super) const SELECT_OPEN_TASKS_OF: &str = "
    select id, record from tasks where open and record ->> '$.assigned_to' = ?1 order by enqueued_at, id";

/// Tasks that are not closed and that an agent has or is offered.
pub(super) fn open_tasks_of(connection: &Connection, agent: &ParticipantId) -> Result<Vec<TaskRecord>, Fault> {
    records(connection, SELECT_OPEN_TASKS_OF, [agent.as_str()], "task")
}

const UPSERT_AGENT_STATE: &str = "
    insert into agent_states (agent, record) values (?1, ?2)
    on conflict (agent) do update set record = excluded.record";

/// Writes an agent's state over its last one.
pub(super) fn put_agent_state(connection: &Connection, state: &AgentStateRecord) -> Result<(), Fault> {
    connection
        .prepare_cached(UPSERT_AGENT_STATE)?
        .execute([state.agent.as_str(), &encode(state)?])?;
    Ok(())
}

const UPDATE_AGENT_SINCE: &str = "
    update agent_states set record = json_set(record, '$.since', ?2) where agent = ?1";

/// Moves the time since when an agent is in its state.
pub(super) fn agent_is_free(connection: &Connection, agent: &ParticipantId, since: i64) -> Result<(), Fault> {
    connection
        .prepare_cached(UPDATE_AGENT_SINCE)?
        .execute(params![agent.as_str(), since])?;
    Ok(())
}

const SELECT_AGENT_STATE: &str = "select record from agent_states where agent = ?1";

/// One agent's state.
pub(super) fn agent_state(connection: &Connection, agent: &ParticipantId) -> Result<Option<AgentStateRecord>, Fault> {
    record(connection, SELECT_AGENT_STATE, agent.as_str(), "state of agent")
}

const SELECT_AGENT_STATES: &str = "select agent, record from agent_states order by agent";

/// Every agent's state.
pub(super) fn agent_states(connection: &Connection) -> Result<Vec<AgentStateRecord>, Fault> {
    records(connection, SELECT_AGENT_STATES, [], "state of agent")
}

fn record<T: DeserializeOwned>(
    connection: &Connection,
    statement: &'static str,
    id: &str,
    what: &'static str,
) -> Result<Option<T>, Fault> {
    let mut select = connection.prepare_cached(statement)?;
    let mut rows = select.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    decode(&row.get::<_, String>(0)?, || format!("{what} {id}")).map(Some)
}

fn records<T: DeserializeOwned>(
    connection: &Connection,
    statement: &'static str,
    params: impl Params,
    what: &'static str,
) -> Result<Vec<T>, Fault> {
    let mut select = connection.prepare_cached(statement)?;
    let mut rows = select.query(params)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        records.push(decode(&row.get::<_, String>(1)?, || format!("{what} {id}"))?);
    }
    Ok(records)
}
