//! Bots and apps that are registered while the relay runs.

use super::PrivateNetworks;
use serde::Deserialize;

/// What they may be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramsConfig {
    /// Networks in which their webhooks may be, beside the public internet.
    pub networks: PrivateNetworks,
}
