//! Where the bytes of files lie.

use crate::store::FileRecord;
use ::bytes::Bytes;
use async_trait::async_trait;
use futures_util::stream::{BoxStream, StreamExt, iter};
use portico_shared::ids::FileId;
use std::ops::Range;
use std::sync::Arc;

/// Bytes as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes, BytesError>>;

/// Why bytes could not be kept or read.
#[derive(Debug, thiserror::Error)]
#[error("the place of files failed")]
pub struct BytesError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keeps the bytes of files under keys. Every method may be called from any task.
#[async_trait]
pub trait FileBytes: Send + Sync + 'static {
    /// Keeps bytes, over those that were there. They survive a crash from when this returns; before that there are all of
    /// them or those that were there.
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BytesError>;

    /// A part of the bytes under a key, which is no longer than a piece.
    async fn read(&self, key: &str, part: Range<u64>) -> Result<Bytes, BytesError>;

    /// Removes bytes; they need not be there.
    async fn remove(&self, key: &str) -> Result<(), BytesError>;
}

/// The key of the piece of a file that begins at `offset`. Files lie in 256 folders, by how their ids begin.
pub(super) fn key(file: &FileId, offset: u64) -> String {
    let id = file.as_str();
    format!("{}/{id}-{offset}", id.get(..2).unwrap_or(id))
}

/// The keys under which a file's bytes lie, and how many under each.
pub fn pieces(file: &FileRecord) -> impl Iterator<Item = (String, u64)> {
    file.pieces.iter().scan(0, |begin, length| {
        let key = key(&file.id, *begin);
        *begin += length;
        Some((key, *length))
    })
}

/// Most bytes that are read at once. A client that takes them slowly has so many in memory.
pub(super) const READ_BYTES: u64 = 64 * 1024;

/// What is read at once of a piece.
struct Part {
    key: String,
    bytes: Range<u64>,
}

/// A part of a file, read from one piece after the other as it is taken.
pub(super) fn read(bytes: Arc<dyn FileBytes>, file: &FileRecord, wanted: Range<u64>) -> ByteStream {
    iter(parts(file.id.clone(), file.pieces.clone(), wanted))
        .then(move |part| {
            let bytes = Arc::clone(&bytes);
            async move { bytes.read(&part.key, part.bytes).await }
        })
        .boxed()
}

fn parts(file: FileId, pieces: Vec<u64>, wanted: Range<u64>) -> impl Iterator<Item = Part> {
    let pieces = pieces.into_iter().scan(0, |begin, length| {
        let piece = *begin..*begin + length;
        *begin = piece.end;
        Some(piece)
    });
    pieces.flat_map(move |piece| {
        let within = wanted.start.max(piece.start)..wanted.end.min(piece.end);
        let key = key(&file, piece.start);
        let starts = within.clone().step_by(READ_BYTES as usize);
        starts.map(move |start| Part {
            key: key.clone(),
            bytes: start - piece.start..within.end.min(start + READ_BYTES) - piece.start,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Author, FileState};

    #[test]
    fn a_part_of_a_file_is_read_from_the_pieces_that_it_lies_in() {
        let file = FileRecord {
            id: FileId::new("ab12"),
            owner: Author("customer:k".to_owned()),
            channel: "shop".to_owned(),
            name: "x".to_owned(),
            media_type: "image/png".to_owned(),
            size: 25,
            pieces: vec![10, 10, 5],
            state: FileState::Complete,
            posted: None,
            created_at: 0,
            expires_at: None,
        };
        let read = |wanted: Range<u64>| -> Vec<(String, Range<u64>)> {
            let parts = parts(file.id.clone(), file.pieces.clone(), wanted);
            parts.map(|part| (part.key, part.bytes)).collect()
        };
        let part = |offset: u64, bytes: Range<u64>| (format!("ab/ab12-{offset}"), bytes);
        assert_eq!(read(0..25), [part(0, 0..10), part(10, 0..10), part(20, 0..5)]);
        assert_eq!(read(9..11), [part(0, 9..10), part(10, 0..1)]);
        assert_eq!(read(10..20), [part(10, 0..10)]);
        assert_eq!(read(24..25), [part(20, 4..5)]);
        assert_eq!(read(7..7), []);
        let large = parts(
            FileId::new("ab12"),
            vec![10, READ_BYTES * 2 + 1],
            9..READ_BYTES * 2 + 11,
        );
        let read: Vec<_> = large.map(|part| part.bytes).collect();
        let k = READ_BYTES;
        assert_eq!(read, [9..10, 0..k, k..2 * k, 2 * k..2 * k + 1], "never more at once");
        let lengths: Vec<_> = pieces(&file).map(|(_, length)| length).collect();
        let keys: Vec<_> = pieces(&file).map(|(key, _)| key).collect();
        assert_eq!(lengths, file.pieces);
        assert_eq!(keys, [part(0, 0..0).0, part(10, 0..0).0, part(20, 0..0).0]);
    }
}
