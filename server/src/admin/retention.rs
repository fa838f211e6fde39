//! What goes by the channels' rules, before it goes.

use super::{AdminError, AdminReply};
use portico_core::clock::Clock;
use portico_core::erasing::notice::{self, Cause, Look, Verdict};
use portico_core::store::{EndedCounts, RetentionRule, Store};
use portico_shared::cim::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What goes by one channel's rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retiring {
    /// The rule.
    pub rule: RetentionRule,
    /// How many conversations it is about now.
    pub counts: EndedCounts,
    /// What holds all of them for now.
    pub held: Option<Held>,
}

/// Why no conversation of a channel goes for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whether the time of day is far ahead; the rule is new or shorter otherwise.
    pub is_time_ahead: bool,
    /// For how long the relay has to run still, in milliseconds.
    pub left_ms: i64,
}

/// Looks at these rules, and changes nothing.
pub(super) async fn show(
    store: &dyn Store,
    clock: &dyn Clock,
    rules: Vec<RetentionRule>,
) -> Result<AdminReply, AdminError> {
    let now = clock.now_ms();
    let mut retiring = Vec::new();
    for rule in rules {
        let mark = store.retention_mark(&rule.channel).await?;
        let held = match notice::judge(mark.as_ref(), &rule, Look::first(now)).1 {
            Verdict::Goes => None,
            Verdict::Waits { left_ms, cause } => Some(Held {
                is_time_ahead: cause == Cause::TimeAhead,
                left_ms,
            }),
        };
        let counts = store.count_ended(&rule.channel, rule.ended_before(now)).await?;
        retiring.push(Retiring { rule, counts, held });
    }
    Ok(AdminReply::Retiring(retiring))
}

impl fmt::Display for Retiring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RetentionRule { channel, days } = &self.rule;
        let EndedCounts {
            conversations,
            undelivered,
            first_ended_at,
            last_ended_at,
        } = &self.counts;
        let time = |at: &Option<i64>| at.map_or_else(|| "-".to_owned(), |ms| Timestamp::from_ms(ms).iso());
        let (first, last) = (time(first_ended_at), time(last_ended_at));
        write!(
            f,
            "{channel}\t{days}\t{conversations}\t{undelivered}\t{first}\t{last}\t"
        )?;
        let Some(Held { is_time_ahead, left_ms }) = self.held else {
            return f.write_str("goes");
        };
        let why = if is_time_ahead { "time ahead" } else { "new rule" };
        let hours = left_ms.saturating_add(HOUR_MS - 1) / HOUR_MS;
        write!(f, "{why}: {hours} h left")
    }
}
