//! Where browsers can be reached whose pages are closed, and what they are still to be told.

use portico_shared::ids::{ConversationId, CustomerId, Seq};

/// A browser that wants notifications, as its push service knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSubscription {
    /// Whose browser it is.
    pub customer: CustomerId,
    /// The channel that it wants to hear of.
    pub channel: String,
    /// Where its push service takes messages for it: a secret, because who knows it can send to it.
    pub endpoint: String,
    /// The browser's public key, as an uncompressed point.
    pub p256dh: Vec<u8>,
    /// What the browser and the relay share.
    pub auth: Vec<u8>,
    /// The page of the site that a press on a notification opens.
    pub page: String,
    /// What stands in a notification instead of a message's text, in the visitor's language.
    pub note: String,
    /// When the browser last said that it wants them, in epoch milliseconds.
    pub updated_at: i64,
}

/// A customer's browsers are to be told of an event, unless a page of it is open when that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPush {
    /// The customer.
    pub customer: CustomerId,
    /// The conversation's channel.
    pub channel: String,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event's position.
    pub seq: Seq,
    /// When, in epoch milliseconds.
    pub due_at: i64,
    /// From when on it is not worth telling, in epoch milliseconds.
    pub expires_at: i64,
}

/// Which notification is meant: the newest of a conversation for one browser. One that was replaced by a newer event since is
/// another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushKey {
    /// The browser's row.
    pub subscription: i64,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event's position.
    pub seq: Seq,
}

/// A notification as it stands in the store, with whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRecord {
    /// Which one.
    pub key: PushKey,
    /// The browser.
    pub to: PushSubscription,
    /// How often it was tried before this claim.
    pub attempts: u32,
    /// From when on it is not worth telling, in epoch milliseconds.
    pub expires_at: i64,
}
