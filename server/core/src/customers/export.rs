//! All that is known of one customer, as parts of an archive.
//!
//! It is made to be given to the customer: what is known about the customer, and nothing that colleagues, bots and apps say among
//! themselves. Of events and activities it has what the customer may see, by the same type as the chat itself ([`visibility::view`]),
//! of conversation data what the visitor or the page said, with the answers of the form before a chat, and of what was noted about the customer (identities, labels,
//! attributes, merges) all. What is left out, and why, says the manifest, which is the last part. Who exports is recorded before the
//! first one. It is no snapshot: what is said or erased meanwhile may be in it in part.

mod archive;
mod manifest;

pub use archive::{ExportError, Part};

use super::{no_customer, proven};
use crate::audit::Attribution;
use crate::clock::Clock;
use crate::conversation::Refusal;
use crate::files::{self, FileBytes};
use crate::store::{
    AuditAction, Change, ConversationRecord, FileRecord, Identity, MergeRecord, Profile, Store, StoreError,
};
use archive::Archive;
use futures_util::StreamExt;
use manifest::Manifest;
use portico_shared::cim::{CimEvent, EventData, well_known};
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, CustomerId, Seq};
use portico_shared::visibility;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// Conversations that are looked up at once.
const CONVERSATIONS: u32 = 50;

/// Events, or activities, that are read at once.
const EVENTS: u32 = 200;

/// Where an export comes from.
#[derive(Clone)]
pub struct Source {
    /// What is known.
    pub store: Arc<dyn Store>,
    /// Where the bytes of files lie.
    pub bytes: Arc<dyn FileBytes>,
    /// Now.
    pub clock: Arc<dyn Clock>,
}

/// An export that is recorded and may be written.
pub struct Export {
    source: Source,
    customer: CustomerId,
}

impl Export {
    /// Records that somebody exports a customer.
    ///
    /// # Errors
    /// Nothing is known of the customer, or the store did not take the record.
    pub async fn begin(source: Source, by: &Attribution, customer: CustomerId) -> Result<Self, Refusal> {
        if !source.store.is_known(&customer).await? {
            return Err(no_customer());
        }
        let exported = by.on_customer(AuditAction::Exported, &customer);
        source.store.apply(vec![Change::Audit(Box::new(exported))]).await?;
        Ok(Self { source, customer })
    }

    /// Writes it. An archive whose last part is not [`Part::End`] is not whole.
    ///
    /// # Errors
    /// The store or a file could not be read, or nobody takes the parts any more.
    pub async fn write(self, to: Sender<Part>) -> Result<(), ExportError> {
        let mut archive = Archive::new(to);
        self.profile(&mut archive).await?;
        self.activities(&mut archive).await?;
        self.conversations(&mut archive).await?;
        let unreadable = self.files(&mut archive).await?;
        let manifest = Manifest {
            customer: &self.customer,
            made_at: self.source.clock.now_ms(),
            files: archive.listed(),
            missing: unreadable.missing,
            incomplete: unreadable.incomplete,
        };
        archive.document("manifest.json", &manifest.to_json()).await?;
        archive.end().await
    }

    async fn profile(&self, archive: &mut Archive) -> Result<(), ExportError> {
        let merges: Vec<Value> = self.merges().await?.into_iter().map(described_merge).collect();
        let shown = self.source.store.profile(&self.customer).await?;
        let own = shown.iter().flat_map(Profile::parts);
        let own = own.into_iter().find(|part| part.customer.id == self.customer.as_str());
        let document = json!({
            "id": self.customer,
            "record": own.map(|part| &part.customer),
            "identities": own.map(identities).unwrap_or_default(),
            "labels": own.map(|part| &*part.labels).unwrap_or_default(),
            "attributes": own.map(|part| part.attributes.clone()).unwrap_or_default(),
            "merges": merges,
        });
        archive.document("customer.json", &document).await
    }

    async fn merges(&self) -> Result<Vec<MergeRecord>, StoreError> {
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let found = self.source.store.merges_of(&self.customer, before).await?;
            let Some(last) = found.last() else {
                return Ok(all);
            };
            before = Some(last.number);
            all.extend(found);
        }
    }

    /// What apps reported beside conversations, for the customer to see.
    async fn activities(&self, archive: &mut Archive) -> Result<(), ExportError> {
        archive.begin("activities.ndjson").await?;
        let mut before = None;
        loop {
            let store = &self.source.store;
            let found = store.earlier_activities(&self.customer, before, EVENTS).await?;
            let Some((last, _)) = found.last() else {
                return Ok(());
            };
            before = Some(*last);
            for (_, activity) in &found {
                if let Some(seen) = visibility::view(activity) {
                    archive.line(&json!(seen).to_string()).await?;
                }
            }
        }
    }

    async fn conversations(&self, archive: &mut Archive) -> Result<(), ExportError> {
        let mut last: Option<ConversationId> = None;
        loop {
            let store = &self.source.store;
            let found = store
                .earlier_conversations(&self.customer, last.as_ref(), CONVERSATIONS)
                .await?;
            let Some(end) = found.last().map(|record| record.id.clone()) else {
                return Ok(());
            };
            for record in &found {
                self.conversation(archive, record).await?;
            }
            last = Some(end);
        }
    }

    async fn conversation(&self, archive: &mut Archive, record: &ConversationRecord) -> Result<(), ExportError> {
        let folder = format!("conversations/{}", record.id);
        let document = described(record);
        archive
            .document(&format!("{folder}/conversation.json"), &document)
            .await?;
        let prechat = self.events(archive, record, &folder).await?;
        match prechat {
            Some(form) => archive.document(&format!("{folder}/prechat.json"), &form).await,
            None => Ok(()),
        }
    }

    /// What the customer may see of a conversation. Answers the form that it filled before, which the chat shows to agents alone.
    async fn events(
        &self,
        archive: &mut Archive,
        record: &ConversationRecord,
        folder: &str,
    ) -> Result<Option<Value>, ExportError> {
        archive.begin(&format!("{folder}/events.ndjson")).await?;
        let (mut read, mut prechat) = (Seq::START, None);
        loop {
            let store = &self.source.store;
            let page = store.page(&record.id, Range::After(read), EVENTS).await?;
            let Some(last) = page.events.last().map(|stored| stored.seq) else {
                return Ok(prechat);
            };
            for stored in &page.events {
                if let Some(event) = visibility::view(&stored.whole()) {
                    let line = json!({ "seq": stored.seq, "event": event });
                    archive.line(&line.to_string()).await?;
                }
                prechat = prechat.or_else(|| filled_before(&stored.event));
            }
            read = last;
        }
    }

    /// Files, and which of those that are listed cannot be read.
    async fn files(&self, archive: &mut Archive) -> Result<Unreadable, ExportError> {
        let files = self.source.store.files_of_customer(&self.customer).await?;
        let documents: Vec<Value> = files.iter().map(described_file).collect();
        archive.document("files.json", &json!(documents)).await?;
        let mut unreadable = Unreadable::default();
        for file in &files {
            match self.file(archive, file).await? {
                0 if file.size > 0 => unreadable.missing.push(path_of(file)),
                read if read < file.size => unreadable.incomplete.push(path_of(file)),
                _ => {}
            }
        }
        Ok(unreadable)
    }

    /// As much of a file as can be read, and how many bytes that are. A file whose time has just ended, that a restored store knows
    /// without its bytes, or that the place of files does not give in full, holds up no other.
    async fn file(&self, archive: &mut Archive, file: &FileRecord) -> Result<u64, ExportError> {
        let mut bytes = files::read(Arc::clone(&self.source.bytes), file);
        let mut read = 0;
        if file.size == 0 {
            archive.begin(&path_of(file)).await?;
        }
        while let Some(more) = bytes.next().await {
            match more {
                Ok(more) => {
                    if read == 0 {
                        archive.begin(&path_of(file)).await?;
                    }
                    read += more.len() as u64;
                    archive.add(more).await?;
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, file.id = %file.id, "a file is not whole in an export");
                    break;
                }
            }
        }
        Ok(read)
    }
}

/// Paths of files that are listed and not there as a whole.
#[derive(Default)]
struct Unreadable {
    /// They are not in the archive.
    missing: Vec<String>,
    /// Their beginning is.
    incomplete: Vec<String>,
}

fn described_merge(record: MergeRecord) -> Value {
    json!({
        "customer": record.merge.customer,
        "into": record.merge.into,
        "at": record.merge.at,
        "undone_at": record.undone_at,
    })
}

/// What the customer is known by, and who says so.
fn identities(part: &Profile) -> Vec<Value> {
    let all = proven(&part.customer).chain(part.identities.iter().cloned());
    let told = all.map(|identity: Identity| {
        json!({
            "channel": identity.channel,
            "identifier": identity.identifier,
            "said_by": identity.said_by,
            "said_at": identity.said_at,
        })
    });
    told.collect()
}

/// The answers of a pre-chat form, if the event is one. No app can send in the name of the form.
fn filled_before(event: &CimEvent) -> Option<Value> {
    match &event.data {
        EventData::Message(message) if message.header.sender.id == well_known::WIDGET_PRECHAT_FORM_ID => {
            serde_json::to_value(&message.body).ok()
        }
        _ => None,
    }
}

/// A conversation, with what the visitor and the page have stated in it. What bots and apps noted there is for the team, and how the
/// conversation is routed is no word about the customer.
fn described(record: &ConversationRecord) -> Value {
    let session = record.channel_session.json();
    let session: Value = serde_json::from_str(session).unwrap_or_default();
    let is_own = |(key, _): &(&String, &Value)| record.visitor_keys.contains(*key);
    let visitor_data: Map<String, Value> = (record.data.iter().filter(is_own))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    json!({
        "id": record.id,
        "channel": record.channel,
        "state": record.state,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "consent": record.consent,
        "survey": record.survey.as_ref().map(|survey| json!({ "seq": survey.seq, "message": survey.message })),
        "visitor_data": visitor_data,
        "channel_data": session.get("channelData"),
    })
}

fn described_file(file: &FileRecord) -> Value {
    json!({
        "id": file.id,
        "path": path_of(file),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "conversation": file.posted.as_ref().map(|posted| &posted.conversation),
        "created_at": file.created_at,
        "expires_at": file.expires_at,
    })
}

/// Where a file lies in the archive. Names were cleaned when files were announced; here they must lead out of no folder
/// whatever a store has.
fn path_of(file: &FileRecord) -> String {
    let is_separator = |char: char| matches!(char, '/' | '\\' | ':') || char.is_control();
    let name = file.name.replace(is_separator, "_");
    format!("files/{}-{name}", file.id)
}
