//! What runs again when something has changed, and what ends with what: the whole of it that states and elements
//! need. One of two does it.
//!
//! Where views of Leptos stand in the same document, it is Leptos' own graph, because those views must follow states
//! as well (`graph/leptos.rs`). That graph is made for several threads and for values of any kind, with locks, hash
//! maps and channels; a document that does without Leptos' views does without these too (`graph/own.rs`).

#[cfg(feature = "leptos")]
mod leptos;
#[cfg(feature = "leptos")]
pub use leptos::{Owner, Trigger, effect, on_end, untracked};

#[cfg(not(feature = "leptos"))]
mod own;
#[cfg(not(feature = "leptos"))]
pub use own::{Owner, Trigger, effect, on_end, untracked};
