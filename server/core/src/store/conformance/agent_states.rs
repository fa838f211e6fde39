//! Whether agents take requests: [`AgentStateStore`].
//!
//! [`AgentStateStore`]: crate::store::AgentStateStore

use crate::store::conformance::World;
use crate::store::{AgentStateRecord, Change};
use portico_shared::ids::ParticipantId;

pub async fn agent_states_are_the_last_written(world: &impl World) {
    let store = world.open();
    let state = |agent: &str, ready, since| AgentStateRecord {
        agent: ParticipantId::new(agent),
        ready,
        reason: (!ready).then(|| "lunch".to_owned()),
        since,
    };
    let written = [state("ann", true, 1), state("bob", true, 2), state("ann", false, 3)];
    store
        .apply(written.iter().cloned().map(Change::AgentState).collect())
        .await
        .expect("written");
    let mut states = store.agent_states().await.expect("readable");
    states.sort_by_key(|state| state.since);
    assert_eq!(states, written[1..]);
    let one = async |agent| store.agent_state(&ParticipantId::new(agent)).await.expect("readable");
    assert_eq!(one("ann").await, Some(state("ann", false, 3)));
    assert_eq!(one("bob").await, Some(state("bob", true, 2)));
    assert_eq!(one("nobody").await, None);

    let free = |agent: &str| Change::AgentFree {
        agent: ParticipantId::new(agent),
        since: 9,
    };
    let freed = vec![free("ann"), free("nobody")];
    store.apply(freed).await.expect("written");
    let mut states = store.agent_states().await.expect("readable");
    states.sort_by_key(|state| state.since);
    assert_eq!(states, [state("bob", true, 2), state("ann", false, 9)]);
}
