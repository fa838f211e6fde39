//! The Common Interaction Model (CIM) of Expertflow CX, as of object-model 1.21.1: messages, the events that carry
//! them, and the people, sessions and tasks they mention.
//!
//! Reading is lenient, writing is canonical: what services and clients of several generations have put on the wire
//! is understood, and one spelling leaves. What this version does not know (a body type, an event name, a member of
//! an enumeration, a field) passes through unchanged. What it does know and cannot read is a [`DecodeError`] that
//! says where. Rules about content, such as an identifier not being blank, are apart from decoding: stored messages
//! break them, so they are asked of new messages only: by [`MessageBody::validate`], [`Sender::validate`], and for both and
//! the rest of the header at once by [`CimMessage::validate`].
//!
//! Left out are the envelopes of other desks' sockets (`onCimEvent`, `onPullModeSubscribedListRequest`), in which an
//! event stands as an object or as JSON within a string: nothing that speaks them connects to a relay, whose agents are
//! sent events in frames of their own. An event taken out of one is a [`CimEvent`] like any other.
//!
//! Start reading at [`CimMessage`], then [`CimEvent`]. Types read and write themselves by serde; `json.rs` says
//! where a fault is, and `lenient.rs` has what is read in more than one form.

mod open_enum;

pub mod agent;
pub mod body;
pub mod channel;
pub mod channel_data;
pub mod channel_session;
pub mod conversation;
mod customer;
mod event;
pub mod event_data;
mod event_name;
pub mod form;
mod header;
mod intent;
mod link_preview;
mod message;
pub mod participant;
pub mod question;
pub mod room;
mod sender;
pub mod sla;
mod suggestion;
pub mod task;
mod timestamp;
pub mod user;
mod validate;
mod voice_activity;

pub use crate::json::{DecodeError, nests_within};
pub use agent::AgentPresence;
pub use body::MessageBody;
pub use channel_data::{Attribute, ChannelData};
pub use channel_session::ChannelSession;
pub use conversation::{Conversation, HoldTimer};
pub use customer::Customer;
pub use event::{CimEvent, RoomInfo, RoomMode};
pub use event_data::EventData;
pub use event_name::{EventName, EventType};
pub use form::FormDefinition;
pub use header::MessageHeader;
pub use intent::Intent;
pub use link_preview::LinkPreview;
pub use message::CimMessage;
pub(crate) use message::decoded;
pub use participant::{BotParticipant, ConversationParticipant, Participant};
pub use sender::{Sender, SenderType, well_known};
pub use suggestion::{ActionMessage, Suggestion, SuggestionMessage};
pub use task::Task;
pub use timestamp::Timestamp;
pub use user::CcUser;
pub use validate::MAX_BODY_DEPTH;
pub use voice_activity::{CallLeg, VoiceActivity};
