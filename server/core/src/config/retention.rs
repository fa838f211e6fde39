//! For how long a channel keeps conversations.

use super::{Channel, Config};
use crate::clock::DAY_MS;
use crate::store::RetentionRule;

impl Channel {
    /// The rule of this channel, which `id` names; nothing if its conversations are kept for good.
    pub fn retention(&self, id: &str) -> Option<RetentionRule> {
        (self.retention_days > 0).then(|| RetentionRule {
            channel: id.to_owned(),
            days: self.retention_days,
        })
    }
}

impl Config {
    /// The rules of all channels that have one.
    pub fn retention(&self) -> Vec<RetentionRule> {
        let rules = self.channels.iter();
        rules.filter_map(|(id, channel)| channel.retention(id)).collect()
    }
}

impl RetentionRule {
    /// Conversations that ended before this time are kept no longer. Both in epoch milliseconds.
    pub fn ended_before(&self, now: i64) -> i64 {
        now.saturating_sub(i64::from(self.days).saturating_mul(DAY_MS))
    }
}
