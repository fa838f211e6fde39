//! A file of the relay in a message: it is the sender's own and whole, belongs to the conversation from then on, and what
//! the message says of it is what the relay knows. Addresses that lead elsewhere stay as they are.

use crate::clock::DAY_MS;
use crate::conversation::state::State;
use crate::conversation::{Refusal, Services};
use crate::files::{self, Target};
use crate::identity::Principal;
use crate::store::{Author, Change, FileReaders, FileRecord, FileState};
use portico_shared::cim::body::Attachment;
use portico_shared::cim::{EventName, MessageBody};
use portico_shared::frame::Draft;
use portico_shared::ids::FileId;

/// A message with a file of the relay.
pub(super) struct Attached {
    /// The message as it is appended.
    pub(super) draft: Draft,
    /// What binds the file, in the same transaction.
    pub(super) change: Change,
}

/// What becomes of a message that a customer or a contact-centre user posts; nothing if it has no file of the relay.
pub(super) async fn attach(
    services: &Services,
    state: &State,
    who: &Principal,
    name: &EventName,
    draft: &Draft,
) -> Result<Option<Attached>, Refusal> {
    let (Principal::Customer(_) | Principal::Staff(_), Some(url)) = (who, address(&draft.body)) else {
        return Ok(None);
    };
    let id = match files::target(&services.own, url) {
        Target::File(id) => id,
        Target::Nothing => return Err(no_file()),
        Target::Elsewhere => return Ok(None),
    };
    let file = own_file(services, state, who, &id).await?;
    if !kind(&draft.body).is_none_or(|kind| file.media_type.starts_with(kind)) {
        return Err(Refusal::invalid(format!("body.type: the file is {}", file.media_type)));
    }
    let mut draft = draft.clone();
    describe(&mut draft.body, &file);
    let keep_days = services
        .config
        .channels
        .get(&state.record.channel)
        .map(|channel| channel.files.keep_days);
    let change = Change::PostFile {
        file: id,
        owner: file.owner,
        conversation: state.record.id.clone(),
        readers: match name {
            EventName::WhisperMessage => FileReaders::Staff,
            _ => FileReaders::Everyone,
        },
        expires_at: keep_days
            .filter(|days| *days > 0)
            .map(|days| services.clock.now_ms().saturating_add(i64::from(days) * DAY_MS)),
    };
    Ok(Some(Attached { draft, change }))
}

/// A file that the sender may put into this conversation.
async fn own_file(services: &Services, state: &State, who: &Principal, id: &FileId) -> Result<FileRecord, Refusal> {
    let file = services.store.file(id).await?.ok_or_else(no_file)?;
    let is_here = match (file.state, &file.posted) {
        (FileState::Complete, _) => true,
        (FileState::Posted, Some(posted)) => posted.conversation == state.record.id,
        (FileState::Posted, None) | (FileState::Uploading | FileState::Deleted, _) => false,
    };
    let is_over = file.expires_at.is_some_and(|end| end <= services.clock.now_ms());
    let is_own = file.owner == Author(who.key()) && file.channel == state.record.channel;
    if is_here && is_own && !is_over {
        Ok(file)
    } else {
        Err(no_file())
    }
}

/// A file of another, one that is not whole and none at all are told apart by nothing.
fn no_file() -> Refusal {
    Refusal::invalid("body.attachment.mediaUrl: no such file of this sender, or not whole yet")
}

/// The beginning of the media types that a body is for; nothing if it is for all.
fn kind(body: &MessageBody) -> Option<&'static str> {
    match body {
        MessageBody::Image(_) => Some("image/"),
        MessageBody::Video(_) => Some("video/"),
        MessageBody::Audio(_) => Some("audio/"),
        _ => None,
    }
}

/// Where the file of a body is.
fn address(body: &MessageBody) -> Option<&str> {
    match body {
        MessageBody::Image(media)
        | MessageBody::Video(media)
        | MessageBody::Audio(media)
        | MessageBody::File(media)
        | MessageBody::Multimedia(media) => Some(&media.attachment.media_url),
        _ => None,
    }
}

/// Writes what the relay knows of a file over what a body says of it.
fn describe(body: &mut MessageBody, file: &FileRecord) {
    let (MessageBody::Image(media)
    | MessageBody::Video(media)
    | MessageBody::Audio(media)
    | MessageBody::File(media)
    | MessageBody::Multimedia(media)) = body
    else {
        return;
    };
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
    let said = std::mem::take(&mut media.attachment);
    media.attachment = Attachment {
        extra: said.extra,
        media_url: said.media_url,
        thumbnail: None,
        size: i64::try_from(file.size).ok(),
        media_label: Some(file.name.clone()),
        media_name: Some(file.name.clone()),
        mime_type: Some(file.media_type.clone()),
        kind: Some(file.media_type.clone()),
        ext_type: ending,
    };
}
