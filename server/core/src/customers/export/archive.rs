//! The parts of an archive, on their way to who writes it.

use crate::files::BytesError;
use crate::store::StoreError;
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;

/// What an archive is written from, in order.
#[derive(Debug)]
pub enum Part {
    /// A file in it begins, by its path; the one before is whole.
    File(String),
    /// More bytes of it.
    Bytes(Bytes),
    /// All are there.
    End,
}

/// Why an archive is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read to its end.
    #[error(transparent)]
    Bytes(#[from] BytesError),
    /// Nobody takes it any more.
    #[error("the archive was given up")]
    GivenUp,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

/// Sends the parts and keeps what the manifest lists.
pub(super) struct Archive {
    to: Sender<Part>,
    listed: Vec<Listed>,
    current: Option<(String, u64, Sha256)>,
}

impl Archive {
    pub(super) fn new(to: Sender<Part>) -> Self {
        Self {
            to,
            listed: Vec::new(),
            current: None,
        }
    }

    /// Begins a file.
    pub(super) async fn begin(&mut self, path: &str) -> Result<(), ExportError> {
        self.finish();
        self.current = Some((path.to_owned(), 0, Sha256::new()));
        self.send(Part::File(path.to_owned())).await
    }

    /// Adds to the file that was begun last.
    pub(super) async fn add(&mut self, bytes: Bytes) -> Result<(), ExportError> {
        if let Some((_, length, digest)) = &mut self.current {
            *length += bytes.len() as u64;
            digest.update(&bytes);
        }
        self.send(Part::Bytes(bytes)).await
    }

    /// Adds a line to it.
    pub(super) async fn line(&mut self, text: &str) -> Result<(), ExportError> {
        self.add(Bytes::from(format!("{text}\n"))).await
    }

    /// A whole file.
    pub(super) async fn document(&mut self, path: &str, document: &Value) -> Result<(), ExportError> {
        self.begin(path).await?;
        self.line(&format!("{document:#}")).await
    }

    /// The files that are whole.
    pub(super) fn listed(&mut self) -> Vec<Listed> {
        self.finish();
        self.listed.clone()
    }

    pub(super) async fn end(self) -> Result<(), ExportError> {
        self.send(Part::End).await
    }

    fn finish(&mut self) {
        if let Some((path, bytes, digest)) = self.current.take() {
            let sha256 = digest.finalize().into();
            self.listed.push(Listed { path, bytes, sha256 });
        }
    }

    async fn send(&self, part: Part) -> Result<(), ExportError> {
        self.to.send(part).await.map_err(|_| ExportError::GivenUp)
    }
}
