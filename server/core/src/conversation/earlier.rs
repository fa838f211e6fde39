//! The conversations that a known customer had before, for a list in the chat. Reading one is asked for like any page of a log.

use super::access::Reader;
use super::log_tail::summary;
use super::reading::{MAX_LIST_BYTES, listable, shorten};
use super::{Refusal, Registry};
use crate::conversation::reader_role::AnyReader;
use crate::identity::{CustomerPrincipal, Principal};
use crate::store::{ConversationRecord, StoreError};
use portico_shared::ids::ConversationId;

/// Conversations in one answer.
const MOST: u32 = 20;

/// A part of a customer's list of conversations.
pub type EarlierConversations = portico_shared::http::EarlierConversations<AnyReader>;

impl Registry {
    /// The conversations of a customer that are over, newest first; those before `before`, if it says where to go on. Only of
    /// customers whom the site vouches for, on the channel of their token: in a browser that several people use, an unknown
    /// visitor sees nothing of the people before.
    pub async fn earlier(
        &self,
        who: &Principal,
        before: Option<ConversationId>,
    ) -> Result<EarlierConversations, Refusal> {
        let Principal::Customer(customer) = who else {
            return Err(Refusal::forbidden("only customers have earlier conversations"));
        };
        if !customer.verified {
            return Err(Refusal::forbidden(
                "only customers whom the site vouches for have a list of their conversations",
            ));
        }
        let (records, next) = self.over(customer, before).await?;
        let store = &*self.services().store;
        let (mut conversations, mut room) = (Vec::new(), MAX_LIST_BYTES);
        for record in records {
            let summary = summary(store, &record, &Reader::of(who)).await;
            if let Some(mut summary) = listable(&record.id, summary)? {
                shorten(&mut summary, &mut room);
                conversations.push(summary);
            }
        }
        Ok(EarlierConversations { conversations, next })
    }

    /// The next ones that are over on the customer's channel, and after which to go on. Some, if there are any: those of other
    /// channels are passed over.
    async fn over(
        &self,
        customer: &CustomerPrincipal,
        mut before: Option<ConversationId>,
    ) -> Result<(Vec<ConversationRecord>, Option<ConversationId>), StoreError> {
        let store = &self.services().store;
        loop {
            let mut records = store.earlier_conversations(&customer.id, before.as_ref(), MOST).await?;
            let is_full = records.len() >= MOST as usize;
            let next = records.last().map(|last| last.id.clone()).filter(|_| is_full);
            records.retain(|record| record.channel == customer.channel && record.ended_at.is_some());
            if !records.is_empty() || next.is_none() {
                return Ok((records, next));
            }
            before = next;
        }
    }
}
