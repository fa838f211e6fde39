//! How requests go to agents.

use serde::Deserialize;

/// Timers of routing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// How long an offer rings before it goes to the next agent, in seconds.
    pub offer_seconds: u64,
    /// How long an agent without a connection keeps its conversations and its place in the order of offers, in seconds.
    pub agent_grace_seconds: u64,
}

impl Routing {
    /// [`Routing::agent_grace_seconds`] in milliseconds.
    pub(crate) fn grace_ms(&self) -> i64 {
        let seconds = i64::try_from(self.agent_grace_seconds).unwrap_or(i64::MAX);
        seconds.saturating_mul(1_000)
    }
}
