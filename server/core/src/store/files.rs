//! Files that were uploaded, as the store knows them. Their bytes lie elsewhere, see [`FileBytes`](crate::files::FileBytes).

use super::Author;
use portico_shared::ids::{ConversationId, FileId};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// Its id.
    pub id: FileId,
    /// Who uploads it, and alone may post it.
    pub owner: Author,
    /// The channel whose rules hold for it.
    pub channel: String,
    /// What it is called, without what a name may not have.
    pub name: String,
    /// Its media type: while it is uploaded what the owner takes it for, then what its content is.
    pub media_type: String,
    /// Its bytes when it is there as a whole.
    pub size: u64,
    /// The bytes that are there, as the lengths of the pieces that they lie in, in order.
    pub pieces: Vec<u64>,
    /// How far it is.
    pub state: FileState,
    /// Where it was posted, and who may read it there.
    pub posted: Option<FilePosted>,
    /// In epoch milliseconds.
    pub created_at: i64,
    /// When it goes, in epoch milliseconds; never if absent.
    pub expires_at: Option<i64>,
}

impl FileRecord {
    /// The bytes that are there: where the next ones go.
    pub fn offset(&self) -> u64 {
        self.pieces.iter().sum()
    }
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Bytes are missing.
    Uploading,
    /// It is there as a whole, and in no message.
    Complete,
    /// It is in a message.
    Posted,
    /// It is gone but for this record, which counts against its owner's quota for as long as it would have waited.
    Deleted,
}

/// Where a file was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePosted {
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// Who of those that may read the conversation may read it.
    pub readers: FileReaders,
}

/// Who of those that may read a conversation may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileReaders {
    /// All of them.
    Everyone,
    /// Contact-centre users: it stands in a whisper.
    Staff,
}

/// What one owner may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileQuota {
    /// Files that were not posted yet.
    pub files: u32,
    /// Bytes of all files since `since`, those that are gone among them.
    pub bytes: u64,
    /// In epoch milliseconds.
    pub since: i64,
}

/// What became of a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAdded {
    /// It is there.
    Added,
    /// Its owner has as many files that were not posted as it may have.
    TooMany,
    /// Its owner has uploaded as many bytes as it may; the oldest of the files that count is of then, in epoch
    /// milliseconds.
    TooMuch {
        /// When that file was begun.
        oldest: i64,
    },
}

/// One more piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePiece {
    /// Of which file.
    pub file: FileId,
    /// The bytes before it.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// What the file is, if this is its last piece.
    pub completes: Option<FileContent>,
}

/// What a whole file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// Its media type.
    pub media_type: String,
    /// Its name.
    pub name: String,
}
