//! What screen readers are told: one polite live region, apart from what is shown, so that each message is said once,
//! in order, without markup.

use crate::browser::now_ms;
use gloo_timers::callback::Timeout;
use leptos::html;
use leptos::prelude::*;

/// A sentence leaves the region after this many milliseconds, so that nobody finds it again while browsing.
const SAID_FOR_MS: u32 = 1_500;

/// Says sentences to screen readers. A cheap handle.
#[derive(Debug, Clone, Copy)]
pub struct Announcer {
    lines: RwSignal<Vec<(u64, String)>>,
    next: StoredValue<u64>,
}

impl Announcer {
    /// An announcer whose [`region`] is not drawn yet.
    pub fn new() -> Self {
        Self { lines: RwSignal::new(Vec::new()), next: StoredValue::new(now_ms().unsigned_abs()) }
    }

    /// Says a sentence when the reader pauses.
    pub fn say(self, line: String) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.lines.update(|lines| lines.push((id, line)));
        Timeout::new(SAID_FOR_MS, move || {
            self.lines.try_update(|lines| lines.retain(|(other, _)| *other != id));
        })
        .forget();
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}

/// The region itself, invisible. Draw it once, early: readers watch only regions that they have met empty.
pub fn region(announcer: Announcer) -> AnyView {
    let lines = For(ForProps::builder()
        .each(move || announcer.lines.get())
        .key(|(id, _)| *id)
        .children(|(_, line)| html::p().child(line))
        .build());
    html::div()
        .class("unseen")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .attr("aria-relevant", "additions")
        .attr("aria-atomic", "false")
        .child(lines)
        .into_any()
}
