//! What a view draws: one entry per event or unsent post.

use crate::event::{LogEvent, LogRole};
use portico_shared::frame::{Audience, Draft, RefusalCode};
use portico_shared::ids::{ClientId, Seq};
use portico_shared::role::{Body, ClientRole};
use std::borrow::Cow;
use std::sync::Arc;

/// One line of a conversation. Confirmed entries come first, by `seq`, then the unsent ones in the order of sending.
/// Receipts, edits and typing are folded into the entries they are about.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry<R: LogRole> {
    /// Stable from the first key press to the stored event: the client id of an own post, otherwise `#` and the seq.
    pub key: String,
    /// Its position; absent until it is stored.
    pub seq: Option<Seq>,
    /// What it holds.
    pub content: Content<R>,
    /// How far an own message has come; absent for everything else.
    pub state: Option<SendState>,
    /// Whether this identity (any tab of it) sent it.
    pub mine: bool,
    /// The newest text, if it was changed after it was sent.
    pub edited: Option<Edited>,
    /// The event that says what the page calls itself to which its present text links.
    pub preview: Option<Arc<R::Event>>,
    /// Whether a delete notice took it back: show that, not the content.
    pub deleted: bool,
    /// Where the newest event stands that changed or deleted it, so that what is new can be told from what was so before.
    pub changed: Option<Seq>,
    /// Whether the customer has answered or passed this message: buttons, cards and forms are then disabled.
    pub answer: Answer,
}

impl<R: LogRole> LogEntry<R> {
    /// When it was said or happened, in epoch milliseconds: by the relay's clock once it is stored, by this client's
    /// before.
    pub fn at_ms(&self) -> i64 {
        match &self.content {
            Content::Event(event) => event.at_ms(),
            Content::Unsent(unsent) => unsent.at_ms,
        }
    }
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<R: LogRole> {
    /// As the relay stored it.
    Event(Arc<R::Event>),
    /// A post that no event is known of yet.
    Unsent(Arc<Unsent<R>>),
}

impl<R: LogRole> Content<R> {
    /// The text, decoded, before any change.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Event(event) => event.text().map(Cow::into_owned),
            Self::Unsent(unsent) => unsent.draft.body.markdown_text().map(str::to_owned),
        }
    }
}

/// A post in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsent<R: ClientRole> {
    /// For [`crate::Command::Retry`] and [`crate::Command::Delete`].
    pub client_id: ClientId,
    /// What was written.
    pub draft: Arc<Draft<R::Body>>,
    /// For whom.
    pub audience: Audience,
    /// When it was written, in epoch milliseconds of this client.
    pub at_ms: i64,
}

/// How far an own message has come. Each state means all before it, but for `Failed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendState {
    /// Kept, and sent when the connection is back and what stands before it is done.
    Queued,
    /// Sent after a file that was sent before it and is still being uploaded, or half a minute later.
    AfterFile,
    /// On its way, or refused for the moment and tried again.
    Sending,
    /// On the relay's disk.
    Stored,
    /// Reached a client of another participant.
    Delivered,
    /// Seen by another participant.
    Read,
    /// Refused for good. Nothing of this conversation is sent until the person retries or deletes it.
    Failed {
        /// Machine-readable.
        code: RefusalCode,
        /// For developers.
        message: String,
    },
}

/// A changed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The text to show.
    pub text: String,
    /// The change's own post while it is not stored: its id for retry and delete, and how far it is.
    pub unsent: Option<(ClientId, SendState)>,
}

/// What the customer did about a message that asks for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet: it can be answered.
    Open,
    /// A message of the customer names it as its original.
    Given {
        /// The payload of the pressed button (`header.intent`).
        intent: Option<String>,
        /// The title of the pressed button, or the text of the answer.
        text: String,
        /// The id of the card that the pressed button stands on.
        card: Option<String>,
    },
    /// The customer wrote something else after it.
    Passed,
}

impl Answer {
    /// Whether a button was pressed, in this tab or another one: the one with the payload that the answer has, or of an
    /// answer without a payload the one with its words. `card` is the id of the card that the button stands on.
    pub fn chose(&self, title: &str, payload: &str, card: Option<&str>) -> bool {
        let Self::Given {
            intent,
            text,
            card: chosen,
        } = self
        else {
            return false;
        };
        let is_elsewhere = chosen.as_deref().zip(card).is_some_and(|(chosen, card)| chosen != card);
        !is_elsewhere && intent.as_ref().map_or(title == text, |intent| intent == payload)
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    fn given(intent: Option<&str>, text: &str, card: Option<&str>) -> Answer {
        Answer::Given {
            intent: intent.map(str::to_owned),
            text: text.to_owned(),
            card: card.map(str::to_owned),
        }
    }

    #[test]
    fn the_pressed_button_is_found_by_its_payload_or_else_by_its_title() {
        assert!(given(Some("red"), "anything", None).chose("Red", "red", None));
        assert!(!given(Some("blue"), "Red", None).chose("Red", "red", None));
        assert!(given(None, "Red", None).chose("Red", "red", None));
        assert!(!given(None, "Blue", None).chose("Red", "red", None));
        assert!(!Answer::Open.chose("Red", "red", None));
        assert!(!Answer::Passed.chose("Red", "red", None));
    }

    #[test]
    fn of_buttons_with_one_payload_on_several_cards_the_one_on_its_card_was_pressed() {
        let answer = given(Some("choose"), "Choose", Some("card-2"));
        assert!(answer.chose("Choose", "choose", Some("card-2")));
        assert!(!answer.chose("Choose", "choose", Some("card-1")));
        assert!(answer.chose("Choose", "choose", None), "a card without an id");
    }
}
