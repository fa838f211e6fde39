//! What a customer says of itself changes while the chat is live: its page, or what the page hands over.

use super::super::stamp::By;
use super::super::state::State;
use super::super::step::{Planned, Step};
use super::super::{Deps, Refusal, access};
use super::bounds;
use crate::identity::{CustomerPrincipal, Principal};
use serde_json::{Map, Value};

/// Nothing follows when nothing changes, or when the chat is over: nobody waits for an answer.
pub(super) fn describe<'a>(
    deps: &'a Deps,
    state: &State,
    who: &CustomerPrincipal,
    data: &Map<String, Value>,
) -> Planned<'a> {
    let who = Principal::Customer(who.clone());
    access::readable(&who, state)?;
    bounds::check_stated(data)?;
    let facts = described(&state.record.data, data)?;
    if state.is_ended() || facts == state.record.data {
        return Ok(None);
    }
    let mut step = Step::new(deps, state);
    step.set_data(By::principal(&who, state, None), facts);
    Ok(Some(step))
}

/// What is known once this is said on top of it.
fn described(known: &Map<String, Value>, data: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut facts = known.clone();
    for (key, value) in data {
        if bounds::is_nothing(value) {
            facts.remove(key);
        } else {
            facts.insert(key.clone(), value.clone());
        }
    }
    bounds::check_total(&facts)?;
    Ok(facts)
}
