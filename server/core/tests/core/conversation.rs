//! The actor over a real store, without sockets.

mod absent;
mod bots;
mod churn;
pub(crate) mod commands;
mod counting_store;
mod deadlines;
mod extents;
mod files;
mod linking;
mod lists;
mod prechat;
mod queue;
mod reading;
mod serve;
mod stopping;
mod survey;
mod talk;
mod visitor_data;
mod world;
