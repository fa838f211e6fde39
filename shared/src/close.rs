//! Close codes, grouped by what the client must do next: the group is the hundred, so that an old client knows how
//! to behave on a code that it has never seen.

/// What a client does after its socket closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterClose {
    /// Connect again after a full-jitter delay and resume from the cursors. Nothing is lost.
    Reconnect,
    /// Fetch a new token, then connect again.
    Reauthenticate,
    /// Stop, and tell the person why. Connecting again would end the same way.
    Stop,
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Every code that the relay closes a socket with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CloseCode {
            $($(#[$meta])* $name,)*
        }

        impl CloseCode {
            /// All codes, for the table in the protocol document.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number on the wire.
            pub const fn code(self) -> u16 {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What it is called in the protocol document, and in close frames as the reason.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The relay is shutting down or restarting; a `goodbye` frame before it says when to come back.
    Draining = 4000, "draining";
    /// The client did not read fast enough. Events are safe; it resumes by paging.
    Slow = 4001, "slow";
    /// Nothing was heard from the client for too long.
    Silent = 4002, "silent";
    /// The relay failed to serve this connection.
    Internal = 4003, "internal";
    /// No `hello` within [`crate::limits::HELLO_WITHIN_MS`]: the link, or the machine behind it, was too slow.
    HelloLate = 4004, "hello late";
    /// What the bearer may do has changed: the next connection, with the same token, has its new rights.
    RightsChanged = 4005, "rights changed";
    /// The token's time is over.
    TokenExpired = 4100, "token expired";
    /// The token was revoked, is malformed or is not one of ours.
    TokenRefused = 4101, "token refused";
    /// Another frame than `hello` came first.
    HelloMissing = 4200, "hello missing";
    /// Frames that are not JSON, or not frames, again and again.
    Malformed = 4201, "malformed";
    /// A frame above [`crate::limits::MAX_FRAME_BYTES`], or a `hello` above [`crate::limits::MAX_HELLO_BYTES`].
    TooLarge = 4202, "too large";
    /// The client went on sending after it was refused for its rate.
    Flooding = 4203, "flooding";
    /// Too many connections for this identity; the oldest one is closed. A bot that gets its work over a connection has one, and so
    /// has an agent's desk.
    Replaced = 4204, "replaced";
    /// Another desk of the agent is connected. `hello` with `take_over` takes its place.
    DeskInUse = 4205, "desk in use";
}

/// What to do after any close code, known or not, the ones of RFC 6455 among them.
pub const fn after_close(code: u16) -> AfterClose {
    match code {
        4100..=4199 => AfterClose::Reauthenticate,
        4200..=4299 => AfterClose::Stop,
        _ => AfterClose::Reconnect,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_of_a_code_says_what_to_do() {
        assert_eq!(after_close(CloseCode::Slow.code()), AfterClose::Reconnect);
        assert_eq!(after_close(CloseCode::HelloLate.code()), AfterClose::Reconnect);
        assert_eq!(after_close(CloseCode::TokenExpired.code()), AfterClose::Reauthenticate);
        assert_eq!(after_close(CloseCode::Malformed.code()), AfterClose::Stop);
    }

    #[test]
    fn an_unknown_or_standard_code_reconnects() {
        for code in [1000, 1001, 1006, 1011, 4099, 4999] {
            assert_eq!(after_close(code), AfterClose::Reconnect, "{code}");
        }
    }
}
