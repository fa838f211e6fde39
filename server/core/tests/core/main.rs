//! The rules over a real store, without sockets: conversations, deliveries to bots, and the origins of pages.

mod conversation;
mod delivery;
mod origins;

use figment::Figment;
use figment::providers::{Format, Toml};
use portico_core::config::Config;

/// The defaults and then this text.
fn config(text: &str) -> Config {
    let defaults = Figment::from(Toml::string(include_str!("../../../config.default.toml")));
    let config = defaults.merge(Toml::string(text)).extract();
    config.expect("a configuration")
}
