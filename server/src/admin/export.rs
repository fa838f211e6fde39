//! Writes all that is known of a customer into a file.

use super::erase::find;
use super::{AdminError, AdminReply, Administration};
use crate::exporting::zip;
use portico_core::audit::Attribution;
use portico_core::customers::export::{Export, Source};
use portico_shared::ids::CustomerId;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes it into a new file, which is the user's alone whose process has the store open. One that is not whole is removed.
pub(super) async fn export(with: &Administration, named: String, to: PathBuf) -> Result<AdminReply, AdminError> {
    let found = find(with.store.as_ref(), &named).await?;
    let customer = found.ok_or(AdminError::NoCustomer(named))?;
    let file = new_file(&to).map_err(|source| AdminError::File {
        path: to.clone(),
        source,
    })?;
    let written = write(with, customer.clone(), file).await;
    if written.is_err() {
        let _ = std::fs::remove_file(&to);
    }
    written.map(|()| AdminReply::CustomerExported {
        customer: customer.to_string(),
    })
}

fn new_file(to: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)
}

async fn write(with: &Administration, customer: CustomerId, file: File) -> Result<(), AdminError> {
    let source = Source {
        store: Arc::clone(&with.store),
        bytes: with.bytes.clone().ok_or(AdminError::NoFiles)?,
        clock: Arc::clone(&with.clock),
    };
    let by = Attribution::operator(with.clock.as_ref());
    let export = Export::begin(source, &by, customer).await?;
    Ok(zip(export, BufWriter::new(file)).await?)
}
