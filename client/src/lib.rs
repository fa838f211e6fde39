//! The session: everything a client of the relay must get right, without I/O.
//!
//! A [`Session`] is a state machine, for a [`Customer`] or for an [`Agent`]. A host (the widget, the desk, a test, the load generator) tells it what happened
//! as an [`Input`] with the [`Now`] it happened at, hands it the relay's frames ([`Session::take_in`]), carries out the [`Effect`]s that come back *in their order*,
//! and shows what the session's read accessors say. The session owns the connection's life (tokens, backoff,
//! heartbeat), the unsent posts and the conversations; it must never touch a socket, a timer, storage, a clock or
//! randomness itself.
//!
//! Start reading at [`Session`], then [`Input`], [`Command`] and [`Effect`]. What a view draws is a [`Conversation`]
//! and what [`timeline`] makes of its [`LogEntry`]s.

pub mod effect;
pub mod input;
pub mod timeline;

mod backoff;
mod connection;
mod conversation;
mod entry;
mod event;
mod log;
mod outbox;
mod plain;
mod quote;
mod receipt;
mod role;
mod saved;
mod session;
mod trouble;

pub use connection::{Connection, StopReason};
pub use conversation::{Conversation, History};
pub use effect::{Change, Effect};
pub use entry::{Answer, Content, Edited, LogEntry, SendState, Unsent};
pub use event::{LogEvent, LogRole, Meaning, Original};
pub use input::{AgentCommand, Command, CustomerCommand, Input, News, Now, TokenError};
pub use plain::{full_name, isolated, plain_name};
pub use portico_shared::role::{Agent, Customer};
pub use quote::quote;
pub use receipt::{ReceiptLine, ReceiptNames, receipt};
pub use role::SessionRole;
pub use saved::{Record, Saved};
pub use session::{AgentState, Options, Session};
pub use trouble::Trouble;

/// The types of a customer's session by their short names.
pub mod customer {
    use portico_shared::role::Customer;

    /// The session of a customer.
    pub type Session = crate::Session<Customer>;
    /// A conversation as a customer knows it.
    pub type Conversation = crate::Conversation<Customer>;
    /// An entry of a conversation as a customer knows it.
    pub type LogEntry = crate::LogEntry<Customer>;
    /// A message on a customer's screen.
    pub type TimelineMessage = crate::timeline::TimelineMessage<Customer>;
}

/// The types of an agent's session by their short names.
pub mod agent {
    use portico_shared::role::Agent;

    /// The session of an agent.
    pub type Session = crate::Session<Agent>;
    /// A conversation as an agent knows it.
    pub type Conversation = crate::Conversation<Agent>;
    /// An entry of a conversation as an agent knows it.
    pub type LogEntry = crate::LogEntry<Agent>;
    /// A message on an agent's screen.
    pub type TimelineMessage = crate::timeline::TimelineMessage<Agent>;
}
