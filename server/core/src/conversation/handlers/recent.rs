//! What a step needs of the newest part of the log.

use crate::conversation::state::State;
use crate::conversation::{Refusal, Services, channel_session};
use crate::store::{LogStore, StoreError, StoredEvent};
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::{CimMessage, Customer, EventName, SenderType};
use portico_shared::frame::{Offer, Person, Range};
use portico_shared::ids::{MessageId, Seq};
use portico_shared::limits::MAX_PAGE;
use serde_json::{Map, Value};

/// Events that are looked through from the end for the customer's last message.
const LOOK_BACK: u32 = 50;

/// Longest text of a message in an offer, in characters.
const OFFER_TEXT_CHARS: usize = 500;

/// The customer's newest message, if it is not far back.
pub(super) async fn customer_message(store: &dyn LogStore, state: &State) -> Result<Option<CimMessage>, StoreError> {
    let range = Range::Before(state.record.head.next());
    let page = store.page(&state.record.id, range, LOOK_BACK).await?;
    let newest = page
        .events
        .into_iter()
        .rev()
        .find(|stored| stored.event.name == EventName::CustomerMessage);
    Ok(newest.and_then(|stored| stored.whole().message().cloned()))
}

/// An event of this conversation by its message's id.
pub(super) async fn by_message(
    services: &Services,
    state: &State,
    id: &MessageId,
) -> Result<Option<StoredEvent>, Refusal> {
    let conversation = &state.record.id;
    let Some(seq) = services.store.position_of(conversation, id).await? else {
        return Ok(None);
    };
    at(services, state, seq).await
}

/// The event of this conversation at a position.
pub(super) async fn at(services: &Services, state: &State, seq: Seq) -> Result<Option<StoredEvent>, Refusal> {
    let range = Range::After(Seq(seq.0.saturating_sub(1)));
    let page = services.store.page(&state.record.id, range, 1).await?;
    Ok(page.events.into_iter().next())
}

/// Whether a message of this conversation, at its position, was deleted since.
pub(super) async fn is_taken_back(
    services: &Services,
    state: &State,
    mut since: Seq,
    id: &str,
) -> Result<bool, Refusal> {
    while since < state.record.head {
        let page = services
            .store
            .page(&state.record.id, Range::After(since), MAX_PAGE)
            .await?;
        let Some(last) = page.events.last() else { break };
        since = last.seq;
        if page.events.iter().any(|stored| stored.deleted() == Some(id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The open request as an agent's desk shows it.
pub(in crate::conversation) async fn offer(services: &Services, state: &State) -> Result<Option<Offer>, StoreError> {
    let Some((task, expires_at)) = state
        .task
        .as_ref()
        .and_then(|task| Some((task, task.reservation_ends_at?)))
    else {
        return Ok(None);
    };
    let newest = customer_message(&*services.store, state).await?;
    let text = newest.and_then(|message| message.text().map(|text| text.chars().take(OFFER_TEXT_CHARS).collect()));
    let customer = state.session().customer.as_ref();
    let name = customer
        .and_then(|customer| customer.first_name.as_deref())
        .unwrap_or_default();
    Ok(Some(Offer {
        task: task.id.clone(),
        conversation: state.record.id.clone(),
        queue: services
            .config
            .queues
            .get(&task.queue)
            .map_or_else(|| task.queue.clone(), |queue| queue.name.clone()),
        customer: Person {
            id: state.record.customer.to_string(),
            kind: SenderType::Customer,
            name: channel_session::called(state.record.customer.as_str(), name, &state.record.data),
            role: Some(ParticipantRole::Customer),
        },
        waiting_since: task.enqueued_at,
        expires_at,
        last_text: text,
        data: offered_data(state),
    }))
}

/// The conversation's data, in which the relay itself says whether the customer is anonymous: what a customer states of
/// that is replaced.
fn offered_data(state: &State) -> Map<String, Value> {
    let customer = state.session().customer.as_ref();
    let is_anonymous = customer.and_then(|customer| customer.is_anonymous) != Some(false);
    let mut data = state.record.data.clone();
    data.insert(Customer::IS_ANONYMOUS.to_owned(), is_anonymous.into());
    data
}
