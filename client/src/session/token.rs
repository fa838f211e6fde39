//! Tokens: asked for, renewed before they end, replaced when they are refused.

use super::Session;
use super::link::{Stage, as_ms};
use crate::{Connection, SessionRole, StopReason, TokenError};
use portico_shared::frame::ClientFrame;

/// A new token is asked for this many milliseconds before the old one ends; for short-lived ones, after four
/// fifths of their time.
const REFRESH_BEFORE_MS: i64 = 60_000;
/// Tokens are refreshed at most this often, in milliseconds, however soon they end.
const REFRESH_EVERY_MS: i64 = 1_000;
/// A refresh without an answer is tried again after this many milliseconds.
const REFRESH_AGAIN_MS: i64 = 15_000;
/// After this many tokens refused in a row there is no point in asking for more.
const REFUSALS_AT_MOST: u32 = 3;

impl<R: SessionRole> Session<R> {
    /// The newest token, for requests beside the socket.
    pub fn token(&self) -> Option<&str> {
        self.link.token.as_deref()
    }

    pub(super) fn renew(&mut self) {
        match self.link.stage {
            Stage::Idle if self.lacks_token() => self.start_anew(),
            Stage::Token => self.link.is_outdated = true,
            Stage::Online => self.link.refresh_at = Some(self.now.ms),
            Stage::Idle | Stage::Opening | Stage::Greeting | Stage::Waiting => self.link.must_refresh = true,
        }
    }

    /// Whether the session gave up because there was no token for it.
    fn lacks_token(&self) -> bool {
        let why = StopReason::NoToken;
        self.link.shown == Connection::Stopped { why }
    }

    /// Begins with a new token.
    fn start_anew(&mut self) {
        self.link.must_refresh = true;
        self.start();
    }

    /// A customer who was refused a token may get one by now, and need not look at the chat to be reached again. An agent has
    /// to log in.
    pub(super) fn ask_again_for_token(&mut self) {
        if R::IS_CUSTOMER && self.lacks_token() {
            self.start_anew();
        }
    }

    pub(super) fn token_came(&mut self, token: Result<String, TokenError>) {
        if std::mem::take(&mut self.link.is_outdated) && self.link.stage == Stage::Token {
            self.link.must_refresh = true;
            return self.connect();
        }
        match token {
            Ok(token) => self.token_given(token),
            Err(TokenError::Unavailable { retry_after_ms }) => {
                let wait = retry_after_ms.map_or(0, as_ms);
                match self.link.stage {
                    Stage::Token => self.lost(wait),
                    Stage::Online => self.link.refresh_at = Some(self.now.ms + wait.max(REFRESH_AGAIN_MS)),
                    Stage::Idle | Stage::Opening | Stage::Greeting | Stage::Waiting => {}
                }
            }
            Err(TokenError::Refused) => match self.link.stage {
                Stage::Token => self.give_up(Connection::Stopped {
                    why: StopReason::NoToken,
                }),
                // The old token may serve for a while; the relay closes when it ends.
                Stage::Online => self.link.refresh_at = None,
                Stage::Idle | Stage::Opening | Stage::Greeting | Stage::Waiting => {}
            },
            Err(TokenError::Outdated) if self.link.stage == Stage::Token => self.give_up(Connection::Stopped {
                why: StopReason::Outdated,
            }),
            Err(TokenError::Outdated) => {}
        }
    }

    fn token_given(&mut self, token: String) {
        let link = &mut self.link;
        link.must_refresh = false;
        link.expires_at = None;
        link.token = Some(token.clone());
        match link.stage {
            Stage::Token => self.open(),
            Stage::Online => {
                link.refresh_at = None;
                self.send(&ClientFrame::Auth { token });
            }
            Stage::Idle | Stage::Opening | Stage::Greeting | Stage::Waiting => {}
        }
    }

    /// Notes when the token ends, by the relay's clock, and when to ask for the next one.
    pub(super) fn token_lasts_until(&mut self, relay_ms: Option<i64>) {
        let now = self.now.ms;
        let end = relay_ms.map(|end| end - self.ahead_ms);
        self.link.expires_at = end;
        self.link.refresh_at = end.map(|end| {
            let four_fifths = now + (end - now) / 5 * 4;
            (end - REFRESH_BEFORE_MS).max(four_fifths).max(now + REFRESH_EVERY_MS)
        });
    }

    /// The first refused token is replaced at once, for it may simply have ended; further ones with growing delays.
    pub(super) fn token_refused(&mut self) {
        self.calm_down_if_steady();
        self.link.must_refresh = true;
        self.link.refusals += 1;
        match self.link.refusals {
            1 => {
                self.forget_socket();
                self.connect();
            }
            2..=REFUSALS_AT_MOST => self.lost(0),
            _ => {
                self.forget_socket();
                self.give_up(Connection::Stopped {
                    why: StopReason::NoToken,
                });
            }
        }
    }
}
