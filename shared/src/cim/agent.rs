//! Whether agents are there, over all and per media routing domain (MRD).

use crate::cim::open_enum::open_enum;
use crate::cim::{CcUser, Timestamp};
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Whether an agent is there: object-model 1.21.1 `AgentPresence`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentPresence {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    pub agent: Option<CcUser>,
    /// Over all.
    pub state: Option<AgentState>,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub state_change_time: Option<Timestamp>,
    /// In each domain.
    #[serde(deserialize_with = "lenient::or_default")]
    pub agent_mrd_states: Vec<AgentMrdState>,
    /// Since when the agent is logged in.
    #[serde(deserialize_with = "lenient::time")]
    pub agent_login_time: Option<Timestamp>,
}

/// An agent's state over all: object-model 1.21.1 `AgentState`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentState {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: AgentStateName,
    /// Why, if the agent said so.
    pub reason_code: Option<ReasonCode>,
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

/// A reason that the operator offers: object-model 1.21.1 `ReasonCode`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReasonCode {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// What agents pick.
    pub name: Option<String>,
    /// `NOT_READY` or `LOGOUT`.
    #[serde(rename = "type")]
    pub kind: Option<AgentStateName>,
}

/// An agent's state in one domain: object-model 1.21.1 `AgentMrdState`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentMrdState {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which domain.
    pub mrd: Option<MediaRoutingDomain>,
    /// The state.
    #[serde(deserialize_with = "lenient::or_default")]
    pub state: AgentMrdStateName,
    /// The state before.
    pub previous_state: Option<AgentMrdStateName>,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub state_change_time: Option<Timestamp>,
    /// When it was last ready.
    #[serde(deserialize_with = "lenient::time")]
    pub last_ready_state_change_time: Option<Timestamp>,
    /// How many tasks at once.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub max_agent_tasks: Option<i64>,
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

/// A media routing domain, "channel category" to users: object-model 1.21.1 `MediaRoutingDomain`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MediaRoutingDomain {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its type's id.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// How many tasks an agent may have at once.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub max_requests: Option<i64>,
    /// Whether other domains may offer work meanwhile.
    pub interruptible: Option<bool>,
}
