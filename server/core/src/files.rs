//! Files that customers and contact-centre users send each other: uploaded in pieces, posted in a message, read by a link
//! that is good for some minutes.
//!
//! What is known of a file is a record of the store ([`FileStore`](crate::store::FileStore)); its bytes lie elsewhere
//! ([`FileBytes`]), in pieces that are never written again. A piece counts from when the record has it, and it is on disk by
//! then, so a crash at any point leaves a file that is not whole or one that is, and pieces that nothing serves, which the
//! next try writes over or the end of the file's time removes ([`Files::sweep`]).
//!
//! A message binds a file in the transaction that appends it (`conversation/handlers/attachment.rs`). From then on the rules
//! of the conversation say who may read the file, see [`Files::link`]. Start reading at [`Files::create`].

mod append;
mod bytes;
mod content;
mod error;
mod links;
mod name;
mod picture;
mod places;
mod sweep;
mod turns;

pub use append::{Appended, MAX_FILE_BYTES};
pub use bytes::{ByteStream, BytesError, FileBytes, pieces};
pub use error::FileError;
pub use links::{LinkKey, Signed};
pub use sweep::{SweepError, run};

use crate::conversation::Registry;
use crate::identity::{Origin, Principal, secret};
use crate::store::{Author, FileAdded, FileQuota, FileReaders, FileRecord, FileState};
use crate::telemetry::{FILE_LINKS, FILES};
use futures_util::StreamExt;
use places::{Place, Places, Shares};
use portico_shared::ids::{ConversationId, FileId};
use portico_shared::visibility::Viewer;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// How long a file waits to be posted, in milliseconds. It is the time over which an owner's bytes are counted as well.
pub const WAITS_MS: i64 = 24 * 60 * 60 * 1_000;

/// A contact-centre user talks to many customers, and has so many times the quota of one.
const CUSTOMERS_PER_STAFF: u32 = 10;

/// Uploads that are read at once. Each has a piece in memory, so they have 128 MiB together; one more is told to come back.
const MOST_UPLOADS: usize = 256;

/// Uploads of one owner among them, which it may have in several tabs.
const MOST_OF_OWNER: usize = 4;

/// Files that are answered at once. Each has [`bytes::READ_BYTES`] in memory and as much on its way to the client, so they have
/// 128 MiB together; one more is told to come back.
const MOST_DOWNLOADS: usize = 1_024;

/// A file is answered within this time and what its bytes need at [`LEAST_RATE`]; then the answer breaks off. Who reads more
/// slowly holds a place that others wait for.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// Bytes of a second at which the slowest client takes a file.
const LEAST_RATE: u64 = 8 * 1024;

/// Random bytes of an id.
const ID_BYTES: usize = 16;

/// What files lie under on the relay's origin.
const PATH: &str = "/files/";

/// All bytes of a file, read from one piece after the other as they are taken.
pub fn read(bytes: Arc<dyn FileBytes>, file: &FileRecord) -> ByteStream {
    bytes::read(bytes, file, 0..file.size)
}

/// A file as its owner announces it.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// All its bytes.
    pub size: u64,
    /// What its owner calls it.
    pub name: String,
    /// What its owner takes it for; may be empty.
    pub media_type: String,
    /// Where a contact-centre user will post it.
    pub conversation: Option<ConversationId>,
}

/// The files of one relay.
pub struct Files {
    registry: Registry,
    bytes: Arc<dyn FileBytes>,
    key: LinkKey,
    turns: turns::Turns,
    uploads: Arc<Places>,
    downloads: Arc<Places>,
}

impl Files {
    /// Over these; `key` signs links.
    pub fn new(registry: Registry, bytes: Arc<dyn FileBytes>, key: LinkKey) -> Self {
        Self {
            registry,
            bytes,
            key,
            turns: turns::Turns::default(),
            uploads: Places::new(MOST_UPLOADS),
            downloads: Places::new(MOST_DOWNLOADS),
        }
    }

    /// Begins an upload.
    pub async fn create(&self, who: &Principal, new: NewFile) -> Result<FileRecord, FileError> {
        let channel = self.channel(who, new.conversation.as_ref()).await?;
        let services = self.registry.services();
        let rules = services.config.channels.get(&channel).ok_or(FileError::Gone)?;
        if new.size > rules.files.max_bytes {
            return Err(FileError::TooLarge {
                most: rules.files.max_bytes,
            });
        }
        if new.size == 0 {
            return Err(FileError::Empty);
        }
        let now = services.clock.now_ms();
        let random = secret::random().map_err(|_| FileError::Unavailable)?;
        let file = FileRecord {
            id: FileId::new(hex::encode(&random[..ID_BYTES])),
            owner: Author(who.key()),
            channel,
            name: name::cleaned(&new.name),
            media_type: content::cleaned(&new.media_type),
            size: new.size,
            pieces: Vec::new(),
            state: FileState::Uploading,
            posted: None,
            created_at: now,
            expires_at: Some(now.saturating_add(WAITS_MS)),
        };
        match services.store.add_file(file.clone(), self.quota(who, now)).await? {
            FileAdded::Added => {
                metrics::counter!(FILES, "state" => "begun").increment(1);
                Ok(file)
            }
            FileAdded::TooMany => Err(FileError::TooMany),
            FileAdded::TooMuch { oldest } => Err(FileError::TooMuch {
                wait_ms: u64::try_from(oldest.saturating_add(WAITS_MS).saturating_sub(now)).unwrap_or_default(),
            }),
        }
    }

    /// An upload of this owner, begun or done.
    pub async fn upload(&self, who: &Principal, id: &FileId) -> Result<FileRecord, FileError> {
        let file = self.record(id).await?;
        if file.owner.0 == who.key() {
            Ok(file)
        } else {
            Err(FileError::Gone)
        }
    }

    /// Deletes a file that is in no message.
    pub async fn delete(&self, who: &Principal, id: &FileId) -> Result<(), FileError> {
        let turn = self.turns.take(id).await;
        let file = self.upload(who, id).await?;
        if !self.registry.services().store.delete_file(id).await? {
            return Err(FileError::Posted);
        }
        metrics::counter!(FILES, "state" => "deleted").increment(1);
        self.remove_pieces(&file).await?;
        drop(turn);
        Ok(())
    }

    /// A file that `who` may read, by an address that is good for some minutes, and until when in epoch seconds.
    pub async fn link(&self, who: &Principal, id: &FileId) -> Result<(FileRecord, Signed), FileError> {
        let file = self.readable(who, id).await?;
        let signed = self.key.sign(id, self.registry.services().clock.now_ms());
        metrics::counter!(FILE_LINKS).increment(1);
        Ok((file, signed))
    }

    /// A file that a link leads to.
    pub async fn by_link(&self, id: &FileId, expires: i64, signature: &str) -> Result<FileRecord, FileError> {
        let now = self.registry.services().clock.now_ms();
        if !self.key.holds(id, expires, signature, now) {
            return Err(FileError::Gone);
        }
        self.whole(id).await
    }

    /// A file that `who` may read: a file that was posted as the conversation says and the message's audience, any other its
    /// owner.
    pub async fn readable(&self, who: &Principal, id: &FileId) -> Result<FileRecord, FileError> {
        let file = self.whole(id).await?;
        let Some(posted) = &file.posted else {
            return match file.owner.0 == who.key() {
                true => Ok(file),
                false => Err(FileError::Gone),
            };
        };
        // A conversation that may not be known of and a file that is not there are told apart by nothing.
        let viewer = self.registry.viewer_of(who, &posted.conversation).await?;
        match (posted.readers, viewer) {
            (FileReaders::Everyone, Some(_)) | (FileReaders::Staff, Some(Viewer::Agent)) => Ok(file),
            (FileReaders::Staff, Some(Viewer::Customer | Viewer::Bot)) | (_, None) => Err(FileError::Gone),
        }
    }

    /// The address of a file in a message.
    pub fn media_url(&self, id: &FileId) -> String {
        media_url(&self.registry.services().own, id)
    }

    /// A part of a file's bytes, for a client at this address. They have one of the places for downloads until they are
    /// dropped. Bytes that are missing end the stream with an error; a relay that stops and a client that is too slow end it early.
    pub fn download(&self, from: IpAddr, file: &FileRecord, part: Range<u64>) -> Result<ByteStream, FileError> {
        let place = self.downloads.take(Shares::of_address(from)).ok_or(FileError::Busy)?;
        let within = READ_WITHIN + Duration::from_secs((part.end - part.start) / LEAST_RATE);
        let bytes = self.read(file, part).take_until(tokio::time::sleep(within));
        let bytes = bytes.inspect(move |_| {
            let _held: &Place = &place;
        });
        Ok(bytes.boxed())
    }

    fn read(&self, file: &FileRecord, part: Range<u64>) -> ByteStream {
        let stop = self.registry.services().shutdown.clone();
        bytes::read(Arc::clone(&self.bytes), file, part)
            .take_until(stop.cancelled_owned())
            .boxed()
    }

    async fn whole(&self, id: &FileId) -> Result<FileRecord, FileError> {
        let file = self.record(id).await?;
        match file.state {
            FileState::Complete | FileState::Posted => Ok(file),
            FileState::Uploading | FileState::Deleted => Err(FileError::Gone),
        }
    }

    /// A file that is not deleted and whose time is not over.
    async fn record(&self, id: &FileId) -> Result<FileRecord, FileError> {
        let services = self.registry.services();
        let file = services.store.file(id).await?.ok_or(FileError::Gone)?;
        let is_over = file.expires_at.is_some_and(|end| end <= services.clock.now_ms());
        match file.state {
            FileState::Deleted => Err(FileError::Gone),
            _ if is_over => Err(FileError::Gone),
            FileState::Uploading | FileState::Complete | FileState::Posted => Ok(file),
        }
    }

    /// Whose rules hold: those of a customer's channel, or of the conversation that a contact-centre user writes in.
    async fn channel(&self, who: &Principal, conversation: Option<&ConversationId>) -> Result<String, FileError> {
        match (who, conversation) {
            (Principal::Customer(customer), _) => Ok(customer.channel.clone()),
            (Principal::Staff(_), Some(conversation)) => {
                let channel = self.registry.channel_of(who, conversation).await?;
                channel.ok_or(FileError::NoConversation)
            }
            (Principal::Staff(_), None) => Err(FileError::NoConversation),
            (Principal::Bot(_) | Principal::App(_), _) => Err(FileError::Forbidden),
        }
    }

    fn quota(&self, who: &Principal, now: i64) -> FileQuota {
        let set = &self.registry.services().config.files;
        let times = match who {
            Principal::Staff(_) => CUSTOMERS_PER_STAFF,
            Principal::Customer(_) | Principal::Bot(_) | Principal::App(_) => 1,
        };
        FileQuota {
            files: set.at_once.saturating_mul(times),
            bytes: set.bytes_per_day.saturating_mul(times.into()),
            since: now.saturating_sub(WAITS_MS),
        }
    }

    /// Removes the bytes of a file, those of a piece that its record has not come to know among them.
    async fn remove_pieces(&self, file: &FileRecord) -> Result<(), BytesError> {
        let mut offset = 0;
        for length in &file.pieces {
            self.bytes.remove(&bytes::key(&file.id, offset)).await?;
            offset += length;
        }
        self.bytes.remove(&bytes::key(&file.id, offset)).await
    }
}

/// The address of a file in a message.
pub(crate) fn media_url(own: &Origin, id: &FileId) -> String {
    format!("{own}{PATH}{id}")
}

/// What an address in a message leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file of this relay.
    File(FileId),
    /// The relay's own place for files, but no file that there could be.
    Nothing,
    /// Anything else.
    Elsewhere,
}

/// Where an address leads.
pub(crate) fn target(own: &Origin, url: &str) -> Target {
    let Some(id) = url
        .strip_prefix(own.to_string().as_str())
        .and_then(|path| path.strip_prefix(PATH))
    else {
        return Target::Elsewhere;
    };
    match parse_id(id) {
        Some(id) => Target::File(id),
        None => Target::Nothing,
    }
}

/// An id as the relay makes them.
pub fn parse_id(text: &str) -> Option<FileId> {
    let is_id = text.len() == 2 * ID_BYTES && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_id.then(|| FileId::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ours_is_a_file_or_nothing() {
        let own: Origin = "https://chat.example".parse().expect("an origin");
        let id = FileId::new("0123456789abcdef0123456789abcdef");
        assert_eq!(target(&own, &media_url(&own, &id)), Target::File(id));
        for nothing in [
            "",
            "x",
            "0123456789ABCDEF0123456789ABCDEF",
            "../0123456789abcdef0123456789a",
        ] {
            assert_eq!(
                target(&own, &format!("https://chat.example/files/{nothing}")),
                Target::Nothing
            );
        }
        for elsewhere in [
            "https://chat.example.evil/files/0123456789abcdef0123456789abcdef",
            "https://chat.example@evil/files/x",
            "http://chat.example/files/0123456789abcdef0123456789abcdef",
            "https://chat.example/desk",
        ] {
            assert_eq!(target(&own, elsewhere), Target::Elsewhere, "{elsewhere}");
        }
    }
}
