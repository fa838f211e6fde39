//! The actor over a real store, without sockets.

mod absent;
mod bots;
mod churn;
mod extents;
mod reading;
mod serve;
mod talk;
mod world;
