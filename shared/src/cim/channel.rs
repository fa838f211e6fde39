//! A channel as the operator configured it. Durations are in seconds.

use crate::json::Map;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
mod config;

pub use config::{
    AgentSelectionPolicy, ChannelConfig, ChannelConnector, ChannelMode, ChannelProviderInterface, RoutingMode,
    RoutingPolicy,
};

/// One address under which customers reach the contact centre: object-model 1.21.1 `Channel`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Channel {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What customers dial to reach it.
    pub service_identifier: Option<String>,
    /// Whether agents' outbound messages go here by default.
    pub default_outbound: Option<bool>,
    /// Whose it is.
    pub tenant: Option<Tenant>,
    /// How it behaves.
    pub channel_config: Option<ChannelConfig>,
    /// What connects it.
    pub channel_connector: Option<ChannelConnector>,
    /// What sort of channel it is.
    pub channel_type: Option<ChannelType>,
}

/// An operator: object-model 1.21.1 `Tenant`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tenant {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// A sort of channel: object-model 1.21.1 `ChannelType`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelType {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// `WEB`, `WHATSAPP`, `CX_VOICE` and so on; operators add their own, in any case.
    pub name: Option<String>,
    /// A picture's file name.
    pub channel_logo: Option<String>,
    /// Whether people talk on it live.
    pub is_interactive: Option<bool>,
    /// The media routing domain of its requests.
    pub media_routing_domain: Option<String>,
}
