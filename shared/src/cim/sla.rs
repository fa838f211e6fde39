//! Time limits for agents and customers. Durations are in seconds.

use crate::json::{Map, Number};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A limit that runs, or is configured: object-model 1.21.1 `AgentSla` and `CustomerSla`, which are alike.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Sla {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The whole limit.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub total_duration: Option<i64>,
    /// What to do, as in `START_TIMER`.
    pub action: Option<String>,
    /// Since when, as in `2024-01-26 12:59:44.163`: text in the model.
    pub start_time: Option<String>,
}

/// A limit began to run: data of `AGENT_SLA_STARTED`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SlaStarted {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The whole limit.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub total_duration: Option<i64>,
    /// How much of it this part takes.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub current_slice_duration: Option<i64>,
    /// How much of it is over, of 100.
    pub percentage_completed: Option<Number>,
    /// `START_TIMER`, or what a threshold asks: `CHANGE_COLOR`, `SHOW_POPUP`, `REMOVE_ALL_AGENTS`.
    pub action: Option<String>,
}
