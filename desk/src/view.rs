//! What is drawn. One file per idea; each function takes what it shows and gives a view.

pub(crate) mod console;
pub(crate) mod sign_in;

mod activity;
mod body;
mod components;
mod composer;
mod connection_banner;
mod conversation;
mod desktop;
mod dialog;
mod end;
mod inbox;
mod keyboard;
mod message;
mod palette;
mod panel;
mod presence;
mod rail;
mod reservation;
mod sound;
mod suggestions;
mod timeline;
mod toast;
mod wrapup;
