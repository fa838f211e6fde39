//! What only agents do: take offers, say whether they are ready, look into conversations of others.

use super::Session;
use crate::{Change, Command, Effect};
use portico_shared::frame::{Accepted, ClientFrame, Offer, Refused, ServerFrame, Welcome};
use portico_shared::ids::{ClientId, ConversationId, TaskId};

/// An accept that was not answered for this many milliseconds, on a socket that lives, is sent again.
const ANSWERED_WITHIN_MS: i64 = 20_000;
/// One that was refused for the moment, without a time, is sent again after this many milliseconds.
const AGAIN_MS: u64 = 1_000;

/// An agent's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// `READY` or `NOT_READY`.
    pub state: String,
    /// Why: the reason that the agent gave, or `RONA`.
    pub reason: Option<String>,
    /// Whether the relay has confirmed it. `false` while a wish of the agent is on its way.
    pub confirmed: bool,
}

/// What a session has only for an agent.
#[derive(Debug, Default)]
pub(super) struct AtWork {
    offers: Vec<Offer>,
    state: Option<AgentState>,
    /// When to say the agent's wish; `None` once it is said.
    wish_due: Option<i64>,
    /// Offers that the agent took, without the relay's answer yet.
    accepting: Vec<Accepting>,
}

impl AtWork {
    /// The socket is gone: what was said on it is said again.
    pub(super) fn disconnected(&mut self) {
        for accepting in &mut self.accepting {
            accepting.sent_at = None;
        }
    }
}

/// An offer that the agent took.
#[derive(Debug, Clone, PartialEq)]
struct Accepting {
    task: TaskId,
    client_id: ClientId,
    /// When it was sent on the present socket.
    sent_at: Option<i64>,
}

impl Session {
    /// Requests that ring at this agent. Their times are the relay's; see [`Session::relay_time`].
    pub fn offers(&self) -> &[Offer] {
        &self.at_work.offers
    }

    /// Whether an accept of this offer is on its way.
    pub fn is_accepting(&self, task: &TaskId) -> bool {
        self.at_work.accepting.iter().any(|accepting| accepting.task == *task)
    }

    /// The agent's state: a wish that is on its way, or what the relay holds.
    pub fn agent_state(&self) -> Option<&AgentState> {
        self.at_work.state.as_ref()
    }

    /// Carries out what only an agent may want.
    pub(super) fn execute_at_work(&mut self, command: Command) {
        match command {
            Command::Open(conversation) => self.open_conversation(conversation),
            Command::Close(conversation) => self.close_conversation(&conversation),
            Command::State { state, reason } => self.become_state(state, reason),
            Command::Accept { task, client_id } => self.accept(task, client_id),
            _ => {}
        }
    }

    /// Takes in what the relay tells only agents.
    pub(super) fn frame_came_at_work(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Offer(offer) => self.offered(*offer),
            ServerFrame::OfferRevoked { task, reason: _ } => self.offer_gone(&task),
            ServerFrame::AgentState { state, reason } => {
                self.at_work.state = Some(AgentState {
                    state,
                    reason,
                    confirmed: true,
                });
                self.changed(Change::AgentState);
            }
            _ => {}
        }
    }

    /// What rings, and how the agent stands, as of now.
    pub(super) fn welcomed_at_work(&mut self, welcome: &mut Welcome) {
        let offers = std::mem::take(&mut welcome.offers);
        if self.at_work.offers != offers {
            self.at_work.offers = offers;
            self.changed(Change::Offers);
        }
        self.agent_state_held(welcome.agent_state.take());
    }

    fn offered(&mut self, offer: Offer) {
        match self.at_work.offers.iter_mut().find(|known| known.task == offer.task) {
            Some(known) => *known = offer,
            None => self.at_work.offers.push(offer),
        }
        self.changed(Change::Offers);
    }

    fn offer_gone(&mut self, task: &TaskId) {
        let known = self.at_work.offers.len();
        self.at_work.offers.retain(|offer| offer.task != *task);
        if self.at_work.offers.len() < known {
            self.changed(Change::Offers);
        }
    }

    fn become_state(&mut self, state: String, reason: Option<String>) {
        self.at_work.state = Some(AgentState {
            state,
            reason,
            confirmed: false,
        });
        self.at_work.wish_due = Some(self.now.ms);
        self.changed(Change::AgentState);
    }

    fn accept(&mut self, task: TaskId, client_id: ClientId) {
        if !self.is_accepting(&task) {
            self.at_work.accepting.push(Accepting {
                task,
                client_id,
                sent_at: None,
            });
            self.changed(Change::Offers);
        }
    }

    /// Says what the agent took and wished, as far as the relay has not answered.
    pub(super) fn flush_wishes(&mut self) {
        if !self.link.is_online() {
            return;
        }
        let now = self.now.ms;
        let mut frames = Vec::new();
        for accepting in &mut self.at_work.accepting {
            if accepting.sent_at.is_none_or(|at| at + ANSWERED_WITHIN_MS <= now) {
                accepting.sent_at = Some(now);
                let (task, client_id) = (accepting.task.clone(), accepting.client_id.clone());
                frames.push(ClientFrame::Accept { task, client_id });
            }
        }
        let wished = self.at_work.state.as_ref().filter(|state| !state.confirmed);
        if let Some(AgentState { state, reason, .. }) =
            wished.filter(|_| self.at_work.wish_due.is_some_and(|at| at <= now))
        {
            frames.push(ClientFrame::State {
                state: state.clone(),
                reason: reason.clone(),
            });
            self.at_work.wish_due = None;
        }
        for frame in &frames {
            self.send(frame);
        }
    }

    /// The conversation of an offer is this agent's.
    pub(super) fn offer_taken(&mut self, accepted: &Accepted) {
        let taken = self
            .at_work
            .accepting
            .iter()
            .position(|accepting| accepting.client_id == accepted.client_id);
        let Some(index) = taken else { return };
        let task = self.at_work.accepting.remove(index).task;
        self.offer_gone(&task);
        self.changed(Change::Offers);
        self.takes_part_in(accepted);
    }

    pub(super) fn accept_refused(&mut self, client_id: &ClientId, refused: Refused) {
        let Some(index) = self
            .at_work
            .accepting
            .iter()
            .position(|accepting| accepting.client_id == *client_id)
        else {
            return;
        };
        let Refused {
            client_id,
            code,
            message,
            retryable,
            retry_after_ms,
            ..
        } = refused;
        if retryable {
            // Due again when the relay said, by way of the time after which an answer is overdue.
            let wait = i64::try_from(retry_after_ms.unwrap_or(AGAIN_MS)).unwrap_or(ANSWERED_WITHIN_MS);
            self.at_work.accepting[index].sent_at =
                Some(self.now.ms + wait.min(ANSWERED_WITHIN_MS) - ANSWERED_WITHIN_MS);
            return;
        }
        let task = self.at_work.accepting.remove(index).task;
        self.offer_gone(&task);
        self.changed(Change::Offers);
        self.effects.push(Effect::Refused {
            client_id,
            code,
            message,
        });
    }

    /// The state that the relay holds when a connection begins. A wish that it has not confirmed is said again.
    fn agent_state_held(&mut self, held: Option<String>) {
        match &self.at_work.state {
            Some(AgentState { confirmed: false, .. }) => self.at_work.wish_due = Some(self.now.ms),
            known if known.as_ref().map(|known| &known.state) == held.as_ref() => {}
            Some(_) | None => {
                self.at_work.state = held.map(|state| AgentState {
                    state,
                    reason: None,
                    confirmed: true,
                });
                self.changed(Change::AgentState);
            }
        }
    }

    /// A refusal that names neither a post nor a conversation answers the state that the agent wished for.
    pub(super) fn wish_refused(&mut self, again_at: Option<i64>) {
        if self.at_work.state.as_ref().is_some_and(|state| !state.confirmed) {
            self.at_work.wish_due = again_at;
            if again_at.is_none() {
                self.at_work.state = None;
                self.changed(Change::AgentState);
            }
        }
    }

    /// When there is something to say again.
    pub(super) fn wishes_deadline(&self) -> Option<i64> {
        let accepts = self.at_work.accepting.iter().filter_map(|accepting| accepting.sent_at);
        let due = accepts.map(|at| at + ANSWERED_WITHIN_MS).chain(self.at_work.wish_due);
        due.filter(|at| *at > self.now.ms).min()
    }

    fn open_conversation(&mut self, id: ConversationId) {
        let conversation = self.conversation_or_placeholder(id, self.now.ms);
        conversation.opened = true;
        conversation.subscribed = true;
        self.changed(Change::List);
    }

    fn close_conversation(&mut self, id: &ConversationId) {
        let me = self.me.clone();
        let Some(conversation) = self.conversation_mut(id) else {
            return;
        };
        conversation.opened = false;
        let people = &conversation.summary.people;
        if !me.is_some_and(|me| people.iter().any(|person| person.id == me.id)) {
            conversation.subscribed = false;
        }
        self.changed(Change::List);
    }
}
