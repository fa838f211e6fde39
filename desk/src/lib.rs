//! The console where agents answer: a document of its own, served by the relay at `/desk/`.
//!
//! `app` decides between the sign-in page and the console; `state` holds all state and is the only one that changes
//! it; `view` draws. Protocol, retries, order, and what a timeline shows are `portico-client`'s, the socket and storage are
//! `portico-ui`'s. Nothing here makes HTML of a string. The program that starts it is `main.rs`, which also knows which areas are
//! fetched when they are first needed ([`parts`]).

#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes, clippy::allow_attributes_without_reason)]

mod action;
mod api;
mod app;
#[cfg(test)]
mod fixtures;
mod i18n;
mod panic;
mod ring;
mod state;
mod view;

pub mod parts;

pub use state::{Desk, Dialog};

use parts::Parts;
use portico_ui::translators::keep_texts;

/// Draws the document as soon as its language is there.
pub fn start(parts: Parts) {
    panic::install();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the document is drawn; the document lives as long as the program"
    )]
    wasm_bindgen_futures::spawn_local(async move {
        i18n::load().await;
        keep_texts();
        leptos::mount::mount_to_body(move || app::app(parts));
    });
}
