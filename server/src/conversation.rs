//! Order and fan-out. Each live conversation is one actor that owns its projection and its members: it decides what
//! follows from a request, commits that in one step, acknowledges it, and only then delivers it, in this order and
//! never another. Nothing here knows sockets or SQL: members are bounded [`Sink`]s, the log is a
//! [`crate::store::Store`].
//!
//! Start reading at [`Registry`] (what the rest of the relay calls), then `actor` (the loop) and `plan` (what follows
//! from which request; one file per kind under `plan/`).

mod access;
mod actor;
mod ask;
mod follows;
mod linking;
mod lists;
mod measure;
mod members;
mod opening;
mod outbox;
mod plan;
mod presence;
mod reading;
mod refusal;
mod registry;
mod reports;
mod session;
mod staff;
mod stamp;
mod state;
mod step;
mod summary;

#[cfg(test)]
mod tests;

pub use outbox::{ConnectionId, Outgoing, Queue, Sink, sink};
pub(crate) use presence::Connected;
pub use presence::Presence;
pub use reading::Greeting;
pub use refusal::Refusal;
pub use registry::{BotFailure, Bounds, Deps, Registry};
pub use reports::Recorded;

pub(crate) use ask::{Answer, Ask, Done, Letter, MarkKind};
pub(crate) use follows::{Follow, Follows};
pub(crate) use opening::Offered;
pub(crate) use staff::agent_state_frame;

use measure::json_bytes;
