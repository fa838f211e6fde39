//! Erases conversations that ended longer ago than their channel keeps them: a bounded number each minute, so that neither a first
//! start with a long history nor a backlog holds up what customers and operators ask for. Those of one channel and one round are one
//! erasure, in the name of no customer, with the same steps as any, and a line of their own in the record. Whether any may go now is
//! decided in [`notice`].

use super::notice::{self, Cause, Look, Verdict};
use super::{BATCH, EraseError, Eraser};
use crate::conversation::{Command, Refusal};
use crate::store::{EndedConversation, EndedPlace, ErasedBy, NewErasure, RetentionMark, RetentionRule};
use crate::telemetry::{ERASURES, RETENTION_WAITS, RETIRED};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::CustomerId;
use std::collections::HashMap;

/// Conversations that are tried in one round, of all channels together.
pub const MOST_A_ROUND: u32 = 200;

/// A round ends after so many that were refused: the store takes nothing now, or holds damaged ones.
const MOST_REFUSED: u32 = 20;

/// How often it is said in the log that a channel's rule waits, and written how far one is trusted that does not, in milliseconds
/// of a running relay.
const NOTE_EVERY_MS: i64 = 60 * 60 * 1_000;

/// How often it is written how long a rule has waited: a relay that is started anew loses no more of it.
const WRITE_EVERY_MS: i64 = 5 * 60 * 1_000;

/// What a relay knows of its rounds.
#[derive(Default)]
pub(super) struct Rounds {
    /// Both clocks at the last round.
    last: Option<(i64, u64)>,
    channels: HashMap<String, ChannelRounds>,
}

/// The same of one channel.
struct ChannelRounds {
    mark: Option<RetentionMark>,
    /// How long ago the mark was written, in milliseconds of a running relay.
    unwritten_ms: i64,
    /// The same of what the log was told.
    untold_ms: i64,
    waits: bool,
    /// Where the last round ended. Those before it are tried again when there are none behind it: they cannot be erased now.
    after: Option<EndedPlace>,
}

impl Eraser {
    /// Erases conversations whose time is over, some of each channel. One that cannot be keeps no other from it.
    pub async fn expire(&self) -> Result<(), EraseError> {
        let services = self.registry.services();
        let mut rounds = self.rounds.lock().await;
        let at = (services.clock.now_ms(), services.clock.elapsed_ms());
        let look = rounds
            .last
            .replace(at)
            .map_or_else(|| Look::first(at.0), |before| Look::after(before, at));
        let rules = services.config.retention();
        let share = MOST_A_ROUND / u32::try_from(rules.len().max(1)).unwrap_or(u32::MAX);
        let (mut left, mut waiting) = (Ok(()), 0_u32);
        for rule in rules {
            if services.shutdown.is_cancelled() {
                return left;
            }
            let channel = self.rounds_of(&mut rounds, &rule).await?;
            let expired = match self.may_go(channel, &rule, look).await {
                Ok(true) => self.round(channel, &rule, look.now, share.max(1)).await,
                Ok(false) => {
                    waiting += 1;
                    Ok(())
                }
                Err(error) => Err(error),
            };
            left = left.and(expired);
        }
        metrics::gauge!(RETENTION_WAITS).set(waiting);
        left
    }

    async fn rounds_of<'r>(
        &self,
        rounds: &'r mut Rounds,
        rule: &RetentionRule,
    ) -> Result<&'r mut ChannelRounds, EraseError> {
        if !rounds.channels.contains_key(&rule.channel) {
            let known = ChannelRounds {
                mark: self.registry.services().store.retention_mark(&rule.channel).await?,
                unwritten_ms: 0,
                untold_ms: 0,
                waits: false,
                after: None,
            };
            rounds.channels.insert(rule.channel.clone(), known);
        }
        rounds.channels.get_mut(&rule.channel).ok_or(EraseError::Unfinished)
    }

    /// Whether conversations may go by this rule now. Writes how far it is trusted, where that has changed for long enough.
    async fn may_go(&self, channel: &mut ChannelRounds, rule: &RetentionRule, look: Look) -> Result<bool, EraseError> {
        let (mark, verdict) = notice::judge(channel.mark.as_ref(), rule, look);
        let waits = verdict != Verdict::Goes;
        channel.unwritten_ms = channel.unwritten_ms.saturating_add(look.passed_ms);
        channel.untold_ms = channel.untold_ms.saturating_add(look.passed_ms);
        let is_changed = channel
            .mark
            .as_ref()
            .is_none_or(|before| before.rule != mark.rule || before.trusted_at.is_some() != mark.trusted_at.is_some());
        let is_changed = is_changed || waits != channel.waits;
        let write_every = if waits { WRITE_EVERY_MS } else { NOTE_EVERY_MS };
        if is_changed || channel.unwritten_ms >= write_every {
            self.registry.services().store.put_retention_mark(mark.clone()).await?;
            channel.unwritten_ms = 0;
        }
        if is_changed || channel.untold_ms >= NOTE_EVERY_MS {
            channel.untold_ms = 0;
            note(rule, &mark, verdict);
        }
        channel.mark = Some(mark);
        channel.waits = waits;
        Ok(!waits)
    }

    /// One round of a channel, in pages.
    async fn round(
        &self,
        channel: &mut ChannelRounds,
        rule: &RetentionRule,
        now: i64,
        most: u32,
    ) -> Result<(), EraseError> {
        let services = self.registry.services();
        let (mut tried, mut refused, mut left) = (0, 0, Ok(()));
        let erasure = name_of(rule);
        while tried < most {
            let limit = BATCH.min(most - tried);
            let over = services
                .store
                .ended_conversations(&rule.channel, rule.ended_before(now), channel.after, limit)
                .await?;
            if over.is_empty() {
                channel.after = None;
                break;
            }
            if tried == 0 {
                let begun = NewErasure {
                    customer: erasure.clone(),
                    by: ErasedBy::Retention,
                    at: now,
                    rule: Some(rule.clone()),
                };
                services.store.begin_erasure(begun).await?;
            }
            tried += limit;
            let page = self.page(over, &erasure, &mut channel.after).await;
            refused += page.refused;
            left = left.and(page.left);
            if page.is_cut || refused >= MOST_REFUSED {
                break;
            }
        }
        if refused > 0 {
            metrics::counter!(ERASURES, "outcome" => "unfinished").increment(1);
        }
        if tried > 0 && !services.shutdown.is_cancelled() {
            left = left.and(self.try_on(&erasure).await.map(drop));
        }
        left
    }

    /// Erases one after the other. A relay that stops, or has too much to do now, is not asked for the rest.
    async fn page(&self, over: Vec<EndedConversation>, erasure: &CustomerId, after: &mut Option<EndedPlace>) -> Page {
        let mut page = Page {
            refused: 0,
            is_cut: false,
            left: Ok(()),
        };
        for ended in over {
            if self.registry.services().shutdown.is_cancelled() {
                page.is_cut = true;
                return page;
            }
            let retired = self.retire(&ended, erasure).await;
            *after = Some(ended.place);
            let Err(refusal) = retired else {
                continue;
            };
            tracing::error!(
                conversation.id = %ended.id,
                refusal = %refusal.message,
                "a conversation whose time is over is not erased; tried again"
            );
            page.refused += 1;
            page.is_cut = matches!(refusal.code, RefusalCode::Draining | RefusalCode::Busy);
            page.left = page.left.and(Err(EraseError::Conversation(refusal)));
            if page.is_cut {
                return page;
            }
        }
        page
    }

    async fn retire(&self, ended: &EndedConversation, erasure: &CustomerId) -> Result<(), Refusal> {
        let erase = Command::Erase {
            customer: ended.customer.clone(),
            stand_in: self.stand_in(),
            erasure: erasure.clone(),
        };
        self.registry.call(&ended.id, erase).await?;
        metrics::counter!(RETIRED).increment(1);
        Ok(())
    }
}

/// What came of some conversations.
struct Page {
    refused: u32,
    /// Whether the rest was not asked for.
    is_cut: bool,
    left: Result<(), EraseError>,
}

/// Whose erasure it is. No customer has such an id.
fn name_of(rule: &RetentionRule) -> CustomerId {
    CustomerId::new(format!("portico:retention:{}", rule.channel))
}

fn note(rule: &RetentionRule, mark: &RetentionMark, verdict: Verdict) {
    let (channel, days, trusted_at) = (rule.channel.as_str(), rule.days, mark.trusted_at);
    match verdict {
        Verdict::Goes => tracing::debug!(channel, days, "conversations whose time is over are erased"),
        Verdict::Waits {
            left_ms,
            cause: Cause::NewRule,
        } => tracing::warn!(
            channel,
            days,
            left_ms,
            "retention_days is new or shorter: nothing is erased by it on the first day; `portico retention show` says what will be"
        ),
        Verdict::Waits {
            left_ms,
            cause: Cause::TimeAhead,
        } => tracing::error!(
            channel,
            days,
            left_ms,
            trusted_at,
            "the time of day is more than a day ahead of when conversations were last looked at: was the relay stopped for so long, \
             or is the machine's clock wrong? Nothing is erased by retention_days for a day"
        ),
    }
}
