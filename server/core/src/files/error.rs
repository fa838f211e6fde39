//! Why something about a file was not done.

use super::BytesError;
use crate::conversation::Refusal;
use crate::store::StoreError;

/// Why something about a file was not done.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No such file, not any more, or none that the caller may know of.
    #[error("no such file")]
    Gone,
    /// The file is in a message and goes with it.
    #[error("the file is in a message")]
    Posted,
    /// Only customers and contact-centre users upload.
    #[error("bots and programs upload nothing here")]
    Forbidden,
    /// A contact-centre user did not say where it will post the file, or may not write there.
    #[error("the metadata names no conversation of this user")]
    NoConversation,
    /// There is nothing in it.
    #[error("a file without bytes")]
    Empty,
    /// More bytes than the channel takes, or than were announced.
    #[error("more than {most} bytes")]
    TooLarge {
        /// The most there may be.
        most: u64,
    },
    /// A picture of more pixels than may be, or whose first bytes do not say how many it has.
    #[error("a picture of more than {most} pixels, or one that does not begin by saying how large it is")]
    PictureTooLarge {
        /// The most there may be.
        most: u64,
    },
    /// The channel does not take what the content is.
    #[error("{0} is not taken here")]
    TypeRefused(String),
    /// Bytes for another place than where the file goes on.
    #[error("the file goes on at {at}")]
    Offset {
        /// Where.
        at: u64,
    },
    /// It came in more pieces than one file may have.
    #[error("the file came in more pieces than it may")]
    TooManyPieces,
    /// Its owner has as many files that were not posted as it may have.
    #[error("too many files wait to be posted")]
    TooMany,
    /// Its owner has uploaded as many bytes as it may.
    #[error("too many bytes within a day")]
    TooMuch {
        /// When there is room again, in milliseconds from now.
        wait_ms: u64,
    },
    /// The bytes came too slowly, or another request took over; what came is kept.
    #[error("the bytes came too slowly")]
    Slow,
    /// The relay stops; what came is kept.
    #[error("the relay is shutting down")]
    Stopping,
    /// As many files are read or answered as the relay does at once, or for this owner or from there.
    #[error("too many files at once")]
    Busy,
    /// It cannot be done now.
    #[error("files cannot be kept now")]
    Unavailable,
    /// The conversation's or the store's answer.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<StoreError> for FileError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<BytesError> for FileError {
    fn from(error: BytesError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the bytes of a file were not kept"
        );
        Self::Unavailable
    }
}
