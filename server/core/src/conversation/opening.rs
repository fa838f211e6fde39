//! How a customer and an agent come into a conversation: the customer starts it, the agent accepts an offer. Both are
//! asked without knowing which conversation it will be, so they are looked up here before the actor is asked.

use super::{Command, Envelope, Refusal, Registry, Reply, SendHandle};
use crate::conversation::reader_role::ServerFrame;
use crate::identity::linking::Link;
use crate::identity::{CustomerPrincipal, StaffPrincipal, agent_key, customer_key};
use crate::store::{Author, ConversationRecord, TaskPhase};
use portico_shared::close::CloseCode;
use portico_shared::frame::{Accepted, Range, RefusalCode, Start};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, MessageId, Seq, TaskId};

/// A customer's latest conversations that are looked through for a live one.
const RECENT: u32 = 20;

/// What a start comes to.
enum Opening {
    /// The customer has a live conversation, or this start made one before.
    Repeated(Accepted),
    /// The visitor has become a known customer, or its data was erased: its token proves nothing any more.
    Refused,
    /// A conversation is to be opened.
    New(ConversationId, Command),
}

/// Where an offer that is being accepted leads.
pub enum AcceptTarget {
    /// It was accepted before, by the same frame.
    Repeated(Accepted),
    /// It rings for this conversation.
    In(ConversationId),
}

impl Registry {
    /// Opens a conversation on the channel that the customer's token is bound to, or answers with the live one. The answer
    /// is a frame on this socket and stands before whatever else the start causes there.
    pub async fn start_on(&self, who: &CustomerPrincipal, start: Start, handle: &SendHandle) {
        let client_id = start.client_id.clone();
        let _one_at_a_time = self.starts_of(&who.id).await;
        match self.opening(who, start).await {
            Ok(Opening::Repeated(accepted)) => handle.push(&ServerFrame::Accepted(accepted)),
            Ok(Opening::Refused) => handle.close(CloseCode::TokenRefused),
            Ok(Opening::New(conversation, command)) => {
                let (reply, queued) = Reply::to_start(handle.clone(), client_id);
                self.send(&conversation, Envelope { command, reply });
                let _ = queued.await;
            }
            Err(refusal) => handle.push(&ServerFrame::Refused(refusal.frame(Some(client_id), None))),
        }
    }

    /// The conversation that a message belongs to, for a caller that waits: the one that has it already, the live one, or one
    /// that this start opens. Nothing if the customer's token proves nothing any more.
    pub async fn conversation_for(
        &self,
        who: &CustomerPrincipal,
        message: &ClientId,
        start: Start,
    ) -> Result<Option<ConversationId>, Refusal> {
        let _one_at_a_time = self.starts_of(&who.id).await;
        let author = Author(customer_key(&who.id));
        if let Some(posted) = self.services().store.posted(&author, message).await? {
            return Ok(Some(posted.conversation));
        }
        match self.opening(who, start).await? {
            Opening::Repeated(accepted) => Ok(Some(accepted.conversation)),
            Opening::Refused => Ok(None),
            Opening::New(conversation, command) => {
                let accepted = self.accepted(&conversation, command).await?;
                Ok(Some(accepted.conversation))
            }
        }
    }

    async fn opening(&self, who: &CustomerPrincipal, start: Start) -> Result<Opening, Refusal> {
        let store = &self.services().store;
        let author = Author(customer_key(&who.id));
        if let Some(posted) = store.posted(&author, &start.client_id).await? {
            return Ok(Opening::Repeated(self.services().repeated(start.client_id, posted)));
        }
        if let Some(live) = self.live_conversation(who).await? {
            return self.opened(start.client_id, &live).await.map(Opening::Repeated);
        }
        let known = store.customer(&who.id).await?.map(Box::new);
        if !who.verified && known.as_deref().and_then(Link::read).is_some() {
            return Ok(Opening::Refused);
        }
        let was_erased = self.not_being_erased(&who.id).await?;
        // A site may vouch for its customer again, and then the customer is known.
        if was_erased && known.is_none() {
            return Ok(Opening::Refused);
        }
        let conversation = crate::clock::conversation_id(&*self.services().clock);
        Ok(Opening::New(
            conversation,
            Command::Start {
                who: who.clone(),
                start,
                known,
            },
        ))
    }

    /// Refuses what would be erased with all that is said already, and what an erasure that is under way would miss. Asked in
    /// the customer's turn. Answers whether its data was erased before.
    pub(super) async fn not_being_erased(&self, customer: &CustomerId) -> Result<bool, Refusal> {
        match self.services().store.erased_customer(customer).await? {
            Some(erased) if !erased.is_emptied => {
                let message = "the customer's data is being erased; try again";
                Err(Refusal::new(RefusalCode::Unavailable, message))
            }
            erased => Ok(erased.is_some()),
        }
    }

    /// Where the request is that rings at an agent.
    pub async fn accept_target(
        &self,
        who: &StaffPrincipal,
        task: &TaskId,
        client_id: &ClientId,
    ) -> Result<AcceptTarget, Refusal> {
        let author = Author(agent_key(&who.id));
        if let Some(posted) = self.services().store.posted(&author, client_id).await? {
            return Ok(AcceptTarget::Repeated(
                self.services().repeated(client_id.clone(), posted),
            ));
        }
        match self.services().store.task(task).await? {
            Some(open) if open.state != TaskPhase::Closed => Ok(AcceptTarget::In(open.conversation)),
            Some(_) | None => Err(Refusal::offer_gone()),
        }
    }

    /// The customer's live conversation on the channel of its token.
    pub(super) async fn live_conversation(
        &self,
        who: &CustomerPrincipal,
    ) -> Result<Option<ConversationRecord>, Refusal> {
        let recent = self.services().store.conversations_of_customer(&who.id, RECENT).await?;
        Ok(recent
            .into_iter()
            .find(|record| record.channel == who.channel && record.ended_at.is_none()))
    }

    /// The beginning of a conversation that was live already, as the answer to another start.
    async fn opened(&self, client_id: ClientId, live: &ConversationRecord) -> Result<Accepted, Refusal> {
        let first = self
            .services()
            .store
            .page(&live.id, Range::After(Seq::START), 1)
            .await?;
        let Some(first) = first.events.into_iter().next() else {
            return Err(Refusal::new(
                RefusalCode::Unavailable,
                "the conversation has no beginning",
            ));
        };
        Ok(Accepted {
            client_id,
            conversation: live.id.clone(),
            epoch: self.services().store.epoch().clone(),
            seq: first.seq,
            message_id: MessageId::new(first.event.id),
            timestamp: live.started_at,
        })
    }
}
