//! Changes the visitor data while the chat is live: the page that the visitor is on, or what the site hands over.

use super::{bounds, consent};
use crate::conversation::event_factory::Emitter;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access};
use crate::identity::{CustomerPrincipal, Principal};
use crate::store::ConversationRecord;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The conversation data, and the keys of it that are visitor data.
type MergedData = (Map<String, Value>, BTreeSet<String>);

/// Nothing is written when nothing changes, or when the chat is over; there is no reply to this command.
pub(super) fn update<'a>(
    services: &'a Services,
    state: &State,
    who: &CustomerPrincipal,
    data: &Map<String, Value>,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let principal = Principal::Customer(who.clone());
    access::readable(&principal, state)?;
    let (all, visitor_keys) = merged(&state.record, data)?;
    if state.is_ended() || all == state.record.data {
        return Ok(None);
    }
    let mut transaction = Transaction::new(services, state);
    consent::note(&mut transaction, who);
    transaction.set_visitor_data(Emitter::principal(&principal, state, None), all, visitor_keys);
    Ok(Some(transaction))
}

/// Merges new visitor data into the conversation data. A key that a bot has set, such as whether an order is the
/// customer's, keeps the bot's value.
fn merged(known: &ConversationRecord, data: &Map<String, Value>) -> Result<MergedData, Refusal> {
    let is_own = |key: &str| known.visitor_keys.contains(key) || !known.data.contains_key(key);
    let (mut others, mut own) = (known.data.clone(), known.data.clone());
    others.retain(|key, _| !known.visitor_keys.contains(key));
    own.retain(|key, _| known.visitor_keys.contains(key));
    own.extend(
        data.iter()
            .filter(|(key, _)| is_own(key))
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    own.retain(|_, value| !bounds::is_removal(value));
    bounds::check_visitor_data(&own)?;
    let visitor_keys = own.keys().cloned().collect();
    others.extend(own);
    Ok((others, visitor_keys))
}
