//! Outbox entries as JSON in the host's storage. A record of an older version is read, one of a newer version is left
//! to the newer program in the other tab, and what cannot be read is dropped: storage belongs to the visitor.

use super::{KEPT_FOR_MS, OutboxEntry, Request, Stage};
use crate::Record;
use crate::backoff::Backoff;
use crate::entry::Unsent;
use portico_shared::frame::{Audience, Draft, RefusalCode};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::json::{Map, Value, text_of};
use portico_shared::role::ClientRole;
use std::sync::Arc;

/// The version that is written.
const VERSION: i64 = 1;

/// Orders are times; one past the year 10000 is damage, and would leave no room for later entries.
const LATEST_ORDER: i64 = 253_402_300_800_000;

/// What a record turned out to be.
pub(super) enum Reading<R: ClientRole> {
    Entry(OutboxEntry<R>),
    /// Of a newer program.
    Newer,
    /// Damaged, or of no use to any version.
    Useless,
}

pub(super) fn key(client_id: &ClientId) -> String {
    Record::key_of(client_id)
}

pub(super) fn remove<R: ClientRole>(entry: &OutboxEntry<R>) -> Record {
    Record::Remove {
        key: key(&entry.client_id),
    }
}

pub(super) fn put<R: ClientRole>(entry: &OutboxEntry<R>) -> Record {
    let mut map = versioned();
    put_in(&mut map, "order", entry.order);
    put_in(&mut map, "restarts", entry.restarts);
    if let Some(conversation) = &entry.conversation {
        put_in(&mut map, "conversation", conversation.as_str());
    }
    if let Stage::Failed(code, message) = &entry.stage {
        put_in(&mut map, "failed", code.as_str());
        put_in(&mut map, "message", message.as_str());
    }
    match &entry.request {
        Request::Begin(data, form) => {
            put_in(&mut map, "begin", data.clone());
            if let Some(form) = form {
                put_in(&mut map, "form", portico_shared::json::to_map(form));
            }
        }
        Request::Post(unsent) => {
            put_in(&mut map, "post", portico_shared::json::to_map(&unsent.draft));
            put_in(&mut map, "whisper", unsent.audience == Audience::Agents);
            put_in(&mut map, "at", unsent.at_ms);
        }
        Request::End => put_in(&mut map, "end", true),
        Request::Leave => put_in(&mut map, "leave", true),
        Request::Place(_) => put_in(&mut map, "place", true),
    }
    record(&entry.client_id, map)
}

/// What a post's record becomes for a moment once the relay has stored the post.
pub(super) fn stored(client_id: &ClientId, conversation: &ConversationId, seq: Seq) -> Record {
    let mut map = versioned();
    put_in(&mut map, "stored", seq.0);
    put_in(&mut map, "conversation", conversation.as_str());
    record(client_id, map)
}

fn versioned() -> Map {
    let mut map = Map::new();
    put_in(&mut map, "version", VERSION);
    map
}

fn put_in(map: &mut Map, key: &str, value: impl Into<Value>) {
    map.insert(key.to_owned(), value.into());
}

fn record(client_id: &ClientId, map: Map) -> Record {
    Record::Put {
        key: key(client_id),
        json: text_of(&Value::Object(map)),
    }
}

/// Reads what [`stored`] wrote.
pub(super) fn read_stored(text: &str) -> Option<(ConversationId, Seq)> {
    let value: Value = portico_shared::json::parse(text).ok()?;
    let seq = value.get("stored")?.as_u64()?;
    Some((ConversationId::parse(value.get("conversation")?.as_str()?)?, Seq(seq)))
}

pub(super) fn read<R: ClientRole>(record_key: &str, text: &str) -> Reading<R> {
    let Ok(Value::Object(map)) = portico_shared::json::parse(text) else {
        return Reading::Useless;
    };
    if number(&map, "version").is_some_and(|version| version > VERSION) {
        return Reading::Newer;
    }
    match read_entry(record_key, map) {
        Some(entry) => Reading::Entry(entry),
        None => Reading::Useless,
    }
}

fn read_entry<R: ClientRole>(record_key: &str, mut map: Map) -> Option<OutboxEntry<R>> {
    let client_id = ClientId::parse(record_key.strip_prefix("outbox.")?)?;
    let order = number(&map, "order").filter(|order| (0..LATEST_ORDER).contains(order))?;
    let restarts = number(&map, "restarts").and_then(|count| u32::try_from(count).ok())?;
    let conversation = match map.get("conversation") {
        Some(id) => Some(ConversationId::parse(id.as_str()?)?),
        None => None,
    };
    let stage = match map.get("failed") {
        Some(code) => Stage::Failed(
            RefusalCode::parse(code.as_str()?),
            map.get("message")?.as_str()?.to_owned(),
        ),
        None => Stage::Waiting(0),
    };
    let request = read_request(&client_id, order, &mut map)?;
    if conversation.is_none() && matches!(request, Request::End | Request::Leave) {
        return None;
    }
    Some(OutboxEntry {
        client_id,
        conversation,
        order,
        request,
        stage,
        restarts,
        tried: false,
        is_left: true,
        backoff: Backoff::default(),
    })
}

fn read_request<R: ClientRole>(client_id: &ClientId, order: i64, map: &mut Map) -> Option<Request<R>> {
    if let Some(post) = map.remove("post") {
        let whisper = map.get("whisper").and_then(Value::as_bool)?;
        return Some(Request::Post(Arc::new(Unsent {
            client_id: client_id.clone(),
            draft: portico_shared::json::from_value::<Draft<R::Body>>(post).ok()?.into(),
            audience: if whisper { Audience::Agents } else { Audience::Everyone },
            at_ms: number(map, "at").unwrap_or(order),
        })));
    }
    match map.remove("begin") {
        Some(Value::Object(data)) => {
            let form = match map.remove("form") {
                Some(form) => Some(Box::new(portico_shared::json::from_value(form).ok()?)),
                None => None,
            };
            Some(Request::Begin(data, form))
        }
        Some(_) => None,
        None if map.contains_key("end") => Some(Request::End),
        None if map.contains_key("place") => Some(Request::Place(KEPT_FOR_MS)),
        None => map.contains_key("leave").then_some(Request::Leave),
    }
}

fn number(map: &Map, key: &str) -> Option<i64> {
    map.get(key)?.as_i64()
}
