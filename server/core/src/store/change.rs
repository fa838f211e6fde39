//! What a commit changes besides its conversation, in the same transaction.

use super::{
    AgentStateRecord, Author, CredentialRecord, ErasedConversation, FileReaders, Identity, IdentitySource, NewAudit,
    NewDelivery, NewMerge, NewPush, ProgramRecord, PushKey, TaskRecord, Timer, TimerKind, UserRecord,
};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, FileId, ParticipantId};

/// One more change of a commit, in the same transaction.
#[derive(Debug, Clone)]
pub enum Change {
    /// Writes what stands beside it only if the customer's data was not erased at `since` (epoch milliseconds) or later; else it
    /// answers [`StoreError::Erased`](super::StoreError::Erased), and nothing is written: a request that was proven before an
    /// erasure must not write after it.
    UnlessErased {
        /// The customer.
        customer: CustomerId,
        /// When the customer's token was issued.
        since: i64,
    },
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
    /// An identity is said of a customer. What the same source said before stays, in the newest spelling. Nothing changes if
    /// the customer is not there, if [`MOST_IDENTITIES`](super::MOST_IDENTITIES) others are said of it on this type of channel by
    /// sources that vouch, or by such that claim, as this one does, or if
    /// [`MOST_IDENTITIES_IN_ALL`](super::MOST_IDENTITIES_IN_ALL) are said of it altogether. What its site says always has room.
    StateIdentity {
        /// Of whom.
        customer: CustomerId,
        /// What.
        identity: Identity,
    },
    /// A source takes back what it has said of a customer on a type of channel; what others say stays.
    RetractIdentities {
        /// Of whom.
        customer: CustomerId,
        /// The type of channel.
        channel: String,
        /// Who has said it.
        said_by: IdentitySource,
        /// Which one; all if absent.
        key: Option<String>,
    },
    /// A customer has a label from now on. Nothing changes if it has it, or is not there.
    LabelCustomer {
        /// Who.
        customer: CustomerId,
        /// The id of the label.
        label: String,
    },
    /// A customer has a label no more.
    UnlabelCustomer {
        /// Who.
        customer: CustomerId,
        /// The id of the label.
        label: String,
    },
    /// A value is noted of a customer in the place of the one before. Nothing changes if the customer is not there.
    SetAttribute {
        /// Who.
        customer: CustomerId,
        /// The key of the attribute.
        key: String,
        /// The value.
        value: String,
    },
    /// A value is forgotten.
    UnsetAttribute {
        /// Who.
        customer: CustomerId,
        /// The key of the attribute.
        key: String,
    },
    /// What is said of one customer is said of another from now on, its labels and attributes included; both are there.
    MoveIdentities {
        /// Of whom it was said.
        from: CustomerId,
        /// Of whom it is said now.
        to: CustomerId,
    },
    /// Two customers are shown as one from now on. If either is not there or is shown as another one,
    /// [`StoreError::CustomerChanged`](super::StoreError::CustomerChanged) is answered.
    MergeCustomers(NewMerge),
    /// A customer is shown by itself again, with those that were merged into it before. Nothing changes if it is already.
    UndoMerge {
        /// Who was merged into another one.
        customer: CustomerId,
        /// Who undoes it.
        by: ParticipantId,
        /// When, in epoch milliseconds.
        at: i64,
    },
    /// Creates or replaces a contact-centre user.
    User(Box<UserRecord>),
    /// Creates or replaces a session or key.
    Credential(Box<CredentialRecord>),
    /// Takes back all sessions of a contact-centre user.
    EndSessions(ParticipantId),
    /// Creates or replaces a registered bot or app.
    Program(Box<ProgramRecord>),
    /// A record of the audit log, behind the last one. What it tells of stands beside it.
    Audit(Box<NewAudit>),
    /// A record of what the change before it has changed; none where that has changed nothing, as when two do the same at once. It
    /// stands behind a change of a label, an attribute or an identity, an undone merge, or the end of sessions.
    AuditIfChanged(Box<NewAudit>),
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
    /// What was said in the commit's conversation is erased, what this commit appends among it, as its last change.
    EraseConversation(ErasedConversation),
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
    /// A customer's browsers are to be told of an event of this commit; the newest of a conversation takes the place of those
    /// before. A customer without such a browser is told nothing.
    Push(NewPush),
    /// A notification is sent, or not worth sending any more: it goes, unless a newer event has taken its place.
    SettlePush(PushKey),
    /// A notification could not be sent and is tried again at `due_at`, unless a newer event has taken its place.
    RetryPush {
        /// Which one.
        push: PushKey,
        /// When, in epoch milliseconds.
        due_at: i64,
    },
    /// There was no place to send a notification: it is due at `due_at` instead, and that was no attempt, unless a newer event has
    /// taken its place.
    DeferPush {
        /// Which one.
        push: PushKey,
        /// When, in epoch milliseconds.
        due_at: i64,
    },
    /// A push service knows a browser no more: it is forgotten, with all that it was to be told.
    Unsubscribe {
        /// The browser's row.
        subscription: i64,
    },
}
