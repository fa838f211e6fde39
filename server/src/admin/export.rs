//! Writes all that is known of a customer into a file.

use super::erase::find;
use super::{AdminError, AdminReply, Administration};
use crate::exporting::{Exports, zip};
use portico_core::audit::Attribution;
use portico_core::customers::export::Export;
use portico_shared::ids::CustomerId;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the name of a file ends in until it is whole.
const PART: &str = ".part";

/// Writes it into a new file, which is the user's alone whose process has the store open. Nothing has the file's name before it is
/// whole, and nothing is left of one that does not become whole.
pub(super) async fn export(with: &Administration, named: String, to: PathBuf) -> Result<AdminReply, AdminError> {
    let exports = with.exports.as_ref().ok_or(AdminError::NoFiles)?;
    let _place = exports.place().ok_or(AdminError::NoPlace)?;
    let found = find(with.store.as_ref(), &named).await?;
    let customer = found.ok_or(AdminError::NoCustomer(named))?;
    let part = PartFile::create(&to)?;
    write(exports, customer.clone(), Arc::clone(&part.file)).await?;
    part.finish(&to)?;
    Ok(AdminReply::CustomerExported {
        customer: customer.to_string(),
    })
}

async fn write(exports: &Exports, customer: CustomerId, file: Arc<File>) -> Result<(), AdminError> {
    let source = exports.source.clone();
    let by = Attribution::operator(source.clock.as_ref());
    let export = Export::begin(source, &by, customer).await?;
    Ok(zip(export, file).await?)
}

/// A file that is being written. It is removed when this is dropped: also where a caller or the relay stops in the middle.
struct PartFile {
    path: PathBuf,
    file: Arc<File>,
}

impl PartFile {
    fn create(to: &Path) -> Result<Self, AdminError> {
        is_free(to).map_err(failed(to))?;
        let mut path = to.as_os_str().to_owned();
        path.push(PART);
        let path = PathBuf::from(path);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = Arc::new(file.map_err(failed(&path))?);
        Ok(Self { path, file })
    }

    /// Gives it its name.
    fn finish(self, to: &Path) -> Result<(), AdminError> {
        let named = self.file.sync_all().and_then(|()| is_free(to));
        named.and_then(|()| std::fs::rename(&self.path, to)).map_err(failed(to))
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        // One that has its name is not there any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Refuses to write over anything, a link that leads nowhere included.
fn is_free(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> AdminError + use<> {
    let path = path.to_owned();
    |source| AdminError::File { path, source }
}
