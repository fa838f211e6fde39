//! Bots and apps: those of the configuration, and those that are registered while the relay runs.
//!
//! [`ProgramDirectory`] is what the rest of the relay asks which there are; [`Programs`] changes it. What the configuration
//! names stays as it is there. What is registered is in the store, and every change is in the directory before it is answered, so
//! that authentication, new conversations and deliveries follow it without a restart. A program has at most two live keys and two
//! live secrets: the second one is put in its place, then the first one is retired, and nothing stops in between.

mod check;
mod directory;
mod keys;
mod records;
mod uses;
mod write;

pub use check::WebhookRules;
pub use directory::{KnownBot, ProgramDirectory, Trust, WebhookTarget};
pub use uses::{FLUSH_EVERY, keep_uses};

use crate::audit::Attribution;
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::people::MAX_NAME_CHARS;
use crate::identity::scope::ScopeError;
use crate::identity::staff_session::{Issued, StaffSessionError, new_key};
use crate::store::{Change, CredentialKind, ProgramRecord, Store, StoreError};
use keys::key_of;
use portico_shared::http::{NewProgram, ProgramChange, ProgramChanged, ProgramEntry, ProgramRegistered};
use portico_shared::ids::ParticipantId;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

/// Programs that may be registered.
pub const MOST_PROGRAMS: usize = 500;

/// Live keys of one program, and live secrets.
pub const MOST_LIVE: usize = 2;

/// One call's time limit where none is named, in seconds.
const TIMEOUT_SECONDS: u64 = 10;

/// How long a customer waits for a bot where nothing is named, in seconds.
const ANSWER_SECONDS: u64 = 60;

/// Why nothing became of it.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// There is no such program.
    #[error("no program {0:?}")]
    Unknown(String),
    /// The id is another's, or was one's before and has keys.
    #[error("{id:?} {why}")]
    Taken {
        /// The id.
        id: String,
        /// Whose it is.
        why: &'static str,
    },
    /// It is changed in the configuration alone.
    #[error("{0:?} stands in the configuration, and is changed there")]
    Configured(String),
    /// It stands in the address of requests.
    #[error("{0:?} is no id: short, of letters, digits, - and _")]
    Id(String),
    /// It could not be shown on one line.
    #[error("{0:?} is no name: one line of at most {MAX_NAME_CHARS} characters")]
    Name(String),
    /// A scope that it cannot have.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// A channel that it cannot have.
    #[error("channel {channel:?}: {why}")]
    Channel {
        /// The channel.
        channel: String,
        /// What is in the way.
        why: String,
    },
    /// A webhook that is not called.
    #[error("webhook: {0}")]
    Webhook(String),
    /// A number beyond its bounds.
    #[error("{0}")]
    Bound(String),
    /// There are as many as there may be.
    #[error("{0}")]
    Full(String),
    /// Keys of registered programs are counted, so they are not made by hand.
    #[error("{0:?} is registered: its keys are made by `portico program rotate-key`")]
    Registered(String),
    /// No such key or secret.
    #[error("the program has no such {0}")]
    NoSuch(&'static str),
    /// A bot that is called would be called without a signature.
    #[error("it is the last secret of a webhook: make another one first")]
    LastSecret,
    /// A key could not be made or taken back.
    #[error(transparent)]
    Key(#[from] StaffSessionError),
    /// The operating system has no randomness.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// It was not done to its end.
    #[error("the change stopped; look whether it was made")]
    Stopped,
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Registers programs, and changes what is registered. A cheap handle.
#[derive(Clone)]
pub struct Programs {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    config: Arc<Config>,
    directory: ProgramDirectory,
    webhooks: Arc<dyn WebhookRules>,
    tracker: TaskTracker,
    /// A program is read, checked against all others and written by one at a time.
    turn: Arc<Mutex<()>>,
}

impl Programs {
    /// Over these, with what the store has. Writes run on the tracker.
    ///
    /// # Errors
    /// The store could not be asked.
    pub async fn load(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        config: Arc<Config>,
        directory: ProgramDirectory,
        webhooks: Arc<dyn WebhookRules>,
        tracker: TaskTracker,
    ) -> Result<Self, StoreError> {
        let programs = Self {
            store,
            clock,
            config,
            directory,
            webhooks,
            tracker,
            turn: Arc::default(),
        };
        programs.reload().await?;
        for shadowed in programs
            .directory
            .registered()
            .iter()
            .filter(|record| programs.is_shadowed(record))
        {
            tracing::warn!(program.id = %shadowed.id, "a program is registered under the id of a bot of the configuration, which takes its place");
        }
        Ok(programs)
    }

    async fn reload(&self) -> Result<(), StoreError> {
        self.directory.replace(self.store.programs().await?);
        Ok(())
    }

    /// All of them by id, those of the configuration first.
    ///
    /// # Errors
    /// The store could not be asked.
    pub async fn list(&self) -> Result<Vec<ProgramEntry>, ProgramError> {
        let mut all = Vec::new();
        for (id, bot) in &self.config.bots {
            all.push(self.configured_entry(id, bot).await?);
        }
        let registered = self.directory.registered().into_iter();
        for record in registered.filter(|record| !self.is_shadowed(record)) {
            all.push(self.entry(&record).await?);
        }
        Ok(all)
    }

    /// Registers a program with its first key, and if it is called its first secret.
    ///
    /// # Errors
    /// The id is taken, something about it breaks a rule, or the store did not take it.
    pub async fn register(&self, new: NewProgram, by: &Attribution) -> Result<ProgramRegistered, ProgramError> {
        let turn = self.turn().await;
        let id = self.free_id(&new.id).await?;
        if self.directory.registered().len() >= MOST_PROGRAMS {
            return Err(ProgramError::Full(format!(
                "at most {MOST_PROGRAMS} programs are registered"
            )));
        }
        let mut record = ProgramRecord {
            id,
            kind: new.kind,
            name: new.name,
            scopes: new.scopes,
            channels: new.channels,
            webhook: new.webhook.filter(|address| !address.is_empty()),
            secrets: Vec::new(),
            timeout_seconds: new.timeout_seconds.unwrap_or(TIMEOUT_SECONDS),
            answer_seconds: new.answer_seconds.unwrap_or(ANSWER_SECONDS),
            disabled: false,
            registered_at: by.at,
        };
        self.check(&mut record)?;
        let secret = self.sign_calls(by, &mut record)?;
        let (key, of_key) = key_of(by, &record)?;
        let program = [
            Change::Program(Box::new(record.clone())),
            records::registered(by, &record),
        ];
        let of_secret = secret
            .iter()
            .map(|secret| records::secret_added(by, &record, &secret.id));
        let changes = program.into_iter().chain(of_secret).chain(of_key);
        self.write(turn, changes.collect()).await?;
        tracing::info!(program.id = %record.id, program.kind = ?record.kind, by = %by.actor, "a program was registered");
        Ok(ProgramRegistered {
            program: self.entry(&record).await?,
            key: key.key,
            secret: secret.map(|secret| secret.secret),
        })
    }

    /// Changes a program. One that is as it is to be stays so, and nothing is recorded.
    ///
    /// # Errors
    /// There is none that is registered, something about it would break a rule, or the store did not take it.
    pub async fn change(
        &self,
        id: &str,
        change: ProgramChange,
        by: &Attribution,
    ) -> Result<ProgramChanged, ProgramError> {
        let turn = self.turn().await;
        let before = self.registered(id)?;
        let mut record = changed(&before, change);
        self.check_change(&before, &mut record)?;
        let secret = self.sign_calls(by, &mut record)?;
        if record != *before {
            let mut changes = vec![Change::Program(Box::new(record.clone()))];
            changes.extend(records::differences(by, &before, &record));
            changes.extend(
                secret
                    .iter()
                    .map(|secret| records::secret_added(by, &record, &secret.id)),
            );
            // Who waits for a bot that connects by itself has a time already.
            let is_called = before.webhook.is_some() && !self.is_shadowed(&before);
            match record.disabled && !before.disabled && is_called {
                true => self.disable(turn, changes, record.clone()).await?,
                false => self.write(turn, changes).await?,
            }
            tracing::info!(program.id = %record.id, program.disabled = record.disabled, by = %by.actor, "a program was changed");
        }
        Ok(ProgramChanged {
            program: self.entry(&record).await?,
            secret: secret.map(|secret| secret.secret),
        })
    }

    /// Makes a key for a bot of the configuration, or for an app that is not registered.
    ///
    /// # Errors
    /// The program is registered, the key is to have a scope that it cannot have, or the store did not take it.
    pub async fn issue_key_by_hand(
        &self,
        kind: CredentialKind,
        subject: ParticipantId,
        label: String,
        scopes: Vec<String>,
        by: &Attribution,
    ) -> Result<Issued, ProgramError> {
        let turn = self.turn().await;
        if self.is_registered(&subject) {
            return Err(ProgramError::Registered(subject.to_string()));
        }
        let (issued, changes) = new_key(by, kind, subject, label, scopes)?;
        self.write(turn, changes).await?;
        Ok(issued)
    }

    /// Whether the configuration has been given a bot under the id of this one since.
    fn is_shadowed(&self, record: &ProgramRecord) -> bool {
        self.config.bots.contains_key(record.id.as_str())
    }

    /// Whether a program is registered under an id that no bot of the configuration has.
    fn is_registered(&self, id: &ParticipantId) -> bool {
        !self.config.bots.contains_key(id.as_str()) && self.directory.program(id).is_some()
    }

    /// A registered program that works: no bot of the configuration has taken its place.
    fn known(&self, id: &str) -> Result<Arc<ProgramRecord>, ProgramError> {
        if self.config.bots.contains_key(id) {
            return Err(ProgramError::Configured(id.to_owned()));
        }
        self.registered(id)
    }

    /// A registered program.
    fn registered(&self, id: &str) -> Result<Arc<ProgramRecord>, ProgramError> {
        let registered = ParticipantId::parse(id).and_then(|id| self.directory.program(&id));
        registered.ok_or_else(|| match self.config.bots.contains_key(id) {
            true => ProgramError::Configured(id.to_owned()),
            false => ProgramError::Unknown(id.to_owned()),
        })
    }

    /// Whether a program may become this. It can be disabled whatever the configuration says by then, also where a bot of the
    /// configuration has taken its place: its keys may have to be refused.
    fn check_change(&self, before: &ProgramRecord, after: &mut ProgramRecord) -> Result<(), ProgramError> {
        let switched = ProgramRecord {
            disabled: after.disabled,
            ..before.clone()
        };
        let is_shadowed = self.is_shadowed(before);
        match *after == switched {
            false if is_shadowed => Err(ProgramError::Configured(before.id.to_string())),
            true if is_shadowed || after.disabled => Ok(()),
            true | false => self.check(after),
        }
    }
}

fn changed(before: &ProgramRecord, change: ProgramChange) -> ProgramRecord {
    let mut record = before.clone();
    let ProgramChange {
        name,
        scopes,
        channels,
        webhook,
        timeout_seconds,
        answer_seconds,
        disabled,
    } = change;
    record.name = name.unwrap_or(record.name);
    record.scopes = scopes.unwrap_or(record.scopes);
    record.channels = channels.unwrap_or(record.channels);
    record.timeout_seconds = timeout_seconds.unwrap_or(record.timeout_seconds);
    record.answer_seconds = answer_seconds.unwrap_or(record.answer_seconds);
    record.disabled = disabled.unwrap_or(record.disabled);
    if let Some(webhook) = webhook {
        record.webhook = (!webhook.is_empty()).then_some(webhook);
    }
    record
}
