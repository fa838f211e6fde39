//! The rules that hold for every reader: where a day line stands, and which messages make a run.

use super::{TimelineEvent, TimelineItem, TimelineMessage};
use crate::SessionRole;

/// Messages of one author that are no further apart than this make one run, in milliseconds.
const RUN_MS: i64 = 3 * 60 * 1000;

/// Puts a timeline together, item by item.
pub(super) struct Builder<R: SessionRole, D> {
    items: Vec<TimelineItem<R>>,
    /// The number of the day of a time, in the reader's time zone.
    day_of: D,
    /// The newest day that has begun.
    day: Option<i64>,
}

impl<R: SessionRole, D: Fn(i64) -> i64> Builder<R, D> {
    pub(super) fn new(day_of: D) -> Self {
        Self {
            items: Vec::new(),
            day_of,
            day: None,
        }
    }

    pub(super) fn finish(self) -> Vec<TimelineItem<R>> {
        self.items
    }

    /// Adds a message, to the run before it if it belongs there.
    pub(super) fn message(&mut self, mut message: TimelineMessage<R>) {
        self.begin_day(message.at_ms);
        if let Some(TimelineItem::Message(before)) = self.items.last_mut()
            && continues(before, &message)
        {
            before.last = false;
            message.first = false;
        }
        self.items.push(TimelineItem::Message(Box::new(message)));
    }

    /// Adds what happened.
    pub(super) fn event(&mut self, event: TimelineEvent<R::Notice>) {
        self.begin_day(event.at_ms);
        self.items.push(TimelineItem::Event(event));
    }

    /// What happened just before what comes at this time, to be folded with it.
    pub(super) fn event_before(&mut self, at_ms: i64) -> Option<&mut TimelineEvent<R::Notice>> {
        self.begin_day(at_ms);
        match self.items.last_mut() {
            Some(TimelineItem::Event(event)) => Some(event),
            Some(TimelineItem::Day { .. } | TimelineItem::Message(_)) | None => None,
        }
    }

    /// A day line stands before the first item of each later day. A clock that is behind does not bring a day back.
    fn begin_day(&mut self, at_ms: i64) {
        let day = (self.day_of)(at_ms);
        if self.day.is_none_or(|newest| newest < day) {
            self.day = Some(day);
            self.items.push(TimelineItem::Day { day, at_ms });
        }
    }
}

fn continues<R: SessionRole>(before: &TimelineMessage<R>, message: &TimelineMessage<R>) -> bool {
    let together = before.author == message.author && before.whisper == message.whisper;
    together && message.at_ms - before.at_ms <= RUN_MS && !before.is_failed() && !message.is_failed()
}
