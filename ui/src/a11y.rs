//! What screen readers are told: one polite live region, apart from what is shown, so that each message is said once,
//! in order, without markup.

use gloo_timers::callback::Timeout;
use leptos::html;
use leptos::prelude::*;

/// A sentence leaves the region after this many milliseconds, so that a screen reader does not come upon it again while browsing.
const SAID_FOR_MS: u32 = 1_500;

/// Says sentences to screen readers. A cheap handle.
#[derive(Clone, Copy)]
pub struct Announcer {
    /// Each with a key of its own, because the same may be said twice.
    lines: RwSignal<Vec<(u32, String)>>,
    next: StoredValue<u32>,
}

impl Announcer {
    /// An announcer whose [`region`] is not drawn yet.
    pub fn new() -> Self {
        Self {
            lines: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// Has a sentence read out when the reader pauses.
    pub fn announce(self, line: String) {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        self.lines.update(|lines| lines.push((key, line)));
        Timeout::new(SAID_FOR_MS, move || {
            // The document may show another visitor's chat in the meantime.
            let _ = self.lines.try_update(|lines| lines.retain(|(other, _)| *other != key));
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
        .key(|(key, _)| *key)
        .children(|(_, line)| html::p().child(line).into_any())
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
