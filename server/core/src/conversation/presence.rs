//! Who is connected to this node right now: the connections of each identity, and since when an agent has none.

use super::{ConnectionId, SendHandle};
use crate::conversation::reader_role::ServerFrame;
use crate::identity::{Principal, StaffPrincipal, agent_key, bot_key, customer_key};
use portico_shared::close::CloseCode;
use portico_shared::frame::DeskClaim;
use portico_shared::ids::{CustomerId, DeskId, ParticipantId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All connections of this node by identity. A cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The sockets of each identity, oldest first, by [`socket_key`].
    sockets: HashMap<String, Vec<Socket>>,
    /// Contact-centre users that have a socket.
    staff: HashMap<ParticipantId, Connected>,
    /// Contact-centre users whose last socket closed. One small entry per user at most.
    gone: HashMap<ParticipantId, Disconnected>,
}

/// One socket of an identity.
#[derive(Debug)]
struct Socket {
    handle: SendHandle,
    /// The desk whose it is, if it is an agent's and says so.
    desk: Option<DeskId>,
}

/// Another desk of the same agent is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskInUse;

/// What a new connection has closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Replaced {
    /// How many sockets, to stay below the most that there may be.
    pub(crate) too_many: usize,
    /// The other desk whose place it has taken.
    pub(crate) desk: Option<DeskId>,
}

/// A contact-centre user who is not connected any more.
#[derive(Debug, Clone, Copy)]
struct Disconnected {
    /// When the last socket closed, in epoch milliseconds.
    at: i64,
    /// Since when it had been connected.
    since: i64,
}

/// How a new connection is counted.
#[derive(Debug, Clone)]
pub(crate) struct ConnectOptions {
    /// The desk that connects, of an agent that takes chats.
    pub(crate) desk: Option<DeskClaim>,
    /// Sockets that this identity may have; one more closes the oldest.
    pub(crate) most: usize,
    /// Now, in epoch milliseconds.
    pub(crate) now: i64,
    /// How long a contact-centre user may be without a connection and yet count as connected throughout, in milliseconds:
    /// reloading the desk does not lose the place in the queue.
    pub(crate) grace_ms: i64,
}

/// A connected contact-centre user, as routing sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connected {
    pub(crate) principal: StaffPrincipal,
    /// Since when it is connected without a break that counts, in epoch milliseconds.
    pub(crate) since: i64,
}

impl Presence {
    /// Adds a socket. Beyond the most that one identity may have, the oldest is closed as replaced.
    ///
    /// Of the desks of one agent one is connected, so that no chat rings at two. A desk that connects again takes the place of its
    /// own older socket; one that takes over closes the other one's.
    pub(crate) fn connect(
        &self,
        principal: &Principal,
        handle: SendHandle,
        options: ConnectOptions,
    ) -> Result<Replaced, DeskInUse> {
        let ConnectOptions {
            desk,
            most,
            now,
            grace_ms,
        } = options;
        let mut inner = self.lock();
        let sockets = inner.sockets.entry(socket_key(principal)).or_default();
        sockets.retain(|socket| socket.handle.is_open());
        let mut taken = None;
        if let Some(claim) = &desk {
            let mut desks = sockets.iter().filter_map(|socket| socket.desk.as_ref());
            taken = desks.find(|desk| **desk != claim.id).cloned();
            if !claim.take_over && taken.is_some() {
                return Err(DeskInUse);
            }
            for replaced in sockets.extract_if(.., |socket| socket.desk.is_some()) {
                replaced.handle.close(CloseCode::Replaced);
            }
        }
        sockets.push(Socket {
            handle,
            desk: desk.map(|claim| claim.id),
        });
        let too_many = sockets.len().saturating_sub(most.max(1));
        for replaced in sockets.drain(..too_many) {
            replaced.handle.close(CloseCode::Replaced);
        }
        if let Principal::Staff(staff) = principal {
            let back = inner.gone.remove(&staff.id);
            let back = back.filter(|gone| now.saturating_sub(gone.at) <= grace_ms);
            let back = back.map_or(now, |gone| gone.since);
            let since = inner.staff.get(&staff.id).map_or(back, |before| before.since);
            inner.staff.insert(
                staff.id.clone(),
                Connected {
                    principal: staff.clone(),
                    since,
                },
            );
        }
        Ok(Replaced { too_many, desk: taken })
    }

    /// Removes a socket. True if it was the identity's last one.
    pub(crate) fn disconnect(&self, principal: &Principal, connection: ConnectionId, now: i64) -> bool {
        let key = socket_key(principal);
        let mut inner = self.lock();
        let Some(sockets) = inner.sockets.get_mut(&key) else {
            return false;
        };
        sockets.retain(|socket| socket.handle.connection() != connection);
        if !sockets.is_empty() {
            return false;
        }
        inner.sockets.remove(&key);
        if let Principal::Staff(staff) = principal
            && let Some(Connected { since, .. }) = inner.staff.remove(&staff.id)
        {
            inner.gone.insert(staff.id.clone(), Disconnected { at: now, since });
        }
        true
    }

    /// The open sockets of a customer on one channel.
    pub(crate) fn tabs(&self, customer: &CustomerId, channel: &str) -> Vec<SendHandle> {
        self.at(&tab_key(customer, channel))
    }

    /// The open sockets of a bot.
    pub(crate) fn bots(&self, bot: &ParticipantId) -> Vec<SendHandle> {
        self.at(&bot_key(bot))
    }

    /// The open sockets of an agent.
    pub(crate) fn desks(&self, agent: &ParticipantId) -> Vec<SendHandle> {
        self.at(&agent_key(agent))
    }

    fn at(&self, socket_key: &str) -> Vec<SendHandle> {
        let inner = self.lock();
        let handles = inner.sockets.get(socket_key).into_iter().flatten();
        let handles = handles.map(|socket| &socket.handle);
        handles.filter(|handle| handle.is_open()).cloned().collect()
    }

    /// Sends a frame to every socket of an agent.
    pub(crate) fn notify_agent(&self, agent: &ParticipantId, frame: &ServerFrame) {
        for handle in self.desks(agent) {
            handle.push(frame);
        }
    }

    /// Contact-centre users that are connected.
    pub(crate) fn staff(&self) -> Vec<Connected> {
        self.lock().staff.values().cloned().collect()
    }

    /// Whether a contact-centre user has a socket.
    pub(crate) fn is_connected(&self, agent: &ParticipantId) -> bool {
        self.lock().staff.contains_key(agent)
    }

    /// When an agent that is not connected left; `None` while it is, or if it was not here since this node started.
    pub(crate) fn gone_since(&self, agent: &ParticipantId) -> Option<i64> {
        self.lock().gone.get(agent).map(|gone| gone.at)
    }

    /// A panic while the lock was held leaves whole entries behind: every change is one insert or remove.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key of an identity's connections.
fn socket_key(who: &Principal) -> String {
    match who {
        Principal::Customer(customer) => tab_key(&customer.id, &customer.channel),
        Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => who.key(),
    }
}

/// The key of a customer's connections: its tabs on one channel do not hear of its conversations on another.
fn tab_key(customer: &CustomerId, channel: &str) -> String {
    format!("{}@{channel}", customer_key(customer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::send_queue;
    use crate::identity::{CustomerPrincipal, Permissions};

    fn customer() -> Principal {
        Principal::Customer(CustomerPrincipal {
            id: CustomerId::new("c1"),
            channel: "web".to_owned(),
            identifier: "visitor".to_owned(),
            name: "Visitor".to_owned(),
            verified: false,
            consent: None,
        })
    }

    fn agent() -> Principal {
        Principal::Staff(StaffPrincipal {
            id: ParticipantId::new("a1"),
            username: "ann".to_owned(),
            first_name: "Ann".to_owned(),
            last_name: "A".to_owned(),
            roles: vec!["agent".to_owned()],
            permissions: Permissions::NONE,
            queues: Vec::new(),
            max_tasks: 5,
        })
    }

    fn entry(now: i64, most: usize) -> ConnectOptions {
        ConnectOptions {
            desk: None,
            most,
            now,
            grace_ms: 60,
        }
    }

    fn at_desk(id: &str, take_over: bool) -> ConnectOptions {
        let id = DeskId::new(id);
        ConnectOptions {
            desk: Some(DeskClaim { id, take_over }),
            ..entry(0, 10)
        }
    }

    #[tokio::test]
    async fn one_desk_of_an_agent_is_connected_and_another_one_takes_over_when_it_says_so() {
        let presence = Presence::default();
        let id = ParticipantId::new("a1");
        let sockets: [_; 4] = std::array::from_fn(|_| send_queue(ConnectionId::next()));
        let [
            (first, mut first_queue),
            (second, _second_queue),
            (again, mut again_queue),
            (program, _program_queue),
        ] = sockets;
        presence
            .connect(&agent(), program.clone(), entry(0, 10))
            .expect("no desk");
        presence
            .connect(&agent(), first.clone(), at_desk("d1", false))
            .expect("the only desk");
        let refused = presence.connect(&agent(), second.clone(), at_desk("d2", false));
        assert_eq!(refused, Err(DeskInUse));
        assert!(first.is_open());
        let replaced = presence.connect(&agent(), again.clone(), at_desk("d1", false));
        assert_eq!(replaced, Ok(Replaced::default()), "the same desk");
        assert_eq!(first_queue.closed().await, CloseCode::Replaced);
        let replaced = presence.connect(&agent(), second.clone(), at_desk("d2", true));
        let taken = Replaced {
            too_many: 0,
            desk: Some(DeskId::new("d1")),
        };
        assert_eq!(replaced, Ok(taken), "it takes over");
        assert_eq!(again_queue.closed().await, CloseCode::Replaced);
        let open: Vec<_> = presence.desks(&id).iter().map(SendHandle::connection).collect();
        assert_eq!(open, [program.connection(), second.connection()]);
        // Those that were closed take nothing with them when they are gone.
        assert!(!presence.disconnect(&agent(), first.connection(), 1));
        assert!(!presence.disconnect(&agent(), again.connection(), 1));
        presence.disconnect(&agent(), second.connection(), 1);
        let (third, _third_queue) = send_queue(ConnectionId::next());
        presence
            .connect(&agent(), third, at_desk("d3", false))
            .expect("no other desk is there");
    }

    #[tokio::test]
    async fn the_oldest_socket_makes_room_for_the_newest() {
        let presence = Presence::default();
        let (first, mut first_queue) = send_queue(ConnectionId::next());
        let (second, _second_queue) = send_queue(ConnectionId::next());
        let (third, _third_queue) = send_queue(ConnectionId::next());
        let replaced =
            [&first, &second, &third].map(|socket| presence.connect(&customer(), socket.clone(), entry(0, 2)));
        let replaced = replaced.map(|replaced| replaced.map(|replaced| replaced.too_many));
        assert_eq!(replaced, [Ok(0), Ok(0), Ok(1)]);
        assert_eq!(first_queue.closed().await, CloseCode::Replaced);
        assert!(second.is_open() && third.is_open());
    }

    #[test]
    fn an_agent_is_gone_only_when_its_last_socket_closed() {
        let presence = Presence::default();
        let (first, _first_queue) = send_queue(ConnectionId::next());
        let (second, _second_queue) = send_queue(ConnectionId::next());
        let id = ParticipantId::new("a1");
        presence
            .connect(&agent(), first.clone(), entry(100, 10))
            .expect("no desk");
        presence
            .connect(&agent(), second.clone(), entry(200, 10))
            .expect("no desk");
        assert!(!presence.disconnect(&agent(), first.connection(), 300));
        assert_eq!(presence.staff().first().map(|staff| staff.since), Some(100));
        assert!(presence.disconnect(&agent(), second.connection(), 400));
        assert!(!presence.is_connected(&id));
        assert_eq!(presence.gone_since(&id), Some(400));
    }

    #[test]
    fn an_agent_who_loads_its_only_desk_anew_keeps_its_place_and_one_who_was_away_does_not() {
        let presence = Presence::default();
        let since = || presence.staff().first().map(|staff| staff.since);
        let mut now = 100;
        for (away, expected) in [(60, 100), (1, 100), (61, 222), (60, 222)] {
            let (desk, _queue) = send_queue(ConnectionId::next());
            presence
                .connect(&agent(), desk.clone(), entry(now, 10))
                .expect("no desk");
            presence.disconnect(&agent(), desk.connection(), now);
            now += away;
            let (desk, _queue) = send_queue(ConnectionId::next());
            presence
                .connect(&agent(), desk.clone(), entry(now, 10))
                .expect("no desk");
            assert_eq!(since(), Some(expected), "after {away}");
            presence.disconnect(&agent(), desk.connection(), now);
        }
    }
}
