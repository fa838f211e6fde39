//! What a screen shows of a conversation: days, messages in runs, and what happened besides.
//!
//! Entries of a [`crate::Session`] go in, [`TimelineItem`]s come out, oldest first; views only draw them. There is one
//! builder for each reader, because a customer and an agent are shown different things: [`customer_items`] and
//! [`agent_items`]. The words are the views' own: what an item says is an enum here.

mod agent;
mod author;
mod builder;
mod customer;
mod message;
mod notice;

pub use agent::{AgentEvent, AgentItem, AgentView, Card, MinorNotices, agent_items, notice_of};
pub use author::{Author, Voice};
pub use customer::{CustomerItem, CustomerNotice, customer_items};
pub use message::{TimelineMessage, one_line};
pub use notice::{AgentNotice, DisplayName, NoticeKind, Sign, Tone};

use crate::SessionRole;
use portico_shared::ids::Seq;

/// One thing that a timeline shows.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineItem<R: SessionRole> {
    /// A new day begins. Days never go back, so each stands in a timeline once at most.
    Day {
        /// Its number, as the builder's `day_of` counts them.
        day: i64,
        /// A time of that day, in epoch milliseconds.
        at_ms: i64,
    },
    /// A message.
    Message(Box<TimelineMessage<R>>),
    /// An event that is no message.
    Event(TimelineEvent<R::Notice>),
}

/// Something that happened besides messages.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEvent<E> {
    /// See [`TimelineItem::key`].
    pub key: String,
    /// Its position in the log.
    pub seq: Option<Seq>,
    /// When, in epoch milliseconds.
    pub at_ms: i64,
    /// What.
    pub what: E,
}

impl<R: SessionRole> TimelineItem<R> {
    /// Tells the item from all others of its timeline. It stays the same while the item comes further, from the first
    /// key press to the stored event and when older history is put before it.
    pub fn key(&self) -> String {
        match self {
            Self::Day { day, .. } => ["day ", &day.to_string()].concat(),
            Self::Message(message) => message.key.clone(),
            Self::Event(event) => event.key.clone(),
        }
    }

    /// Its position in the log, if it has one.
    pub fn seq(&self) -> Option<Seq> {
        match self {
            Self::Day { .. } => None,
            Self::Message(message) => message.seq,
            Self::Event(event) => event.seq,
        }
    }

    /// The message, if it is one.
    pub fn message(&self) -> Option<&TimelineMessage<R>> {
        match self {
            Self::Message(message) => Some(message),
            Self::Day { .. } | Self::Event(_) => None,
        }
    }

    /// What happened, if it is no message.
    pub fn event(&self) -> Option<&R::Notice> {
        match self {
            Self::Event(event) => Some(&event.what),
            Self::Day { .. } | Self::Message(_) => None,
        }
    }
}
