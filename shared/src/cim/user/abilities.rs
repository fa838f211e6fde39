//! What a user may do, and is good at.

use crate::cim::open_enum::open_enum;
use crate::cim::user::KeycloakUser;
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

impl KeycloakUser {
    /// Whether the user may do `scope` to `resource`. Stored scopes may end in a space.
    pub fn may(&self, resource: &str, scope: &str) -> bool {
        let permitted = self
            .permitted_resources
            .iter()
            .flat_map(|permitted| &permitted.resources);
        permitted
            .filter(|permitted| permitted.rsname.as_deref() == Some(resource))
            .any(|permitted| permitted.scopes.iter().any(|held| held.trim() == scope))
    }
}

/// What a user may do; the wire name of its one member is capitalised.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PermittedResources {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Resource by resource.
    #[serde(rename = "Resources", deserialize_with = "lenient::or_default")]
    pub resources: Vec<PermittedResource>,
}

/// What a user may do to one resource.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PermittedResource {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The resource's name, as in `agent-conversation-control`.
    pub rsname: Option<String>,
    /// The resource's id.
    pub rsid: Option<String>,
    /// What may be done, as in `view_history`; see [`KeycloakUser::may`].
    #[serde(deserialize_with = "lenient::or_default")]
    pub scopes: Vec<String>,
}

/// A team of agents.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Team {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub team_id: Option<String>,
    /// Its name.
    pub team_name: Option<String>,
}

/// How good a user is at something: object-model 1.21.1 `AssociatedRoutingAttribute`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AssociatedRoutingAttribute {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// At what.
    pub routing_attribute: Option<RoutingAttribute>,
    /// How good.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub value: Option<i64>,
}

/// A skill: object-model 1.21.1 `RoutingAttribute`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RoutingAttribute {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// How it is measured.
    #[serde(rename = "type")]
    pub kind: Option<RoutingAttributeType>,
    /// For users without a value.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub default_value: Option<i64>,
}

open_enum! {
    /// How a skill is measured: object-model 1.21.1 `RoutingAttributeType`.
    pub enum RoutingAttributeType {
        /// 0 or 1.
        Boolean = "BOOLEAN",
        /// 1 to 10.
        ProficiencyLevel = "PROFICIENCY_LEVEL",
    }
}

/// How much a user does in one media routing domain: object-model 1.21.1 `AssociatedMrd`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AssociatedMrd {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which domain.
    pub mrd_id: Option<String>,
    /// How many tasks at once.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub max_agent_tasks: Option<i64>,
}
