//! What a session does differently for each role. What all of them do is in `session`; what one role alone has and does
//! is beside it, in `session/customer` and `session/agent`.

use crate::event::LogRole;
use crate::{Conversation, Session};
use portico_shared::frame::{Accepted, ClientFrame, Refused, ServerFrame, Welcome};
use portico_shared::ids::ClientId;
use portico_shared::json::Map;
use std::fmt::Debug;

/// A role that a [`Session`] can be for: [`crate::Customer`] or [`crate::Agent`].
pub trait SessionRole: Behaviour {
    /// What only this role may want.
    type Command: Debug + Clone + PartialEq;
    /// What a timeline tells this role of what happened besides messages.
    type Notice: Debug + Clone + PartialEq;
}

/// The part of a role that sessions alone know. What a role has nothing to do about, it leaves as it stands here.
pub trait Behaviour: LogRole + Sized {
    /// What a session remembers for this role alone.
    type State: Debug + Default;

    /// Whether it has one live chat, which `conversation: None` means, and whose messages are the customer's.
    const IS_CUSTOMER: bool;

    /// Carries out what only this role may want.
    fn execute(session: &mut Session<Self>, command: Self::Command)
    where
        Self: SessionRole;

    /// The relay has greeted this role.
    fn welcomed(_: &mut Session<Self>, _: &mut Welcome<Self>)
    where
        Self: SessionRole,
    {
    }

    /// A frame came that not every role is sent.
    fn frame_came(_: &mut Session<Self>, _: ServerFrame<Self>)
    where
        Self: SessionRole,
    {
    }

    /// Keeps the details of a conversation up to date with a new event of its log.
    fn note(_: &mut Self::Details, _: &Self::Event) {}

    /// Something that is no entry of the outbox was accepted.
    fn accepted(_: &mut Session<Self>, _: &Accepted)
    where
        Self: SessionRole,
    {
    }

    /// Something that is no entry of the outbox was refused.
    fn refused(_: &mut Session<Self>, _: &ClientId, _: Refused)
    where
        Self: SessionRole,
    {
    }

    /// Something without a client id was refused: for good, or until a time where it is worth another try. A refusal
    /// that names no conversation may be about something of this role's own.
    fn nameless_refused(_: &mut Session<Self>, _: &Refused, _again_at: Option<i64>)
    where
        Self: SessionRole,
    {
    }

    /// Sends what is due.
    fn send_due(_: &mut Session<Self>)
    where
        Self: SessionRole,
    {
    }

    /// When there is something to send next.
    fn deadline(_: &Session<Self>) -> Option<i64>
    where
        Self: SessionRole,
    {
        None
    }

    /// The socket is gone.
    fn disconnected(_: &mut Self::State) {}

    /// The data that a new chat starts with.
    fn start_data(_: &Self::State) -> Map {
        Map::new()
    }

    /// A frame that is due in a conversation that is joined and complete.
    fn frame_due_in(_: &mut Self::State, _: &Conversation<Self>) -> Option<ClientFrame<Self::Body>> {
        None
    }
}
