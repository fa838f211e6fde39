//! Events as they reach a reader, one by one and by the page.

use crate::ids::{ClientId, ConversationId, Epoch, Seq};
use crate::lenient;
use crate::role::{Agent, Role};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// One event as its reader may see it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Item<R: Role = Agent> {
    /// Its position.
    pub seq: Seq,
    /// The event.
    pub event: R::Event,
    /// The sender's client id, sent only to the sender, so that its other tabs and a lost answer are merged.
    pub client_id: Option<ClientId>,
}

/// A covered range of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Page<R: Role = Agent> {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What positions count in.
    pub epoch: Epoch,
    /// The range covered begins after this position. 0 means the log's beginning was reached.
    pub after: Seq,
    /// The range covered ends with this position.
    pub through: Seq,
    /// What the reader may see in it, in order.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub items: Vec<Item<R>>,
    /// The log's last position when the page was read.
    pub head: Seq,
}

/// One live event; covers `(after, item.seq]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "FlatEvent<R>",
    bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>")
)]
pub struct LiveEvent<R: Role = Agent> {
    /// The event. Its keys stand flat in the frame.
    #[serde(flatten)]
    pub item: Item<R>,
    /// Which conversation.
    pub conversation: ConversationId,
    /// What positions count in.
    pub epoch: Epoch,
    /// Nothing visible stands between this position and the event.
    pub after: Seq,
}

/// The keys of a [`LiveEvent`], which has its item's among its own. Flattened, they would be read by way of a buffer
/// that does not take numbers.
#[derive(Deserialize)]
#[serde(bound = "R::Event: Deserialize<'de>")]
struct FlatEvent<R: Role> {
    conversation: ConversationId,
    epoch: Epoch,
    after: Seq,
    seq: Seq,
    event: R::Event,
    client_id: Option<ClientId>,
}

impl<R: Role> From<FlatEvent<R>> for LiveEvent<R> {
    fn from(keys: FlatEvent<R>) -> Self {
        Self {
            item: Item {
                seq: keys.seq,
                event: keys.event,
                client_id: keys.client_id,
            },
            conversation: keys.conversation,
            epoch: keys.epoch,
            after: keys.after,
        }
    }
}
