//! Ties a store's file to its write-ahead log, which SQLite does not: it replays whatever log lies beside a file, also
//! one of another state of the store, and leaves pages of both.
//!
//! A mark with a number that only grows is written where something begins or ends: as the last transaction before the log
//! is copied into the file, and as the first one after it, when the log may begin anew. So the file alone says how far
//! it goes, and a log says from where it goes on: the numbers must meet. The mark also names the lineage, which a restored
//! copy is given anew, and whether a log is to be expected at all, so that a file without its log is noticed.

use crate::file::{self, beside};
use crate::open_error::OpenError;
use crate::wal;
use rusqlite::{Connection, OptionalExtension};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What the writer was about to do when it wrote a mark. In files the words are `closed`, `copying` and `going`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriterPhase {
    /// Nothing: the relay ended as it should, and all is in the file.
    Closed,
    /// To copy the log into the file. A file with this mark goes on in a log.
    Checkpointing,
    /// To go on. Only who reads file and log together sees this mark, and so does a copy that SQLite made of both.
    Writing,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// 32 hexadecimal digits.
    lineage: String,
    number: u64,
    pub(crate) phase: WriterPhase,
}

impl Mark {
    /// The first mark of a store that nothing is open of.
    pub(crate) fn first(lineage: u128) -> Self {
        Self {
            lineage: format!("{lineage:032x}"),
            number: 1,
            phase: WriterPhase::Closed,
        }
    }

    fn next(&self, phase: WriterPhase) -> Self {
        Self {
            lineage: self.lineage.clone(),
            number: self.number + 1,
            phase,
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            WriterPhase::Closed => "closed",
            WriterPhase::Checkpointing => "copying",
            WriterPhase::Writing => "going",
        };
        write!(f, "{} {} {phase}", self.lineage, self.number)
    }
}

/// The text is no mark.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoMark;

impl FromStr for Mark {
    type Err = NoMark;

    fn from_str(text: &str) -> Result<Self, NoMark> {
        let mut words = text.split(' ');
        let (Some(lineage), Some(number), Some(phase), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NoMark);
        };
        Ok(Self {
            lineage: lineage.to_owned(),
            number: number.parse().map_err(|_| NoMark)?,
            phase: match phase {
                "closed" => WriterPhase::Closed,
                "copying" => WriterPhase::Checkpointing,
                "going" => WriterPhase::Writing,
                _ => return Err(NoMark),
            },
        })
    }
}

const SELECT: &str = "select mark from generation";
const PUT: &str =
    "insert into generation (id, mark) values (1, ?1) on conflict (id) do update set mark = excluded.mark";

/// The newest mark; none in a store of a version that had none.
pub(crate) fn newest(connection: &Connection) -> rusqlite::Result<Option<Mark>> {
    if root(connection)?.is_none() {
        return Ok(None);
    }
    let text: Option<String> = connection.query_row(SELECT, [], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Writes a mark, in the transaction that is open or one of its own.
pub(crate) fn put(connection: &Connection, mark: &Mark) -> rusqlite::Result<()> {
    connection.prepare_cached(PUT)?.execute([mark.to_string()]).map(drop)
}

/// Writes the mark that follows the newest one. A store without marks, of an earlier version, gets none.
pub(crate) fn advance(connection: &Connection, phase: WriterPhase) -> rusqlite::Result<()> {
    match newest(connection)? {
        Some(mark) => put(connection, &mark.next(phase)),
        None => Ok(()),
    }
}

/// Writes the mark of a copy that nothing is open of, and gives it a lineage of its own.
pub(crate) fn close(connection: &Connection, lineage: u128) -> rusqlite::Result<()> {
    match newest(connection)? {
        Some(mark) => {
            let mut closed = mark.next(WriterPhase::Closed);
            closed.lineage = Mark::first(lineage).lineage;
            put(connection, &closed)
        }
        None => Ok(()),
    }
}

const SELECT_ROOT: &str = "select rootpage from sqlite_schema where type = 'table' and name = 'generation'";

/// The page that holds the mark.
fn root(connection: &Connection) -> rusqlite::Result<Option<u32>> {
    connection.query_row(SELECT_ROOT, [], |row| row.get(0)).optional()
}

/// How the process before has left a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Whole, in one file.
    Closed,
    /// With a log that goes on where the file ends, or of a version that wrote no marks.
    Midway,
    /// It is a copy that SQLite made of file and log while a relay ran.
    Copied,
}

/// Whether there is a log beside the file.
pub(crate) fn has_log(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// Looks at the file and its log as they lie there. Called before SQLite sees them, and while nobody writes.
///
/// # Errors
/// When they do not belong together.
pub(crate) fn look(path: &Path) -> Result<Left, OpenError> {
    let is_empty = !has_log(path);
    // A file that cannot be read by itself may be whole together with its log: SQLite finds out.
    let Ok((Some(page), Some(mark))) = file::without_wal(path).and_then(|file| Ok((root(&file)?, newest(&file)?)))
    else {
        return Ok(if is_empty { Left::Closed } else { Left::Midway });
    };
    if is_empty {
        return match mark.phase {
            WriterPhase::Closed => Ok(Left::Closed),
            WriterPhase::Writing => Ok(Left::Copied),
            WriterPhase::Checkpointing => Err(OpenError::WithoutWal(path.to_owned())),
        };
    }
    let pages = wal::read(&beside(path, "-wal"), page).map_err(OpenError::io(path))?;
    let pages = pages.ok_or_else(|| OpenError::OtherLog(path.to_owned()))?;
    // A log that ends in its first transaction says nothing, and the file was whole when it began.
    if pages.transactions == 0 || goes_on(&mark, &pages) {
        return Ok(Left::Midway);
    }
    Err(OpenError::OtherLog(path.to_owned()))
}

/// Whether a log goes on where the file with this mark ends.
fn goes_on(file: &Mark, log: &wal::Pages) -> bool {
    let mark = |page: &Option<Vec<u8>>| page.as_deref().and_then(mark_in);
    let (Some(first), Some(last)) = (mark(&log.in_first), mark(&log.newest)) else {
        return false;
    };
    let is_of_one_lineage = [&first, &last].iter().all(|mark| mark.lineage == file.lineage);
    is_of_one_lineage && (first.number.saturating_sub(1)..=last.number).contains(&file.number)
}

/// The mark in a bare page of SQLite's: a leaf of a table with one row, whose last column it is. The format is the one of
/// <https://www.sqlite.org/fileformat2.html#b_tree_pages>.
fn mark_in(page: &[u8]) -> Option<Mark> {
    const LEAF: u8 = 0x0d;
    let (&[LEAF, _, _, 0, 1], rest) = page.split_first_chunk()? else {
        return None;
    };
    let at = usize::from(u16::from_be_bytes([*rest.get(3)?, *rest.get(4)?]));
    // One byte each: the length of what follows, the row's id, the length of the header, the type of `id`, and the type of
    // `mark`, which is its length.
    let &[length, 1, header, 0, _] = page.get(at..)?.first_chunk()? else {
        return None;
    };
    let record = page.get(at + 2..)?.get(..usize::from(length))?;
    std::str::from_utf8(record.get(usize::from(header)..)?)
        .ok()?
        .parse()
        .ok()
}
