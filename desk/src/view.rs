//! What is drawn. One file per idea; each function takes what it shows and gives a view.

pub(crate) mod console;
pub(crate) mod conversation;
pub(crate) mod end;
pub(crate) mod palette;
pub(crate) mod panel;
pub(crate) mod sign_in;
pub(crate) mod wrapup;

mod activity;
mod body;
mod components;
mod composer;
mod connection_banner;
mod desktop;
mod dialog;
mod inbox;
mod keyboard;
mod message;
mod presence;
mod rail;
mod reservation;
mod sound;
mod suggestions;
mod timeline;
mod toast;
