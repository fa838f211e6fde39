//! Bytes of a file come in. They are kept piece by piece, each as soon as it is full or nothing more comes, so that an
//! upload that is cut goes on close to where it was. With the last byte the file is looked at and either whole or refused.

use super::turns::Turn;
use super::{FileError, Files, bytes, content, name};
use crate::identity::Principal;
use crate::store::{FileContent, FilePiece, FileRecord, FileState};
use crate::telemetry::{FILE_BYTES, FILES};
use ::bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt};
use portico_shared::ids::FileId;
use std::pin::pin;
use std::time::Duration;
use tokio::time::sleep;

/// The bytes of a piece. So many are in memory for each upload that is read.
const PIECE_BYTES: usize = 512 * 1024;

/// The most pieces of a file. Clients that send a few bytes with each request come to it.
const MAX_PIECES: usize = 4_096;

/// The largest file that there may be: one in as many full pieces, with room for some that were cut.
pub const MAX_FILE_BYTES: u64 = (MAX_PIECES as u64 / 2) * PIECE_BYTES as u64;

/// An upload of which fewer than [`PROGRESS_BYTES`] come in so long a time is given up, until its client comes back.
const PROGRESS_WITHIN: Duration = Duration::from_secs(30);

/// See [`PROGRESS_WITHIN`].
const PROGRESS_BYTES: usize = 16 * 1024;

/// What became of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// They are kept, and more are to come.
    Partly {
        /// Where.
        offset: u64,
    },
    /// The file is there as a whole.
    Whole(Box<FileRecord>),
}

/// What comes next of an upload.
enum Next {
    Bytes(Bytes),
    /// The request has no more.
    End,
    /// The connection broke, or too little came.
    Cut,
    /// Another request goes on with the file.
    Superseded,
    /// The relay stops.
    Stop,
}

impl Files {
    /// Adds the bytes of a request to an upload.
    pub async fn append<B, E>(&self, who: &Principal, id: &FileId, offset: u64, body: B) -> Result<Appended, FileError>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let _permit = self.reading.try_acquire().map_err(|_| FileError::Busy)?;
        self.upload(who, id).await?;
        let turn = self.turns.take(id).await;
        let file = self.upload(who, id).await?;
        let at = file.offset();
        if at != offset {
            return Err(FileError::Offset { at });
        }
        if file.state != FileState::Uploading {
            // The answer to its last byte was lost.
            return Ok(Appended::Whole(Box::new(file)));
        }
        Receiving {
            files: self,
            file,
            buffer: BytesMut::new(),
        }
        .run(&turn, body)
        .await
    }
}

/// An upload while bytes come in.
struct Receiving<'a> {
    files: &'a Files,
    file: FileRecord,
    /// What is not kept yet.
    buffer: BytesMut,
}

impl Receiving<'_> {
    async fn run<B, E>(mut self, turn: &Turn<'_>, mut body: B) -> Result<Appended, FileError>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let stop = &self.files.registry.services().shutdown;
        let mut enough = 0;
        let mut deadline = pin!(sleep(PROGRESS_WITHIN));
        loop {
            // Each arm is cancel-safe: bytes are either taken from the body or still in it.
            let next = tokio::select! {
                next = body.next() => match next {
                    Some(Ok(bytes)) => Next::Bytes(bytes),
                    Some(Err(_)) => Next::Cut,
                    None => Next::End,
                },
                () = turn.superseded() => Next::Superseded,
                () = &mut deadline => Next::Cut,
                () = stop.cancelled() => Next::Stop,
            };
            match next {
                Next::Bytes(bytes) => {
                    enough += bytes.len();
                    if enough >= PROGRESS_BYTES {
                        enough = 0;
                        deadline.set(sleep(PROGRESS_WITHIN));
                    }
                    if let Some(whole) = self.take(bytes).await? {
                        return Ok(whole);
                    }
                }
                Next::End => {
                    self.keep().await?;
                    let offset = self.file.offset();
                    return Ok(Appended::Partly { offset });
                }
                Next::Cut => {
                    self.keep().await?;
                    return Err(FileError::Slow);
                }
                Next::Stop => {
                    self.keep().await?;
                    return Err(FileError::Stopping);
                }
                // Where the other one goes on is where the record ends: what is in memory comes again.
                Next::Superseded => return Err(FileError::Slow),
            }
        }
    }

    /// Takes bytes in, and keeps what fills a piece. Answers the file once it is whole.
    async fn take(&mut self, mut bytes: Bytes) -> Result<Option<Appended>, FileError> {
        let missing = self.file.size - self.file.offset() - self.buffer.len() as u64;
        if bytes.len() as u64 > missing {
            return Err(FileError::TooLarge { most: self.file.size });
        }
        while !bytes.is_empty() {
            let room = PIECE_BYTES - self.buffer.len();
            self.buffer.extend_from_slice(&bytes.split_to(bytes.len().min(room)));
            let end = self.file.offset() + self.buffer.len() as u64;
            if end == self.file.size {
                return self.complete().await.map(Some);
            }
            if self.buffer.len() == PIECE_BYTES {
                self.keep().await?;
            }
        }
        Ok(None)
    }

    /// Keeps what is in memory as a piece.
    async fn keep(&mut self) -> Result<(), FileError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.write(None).await
    }

    /// The last byte is in memory: the file becomes what its content is, if its channel takes that.
    async fn complete(&mut self) -> Result<Appended, FileError> {
        let head = self.head().await?;
        let media_type = content::media_type(&head, &self.file.media_type);
        let services = self.files.registry.services();
        let channel = services.config.channels.get(&self.file.channel);
        if !channel.is_some_and(|channel| channel.files.types.contains(&media_type)) {
            services.store.delete_file(&self.file.id).await?;
            self.files.remove_pieces(&self.file).await?;
            metrics::counter!(FILES, "state" => "refused").increment(1);
            return Err(FileError::TypeRefused(media_type));
        }
        let name = name::fitting(&self.file.name, &media_type);
        self.write(Some(FileContent { media_type, name })).await?;
        metrics::counter!(FILES, "state" => "complete").increment(1);
        Ok(Appended::Whole(Box::new(self.file.clone())))
    }

    /// The first bytes of the file, kept or in memory.
    async fn head(&self) -> Result<Vec<u8>, FileError> {
        let kept = self.file.offset().min(content::HEAD_BYTES);
        let read: Vec<Bytes> = self.files.read(&self.file, 0..kept).try_collect().await?;
        let mut head = read.concat();
        if head.len() as u64 != kept {
            // A type that is told by less would be another one.
            return Err(FileError::Stopping);
        }
        let missing = (content::HEAD_BYTES as usize).saturating_sub(head.len());
        head.extend(self.buffer.iter().take(missing));
        Ok(head)
    }

    /// Keeps what is in memory, and lets the record know of it.
    async fn write(&mut self, completes: Option<FileContent>) -> Result<(), FileError> {
        if self.file.pieces.len() >= MAX_PIECES {
            return Err(FileError::TooManyPieces);
        }
        let (offset, bytes) = (self.file.offset(), self.buffer.split().freeze());
        let length = bytes.len() as u64;
        self.files.bytes.put(&bytes::key(&self.file.id, offset), bytes).await?;
        let piece = FilePiece {
            file: self.file.id.clone(),
            offset,
            length,
            completes: completes.clone(),
        };
        if !self.files.registry.services().store.add_piece(piece).await? {
            return Err(FileError::Gone);
        }
        metrics::counter!(FILE_BYTES).increment(length);
        self.file.pieces.push(length);
        if let Some(content) = completes {
            self.file.state = FileState::Complete;
            self.file.media_type = content.media_type;
            self.file.name = content.name;
        }
        Ok(())
    }
}
