//! The connections that read a conversation live. Each has a cursor: the last position that its frames cover, including
//! events that it may not see.

use super::access::{Reader, may_read};
use super::state::State;
use super::summary::{is_known_to, item};
use super::{ConnectionId, SendHandle, Subscription};
use crate::conversation::reader_role::ServerFrame;
use crate::identity::Principal;
use crate::store::StoredEvent;
use portico_shared::close::CloseCode;
use portico_shared::frame::{LiveEvent, Person, QueuePosition};
use portico_shared::ids::{ConversationId, Epoch, Seq};
use portico_shared::visibility::Viewer;

/// One connection that reads the conversation live.
#[derive(Debug)]
struct Subscriber {
    who: Principal,
    reader: Reader,
    handle: SendHandle,
    /// The last position that this connection's frames cover.
    sent: Seq,
    _subscription: Subscription,
}

impl Subscriber {
    /// A bot is unsubscribed when the conversation closes: it has no list from which the conversation would disappear.
    fn may_stay(&self, state: &State) -> bool {
        may_read(&self.who, state) && !(self.reader.viewer == Viewer::Bot && state.is_closed())
    }
}

/// The subscribers of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    subscribers: Vec<Subscriber>,
}

impl Subscribers {
    /// Subscribes a connection to what comes after `head`. Joining again replaces the first subscription.
    pub(crate) fn join(&mut self, who: Principal, handle: SendHandle, subscription: Subscription, head: Seq) {
        self.part(handle.connection());
        self.subscribers.push(Subscriber {
            reader: Reader::of(&who),
            who,
            handle,
            sent: head,
            _subscription: subscription,
        });
    }

    /// Unsubscribes a connection.
    pub(crate) fn part(&mut self, connection: ConnectionId) {
        self.subscribers
            .retain(|subscriber| subscriber.handle.connection() != connection);
    }

    /// Whether there is no subscriber. Removes closed connections first.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.subscribers.retain(|subscriber| subscriber.handle.is_open());
        self.subscribers.is_empty()
    }

    /// Whether a connection is subscribed.
    pub(crate) fn has(&self, connection: ConnectionId) -> bool {
        self.subscribers
            .iter()
            .any(|subscriber| subscriber.handle.connection() == connection)
    }

    /// Sends one event to all who may see it. The others get no frame; the next one that they may see covers this position.
    pub(crate) fn deliver(&mut self, conversation: &ConversationId, epoch: &Epoch, stored: &StoredEvent) {
        self.subscribers.retain_mut(|subscriber| {
            if stored.seq <= subscriber.sent {
                return true;
            }
            if let Some(item) = item(stored, &subscriber.reader) {
                let live = LiveEvent {
                    conversation: conversation.clone(),
                    epoch: epoch.clone(),
                    after: subscriber.sent,
                    item,
                };
                subscriber.handle.push(&ServerFrame::Event(Box::new(live)));
                subscriber.sent = stored.seq;
            }
            subscriber.handle.is_open()
        });
    }

    /// Sends a typing frame to the other people. A customer learns nothing of an assisting bot.
    pub(crate) fn typing(&self, conversation: &ConversationId, who: &Principal, person: &Person, on: bool) {
        let key = who.key();
        for subscriber in self
            .subscribers
            .iter()
            .filter(|subscriber| subscriber.reader.key != key && subscriber.reader.viewer != Viewer::Bot)
            .filter(|subscriber| is_known_to(person.role.as_ref(), subscriber.reader.viewer))
        {
            let frame = ServerFrame::Typing {
                conversation: conversation.clone(),
                person: person.clone(),
                on,
            };
            subscriber.handle.push(&frame);
        }
    }

    /// Tells the customer where its request stands in the queue.
    pub(crate) fn tell_position(&self, position: QueuePosition) {
        let frame = ServerFrame::QueuePosition(position);
        let customers = self.subscribers.iter();
        for subscriber in customers.filter(|subscriber| subscriber.reader.viewer == Viewer::Customer) {
            subscriber.handle.push(&frame);
        }
    }

    /// Unsubscribes those who may not read any more, or have nothing more to read. The connection of a customer whose
    /// conversation became another's is closed, too, because its token proves nothing any more.
    pub(crate) fn recheck(&mut self, state: &State) {
        self.subscribers.retain(|subscriber| {
            let stays = subscriber.may_stay(state);
            if !stays && subscriber.reader.viewer == Viewer::Customer {
                subscriber.handle.close(CloseCode::TokenRefused);
            }
            stays
        });
    }
}

impl Drop for Subscribers {
    /// When an actor panics, its subscribers are closed, so that they reconnect and resume instead of waiting for ever.
    /// When the relay stops, they stay open and first write what is queued.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for subscriber in &self.subscribers {
            subscriber.handle.close(CloseCode::Internal);
        }
    }
}
