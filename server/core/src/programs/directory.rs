//! Which bots and apps there are, for all that runs: read with every message, so that nothing of it asks the store.

use super::uses::KeyUses;
use crate::config::Config;
use crate::identity::{Authenticated, Principal};
use crate::store::{KeyUse, ProgramRecord};
use portico_shared::http::ProgramKind;
use portico_shared::ids::ParticipantId;
use secrecy::SecretString;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A bot as the relay knows it, wherever from.
#[derive(Debug)]
pub struct KnownBot {
    /// What customers see.
    pub name: String,
    /// How it is called; a bot without it connects by itself.
    pub webhook: Option<WebhookTarget>,
    /// How long a customer waits for it if it is not called, in seconds.
    pub answer_seconds: u64,
    /// Its keys are refused, it is not called, and no new conversation gets it.
    pub disabled: bool,
}

impl KnownBot {
    /// How long a customer waits for its words before an agent is asked for, in seconds. `None` for one that is called: what
    /// becomes of its deliveries says when it is away.
    pub fn patience(&self) -> Option<u64> {
        (self.webhook.is_none() || self.disabled).then_some(self.answer_seconds)
    }
}

/// Where and how a bot is called.
#[derive(Debug)]
pub struct WebhookTarget {
    /// The address.
    pub address: String,
    /// What calls are signed with, each of them.
    pub secrets: Vec<SecretString>,
    /// One call's time limit.
    pub timeout: Duration,
    /// Who has named the address.
    pub trust: Trust,
}

/// Who has named an address, and so where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The operator, in the configuration: anywhere.
    Operator,
    /// Who may register programs: not into the networks around the relay, unless the operator has named them.
    Registered,
}

/// All bots and apps. A cheap handle.
#[derive(Clone)]
pub struct ProgramDirectory(Arc<Shared>);

struct Shared {
    configured: HashMap<ParticipantId, Arc<KnownBot>>,
    /// The bots of channels, as the configuration has them.
    bots_of_channels: HashMap<String, ParticipantId>,
    registered: watch::Sender<Registered>,
    uses: KeyUses,
}

#[derive(Default)]
struct Registered {
    programs: BTreeMap<ParticipantId, Arc<ProgramRecord>>,
    bots: HashMap<ParticipantId, Arc<KnownBot>>,
    /// The bots of channels, enabled ones alone.
    bots_of_channels: HashMap<String, ParticipantId>,
}

impl ProgramDirectory {
    /// Those of a configuration; nothing is registered.
    pub fn configured(config: &Config) -> Self {
        let bots = config.bots.iter().map(|(id, bot)| {
            let webhook = (!bot.webhook.is_empty()).then(|| WebhookTarget {
                address: bot.webhook.clone(),
                secrets: vec![bot.secret.clone()],
                timeout: Duration::from_secs(bot.timeout_seconds),
                trust: Trust::Operator,
            });
            let known = KnownBot {
                name: bot.name.clone(),
                webhook,
                answer_seconds: bot.answer_seconds,
                disabled: false,
            };
            (ParticipantId::new(id.clone()), Arc::new(known))
        });
        let of_channels = config.channels.iter().filter(|(_, channel)| !channel.bot.is_empty());
        Self(Arc::new(Shared {
            configured: bots.collect(),
            bots_of_channels: of_channels
                .map(|(id, channel)| (id.clone(), ParticipantId::new(channel.bot.clone())))
                .collect(),
            registered: watch::Sender::default(),
            uses: KeyUses::default(),
        }))
    }

    /// A bot by id. The configuration's goes before one that was registered under its id earlier.
    pub fn bot(&self, id: &ParticipantId) -> Option<Arc<KnownBot>> {
        let configured = self.0.configured.get(id).cloned();
        configured.or_else(|| self.0.registered.borrow().bots.get(id).cloned())
    }

    /// A registered program by id.
    pub fn program(&self, id: &ParticipantId) -> Option<Arc<ProgramRecord>> {
        self.0.registered.borrow().programs.get(id).cloned()
    }

    /// A registered app by id.
    pub fn app(&self, id: &ParticipantId) -> Option<Arc<ProgramRecord>> {
        self.program(id).filter(|program| program.kind == ProgramKind::App)
    }

    /// All registered programs, by id.
    pub fn registered(&self) -> Vec<Arc<ProgramRecord>> {
        self.0.registered.borrow().programs.values().cloned().collect()
    }

    /// The bot that new conversations of a channel get: the one of the configuration, or else the registered one, unless it is
    /// disabled.
    pub fn bot_of_channel(&self, channel: &str) -> Option<ParticipantId> {
        match self.0.bots_of_channels.get(channel) {
            Some(bot) => self.0.configured.contains_key(bot).then(|| bot.clone()),
            None => self.0.registered.borrow().bots_of_channels.get(channel).cloned(),
        }
    }

    /// The bot that the configuration or a registered one's record names for a channel, whether or not it is disabled.
    pub(super) fn claimed_by(&self, channel: &str) -> Option<ParticipantId> {
        let configured = self.0.bots_of_channels.get(channel).cloned();
        configured.or_else(|| {
            let registered = self.registered();
            let mut bots = registered.iter().filter(|program| program.kind == ProgramKind::Bot);
            let bot = bots.find(|bot| bot.channels.iter().any(|own| own == channel))?;
            Some(bot.id.clone())
        })
    }

    /// Whether what waits for a bot is kept for the time being.
    pub fn is_disabled(&self, bot: &ParticipantId) -> bool {
        self.bot(bot).is_some_and(|known| known.disabled)
    }

    /// Remembers that a key was used, and from where; [`keep_uses`](super::keep_uses) writes it down.
    pub fn note_use(&self, proven: &Authenticated, at: i64, address: IpAddr) {
        let Some(hash) = proven.credential else { return };
        match proven.principal {
            Principal::Bot(_) | Principal::App(_) => self.0.uses.note(hash, at, address),
            Principal::Customer(_) | Principal::Staff(_) => {}
        }
    }

    /// The last use of a key, if it is not written down yet.
    pub(super) fn noted_use(&self, hash: &[u8; 32]) -> Option<KeyUse> {
        self.0.uses.noted(hash)
    }

    pub(super) fn uses(&self) -> &KeyUses {
        &self.0.uses
    }

    /// Puts these in the place of all that are registered. A bot that did not change stays the one it was, and with it what calls
    /// it.
    pub(super) fn replace(&self, records: Vec<ProgramRecord>) {
        self.0.registered.send_modify(|registered| {
            let mut next = Registered::default();
            for record in records {
                let id = record.id.clone();
                let same = registered.programs.get(&id).filter(|before| ***before == record);
                let record = same.cloned().unwrap_or_else(|| Arc::new(record));
                if record.kind == ProgramKind::Bot {
                    let same = same.and_then(|_| registered.bots.get(&id));
                    let bot = same.cloned().unwrap_or_else(|| Arc::new(known(&record)));
                    next.bots.insert(id.clone(), bot);
                    let channels = record.channels.iter().filter(|_| !record.disabled);
                    next.bots_of_channels
                        .extend(channels.map(|channel| (channel.clone(), id.clone())));
                }
                next.programs.insert(id, record);
            }
            *registered = next;
        });
    }
}

fn known(record: &ProgramRecord) -> KnownBot {
    KnownBot {
        name: record.name.clone(),
        webhook: record.webhook.as_ref().map(|address| WebhookTarget {
            address: address.clone(),
            secrets: (record.secrets.iter())
                .map(|secret| SecretString::from(secret.secret.clone()))
                .collect(),
            timeout: Duration::from_secs(record.timeout_seconds),
            trust: Trust::Registered,
        }),
        answer_seconds: record.answer_seconds,
        disabled: record.disabled,
    }
}
