//! The connection's life: socket, hello, heartbeat, loss, backoff.

use super::Session;
use crate::backoff::{Backoff, CAP_MS};
use crate::{Change, Connection, Effect, SessionRole, StopReason};
use portico_shared::close::{AfterClose, after_close};
use portico_shared::frame::{ClientFrame, DeskClaim, Hello, Welcome};
use portico_shared::limits::{DEAD_AFTER_MS, HEARTBEAT_MS, HELLO_WITHIN_MS, MAX_FRAME_BYTES, MAX_HELLO_BYTES};

/// A token that does not come within this many milliseconds counts as unavailable.
const TOKEN_WITHIN_MS: i64 = 30_000;
/// A socket that does not open within this many milliseconds is given up.
const OPEN_WITHIN_MS: i64 = 15_000;
/// A ping of the heartbeat is answered within this many milliseconds, or the socket is dead.
const ANSWER_WITHIN_MS: i64 = (DEAD_AFTER_MS - HEARTBEAT_MS) as i64;
/// A probe after sleep or a change of network is answered within this many milliseconds.
const PROBE_WITHIN_MS: i64 = 5_000;
/// A connection that held this long counts as a success: the next loss begins with short delays again.
const STEADY_AFTER_MS: i64 = 30_000;
/// What is said of a frame above [`MAX_FRAME_BYTES`].
pub(super) const TOO_LONG: &str = "longer than a frame may be";

/// See the module's head.
#[derive(Debug, Default)]
pub(super) struct Link {
    /// What views show.
    pub(super) shown: Connection,
    pub(super) stage: Stage,
    no_network: bool,
    pub(super) token: Option<String>,
    /// The token at hand must not be used again.
    pub(super) must_refresh: bool,
    /// The token that is asked for is void when it comes: there is a new proof.
    pub(super) is_outdated: bool,
    /// When the token ends, by the host's clock.
    pub(super) expires_at: Option<i64>,
    pub(super) refresh_at: Option<i64>,
    backoff: Backoff,
    pub(super) refusals: u32,
    /// When the present stage is over: given up, or tried again.
    deadline: i64,
    online_since: i64,
    heard_at: i64,
    pinged_at: i64,
    /// A ping is out, and the socket is dead if nothing is heard until then.
    answer_by: Option<i64>,
    /// The relay said when to come back.
    back_at: Option<i64>,
    /// A person has said that this desk is the one to use.
    takes_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stage {
    #[default]
    Idle,
    /// Waits for a token.
    Token,
    /// Waits for the socket.
    Opening,
    /// Waits for `welcome`.
    Greeting,
    Online,
    /// Waits for the next try.
    Waiting,
}

impl Link {
    pub(super) fn is_online(&self) -> bool {
        self.stage == Stage::Online
    }

    fn has_socket(&self) -> bool {
        matches!(self.stage, Stage::Opening | Stage::Greeting | Stage::Online)
    }

    /// The next moment at which something is due.
    pub(super) fn deadline(&self) -> Option<i64> {
        match self.stage {
            Stage::Idle => None,
            Stage::Token | Stage::Opening | Stage::Greeting | Stage::Waiting => Some(self.deadline),
            Stage::Online => {
                let ping = Some(self.pinged_at + HEARTBEAT_MS as i64);
                [ping, self.answer_by, self.refresh_at].into_iter().flatten().min()
            }
        }
    }
}

impl<R: SessionRole> Session<R> {
    pub(super) fn start(&mut self) {
        if self.link.stage == Stage::Idle {
            self.link.backoff.reset();
            self.link.refusals = 0;
            self.link.takes_over = self.link.shown
                == Connection::Stopped {
                    why: StopReason::Replaced,
                };
            self.connect();
        }
    }

    pub(super) fn stop(&mut self) {
        self.give_up(Connection::Idle);
    }

    pub(super) fn give_up(&mut self, shown: Connection) {
        self.close();
        self.link.stage = Stage::Idle;
        self.link.back_at = None;
        self.show(shown);
    }

    /// Begins a try: a token if one is needed, then the socket.
    pub(super) fn connect(&mut self) {
        let link = &mut self.link;
        let ended = link.expires_at.is_some_and(|end| end <= self.now.ms);
        if link.token.is_some() && !link.must_refresh && !ended {
            return self.open();
        }
        let refresh = link.must_refresh || ended;
        link.stage = Stage::Token;
        link.deadline = self.now.ms + TOKEN_WITHIN_MS;
        self.effects.push(Effect::GetToken { refresh });
        self.show(Connection::Connecting);
    }

    pub(super) fn open(&mut self) {
        self.link.stage = Stage::Opening;
        self.link.deadline = self.now.ms + OPEN_WITHIN_MS;
        self.effects.push(Effect::Connect);
        self.show(Connection::Connecting);
    }

    pub(super) fn socket_opened(&mut self) {
        if self.link.stage != Stage::Opening {
            return;
        }
        let Some(token) = self.link.token.clone() else { return };
        let hello = ClientFrame::<R::Body>::Hello(Hello {
            token,
            client: self.options.client.clone(),
            desk: self.options.desk.clone().map(|id| DeskClaim {
                id,
                take_over: self.link.takes_over,
            }),
        })
        .to_json();
        if hello.len() > MAX_HELLO_BYTES {
            self.effects.push(Effect::Warn("the token is too long".to_owned()));
            return self.give_up(Connection::Stopped {
                why: StopReason::NoToken,
            });
        }
        self.link.stage = Stage::Greeting;
        self.link.deadline = self.now.ms + HELLO_WITHIN_MS as i64;
        self.effects.push(Effect::Send(hello));
    }

    /// The relay knows this client: posts reach it from now on. False if this client had not said hello.
    pub(super) fn greeted(&mut self, welcome: &Welcome<R>) -> bool {
        if self.link.stage != Stage::Greeting {
            return false;
        }
        self.ahead_ms = welcome.now - self.now.ms;
        self.link.stage = Stage::Online;
        self.link.online_since = self.now.ms;
        self.link.pinged_at = self.now.ms;
        self.link.back_at = None;
        self.link.takes_over = false;
        self.token_lasts_until(welcome.expires_at);
        self.look_at_what_was_left();
        self.show(Connection::Online);
        true
    }

    pub(super) fn socket_closed(&mut self, code: u16) {
        if !self.link.has_socket() {
            return;
        }
        match after_close(code) {
            AfterClose::Reconnect => self.lost(0),
            AfterClose::Reauthenticate => self.token_refused(),
            AfterClose::Stop => {
                self.forget_socket();
                self.give_up(Connection::Stopped {
                    why: StopReason::of(code),
                });
            }
        }
    }

    pub(super) fn goodbye(&mut self, retry_after_ms: u64) {
        self.link.back_at = Some(self.now.ms + as_ms(retry_after_ms));
    }

    /// The try failed or the link broke: waits, at least `wait` milliseconds.
    pub(super) fn lost(&mut self, wait: i64) {
        self.calm_down_if_steady();
        self.forget_socket();
        let delay = match self.link.back_at.take() {
            Some(back_at) => back_at - self.now.ms,
            None => self.link.backoff.next_delay_ms(self.now.random) as i64,
        };
        self.link.stage = Stage::Waiting;
        self.wait_until(self.now.ms + delay.max(wait));
    }

    fn wait_until(&mut self, retry_at: i64) {
        if self.link.no_network {
            self.link.deadline = retry_at.max(self.now.ms + CAP_MS as i64);
            self.show(Connection::Offline);
        } else {
            self.link.deadline = retry_at;
            let retry_at = retry_at - self.set_back_ms;
            self.show(Connection::Waiting { retry_at });
        }
    }

    pub(super) fn calm_down_if_steady(&mut self) {
        if self.link.is_online() && self.now.ms - self.link.online_since >= STEADY_AFTER_MS {
            self.link.backoff.reset();
            self.link.refusals = 0;
        }
    }

    /// Closes the socket, if there is one.
    fn close(&mut self) {
        if self.link.has_socket() {
            self.effects.push(Effect::Close);
            self.forget_socket();
        }
    }

    pub(super) fn forget_socket(&mut self) {
        self.link.stage = Stage::Idle;
        self.link.answer_by = None;
        self.link.refresh_at = None;
        self.disconnected();
    }

    pub(super) fn network_came(&mut self) {
        self.link.no_network = false;
        match self.link.stage {
            Stage::Waiting => self.connect(),
            Stage::Online => self.probe(),
            Stage::Idle => self.ask_again_for_token(),
            Stage::Token | Stage::Opening | Stage::Greeting => {}
        }
    }

    pub(super) fn network_went(&mut self) {
        self.link.no_network = true;
        match self.link.stage {
            Stage::Waiting => self.wait_until(self.link.deadline),
            Stage::Online => self.probe(),
            Stage::Idle | Stage::Token | Stage::Opening | Stage::Greeting => {}
        }
    }

    pub(super) fn woke(&mut self) {
        match self.link.stage {
            Stage::Waiting => self.connect(),
            // The relay has closed this socket while the device slept, whatever the socket thinks.
            Stage::Online if self.now.ms - self.link.heard_at >= DEAD_AFTER_MS as i64 => {
                self.close();
                self.connect();
            }
            Stage::Online => self.probe(),
            Stage::Idle => self.ask_again_for_token(),
            Stage::Token | Stage::Opening | Stage::Greeting => {}
        }
    }

    /// Asks the relay for a sign of life within a short time.
    fn probe(&mut self) {
        self.ping(PROBE_WITHIN_MS);
    }

    fn ping(&mut self, within_ms: i64) {
        let answer_by = self.now.ms + within_ms;
        self.link.pinged_at = self.now.ms;
        self.link.answer_by = Some(self.link.answer_by.map_or(answer_by, |earlier| earlier.min(answer_by)));
        self.send(&ClientFrame::Ping);
    }

    /// Something came through the socket.
    pub(super) fn heard(&mut self) {
        self.link.heard_at = self.now.ms;
        self.link.answer_by = None;
    }

    pub(super) fn run_link(&mut self) {
        let now = self.now.ms;
        let is_over = self.link.deadline <= now;
        match self.link.stage {
            Stage::Waiting if is_over => self.connect(),
            Stage::Token | Stage::Opening | Stage::Greeting if is_over => {
                self.close();
                self.lost(0);
            }
            Stage::Online => self.run_online(),
            Stage::Idle | Stage::Token | Stage::Opening | Stage::Greeting | Stage::Waiting => {}
        }
    }

    fn run_online(&mut self) {
        let now = self.now.ms;
        if self.link.answer_by.is_some_and(|by| by <= now) {
            self.calm_down_if_steady();
            self.close();
            return self.lost(0);
        }
        if now - self.link.pinged_at >= HEARTBEAT_MS as i64 {
            self.ping(ANSWER_WITHIN_MS);
            self.pull_what_did_not_come();
        }
        if self.link.refresh_at.is_some_and(|at| at <= now) {
            self.link.refresh_at = Some(now + TOKEN_WITHIN_MS);
            self.effects.push(Effect::GetToken { refresh: true });
        }
    }

    /// Sends a frame, if the client is online.
    pub(super) fn send(&mut self, frame: &ClientFrame<R::Body>) {
        if self.link.is_online() {
            self.send_text(frame.to_json());
        }
    }

    /// Sends a frame that has been written already. One that the relay would close the socket for is not sent.
    pub(super) fn send_text(&mut self, text: String) {
        if text.len() > MAX_FRAME_BYTES {
            self.effects.push(Effect::Warn(TOO_LONG.to_owned()));
        } else {
            self.effects.push(Effect::Send(text));
        }
    }

    fn show(&mut self, connection: Connection) {
        if self.link.shown != connection {
            self.link.shown = connection;
            self.changed(Change::Connection);
            self.unsent_entries_changed();
        }
    }
}

pub(super) fn as_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX / 4)
}
