//! Reads SQLite's write-ahead log without SQLite, which replays whatever log it finds. The format is the one of
//! <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// The log's first four bytes, but for the last bit, which says the byte order of its checksums.
const MAGIC: u32 = 0x377f_0682;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// SQLite's pages are between 512 bytes and 64 KiB.
const PAGE_SIZES: std::ops::RangeInclusive<u32> = 512..=65_536;

/// What the transactions of a log say about one page.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// Transactions that are whole.
    pub(crate) transactions: u64,
    /// The page as the first of them left it, if that one changed it.
    pub(crate) in_first: Option<Vec<u8>>,
    /// The page as the last one that changed it left it.
    pub(crate) newest: Option<Vec<u8>>,
}

/// Reads the log at `path`; none if there is no file, or no log in it.
pub(crate) fn read(path: &Path, page: u32) -> io::Result<Option<Pages>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut file = BufReader::new(file);
    let mut header = [0; HEADER];
    if !fill(&mut file, &mut header)? {
        return Ok(None);
    }
    let Some(mut log) = Log::begin(&header) else {
        return Ok(None);
    };
    let mut pages = Pages::default();
    let mut changed = None;
    let mut frame = vec![0; FRAME_HEADER + log.page_size];
    while fill(&mut file, &mut frame)? && log.continues_with(&frame) {
        let (number, pages_after) = (number(&frame, 0), number(&frame, 4));
        if number == page {
            changed = Some(frame[FRAME_HEADER..].to_vec());
        }
        // Only the last frame of a transaction says how long the file is after it.
        if pages_after != 0 {
            pages.transactions += 1;
            if let Some(image) = changed.take() {
                if pages.transactions == 1 {
                    pages.in_first = Some(image.clone());
                }
                pages.newest = Some(image);
            }
        }
    }
    Ok(Some(pages))
}

/// Whether there were enough bytes.
fn fill(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a log's frames must go with: each repeats the header's salts, and its checksum goes on from the one before.
struct Log {
    page_size: usize,
    big_endian: bool,
    salts: [u8; 8],
    checksum: (u32, u32),
}

impl Log {
    fn begin(header: &[u8; HEADER]) -> Option<Self> {
        let magic = number(header, 0);
        let page_size = number(header, 8);
        if magic & !1 != MAGIC || !PAGE_SIZES.contains(&page_size) {
            return None;
        }
        let mut log = Self {
            page_size: usize::try_from(page_size).ok()?,
            big_endian: magic & 1 == 1,
            salts: header[16..24].try_into().ok()?,
            checksum: (0, 0),
        };
        log.add(&header[..24]);
        log.agrees_with(&header[24..]).then_some(log)
    }

    /// Whether a frame is the next one of this log. What follows the last one was left by an earlier log, or was being
    /// written when the process ended.
    fn continues_with(&mut self, frame: &[u8]) -> bool {
        if frame[8..16] != self.salts {
            return false;
        }
        self.add(&frame[..8]);
        self.add(&frame[FRAME_HEADER..]);
        self.agrees_with(&frame[16..])
    }

    fn add(&mut self, bytes: &[u8]) {
        let (mut first, mut second) = self.checksum;
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(self.word(pair, 0)).wrapping_add(second);
            second = second.wrapping_add(self.word(pair, 4)).wrapping_add(first);
        }
        self.checksum = (first, second);
    }

    fn agrees_with(&self, stated: &[u8]) -> bool {
        self.checksum == (number(stated, 0), number(stated, 4))
    }

    fn word(&self, bytes: &[u8], at: usize) -> u32 {
        let word = number(bytes, at);
        if self.big_endian { word } else { word.swap_bytes() }
    }
}

/// Four bytes as SQLite writes numbers.
fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
