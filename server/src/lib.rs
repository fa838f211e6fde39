//! Portico's relay. It attaches identity, makes every activity durable, acknowledges it, and delivers it, in this
//! order and never another.
//!
//! Start reading at [`conversation`] (order and fan-out) and [`store`] (what durable means); `connection` is one
//! socket, `http` everything else that is asked of the relay, `controller` and `routing` decide what follows from an
//! event, `delivery` brings events to bots. Only `app` names concrete adapters.

pub mod app;
pub mod bot;
pub mod clock;
pub mod config;
pub mod connection;
pub mod controller;
pub mod conversation;
pub mod delivery;
pub mod http;
pub mod identity;
pub mod routing;
pub mod store;
pub mod telemetry;
pub mod timers;
