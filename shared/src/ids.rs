//! Newtypes for every id and position that crosses a module edge, so that a conversation id can never be passed
//! where a message id is meant. Ids are opaque: nothing parses them, and equality is by bytes.

use crate::number;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The longest id that either end accepts, in bytes. Longer ids are malformed.
pub const MAX_ID_BYTES: usize = 128;

fn is_id(text: &str) -> bool {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    !text.is_empty() && text.len() <= MAX_ID_BYTES && visible
}

/// Reads the text of an id.
struct IdText;

impl Visitor<'_> for IdText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        if is_id(text) {
            Ok(text.to_owned())
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text of an id that is known to be good, for example one that this program minted.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Accepts an id from outside: 1 to [`MAX_ID_BYTES`] bytes of visible ASCII.
            pub fn parse(text: &str) -> Option<Self> {
                is_id(text).then(|| Self(text.to_owned()))
            }

            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(IdText).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One conversation: an append-only log of events.
    ConversationId
);
id!(
    /// One CIM message, minted by the relay.
    MessageId
);
id!(
    /// Minted once by the sender of a post, a start or an end, and repeated on every retry. The relay answers a
    /// repeated one with its first result.
    ClientId
);
id!(
    /// A customer: one object with many channel identities.
    CustomerId
);
id!(
    /// A contact-centre user, bot or app as the conversation sees it.
    ParticipantId
);
id!(
    /// One desk of an agent: a tab of a browser, over its reloads and connections.
    DeskId
);
id!(
    /// One request for an agent (`Task` in CIM).
    TaskId
);
id!(
    /// One uploaded file. It cannot be guessed.
    FileId
);
id!(
    /// One incarnation of a store. It changes when a store is restored or replaced; a client that meets a new epoch
    /// drops what it cached.
    Epoch
);

/// A position in a conversation's log. Dense: the first event is 1, and 0 stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(#[serde(deserialize_with = "number::natural")] pub u64);

impl Seq {
    /// Before the first event.
    pub const START: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far a reader has come: everything up to and with `seq`, in this store's `epoch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The store incarnation that `seq` counts in.
    pub epoch: Epoch,
    /// The last position that the reader has covered.
    pub seq: Seq,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_outside_is_short_visible_ascii() {
        assert_eq!(
            ConversationId::parse("c-1").map(|id| id.to_string()).as_deref(),
            Some("c-1")
        );
        for bad in ["", "a b", "a\nb", "ü", &"x".repeat(MAX_ID_BYTES + 1)] {
            assert_eq!(ConversationId::parse(bad), None, "{bad:?}");
        }
    }
}
