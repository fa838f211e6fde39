//! Who may read a conversation and who may act in it. A conversation that somebody may not know of answers exactly
//! as one that does not exist.

use super::Refusal;
use super::state::State;
use crate::identity::Principal;
use portico_shared::visibility::Viewer;

/// Through whose eyes a principal reads.
pub(crate) fn viewer(who: &Principal) -> Viewer {
    match who {
        Principal::Customer(_) => Viewer::Customer,
        Principal::Staff(_) => Viewer::Agent,
        // Programs see no more than bots, wherever they read.
        Principal::Bot(_) | Principal::App(_) => Viewer::Bot,
    }
}

/// Whether a principal may read: a customer its own conversations on the channel of its token, an agent those that it
/// serves or that ring at it, a supervisor any, a bot those that it takes part in.
pub(crate) fn may_read(who: &Principal, state: &State) -> bool {
    match who {
        Principal::Staff(staff) => staff.supervises() || takes_part(who, state) || state.is_reserved_for(&staff.id),
        Principal::Customer(_) | Principal::Bot(_) | Principal::App(_) => takes_part(who, state),
    }
}

/// The same, as a refusal.
pub(super) fn readable(who: &Principal, state: &State) -> Result<(), Refusal> {
    if may_read(who, state) {
        Ok(())
    } else {
        Err(Refusal::not_found())
    }
}

/// Whether a principal takes part.
pub(crate) fn takes_part(who: &Principal, state: &State) -> bool {
    match who {
        Principal::Customer(customer) => {
            state.record.customer == customer.id && state.record.channel == customer.channel
        }
        Principal::Staff(staff) => state.agent(&staff.id).is_some(),
        Principal::Bot(bot) => state.bot().is_some_and(|seated| seated.id == bot.id),
        Principal::App(_) => false,
    }
}
