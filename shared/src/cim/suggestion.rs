//! What bots say to agents and to the system: relatives of a message, without a body.

use crate::cim::{CimMessage, MessageBody, MessageHeader};
use crate::json::{Map, Number, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Answers that a bot suggests to agents: object-model 1.21.1 `SuggestionMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SuggestionMessage {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Opaque.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Who, when, for whom; the sender is the bot.
    pub header: MessageHeader,
    /// The answers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub suggestions: Vec<Suggestion>,
    /// The customer's message that they would answer. Its sender is the bot in stored events.
    pub requested_message: Option<Box<CimMessage>>,
}

/// One suggested answer: object-model 1.21.1 `Suggestion`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The answer.
    pub message_body: MessageBody,
    /// How sure the bot is, 0 to 1.
    pub confidence_level: Option<Number>,
}

/// What a bot asks the system to do: object-model 1.21.1 `ActionMessage`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ActionMessage {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Opaque.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Who, when, for whom; the intent is the bot's.
    pub header: MessageHeader,
    /// For example `FIND_AGENT`.
    pub name: String,
    /// What the action needs.
    pub data: Option<Value>,
}
