//! What only agents do: take offers, and say whether they are ready.

use super::{AgentState, Session};
use crate::{Change, Effect};
use portico_shared::frame::{Accepted, ClientFrame, Offer, Refused};
use portico_shared::ids::{ClientId, TaskId};

/// An accept that was not answered for this many milliseconds, on a socket that lives, is sent again.
const ANSWERED_WITHIN_MS: i64 = 20_000;
/// One that was refused for the moment, without a time, is sent again after this many milliseconds.
const AGAIN_MS: u64 = 1_000;

/// An offer that the agent took.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Accepting {
    pub(super) task: TaskId,
    pub(super) client_id: ClientId,
    /// When it was sent on the present socket.
    pub(super) sent_at: Option<i64>,
}

impl Session {
    pub(super) fn offered(&mut self, offer: Offer) {
        match self.offers.iter_mut().find(|known| known.task == offer.task) {
            Some(known) => *known = offer,
            None => self.offers.push(offer),
        }
        self.changed(Change::Offers);
    }

    pub(super) fn offer_gone(&mut self, task: &TaskId) {
        let known = self.offers.len();
        self.offers.retain(|offer| offer.task != *task);
        if self.offers.len() < known {
            self.changed(Change::Offers);
        }
    }

    pub(super) fn become_state(&mut self, state: String, reason: Option<String>) {
        self.agent_state = Some(AgentState {
            state,
            reason,
            confirmed: false,
        });
        self.wish_due = Some(self.now.ms);
        self.changed(Change::AgentState);
    }

    pub(super) fn accept(&mut self, task: TaskId, client_id: ClientId) {
        if !self.is_accepting(&task) {
            self.accepting.push(Accepting {
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
        for accepting in &mut self.accepting {
            if accepting.sent_at.is_none_or(|at| at + ANSWERED_WITHIN_MS <= now) {
                accepting.sent_at = Some(now);
                let (task, client_id) = (accepting.task.clone(), accepting.client_id.clone());
                frames.push(ClientFrame::Accept { task, client_id });
            }
        }
        let wished = self.agent_state.as_ref().filter(|state| !state.confirmed);
        if let Some(AgentState { state, reason, .. }) = wished.filter(|_| self.wish_due.is_some_and(|at| at <= now)) {
            frames.push(ClientFrame::State {
                state: state.clone(),
                reason: reason.clone(),
            });
            self.wish_due = None;
        }
        for frame in &frames {
            self.send(frame);
        }
    }

    /// The conversation of an offer is this agent's.
    pub(super) fn offer_taken(&mut self, accepted: &Accepted) {
        let taken = self
            .accepting
            .iter()
            .position(|accepting| accepting.client_id == accepted.client_id);
        let Some(index) = taken else { return };
        let task = self.accepting.remove(index).task;
        self.offer_gone(&task);
        self.changed(Change::Offers);
        self.takes_part_in(accepted);
    }

    pub(super) fn accept_refused(&mut self, client_id: &ClientId, refused: Refused) {
        let Some(index) = self
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
            self.accepting[index].sent_at = Some(self.now.ms + wait.min(ANSWERED_WITHIN_MS) - ANSWERED_WITHIN_MS);
            return;
        }
        let task = self.accepting.remove(index).task;
        self.offer_gone(&task);
        self.changed(Change::Offers);
        self.effects.push(Effect::Refused {
            client_id,
            code,
            message,
        });
    }

    /// The state that the relay holds when a connection begins. A wish that it has not confirmed is said again.
    pub(super) fn agent_state_held(&mut self, held: Option<String>) {
        match &self.agent_state {
            Some(AgentState { confirmed: false, .. }) => self.wish_due = Some(self.now.ms),
            known if known.as_ref().map(|known| &known.state) == held.as_ref() => {}
            Some(_) | None => {
                self.agent_state = held.map(|state| AgentState {
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
        if self.agent_state.as_ref().is_some_and(|state| !state.confirmed) {
            self.wish_due = again_at;
            if again_at.is_none() {
                self.agent_state = None;
                self.changed(Change::AgentState);
            }
        }
    }

    /// When there is something to say again.
    pub(super) fn wishes_deadline(&self) -> Option<i64> {
        let accepts = self.accepting.iter().filter_map(|accepting| accepting.sent_at);
        let due = accepts.map(|at| at + ANSWERED_WITHIN_MS).chain(self.wish_due);
        due.filter(|at| *at > self.now.ms).min()
    }
}
