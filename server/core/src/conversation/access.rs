//! Who may read a conversation and who may act in it. A conversation that somebody may not know of answers exactly
//! as one that does not exist.

use super::Refusal;
use super::state::State;
use crate::identity::{Principal, agent_key, bot_key, customer_key};
use crate::store::{ConversationRecord, ParticipantRecord};
use portico_shared::cim::participant::ParticipantType;
use portico_shared::visibility::Viewer;

/// Through whose eyes a conversation is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    /// [`Principal::key`]: what this author wrote is the reader's own.
    pub(crate) key: String,
    /// What of the log the reader may see.
    pub(crate) viewer: Viewer,
}

impl Reader {
    /// A principal as a reader.
    pub(crate) fn of(who: &Principal) -> Self {
        Self {
            key: who.key(),
            viewer: viewer(who),
        }
    }

    /// A participant as a reader; nothing for those that have no list of conversations.
    pub(crate) fn of_participant(participant: &ParticipantRecord, record: &ConversationRecord) -> Option<Self> {
        let (key, viewer) = match &participant.kind {
            ParticipantType::Customer => (customer_key(&record.customer), Viewer::Customer),
            ParticipantType::Agent => (agent_key(&participant.id), Viewer::Agent),
            ParticipantType::Bot => (bot_key(&participant.id), Viewer::Bot),
            ParticipantType::Monitor | ParticipantType::App | ParticipantType::Other(_) => return None,
        };
        Some(Self { key, viewer })
    }
}

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
