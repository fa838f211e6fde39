//! Whether agents are there, over all and per media routing domain (MRD).

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::{CcUser, Timestamp};

record! {
    /// Whether an agent is there: object-model 1.21.1 `AgentPresence`.
    pub struct AgentPresence {
        /// Who.
        pub agent: Option<CcUser> = "agent",
        /// Over all.
        pub state: Option<AgentState> = "state",
        /// Since when.
        pub state_change_time: Option<Timestamp> = "stateChangeTime",
        /// In each domain.
        pub agent_mrd_states: Vec<AgentMrdState> = "agentMrdStates" always,
        /// Since when the agent is logged in.
        pub agent_login_time: Option<Timestamp> = "agentLoginTime",
    }
}

record! {
    /// An agent's state over all: object-model 1.21.1 `AgentState`.
    pub struct AgentState {
        /// Which.
        pub name: AgentStateName = "name",
        /// Why, if the agent said so.
        pub reason_code: Option<ReasonCode> = "reasonCode" always,
    }
}

open_enum! {
    /// States of an agent over all: object-model 1.21.1 `AgentStateName`.
    pub enum AgentStateName {
        Logout = "LOGOUT",
        /// Passes at once to not ready.
        Login = "LOGIN",
        NotReady = "NOT_READY",
        Ready = "READY",
    }
}

record! {
    /// A reason that the operator offers: object-model 1.21.1 `ReasonCode`.
    pub struct ReasonCode {
        /// Its id.
        pub id: Option<String> = "id",
        /// What agents pick.
        pub name: Option<String> = "name",
        /// `NOT_READY` or `LOGOUT`.
        pub kind: Option<AgentStateName> = "type",
    }
}

record! {
    /// An agent's state in one domain: object-model 1.21.1 `AgentMrdState`.
    pub struct AgentMrdState {
        /// Which domain.
        pub mrd: Option<MediaRoutingDomain> = "mrd",
        /// The state.
        pub state: AgentMrdStateName = "state",
        /// The state before.
        pub previous_state: Option<AgentMrdStateName> = "previousState",
        /// Since when.
        pub state_change_time: Option<Timestamp> = "stateChangeTime",
        /// When it was last ready.
        pub last_ready_state_change_time: Option<Timestamp> = "lastReadyStateChangeTime",
        /// How many tasks at once.
        pub max_agent_tasks: Option<i64> = "maxAgentTasks",
    }
}

open_enum! {
    /// States of an agent in one domain: object-model 1.21.1 `AgentMrdStateName`.
    pub enum AgentMrdStateName {
        Login = "LOGIN",
        NotReady = "NOT_READY",
        /// Free, takes work.
        Ready = "READY",
        /// Has work, takes more.
        Active = "ACTIVE",
        /// Has as many tasks as allowed.
        Busy = "BUSY",
        /// Not ready once the last task is done.
        PendingNotReady = "PENDING_NOT_READY",
        /// Kept from work by a domain that cannot be interrupted.
        Interrupted = "INTERRUPTED",
        /// After a failure.
        Unknown = "UNKNOWN",
        Logout = "LOGOUT",
    }
}

impl AgentMrdStateName {
    /// Whether an agent in this state is offered work.
    pub fn takes_work(&self) -> bool {
        matches!(self, Self::Ready | Self::Active)
    }
}

record! {
    /// A media routing domain, "channel category" to users: object-model 1.21.1 `MediaRoutingDomain`.
    pub struct MediaRoutingDomain {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its type's id.
        pub kind: Option<String> = "type",
        /// Its name.
        pub name: Option<String> = "name",
        /// What it is for.
        pub description: Option<String> = "description",
        /// How many tasks an agent may have at once.
        pub max_requests: Option<i64> = "maxRequests",
        /// Whether other domains may offer work meanwhile.
        pub interruptible: Option<bool> = "interruptible",
    }
}
