//! Who is at the client's end of a socket, as a type: what a customer is sent and what an agent is sent are different
//! types, so that a program of the one cannot be written as if it were the other's.

use crate::cim::{CimEvent, MessageBody};
use crate::customer::{CustomerBody, CustomerEvent};
use crate::json::Map;
use crate::lenient;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use std::fmt::Debug;

/// Somebody at the client's end of a socket.
pub trait Role: Debug + Clone + Copy + PartialEq + Eq + 'static {
    /// An event as this role is sent it.
    type Event: Debug + Clone + PartialEq;
    /// What this role is told of a conversation in its list besides what all roles are told.
    type Details: Debug + Clone + PartialEq + Default + Serialize + From<StaffDetails>;
}

/// A message's body, of whichever role.
pub trait Body: Debug + Clone + PartialEq {
    /// Its text, which any body may have.
    fn markdown_text(&self) -> Option<&str>;
}

/// A role whose frames a client reads and writes.
pub trait ClientRole: Role<Event: DeserializeOwned> {
    /// A message's body as this role reads and writes it.
    type Body: Body + Serialize + DeserializeOwned;
    /// Whether tasks are offered to this role; to others the frames about them are unknown.
    const IS_OFFERED_TASKS: bool;
}

/// A visitor of a web site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer;

/// An agent, supervisor or administrator. A bot on a socket is sent frames of the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent;

impl Role for Customer {
    type Event = CustomerEvent;
    type Details = ();
}

impl ClientRole for Customer {
    type Body = CustomerBody;
    const IS_OFFERED_TASKS: bool = false;
}

impl Role for Agent {
    type Event = CimEvent;
    type Details = StaffDetails;
}

/// What a conversation in a list says to those who work on it, and never to its customer.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StaffDetails {
    /// Since when the customer has had no answer, in epoch milliseconds. Agents only.
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    pub waiting_since: Option<i64>,
    /// The channel's service identifier. Agents only.
    pub channel: Option<String>,
    /// Conversation data: pre-chat values and page.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Map::is_empty"
    )]
    pub data: Map,
}

/// A customer's program drops what it is not told anyway.
impl From<StaffDetails> for () {
    fn from(_: StaffDetails) {}
}

impl ClientRole for Agent {
    type Body = MessageBody;
    const IS_OFFERED_TASKS: bool = true;
}

impl Body for CustomerBody {
    fn markdown_text(&self) -> Option<&str> {
        self.markdown_text()
    }
}

impl Body for MessageBody {
    fn markdown_text(&self) -> Option<&str> {
        self.markdown_text()
    }
}
