//! Why a command was not carried out, as its sender is told.

use crate::store::StoreError;
use portico_shared::frame::{RefusalCode, Refused};
use portico_shared::ids::{ClientId, ConversationId};

/// How long a client is asked to wait when a conversation or the store has too much to do.
const BUSY_RETRY_MS: u64 = 500;

/// How long a client is asked to wait when the store takes nothing.
const UNAVAILABLE_RETRY_MS: u64 = 5_000;

/// Nothing was done, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Refusal {
    /// Machine-readable.
    pub code: RefusalCode,
    /// For developers, in English.
    pub message: String,
    /// Not before this many milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal whose delay follows from its code.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        let retry_after_ms = match code {
            RefusalCode::Busy | RefusalCode::RateLimited => Some(BUSY_RETRY_MS),
            RefusalCode::Unavailable | RefusalCode::Draining => Some(UNAVAILABLE_RETRY_MS),
            RefusalCode::Malformed
            | RefusalCode::UnknownFrame
            | RefusalCode::ForbiddenField
            | RefusalCode::Forbidden
            | RefusalCode::NotFound
            | RefusalCode::InvalidBody
            | RefusalCode::ConversationEnded
            | RefusalCode::OfferGone
            | RefusalCode::AlreadyAnswered
            | RefusalCode::Other(_) => None,
        };
        Self {
            code,
            message: message.into(),
            retry_after_ms,
        }
    }

    /// Unknown and foreign conversations are told apart by nothing.
    pub fn not_found() -> Self {
        Self::new(RefusalCode::NotFound, "no such conversation")
    }

    /// The identity may not do this.
    pub fn forbidden(message: &str) -> Self {
        Self::new(RefusalCode::Forbidden, message)
    }

    /// The body is not acceptable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(RefusalCode::InvalidBody, message)
    }

    /// The customer has ended the chat.
    pub fn ended() -> Self {
        Self::new(RefusalCode::ConversationEnded, "the chat is over")
    }

    /// The reservation is over.
    pub fn offer_gone() -> Self {
        Self::new(RefusalCode::OfferGone, "the offer was answered, withdrawn or timed out")
    }

    /// The question has its answer.
    pub fn already_answered() -> Self {
        Self::new(
            RefusalCode::AlreadyAnswered,
            "header.originalMessageId: this question takes one answer, and has it",
        )
    }

    /// The frame that tells it.
    pub fn frame(self, client_id: Option<ClientId>, conversation: Option<ConversationId>) -> Refused {
        Refused {
            client_id,
            conversation,
            retryable: self.code.retryable(),
            code: self.code,
            message: self.message,
            retry_after_ms: self.retry_after_ms,
        }
    }
}

impl From<StoreError> for Refusal {
    /// The cause is logged where it happens; clients learn only whether trying again may help.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) | StoreError::CustomerChanged(_) | StoreError::Busy => {
                Self::new(RefusalCode::Busy, "too much to do")
            }
            StoreError::FileGone(_) => Self::invalid("body.attachment.mediaUrl: the file is gone"),
            StoreError::TooDeep => Self::invalid("it nests too deep"),
            StoreError::ReservedName => Self::invalid("it has a member with a reserved name"),
            StoreError::Full => Self::new(RefusalCode::Unavailable, "the store is full"),
            StoreError::Taken(_)
            | StoreError::Erased(_)
            | StoreError::Stopped(_)
            | StoreError::Damaged(_)
            | StoreError::Failed(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed a request");
                Self::new(RefusalCode::Unavailable, "the store failed")
            }
        }
    }
}
