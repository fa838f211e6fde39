//! What follows from the claims of an ID token: what a user is called, and with which roles it works here.

use super::ProvidedClaims;
use openidconnect::AdditionalClaims;
use portico_core::config::Oidc;
use portico_core::identity::provided::ProvidedUser;
use portico_core::store::ProviderIdentity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Claims beside the standard ones, whatever they are called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AllClaims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for AllClaims {}

/// The user that verified claims are about.
pub(super) fn user_of(claims: &ProvidedClaims, config: &Oidc) -> ProvidedUser {
    let first = claims.given_name().and_then(|name| name.get(None));
    let last = claims.family_name().and_then(|name| name.get(None));
    let whole = claims.name().and_then(|name| name.get(None));
    let text = |name: &str| name.trim().to_owned();
    ProvidedUser {
        identity: ProviderIdentity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
        },
        username: claims.preferred_username().map_or_else(String::new, |name| text(name)),
        // A provider that has one name for all tells customers that one.
        first_name: match (first, whole) {
            (Some(first), _) => text(first),
            (None, Some(whole)) => text(whole),
            (None, None) => String::new(),
        },
        last_name: last.map_or_else(String::new, |name| text(name)),
        roles: roles_of(&claims.additional_claims().all, config),
        max_tasks: config.max_tasks,
    }
}

/// The roles that the values of the claim stand for, in the order of the configuration and each once.
fn roles_of(claims: &Map<String, Value>, config: &Oidc) -> Vec<String> {
    let values = values(claims, &config.roles_claim);
    let mut roles = Vec::new();
    for mapped in &config.roles {
        if values.contains(&mapped.value.as_str()) && !roles.contains(&mapped.role) {
            roles.push(mapped.role.clone());
        }
    }
    roles
}

/// The texts of a claim. One whose name has dots, as those of some providers that are addresses, goes before what they lead to.
fn values<'c>(claims: &'c Map<String, Value>, claim: &str) -> Vec<&'c str> {
    let found = claims.get(claim).or_else(|| {
        let mut names = claim.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    });
    match found {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::config::OidcRole;
    use serde_json::json;

    fn roles(claim: &str, claims: Value) -> Vec<String> {
        let mapped = [("agents", "agent"), ("leads", "supervisor"), ("support", "agent")];
        let config = Oidc {
            name: "Example".to_owned(),
            issuer: "https://id.example".to_owned(),
            client_id: "portico".to_owned(),
            secret: String::new().into(),
            scopes: Vec::new(),
            roles_claim: claim.to_owned(),
            roles: mapped
                .map(|(value, role)| OidcRole {
                    value: value.to_owned(),
                    role: role.to_owned(),
                })
                .into(),
            max_tasks: 5,
        };
        let Value::Object(claims) = claims else {
            panic!("claims are an object")
        };
        roles_of(&claims, &config)
    }

    #[test]
    fn values_that_are_mapped_are_roles_and_others_are_none() {
        assert_eq!(
            roles("groups", json!({"groups": ["leads", "agents", "board"]})),
            ["agent", "supervisor"]
        );
        assert_eq!(roles("groups", json!({"groups": ["agents", "support"]})), ["agent"]);
        assert_eq!(roles("groups", json!({"groups": "leads"})), ["supervisor"]);
        assert_eq!(roles("groups", json!({"groups": ["board"]})), [""; 0]);
    }

    #[test]
    fn a_claim_is_found_in_objects_and_under_a_name_with_dots() {
        let nested = json!({"realm_access": {"roles": ["agents"]}});
        assert_eq!(roles("realm_access.roles", nested), ["agent"]);
        let address = json!({"https://portico.example/roles": ["agents"]});
        assert_eq!(roles("https://portico.example/roles", address), ["agent"]);
    }

    #[test]
    fn a_claim_of_another_shape_grants_nothing() {
        for claims in [
            json!({}),
            json!({"groups": null}),
            json!({"groups": {"agents": true}}),
            json!({"groups": [["agents"], 1, true]}),
            json!({"groups": "agents leads"}),
            json!({"other": ["agents"]}),
        ] {
            assert_eq!(roles("groups", claims.clone()), [""; 0], "{claims}");
        }
    }
}
