//! Appends what a page calls itself that a message links to.

use crate::conversation::event_factory::Emitter;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services};
use crate::links::Preview;
use crate::store::StoredEvent;
use portico_shared::cim::{EventData, EventName, LinkPreview};
use portico_shared::frame::Range;
use portico_shared::limits::MAX_PAGE;

/// Nothing where it has come too late: the chat is over, what was said in it is erased, or the message says something else by
/// now. Nothing, too, if the message has a preview already, or more than one page of events came after it.
pub(super) async fn preview<'a>(
    services: &'a Services,
    state: &State,
    preview: &Preview,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let Preview { link, page } = preview;
    if state.is_ended() || state.record.erased {
        return Ok(None);
    }
    let message = link.message.as_str();
    if link.seq < state.record.head {
        let since = Range::After(link.seq);
        let later = services.store.page(&state.record.id, since, MAX_PAGE).await?;
        let through = later.events.last().map_or(link.seq, |stored| stored.seq);
        if through < state.record.head || later.events.iter().any(|stored| is_about(stored, message)) {
            return Ok(None);
        }
    }
    let mut transaction = Transaction::new(services, state);
    let data = LinkPreview {
        message_id: message.to_owned(),
        url: link.url.clone(),
        title: page.title.clone(),
        description: page.description.clone(),
        site_name: page.site.clone(),
        ..LinkPreview::default()
    };
    let data = EventData::LinkPreview(Box::new(data));
    transaction.append(Emitter::monitor(), EventName::LinkPreview, data);
    Ok(Some(transaction))
}

/// Whether an event changes a message, takes it back, or is a preview of it.
fn is_about(stored: &StoredEvent, id: &str) -> bool {
    if let EventData::LinkPreview(preview) = &stored.event.data {
        return preview.message_id == id;
    }
    stored.edited() == Some(id) || stored.deleted() == Some(id)
}
