//! How the connection stands, in words for a view.

use portico_shared::close::CloseCode;

/// The state of the link to the relay. Changes once per transition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Connection {
    /// No connection is wanted yet, or any more.
    #[default]
    Idle,
    /// A token is fetched, a socket opens, or the relay has not said `welcome` yet.
    Connecting,
    /// Posts reach the relay.
    Online,
    /// The link broke; it is tried again at this time (epoch milliseconds).
    Waiting {
        /// When.
        retry_at: i64,
    },
    /// The platform says that there is no network. Tried now and then all the same, because platforms err.
    Offline,
    /// Trying again at once would end the same way. [`crate::Input::Start`] tries nevertheless.
    Stopped {
        /// What to tell the person.
        why: StopReason,
    },
}

/// Why the session gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// No token is given, or every token is refused: the login ended, or the site is not allowed.
    NoToken,
    /// The program has to be loaded anew ([`crate::TokenError::Outdated`]).
    Outdated,
    /// Another tab or device of the same person took the place ([`CloseCode::Replaced`]) or has it ([`CloseCode::DeskInUse`]).
    Replaced,
    /// The relay and this program do not understand each other; the close code says how.
    Protocol {
        /// One of 4200 to 4299.
        code: u16,
    },
}

impl StopReason {
    /// The reason behind a close code after which clients stop.
    pub(crate) fn of(code: u16) -> Self {
        if [CloseCode::Replaced, CloseCode::DeskInUse]
            .map(CloseCode::code)
            .contains(&code)
        {
            Self::Replaced
        } else {
            Self::Protocol { code }
        }
    }
}
