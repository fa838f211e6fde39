//! Ends a chat whose customer is silent. The timer is a row that is written when silence begins to count, not with every
//! message: when it comes due, it looks when the customer last wrote, and moves on if that was lately.

use super::Transaction;
use crate::conversation::event_factory::Emitter;
use crate::store::TimerKind;
use portico_shared::cim::channel_session::ChannelSessionReason;

impl Transaction<'_> {
    /// Sets the deadline when silence begins to count, and takes it back when it no longer does.
    pub(super) fn watch_silence(&mut self) {
        match (self.state.record.silent_until, self.silence_limit()) {
            (None, Some(limit)) => self.set_silence(self.now.saturating_add(limit)),
            (Some(_), None) => {
                self.state.record.silent_until = None;
                self.cancel_timer(TimerKind::CustomerInactivity);
            }
            (None, None) | (Some(_), Some(_)) => {}
        }
    }

    /// The deadline is over. False if it is not this one any more.
    pub(in crate::conversation) fn silence_is_over(&mut self) -> bool {
        let record = &self.state.record;
        if record.silent_until.is_some_and(|until| until > self.now) {
            return false;
        }
        match self.silence_limit() {
            Some(limit) => {
                let until = record.spoke_at.map_or(self.now, |at| at.saturating_add(limit));
                if until > self.now {
                    self.set_silence(until);
                } else {
                    self.end_session(Emitter::monitor(), ChannelSessionReason::Inactivity);
                }
            }
            None => self.cancel_timer(TimerKind::CustomerInactivity),
        }
        true
    }

    /// How long the customer may be silent, in milliseconds. It counts while no agent serves the
    /// customer and no task is open.
    fn silence_limit(&self) -> Option<i64> {
        let state = &self.state;
        let channel = self.services.config.channels.get(&state.record.channel)?;
        let seconds = i64::try_from(channel.customer_activity_timeout).unwrap_or(i64::MAX);
        let counts = !state.is_ended() && state.agents().next().is_none() && state.task.is_none();
        (counts && seconds > 0).then(|| seconds.saturating_mul(1000))
    }

    fn set_silence(&mut self, until: i64) {
        self.state.record.silent_until = Some(until);
        self.set_timer(TimerKind::CustomerInactivity, until);
    }
}
