//! What is wrong with a connection, as far as a person has to know.

use crate::{Connection, StopReason};
use portico_shared::close::CloseCode;

/// What is wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It broke, and comes back by itself.
    Lost,
    /// The device has no network.
    Offline,
    /// There is no token, or the relay refuses each one.
    NoToken,
    /// Another tab or device has taken the place, or has it.
    Replaced,
    /// The relay has cut off a client that sent too much. The program is in order: after a while it may try again.
    Flooding,
    /// The relay and this program do not understand each other, or part of the program is not there any more: only another
    /// program helps.
    Outdated,
}

impl Trouble {
    /// What is wrong, if anything is. `was_online` is whether the relay was reached before: a first connection is no
    /// trouble. `before` is what was wrong until now: it stays while a new try is made, so that a banner does not flicker.
    pub fn of(connection: &Connection, was_online: bool, before: Option<Self>) -> Option<Self> {
        match connection {
            Connection::Idle | Connection::Online => None,
            Connection::Connecting => before.or(was_online.then_some(Self::Lost)),
            Connection::Waiting { .. } => Some(Self::Lost),
            Connection::Offline => Some(Self::Offline),
            Connection::Stopped { why } => Some(Self::behind(*why)),
        }
    }

    fn behind(why: StopReason) -> Self {
        match why {
            StopReason::NoToken => Self::NoToken,
            StopReason::Replaced => Self::Replaced,
            StopReason::Protocol { code } if code == CloseCode::Flooding.code() => Self::Flooding,
            StopReason::Outdated | StopReason::Protocol { .. } => Self::Outdated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Trouble;
    use crate::{Connection, StopReason};
    use portico_shared::close::CloseCode;

    const WAITING: Connection = Connection::Waiting { retry_at: 0 };

    #[test]
    fn a_connection_that_is_there_or_not_wanted_is_no_trouble() {
        for connection in [Connection::Online, Connection::Idle] {
            assert_eq!(Trouble::of(&connection, true, Some(Trouble::Lost)), None);
        }
    }

    #[test]
    fn the_first_try_is_no_trouble_and_a_lost_connection_is_one() {
        assert_eq!(Trouble::of(&Connection::Connecting, false, None), None);
        assert_eq!(Trouble::of(&WAITING, false, None), Some(Trouble::Lost));
        assert_eq!(Trouble::of(&Connection::Connecting, true, None), Some(Trouble::Lost));
        assert_eq!(Trouble::of(&Connection::Offline, false, None), Some(Trouble::Offline));
    }

    #[test]
    fn another_try_leaves_the_trouble_as_it_is() {
        for before in [Trouble::Lost, Trouble::Offline, Trouble::Replaced] {
            for was_online in [false, true] {
                let now = Trouble::of(&Connection::Connecting, was_online, Some(before));
                assert_eq!(now, Some(before));
            }
        }
    }

    #[test]
    fn a_session_that_stopped_says_why() {
        let stopped = |why| Trouble::of(&Connection::Stopped { why }, true, Some(Trouble::Lost));
        let closed = |code| stopped(StopReason::Protocol { code });
        assert_eq!(stopped(StopReason::NoToken), Some(Trouble::NoToken));
        assert_eq!(stopped(StopReason::Replaced), Some(Trouble::Replaced));
        assert_eq!(closed(CloseCode::Malformed.code()), Some(Trouble::Outdated));
        assert_eq!(closed(CloseCode::Flooding.code()), Some(Trouble::Flooding));
    }
}
