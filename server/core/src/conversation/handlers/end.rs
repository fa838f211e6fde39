//! The customer or an agent ends the chat.

use crate::conversation::event_factory::Emitter;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access};
use crate::identity::Principal;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::ids::ClientId;

pub(super) fn end<'a>(
    services: &'a Services,
    state: &State,
    who: &Principal,
    client_id: &ClientId,
) -> Result<Option<Transaction<'a>>, Refusal> {
    access::readable(who, state)?;
    let reason = match who {
        Principal::Customer(_) => ChannelSessionReason::Customer,
        Principal::Staff(_) if access::takes_part(who, state) => ChannelSessionReason::Agent,
        Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => {
            return Err(Refusal::forbidden(
                "only the customer or an agent who takes part ends a chat",
            ));
        }
    };
    if state.is_ended() {
        return Err(Refusal::ended());
    }
    let mut transaction = Transaction::new(services, state);
    transaction.end_session(Emitter::principal(who, state, Some(client_id.clone())), reason);
    Ok(Some(transaction))
}
