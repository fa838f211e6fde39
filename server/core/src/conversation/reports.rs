//! Activities of third-party programs: a recording's link, an IVR's trail, a survey's score. One belongs to a
//! conversation; if it names only a customer, to the live one, or beside that customer's conversations, where agents
//! read it in the customer's next one.

use super::handlers::{check_activity, stand_alone};
use super::{Command, Refusal, Registry, activity_id, json_bytes};
use crate::identity::customer::WEB as WEB_IDENTITY;
use crate::identity::linking::Link;
use crate::identity::{AppPrincipal, Principal, StaffPrincipal, scope};
use crate::store::{Author, Change};
use portico_shared::cim::{CimEvent, CimMessage, Customer};
use portico_shared::frame::{Accepted, RefusalCode};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, MessageId};
use portico_shared::limits::MAX_PAGE_BYTES;

/// Activities beside conversations that an agent is answered at most. Older ones stay in the store.
const MOST_BESIDE: u32 = 50;

/// A customer's latest conversations that are looked through for a live one.
const RECENT: u32 = 20;

/// What became of an activity.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It stands in a conversation.
    InConversation(Accepted),
    /// It stands beside the customer's conversations.
    OfCustomer {
        /// The customer.
        customer: CustomerId,
        /// The message's id.
        message_id: MessageId,
        /// When, in epoch milliseconds.
        timestamp: i64,
    },
}

impl Registry {
    /// Records an activity. A repeated message id changes nothing.
    pub async fn activity(&self, who: &AppPrincipal, message: CimMessage) -> Result<Recorded, Refusal> {
        if !who.scopes.iter().any(|held| held == scope::REPORT) {
            return Err(Refusal::forbidden("this key may not report activities"));
        }
        check_activity(&message)?;
        match self.conversation_of(&message).await? {
            Some(conversation) => self.in_conversation(who, &conversation, message).await,
            None => self.of_customer(who, message).await,
        }
    }

    /// What was reported of a conversation's customer while there was no conversation to put it into, newest first:
    /// until this one ended, and no more than a page.
    pub async fn beside(&self, who: &StaffPrincipal, conversation: &ConversationId) -> Result<Vec<CimEvent>, Refusal> {
        let state = self.readable(&Principal::Staff(who.clone()), conversation).await?;
        let until = state.record.ended_at.unwrap_or(i64::MAX);
        let store = &self.services().store;
        let mut events = store
            .activities_of_customer(&state.record.customer, until, MOST_BESIDE)
            .await?;
        let mut bytes = 0;
        let fitting = events.iter().take_while(|event| {
            bytes += json_bytes(event);
            bytes <= MAX_PAGE_BYTES
        });
        let fitting = fitting.count();
        events.truncate(fitting);
        Ok(events)
    }

    async fn in_conversation(
        &self,
        who: &AppPrincipal,
        conversation: &ConversationId,
        message: CimMessage,
    ) -> Result<Recorded, Refusal> {
        let command = Command::Activity {
            who: who.clone(),
            message: Box::new(message),
        };
        self.accepted(conversation, command).await.map(Recorded::InConversation)
    }

    /// An activity that names only a customer: agents see it in the conversation that they have with the customer, or
    /// beside the next one.
    async fn of_customer(&self, who: &AppPrincipal, message: CimMessage) -> Result<Recorded, Refusal> {
        let author = Author(Principal::App(who.clone()).key());
        if let Some(first) = self.recorded(&author, &activity_id::client_id(&message.id)).await? {
            return Ok(first);
        }
        let customer = self.customer_of(&message).await?;
        let store = &self.services().store;
        let id = CustomerId::new(customer.id.clone());
        let recent = store.conversations_of_customer(&id, RECENT).await?;
        let mut reached = recent
            .into_iter()
            .filter(|record| who.may_act_on(&record.channel))
            .peekable();
        if reached.peek().is_none() && !who.channels.is_empty() {
            return Err(Refusal::not_found());
        }
        match reached.find(|record| record.ended_at.is_none()) {
            Some(live) => self.in_conversation(who, &live.id, message).await,
            None => self.beside_conversations(who, &customer, &message).await,
        }
    }

    /// What a client id became, wherever it stands.
    async fn recorded(&self, author: &Author, client_id: &ClientId) -> Result<Option<Recorded>, Refusal> {
        let store = &self.services().store;
        if let Some(posted) = store.posted(author, client_id).await? {
            return Ok(Some(Recorded::InConversation(
                self.services().repeated(client_id.clone(), posted),
            )));
        }
        let stored = store.activity(author, client_id).await?;
        Ok(stored.map(|(customer, event)| Recorded::OfCustomer {
            customer,
            message_id: MessageId::new(event.message().map_or(&event.id, |message| &message.id).clone()),
            timestamp: event.timestamp.ms(),
        }))
    }

    /// The conversation that an activity names, or the one that its session belongs to.
    async fn conversation_of(&self, message: &CimMessage) -> Result<Option<ConversationId>, Refusal> {
        let named = |id: &Option<String>| id.as_deref().filter(|id| !id.is_empty()).map(str::to_owned);
        if let Some(id) = named(&message.header.conversation_id) {
            return ConversationId::parse(&id).map(Some).ok_or_else(Refusal::not_found);
        }
        match named(&message.header.channel_session_id) {
            Some(session) => {
                let found = self.services().store.conversation_of_session(&session).await?;
                found.map(Some).ok_or_else(Refusal::not_found)
            }
            None => Ok(None),
        }
    }

    async fn beside_conversations(
        &self,
        who: &AppPrincipal,
        customer: &Customer,
        message: &CimMessage,
    ) -> Result<Recorded, Refusal> {
        let (event, client_id) = stand_alone(&*self.services().clock, who, customer, message);
        let author = Author(Principal::App(who.clone()).key());
        let change = Change::CustomerActivity {
            customer: CustomerId::new(customer.id.clone()),
            event: Box::new(event),
            author: author.clone(),
            client_id: Some(client_id.clone()),
        };
        self.services().store.apply(vec![change]).await?;
        // Read back: of two at the same time the first one stays.
        let stored = self.recorded(&author, &client_id).await?;
        stored.ok_or_else(|| Refusal::new(RefusalCode::Unavailable, "not recorded"))
    }

    /// The customer that an activity names by id, or by an identity on its channel.
    async fn customer_of(&self, message: &CimMessage) -> Result<Customer, Refusal> {
        let store = &self.services().store;
        let named = message
            .header
            .customer
            .as_ref()
            .map(|customer| customer.id.as_str())
            .filter(|id| !id.is_empty());
        let identifier = message
            .header
            .channel_data
            .as_ref()
            .map(|data| data.channel_customer_identifier.as_str());
        let found = match (named, identifier.filter(|identifier| !identifier.is_empty())) {
            (Some(id), _) => {
                store
                    .customer(&CustomerId::parse(id).ok_or_else(Refusal::not_found)?)
                    .await?
            }
            (None, Some(identifier)) => store.customer_by_identity(WEB_IDENTITY, identifier).await?,
            (None, None) => {
                return Err(Refusal::invalid(
                    "header: names neither conversationId nor channelSessionId nor customer._id",
                ));
            }
        };
        let found = found.ok_or_else(Refusal::not_found)?;
        // Programs know a visitor by its id also when it has become a known customer.
        match Link::read(&found) {
            Some(link) => store.customer(&link.customer).await?.ok_or_else(Refusal::not_found),
            None => Ok(found),
        }
    }
}
