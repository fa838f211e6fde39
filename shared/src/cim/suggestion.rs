//! What bots say to agents and to the system: relatives of a message, without a body.

use crate::cim::record::record;
use crate::cim::{CimMessage, MessageBody, MessageHeader};
use crate::json::{Number, Value};

record! {
    /// Answers that a bot suggests to agents: object-model 1.21.1 `SuggestionMessage`.
    pub struct SuggestionMessage {
        /// Opaque.
        pub id: String = "id",
        /// Who, when, for whom; the sender is the bot.
        pub header: MessageHeader = "header" required,
        /// The answers.
        pub suggestions: Vec<Suggestion> = "suggestions" always,
        /// The customer's message that they would answer. Its sender is the bot in stored events.
        pub requested_message: Option<Box<CimMessage>> = "requestedMessage",
    }
}

record! {
    /// One suggested answer: object-model 1.21.1 `Suggestion`.
    pub struct Suggestion {
        /// The answer.
        pub message_body: MessageBody = "messageBody" required,
        /// How sure the bot is, 0 to 1.
        pub confidence_level: Option<Number> = "confidenceLevel",
    }
}

record! {
    /// What a bot asks the system to do: object-model 1.21.1 `ActionMessage`.
    pub struct ActionMessage {
        /// Opaque.
        pub id: String = "id",
        /// Who, when, for whom; the intent is the bot's.
        pub header: MessageHeader = "header" required,
        /// For example `FIND_AGENT`.
        pub name: String = "name" required,
        /// What the action needs.
        pub data: Option<Value> = "data" always,
    }
}
