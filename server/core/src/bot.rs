//! What a bot is told and what it answers (the connector contract of CIM), and the connectors that carry it.

use async_trait::async_trait;
use portico_shared::cim::MessageBody;
use portico_shared::ids::{ConversationId, ParticipantId};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// One activity on its way to a bot.
#[derive(Debug, Clone)]
pub struct BotRequest {
    /// Unique per delivery and the same on every retry, so that the bot can recognise a repeat.
    pub delivery: String,
    /// Which conversation.
    pub conversation: ConversationId,
    /// The customer's words, or something that happened.
    pub kind: BotRequestKind,
    /// The text of a message, or the name of the event.
    pub message: String,
    /// Data that goes with the intent.
    pub entities: Value,
    /// The whole CIM message, for messages.
    pub metadata: Value,
}

/// `type` of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotRequestKind {
    /// `message`: the customer wrote.
    Message,
    /// `intent`: a session began, an agent came or went.
    Intent,
    /// `intent`: the chat is over. No customer waits for the bot any more.
    Farewell,
}

/// One message of a bot's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct BotMessage {
    /// What the bot understood.
    pub intent: Option<BotIntent>,
    /// Who it is for.
    pub mode: BotMode,
    /// The content; an ACTION body is carried out and never shown.
    pub body: MessageBody,
}

/// What a bot answered, in order: messages, and in the place of one that cannot be read, why.
pub type BotAnswer = Vec<Result<BotMessage, String>>;

/// `intent` of a bot's message.
#[derive(Debug, Clone, PartialEq)]
pub struct BotIntent {
    /// What it is called.
    pub name: String,
    /// How sure the bot is, from 0 to 1.
    pub confidence: f64,
}

/// `mode` of a bot's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotMode {
    /// `message`: for customer and agents. Becomes a suggestion while the bot is ASSISTANT.
    Message,
    /// `suggestion`: to agents only.
    Suggestion,
    /// Absent with an ACTION body.
    Action,
}

/// Everything that a bot answered to one delivery. Appended and settled in one transaction.
#[derive(Debug, Clone)]
pub struct BotReply {
    /// The bot.
    pub bot: ParticipantId,
    /// Which conversation.
    pub conversation: ConversationId,
    /// The delivery row that this answers.
    pub delivery: i64,
    /// In order; may be empty.
    pub messages: BotAnswer,
}

/// What became of a delivery whose answer was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// All of it was said: the delivery is settled.
    Delivered,
    /// Something of it broke a rule: the delivery is a dead letter.
    DeadLetter,
}

/// Carries activities to one kind of bot.
#[async_trait]
pub trait BotConnector: Send + Sync + 'static {
    /// Delivers one activity and returns the bot's immediate answer.
    async fn deliver(&self, request: &BotRequest) -> Result<BotAnswer, DeliverError>;
}

/// Says how each bot is called, as things stand.
pub trait Connectors: Send + Sync + 'static {
    /// What carries activities to a bot; nothing for one that is not called.
    fn of(&self, bot: &ParticipantId) -> Option<Arc<dyn BotConnector>>;
}

/// Those that stay as they are.
impl Connectors for HashMap<ParticipantId, Arc<dyn BotConnector>> {
    fn of(&self, bot: &ParticipantId) -> Option<Arc<dyn BotConnector>> {
        self.get(bot).cloned()
    }
}

/// Why a delivery failed.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// Try again later: unreachable, too slow, overloaded (408, 425, 429, 5xx).
    #[error("the bot is unavailable: {reason}")]
    Unavailable {
        /// In what way.
        reason: String,
        /// How long the bot asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Trying again would end the same way: the bot refused it (other 4xx) or answered nonsense.
    #[error("the bot refused the delivery: {0}")]
    Refused(String),
}
