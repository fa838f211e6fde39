//! What screen readers are told: one polite live region, apart from what is shown, so that each message is said once,
//! in order, without markup.

use crate::reactive::keyed;
use gloo_timers::callback::Timeout;
use leptos::html;
use leptos::prelude::*;

/// A sentence leaves the region after this many milliseconds, so that a screen reader does not come upon it again while browsing.
const SAID_FOR_MS: u32 = 1_500;

/// Says sentences to screen readers. A cheap handle.
#[derive(Clone, Copy)]
pub struct Announcer {
    lines: RwSignal<Vec<Line>>,
    next: StoredValue<u32>,
}

#[derive(Clone)]
struct Line {
    /// The same may be said twice.
    key: String,
    words: String,
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
    pub fn announce(self, words: String) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        let key = number.to_string();
        let line = Line {
            key: key.clone(),
            words,
        };
        self.lines.update(|lines| lines.push(line));
        Timeout::new(SAID_FOR_MS, move || {
            // The document may show another visitor's chat in the meantime.
            let _ = self.lines.try_update(|lines| lines.retain(|line| line.key != key));
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
    let keys = move || {
        announcer
            .lines
            .with(|lines| lines.iter().map(|line| line.key.clone()).collect())
    };
    let draw = move |key: String| {
        let line = announcer.lines.with_untracked(|lines| {
            let line = lines.iter().find(|line| line.key == key);
            line.map(|line| line.words.clone())
        });
        html::p().child(line.unwrap_or_default()).into_any()
    };
    html::div()
        .class("unseen")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .attr("aria-relevant", "additions")
        .attr("aria-atomic", "false")
        .child(keyed(keys, draw))
        .into_any()
}
