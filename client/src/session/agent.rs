//! What only agents do: take offers, say whether they are ready, look into conversations of others.

use super::Session;
use crate::outbox::Request;
use crate::role::Behaviour;
use crate::timeline::AgentEvent;
use crate::{AgentCommand, Change, Command, Effect, SessionRole};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::{CimEvent, EventData, EventName};
use portico_shared::frame::{Accepted, ClientFrame, Offer, Refused, ServerFrame, Welcome};
use portico_shared::ids::{ClientId, ConversationId, TaskId};
use portico_shared::role::{Agent, StaffDetails};

/// An accept that was not answered for this many milliseconds, on a socket that lives, is sent again.
const ANSWERED_WITHIN_MS: i64 = 20_000;
/// One that was refused for the moment, without a time, is sent again after this many milliseconds.
const AGAIN_MS: u64 = 1_000;

/// An agent's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// `READY` or `NOT_READY`.
    pub state: AgentStateName,
    /// Why: the reason that the agent gave, or `RONA`.
    pub reason: Option<String>,
    /// Whether the relay has confirmed it. `false` while it is what the agent wants.
    pub confirmed: bool,
}

/// What a session has only for an agent.
#[derive(Debug, Default)]
pub struct AgentDuty {
    offers: Vec<Offer>,
    state: Option<AgentState>,
    /// When to ask for the state that the agent wants; `None` once that is sent.
    state_due: Option<i64>,
    /// Offers that the agent took, without the relay's answer yet.
    accepting: Vec<Accepting>,
}

/// An offer that the agent took.
#[derive(Debug, Clone, PartialEq)]
struct Accepting {
    task: TaskId,
    client_id: ClientId,
    /// When it was sent on the present socket.
    sent_at: Option<i64>,
}

impl SessionRole for Agent {
    type Command = AgentCommand;
    type Notice = AgentEvent;
}

impl From<AgentCommand> for Command<Agent> {
    fn from(command: AgentCommand) -> Self {
        Self::Own(command)
    }
}

impl Behaviour for Agent {
    type State = AgentDuty;

    const IS_CUSTOMER: bool = false;

    fn execute(session: &mut Session<Self>, command: AgentCommand) {
        match command {
            AgentCommand::Open(conversation) => session.open_conversation(conversation),
            AgentCommand::Close(conversation) => session.close_conversation(&conversation),
            AgentCommand::SetState { state, reason } => session.want_state(state, reason),
            AgentCommand::Accept { task, client_id } => session.accept(task, client_id),
            AgentCommand::Leave {
                conversation,
                client_id,
            } => session.enqueue(client_id, Some(conversation), Request::Leave),
        }
    }

    /// What rings, and how the agent stands, as of now.
    fn welcomed(session: &mut Session<Self>, welcome: &mut Welcome<Self>) {
        let offers = std::mem::take(&mut welcome.offers);
        if session.role.offers != offers {
            session.role.offers = offers;
            session.changed(Change::Offers);
        }
        session.agent_state_held(welcome.agent_state.take());
    }

    /// An agent who looks on without taking part is sent no summaries.
    fn note(details: &mut StaffDetails, event: &CimEvent) {
        match &event.data {
            EventData::ConversationData(data) => details.data.clone_from(data),
            _ if event.name == EventName::CustomerDataErased => details.data.clear(),
            _ => {}
        }
    }

    fn frame_came(session: &mut Session<Self>, frame: ServerFrame<Self>) {
        match frame {
            ServerFrame::Offer(offer) => session.offered(*offer),
            ServerFrame::OfferRevoked { task, reason: _ } => session.offer_gone(&task),
            ServerFrame::AgentState { state, reason } => {
                session.role.state = Some(AgentState {
                    state,
                    reason,
                    confirmed: true,
                });
                session.changed(Change::AgentState);
            }
            _ => {}
        }
    }

    /// The conversation of an offer is this agent's.
    fn accepted(session: &mut Session<Self>, accepted: &Accepted) {
        let Some(index) = session.accepting(&accepted.client_id) else {
            return;
        };
        let task = session.role.accepting.remove(index).task;
        session.offer_gone(&task);
        session.changed(Change::Offers);
        session.takes_part_in(accepted);
    }

    fn refused(session: &mut Session<Self>, client_id: &ClientId, refused: Refused) {
        let Some(index) = session.accepting(client_id) else {
            return;
        };
        if refused.retryable {
            // Due again when the relay said, by way of the time after which an answer is overdue.
            let wait = i64::try_from(refused.retry_after_ms.unwrap_or(AGAIN_MS)).unwrap_or(ANSWERED_WITHIN_MS);
            let sent_at = session.now.ms + wait.min(ANSWERED_WITHIN_MS) - ANSWERED_WITHIN_MS;
            session.role.accepting[index].sent_at = Some(sent_at);
            return;
        }
        let task = session.role.accepting.remove(index).task;
        session.offer_gone(&task);
        session.changed(Change::Offers);
        session.effects.push(Effect::Refused {
            client_id: refused.client_id,
            code: refused.code,
            message: refused.message,
        });
    }

    /// A refusal that names no conversation answers the state that the agent wants.
    fn nameless_refused(session: &mut Session<Self>, refused: &Refused, again_at: Option<i64>) {
        let is_wanted = session.role.state.as_ref().is_some_and(|state| !state.confirmed);
        if is_wanted && refused.conversation.is_none() {
            session.role.state_due = again_at;
            if again_at.is_none() {
                session.role.state = None;
                session.changed(Change::AgentState);
            }
        }
    }

    /// Sends what the agent took and which state it wants, as far as the relay has not answered.
    fn send_due(session: &mut Session<Self>) {
        if !session.link.is_online() {
            return;
        }
        let now = session.now.ms;
        let duty = &mut session.role;
        let mut frames = Vec::new();
        for accepting in &mut duty.accepting {
            if accepting.sent_at.is_none_or(|at| at + ANSWERED_WITHIN_MS <= now) {
                accepting.sent_at = Some(now);
                let (task, client_id) = (accepting.task.clone(), accepting.client_id.clone());
                frames.push(ClientFrame::Accept { task, client_id });
            }
        }
        let wanted = duty.state.as_ref().filter(|state| !state.confirmed);
        if let Some(AgentState { state, reason, .. }) = wanted.filter(|_| duty.state_due.is_some_and(|at| at <= now)) {
            frames.push(ClientFrame::State {
                state: state.clone(),
                reason: reason.clone(),
            });
            duty.state_due = None;
        }
        for frame in &frames {
            session.send(frame);
        }
    }

    fn deadline(session: &Session<Self>) -> Option<i64> {
        let duty = &session.role;
        let accepts = duty.accepting.iter().filter_map(|accepting| accepting.sent_at);
        let due = accepts.map(|at| at + ANSWERED_WITHIN_MS).chain(duty.state_due);
        due.filter(|at| *at > session.now.ms).min()
    }

    /// What was sent on the socket that is gone is sent again.
    fn disconnected(duty: &mut AgentDuty) {
        for accepting in &mut duty.accepting {
            accepting.sent_at = None;
        }
    }
}

impl Session<Agent> {
    /// Requests that ring at this agent. Their times are the relay's; see [`Session::relay_time`].
    pub fn offers(&self) -> &[Offer] {
        &self.role.offers
    }

    /// Whether an accept of this offer is on its way.
    pub fn is_accepting(&self, task: &TaskId) -> bool {
        self.role.accepting.iter().any(|accepting| accepting.task == *task)
    }

    /// The agent's state: the one that it wants, or what the relay holds.
    pub fn agent_state(&self) -> Option<&AgentState> {
        self.role.state.as_ref()
    }

    fn offered(&mut self, offer: Offer) {
        match self.role.offers.iter_mut().find(|known| known.task == offer.task) {
            Some(known) => *known = offer,
            None => self.role.offers.push(offer),
        }
        self.changed(Change::Offers);
    }

    fn offer_gone(&mut self, task: &TaskId) {
        let known = self.role.offers.len();
        self.role.offers.retain(|offer| offer.task != *task);
        if self.role.offers.len() < known {
            self.changed(Change::Offers);
        }
    }

    fn want_state(&mut self, state: AgentStateName, reason: Option<String>) {
        self.role.state = Some(AgentState {
            state,
            reason,
            confirmed: false,
        });
        self.role.state_due = Some(self.now.ms);
        self.changed(Change::AgentState);
    }

    fn accept(&mut self, task: TaskId, client_id: ClientId) {
        if !self.is_accepting(&task) {
            self.role.accepting.push(Accepting {
                task,
                client_id,
                sent_at: None,
            });
            self.changed(Change::Offers);
        }
    }

    /// The place among the offers that the agent took of the one with this client id.
    fn accepting(&self, client_id: &ClientId) -> Option<usize> {
        let mut taken = self.role.accepting.iter();
        taken.position(|accepting| accepting.client_id == *client_id)
    }

    /// The state that the relay holds when a connection begins. One that the agent wants and that is not confirmed is
    /// asked for again.
    fn agent_state_held(&mut self, held: Option<AgentStateName>) {
        match &self.role.state {
            Some(AgentState { confirmed: false, .. }) => self.role.state_due = Some(self.now.ms),
            known if known.as_ref().map(|known| &known.state) == held.as_ref() => {}
            Some(_) | None => {
                self.role.state = held.map(|state| AgentState {
                    state,
                    reason: None,
                    confirmed: true,
                });
                self.changed(Change::AgentState);
            }
        }
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
