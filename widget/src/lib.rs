//! The chat window: the document inside the frame that `embed.js` puts on a site's page.
//!
//! [`app`] puts the parts together: [`host`] speaks with the page around the frame, [`config`] asks what the site's
//! owner has set, [`token`] gets tokens for a visitor, whose things [`visitor`] keeps, [`state`] derives what the views
//! show, and [`wording`] says it. The session itself is `portico-client`, its driver and the parts shared with the desk
//! are `portico-ui`. Views hold no state that must survive a reload. The program that starts it is `main.rs`, which also
//! knows what of it is fetched after its first screen ([`parts`]).

#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes, clippy::allow_attributes_without_reason)]

mod alerts;
mod app;
mod availability;
mod config;
mod files;
mod first_screen;
#[cfg(test)]
mod fixtures;
mod host;
mod i18n;
mod notifications;
mod panic;
mod prechat;
mod recorder;
mod share;
mod state;
mod token;
mod transcript;
mod unsent;
mod view;
mod visitor;
mod visitor_data;
mod wording;

pub mod parts;

pub use notifications::News;
pub use state::{Chat, Instead};

use host::Host;
use leptos::prelude::Owner;
use parts::Parts;
use portico_ui::translators::keep_texts;

/// Draws the document as soon as its language is there.
pub fn start(parts: Parts) {
    panic::install();
    let owner = Owner::new();
    // What the page says while the language is on its way is heard.
    let host = owner.with(Host::listen);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the document is drawn; the document lives as long as the program"
    )]
    wasm_bindgen_futures::spawn_local(async move {
        i18n::speak(i18n::load(config::language()).await);
        keep_texts();
        leptos::mount::mount_to_body(move || app::app(host, parts));
        // What was heard lives as long as the document.
        std::mem::forget(owner);
    });
}
