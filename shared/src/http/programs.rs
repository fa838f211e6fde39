//! Bots and apps, for those who register them.

use crate::ids::ParticipantId;
use serde::{Deserialize, Serialize};

/// What a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProgramKind {
    /// It takes part in conversations: the relay calls its webhook, or it connects by itself.
    Bot,
    /// It reports and notes over HTTP, as far as its scopes go.
    App,
}

/// A program to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgram {
    /// Short: letters, digits, `-` and `_`. It stays.
    pub id: String,
    /// What it is. It stays.
    pub kind: ProgramKind,
    /// Of a bot, what customers see.
    pub name: String,
    /// What an app may do, for example `activities:write`; a bot has none.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Of a bot, the channels whose new conversations it is assigned to. Of an app, those in which it may act; empty means all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Where the relay calls a bot; one without a webhook connects by itself.
    #[serde(default)]
    pub webhook: Option<String>,
    /// One call's time limit: 10 when absent, 60 at most.
    #[serde(default)]
    pub timeout_seconds: Option<u64>,
    /// An agent is asked for when a bot without a webhook, or one that is disabled, has left a customer without an answer for so
    /// long: 60 when absent.
    #[serde(default)]
    pub answer_seconds: Option<u64>,
}

/// What is to become of a program; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramChange {
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// All of its scopes.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// All of its channels.
    #[serde(default)]
    pub channels: Option<Vec<String>>,
    /// Where it is called; empty for a bot that connects by itself from now on.
    #[serde(default)]
    pub webhook: Option<String>,
    /// One call's time limit.
    #[serde(default)]
    pub timeout_seconds: Option<u64>,
    /// How long a customer waits for it.
    #[serde(default)]
    pub answer_seconds: Option<u64>,
    /// Whether its keys are refused and it is not called. What is to be delivered to it waits.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// A bot or an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgramEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ParticipantId,
    /// What it is.
    pub kind: ProgramKind,
    /// What it is called.
    pub name: String,
    /// Whether it stands in the configuration, and is changed there alone.
    pub configured: bool,
    /// What an app may do.
    pub scopes: Vec<String>,
    /// Of a bot, the channels that it is the bot of. Of an app, those in which it may act; empty means all.
    pub channels: Vec<String>,
    /// Where it is called, without the path, which may be a secret.
    pub webhook: Option<String>,
    /// One call's time limit.
    pub timeout_seconds: u64,
    /// How long a customer waits for it.
    pub answer_seconds: u64,
    /// Whether its keys are refused and it is not called.
    pub disabled: bool,
    /// When it was registered, in epoch milliseconds; absent where it is configured.
    pub registered_at: Option<i64>,
    /// Its live keys, the oldest first.
    pub keys: Vec<ProgramKey>,
    /// What its calls are signed with, the oldest first.
    pub secrets: Vec<ProgramSecret>,
}

/// A live key of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgramKey {
    /// What it begins with, and is retired by; unknown of keys that are older than this was kept.
    pub prefix: Option<String>,
    /// When it was made, in epoch milliseconds.
    pub made_at: Option<i64>,
    /// When it was used last, in epoch milliseconds.
    pub used_at: Option<i64>,
    /// From where: the network of the address, a /24 or of IPv6 a /48.
    pub used_from: Option<String>,
}

/// A secret that signs calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgramSecret {
    /// What it is retired by.
    pub id: String,
    /// When it was made, in epoch milliseconds.
    pub made_at: i64,
}

/// A program was registered. Neither its key nor its secret is shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgramRegistered {
    /// As it stands in the list.
    pub program: ProgramEntry,
    /// Its first key.
    pub key: String,
    /// What its calls are signed with, if it is called.
    pub secret: Option<String>,
}

/// A program was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgramChanged {
    /// As it stands in the list.
    pub program: ProgramEntry,
    /// What its calls are signed with, if it is called for the first time; not shown again.
    pub secret: Option<String>,
}

/// A key was made, which is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IssuedKey {
    /// The key itself.
    pub key: String,
    /// What it is retired by.
    pub prefix: String,
}

/// A secret was made, which is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IssuedSecret {
    /// The secret itself.
    pub secret: String,
    /// What it is retired by.
    pub id: String,
}
