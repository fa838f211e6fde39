//! A customer's data goes, and with it what was said in this conversation.

use crate::conversation::Services;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::ids::CustomerId;

/// Nothing if the conversation is not the customer's: it was erased before, or became another's. One whose time is over goes only
/// when it is closed: agents may still write what it was about.
pub(super) fn erase<'a>(
    services: &'a Services,
    state: &State,
    customer: &CustomerId,
    stand_in: &CustomerId,
    erasure: &CustomerId,
) -> Option<Transaction<'a>> {
    let is_retired = erasure != customer;
    if state.record.customer != *customer || (is_retired && state.record.state != ConversationState::Closed) {
        return None;
    }
    let mut transaction = Transaction::new(services, state);
    transaction.erase(stand_in, erasure);
    Some(transaction)
}
