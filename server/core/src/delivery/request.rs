//! What a bot is told about an event.

use crate::bot::{BotRequest, BotRequestKind};
use crate::store::{DeliveryRecord, Store, StoreError};
use portico_shared::cim::{CimEvent, EventData, EventName};
use portico_shared::frame::Range;
use portico_shared::ids::Seq;
use portico_shared::visibility::{Viewer, is_visible};
use serde_json::{Value, json};

/// The request of a delivery; nothing if the bot may not see the event after all.
pub(super) async fn build(store: &dyn Store, delivery: &DeliveryRecord) -> Result<Option<BotRequest>, StoreError> {
    let before = Seq(delivery.seq.0.saturating_sub(1));
    let page = store.page(&delivery.conversation, Range::After(before), 1).await?;
    let Some(stored) = page.events.into_iter().find(|stored| stored.seq == delivery.seq) else {
        let missing = format!("{} has no event at {}", delivery.conversation, delivery.seq);
        return Err(StoreError::Damaged(missing));
    };
    Ok(is_visible(Viewer::Bot, &stored.event).then(|| request(delivery, &stored.whole())))
}

fn request(delivery: &DeliveryRecord, event: &CimEvent) -> BotRequest {
    let base = BotRequest {
        delivery: format!("{}:{}", delivery.conversation, delivery.seq),
        conversation: delivery.conversation.clone(),
        kind: BotRequestKind::Intent,
        message: intent(&event.name).to_owned(),
        entities: entities(event),
        metadata: Value::Null,
    };
    match (&event.name, &event.data) {
        (EventName::CustomerMessage, EventData::Message(message)) => BotRequest {
            kind: BotRequestKind::Message,
            // A pressed button says its payload: that, and not its title, is what the bot gave it to say.
            message: match &message.header.intent {
                Some(intent) => intent.as_str().to_owned(),
                None => message.text().map(std::borrow::Cow::into_owned).unwrap_or_default(),
            },
            entities: message.header.entities.clone().map_or(Value::Null, Value::Object),
            metadata: serde_json::to_value(message.as_ref()).unwrap_or(Value::Null),
            ..base
        },
        (
            EventName::ChannelSessionEnded
            | EventName::ChannelSessionExpired
            | EventName::BotUnsubscribed
            | EventName::CustomerDataErased,
            _,
        ) => BotRequest {
            kind: BotRequestKind::Farewell,
            ..base
        },
        _ => base,
    }
}

/// What the connector contract calls an event. A bot is let go when its conversation is over, and told so.
fn intent(name: &EventName) -> &str {
    match name {
        EventName::BotUnsubscribed => "END_CONVERSATION",
        other => other.as_str(),
    }
}

/// `{channelSession}` and what the event carries, as the connector contract has it.
fn entities(event: &CimEvent) -> Value {
    let encoded = serde_json::to_value(event).unwrap_or(Value::Null);
    let data = encoded.get("data").cloned().unwrap_or(Value::Null);
    match event.data {
        EventData::ChannelSession(_) => json!({ "channelSession": data }),
        _ => data,
    }
}
