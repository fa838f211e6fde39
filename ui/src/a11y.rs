//! What screen readers are told: one polite live region, apart from what is shown, so that each message is said once,
//! in order, without markup.

use crate::el::{El, el};
use crate::state::State;
use gloo_timers::callback::Timeout;
#[cfg(feature = "leptos")]
use leptos::prelude::AnyView;
use std::rc::Rc;

/// A sentence leaves the region after this many milliseconds, so that nobody finds it again while browsing.
const SAID_FOR_MS: u32 = 1_500;

/// Says sentences to screen readers. A cheap handle.
#[derive(Clone, Copy)]
pub struct Announcer {
    /// Each with a key of its own, because the same may be said twice.
    lines: State<Vec<(Rc<str>, String)>>,
    next: State<u32>,
}

impl Announcer {
    /// An announcer whose [`region`] is not drawn yet.
    pub fn new() -> Self {
        Self {
            lines: State::new(Vec::new()),
            next: State::new(0),
        }
    }

    /// Says a sentence when the reader pauses.
    pub fn say(self, line: String) {
        self.next.update(|next| *next += 1);
        let key: Rc<str> = self.next.now().to_string().into();
        self.lines.update(|lines| lines.push((Rc::clone(&key), line)));
        Timeout::new(SAID_FOR_MS, move || {
            self.lines.update(|lines| lines.retain(|(other, _)| *other != key))
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
pub fn draw(announcer: Announcer) -> El {
    let keys = move || {
        announcer
            .lines
            .with(|lines| lines.iter().map(|(key, _)| Rc::clone(key)).collect())
    };
    let line = move |key: &Rc<str>| {
        let text = announcer.lines.peek(|lines| {
            lines
                .iter()
                .find(|(other, _)| other == key)
                .map(|(_, line)| line.clone())
        });
        el("p").text(&text.unwrap_or_default())
    };
    let region = el("div")
        .class("unseen")
        .attr("role", "status")
        .attr("aria-live", "polite");
    region
        .attr("aria-relevant", "additions")
        .attr("aria-atomic", "false")
        .list(keys, line)
}

/// The same as a Leptos view.
#[cfg(feature = "leptos")]
pub fn region(announcer: Announcer) -> AnyView {
    draw(announcer).into_view()
}
