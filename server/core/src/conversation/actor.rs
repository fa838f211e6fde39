//! The loop that owns one conversation: it takes one command at a time, handles, commits, acknowledges, delivers. What
//! it holds in memory is a copy of what the store has; after any doubt it is read again. A panic therefore loses
//! nothing that was acknowledged, and the next command starts a new actor.

use super::access::Reader;
use super::command::Envelope;
use super::committed::{Committed, ListUpdate, Notification};
use super::handlers::handle;
use super::list_updates::{Changed, Pace};
use super::log_tail::{self, LogTail};
use super::mailboxes::Mailboxes;
use super::state::State;
use super::subscribers::Subscribers;
use super::summary::person_in;
use super::typists::Typists;
use super::{Ack, Command, Refusal, Reply, SendHandle, Services, Subscription, access, list_updates};
use crate::conversation::reader_role::{Joined, ServerFrame};
use crate::identity::Principal;
use crate::links::links_of;
use crate::store::{Posted, StoreError, StoredEvent};
use crate::telemetry;
use portico_shared::frame::{QueuePosition, Range, RefusalCode};
use portico_shared::ids::{ConversationId, Seq};
use portico_shared::limits::MAX_PAGE;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Sleep;
use tracing::Instrument;

/// How often a command is handled anew because the log had moved on.
const ATTEMPTS: usize = 3;

/// One conversation.
pub(super) struct Actor {
    id: ConversationId,
    services: Arc<Services>,
    mailboxes: Mailboxes,
    /// `None` until the first command, after any doubt, and for a conversation that does not exist.
    state: Option<State>,
    subscribers: Subscribers,
    typists: Typists,
    /// What lists show of the log; belongs to `state`.
    tail: LogTail,
    /// When lists are told of new messages.
    pace: Pace,
    /// The last position that was delivered to the subscribers.
    delivered: Seq,
}

impl Actor {
    pub(super) fn new(id: ConversationId, services: Arc<Services>, mailboxes: Mailboxes) -> Self {
        Self {
            id,
            services,
            mailboxes,
            state: None,
            subscribers: Subscribers::default(),
            typists: Typists::default(),
            tail: LogTail::default(),
            pace: Pace::default(),
            delivered: Seq::START,
        }
    }

    /// Works until the conversation is no longer needed in memory, or the relay stops.
    pub(super) async fn run(mut self, mut envelopes: mpsc::Receiver<Envelope>) {
        metrics::gauge!(telemetry::CONVERSATIONS_LOADED).increment(1.0);
        let _loaded = Loaded;
        let shutdown = self.services.shutdown.clone();
        // These futures serve all commands: a new timer for each would be registered and removed with each.
        let stopped = shutdown.cancelled();
        let idle = tokio::time::sleep(self.mailboxes.idle());
        let lists = tokio::time::sleep(Duration::ZERO);
        tokio::pin!(stopped, idle, lists);
        let mut heard = false;
        loop {
            // All arms are cancel-safe: an envelope is either received or still in the mailbox.
            let envelope = tokio::select! {
                envelope = envelopes.recv() => envelope,
                () = &mut stopped => break,
                () = &mut lists, if self.pace.due().is_some() => {
                    self.tell_lists().await;
                    self.wind(lists.as_mut());
                    continue;
                }
                () = &mut idle => {
                    let was_heard = std::mem::take(&mut heard);
                    if !was_heard && self.subscribers.is_empty() && self.mailboxes.retire(&self.id, &envelopes) {
                        return;
                    }
                    idle.set(tokio::time::sleep(self.mailboxes.idle()));
                    continue;
                }
            };
            heard = true;
            let Some(envelope) = envelope else { return };
            let due = self.pace.due();
            self.handle(envelope).await;
            if self.pace.due() != due {
                self.wind(lists.as_mut());
            }
            // An actor of a conversation that does not exist ends at once.
            if self.state.is_none()
                && self.pace.due().is_none()
                && self.subscribers.is_empty()
                && self.mailboxes.retire(&self.id, &envelopes)
            {
                return;
            }
        }
        envelopes.close();
        while let Some(envelope) = envelopes.recv().await {
            self.handle(envelope).await;
        }
    }

    async fn handle(&mut self, envelope: Envelope) {
        let Envelope { command, reply } = envelope;
        match command {
            Command::Part(connection) => self.subscribers.part(connection),
            Command::TellPosition(position) => self.tell_position(position).await,
            Command::Typing { who, on } => self.typing(&who, on).await,
            Command::Join {
                who,
                handle,
                subscription,
            } => self.join(who, handle, subscription, reply).await,
            command => {
                let span = tracing::debug_span!("request", conversation.id = %self.id, request = command.name());
                self.execute(&command, reply).instrument(span).await;
            }
        }
    }

    /// Handles a command, commits, acknowledges, delivers.
    async fn execute(&mut self, command: &Command, reply: Reply) {
        match self.commit(command).await {
            Ok(committed) => self.deliver(committed, reply).await,
            Err(refusal) => reply.send(Err(refusal)),
        }
    }

    async fn commit(&mut self, command: &Command) -> Result<Committed, Refusal> {
        let began = self.services.clock.now_ms();
        for _ in 0..ATTEMPTS {
            self.load().await?;
            let services = &*self.services;
            let mut transaction = match handle(services, &self.id, self.state.as_ref(), command).await {
                Ok(Some(transaction)) if !transaction.is_empty() => transaction,
                Ok(_) => return Ok(Committed::default()),
                Err(refusal) => return self.repeated_or(command, refusal).await,
            };
            match services.store.commit(transaction.commit()).await {
                Ok(None) => {
                    let (state, committed) = transaction.committed();
                    self.adopt(state, &committed, began);
                    return Ok(committed);
                }
                Ok(Some(posted)) => return Ok(self.repeated(command, posted)),
                Err(error) => {
                    // Even a failed commit may stand on disk: what is held in memory is no longer known to be true.
                    self.state = None;
                    self.tail.clear();
                    if !matches!(
                        error,
                        StoreError::Conflict(_) | StoreError::CustomerChanged(_) | StoreError::FileGone(_)
                    ) {
                        return Err(error.into());
                    }
                }
            }
        }
        Err(Refusal::new(
            RefusalCode::Busy,
            "the conversation is being written elsewhere",
        ))
    }

    /// A command that is refused now may be the repeat of one that was accepted.
    async fn repeated_or(&self, command: &Command, refusal: Refusal) -> Result<Committed, Refusal> {
        let Some((author, client_id)) = command.idempotency() else {
            return Err(refusal);
        };
        match self.services.store.posted(&author, &client_id).await? {
            Some(posted) => Ok(self.repeated(command, posted)),
            None => Err(refusal),
        }
    }

    /// The first result of a command that was sent again.
    fn repeated(&self, command: &Command, posted: Posted) -> Committed {
        Committed::only(match command.idempotency() {
            Some((_, client_id)) => Ack::Accepted(self.services.repeated(client_id, posted)),
            None => Ack::Done,
        })
    }

    /// Holds the conversation as it stands after a commit.
    fn adopt(&mut self, state: State, committed: &Committed, began: i64) {
        let took = self.services.clock.now_ms().saturating_sub(began);
        metrics::histogram!(telemetry::APPEND_SECONDS).record(took as f64 / 1000.0);
        metrics::counter!(telemetry::EVENTS).increment(committed.events.len() as u64);
        self.follow(&state, &committed.events);
        self.state = Some(state);
    }

    /// Keeps the tail of the log up to date. Whose the conversation becomes is the author of what the customer before wrote,
    /// so the store is read anew.
    fn follow(&mut self, state: &State, events: &[StoredEvent]) {
        let before = self.state.as_ref().map(|before| &before.record.customer);
        if before.is_some_and(|customer| *customer != state.record.customer) {
            self.tail.clear();
        } else {
            self.tail.follow(&state.record, events);
        }
    }

    /// Reads the conversation if it is not in memory, and delivers what was written meanwhile.
    async fn load(&mut self) -> Result<(), Refusal> {
        if self.state.is_some() {
            return Ok(());
        }
        let Some(state) = State::load(&*self.services.store, &self.id).await? else {
            return Ok(());
        };
        let head = state.record.head;
        if self.subscribers.is_empty() {
            self.delivered = head;
        }
        while self.delivered < head {
            let page = self
                .services
                .store
                .page(&self.id, Range::After(self.delivered), MAX_PAGE)
                .await?;
            if page.events.is_empty() {
                break;
            }
            self.deliver_events(&page.events);
        }
        self.subscribers.recheck(&state);
        self.state = Some(state);
        Ok(())
    }

    async fn join(&mut self, who: Principal, handle: SendHandle, subscription: Subscription, reply: Reply) {
        match self.joined(&who).await {
            Ok(joined) => {
                let head = joined.head;
                reply.send(Ok(Ack::Joined(Box::new(joined))));
                if let (Principal::Customer(_), Some(position)) = (&who, self.position()) {
                    handle.push(&ServerFrame::QueuePosition(position));
                }
                self.subscribers.join(who, handle, subscription, head);
                if let Some(state) = &self.state {
                    self.subscribers.recheck(state);
                }
            }
            Err(refusal) => reply.send(Err(refusal)),
        }
    }

    async fn joined(&mut self, who: &Principal) -> Result<Joined, Refusal> {
        self.load().await?;
        let state = self
            .state
            .as_ref()
            .filter(|state| access::may_read(who, state))
            .ok_or_else(Refusal::not_found)?;
        let store = &self.services.store;
        let summary = log_tail::summary(&**store, &state.record, &Reader::of(who)).await?;
        Ok(Joined {
            summary,
            epoch: store.epoch().clone(),
            head: state.record.head,
        })
    }

    /// Typing is relayed to the subscribers and never stored.
    async fn typing(&mut self, who: &Principal, on: bool) {
        if self.load().await.is_err() {
            return;
        }
        let Some(state) = self
            .state
            .as_ref()
            .filter(|state| access::takes_part(who, state) && !state.is_ended())
        else {
            return;
        };
        if self.typists.passes(&who.key(), on, self.services.clock.elapsed_ms()) {
            self.subscribers.typing(&self.id, who, &person_in(who, state), on);
        }
    }

    /// Where the customer's request stands, if it waits and routing has looked at it.
    fn position(&self) -> Option<QueuePosition> {
        let state = self.state.as_ref().filter(|state| state.is_waiting())?;
        self.services.queue_board.position(&state.record.id)
    }

    /// Routing read the store some time ago: meanwhile an agent may have taken the request.
    async fn tell_position(&mut self, position: QueuePosition) {
        if self.load().await.is_ok() && self.state.as_ref().is_some_and(State::is_waiting) {
            self.subscribers.tell_position(position);
        }
    }

    /// Acknowledges, and only then delivers.
    async fn deliver(&mut self, committed: Committed, reply: Reply) {
        let Committed {
            ack,
            events,
            notifications,
            left,
            list_update,
            wakeups,
        } = committed;
        reply.send(Ok(ack));
        self.deliver_events(&events);
        if let Some(state) = &self.state {
            self.subscribers.recheck(state);
        }
        for Notification { agent, frame, except } in notifications {
            let desks = self.services.presence.desks(&agent);
            for handle in desks.iter().filter(|handle| Some(handle.connection()) != except) {
                handle.push(&frame);
            }
        }
        wakeups.wake(&self.services);
        if let Some(state) = &self.state {
            self.note_links(state, &events);
        }
        let now = self.services.clock.elapsed_ms();
        if list_update != ListUpdate::Message || !self.pace.puts_off(now) {
            let left = &left;
            self.update_lists(Changed { list_update, left }).await;
        }
    }

    /// Sets the timer to when lists are told of what they have not been told of.
    fn wind(&self, mut timer: Pin<&mut Sleep>) {
        if let Some(wait) = self.pace.wait(self.services.clock.elapsed_ms()) {
            timer.set(tokio::time::sleep(wait));
        }
    }

    /// Tells lists of the messages that they have not been told of.
    async fn tell_lists(&mut self) {
        if self.load().await.is_err() {
            return self.pace.failed(self.services.clock.elapsed_ms());
        }
        let list_update = ListUpdate::Message;
        self.update_lists(Changed { list_update, left: &[] }).await;
    }

    async fn update_lists(&mut self, changed: Changed<'_>) {
        if changed.list_update == ListUpdate::Nothing {
            return;
        }
        self.pace.updated(self.services.clock.elapsed_ms());
        if let Some(state) = &self.state {
            let services = &*self.services;
            list_updates::send(services, state, &self.subscribers, &mut self.tail, changed).await;
        }
    }

    /// What is on disk may link to pages of which the channel wants previews.
    fn note_links(&self, state: &State, events: &[StoredEvent]) {
        let services = &*self.services;
        let channel = services.config.channels.get(&state.record.channel);
        let channel = channel.filter(|channel| !channel.link_previews.is_empty());
        for link in channel
            .into_iter()
            .flat_map(|channel| links_of(channel, &self.id, events))
        {
            services.links.push(link);
        }
    }

    fn deliver_events(&mut self, events: &[StoredEvent]) {
        let epoch = self.services.store.epoch();
        for stored in events {
            self.subscribers.deliver(&self.id, epoch, stored);
            if stored.event.message().is_some() {
                self.typists.wrote(&stored.author.0);
            }
            self.delivered = self.delivered.max(stored.seq);
        }
    }
}

/// Decrements the gauge of loaded conversations, however the actor ends.
struct Loaded;

impl Drop for Loaded {
    fn drop(&mut self) {
        metrics::gauge!(telemetry::CONVERSATIONS_LOADED).decrement(1.0);
    }
}
