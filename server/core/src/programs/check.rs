//! What a program may be.

use super::{ProgramError, Programs};
use crate::delivery::MAX_BOT_SECONDS;
use crate::identity::people::is_name;
use crate::identity::scope;
use crate::store::{CredentialKind, ProgramRecord};
use portico_shared::http::ProgramKind;
use portico_shared::ids::ParticipantId;

/// Longest address of a webhook, in bytes.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// Longest time that a customer waits for a bot, in seconds: a day.
const MAX_ANSWER_SECONDS: u64 = 24 * 60 * 60;

/// Which addresses a registered program may name for its webhook.
pub trait WebhookRules: Send + Sync + 'static {
    /// Refuses one that is not called, with the reason.
    ///
    /// # Errors
    /// It is no address, or leads to where the relay does not call.
    fn check(&self, address: &str) -> Result<(), String>;
}

impl Programs {
    /// The id, if it can be a new program's: nobody has it, and no key of an earlier one would become its own.
    pub(super) async fn free_id(&self, text: &str) -> Result<ParticipantId, ProgramError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let id = ParticipantId::parse(text).filter(|_| text.bytes().all(is_plain));
        let id = id.ok_or_else(|| ProgramError::Id(text.to_owned()))?;
        let taken = |why| ProgramError::Taken {
            id: text.to_owned(),
            why,
        };
        if self.config.bots.contains_key(text) {
            return Err(taken("is a bot of the configuration"));
        }
        if self.directory.program(&id).is_some() {
            return Err(taken("is registered already"));
        }
        // Who takes part in a conversation is known there by its id alone.
        if self.store.user(&id).await?.is_some() {
            return Err(taken("is the id of a contact-centre user"));
        }
        for kind in [CredentialKind::Bot, CredentialKind::App] {
            if !self.store.keys(kind, &id).await?.is_empty() {
                return Err(taken("has keys that were made by hand: revoke them first"));
            }
        }
        Ok(id)
    }

    /// Refuses what a program cannot be, and puts its lists in order.
    pub(super) fn check(&self, record: &mut ProgramRecord) -> Result<(), ProgramError> {
        for list in [&mut record.scopes, &mut record.channels] {
            list.sort_unstable();
            list.dedup();
        }
        if !is_name(&record.name) {
            return Err(ProgramError::Name(record.name.clone()));
        }
        scope::check(credential_kind(record.kind), &record.scopes)?;
        for channel in &record.channels {
            self.check_channel(record, channel)?;
        }
        if let Some(address) = &record.webhook {
            self.check_webhook(record.kind, address)?;
        }
        if !(1..=MAX_BOT_SECONDS).contains(&record.timeout_seconds) {
            let problem = format!("timeout_seconds: from 1 to {MAX_BOT_SECONDS}");
            return Err(ProgramError::Bound(problem));
        }
        if !(1..=MAX_ANSWER_SECONDS).contains(&record.answer_seconds) {
            let problem = format!("answer_seconds: from 1 to {MAX_ANSWER_SECONDS}");
            return Err(ProgramError::Bound(problem));
        }
        Ok(())
    }

    /// A channel has one bot, and the configuration has the first word about which.
    fn check_channel(&self, record: &ProgramRecord, channel: &str) -> Result<(), ProgramError> {
        let wrong = |why: String| ProgramError::Channel {
            channel: channel.to_owned(),
            why,
        };
        if !self.config.channels.contains_key(channel) {
            return Err(wrong("no such channel".to_owned()));
        }
        if record.kind == ProgramKind::App {
            return Ok(());
        }
        match self.directory.claimed_by(channel) {
            Some(other) if other != record.id => Err(wrong(format!("its bot is {:?}", other.as_str()))),
            Some(_) | None => Ok(()),
        }
    }

    fn check_webhook(&self, kind: ProgramKind, address: &str) -> Result<(), ProgramError> {
        if kind == ProgramKind::App {
            return Err(ProgramError::Webhook("an app is not called".to_owned()));
        }
        if address.len() > MAX_ADDRESS_BYTES {
            return Err(ProgramError::Webhook(format!("at most {MAX_ADDRESS_BYTES} bytes")));
        }
        self.webhooks.check(address).map_err(ProgramError::Webhook)
    }
}

/// What a key of such a program is.
pub(super) fn credential_kind(kind: ProgramKind) -> CredentialKind {
    match kind {
        ProgramKind::Bot => CredentialKind::Bot,
        ProgramKind::App => CredentialKind::App,
    }
}
