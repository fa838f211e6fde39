//! Outbox entries as JSON in the host's storage. A record of an older version is read, one of a newer version is left
//! to the newer program in the other tab, and what cannot be read is dropped: storage belongs to the visitor.

use super::{Entry, Stage, What};
use crate::Record;
use crate::backoff::Backoff;
use crate::row::Unsent;
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, Draft, RefusalCode};
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The version that is written.
const VERSION: u64 = 1;

/// Orders are times; one past the year 10000 is damage, and would leave no room for later entries.
const LATEST_ORDER: i64 = 253_402_300_800_000;

/// What a record turned out to be.
pub(super) enum Reading {
    Entry(Entry),
    /// Of a newer program.
    Newer,
    /// Of nobody.
    Useless,
}

pub(super) fn key(client_id: &ClientId) -> String {
    format!("outbox.{client_id}")
}

pub(super) fn remove(entry: &Entry) -> Record {
    Record::Remove {
        key: key(&entry.client_id),
    }
}

pub(super) fn put(entry: &Entry) -> Record {
    let mut value = json!({ "version": VERSION, "order": entry.order, "restarts": entry.restarts });
    if let Some(conversation) = &entry.conversation {
        value["conversation"] = Value::from(conversation.as_str());
    }
    if let Stage::Failed(code, message) = &entry.stage {
        value["failed"] = json!({ "code": code.as_str(), "message": message });
    }
    match &entry.what {
        What::Begin(data) => value["begin"] = Value::Object(data.clone()),
        What::Post(unsent) => value["post"] = write_post(unsent),
        What::End => value["end"] = Value::Bool(true),
        What::Leave => value["leave"] = Value::Bool(true),
    }
    Record::Put {
        key: key(&entry.client_id),
        json: value.to_string(),
    }
}

/// What a post's record becomes for a moment once the relay has stored the post.
pub(super) fn stored(client_id: &ClientId, conversation: &ConversationId, seq: Seq) -> Record {
    let value = json!({ "version": VERSION, "stored": seq.0, "conversation": conversation.as_str() });
    Record::Put {
        key: key(client_id),
        json: value.to_string(),
    }
}

/// Reads what [`stored`] wrote.
pub(super) fn read_stored(text: &str) -> Option<(ConversationId, Seq)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let seq = value.get("stored")?.as_u64()?;
    Some((ConversationId::parse(value.get("conversation")?.as_str()?)?, Seq(seq)))
}

pub(super) fn read(record_key: &str, text: &str) -> Reading {
    let Ok(Value::Object(value)) = serde_json::from_str(text) else {
        return Reading::Useless;
    };
    if value
        .get("version")
        .and_then(Value::as_u64)
        .is_some_and(|version| version > VERSION)
    {
        return Reading::Newer;
    }
    match read_entry(record_key, value) {
        Some(entry) => Reading::Entry(entry),
        None => Reading::Useless,
    }
}

fn read_entry(record_key: &str, mut value: Map<String, Value>) -> Option<Entry> {
    let client_id = ClientId::parse(record_key.strip_prefix("outbox.")?)?;
    let order = value
        .get("order")?
        .as_i64()
        .filter(|order| (0..LATEST_ORDER).contains(order))?;
    let conversation = match value.get("conversation") {
        Some(id) => Some(ConversationId::parse(id.as_str()?)?),
        None => None,
    };
    let what = if let Some(post) = value.remove("post") {
        What::Post(Arc::new(read_post(client_id.clone(), order, post)?))
    } else if let Some(Value::Object(data)) = value.remove("begin") {
        What::Begin(data)
    } else if value.contains_key("end") {
        What::End
    } else if value.contains_key("leave") {
        What::Leave
    } else {
        return None;
    };
    if conversation.is_none() && matches!(what, What::End | What::Leave) {
        return None;
    }
    let stage = match value.get("failed") {
        Some(failed) => Stage::Failed(
            RefusalCode::parse(failed["code"].as_str()?),
            failed["message"].as_str()?.to_owned(),
        ),
        None => Stage::Waiting(0),
    };
    let restarts = value
        .get("restarts")
        .and_then(Value::as_u64)
        .and_then(|count| u32::try_from(count).ok())?;
    Some(Entry {
        client_id,
        conversation,
        order,
        what,
        stage,
        restarts,
        tried: false,
        backoff: Backoff::default(),
    })
}

fn write_post(unsent: &Unsent) -> Value {
    let draft = &unsent.draft;
    json!({
        "audience": match unsent.audience {
            Audience::Everyone => "everyone",
            Audience::Agents => "agents",
        },
        "at": unsent.at_ms,
        "body": draft.body.encode(),
        "intent": draft.intent,
        "entities": draft.entities,
        "original_message_id": draft.original_message_id.as_ref().map(MessageId::as_str),
        "additional_data": draft.additional_data,
        "language": draft.language,
    })
}

fn read_post(client_id: ClientId, order: i64, mut post: Value) -> Option<Unsent> {
    let audience = match post["audience"].as_str()? {
        "everyone" => Audience::Everyone,
        "agents" => Audience::Agents,
        _ => return None,
    };
    let draft = Draft {
        body: MessageBody::decode(post.get_mut("body")?.take()).ok()?,
        intent: post["intent"].as_str().map(str::to_owned),
        entities: read_map(&mut post, "entities"),
        original_message_id: post["original_message_id"].as_str().and_then(MessageId::parse),
        additional_data: read_map(&mut post, "additional_data"),
        language: read_map(&mut post, "language"),
    };
    let at_ms = post["at"].as_i64().unwrap_or(order);
    Some(Unsent {
        client_id,
        draft,
        audience,
        at_ms,
    })
}

fn read_map(post: &mut Value, key: &str) -> Option<Map<String, Value>> {
    match post.get_mut(key).map(Value::take) {
        Some(Value::Object(map)) => Some(map),
        _ => None,
    }
}
