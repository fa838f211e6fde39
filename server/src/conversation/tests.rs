//! The actor over a real store, without sockets.

mod absent;
mod asks;
mod bots;
mod churn;
mod deadlines;
mod describe;
mod extents;
mod linking;
mod reading;
mod serve;
mod stopping;
mod talk;
mod world;
