//! All that is known of one customer, as parts of an archive.
//!
//! It is made to be given to the customer, so of conversations it has what the customer may see, by the same type as the chat itself
//! ([`visibility::view`]), and beside that what was noted of the customer. What is left out, and why, says the manifest, which is the
//! last part. Who exports is recorded before the first one. It is no snapshot: what is said or erased meanwhile may be in it in part.

mod archive;
mod manifest;

pub use archive::{ExportError, Part};

use super::{no_customer, proven};
use crate::audit::Attribution;
use crate::clock::Clock;
use crate::conversation::Refusal;
use crate::files::{self, FileBytes};
use crate::store::{AuditAction, Change, ConversationRecord, FileRecord, Identity, Profile, Store};
use archive::Archive;
use futures_util::StreamExt;
use manifest::Manifest;
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, CustomerId, Seq};
use portico_shared::visibility;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// Conversations that are looked up at once.
const CONVERSATIONS: u32 = 50;

/// Events that are read at once.
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
        let missing = self.files(&mut archive).await?;
        let manifest = Manifest {
            customer: &self.customer,
            made_at: self.source.clock.now_ms(),
            files: archive.listed(),
            missing,
        };
        archive.document("manifest.json", &manifest.to_json()).await?;
        archive.end().await
    }

    async fn profile(&self, archive: &mut Archive) -> Result<(), ExportError> {
        let store = &self.source.store;
        let merges = store.merges_of(&self.customer).await?.into_iter().map(|record| {
            json!({
                "customer": record.merge.customer,
                "into": record.merge.into,
                "at": record.merge.at,
                "undone_at": record.undone_at,
            })
        });
        let merges: Vec<Value> = merges.collect();
        let shown = store.profile(&self.customer).await?;
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

    /// What apps reported beside conversations.
    async fn activities(&self, archive: &mut Archive) -> Result<(), ExportError> {
        let reported = self
            .source
            .store
            .activities_of_customer(&self.customer, i64::MAX, u32::MAX)
            .await?;
        archive.begin("activities.ndjson").await?;
        for activity in reported {
            archive.line(&activity.to_json()).await?;
        }
        Ok(())
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
        archive.begin(&format!("{folder}/events.ndjson")).await?;
        let mut read = Seq::START;
        loop {
            let store = &self.source.store;
            let page = store.page(&record.id, Range::After(read), EVENTS).await?;
            let Some(last) = page.events.last().map(|stored| stored.seq) else {
                return Ok(());
            };
            for stored in &page.events {
                if let Some(event) = visibility::view(&stored.whole()) {
                    let line = json!({ "seq": stored.seq, "event": event });
                    archive.line(&line.to_string()).await?;
                }
            }
            read = last;
        }
    }

    /// Files, and those that are listed and cannot be read.
    async fn files(&self, archive: &mut Archive) -> Result<Vec<String>, ExportError> {
        let files = self.source.store.files_of_customer(&self.customer).await?;
        let documents: Vec<Value> = files.iter().map(described_file).collect();
        archive.document("files.json", &json!(documents)).await?;
        let mut missing = Vec::new();
        for file in &files {
            let path = path_of(file);
            let mut bytes = files::read(Arc::clone(&self.source.bytes), file);
            // A file whose time has just ended, or that a restored store knows without its bytes, holds up no other.
            let first = match bytes.next().await {
                Some(Ok(first)) => first,
                Some(Err(_)) | None => {
                    missing.push(path);
                    continue;
                }
            };
            archive.begin(&path).await?;
            archive.add(first).await?;
            while let Some(more) = bytes.next().await {
                archive.add(more?).await?;
            }
        }
        Ok(missing)
    }
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

/// A conversation, with what the page, forms, bots and apps have stated in it. How it is routed is no word about the customer.
fn described(record: &ConversationRecord) -> Value {
    let session = record.channel_session.json();
    let session: Value = serde_json::from_str(session).unwrap_or_default();
    json!({
        "id": record.id,
        "channel": record.channel,
        "state": record.state,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "consent": record.consent,
        "survey": record.survey.as_ref().map(|survey| json!({ "seq": survey.seq, "message": survey.message })),
        "conversation_data": record.data,
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
