//! The connections that read a conversation live. Each has a cursor: what was covered for it so far, whether it was
//! allowed to see all of it or not.

use super::access::{may_read, viewer};
use super::state::State;
use super::summary::{is_known_to, item};
use super::{ConnectionId, Follow, Sink};
use crate::identity::Principal;
use crate::store::StoredEvent;
use portico_shared::close::CloseCode;
use portico_shared::frame::{LiveEvent, Person, ServerFrame};
use portico_shared::ids::{ConversationId, Epoch, Seq};
use portico_shared::visibility::Viewer;

/// One connection that reads along.
#[derive(Debug)]
struct Member {
    who: Principal,
    key: String,
    viewer: Viewer,
    sink: Sink,
    /// Everything up to here was covered for this connection.
    sent: Seq,
    _follow: Follow,
}

impl Member {
    /// A closed conversation holds nothing more for a bot: its clients have no list from which it would disappear.
    fn may_stay(&self, state: &State) -> bool {
        may_read(&self.who, state) && !(self.viewer == Viewer::Bot && state.is_closed())
    }
}

/// The members of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Members {
    members: Vec<Member>,
}

impl Members {
    /// Lets a connection read along from after `head`. Joining again begins anew.
    pub(crate) fn join(&mut self, who: Principal, (sink, follow): (Sink, Follow), head: Seq) {
        self.part(sink.connection());
        self.members.push(Member {
            key: who.key(),
            viewer: viewer(&who),
            who,
            sink,
            sent: head,
            _follow: follow,
        });
    }

    /// Lets a connection go.
    pub(crate) fn part(&mut self, connection: ConnectionId) {
        self.members.retain(|member| member.sink.connection() != connection);
    }

    /// Whether nobody reads along. Connections that are closed are forgotten.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.members.retain(|member| member.sink.is_open());
        self.members.is_empty()
    }

    /// Whether a connection reads along.
    pub(crate) fn has(&self, connection: ConnectionId) -> bool {
        self.members.iter().any(|member| member.sink.connection() == connection)
    }

    /// Sends one event to everybody who may see it. Whoever may not gets no frame; its next one covers this position.
    pub(crate) fn deliver(&mut self, conversation: &ConversationId, epoch: &Epoch, stored: &StoredEvent) {
        self.members.retain_mut(|member| {
            if stored.seq <= member.sent {
                return true;
            }
            if let Some(item) = item(stored, &member.key, member.viewer) {
                let live = LiveEvent {
                    conversation: conversation.clone(),
                    epoch: epoch.clone(),
                    after: member.sent,
                    item,
                };
                member.sink.push(&ServerFrame::Event(Box::new(live)));
                member.sent = stored.seq;
            }
            member.sink.is_open()
        });
    }

    /// Tells the other people that somebody types, or stopped: all, but a customer nothing of an assisting bot.
    pub(crate) fn typing(&self, conversation: &ConversationId, who: &Principal, person: &Person, on: bool) {
        let key = who.key();
        for member in self
            .members
            .iter()
            .filter(|member| member.key != key && member.viewer != Viewer::Bot)
            .filter(|member| is_known_to(person.role.as_deref(), member.viewer))
        {
            let frame = ServerFrame::Typing {
                conversation: conversation.clone(),
                person: person.clone(),
                on,
            };
            member.sink.push(&frame);
        }
    }

    /// Lets those go who may not read any more, or have nothing more to read. A customer whose conversation has become
    /// another's is closed, too: its token proves nothing any more.
    pub(crate) fn recheck(&mut self, state: &State) {
        self.members.retain(|member| {
            let stays = member.may_stay(state);
            if !stays && member.viewer == Viewer::Customer {
                member.sink.close(CloseCode::TokenRefused);
            }
            stays
        });
    }
}

impl Drop for Members {
    /// Members that are left when an actor panics would wait for events for ever: they come back and resume. When the
    /// relay stops, their sockets first write what is queued.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for member in &self.members {
            member.sink.close(CloseCode::Internal);
        }
    }
}
