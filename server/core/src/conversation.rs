//! Order and fan-out. Each live conversation is one actor that owns its projection and its subscribers: it handles a
//! command, commits the resulting transaction, acknowledges it, and only then delivers it, in this order and never
//! another. Nothing here knows sockets or SQL: subscribers are bounded [`SendHandle`]s, the log is a
//! [`crate::store::Store`].
//!
//! Start reading at [`Registry`] (what the rest of the relay calls), then `actor` (the loop) and `handlers` (one file
//! per kind of command); `policy` decides what follows from what happened.

mod access;
mod activity_id;
mod actor;
mod channel_session;
mod command;
mod committed;
mod earlier;
mod event_factory;
mod handlers;
mod linking;
mod list_updates;
mod log_tail;
mod mailboxes;
mod measure;
mod opening;
mod policy;
mod presence;
mod queue_board;
mod reader_role;
mod reading;
mod refusal;
mod registry;
mod reports;
mod send_queue;
mod services;
mod staff;
mod state;
mod subscribers;
mod subscription;
mod summary;
mod transaction;
mod typists;
mod wakeups;

pub use earlier::EarlierConversations;
pub use handlers::{MAX_BODY_BYTES, MAX_DATA_BYTES, MAX_PART_BYTES};
pub(crate) use presence::Connected;
pub use presence::{DeskInUse, Presence};
pub use queue_board::QueueBoard;
pub use reader_role::{AnyReader, Item, Joined, Page, SeenEvent, ServerFrame, Summary, Welcome};
pub use reading::Greeting;
pub use refusal::Refusal;
pub use registry::{BotFailure, Bounds, Registry};
pub use reports::Recorded;
pub use send_queue::{ConnectionId, MAX_WRITE_BUFFER_BYTES, Outgoing, SendHandle, SendQueue, send_queue};
pub use services::Services;

pub use command::{Ack, Command, Envelope, MarkerKind, Reply};
pub use opening::AcceptTarget;
pub use staff::agent_state_frame;
pub use subscription::{Subscription, Subscriptions};

use measure::json_bytes;
