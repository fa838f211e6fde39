//! A copy of unsent posts in IndexedDB. Browsers write `localStorage` to the disk some seconds after a page has written to
//! it: where the browser itself is killed in between, as phones do with one in the background, all of that is gone. What is
//! committed to IndexedDB is not. It answers later, and so it is the copy: a page that goes in the same moment leaves what it
//! wrote in `localStorage`.
//!
//! The database is there as long as something is in it. What works on it is in [`database`], which the widget fetches when it
//! has something to keep.

pub mod database;

/// What is done with the copy, under the full names that texts have in `localStorage`.
pub enum CopyTask {
    /// Keeps a text as this tab's.
    Put {
        /// Its name.
        key: String,
        /// The text, read when it is written: a task may wait, and what was forgotten meanwhile is not kept once more.
        text: CurrentText,
    },
    /// Forgets a text.
    Remove {
        /// Its name.
        key: String,
    },
    /// Makes this tab's what closed tabs have left under a prefix, and answers it, without the prefix.
    Take {
        /// What the names begin with.
        prefix: String,
    },
    /// Answers what all tabs have under a prefix, without the prefix.
    Read {
        /// What the names begin with.
        prefix: String,
    },
}

/// A text as it is when this is called; `None` if there is none any more.
pub type CurrentText = Box<dyn FnOnce() -> Option<String>>;
