//! The relay over real sockets: what it promises, and what it does with people who do not keep to the protocol.
//!
//! Names of invariants are those of ARCHITECTURE.md.
#![expect(clippy::disallowed_methods, reason = "tests read clocks, mint ids and spawn freely")]

mod activities;
mod bots;
mod closing;
mod consent;
mod conversation;
mod copies;
mod delivery;
mod describe;
mod desks;
mod disk;
mod earlier;
mod erasure;
mod failing_bot;
mod files;
mod foreign;
mod handover;
mod headers;
mod hostile;
mod identity;
mod linking;
mod links;
mod metrics;
mod openid;
mod plain;
mod previews;
mod programs;
mod push;
mod rates;
mod recipes;
mod secrecy;
mod slow_readers;
mod stopping;
mod survey;
mod world;
