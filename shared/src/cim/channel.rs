//! A channel as the operator configured it. Durations are in seconds.

use crate::cim::record::record;

mod config;

pub use config::{
    AgentSelectionPolicy, ChannelConfig, ChannelConnector, ChannelMode, ChannelProviderInterface, RoutingMode,
    RoutingPolicy,
};

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
