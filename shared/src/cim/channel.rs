//! A channel as the operator configured it. Durations are in seconds.

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::sla::Sla;
use serde_json::Value;

record! {
    /// One address under which customers reach the contact centre: object-model 1.21.1 `Channel`.
    pub struct Channel {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
        /// What customers dial to reach it.
        pub service_identifier: Option<String> = "serviceIdentifier",
        /// Whether agents' outbound messages go here by default.
        pub default_outbound: Option<bool> = "defaultOutbound",
        /// Whose it is.
        pub tenant: Option<Tenant> = "tenant",
        /// How it behaves.
        pub channel_config: Option<ChannelConfig> = "channelConfig",
        /// What connects it.
        pub channel_connector: Option<ChannelConnector> = "channelConnector",
        /// What sort of channel it is.
        pub channel_type: Option<ChannelType> = "channelType",
    }
}

record! {
    /// An operator: object-model 1.21.1 `Tenant`.
    pub struct Tenant {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
    }
}

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

record! {
    /// A sort of channel: object-model 1.21.1 `ChannelType`.
    pub struct ChannelType {
        /// Its id.
        pub id: Option<String> = "id",
        /// `WEB`, `WHATSAPP`, `CX_VOICE` and so on; operators add their own, in any case.
        pub name: Option<String> = "name",
        /// A picture's file name.
        pub channel_logo: Option<String> = "channelLogo",
        /// Whether people talk on it live.
        pub is_interactive: Option<bool> = "isInteractive",
        /// The media routing domain of its requests.
        pub media_routing_domain: Option<String> = "mediaRoutingDomain",
    }
}
