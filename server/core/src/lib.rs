//! The relay without its edges: what makes every activity durable, acknowledges it and delivers it. It knows no HTTP, no
//! socket and no SQL; those are the crates around it.
//!
//! Start reading at [`conversation`] (order and fan-out) and [`store`] (what durable means); `routing` finds agents,
//! `delivery` brings events to bots, `timers` ends what has a deadline, `identity` proves who speaks.

pub mod bot;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod delivery;
pub mod files;
pub mod forms;
pub mod hours;
pub mod identity;
pub mod network;
pub mod routing;
pub mod store;
pub mod survey;
pub mod telemetry;
pub mod timers;
