//! What the session asks of its host, to be carried out in order.

use crate::Record;
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};

/// One thing for the host to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Get a token and answer with [`crate::Input::Token`].
    GetToken {
        /// The one at hand is refused or ends soon: a new one is needed.
        refresh: bool,
    },
    /// Open a socket with subprotocol [`portico_shared::limits::SUBPROTOCOL`]. There is never more than one.
    Connect,
    /// Send this text frame. Only between [`crate::Input::SocketOpened`] and the socket's end.
    Send(String),
    /// Close the socket with code 1000 and forget it: nothing more of it is reported.
    Close,
    /// Send [`crate::Input::Timer`] at this time (epoch milliseconds). Replaces the timer set before; `None` clears
    /// it. A late timer is harmless.
    SetTimer(Option<i64>),
    /// Write to storage that survives the page, *before* carrying on with the effects that follow. Where storage
    /// fails, carry on all the same.
    Persist(Record),
    /// Something that a view shows is different: read it again.
    Changed(Change),
    /// A message of another author is new to this client: for the live region, the sound and the badge. In order of
    /// `seq`, once each; never for history.
    Arrived {
        /// Where.
        conversation: ConversationId,
        /// Its entry; see [`crate::Session::entry`].
        seq: Seq,
    },
    /// An own post is settled: it is in the log, or refused for good, and stays as failed until the person decides.
    Settled {
        /// The post's.
        client_id: ClientId,
        /// The message's id, or why there is none.
        outcome: Result<MessageId, RefusalCode>,
    },
    /// A command that has no entry of its own (begin, end, accept, leave, a post beyond the outbox's bound, or a mark
    /// without a client id) was refused for good; or an answer, whose entry has gone because another tab's answer to the
    /// same question came first ([`RefusalCode::AlreadyAnswered`]).
    Refused {
        /// The command's, where it had one.
        client_id: Option<ClientId>,
        /// Machine-readable.
        code: RefusalCode,
        /// For developers.
        message: String,
    },
    /// For the developer's console: a frame of the relay that this version cannot read. Holds no message text.
    Warn(String),
}

/// What to draw again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// [`crate::Session::connection`] or [`crate::Session::me`].
    Connection,
    /// Entries, typing, unread count or history of this conversation; for `None`, the unsent entries of a chat that does
    /// not exist yet.
    Conversation(Option<ConversationId>),
    /// Which conversations there are, or a summary among them.
    List,
    /// [`crate::Session::offers`].
    Offers,
    /// [`crate::Session::agent_state`].
    AgentState,
}
