//! Who is at the client's end of a socket, as a type: what a customer is sent and what an agent is sent are different
//! types, so that a program of the one cannot be written as if it were the other's.

use crate::cim::CimEvent;
use crate::customer::CustomerEvent;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Somebody at the client's end of a socket.
pub trait Role: Debug + Clone + Copy + PartialEq + Eq + 'static {
    /// An event as this role is sent it.
    type Event: Debug + Clone + PartialEq;
}

/// A role whose frames a client reads.
pub trait ClientRole: Role<Event: DeserializeOwned> {}

impl<R: Role<Event: DeserializeOwned>> ClientRole for R {}

/// A visitor of a web site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer;

/// An agent, supervisor or administrator. A bot on a socket is sent frames of the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent;

impl Role for Customer {
    type Event = CustomerEvent;
}

impl Role for Agent {
    type Event = CimEvent;
}
