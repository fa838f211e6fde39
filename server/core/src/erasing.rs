//! Erases all that is known of a customer, at its wish or an operator's.
//!
//! Each step is in the store before the next one begins, and may be done twice, so a relay that ends in between goes on with
//! it when it starts again: what proved the customer is good for nothing; the conversations end and say nothing any more,
//! one commit of its actor each; the rest of the records goes; the bytes of files go; the store overwrites what was left of
//! all that in its files. Only then does it stand in the record of erasures, which does not say whose data it was.

pub mod notice;
mod retention;

pub use retention::MOST_A_ROUND;

use crate::conversation::{Command, Refusal, Registry};
use crate::files::{Files, SweepError};
use crate::identity::visitor::REFRESH_SECONDS;
use crate::store::{EmptiedCustomer, ErasedBy, ErasedCounts, Erasure, NewErasure, StoreError};
use crate::telemetry::ERASURES;
use portico_shared::close::CloseCode;
use portico_shared::ids::{ConversationId, CustomerId};
use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// How often the store is asked for what operators want erased and what is not finished.
const AGAIN_EVERY: Duration = Duration::from_secs(60);

/// Conversations that are erased before more are looked for.
const BATCH: u32 = 50;

/// How often the store is asked to overwrite what it has erased: a reader of an older state, such as a backup, holds it up.
const SCRUBS: u32 = 5;
/// The pause between two of these.
const SCRUB_AGAIN: Duration = Duration::from_millis(200);

/// Why it is not finished yet. It is tried again by itself.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// A conversation could not be erased.
    #[error("a conversation is not erased: {}", .0.message)]
    Conversation(Refusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bytes of files are still there.
    #[error("files are not erased")]
    Files(#[from] SweepError),
    /// Something reads what was erased, or there is no room to overwrite it.
    #[error("what was erased is not overwritten yet")]
    Unscrubbed,
    /// Something is left, or the relay stops.
    #[error("something of it is left")]
    Unfinished,
}

/// Erases customers of one relay. A cheap handle.
#[derive(Clone)]
pub struct Eraser {
    registry: Registry,
    files: Arc<Files>,
    /// Erasures of one customer go one after the other, so that each answers what it erased itself.
    turns: Arc<[tokio::sync::Mutex<()>]>,
    rounds: Arc<tokio::sync::Mutex<retention::Rounds>>,
}

/// An erasure that begins now, in epoch milliseconds.
pub fn new(customer: CustomerId, by: ErasedBy, now: i64) -> NewErasure {
    NewErasure {
        customer,
        by,
        at: now,
        rule: None,
    }
}

/// Each minute: finishes erasures that operators asked for or that an earlier try left, erases conversations whose time is over, and
/// removes customers from the list of erased ones once no token of theirs can be valid. Ends with the relay.
pub async fn run(eraser: Eraser) {
    let stop = eraser.registry.services().shutdown.clone();
    loop {
        if let Err(error) = eraser.resume().await {
            let error = &error as &dyn Error;
            tracing::error!(error, "what was to be erased is not all gone; tried again");
        }
        if let Err(error) = eraser.expire().await {
            let error = &error as &dyn Error;
            tracing::error!(error, "conversations whose time is over are not all erased");
        }
        if let Err(error) = eraser.forget().await {
            let error = &error as &dyn Error;
            tracing::error!(
                error,
                "customers that were erased long ago are not forgotten; tried again"
            );
        }
        let pause = stop.run_until_cancelled(tokio::time::sleep(AGAIN_EVERY)).await;
        if pause.is_none() {
            return;
        }
    }
}

fn note(erasure: &Erasure) {
    let (number, by, counts) = (erasure.number, erasure.by.as_str(), &erasure.counts);
    match &erasure.rule {
        None => tracing::info!(erasure.number = number, erasure.by = by, "a customer's data was erased"),
        Some(rule) => tracing::info!(
            erasure.number = number,
            channel = rule.channel,
            days = rule.days,
            conversations = counts.conversations,
            "conversations whose time was over were erased"
        ),
    }
}

impl Eraser {
    /// An eraser of what `registry` serves and `files` holds.
    pub fn new(registry: Registry, files: Arc<Files>) -> Self {
        let turns = Registry::turns();
        Self {
            registry,
            files,
            turns,
            rounds: Arc::default(),
        }
    }

    /// Erases a customer, and answers how much there was. Once it has begun it goes on if the caller hangs up, and with the next
    /// start of the relay.
    pub async fn erase(&self, customer: CustomerId, by: ErasedBy) -> Result<ErasedCounts, EraseError> {
        let eraser = self.clone();
        let erasing = self.registry.services().tracker.spawn(async move {
            let services = eraser.registry.services();
            let _turn = eraser.turn(&customer).await;
            let erasure = new(customer.clone(), by, services.clock.now_ms());
            services.store.begin_erasure(erasure).await?;
            eraser.try_on(&customer).await
        });
        erasing.await.unwrap_or(Err(EraseError::Unfinished))
    }

    /// Goes on with all erasures that have begun. One that cannot go on keeps no other from it.
    pub async fn resume(&self) -> Result<(), EraseError> {
        let mut left = Ok(());
        for erased in self.registry.services().store.erasures_under_way().await? {
            let _turn = self.turn(&erased.customer).await;
            if let Err(error) = self.try_on(&erased.customer).await {
                left = left.and(Err(error));
            }
        }
        left
    }

    async fn turn(&self, customer: &CustomerId) -> tokio::sync::MutexGuard<'_, ()> {
        self.turns[self.registry.shard_of(customer)].lock().await
    }

    /// Forgets customers that were erased so long ago that all which proved them has ended.
    pub async fn forget(&self) -> Result<(), StoreError> {
        let services = self.registry.services();
        let before = services.clock.now_ms().saturating_sub(REFRESH_SECONDS * 1_000);
        services.store.forget_erased(before).await
    }

    /// Goes on with a customer, and counts it if something is left. Once more where it was asked for again meanwhile, or a file
    /// came late.
    async fn try_on(&self, customer: &CustomerId) -> Result<ErasedCounts, EraseError> {
        let tried = match self.go_on(customer).await {
            Err(EraseError::Unfinished) => self.go_on(customer).await,
            tried => tried,
        };
        let unfinished = |_: &EraseError| metrics::counter!(ERASURES, "outcome" => "unfinished").increment(1);
        tried.inspect_err(unfinished)
    }

    /// Goes on with a customer, and with the visitors whose chat became the customer's. Answers what was erased of all of them.
    async fn go_on(&self, customer: &CustomerId) -> Result<ErasedCounts, EraseError> {
        let emptied = self.empty(customer).await?;
        let mut counts = self.finish(customer, emptied.as_ref()).await?;
        for visitor in emptied.into_iter().flat_map(|emptied| emptied.visitors) {
            let emptied = self.empty(&visitor).await?;
            counts = counts + self.finish(&visitor, emptied.as_ref()).await?;
        }
        Ok(counts)
    }

    /// Has all that was erased of a customer overwritten, and records it, unless another that went on with the same erasure was
    /// faster.
    async fn finish(
        &self,
        customer: &CustomerId,
        emptied: Option<&EmptiedCustomer>,
    ) -> Result<ErasedCounts, EraseError> {
        let services = self.registry.services();
        let (store, clock) = (&services.store, &services.clock);
        // What was not known left nothing in any file.
        if emptied.is_none_or(|emptied| emptied.was_known || emptied.counts != ErasedCounts::default()) {
            let swept = self.files.sweep().await;
            if store.files_of_erasure(customer).await? > 0 {
                return Err(swept.err().map_or(EraseError::Unfinished, EraseError::Files));
            }
            self.scrub().await?;
        }
        if let Some(erasure) = store.finish_erasure(customer, clock.now_ms()).await? {
            metrics::counter!(ERASURES, "outcome" => "done").increment(1);
            note(&erasure);
            return Ok(erasure.counts);
        }
        match store.erased_customer(customer).await? {
            Some(erased) if erased.is_finished => Ok(emptied.map(|emptied| emptied.counts).unwrap_or_default()),
            Some(_) | None => Err(EraseError::Unfinished),
        }
    }

    /// Erases conversations and records, unless that is done: what came after it is a new visit's. Answers how much there was.
    /// The customer starts no conversation meanwhile, and no visitor's chat becomes its own.
    async fn empty(&self, customer: &CustomerId) -> Result<Option<EmptiedCustomer>, EraseError> {
        let services = self.registry.services();
        let _starts_wait = self.registry.starts_of(customer).await;
        let erased = services.store.erased_customer(customer).await?;
        if erased.is_none_or(|erased| erased.is_emptied) {
            return Ok(None);
        }
        self.registry.close_sockets_of(customer);
        self.conversations(customer).await?;
        let emptied = services.store.erase_customer(customer, services.clock.now_ms()).await?;
        Ok(Some(emptied))
    }

    /// All conversations of a customer, one after the other: each is without a customer once it is erased. One that cannot be
    /// keeps no other.
    async fn conversations(&self, customer: &CustomerId) -> Result<(), EraseError> {
        let services = self.registry.services();
        let (mut tried, mut left) = (HashSet::new(), Ok(()));
        loop {
            let limit = BATCH.saturating_add(u32::try_from(tried.len()).unwrap_or(u32::MAX));
            let found = services.store.conversations_of_customer(customer, limit).await?;
            let ids = found.into_iter().map(|record| record.id);
            let next: Vec<ConversationId> = ids.filter(|id| !tried.contains(id)).collect();
            if next.is_empty() {
                return left;
            }
            for id in next {
                let erase = Command::Erase {
                    customer: customer.clone(),
                    stand_in: self.stand_in(),
                    erasure: customer.clone(),
                };
                if let Err(refusal) = self.registry.call(&id, erase).await {
                    left = left.and(Err(EraseError::Conversation(refusal)));
                    tried.insert(id);
                }
            }
        }
    }

    /// What stands in a customer's place from then on.
    fn stand_in(&self) -> CustomerId {
        CustomerId::new(format!("erased-{}", self.registry.services().clock.uuid()))
    }

    async fn scrub(&self) -> Result<(), EraseError> {
        for _ in 0..SCRUBS {
            if self.registry.services().store.scrub().await? {
                return Ok(());
            }
            tokio::time::sleep(SCRUB_AGAIN).await;
        }
        Err(EraseError::Unscrubbed)
    }
}

impl Registry {
    /// Closes what a customer has open: its tokens prove nothing any more.
    fn close_sockets_of(&self, customer: &CustomerId) {
        let channels = self.services().config.channels.keys();
        for tab in channels.flat_map(|channel| self.services().presence.tabs(customer, channel)) {
            tab.close(CloseCode::TokenRefused);
        }
    }
}
