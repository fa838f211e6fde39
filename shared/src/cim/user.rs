//! People of the contact centre.

use crate::cim::decode::Fields;
use crate::cim::record::record;
use crate::json::{Map, Value};

mod abilities;

pub use abilities::{
    AssociatedMrd, AssociatedRoutingAttribute, PermittedResource, PermittedResources, RoutingAttribute,
    RoutingAttributeType, Team,
};
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

fn with_tag(map: &mut Map) {
    map.insert("participantType".to_owned(), Value::from("CCUser"));
}

record! {
    /// A user as the identity provider knows it: object-model 1.21.1 `KeycloakUser`.
    pub struct KeycloakUser {
        /// First name.
        pub first_name: Option<String> = "firstName",
        /// The user's id.
        pub id: Option<String> = "id",
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
        pub attributes: Option<Map> = "attributes",
        /// The user's team.
        pub user_team: Option<Team> = "userTeam",
        /// The teams a supervisor watches.
        pub supervised_teams: Vec<Team> = "supervisedTeams",
    }
}
