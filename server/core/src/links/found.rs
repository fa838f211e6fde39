//! Which links of what was appended are to have a preview.

use super::{Link, is_for_one_reader};
use crate::config::{Channel, LinkAuthor};
use crate::store::StoredEvent;
use portico_shared::cim::{CimMessage, EventName, Intent, MessageBody};
use portico_shared::ids::{ConversationId, MessageId};
use portico_shared::text::{first_page, is_page};

/// The longest address that has a preview, in bytes.
const MAX_URL_BYTES: usize = 2_048;

/// The links among events of a conversation that a channel wants previews of: of each message the address of its `URL`, or the
/// first link to a page in its text. A new text of a message is looked at like the message itself.
pub(crate) fn links_of<'e>(
    channel: &Channel,
    conversation: &'e ConversationId,
    events: &'e [StoredEvent],
) -> impl Iterator<Item = Link> + 'e {
    let authors = channel.link_previews.clone();
    let wanted = events.iter().filter(move |stored| {
        let author = author_of(&stored.event.name);
        author.is_some_and(|author| authors.contains(&author))
    });
    wanted.filter_map(move |stored| {
        let message = stored.event.message()?;
        Some(Link {
            conversation: conversation.clone(),
            message: shown_as(message),
            seq: stored.seq,
            url: url_of(message)?,
        })
    })
}

/// Who writes to the customer, or as the customer, by this event. What colleagues say among themselves is not asked of others.
fn author_of(name: &EventName) -> Option<LinkAuthor> {
    match name {
        EventName::AgentMessage => Some(LinkAuthor::Agent),
        EventName::BotMessage => Some(LinkAuthor::Bot),
        EventName::CustomerMessage => Some(LinkAuthor::Customer),
        _ => None,
    }
}

/// The message that readers see it as.
fn shown_as(message: &CimMessage) -> MessageId {
    let header = &message.header;
    let edited = header
        .original_message_id
        .as_ref()
        .filter(|_| header.intent == Some(Intent::Update));
    MessageId::new(edited.unwrap_or(&message.id).as_str())
}

fn url_of(message: &CimMessage) -> Option<String> {
    let url = match &message.body {
        MessageBody::Url(body) => Some(body.media_url.clone()).filter(|url| is_page(url)),
        MessageBody::Plain(_) => first_page(&message.text()?),
        _ => None,
    };
    url.filter(|url| url.len() <= MAX_URL_BYTES && !is_for_one_reader(url))
}
