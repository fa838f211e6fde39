//! Bytes of a file come in. They are kept piece by piece, each as soon as it is full or nothing more comes, so that an
//! upload that is cut goes on close to where it was. With the last byte the file is looked at and either whole or refused.

use super::picture::Pixels;
use super::places::{Place, Shares};
use super::turns::Turn;
use super::{FileBytes, FileError, Files, MOST_OF_OWNER, bytes, content, name, picture};
use crate::identity::Principal;
use crate::store::{FileContent, FilePiece, FileRecord, FileState, Store};
use crate::telemetry::{FILE_BYTES, FILES};
use ::bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt};
use portico_shared::ids::FileId;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The bytes of a piece. So many are in memory for each upload that is read.
const PIECE_BYTES: usize = 512 * 1024;

/// The largest file that there may be, in bytes.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024 * 1024;

/// Pieces that a file may have beyond twice as many as fit: clients that send 256 KiB or more with each request need no more
/// than the twice, and connections break. Each piece costs a write to the store that reads all before it.
const SMALL_PIECES: u64 = 128;

/// An upload of which fewer than [`PROGRESS_BYTES`] come in so long a time is given up, until its client comes back.
const PROGRESS_WITHIN: Duration = Duration::from_secs(30);

/// See [`PROGRESS_WITHIN`].
const PROGRESS_BYTES: usize = 64 * 1024;

/// The longest that one request is read, however well it comes on: others wait for its place.
const REQUEST_WITHIN: Duration = Duration::from_secs(120);

/// The longest that a request waits for the one before to stop, which stops at once unless the place of files hangs.
const TURN_WITHIN: Duration = Duration::from_secs(15);

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
    /// The connection broke, too little came, or it took too long.
    Cut,
    /// Another request goes on with the file.
    Superseded,
    /// The relay stops.
    Stop,
}

impl Files {
    /// Adds the bytes of a request to an upload; it comes `from` this address.
    pub async fn append<B, E>(
        &self,
        who: &Principal,
        from: IpAddr,
        id: &FileId,
        offset: u64,
        body: B,
    ) -> Result<Appended, FileError>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        self.upload(who, id).await?;
        let turn = timeout(TURN_WITHIN, self.turns.take(id)).await;
        let turn = turn.map_err(|_| FileError::Busy)?;
        let file = self.upload(who, id).await?;
        let at = file.offset();
        if at != offset {
            return Err(FileError::Offset { at });
        }
        if file.state != FileState::Uploading {
            // The answer to its last byte was lost.
            return Ok(Appended::Whole(Box::new(file)));
        }
        // The request before, which this one takes over from, has given its place back.
        let shares = Shares::of_address(from).and_owner(who.key(), MOST_OF_OWNER);
        let shares = match who {
            Principal::Customer(_) => shares.but_those_of_staff(),
            Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => shares,
        };
        let place = self.uploads.take(shares).ok_or(FileError::Busy)?;
        Receiving {
            files: self,
            file,
            buffer: BytesMut::new(),
            hold: Arc::new(Hold { _place: place, turn }),
        }
        .run(body)
        .await
    }
}

/// An upload while bytes come in.
struct Receiving<'a> {
    files: &'a Files,
    file: FileRecord,
    /// What is not kept yet.
    buffer: BytesMut,
    hold: Arc<Hold>,
}

/// What a request has while it writes a file, and a write that outlives its request.
struct Hold {
    // Given back before the turn, so that who has the turn next finds it.
    _place: Place,
    turn: Turn,
}

impl Receiving<'_> {
    async fn run<B, E>(mut self, mut body: B) -> Result<Appended, FileError>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let stop = &self.files.registry.services().shutdown;
        let mut enough = 0;
        let mut deadline = pin!(sleep(PROGRESS_WITHIN));
        let mut end = pin!(sleep(REQUEST_WITHIN));
        loop {
            // Each arm is cancel-safe: bytes are either taken from the body or still in it.
            let next = tokio::select! {
                next = body.next() => match next {
                    Some(Ok(bytes)) => Next::Bytes(bytes),
                    Some(Err(_)) => Next::Cut,
                    None => Next::End,
                },
                () = self.hold.turn.superseded() => Next::Superseded,
                () = &mut deadline => Next::Cut,
                () = &mut end => Next::Cut,
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
        let head = self.head(content::HEAD_BYTES).await?;
        let media_type = content::media_type(&head, &self.file.media_type);
        let services = self.files.registry.services();
        let channel = services.config.channels.get(&self.file.channel);
        if !channel.is_some_and(|channel| channel.files.types.contains(&media_type)) {
            return self.refuse(FileError::TypeRefused(media_type)).await;
        }
        if picture::is_one(&media_type) {
            let head = self.head(picture::HEAD_BYTES).await?;
            match picture::pixels(&head) {
                Pixels::Few => {}
                Pixels::Many => {
                    let most = picture::MOST_PIXELS;
                    return self.refuse(FileError::PictureTooLarge { most }).await;
                }
                Pixels::Unknown => return self.refuse(FileError::TypeRefused(media_type)).await,
            }
        }
        let name = name::fitting(&self.file.name, &media_type);
        self.write(Some(FileContent { media_type, name })).await?;
        metrics::counter!(FILES, "state" => "complete").increment(1);
        Ok(Appended::Whole(Box::new(self.file.clone())))
    }

    /// The whole file is not taken, and gone.
    async fn refuse(&self, why: FileError) -> Result<Appended, FileError> {
        let services = self.files.registry.services();
        services.store.delete_file(&self.file.id).await?;
        self.files.remove_pieces(&self.file).await?;
        metrics::counter!(FILES, "state" => "refused").increment(1);
        Err(why)
    }

    /// The first bytes of the file, so many at most, kept or in memory.
    async fn head(&self, most: u64) -> Result<Vec<u8>, FileError> {
        let kept = self.file.offset().min(most);
        let read: Vec<Bytes> = self.files.read(&self.file, 0..kept).try_collect().await?;
        let mut head = read.concat();
        if head.len() as u64 != kept {
            // A type that is told by less would be another one.
            return Err(FileError::Stopping);
        }
        let missing = (most as usize).saturating_sub(head.len());
        head.extend(self.buffer.iter().take(missing));
        Ok(head)
    }

    /// Keeps what is in memory, and lets the record know of it. Both are done also when the request ends meanwhile, and only
    /// then another one may write: bytes that come late would lie over those that the record has by then.
    async fn write(&mut self, completes: Option<FileContent>) -> Result<(), FileError> {
        if self.file.pieces.len() as u64 >= 2 * self.file.size.div_ceil(PIECE_BYTES as u64) + SMALL_PIECES {
            return Err(FileError::TooManyPieces);
        }
        let services = self.files.registry.services();
        let (offset, content) = (self.file.offset(), self.buffer.split().freeze());
        let length = content.len() as u64;
        let write = Write {
            bytes: Arc::clone(&self.files.bytes),
            store: Arc::clone(&services.store),
            content,
            piece: FilePiece {
                file: self.file.id.clone(),
                offset,
                length,
                completes: completes.clone(),
            },
            _hold: Arc::clone(&self.hold),
        };
        let written = services.tracker.spawn(write.run()).await;
        written.map_err(|_| FileError::Unavailable)??;
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

/// A piece on its way to where it belongs.
struct Write {
    bytes: Arc<dyn FileBytes>,
    store: Arc<dyn Store>,
    content: Bytes,
    piece: FilePiece,
    _hold: Arc<Hold>,
}

impl Write {
    async fn run(self) -> Result<(), FileError> {
        let key = bytes::key(&self.piece.file, self.piece.offset);
        self.bytes.put(&key, self.content).await?;
        match self.store.add_piece(self.piece).await? {
            true => Ok(()),
            false => Err(FileError::Gone),
        }
    }
}
