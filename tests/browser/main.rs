//! The product as people meet it: the widget on the demo shop's page and the desk, in real browsers, against the
//! built relay.
#![expect(clippy::disallowed_methods, reason = "tests read clocks, mint ids and spawn freely")]

mod people;

mod conversation;
mod desk;
mod embedding;
mod faults;
mod handover;
mod hostile;
mod looks;
mod script_tag;
