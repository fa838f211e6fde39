//! What a user may do, and is good at.

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::user::KeycloakUser;

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

record! {
    /// What a user may do; the wire name of its one member is capitalised.
    pub struct PermittedResources {
        /// Resource by resource.
        pub resources: Vec<PermittedResource> = "Resources" always,
    }
}

record! {
    /// What a user may do to one resource.
    pub struct PermittedResource {
        /// The resource's name, as in `agent-conversation-control`.
        pub rsname: Option<String> = "rsname",
        /// The resource's id.
        pub rsid: Option<String> = "rsid",
        /// What may be done, as in `view_history`; see [`KeycloakUser::may`].
        pub scopes: Vec<String> = "scopes" always,
    }
}

record! {
    /// A team of agents.
    pub struct Team {
        /// Its id.
        pub team_id: Option<String> = "teamId",
        /// Its name.
        pub team_name: Option<String> = "teamName",
    }
}

record! {
    /// How good a user is at something: object-model 1.21.1 `AssociatedRoutingAttribute`.
    pub struct AssociatedRoutingAttribute {
        /// At what.
        pub routing_attribute: Option<RoutingAttribute> = "routingAttribute",
        /// How good.
        pub value: Option<i64> = "value",
    }
}

record! {
    /// A skill: object-model 1.21.1 `RoutingAttribute`.
    pub struct RoutingAttribute {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
        /// What it means.
        pub description: Option<String> = "description",
        /// How it is measured.
        pub kind: Option<RoutingAttributeType> = "type",
        /// For users without a value.
        pub default_value: Option<i64> = "defaultValue",
    }
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

record! {
    /// How much a user does in one media routing domain: object-model 1.21.1 `AssociatedMrd`.
    pub struct AssociatedMrd {
        /// Which domain.
        pub mrd_id: Option<String> = "mrdId",
        /// How many tasks at once.
        pub max_agent_tasks: Option<i64> = "maxAgentTasks",
    }
}
