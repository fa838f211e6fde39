//! What the relay sends to readers: the customer what its view leaves of an event, agents and bots the event.

use portico_shared::cim::CimEvent;
use portico_shared::customer::CustomerEvent;
use portico_shared::role::{Role, StaffDetails};
use serde::Serialize;

/// A reader of any kind: the role of frames while they are in the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyReader;

impl Role for AnyReader {
    type Event = SeenEvent;
    /// Nothing for a customer.
    type Details = Option<StaffDetails>;
}

/// An event as one reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum SeenEvent {
    /// By the customer.
    Customer(Box<CustomerEvent>),
    /// By an agent or a bot.
    Whole(Box<CimEvent>),
}

/// A frame to a reader.
pub type ServerFrame = portico_shared::frame::ServerFrame<AnyReader>;
/// An answer to `hello`.
pub type Welcome = portico_shared::frame::Welcome<AnyReader>;
/// An answer to `join`.
pub type Joined = portico_shared::frame::Joined<AnyReader>;
/// A range of a log.
pub type Page = portico_shared::frame::Page<AnyReader>;
/// One event of a log.
pub type Item = portico_shared::frame::Item<AnyReader>;
/// A conversation in a list.
pub type Summary = portico_shared::frame::Summary<AnyReader>;
