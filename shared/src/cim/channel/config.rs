//! How a channel behaves and what connects it. Durations are in seconds.

use crate::cim::channel::{ChannelType, Tenant};
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::sla::Sla;
use crate::json::Value;

record! {
    /// How a channel behaves: object-model 1.21.1 `ChannelConfig`.
    pub struct ChannelConfig {
        /// Its id.
        pub id: Option<String> = "id",
        /// Who answers.
        pub channel_mode: Option<ChannelMode> = "channelMode",
        /// The bot that holds conversations.
        pub conversation_bot: Option<String> = "conversationBot",
        /// Within how many seconds an agent has to answer; 0 for no limit.
        pub response_sla: Option<i64> = "responseSla",
        /// After how many silent seconds a customer counts as inactive.
        pub customer_activity_timeout: Option<i64> = "customerActivityTimeout",
        /// What happens to silent customers.
        pub customer_sla: Option<Sla> = "customerSla",
        /// Not defined; `{value}`.
        pub customer_identification_criteria: Option<Value> = "customerIdentificationCriteria",
        /// How requests for an agent are routed.
        pub routing_policy: Option<RoutingPolicy> = "routingPolicy",
        /// The bot assigned to it.
        pub bot_id: Option<String> = "botId",
    }
}

open_enum! {
    /// Who answers on a channel: object-model 1.21.1 `ChannelMode`.
    pub enum ChannelMode: any_case {
        Bot = "BOT",
        Agent = "AGENT",
        Hybrid = "HYBRID",
    }
}

record! {
    /// How requests for an agent are routed: object-model 1.21.1 `RoutingPolicy`.
    pub struct RoutingPolicy {
        /// Which of the free agents.
        pub agent_selection_policy: Option<AgentSelectionPolicy> = "agentSelectionPolicy",
        /// Whether the agent of last time comes first.
        pub route_to_last_agent: Option<bool> = "routeToLastAgent",
        /// Offered to agents, or fetched by them.
        pub routing_mode: Option<RoutingMode> = "routingMode",
        /// The queue or the pull list.
        pub routing_object_id: Option<String> = "routingObjectId",
        /// How many seconds a request waits.
        pub agent_request_ttl: Option<i64> = "agentRequestTtl",
    }
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

record! {
    /// What connects a channel: object-model 1.21.1 `ChannelConnector`.
    pub struct ChannelConnector {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
        /// The program behind it.
        pub channel_provider_interface: Option<ChannelProviderInterface> = "channelProviderInterface",
        /// What it is told: provider's settings as JSON.
        pub channel_provider_configs: Vec<Value> = "channelProviderConfigs" always,
        /// Whose it is.
        pub tenant: Option<Tenant> = "tenant",
    }
}

record! {
    /// A program that connects channels: object-model 1.21.1 `ChannelProviderInterface`.
    pub struct ChannelProviderInterface {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
        /// What it can connect.
        pub supported_channel_types: Vec<ChannelType> = "supportedChannelTypes" always,
        /// Where it takes outbound messages.
        pub provider_webhook: Option<String> = "providerWebhook",
        /// What it needs to be told.
        pub channel_provider_config_schema: Vec<Value> = "channelProviderConfigSchema" always,
    }
}
