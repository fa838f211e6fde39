//! Contact-centre users: signing in, who is signed in, and the wrap-up codes to choose from.

use crate::ids::ParticipantId;
use crate::lenient;
use serde::{Deserialize, Serialize};

/// What somebody signs in with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginBody {
    /// Upper and lower case are the same.
    pub username: String,
    /// As it was set.
    pub password: String,
}

/// Somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LoginAnswer {
    /// Goes into the socket's first frame and the `Authorization` header, never into a URL.
    pub token: String,
    /// When the token ends, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub expires_at: i64,
    /// Who it is.
    pub user: UserAnswer,
}

/// How users sign in beside a password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LoginWays {
    /// What the OpenID provider is called at which they may sign in; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// A contact-centre user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserAnswer {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ParticipantId,
    /// What it signs in with.
    pub username: String,
    /// Shown to customers.
    pub first_name: String,
    /// Shown to colleagues.
    pub last_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// Queues that it serves; empty means all.
    pub queues: Vec<String>,
    /// How many conversations at once.
    #[serde(deserialize_with = "lenient::natural")]
    pub max_tasks: u8,
}

/// A contact-centre user, for those who manage users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ParticipantId,
    /// What it signs in with.
    pub username: String,
    /// Shown to customers.
    pub first_name: String,
    /// Shown to colleagues.
    pub last_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// What these allow it.
    pub permissions: Vec<String>,
    /// Queues that it serves; empty means all.
    pub queues: Vec<String>,
    /// How many conversations at once.
    pub max_tasks: u8,
    /// May not sign in.
    pub disabled: bool,
}

/// What is to become of a user; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Whether it may not sign in.
    #[serde(default)]
    pub disabled: Option<bool>,
    /// All of its roles.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
}

/// Where a user is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserSession {
    /// What it is ended by.
    pub id: String,
    /// When it began, in epoch milliseconds.
    pub began_at: Option<i64>,
    /// When it ends by itself, in epoch milliseconds.
    pub ends_at: Option<i64>,
}

/// Wrap-up codes of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WrapupCategory {
    /// Category, as it stands in `wrapups[].categoryName`.
    pub category: String,
    /// Values, as they stand in `wrapups[].value`.
    pub values: Vec<String>,
}
