//! Files that a person sends: picked, dropped or pasted, uploaded one after the other, and posted as messages.
//!
//! A file has the client id of its message from the moment that it is picked, so that it becomes one message however often a
//! page, a tab or a connection begins anew. What is needed for that is kept in the browser: a note beside the outbox, and the
//! bytes ([`bytes`]).
//!
//! A document makes one [`Tray`] for each place in which one writes, and draws [`attach`] there. What is behind [`list`] is a
//! part of the program that is fetched with the first file.

mod actions;
mod bytes;
mod engine;
mod intake;
mod item;
mod request;
mod rules;
mod said;
mod transfer;
mod tray;
mod upload;
mod view;
mod words;

pub use intake::attach;
pub use tray::{Setup, Tray};
pub use view::list;
pub use words::Words;

use crate::browser::window;

/// Forgets all bytes that were kept under this name.
pub fn forget_all(cache: &str) {
    if let Ok(caches) = window().caches()
        && !caches.is_undefined()
    {
        // Nothing waits for it, and a browser that refuses has kept nothing.
        let _ = caches.delete(cache);
    }
}
