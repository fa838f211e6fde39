//! What a commit changes besides its conversation, in the same transaction.

use super::{AgentStateRecord, Author, FileReaders, NewDelivery, TaskRecord, Timer, TimerKind};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, FileId, ParticipantId};

/// One more change of a commit, in the same transaction.
#[derive(Debug, Clone)]
pub enum Change {
    /// Creates a customer with its identities (channel type to identifiers), or replaces it. One that is not as it was read
    /// any more answers [`StoreError::CustomerChanged`](super::StoreError::CustomerChanged), and nothing is written: what
    /// was written meanwhile, such as an identity that came over from a visitor, would be lost.
    Customer {
        /// As it was read; nothing if there was none.
        before: Option<Box<Customer>>,
        /// As it is from now on, under the same id.
        after: Box<Customer>,
    },
    /// What one author wrote into a conversation counts as another's from now on, with its client ids, and so do its files. A
    /// client id that the other one has used itself stays where it is: its first result is known.
    MoveAuthor {
        /// The conversation.
        conversation: ConversationId,
        /// Who wrote.
        from: Author,
        /// Whose it is now.
        to: Author,
    },
    /// What is known of one customer beside conversations is known of another from now on.
    MoveActivities {
        /// Of whom it was known.
        from: CustomerId,
        /// Of whom it is now.
        to: CustomerId,
    },
    /// Creates or replaces a task.
    Task(TaskRecord),
    /// Creates or replaces a timer.
    SetTimer(Timer),
    /// Moves a timer to `due_at`, in epoch milliseconds, unless it is no longer as it was read.
    PostponeTimer {
        /// The timer as it was read.
        timer: Timer,
        /// When it is due instead.
        due_at: i64,
    },
    /// Removes a timer; it need not exist.
    CancelTimer {
        /// The conversation.
        conversation: ConversationId,
        /// Which of its timers.
        kind: TimerKind,
    },
    /// A bot is to receive an event of this commit.
    Deliver(NewDelivery),
    /// A delivery is done: its row goes.
    Settle(i64),
    /// A delivery failed and is tried again at `due_at`.
    Retry {
        /// Which delivery.
        id: i64,
        /// When, in epoch milliseconds.
        due_at: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// A bot has asked to be left alone; an earlier end than it has asked for before changes nothing.
    Rest {
        /// The bot's id.
        bot: ParticipantId,
        /// Until when, in epoch milliseconds.
        until: i64,
    },
    /// A delivery failed for good: it becomes a dead letter.
    Dead {
        /// Which delivery.
        id: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// An agent's state.
    AgentState(AgentStateRecord),
    /// An agent has left a conversation: it waits for the next one since now. What state it is in stays as it is.
    AgentFree {
        /// The agent.
        agent: ParticipantId,
        /// When, in epoch milliseconds.
        since: i64,
    },
    /// An activity that belongs to a customer but to no conversation.
    CustomerActivity {
        /// The customer.
        customer: CustomerId,
        /// The activity.
        event: Box<CimEvent>,
        /// In whose name.
        author: Author,
        /// The author's idempotency key; a repeated one changes nothing.
        client_id: Option<ClientId>,
    },
    /// A file is in a message of a conversation from now on. One that is not its owner's, not whole, or in another conversation
    /// answers [`StoreError::FileGone`](super::StoreError::FileGone), and nothing is written. A file that was posted before in
    /// the same conversation has the readers of both messages, and is kept for the longer of both times.
    PostFile {
        /// The file.
        file: FileId,
        /// Whose it is.
        owner: Author,
        /// The conversation.
        conversation: ConversationId,
        /// Who may read it there.
        readers: FileReaders,
        /// When it goes, in epoch milliseconds; never if absent.
        expires_at: Option<i64>,
    },
}
