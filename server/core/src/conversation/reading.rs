//! Reading beside the actors: pages of a log are pulled by their reader from the store, so that catching up costs the
//! conversation nothing and live events are never held up by history.

use super::access::Reader;
use super::log_tail::summary;
use super::staff::state_name;
use super::state::State;
use super::summary::{item, me};
use super::{Refusal, Registry, access, handlers, json_bytes};
use crate::conversation::reader_role::{Item, Page, Summary, Welcome};
use crate::identity::{Authenticated, Principal, StaffPrincipal};
use crate::store::{AgentStateRecord, AskedSurvey, ConversationRecord, StoreError, StoredPage, TaskPhase};
use crate::survey::no_survey;
use crate::telemetry::left_out;
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::FormDataBody;
use portico_shared::frame::{Offer, PageRequest, Range, RefusalCode};
use portico_shared::ids::{ConversationId, Epoch, Seq};
use portico_shared::limits::{DEFAULT_PAGE, MAX_PAGE, MAX_PAGE_BYTES};
use portico_shared::visibility::Viewer;
use std::collections::HashSet;

/// Conversations in a welcome. An agent or a bot that has more is told of the rest one by one.
const MOST_LISTED: u32 = 100;

/// Most bytes of newest messages and data in one list. It is one frame: with what else stands in it, it must fit into
/// what a socket writes at once.
pub(super) const MAX_LIST_BYTES: usize = 512 * 1024;

/// A customer's latest conversations that are looked through for one on its channel.
const RECENT: u32 = 20;

/// The answer to `hello`, and what is told after it.
pub struct Greeting {
    /// The answer.
    pub welcome: Welcome,
    /// The agent's state, if more is to be said about it than the welcome does.
    pub agent_state: Option<AgentStateRecord>,
    /// Conversations that the welcome has no room for, newest first.
    pub unlisted: Vec<ConversationId>,
}

impl Registry {
    /// A range of a log as `who` may see it.
    pub async fn page(&self, who: &Principal, request: &PageRequest) -> Result<Page, Refusal> {
        self.readable(who, &request.conversation).await?;
        let store = &self.services().store;
        let limit = request.limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
        let stored = store.page(&request.conversation, sane(request.range), limit).await?;
        Ok(covered(who, request, stored, store.epoch().clone()))
    }

    /// What `hello` is answered.
    pub async fn welcome(&self, proven: &Authenticated) -> Result<Greeting, Refusal> {
        self.unless_erased(proven).await?;
        let services = self.services();
        let who = &proven.principal;
        let mut welcome = Welcome {
            me: me(who),
            epoch: services.store.epoch().clone(),
            now: services.clock.now_ms(),
            expires_at: proven.expires_at,
            conversations: self.summaries(who).await?,
            offers: Vec::new(),
            agent_state: None,
        };
        let mut state = None;
        if let Principal::Staff(staff) = who {
            welcome.offers = self.offers(staff).await?;
            state = self.agent_state(&staff.id).await?;
            let ready = staff.serves() && state.as_ref().is_some_and(|state| state.ready);
            welcome.agent_state = Some(state_name(ready));
        }
        let unlisted = self.unlisted(who, &welcome.conversations).await?;
        Ok(Greeting {
            welcome,
            // Why an agent is not ready has no place in the welcome.
            agent_state: state.filter(|state| state.reason.is_some()),
            unlisted,
        })
    }

    /// Refuses a customer whose data was erased since it was proven: its socket was not there yet when the others were closed.
    async fn unless_erased(&self, proven: &Authenticated) -> Result<(), Refusal> {
        let (Principal::Customer(who), Some(issued_at)) = (&proven.principal, proven.issued_at) else {
            return Ok(());
        };
        match self.services().store.erased_customer(&who.id).await? {
            Some(erased) if erased.refuses(issued_at) => {
                Err(Refusal::new(RefusalCode::Forbidden, "the customer's data was erased"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A conversation as `who` has it in its list; nothing if it has it no more.
    pub async fn summary_of(&self, who: &Principal, conversation: &ConversationId) -> Result<Option<Summary>, Refusal> {
        let store = &*self.services().store;
        let Some(state) = listable(conversation, State::load(store, conversation).await)?.flatten() else {
            return Ok(None);
        };
        if !access::takes_part(who, &state) {
            return Ok(None);
        }
        Ok(listable(
            conversation,
            summary(store, &state.record, &Reader::of(who)).await,
        )?)
    }

    /// A survey as it was sent.
    pub(crate) async fn survey_form(
        &self,
        conversation: &ConversationId,
        asked: &AskedSurvey,
    ) -> Result<FormDataBody, Refusal> {
        let before = Range::After(Seq(asked.seq.0.saturating_sub(1)));
        let page = self.services().store.page(conversation, before, 1).await?;
        let form = page
            .events
            .into_iter()
            .find_map(|stored| match stored.event.message()?.body.clone() {
                MessageBody::FormData(form) => Some(*form),
                _ => None,
            });
        form.ok_or_else(no_survey)
    }

    /// Open conversations of an agent or a bot that are not in its list.
    async fn unlisted(&self, who: &Principal, listed: &[Summary]) -> Result<Vec<ConversationId>, Refusal> {
        let participant = match who {
            Principal::Staff(staff) => &staff.id,
            Principal::Bot(bot) => &bot.id,
            Principal::Customer(_) | Principal::App(_) => return Ok(Vec::new()),
        };
        let mut ids = self
            .services()
            .store
            .conversation_ids_of_participant(participant)
            .await?;
        let listed: HashSet<_> = listed.iter().map(|summary| &summary.conversation).collect();
        ids.retain(|id| !listed.contains(id));
        Ok(ids)
    }

    /// A customer's live conversation, or its last one; the open ones of an agent or a bot.
    pub async fn summaries(&self, who: &Principal) -> Result<Vec<Summary>, Refusal> {
        let mut summaries = Vec::new();
        let mut room = MAX_LIST_BYTES;
        let reader = Reader::of(who);
        for record in self.listed(who).await? {
            let summary = summary(&*self.services().store, &record, &reader).await;
            let Some(mut summary) = listable(&record.id, summary)? else {
                continue;
            };
            shorten(&mut summary, &mut room);
            summaries.push(summary);
        }
        Ok(summaries)
    }

    async fn listed(&self, who: &Principal) -> Result<Vec<ConversationRecord>, StoreError> {
        let store = &self.services().store;
        match who {
            Principal::Customer(customer) => {
                let mut recent = store.conversations_of_customer(&customer.id, RECENT).await?;
                recent.retain(|record| record.channel == customer.channel);
                let live = recent.iter().position(|record| record.ended_at.is_none()).unwrap_or(0);
                Ok(recent.into_iter().skip(live).take(1).collect())
            }
            Principal::Staff(staff) => store.conversations_of_participant(&staff.id, MOST_LISTED).await,
            Principal::Bot(bot) => store.conversations_of_participant(&bot.id, MOST_LISTED).await,
            Principal::App(_) => Ok(Vec::new()),
        }
    }

    /// Requests that ring at an agent right now.
    async fn offers(&self, who: &StaffPrincipal) -> Result<Vec<Offer>, Refusal> {
        let services = self.services();
        let mut offers = Vec::new();
        for task in services.store.open_tasks_of(&who.id).await? {
            if task.state != TaskPhase::Reserved {
                continue;
            }
            let state = State::load(&*services.store, &task.conversation).await;
            if let Some(state) = listable(&task.conversation, state)?.flatten() {
                let offer = handlers::offer(services, &state).await;
                offers.extend(listable(&task.conversation, offer)?.flatten());
            }
        }
        Ok(offers)
    }

    /// Through whose eyes `who` reads a conversation; nothing if it may not.
    pub(crate) async fn viewer_of(
        &self,
        who: &Principal,
        conversation: &ConversationId,
    ) -> Result<Option<Viewer>, Refusal> {
        let state = State::load(&*self.services().store, conversation).await?;
        let readable = state.is_some_and(|state| access::may_read(who, &state));
        Ok(readable.then(|| access::viewer(who)))
    }

    /// The channel of a conversation; nothing if `who` may not read it.
    pub(crate) async fn channel_of(
        &self,
        who: &Principal,
        conversation: &ConversationId,
    ) -> Result<Option<String>, Refusal> {
        let state = State::load(&*self.services().store, conversation).await?;
        let state = state.filter(|state| access::may_read(who, state));
        Ok(state.map(|state| state.record.channel))
    }

    /// A conversation as it stands, if `who` may read it.
    pub(super) async fn readable(&self, who: &Principal, conversation: &ConversationId) -> Result<State, Refusal> {
        let state = State::load(&*self.services().store, conversation).await?;
        let state = state.ok_or_else(Refusal::not_found)?;
        access::readable(who, &state)?;
        Ok(state)
    }
}

/// What was read of a conversation for a list, or nothing if what is stored of it is damaged: one such conversation takes
/// no other one's place from a reader.
pub(super) fn listable<T>(conversation: &ConversationId, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error @ StoreError::Damaged(_)) => {
            left_out(conversation.as_str(), &error);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Leaves out what does not fit into the room that is left: the newest message, the data. `joined` has both.
pub(super) fn shorten(summary: &mut Summary, room: &mut usize) {
    let last = summary.last.as_ref().map_or(0, |item| json_bytes(&item.event));
    match room.checked_sub(last) {
        Some(left) => *room = left,
        None => summary.last = None,
    }
    if let Some(details) = &mut summary.details {
        match room.checked_sub(json_bytes(&details.data)) {
            Some(left) => *room = left,
            None => details.data.clear(),
        }
    }
}

/// Positions beyond what a store can hold mean the end of the log.
fn sane(range: Range) -> Range {
    const LAST: u64 = i64::MAX as u64;
    match range {
        Range::After(seq) => Range::After(Seq(seq.0.min(LAST))),
        Range::Before(seq) => Range::Before(Seq(seq.0.min(LAST))),
    }
}

/// What the reader may see of the events that fit into a page, and the range that they cover. Reading on, events that
/// do not fit are cut off at the end; reading back, at the beginning; what stays is always next to where it began. The
/// store answers something as long as there is something, so that nothing read means that the log's end is reached.
fn covered(who: &Principal, request: &PageRequest, stored: StoredPage, epoch: Epoch) -> Page {
    let reader = Reader::of(who);
    let head = stored.head;
    let seen = stored
        .events
        .into_iter()
        .map(|stored| (stored.seq, item(&stored, &reader)));
    let (after, through, items) = match request.range {
        Range::After(from) => {
            let (items, last) = fitting(seen);
            (from, last.unwrap_or(head.max(from)), items)
        }
        Range::Before(before) => {
            let (mut items, last) = fitting(seen.rev());
            items.reverse();
            (last.map_or(Seq::START, previous), previous(before).min(head), items)
        }
    };
    Page {
        conversation: request.conversation.clone(),
        epoch,
        after,
        through,
        items,
        head,
    }
}

fn previous(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}

/// Takes events as long as they fit; at least one, or a reader would never get on. Also says how far it came.
fn fitting(seen: impl Iterator<Item = (Seq, Option<Item>)>) -> (Vec<Item>, Option<Seq>) {
    let (mut items, mut last, mut bytes) = (Vec::new(), None, 0);
    for (seq, item) in seen {
        if let Some(item) = item {
            bytes += json_bytes(&item.event);
            if bytes > MAX_PAGE_BYTES && !items.is_empty() {
                break;
            }
            items.push(item);
        }
        last = Some(seq);
    }
    (items, last)
}
