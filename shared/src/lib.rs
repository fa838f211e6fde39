//! What both ends of Portico agree on: the CIM vocabulary, the frames that carry it, the bodies of the HTTP interface,
//! their limits, and who may see which event.
//!
//! A client opens one WebSocket, proves who it is in its first [`frame::ClientFrame`], posts [`frame::Draft`]s and
//! reads conversations by cursor; the relay completes each draft to a [`cim::CimMessage`] inside a [`cim::CimEvent`],
//! makes it durable, acknowledges it, and sends to every member what [`visibility`] lets it see.
//!
//! This crate does no I/O and reads neither clock nor randomness; it builds for the browser and for the relay alike.
//! Start reading at [`frame`].

pub mod accent;
pub mod answers;
pub mod availability;
pub mod cim;
pub mod close;
pub mod customer;
pub mod frame;
pub mod http;
pub mod ids;
pub mod initials;
pub mod json;
pub mod language;
mod lenient;
pub mod limits;
mod number;
pub mod role;
pub mod text;
pub mod visibility;
pub mod vouched;
