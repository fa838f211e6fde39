//! Time limits for agents and customers. Durations are in seconds.

use crate::cim::record::record;
use crate::json::Number;

record! {
    /// A limit that runs, or is configured: object-model 1.21.1 `AgentSla` and `CustomerSla`, which are alike.
    pub struct Sla {
        /// The whole limit.
        pub total_duration: Option<i64> = "totalDuration" always,
        /// What to do, as in `START_TIMER`.
        pub action: Option<String> = "action" always,
        /// Since when, as in `2024-01-26 12:59:44.163`: text in the model.
        pub start_time: Option<String> = "startTime" always,
    }
}

record! {
    /// A limit began to run: data of `AGENT_SLA_STARTED`.
    pub struct SlaStarted {
        /// The whole limit.
        pub total_duration: Option<i64> = "totalDuration",
        /// How much of it this part takes.
        pub current_slice_duration: Option<i64> = "currentSliceDuration",
        /// How much of it is over, of 100.
        pub percentage_completed: Option<Number> = "percentageCompleted",
        /// `START_TIMER`, or what a threshold asks: `CHANGE_COLOR`, `SHOW_POPUP`, `REMOVE_ALL_AGENTS`.
        pub action: Option<String> = "action",
    }
}
