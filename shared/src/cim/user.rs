//! People of the contact centre.

use crate::cim::decode::Fields;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use serde_json::{Map, Value};

record! {
    /// An agent or supervisor: object-model 1.21.1 `CCUser`. `participantType` is always `CCUser`.
    pub struct CcUser {
        /// The user's id, which Keycloak gave.
        pub id: String = "id",
        /// Who that is.
        pub keycloak_user: Option<KeycloakUser> = "keycloakUser",
        /// What the user is good at.
        pub associated_routing_attributes: Vec<AssociatedRoutingAttribute> = "associatedRoutingAttributes" always,
        /// What the user works on.
        pub associated_mrds: Option<Vec<AssociatedMrd>> = "associatedMrds",
    }
    prepare = without_tag;
    finish = with_tag;
}

fn without_tag(fields: &mut Fields<'_>) {
    fields.map.remove("participantType");
}

fn with_tag(map: &mut Map<String, Value>) {
    map.insert("participantType".to_owned(), Value::from("CCUser"));
}

record! {
    /// A user as the identity provider knows it: object-model 1.21.1 `KeycloakUser`.
    pub struct KeycloakUser {
        /// The user's id.
        pub id: Option<String> = "id",
        /// First name.
        pub first_name: Option<String> = "firstName",
        /// Last name.
        pub last_name: Option<String> = "lastName",
        /// Name to log in with.
        pub username: Option<String> = "username",
        /// Realm roles.
        pub roles: Vec<String> = "roles",
        /// The realm.
        pub realm: Option<String> = "realm",
        /// What the user may do.
        pub permitted_resources: Option<PermittedResources> = "permittedResources",
        /// Free.
        pub attributes: Option<Map<String, Value>> = "attributes",
        /// The user's team.
        pub user_team: Option<Team> = "userTeam",
        /// The teams a supervisor watches.
        pub supervised_teams: Vec<Team> = "supervisedTeams",
    }
}

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
