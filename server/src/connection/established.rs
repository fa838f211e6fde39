//! A socket whose identity is known: the loop that reads, writes, and watches that the identity still holds.

use super::hello::Greeted;
use super::silence::Silence;
use super::{ConnectionContext, End, WRITE_TOGETHER_BYTES, hello, wire};
use axum::Error;
use axum::extract::ws::{Message, WebSocket};
use portico_core::conversation::{
    ConnectionId, Outgoing, Refusal, SendHandle, SendQueue, ServerFrame, Subscriptions, agent_state_frame, send_queue,
};
use portico_core::identity::{AuthError, Authenticated};
use portico_core::rate::Single;
use portico_core::telemetry;
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, FrameError, RefusalCode};
use portico_shared::ids::{ClientId, ConversationId};
use portico_shared::limits::MAX_FRAME_BYTES;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often a socket is looked at: whether it is silent, and whether its token still holds. Shorter than the five
/// seconds within which a token that was taken back must have its sockets closed.
const LOOK_EVERY: Duration = Duration::from_secs(4);

/// What `docs/security.md` promises about rights that are taken back.
const REVOKED_WITHIN: Duration = Duration::from_secs(5);

const _: () = assert!(LOOK_EVERY.as_millis() < REVOKED_WITHIN.as_millis());

/// Frames in a row that may be no frames at all; the next one closes the socket.
const FAULTS: u32 = 9;

/// Faults that are forgiven per minute.
const FAULTS_PER_MINUTE: u32 = 2;

/// Longest time that answers to what was asked before a stop are waited for.
const LAST_ANSWERS: Duration = Duration::from_millis(250);

/// Shortest and longest time after which a client comes back when the relay stops, in milliseconds. In between by
/// chance, so that they do not all come at once.
const COME_BACK_MS: (u64, u64) = (500, 5_000);

/// A socket whose identity is known.
pub(super) struct Connection<'s> {
    pub(super) socket: &'s mut WebSocket,
    pub(super) context: ConnectionContext,
    pub(super) proven: Authenticated,
    /// Where all others queue frames for this socket.
    pub(super) handle: SendHandle,
    /// Conversations that it reads live.
    pub(super) subscriptions: Subscriptions,
    /// Conversations that the welcome had no room for and that are still to be told.
    unlisted: VecDeque<ConversationId>,
    queue: SendQueue,
    /// The identity's key, by which its frames are counted over all its sockets.
    identity: String,
    /// Frames beyond its rate that are answered before the socket is closed.
    patience: Single,
    faults: Single,
    silence: Silence,
}

/// Serves a socket until it ends.
pub(super) async fn run(
    socket: &mut WebSocket,
    context: ConnectionContext,
    connection: ConnectionId,
    Greeted { proven, desk }: Greeted,
) -> End {
    let (handle, queue) = send_queue(connection);
    let registry = context.registry.clone();
    let services = registry.services();
    let silence = Silence::new(services.clock.elapsed_ms());
    let rates = context.frame_rates.clone();
    // Entered before the welcome is read, so that nothing that happens in between is missed.
    let Ok(presence) = registry.connect(&proven.principal, &handle, desk) else {
        return End::Close(CloseCode::DeskInUse);
    };
    if let Err(error) = presence.record_takeover().await {
        tracing::error!(%error, "that a desk took the place of another one was not recorded");
    }
    let (identity, patience) = (proven.principal.key(), rates.same_again(&proven.principal));
    let mut connection_task = Connection {
        socket,
        context,
        proven,
        handle,
        subscriptions: Subscriptions::default(),
        unlisted: VecDeque::new(),
        queue,
        identity,
        patience,
        faults: rates.of_one(FAULTS, FAULTS_PER_MINUTE),
        silence,
    };
    let end = match connection_task.serve().await {
        Ok(()) => End::Gone,
        Err(end) => end,
    };
    for conversation in connection_task.subscriptions.all() {
        registry.part(&conversation, connection);
    }
    end
}

impl Connection<'_> {
    async fn serve(&mut self) -> Result<(), End> {
        Box::pin(self.welcome()).await?;
        let registry = self.context.registry.clone();
        let shutdown = &registry.services().shutdown;
        // One for all frames: the list of those who wait for it is the whole relay's.
        let stopped = shutdown.cancelled();
        tokio::pin!(stopped);
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // All arms are cancel-safe: what was not taken stays in the queue or in the socket.
            tokio::select! {
                outgoing = self.queue.next() => match outgoing {
                    Outgoing::Frame(text) => self.write(text).await?,
                    // Actors and sockets stop on the same signal: whichever hears it first, the client is told.
                    Outgoing::Close(_) if shutdown.is_cancelled() => return Box::pin(self.say_goodbye()).await,
                    Outgoing::Close(code) => return Err(End::Close(code)),
                },
                received = self.socket.recv() => match received {
                    Some(received) => self.received(received).await?,
                    None => return Ok(()),
                },
                _ = looks.tick() => self.look().await?,
                () = std::future::ready(()), if !self.unlisted.is_empty() => Box::pin(self.list_next()).await?,
                () = &mut stopped => return self.say_goodbye().await,
            }
        }
    }

    async fn welcome(&mut self) -> Result<(), End> {
        match self.context.registry.welcome(&self.proven).await {
            Ok(greeting) => {
                self.unlisted = greeting.unlisted.into();
                wire::write(self.socket, &ServerFrame::Welcome(Box::new(greeting.welcome))).await?;
                if let Some(state) = greeting.agent_state {
                    self.handle.push(&agent_state_frame(&state));
                }
                Ok(())
            }
            Err(refusal) => Err(unwelcome(&refusal)),
        }
    }

    /// Lists one more conversation that the welcome had no room for. Frames that arrive meanwhile are handled in between.
    async fn list_next(&mut self) -> Result<(), End> {
        let Some(conversation) = self.unlisted.pop_front() else {
            return Ok(());
        };
        let registry = self.context.registry.clone();
        match registry.summary_of(&self.proven.principal, &conversation).await {
            Ok(Some(summary)) => wire::write(self.socket, &ServerFrame::Conversation(Box::new(summary))).await,
            Ok(None) => Ok(()),
            Err(refusal) => Err(unwelcome(&refusal)),
        }
    }

    /// Writes a frame and those behind it that fit into the same write. One that hangs is given up as soon as the
    /// queue behind it is full.
    async fn write(&mut self, first: String) -> Result<(), End> {
        let mut bytes = first.len();
        let mut texts = vec![first];
        while bytes < WRITE_TOGETHER_BYTES
            && let Some(text) = self.queue.ready()
        {
            bytes += text.len();
            texts.push(text);
        }
        tokio::select! {
            written = wire::write_texts(self.socket, texts) => written,
            code = self.queue.closed() => Err(End::Close(code)),
        }
    }

    async fn received(&mut self, received: Result<Message, Error>) -> Result<(), End> {
        let now = self.context.registry.services().clock.elapsed_ms();
        self.silence.heard(now);
        match received {
            Ok(Message::Text(text)) if text.len() > MAX_FRAME_BYTES => Err(End::Close(CloseCode::TooLarge)),
            Ok(Message::Text(text)) => self.text(&text).await,
            Ok(Message::Binary(_)) => self.fault(binary()),
            // The library answers pings by itself.
            Ok(Message::Ping(_) | Message::Pong(_)) => self.beat(),
            Ok(Message::Close(_)) => Err(End::Gone),
            Err(error) => Err(wire::read_failed(&error)),
        }
    }

    async fn text(&mut self, text: &str) -> Result<(), End> {
        metrics::counter!(telemetry::FRAMES_IN).increment(1);
        let frame = ClientFrame::from_json(text);
        if let Err(wait) = self.take() {
            return self.too_many(&frame, wait);
        }
        match frame {
            Ok(frame) => self.perform(frame).await,
            Err(error) => self.fault(error),
        }
    }

    /// A beat of the protocol below counts as a frame: answering one costs a write, too. It cannot be refused.
    fn beat(&mut self) -> Result<(), End> {
        if self.take().is_ok() || self.patience.check().is_ok() {
            Ok(())
        } else {
            Err(End::Close(CloseCode::Flooding))
        }
    }

    /// Takes a frame of the identity, or says in how many milliseconds one will pass.
    fn take(&self) -> Result<(), u64> {
        self.context.frame_rates.take(&self.proven.principal, &self.identity)
    }

    /// Refuses a frame for its rate, and a client that goes on regardless for good.
    fn too_many(&mut self, frame: &Result<ClientFrame, FrameError>, wait: u64) -> Result<(), End> {
        if self.patience.check().is_err() {
            return Err(End::Close(CloseCode::Flooding));
        }
        let refusal = Refusal {
            retry_after_ms: Some(wait),
            ..Refusal::new(RefusalCode::RateLimited, "too many frames in too short a time")
        };
        let (client_id, conversation) = match frame {
            Ok(frame) => ids_of(frame),
            Err(error) => (error.client_id.clone(), error.conversation.clone()),
        };
        self.refuse(refusal, client_id, conversation);
        Ok(())
    }

    /// Refuses what is no frame, and a client that sends nothing else for good.
    fn fault(&mut self, error: FrameError) -> Result<(), End> {
        let FrameError {
            code,
            detail,
            client_id,
            conversation,
            ..
        } = error;
        self.refuse(Refusal::new(code, detail), client_id, conversation);
        self.faults.check().map_err(|_| End::Close(CloseCode::Malformed))
    }

    /// Answers that nothing was done.
    pub(super) fn refuse(&self, refusal: Refusal, client_id: Option<ClientId>, conversation: Option<ConversationId>) {
        metrics::counter!(telemetry::REFUSALS, "code" => refusal.code.as_str().to_owned()).increment(1);
        self.handle
            .push(&ServerFrame::Refused(refusal.frame(client_id, conversation)));
    }

    /// Whether the socket is silent, and whether what was proven still holds. As long as it does, the key is in use.
    async fn look(&mut self) -> Result<(), End> {
        let elapsed = self.context.registry.services().clock.elapsed_ms();
        if self.silence.is_dead(elapsed) {
            return Err(End::Close(CloseCode::Silent));
        }
        if self.proven.expires_at.is_some_and(|end| end <= self.now()) {
            return Err(End::Close(CloseCode::TokenExpired));
        }
        let programs = &self.context.registry.services().programs;
        programs.note_use(&self.proven, self.now(), self.context.address);
        match self.context.authenticator.still_holds(&self.proven).await {
            // A store that cannot be asked revokes no rights; it is asked again at the next look.
            Ok(()) | Err(AuthError::Unavailable) => Ok(()),
            Err(error) => Err(End::Close(hello::refused(error))),
        }
    }

    /// The relay stops: what was asked for is still answered if it can be, then the client is told when to come back.
    async fn say_goodbye(&mut self) -> Result<(), End> {
        let registry = self.context.registry.clone();
        while let Ok(Outgoing::Frame(text)) = timeout(LAST_ANSWERS, self.queue.next()).await {
            wire::write_text(self.socket, text).await?;
        }
        let (least, most) = COME_BACK_MS;
        let jitter = registry.services().clock.jitter() * (most - least) as f64;
        let retry_after_ms = least + jitter as u64;
        wire::write(self.socket, &ServerFrame::Goodbye { retry_after_ms }).await?;
        Err(End::Close(CloseCode::Draining))
    }

    pub(super) fn now(&self) -> i64 {
        self.context.registry.services().clock.now_ms()
    }
}

/// A client that does not learn what it takes part in comes back, unless its token is good for nothing any more.
fn unwelcome(refusal: &Refusal) -> End {
    if refusal.code == RefusalCode::Forbidden {
        return End::Close(CloseCode::TokenRefused);
    }
    tracing::warn!(%refusal, "a socket could not be welcomed");
    End::Close(CloseCode::Internal)
}

/// The client id and the conversation of a frame, to be named in a refusal.
pub(super) fn ids_of(frame: &ClientFrame) -> (Option<ClientId>, Option<ConversationId>) {
    match frame {
        ClientFrame::Start(start) => (Some(start.client_id.clone()), None),
        ClientFrame::Post(post) => (Some(post.client_id.clone()), Some(post.conversation.clone())),
        ClientFrame::End {
            conversation,
            client_id,
        }
        | ClientFrame::Leave {
            conversation,
            client_id,
        } => (Some(client_id.clone()), Some(conversation.clone())),
        ClientFrame::Accept { client_id, .. } => (Some(client_id.clone()), None),
        ClientFrame::Join(join) => (None, Some(join.conversation.clone())),
        ClientFrame::Page(request) => (None, Some(request.conversation.clone())),
        ClientFrame::Delivered(mark) | ClientFrame::Read(mark) => (None, Some(mark.conversation.clone())),
        ClientFrame::Typing { conversation, .. } | ClientFrame::Describe { conversation, .. } => {
            (None, Some(conversation.clone()))
        }
        ClientFrame::Hello(_) | ClientFrame::Auth { .. } | ClientFrame::State { .. } | ClientFrame::Ping => {
            (None, None)
        }
    }
}

fn binary() -> FrameError {
    FrameError {
        code: RefusalCode::Malformed,
        detail: "frames are text".to_owned(),
        client_id: None,
        conversation: None,
    }
}
