//! How users sign in at an OpenID provider.

use secrecy::SecretString;
use serde::Deserialize;

/// An OpenID provider, and who of its users may sign in here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// What the desk calls it on its button.
    pub name: String,
    /// Its issuer, exactly as its tokens have it.
    pub issuer: String,
    /// The relay's id there.
    pub client_id: String,
    /// Proves that id. Empty for a client without a secret.
    #[serde(default)]
    pub secret: SecretString,
    /// What is asked for beside `openid`.
    #[serde(default = "profile")]
    pub scopes: Vec<String>,
    /// Which claim of the ID token says what a user may do; dots lead into objects.
    #[serde(default = "roles")]
    pub roles_claim: String,
    /// What its values stand for. Who has none of them may not sign in.
    pub roles: Vec<OidcRole>,
    /// How many conversations at once a user has who signs in for the first time.
    #[serde(default = "super::five")]
    pub max_tasks: u8,
}

/// A role that a value of the claim stands for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcRole {
    /// The value.
    pub value: String,
    /// The name of the role.
    pub role: String,
}

fn profile() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn roles() -> String {
    "roles".to_owned()
}
