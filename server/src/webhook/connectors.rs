//! How each bot is called, as things stand: those of the configuration from the start on, registered ones as they are now.

use super::Webhook;
use super::address::RegisteredAddresses;
use portico_core::bot::{BotConnector, Connectors};
use portico_core::clock::Clock;
use portico_core::programs::{KnownBot, ProgramDirectory, Trust, WebhookRules, WebhookTarget};
use portico_core::telemetry::quoted;
use portico_shared::ids::ParticipantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Makes what calls a bot when it is first called, and anew when the bot was changed.
pub(crate) struct Webhooks {
    programs: ProgramDirectory,
    addresses: RegisteredAddresses,
    clock: Arc<dyn Clock>,
    made: Mutex<HashMap<ParticipantId, Made>>,
}

struct Made {
    /// As it was then.
    bot: Arc<KnownBot>,
    connector: Arc<dyn BotConnector>,
}

impl Webhooks {
    /// For these bots.
    pub(crate) fn new(programs: ProgramDirectory, addresses: RegisteredAddresses, clock: Arc<dyn Clock>) -> Self {
        Self {
            programs,
            addresses,
            clock,
            made: Mutex::default(),
        }
    }

    /// Makes what calls a bot of the configuration, so that what is wrong with it is known at the start.
    pub(crate) fn prepare(&self, id: &ParticipantId) -> Result<(), reqwest::Error> {
        if let Some(bot) = self.programs.bot(id)
            && let Some(target) = &bot.webhook
        {
            let connector = self.make(target)?;
            self.keep(id, Arc::clone(&bot), connector);
        }
        Ok(())
    }

    fn make(&self, target: &WebhookTarget) -> Result<Arc<dyn BotConnector>, reqwest::Error> {
        let webhook = Webhook::new(target, &self.addresses, self.clock.clone())?;
        Ok(Arc::new(webhook))
    }

    fn keep(&self, id: &ParticipantId, bot: Arc<KnownBot>, connector: Arc<dyn BotConnector>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(id.clone(), Made { bot, connector });
    }

    fn made(&self, id: &ParticipantId, bot: &Arc<KnownBot>) -> Option<Arc<dyn BotConnector>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let made = made.get(id).filter(|made| Arc::ptr_eq(&made.bot, bot))?;
        Some(Arc::clone(&made.connector))
    }

    /// The address of a registered bot is looked at anew: the configuration may have named other networks when it was registered.
    fn is_callable(&self, id: &ParticipantId, target: &WebhookTarget) -> bool {
        match target.trust {
            Trust::Operator => true,
            Trust::Registered => match self.addresses.check(&target.address) {
                Ok(()) => true,
                Err(problem) => {
                    let reason = quoted(&problem);
                    tracing::error!(bot.id = %id, reason, "the webhook of a registered bot is not called any more");
                    false
                }
            },
        }
    }
}

impl Connectors for Webhooks {
    fn of(&self, id: &ParticipantId) -> Option<Arc<dyn BotConnector>> {
        let bot = self.programs.bot(id)?;
        let target = bot.webhook.as_ref()?;
        if let Some(connector) = self.made(id, &bot) {
            return Some(connector);
        }
        if !self.is_callable(id, target) {
            return None;
        }
        match self.make(target) {
            Ok(connector) => {
                self.keep(id, Arc::clone(&bot), Arc::clone(&connector));
                Some(connector)
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(bot.id = %id, error, "a bot cannot be called");
                None
            }
        }
    }
}
