//! The relay without its edges: what makes every activity durable, acknowledges it and delivers it. It knows no HTTP, no
//! socket and no SQL; those are the crates around it.
//!
//! Start reading at [`conversation`] (order and fan-out) and [`store`] (what durable means); `routing` finds agents,
//! `delivery` brings events to bots, `push` to browsers whose pages are closed, `links` has the pages read that messages link to, `timers` ends what has a deadline, `identity` proves who speaks,
//! `programs` knows the bots and apps, `audit` records who did what.

pub mod audit;
pub mod bot;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod customers;
pub mod delivery;
pub mod erasing;
pub mod files;
pub mod forms;
pub mod hours;
pub mod identity;
pub mod links;
pub mod network;
pub mod programs;
pub mod push;
pub mod rate;
pub mod routing;
pub mod store;
pub mod survey;
pub mod telemetry;
pub mod timers;
