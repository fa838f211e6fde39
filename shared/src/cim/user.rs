//! People of the contact centre.

use crate::cim::participant::{TAG, write_actor};
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::Serializer as Members;
use serde_with::skip_serializing_none;

mod abilities;

pub use abilities::{
    AssociatedMrd, AssociatedRoutingAttribute, PermittedResource, PermittedResources, RoutingAttribute,
    RoutingAttributeType, Team,
};

/// An agent or supervisor: object-model 1.21.1 `CCUser`. `participantType` is always `CCUser`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct CcUser {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The user's id, which Keycloak gave.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Who that is.
    pub keycloak_user: Option<KeycloakUser>,
    /// What the user is good at.
    #[serde(deserialize_with = "lenient::or_default")]
    pub associated_routing_attributes: Vec<AssociatedRoutingAttribute>,
    /// What the user works on.
    pub associated_mrds: Option<Vec<AssociatedMrd>>,
}

impl Serialize for CcUser {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write_actor("CCUser", Self::serialize(self, Members), None, to)
    }
}

impl<'de> Deserialize<'de> for CcUser {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut user = Self::deserialize(from)?;
        user.extra.remove(TAG);
        Ok(user)
    }
}

/// A user as the identity provider knows it: object-model 1.21.1 `KeycloakUser`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KeycloakUser {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// First name.
    pub first_name: Option<String>,
    /// The user's id.
    pub id: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Name to log in with.
    pub username: Option<String>,
    /// Realm roles.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The realm.
    pub realm: Option<String>,
    /// What the user may do.
    pub permitted_resources: Option<PermittedResources>,
    /// Free.
    pub attributes: Option<Map>,
    /// The user's team.
    pub user_team: Option<Team>,
    /// The teams a supervisor watches.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub supervised_teams: Vec<Team>,
}
