//! What a customer says of itself changes while the chat is live: its page, or what the page hands over.

use super::super::event_factory::Emitter;
use super::super::state::State;
use super::super::transaction::{Planned, Transaction};
use super::super::{Deps, Refusal, access};
use super::bounds;
use crate::identity::{CustomerPrincipal, Principal};
use crate::store::ConversationRecord;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// All facts, and the keys that the customer stated.
type Described = (Map<String, Value>, BTreeSet<String>);

/// Nothing follows when nothing changes, or when the chat is over: nobody waits for an answer.
pub(super) fn update<'a>(
    deps: &'a Deps,
    state: &State,
    who: &CustomerPrincipal,
    data: &Map<String, Value>,
) -> Planned<'a> {
    let who = Principal::Customer(who.clone());
    access::readable(&who, state)?;
    let (all, stated) = described(&state.record, data)?;
    if state.is_ended() || all == state.record.data {
        return Ok(None);
    }
    let mut transaction = Transaction::new(deps, state);
    transaction.state_data(Emitter::principal(&who, state, None), all, stated);
    Ok(Some(transaction))
}

/// What is known once this is said on top of it, and which keys of that the customer stated. What a bot knows, such as
/// whether an order is the customer's, stays as the bot said it.
fn described(known: &ConversationRecord, data: &Map<String, Value>) -> Result<Described, Refusal> {
    let is_own = |key: &str| known.stated.contains(key) || !known.data.contains_key(key);
    let (mut others, mut own) = (known.data.clone(), known.data.clone());
    others.retain(|key, _| !known.stated.contains(key));
    own.retain(|key, _| known.stated.contains(key));
    own.extend(
        data.iter()
            .filter(|(key, _)| is_own(key))
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    own.retain(|_, value| !bounds::is_nothing(value));
    bounds::check_stated(&own)?;
    let stated = own.keys().cloned().collect();
    others.extend(own);
    Ok((others, stated))
}
