//! Reads the configuration. `config.default.toml` holds every key with a comment and is the embedded default; a config file
//! and then `PORTICO_…` environment variables override it. What [`load()`] returns has been checked.

mod check;
mod environment;
mod load;
mod reading;
mod reference;
mod secrets;

pub use check::{Problem, warnings};
pub use load::{ConfigError, from_toml, load, show, unknown_variables};
