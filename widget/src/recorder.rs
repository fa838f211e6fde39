//! Voice notes: the visitor records one, listens to it, and sends it as a file like any other.
//!
//! It is a part that is fetched with the first press on the microphone. [`take`] has what happens in which order,
//! [`microphone`] speaks with the browser, and [`view`] shows how far it is, in the place where the visitor else writes.

mod microphone;
mod take;
mod view;

pub(crate) use view::recorder;
