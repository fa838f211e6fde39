//! What a file says about itself before SQLite opens it. SQLite writes to whatever it is told to open: a file of another
//! program must be known for one without it.

use crate::file::{self, beside};
use crate::open_error::OpenError;
use crate::schema::{APPLICATION, known};
use crate::wal;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The first bytes of every SQLite file.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The first page begins with this many bytes about the whole file.
const LENGTH: usize = 100;

/// What lies where a store is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, or a file without content.
    Nothing,
    /// A store that this program understands.
    Store,
}

/// Looks at the file without touching it or anything beside it.
///
/// # Errors
/// When it is another program's, or a newer relay's.
pub(crate) fn look(path: &Path) -> Result<Found, OpenError> {
    match fs::metadata(path) {
        Ok(file) if !file.is_file() => return Err(OpenError::NoFile(path.to_owned())),
        Ok(file) if file.len() == 0 => return Ok(Found::Nothing),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(OpenError::io(path)(error)),
    }
    let mut file = File::open(path).map_err(OpenError::io(path))?;
    let mut bytes = [0; LENGTH];
    match file.read_exact(&mut bytes) {
        Ok(()) if bytes.starts_with(MAGIC) => {}
        Ok(()) => return Err(OpenError::Foreign(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(OpenError::Foreign(path.to_owned())),
        Err(error) => return Err(OpenError::io(path)(error)),
    }
    let found = Header::read(&bytes);
    let newest = if found.application == APPLICATION {
        found
    } else {
        newest(path)?.ok_or_else(|| OpenError::Foreign(path.to_owned()))?
    };
    if newest.application != APPLICATION {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    if newest.version > known() {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found: newest.version,
            known: known(),
        });
    }
    Ok(Found::Store)
}

/// Refuses folders and pipes where the store's other files are to be: to open a pipe is to wait for ever.
pub(crate) fn refuse_no_files_beside(path: &Path) -> Result<(), OpenError> {
    let beside = [".lock", "-wal", "-shm"].map(|suffix| beside(path, suffix));
    let no_file = beside
        .into_iter()
        .find(|path| fs::metadata(path).is_ok_and(|found| !found.is_file()));
    no_file.map_or(Ok(()), |path| Err(OpenError::NoFile(path)))
}

/// Refuses to take the place of another program's SQLite file, or of what is no file. A file that cannot be read, our own with
/// damaged pages most likely, is no reason.
///
/// # Errors
/// When there is such a file.
pub(crate) fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    match look(path) {
        Err(OpenError::Foreign(_)) if has_other_tables(path) => Err(OpenError::Foreign(path.to_owned())),
        Err(OpenError::NoFile(_)) => Err(OpenError::NoFile(path.to_owned())),
        Ok(_) | Err(_) => Ok(()),
    }
}

const COUNT_OWN: &str = "select count(*) from sqlite_schema where name in ('meta', 'conversations', 'deliveries')";

/// Whether it is an SQLite file whose tables are not ours.
fn has_other_tables(path: &Path) -> bool {
    let own = file::without_wal(path).and_then(|file| file.query_row(COUNT_OWN, [], |row| row.get::<_, u32>(0)));
    own.is_ok_and(|own| own == 0)
}

/// What the first page says in the WAL: a store that ended soon after it was made has all it says there.
fn newest(path: &Path) -> Result<Option<Header>, OpenError> {
    let pages = wal::read(&beside(path, "-wal"), 1).map_err(OpenError::io(path))?;
    let page = pages.and_then(|pages| pages.newest);
    Ok(page.filter(|page| page.len() >= LENGTH).map(|page| Header::read(&page)))
}

struct Header {
    application: u32,
    version: u32,
}

impl Header {
    /// Of at least [`LENGTH`] bytes.
    fn read(page: &[u8]) -> Self {
        let number = |at: usize| u32::from_be_bytes([page[at], page[at + 1], page[at + 2], page[at + 3]]);
        Self {
            version: number(60),
            application: number(68),
        }
    }
}
