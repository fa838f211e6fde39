//! Why nothing was done.

use crate::ids::{ClientId, ConversationId};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// Nothing was done, and why.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The frame's client id, where it had one.
    pub client_id: Option<ClientId>,
    /// The frame's conversation, where it had one.
    pub conversation: Option<ConversationId>,
    /// Machine-readable.
    pub code: RefusalCode,
    /// For developers, in English; never shown to customers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub message: String,
    /// Whether the very same frame may succeed later.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub retryable: bool,
    /// Not before this many milliseconds.
    #[serde(default, deserialize_with = "lenient::natural_or_default")]
    pub retry_after_ms: Option<u64>,
}

macro_rules! refusal_codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $retryable:literal;)*) => {
        /// Why a frame was refused.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum RefusalCode {
            $($(#[$meta])* $name,)*
            /// A code of a newer relay.
            Other(String),
        }

        impl RefusalCode {
            /// All codes that this version knows, for the table in the protocol document.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }

            /// Reads a code; an unknown one is kept.
            pub fn parse(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    _ => Self::Other(text.to_owned()),
                }
            }

            /// Whether the same frame may succeed later.
            pub const fn retryable(&self) -> bool {
                match self {
                    $(Self::$name => $retryable,)*
                    Self::Other(_) => false,
                }
            }
        }
    };
}

refusal_codes! {
    /// The conversation or the store has too much to do.
    Busy = "busy", true;
    /// Too many frames in too short a time.
    RateLimited = "rate_limited", true;
    /// The store takes nothing at the moment, for example because the disk is full.
    Unavailable = "unavailable", true;
    /// The relay is shutting down.
    Draining = "draining", true;
    /// Not JSON, or a key is missing or has the wrong type; `message` names it.
    Malformed = "malformed", false;
    /// The frame's `type` is not known to this relay.
    UnknownFrame = "unknown_frame", false;
    /// The frame states what only the relay may state: a sender, a customer, a conversation's owner.
    ForbiddenField = "forbidden_field", false;
    /// This principal may not do that.
    Forbidden = "forbidden", false;
    /// No such conversation, or none that this principal may know of.
    NotFound = "not_found", false;
    /// The body breaks a rule of its type, or is too long; `message` names the field.
    InvalidBody = "invalid_body", false;
    /// The chat is over.
    ConversationEnded = "conversation_ended", false;
    /// The offer was answered elsewhere, withdrawn or timed out.
    OfferGone = "offer_gone", false;
    /// The question takes one answer, and has it: from another tab, as a rule.
    AlreadyAnswered = "already_answered", false;
}

impl Serialize for RefusalCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RefusalCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|code| Self::parse(&code))
    }
}
