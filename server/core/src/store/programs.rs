//! Bots and apps that were registered while a relay ran, beside those of the configuration.

use super::StoreError;
use async_trait::async_trait;
use portico_shared::http::ProgramKind;
use portico_shared::ids::ParticipantId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A registered bot or app. Its keys are credentials of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRecord {
    /// Its id.
    pub id: ParticipantId,
    /// What it is.
    pub kind: ProgramKind,
    /// What it is called; of a bot, what customers see.
    pub name: String,
    /// What an app may do.
    pub scopes: Vec<String>,
    /// Of a bot, the channels whose new conversations it is assigned to. Of an app, those in which it may act; empty means all.
    pub channels: Vec<String>,
    /// Where a bot is called; nowhere if absent.
    pub webhook: Option<String>,
    /// What calls are signed with, the oldest first.
    pub secrets: Vec<WebhookSecret>,
    /// One call's time limit.
    pub timeout_seconds: u64,
    /// How long a customer waits for a bot that is not called.
    pub answer_seconds: u64,
    /// Its keys are refused, and it is not called.
    pub disabled: bool,
    /// When it was registered, in epoch milliseconds.
    pub registered_at: i64,
}

/// What calls to a webhook are signed with. It is kept in clear, since a signature takes the secret itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret {
    /// What it is retired by.
    pub id: String,
    /// The secret.
    pub secret: String,
    /// When it was made, in epoch milliseconds.
    pub made_at: i64,
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecret")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Registered bots and apps. They are written by [`Change::Program`](super::Change::Program).
#[async_trait]
pub trait ProgramStore: Send + Sync + 'static {
    /// All of them, by id.
    async fn programs(&self) -> Result<Vec<ProgramRecord>, StoreError>;
}
