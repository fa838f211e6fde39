//! Keys and secrets of programs, and programs as lists show them.

use super::check::credential_kind;
use super::{MOST_LIVE, ProgramError, Programs, records};
use crate::audit::Attribution;
use crate::config;
use crate::identity::secret::{self, SecretKind};
use crate::identity::staff_session::{new_key, revocation};
use crate::store::{Change, CredentialKind, CredentialRecord, ProgramRecord, WebhookSecret};
use portico_shared::http::{IssuedKey, IssuedSecret, ProgramEntry, ProgramKey, ProgramKind, ProgramSecret};
use portico_shared::ids::ParticipantId;

impl Programs {
    /// Makes a key beside the one that there is.
    ///
    /// # Errors
    /// There is no such registered program, it has two live keys, or the store did not take it.
    pub async fn rotate_key(&self, id: &str, by: &Attribution) -> Result<IssuedKey, ProgramError> {
        let turn = self.turn().await;
        let record = self.known(id)?;
        if self.keys_of(&record).await?.len() >= MOST_LIVE {
            let problem = format!("a program has at most {MOST_LIVE} live keys: retire one first");
            return Err(ProgramError::Full(problem));
        }
        let (issued, changes) = key_of(by, &record)?;
        self.write(turn, changes).await?;
        tracing::info!(program.id = id, key.prefix = %issued.prefix, by = %by.actor, "a key of a program was made");
        Ok(issued)
    }

    /// Takes a key back. Requests with it are refused from now on, and its sockets close within seconds.
    ///
    /// # Errors
    /// There is no such registered program, it has no such live key, or the store did not take it.
    pub async fn retire_key(&self, id: &str, prefix: &str, by: &Attribution) -> Result<(), ProgramError> {
        let turn = self.turn().await;
        let record = self.registered(id)?;
        let live = self.keys_of(&record).await?;
        let key = live.into_iter().find(|key| key.prefix.as_deref() == Some(prefix));
        let key = key.ok_or(ProgramError::NoSuch("key"))?;
        self.write(turn, revocation(by, key)).await?;
        tracing::info!(
            program.id = id,
            key.prefix = prefix,
            by = %by.actor,
            "a key of a program was retired"
        );
        Ok(())
    }

    /// Makes a secret beside the one that there is; calls are signed with both from now on.
    ///
    /// # Errors
    /// There is no such registered bot with a webhook, it has two live secrets, or the store did not take it.
    pub async fn rotate_secret(&self, id: &str, by: &Attribution) -> Result<IssuedSecret, ProgramError> {
        let turn = self.turn().await;
        let mut record = (*self.known(id)?).clone();
        if record.webhook.is_none() {
            return Err(ProgramError::Webhook("there is none, so nothing is signed".to_owned()));
        }
        let issued = self.add_secret(by, &mut record)?;
        let added = records::secret_added(by, &record, &issued.id);
        self.write(turn, vec![Change::Program(Box::new(record)), added]).await?;
        tracing::info!(program.id = id, secret.id = %issued.id, by = %by.actor, "a secret of a program was made");
        Ok(issued)
    }

    /// Signs no call with a secret any more.
    ///
    /// # Errors
    /// There is no such registered program, it has no such secret or no other one, or the store did not take it.
    pub async fn retire_secret(&self, id: &str, secret: &str, by: &Attribution) -> Result<(), ProgramError> {
        let turn = self.turn().await;
        let mut record = (*self.known(id)?).clone();
        let at = record.secrets.iter().position(|live| live.id == secret);
        let at = at.ok_or(ProgramError::NoSuch("secret"))?;
        if record.secrets.len() == 1 && record.webhook.is_some() {
            return Err(ProgramError::LastSecret);
        }
        let retired = record.secrets.remove(at);
        let retired = records::secret_retired(by, &record, &retired);
        self.write(turn, vec![Change::Program(Box::new(record)), retired])
            .await?;
        tracing::info!(
            program.id = id,
            secret.id = secret,
            by = %by.actor,
            "a secret of a program was retired"
        );
        Ok(())
    }

    /// Gives a bot that is called, and has none, the secret that its calls are signed with.
    pub(super) fn sign_calls(
        &self,
        by: &Attribution,
        record: &mut ProgramRecord,
    ) -> Result<Option<IssuedSecret>, ProgramError> {
        if record.webhook.is_none() || !record.secrets.is_empty() {
            return Ok(None);
        }
        self.add_secret(by, record).map(Some)
    }

    fn add_secret(&self, by: &Attribution, record: &mut ProgramRecord) -> Result<IssuedSecret, ProgramError> {
        if record.secrets.len() >= MOST_LIVE {
            let problem = format!("a program has at most {MOST_LIVE} live secrets: retire one first");
            return Err(ProgramError::Full(problem));
        }
        let secret = secret::mint(SecretKind::Webhook)?;
        let id = self.clock.uuid();
        record.secrets.push(WebhookSecret {
            id: id.clone(),
            secret: secret.clone(),
            made_at: by.at,
        });
        Ok(IssuedSecret { secret, id })
    }

    async fn keys_of(&self, record: &ProgramRecord) -> Result<Vec<CredentialRecord>, ProgramError> {
        Ok(self.store.keys(credential_kind(record.kind), &record.id).await?)
    }

    pub(super) async fn entry(&self, record: &ProgramRecord) -> Result<ProgramEntry, ProgramError> {
        Ok(ProgramEntry {
            id: record.id.clone(),
            kind: record.kind,
            name: record.name.clone(),
            configured: false,
            scopes: record.scopes.clone(),
            channels: record.channels.clone(),
            webhook: record.webhook.as_deref().map(without_path),
            timeout_seconds: record.timeout_seconds,
            answer_seconds: record.answer_seconds,
            disabled: record.disabled,
            registered_at: Some(record.registered_at),
            keys: self.shown(self.keys_of(record).await?),
            secrets: (record.secrets.iter())
                .map(|secret| ProgramSecret {
                    id: secret.id.clone(),
                    made_at: secret.made_at,
                })
                .collect(),
        })
    }

    pub(super) async fn configured_entry(&self, id: &str, bot: &config::Bot) -> Result<ProgramEntry, ProgramError> {
        let id = ParticipantId::new(id);
        let channels = self
            .config
            .channels
            .iter()
            .filter(|(_, channel)| channel.bot == id.as_str());
        Ok(ProgramEntry {
            kind: ProgramKind::Bot,
            name: bot.name.clone(),
            configured: true,
            scopes: Vec::new(),
            channels: channels.map(|(channel, _)| channel.clone()).collect(),
            webhook: (!bot.webhook.is_empty()).then(|| without_path(&bot.webhook)),
            timeout_seconds: bot.timeout_seconds,
            answer_seconds: bot.answer_seconds,
            disabled: false,
            registered_at: None,
            keys: self.shown(self.store.keys(CredentialKind::Bot, &id).await?),
            secrets: Vec::new(),
            id,
        })
    }

    /// Keys with their last use, also where that is not written down yet.
    fn shown(&self, keys: Vec<CredentialRecord>) -> Vec<ProgramKey> {
        let shown = keys.into_iter().map(|key| {
            let used = self.directory.noted_use(&key.secret_hash).or(key.used);
            ProgramKey {
                prefix: key.prefix,
                made_at: key.issued_at,
                used_at: used.as_ref().map(|used| used.at),
                used_from: used.map(|used| used.from),
            }
        });
        shown.collect()
    }
}

/// A key of a program, and what is to be written of it.
pub(super) fn key_of(by: &Attribution, record: &ProgramRecord) -> Result<(IssuedKey, Vec<Change>), ProgramError> {
    // What an app's key may do is looked up in its record, so that it changes with that.
    let (kind, scopes) = (credential_kind(record.kind), Vec::new());
    let (issued, changes) = new_key(by, kind, record.id.clone(), record.name.clone(), scopes)?;
    let key = IssuedKey {
        prefix: issued.record.prefix.unwrap_or_default(),
        key: issued.secret,
    };
    Ok((key, changes))
}

/// Scheme, host and port of an address: user, path and query may be secrets.
pub(super) fn without_path(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return String::new();
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::without_path;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        for address in [
            "https://bots.example:8443",
            "https://bots.example:8443/hooks/T0/s3cret",
            "https://ann:s3cret@bots.example:8443/x",
            "https://bots.example:8443?token=s3cret",
        ] {
            assert_eq!(without_path(address), "https://bots.example:8443", "{address}");
        }
        assert_eq!(without_path("s3cret"), "");
    }
}
