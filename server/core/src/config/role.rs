//! What users of a role may do.

use crate::identity::Permission;
use serde::Deserialize;

/// One role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleConfig {
    /// What its users may do.
    pub permissions: Vec<Permission>,
}
