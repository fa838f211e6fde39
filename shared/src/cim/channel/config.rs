//! How a channel behaves and what connects it. Durations are in seconds.

use crate::cim::channel::{ChannelType, Tenant};
use crate::cim::open_enum::open_enum;
use crate::cim::sla::Sla;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// How a channel behaves: object-model 1.21.1 `ChannelConfig`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelConfig {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Who answers.
    pub channel_mode: Option<ChannelMode>,
    /// The bot that holds conversations.
    pub conversation_bot: Option<String>,
    /// Within how many seconds an agent has to answer; 0 for no limit.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub response_sla: Option<i64>,
    /// After how many silent seconds a customer counts as inactive.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub customer_activity_timeout: Option<i64>,
    /// What happens to silent customers.
    pub customer_sla: Option<Sla>,
    /// Not defined; `{value}`.
    pub customer_identification_criteria: Option<Value>,
    /// How requests for an agent are routed.
    pub routing_policy: Option<RoutingPolicy>,
    /// The bot assigned to it.
    pub bot_id: Option<String>,
}

open_enum! {
    /// Who answers on a channel: object-model 1.21.1 `ChannelMode`.
    pub enum ChannelMode: any_case {
        Bot = "BOT",
        Agent = "AGENT",
        Hybrid = "HYBRID",
    }
}

/// How requests for an agent are routed: object-model 1.21.1 `RoutingPolicy`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RoutingPolicy {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which of the free agents.
    pub agent_selection_policy: Option<AgentSelectionPolicy>,
    /// Whether the agent of last time comes first.
    pub route_to_last_agent: Option<bool>,
    /// Offered to agents, or fetched by them.
    pub routing_mode: Option<RoutingMode>,
    /// The queue or the pull list.
    pub routing_object_id: Option<String>,
    /// How many seconds a request waits.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub agent_request_ttl: Option<i64>,
}

open_enum! {
    /// Which of the free agents is asked: object-model 1.21.1 `AgentSelectionPolicy`.
    pub enum AgentSelectionPolicy: any_case {
        LeastSkilled = "LEAST_SKILLED",
        MostSkilled = "MOST_SKILLED",
        LongestAvailable = "LONGEST_AVAILABLE",
    }
}

open_enum! {
    /// How requests reach agents: object-model 1.21.1 `RoutingMode`.
    pub enum RoutingMode: any_case {
        /// Offered to one agent after another.
        Push = "PUSH",
        /// Fetched from a list.
        Pull = "PULL",
        /// Routed by somebody else.
        External = "EXTERNAL",
    }
}

/// What connects a channel: object-model 1.21.1 `ChannelConnector`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelConnector {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The program behind it.
    pub channel_provider_interface: Option<ChannelProviderInterface>,
    /// What it is told: provider's settings as JSON.
    #[serde(deserialize_with = "lenient::or_default")]
    pub channel_provider_configs: Vec<Value>,
    /// Whose it is.
    pub tenant: Option<Tenant>,
}

/// A program that connects channels: object-model 1.21.1 `ChannelProviderInterface`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelProviderInterface {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it can connect.
    #[serde(deserialize_with = "lenient::or_default")]
    pub supported_channel_types: Vec<ChannelType>,
    /// Where it takes outbound messages.
    pub provider_webhook: Option<String>,
    /// What it needs to be told.
    #[serde(deserialize_with = "lenient::or_default")]
    pub channel_provider_config_schema: Vec<Value>,
}
