//! Exports of customers as ZIP archives, written by a thread as their parts come.

mod gate;
#[cfg(test)]
mod tests;

use axum::body::Bytes;
use futures_util::stream::{Stream, unfold};
use gate::Gate;
use portico_core::customers::export::{Export, ExportError, Part, Source};
use std::io::{self, BufWriter, Seek, Write};
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Parts that wait for the thread that writes them.
const PARTS: usize = 16;

/// Blocks of an archive that wait for the client.
const BLOCKS: usize = 4;

/// Bytes that are written at once.
const BLOCK_BYTES: usize = 64 * 1024;

/// Exports that are written at once: each has a thread.
const MOST_EXPORTS: usize = 2;

/// Why there is no whole archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// What belongs into it could not be read.
    #[error("the export is not whole")]
    Read(#[from] ExportError),
    /// It could not be written.
    #[error("the archive cannot be written")]
    Write(#[from] io::Error),
}

/// Exports, whoever asks for them: over HTTP and at the command line alike. A cheap handle.
#[derive(Clone)]
pub struct Exports {
    /// Where they come from.
    pub(crate) source: Source,
    places: Arc<Semaphore>,
}

impl Exports {
    /// Of this source.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            places: Arc::new(Semaphore::new(MOST_EXPORTS)),
        }
    }

    /// A place for one more; nothing if all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}

/// Writes an export as an archive.
pub(crate) async fn zip(export: Export, into: impl Write + Send + 'static) -> Result<(), ArchiveError> {
    let (to, parts) = channel(PARTS);
    #[expect(
        clippy::disallowed_methods,
        reason = "awaited in the same function; it ends when the parts do"
    )]
    let writing = tokio::task::spawn_blocking(move || write(parts, into));
    let (read, written) = tokio::join!(export.write(to), writing);
    let written = written.unwrap_or_else(|panic| Err(io::Error::other(panic)));
    match read {
        // Who takes the parts says why it does no more.
        Ok(()) | Err(ExportError::GivenUp) => Ok(written?),
        Err(error) => Err(error.into()),
    }
}

/// A piece of an archive on its way to a client.
pub(crate) enum Block {
    /// Bytes of it.
    Bytes(Bytes),
    /// There are no more.
    Whole,
}

/// Writes an export as an archive in blocks. An archive whose last block is not [`Block::Whole`] is not whole.
///
/// The place that it takes is free before the reader has the end, who may ask for the next one at once.
pub(crate) async fn zip_blocks(export: Export, to: Sender<Block>, place: OwnedSemaphorePermit) {
    let written = zip(export, Blocks(to.clone())).await;
    match written {
        Ok(()) => {
            drop(place);
            let _ = to.send(Block::Whole).await;
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "an export of a customer was broken off");
        }
    }
}

/// Blocks, and the bytes of an answer that they are. It ends with an error if the archive is not whole: what was cut off must not
/// look like all.
pub(crate) fn blocks() -> (Sender<Block>, impl Stream<Item = io::Result<Bytes>>) {
    let (to, from) = channel(BLOCKS);
    let bytes = unfold(Some(from), async |from: Option<Receiver<Block>>| {
        let mut from = from?;
        match from.recv().await {
            Some(Block::Bytes(bytes)) => Some((Ok(bytes), Some(from))),
            Some(Block::Whole) => None,
            None => Some((Err(io::ErrorKind::UnexpectedEof.into()), None)),
        }
    });
    (to, bytes)
}

/// An archive that is not whole has no end, without which no program opens it: `ZipWriter` would write one when it is dropped.
fn write(parts: Receiver<Part>, into: impl Write) -> io::Result<()> {
    let (gate, opened) = Gate::new(into);
    let mut archive = ZipWriter::new_stream(BufWriter::with_capacity(BLOCK_BYTES, gate));
    // Declared behind the archive, so that it is dropped before it, on a return and on a panic alike.
    let guard = opened;
    fill(&mut archive, parts)?;
    let written = archive.finish().map_err(io::Error::other)?;
    written.into_inner().flush()?;
    guard.keep()
}

fn fill<W: Write + Seek>(archive: &mut ZipWriter<W>, mut parts: Receiver<Part>) -> io::Result<()> {
    // Files of more than 4 GiB are possible, and how long one is, is not known when it begins.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o600)
        .large_file(true);
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::File(path) => archive.start_file(path, options).map_err(io::Error::other)?,
            Part::Bytes(bytes) => archive.write_all(&bytes)?,
            Part::End => return Ok(()),
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// Sends what is written to who answers a request.
struct Blocks(Sender<Block>);

impl Write for Blocks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let block = Block::Bytes(Bytes::copy_from_slice(bytes));
        let sent = self.0.blocking_send(block);
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
