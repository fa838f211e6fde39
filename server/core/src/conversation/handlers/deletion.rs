//! A message that is taken back: its author says so, and readers show that in its place. The log keeps what was said.

use super::recent;
use crate::conversation::committed::ListUpdate;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access, state::State};
use crate::identity::Principal;
use crate::store::StoredEvent;
use portico_shared::cim::body::DeletedBody;
use portico_shared::cim::{EventName, Intent, MessageBody, Timestamp};
use portico_shared::frame::Draft;
use portico_shared::ids::MessageId;
use portico_shared::visibility::{is_said, is_visible};

/// The deletion as it is appended, and whether lists show the message as the newest one; nothing for a draft that deletes none.
/// A message is deleted once, by its own author, and for the audience that it reached; all else is refused.
pub(super) async fn of(
    services: &Services,
    state: &State,
    who: &Principal,
    name: &EventName,
    draft: &Draft,
) -> Result<Option<(Draft, bool)>, Refusal> {
    let MessageBody::DeletedNotification(body) = &draft.body else {
        return Ok(None);
    };
    let id = MessageId::new(body.message_id.as_str());
    let found = recent::by_message(services, state, &id).await?;
    let found = found.filter(|stored| is_visible(access::viewer(who), &stored.event));
    let missing = || Refusal::invalid("body.messageId: no such message in this conversation");
    let found = found.ok_or_else(missing)?;
    if !is_message(&found) {
        return Err(Refusal::invalid("body.messageId: only a message can be deleted"));
    }
    if found.author.0 != who.key() {
        return Err(Refusal::forbidden("only one's own message can be deleted"));
    }
    if found.event.name != *name {
        return Err(Refusal::invalid(
            "audience: a deletion is for those whom the message reached",
        ));
    }
    if recent::is_taken_back(services, state, found.seq, id.as_str()).await? {
        return Err(missing());
    }
    let is_newest = is_newest(services, state, &found, id.as_str()).await?;
    let deleted = DeletedBody {
        message_id: body.message_id.clone(),
        timestamp: Some(Timestamp::from_ms(services.clock.now_ms())),
        ..DeletedBody::default()
    };
    let deletion = Draft::new(MessageBody::DeletedNotification(deleted));
    Ok(Some((deletion, is_newest)))
}

/// Where the newest message is taken back, lists show that, and are told.
pub(super) fn note(transaction: &mut Transaction<'_>, is_newest: bool) {
    if is_newest {
        let record = &mut transaction.state.record;
        record.last_message = Some(record.head);
        transaction.update_lists(ListUpdate::Message);
    }
}

/// Whether lists show the message as the newest one, in its first words or in those of an edit.
async fn is_newest(services: &Services, state: &State, found: &StoredEvent, id: &str) -> Result<bool, Refusal> {
    match state.record.last_message {
        Some(last) if last > found.seq => {
            let newest = recent::at(services, state, last).await?;
            Ok(newest.is_some_and(|newest| newest.edited() == Some(id)))
        }
        last => Ok(last == Some(found.seq)),
    }
}

/// Something that was said, and no new text of it.
fn is_message(stored: &StoredEvent) -> bool {
    let header = stored.event.message().map(|message| &message.header);
    is_said(&stored.event) && header.is_some_and(|header| header.intent != Some(Intent::Update))
}
