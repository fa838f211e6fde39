//! Notifications for visitors whose pages are all closed (Web Push): takes what is due from the store, looks whether it is
//! still worth telling, and has it sent.
//!
//! A row is written in the transaction of the message that caused it, for each of the customer's browsers that wants
//! notifications, so none is lost. It is due some seconds later: by then a page that was only loading anew is back, and several
//! messages in a row are one notification. Between claim and settlement the row is leased; if this process dies, it is sent
//! once more, and the browser shows it in the place of the one before. The message's text is not in it unless the channel says so.

mod note;
mod places;
mod retry;

use crate::clock::DAY_MS;
use crate::config::ChannelPush;
use crate::conversation::{Presence, Services};
use crate::identity::customer_key;
use crate::store::{Change, PushRecord, StoreError};
use crate::telemetry::PUSHES;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use places::{Full, Place, Places};
use portico_shared::ids::ConversationId;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// How long after its message a notification is due, in milliseconds.
pub const DELAY_MS: i64 = 5_000;

/// How long after its message a notification is worth telling, in milliseconds.
pub const WORTH_MS: i64 = DAY_MS;

/// Browsers that one customer may have on one channel.
pub const MOST_BROWSERS: u32 = 5;

/// How long a browser is kept in mind that does not say again that it wants notifications, in milliseconds. It says so whenever
/// the chat is loaded.
const FORGET_AFTER_MS: i64 = 60 * DAY_MS;

/// The same for the browser of a customer that has no conversation, about which it could be told something. It says so again
/// whenever the chat is loaded, and a page may be open for days before its visitor writes.
const FORGET_UNUSED_AFTER_MS: i64 = 7 * DAY_MS;

/// For how long unused browsers are looked for, in milliseconds: the writing thread looks at those that were last heard of in a
/// day, and not each hour at all. What a relay that was stopped for longer has missed is forgotten like the others.
const LOOK_FOR_UNUSED_MS: i64 = DAY_MS;

/// How often such browsers are looked for.
const SWEEP_EVERY_MS: i64 = 60 * 60 * 1_000;

/// The longest that sending may take.
pub const SEND_WITHIN: Duration = Duration::from_secs(10);

/// How long a claimed row is left alone, in milliseconds: longer than sending takes and its settlement.
const LEASE_MS: i64 = 60_000;

/// How often the store is asked what is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The same while a service that answers quickly has no place for all that is due.
const LOOK_SOON: Duration = Duration::from_millis(places::SOON_MS.unsigned_abs());

/// How often what is due is claimed in one look, as much as there are places each time, as long as some of it finds one.
const CLAIMS: u32 = 4;

/// Characters of a topic, the most that the protocol allows.
const TOPIC_CHARS: usize = 32;

/// A message for a push service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Where the service takes it.
    pub endpoint: String,
    /// The browser's public key.
    pub p256dh: Vec<u8>,
    /// What the browser and the relay share.
    pub auth: Vec<u8>,
    /// What it is about: one of the same topic that the browser has not had yet is replaced.
    pub topic: String,
    /// How long the service keeps it for a browser that is away.
    pub ttl: Duration,
    /// What only the browser can read.
    pub payload: String,
}

/// Sends to push services.
#[async_trait]
pub trait PushSender: Send + Sync + 'static {
    /// Sends one message.
    async fn send(&self, push: &Push) -> Result<(), PushError>;
}

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The browser wants no more (404, 410).
    #[error("the browser is not known there any more")]
    Gone,
    /// Trying again would end the same way.
    #[error("the push service refused it: {0}")]
    Refused(String),
    /// Try again later: unreachable, too slow, overloaded.
    #[error("the push service is unavailable: {reason}")]
    Unavailable {
        /// In what way.
        reason: String,
        /// How long the service asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// Sends what is due until the relay stops.
pub async fn run(services: Services, sender: Arc<dyn PushSender>) {
    let places = Places::default();
    let mut swept_at = 0;
    while !services.shutdown.is_cancelled() {
        let now = services.clock.now_ms();
        if now - swept_at >= SWEEP_EVERY_MS {
            swept_at = now;
            let silent = now - FORGET_AFTER_MS;
            let unused = now - FORGET_UNUSED_AFTER_MS - LOOK_FOR_UNUSED_MS..now - FORGET_UNUSED_AFTER_MS;
            log_failure(services.store.forget_subscriptions(silent, unused).await);
        }
        let pause = begin_due(&services, &sender, &places).await.unwrap_or_else(|error| {
            log_failure(Err(error));
            LOOK_EVERY
        });
        services.shutdown.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

/// Begins to send what is due and has a place, and answers how long it is until the next look.
async fn begin_due(services: &Services, sender: &Arc<dyn PushSender>, places: &Places) -> Result<Duration, StoreError> {
    let mut pause = LOOK_EVERY;
    for _ in 0..CLAIMS {
        let now = services.clock.now_ms();
        let free = u32::try_from(places.free()).unwrap_or(u32::MAX);
        if free == 0 {
            return Ok(LOOK_SOON);
        }
        if services.store.next_push().await?.is_none_or(|due| due > now) {
            break;
        }
        let (mut without_place, mut has_placed) = (Vec::new(), false);
        for push in services.store.claim_pushes(now, now + LEASE_MS, free).await? {
            match places.take(&push.to) {
                Ok(place) => {
                    has_placed = true;
                    begin(services, sender, push, place);
                }
                Err(Full { wait_ms }) => {
                    if wait_ms == places::SOON_MS {
                        pause = LOOK_SOON;
                    }
                    let (push, due_at) = (push.key, now + wait_ms);
                    without_place.push(Change::DeferPush { push, due_at });
                }
            }
        }
        if !without_place.is_empty() {
            services.store.apply(without_place).await?;
        }
        if !has_placed {
            break;
        }
    }
    Ok(pause)
}

fn begin(services: &Services, sender: &Arc<dyn PushSender>, push: PushRecord, place: Place) {
    let (services, sender) = (services.clone(), sender.clone());
    services.tracker.clone().spawn(async move {
        let disposed = dispose(&services, sender.as_ref(), push, &place);
        // A stop waits for no push service: the row's lease ends, and the next process sends it.
        if let Some(change) = services.shutdown.run_until_cancelled(disposed).await {
            log_failure(services.store.apply(vec![change]).await);
        }
    });
}

/// Sends one notification if it is worth sending, and answers what becomes of its row.
async fn dispose(services: &Services, sender: &dyn PushSender, push: PushRecord, place: &Place) -> Change {
    let (outcome, change) = match worth(services, &push).await {
        Ok(Some(payload)) => sent(services, sender, push, payload, place).await,
        Ok(None) => ("seen", Change::SettlePush(push.key)),
        Err(error) => {
            log_failure(Err(error));
            later(services, push, None)
        }
    };
    metrics::counter!(PUSHES, "outcome" => outcome).increment(1);
    change
}

/// What is to be told, if the customer has no page open and has not read it elsewhere.
async fn worth(services: &Services, push: &PushRecord) -> Result<Option<String>, StoreError> {
    let (key, to) = (&push.key, &push.to);
    let channel = services.config.channels.get(&to.channel);
    let Some(channel) = channel.filter(|channel| channel.push != ChannelPush::Off) else {
        return Ok(None);
    };
    if is_here(&services.presence, push) {
        return Ok(None);
    }
    let record = services.store.conversation(&key.conversation).await?;
    let Some(record) = record.filter(|record| record.customer == to.customer) else {
        return Ok(None);
    };
    let member = customer_key(&to.customer);
    let has_read = record
        .markers
        .iter()
        .any(|marker| marker.member == member && marker.read >= key.seq);
    if has_read {
        return Ok(None);
    }
    note::payload(services.store.as_ref(), channel, push).await.map(Some)
}

fn is_here(presence: &Presence, push: &PushRecord) -> bool {
    !presence.tabs(&push.to.customer, &push.to.channel).is_empty()
}

async fn sent(
    services: &Services,
    sender: &dyn PushSender,
    push: PushRecord,
    payload: String,
    place: &Place,
) -> (&'static str, Change) {
    let left = push.expires_at.saturating_sub(services.clock.now_ms());
    let Ok(left @ 1..) = u64::try_from(left) else {
        return ("expired", Change::SettlePush(push.key));
    };
    let message = Push {
        endpoint: push.to.endpoint.clone(),
        p256dh: push.to.p256dh.clone(),
        auth: push.to.auth.clone(),
        topic: topic(&push.key.conversation),
        ttl: Duration::from_millis(left),
        payload,
    };
    let began = services.clock.elapsed_ms();
    let answer = sender.send(&message).await;
    let took = services.clock.elapsed_ms().saturating_sub(began);
    match &answer {
        Ok(()) => place.taken(Duration::from_millis(took)),
        // Browsers come and go at all services.
        Err(PushError::Gone) => {}
        Err(PushError::Unavailable { .. } | PushError::Refused(_)) => place.failed(),
    }
    match answer {
        Ok(()) => ("sent", Change::SettlePush(push.key)),
        Err(PushError::Gone) => {
            let subscription = push.key.subscription;
            ("gone", Change::Unsubscribe { subscription })
        }
        Err(PushError::Unavailable { retry_after, reason }) => {
            tracing::debug!(reason, "a push service is unavailable");
            later(services, push, retry_after)
        }
        Err(PushError::Refused(reason)) => {
            tracing::warn!(reason, "a push service refuses a notification");
            ("refused", Change::SettlePush(push.key))
        }
    }
}

/// Tries a notification again, unless that would be past its time.
fn later(services: &Services, push: PushRecord, asked: Option<Duration>) -> (&'static str, Change) {
    let wait = retry::delay_ms(push.attempts, asked, services.clock.jitter());
    let due_at = services.clock.now_ms().saturating_add(wait);
    if due_at >= push.expires_at {
        return ("expired", Change::SettlePush(push.key));
    }
    ("retried", Change::RetryPush { push: push.key, due_at })
}

/// A push service learns from it that two messages are about the same, and nothing else.
fn topic(conversation: &ConversationId) -> String {
    let mut topic = URL_SAFE_NO_PAD.encode(Sha256::digest(conversation.as_str()));
    topic.truncate(TOPIC_CHARS);
    topic
}

fn log_failure(result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "notifications cannot be read or settled"
        );
    }
}
