//! The actor over a real store, without sockets.

mod absent;
mod bots;
mod churn;
mod commands;
mod deadlines;
mod extents;
mod linking;
mod reading;
mod serve;
mod stopping;
mod talk;
mod visitor_data;
mod world;
