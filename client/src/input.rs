//! What a host tells the session.

use crate::SessionRole;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Audience, Draft, Summary};
use portico_shared::ids::TaskId;
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::json::Map;
use portico_shared::role::Customer;

/// When an input happened, and a random number to go with it: the session has neither clock nor dice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    /// Epoch milliseconds of the host's clock. One that is set back delays nothing; one that is set forward costs at
    /// most a needless probe or an early retry.
    pub ms: i64,
    /// Uniform in `0.0..1.0`, new for every input.
    pub random: f64,
}

/// Something happened outside the session, other than what [`crate::Session::take_in`] takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<R: SessionRole> {
    /// A connection is wanted. Also leaves [`crate::Connection::Stopped`] ("try again", "use here").
    Start,
    /// No connection is wanted. Unsent posts stay in the outbox and in storage.
    Stop,
    /// The token source has a new proof of identity: a token is asked for with it, and the connection stays.
    /// Also leaves [`crate::Connection::Stopped`] for want of a token.
    Renew,
    /// The answer to [`crate::Effect::GetToken`].
    Token(Result<String, TokenError>),
    /// The socket of the last [`crate::Effect::Connect`] is open, with the subprotocol agreed.
    SocketOpened,
    /// The socket closed, or never opened. After [`crate::Effect::Close`] a host reports nothing more of that socket.
    SocketClosed {
        /// The close code; 1006 where the platform has none.
        code: u16,
    },
    /// The time of the last [`crate::Effect::SetTimer`] has come.
    Timer,
    /// The platform says that there is a network again: connects at once, also a customer's session that stopped for want of a
    /// token.
    Online,
    /// The platform says that there is no network. An open socket is probed, not believed dead.
    Offline,
    /// The page became visible, was shown from the back-forward cache, or the device woke up: the socket is probed at
    /// once, a waiting reconnect happens at once, and a customer's session that stopped for want of a token asks for one.
    Woke,
    /// The person, or the program, wants something.
    Do(Command<R>),
}

/// What a session takes in by [`crate::Session::take_in`], from the time on when it first connects.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A text frame of the relay.
    Frame(String),
    /// Another tab changed what is saved (the `storage` event of browsers): a post was stored or deleted there, so
    /// this tab need not send it, or was written there, so that this tab sends it if that one is gone before it could. Without
    /// it, a post is sent twice at worst, and stored once.
    SavedElsewhere(crate::Record),
    /// Everything that is saved now, where this page may have missed what others did meanwhile: before [`Input::Woke`], or before the
    /// [`Input::Start`] of a page that was put away. Of such a page, a post whose record is gone was stored or deleted elsewhere.
    SavedNow(crate::Saved),
    /// The relay has forgotten who this was, and the next token is another person's: what an earlier page left is dropped, for that
    /// person is not to read it.
    Forgotten,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenError {
    /// The relay or the site's back end did not answer, or said later. The session asks again.
    Unavailable {
        /// Not before this many milliseconds, where the answer said so.
        retry_after_ms: Option<u64>,
    },
    /// There is no token: the origin is not allowed, the login ended. The session stops; a customer's asks again when the page
    /// wakes.
    Refused,
    /// What the program needs with a token is not there any more, as after an update of the relay: it has to be loaded anew.
    /// The session stops.
    Outdated,
}

/// What a person or a bot wants. A `client_id` is minted by the caller, once per intention (a UUIDv7 in browsers).
/// `conversation: None` means the customer's live chat.
#[derive(Debug, Clone, PartialEq)]
pub enum Command<R: SessionRole> {
    /// Sends a message: persisted, shown, sent in order, retried until it is stored or refused for good.
    Post {
        /// Where. `None`: the customer's live chat, which is started first if there is none.
        conversation: Option<ConversationId>,
        /// Of the post; also the key of its entry.
        client_id: ClientId,
        /// The content.
        draft: Box<Draft<R::Body>>,
        /// Who may see it.
        audience: Audience,
    },
    /// Keeps a place for a post that is still being made, as one whose file is uploaded: what is sent after it waits, for half a
    /// minute with a connection at most, and goes at once when the place is given up.
    KeepPlace {
        /// Where, as in [`Command::Post`].
        conversation: Option<ConversationId>,
        /// Of the post.
        client_id: ClientId,
    },
    /// There will be no such post. One that is there stays.
    GiveUpPlace(ClientId),
    /// Sends a failed post again. One that failed because its chat has ended opens a new chat.
    Retry(ClientId),
    /// Drops a post that failed or is not on its way; what waited behind it is sent.
    Delete(ClientId),
    /// The person types, or stopped. Call it on every key press: the session throttles.
    Typing {
        /// Where.
        conversation: Option<ConversationId>,
        /// Types (`true`) or stopped.
        on: bool,
    },
    /// A person saw everything up to here. Never goes back.
    Seen {
        /// Where.
        conversation: ConversationId,
        /// The newest entry that was on the screen.
        up_to: Seq,
    },
    /// Pulls a page of older history; see [`crate::Conversation::history`].
    LoadOlder(ConversationId),
    /// Ends the chat, after everything that was posted before it.
    End {
        /// Which.
        conversation: Option<ConversationId>,
        /// Of the `end` frame.
        client_id: ClientId,
    },
    /// What only this role may want.
    Own(R::Command),
}

/// What only a customer's page may want.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomerCommand {
    /// What the visitor's page says of itself and of the visitor (`page_url`, `language`, `first_name`, ...). Sent with the
    /// next start, and to the live chat at once; nothing that it says is proven. The relay takes at most 64 keys and 8 KiB
    /// of texts, numbers, flags and lists of them.
    Describe {
        /// All of it: replaces what was said before. What is missing is taken back.
        data: Map,
    },
    /// Starts a chat without posting yet, for example after the pre-chat form.
    Begin {
        /// Of the `start` frame.
        client_id: ClientId,
        /// Values of the form; they go on top of what [`CustomerCommand::Describe`] said, and stay there.
        data: Map,
        /// The form itself, filled: the relay checks it, and its answers go on top as well.
        form: Option<Box<CustomerBody>>,
    },
    /// Shows an earlier conversation, which is over, and subscribes to it.
    Open(Box<Summary<Customer>>),
    /// It is shown no longer.
    Close(ConversationId),
}

/// What only an agent, or a bot, may want.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentCommand {
    /// Shows a conversation that this person need not take part in, and subscribes to it.
    Open(ConversationId),
    /// Unsubscribes from a conversation that was opened. Posts under way are still sent.
    Close(ConversationId),
    /// Becomes `READY` or `NOT_READY`.
    SetState {
        /// `READY` or `NOT_READY`.
        state: AgentStateName,
        /// Why not ready.
        reason: Option<String>,
    },
    /// Takes an offer.
    Accept {
        /// Of the offer.
        task: TaskId,
        /// Of the `accept` frame.
        client_id: ClientId,
    },
    /// Leaves a conversation, after everything that was posted before it.
    Leave {
        /// Which.
        conversation: ConversationId,
        /// Of the `leave` frame.
        client_id: ClientId,
    },
}
