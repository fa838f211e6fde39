//! The chat window: the document inside the frame that `embed.js` puts on a site's page.
//!
//! [`app`] puts the parts together: [`host`] speaks with the page around the frame, [`config`] asks what the site's
//! owner has set, [`net`] gets tokens, [`store`] derives what the views show. The session itself is `portico-client`,
//! its driver and the parts shared with the desk are `portico-ui`. Views hold no state that must survive a reload.

mod app;
mod config;
mod emoji;
mod host;
mod i18n;
mod line;
mod net;
mod news;
mod panic;
mod store;
mod transcript;
mod view;

fn main() {
    panic::install();
    leptos::mount::mount_to_body(|| app::app().into_view());
}
