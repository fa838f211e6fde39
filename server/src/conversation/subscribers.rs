//! The connections that read a conversation live. Each has a cursor: what was covered for it so far, whether it was
//! allowed to see all of it or not.

use super::access::{may_read, viewer};
use super::state::State;
use super::summary::{is_known_to, item};
use super::{ConnectionId, SendHandle, Subscription};
use crate::identity::Principal;
use crate::store::StoredEvent;
use portico_shared::close::CloseCode;
use portico_shared::frame::{LiveEvent, Person, ServerFrame};
use portico_shared::ids::{ConversationId, Epoch, Seq};
use portico_shared::visibility::Viewer;

/// One connection that reads along.
#[derive(Debug)]
struct Subscriber {
    who: Principal,
    key: String,
    viewer: Viewer,
    handle: SendHandle,
    /// Everything up to here was covered for this connection.
    sent: Seq,
    _subscription: Subscription,
}

impl Subscriber {
    /// A closed conversation holds nothing more for a bot: its clients have no list from which it would disappear.
    fn may_stay(&self, state: &State) -> bool {
        may_read(&self.who, state) && !(self.viewer == Viewer::Bot && state.is_closed())
    }
}

/// The members of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    subscribers: Vec<Subscriber>,
}

impl Subscribers {
    /// Lets a connection read along from after `head`. Joining again begins anew.
    pub(crate) fn join(&mut self, who: Principal, (handle, subscription): (SendHandle, Subscription), head: Seq) {
        self.part(handle.connection());
        self.subscribers.push(Subscriber {
            key: who.key(),
            viewer: viewer(&who),
            who,
            handle,
            sent: head,
            _subscription: subscription,
        });
    }

    /// Lets a connection go.
    pub(crate) fn part(&mut self, connection: ConnectionId) {
        self.subscribers
            .retain(|subscriber| subscriber.handle.connection() != connection);
    }

    /// Whether nobody reads along. Connections that are closed are forgotten.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.subscribers.retain(|subscriber| subscriber.handle.is_open());
        self.subscribers.is_empty()
    }

    /// Whether a connection reads along.
    pub(crate) fn has(&self, connection: ConnectionId) -> bool {
        self.subscribers
            .iter()
            .any(|subscriber| subscriber.handle.connection() == connection)
    }

    /// Sends one event to everybody who may see it. Whoever may not gets no frame; its next one covers this position.
    pub(crate) fn deliver(&mut self, conversation: &ConversationId, epoch: &Epoch, stored: &StoredEvent) {
        self.subscribers.retain_mut(|subscriber| {
            if stored.seq <= subscriber.sent {
                return true;
            }
            if let Some(item) = item(stored, &subscriber.key, subscriber.viewer) {
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

    /// Tells the other people that somebody types, or stopped: all, but a customer nothing of an assisting bot.
    pub(crate) fn typing(&self, conversation: &ConversationId, who: &Principal, person: &Person, on: bool) {
        let key = who.key();
        for subscriber in self
            .subscribers
            .iter()
            .filter(|subscriber| subscriber.key != key && subscriber.viewer != Viewer::Bot)
            .filter(|subscriber| is_known_to(person.role.as_deref(), subscriber.viewer))
        {
            let frame = ServerFrame::Typing {
                conversation: conversation.clone(),
                person: person.clone(),
                on,
            };
            subscriber.handle.push(&frame);
        }
    }

    /// Lets those go who may not read any more, or have nothing more to read. A customer whose conversation has become
    /// another's is closed, too: its token proves nothing any more.
    pub(crate) fn recheck(&mut self, state: &State) {
        self.subscribers.retain(|subscriber| {
            let stays = subscriber.may_stay(state);
            if !stays && subscriber.viewer == Viewer::Customer {
                subscriber.handle.close(CloseCode::TokenRefused);
            }
            stays
        });
    }
}

impl Drop for Subscribers {
    /// Members that are left when an actor panics would wait for events for ever: they come back and resume. When the
    /// relay stops, their sockets first write what is queued.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for subscriber in &self.subscribers {
            subscriber.handle.close(CloseCode::Internal);
        }
    }
}
