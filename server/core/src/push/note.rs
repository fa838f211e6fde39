//! What a notification says. The site's worker shows it as it is (`public/embed/worker/main.js`).

use crate::config::{Channel, ChannelPush};
use crate::store::{PushRecord, Store, StoreError, StoredEvent};
use portico_shared::customer::CustomerData;
use portico_shared::frame::Range;
use portico_shared::ids::Seq;
use portico_shared::limits::MAX_PAGE;
use portico_shared::text::{parse, plain_text, says_nothing};
use portico_shared::visibility::view;
use serde_json::json;

/// Characters of a message's text that are told: what a desktop shows of one.
const TEXT_CHARS: usize = 140;

/// Characters of a channel's title that are told.
const TITLE_CHARS: usize = 100;

/// What a notification says, as JSON: its heading, its text, the page that a press opens, and what it replaces.
pub(super) async fn payload(store: &dyn Store, channel: &Channel, push: &PushRecord) -> Result<String, StoreError> {
    let said = match channel.push {
        ChannelPush::Text => text(store, push).await?,
        ChannelPush::Off | ChannelPush::Note => None,
    };
    let payload = json!({
        "title": beginning(&channel.widget.title, TITLE_CHARS),
        "body": said.unwrap_or_else(|| push.to.note.clone()),
        "page": push.to.page,
        "tag": super::topic(&push.key.conversation),
    });
    Ok(payload.to_string())
}

/// Who wrote the message and what, as its customer may see it; nothing if it has no text, or if it was edited or deleted since,
/// or more than one page of events came after it.
async fn text(store: &dyn Store, push: &PushRecord) -> Result<Option<String>, StoreError> {
    let (conversation, Seq(seq)) = (&push.key.conversation, push.key.seq);
    let page = store.page(conversation, Range::Before(Seq(seq + 1)), 1).await?;
    let event = page.events.into_iter().find(|stored| stored.seq == push.key.seq);
    let Some(CustomerData::Message(message)) = event.and_then(|stored| view(&stored.event)).map(|event| event.data)
    else {
        return Ok(None);
    };
    let text = message.text().map(|text| plain_text(&parse(&text))).unwrap_or_default();
    if says_nothing(&text) {
        return Ok(None);
    }
    let later = store.page(conversation, Range::After(push.key.seq), MAX_PAGE).await?;
    let through = later.events.last().map_or(push.key.seq, |stored| stored.seq);
    let changes = |stored: &StoredEvent| [stored.edited(), stored.deleted()].contains(&Some(message.id.as_str()));
    if through < later.head || later.events.iter().any(changes) {
        return Ok(None);
    }
    let text = beginning(&text, TEXT_CHARS);
    let name = message.header.sender.sender_name.trim();
    Ok(Some(if name.is_empty() {
        text
    } else {
        format!("{name}: {text}")
    }))
}

fn beginning(text: &str, chars: usize) -> String {
    let mut beginning: String = text.chars().take(chars).collect();
    if text.chars().nth(chars).is_some() {
        beginning.push('…');
    }
    beginning
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn only_the_beginning_of_a_text_is_told() {
        assert_eq!(beginning("Hello", 5), "Hello");
        assert_eq!(beginning("Hello, Zoë", 5), "Hello…");
    }
}
