//! Whether the team answers now, and what is said while it does not.

use crate::config::{self, Config};
use crate::i18n::{Messages, locale, t};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

use portico_shared::availability::{Availability, OpenWindow};
use portico_ui::browser::now_ms;
use portico_ui::time::{Style, coming_day, write};

/// How often it is asked whether the team has come or gone, in milliseconds.
const LOOK_EVERY_MS: u32 = 20_000;

/// The relay is asked for more when it has told fewer times than this from now on.
const ENOUGH_WINDOWS: usize = 2;

/// Shortest time between two such questions, in milliseconds: a team may have no more of them.
const ASK_EVERY_MS: i64 = 3_600_000;

/// How it stands, for as long as the document is there, by the relay's clock: many a visitor's is hours off.
pub(crate) fn follow(channel: String, config: RwSignal<Config>) -> Memo<Availability> {
    let clock = Clock::default();
    let (now, set_now) = signal(clock.now());
    let asked = Cell::new(now.get_untracked());
    // The document may come from the browser's cache, so that its times do not say what time it is.
    if config.with_untracked(|config| config.hours.is_some()) {
        ask(channel.clone(), config, clock.clone(), set_now);
    }
    // A device that slept makes up for it when it wakes.
    Interval::new(LOOK_EVERY_MS, move || {
        let now = clock.now();
        let left = config.try_with_untracked(|config| config.hours.as_deref().map(|hours| left(hours, now)));
        let Some(left) = left.flatten() else { return };
        set_now.set(now);
        if left < ENOUGH_WINDOWS && now - asked.get() >= ASK_EVERY_MS {
            asked.set(now);
            ask(channel.clone(), config, clock.clone(), set_now);
        }
    })
    .forget();
    Memo::new(move |_| config.with(|config| Availability::at(config.hours.as_deref(), now.get())))
}

/// How many times are not over.
fn left(hours: &[OpenWindow], now: i64) -> usize {
    hours.iter().filter(|window| now < window.until).count()
}

/// The relay's clock, as far as it is known.
#[derive(Debug, Clone, Default)]
struct Clock {
    /// How much the visitor's is behind it, in milliseconds.
    behind: Rc<Cell<i64>>,
}

impl Clock {
    fn now(&self) -> i64 {
        now_ms().saturating_add(self.behind.get())
    }

    fn set(&self, relays: i64) {
        self.behind.set(relays.saturating_sub(now_ms()));
    }
}

/// Asks the relay for the hours anew, and for the time; a page may be open for weeks.
fn ask(channel: String, config: RwSignal<Config>, clock: Clock, set_now: WriteSignal<i64>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; the document lives as long as the program"
    )]
    leptos::task::spawn_local(async move {
        // Without an answer it goes on with what it has.
        let Some((loaded, at)) = config::load(&channel).await else {
            return;
        };
        if let Some(at) = at {
            clock.set(at);
            set_now.set(clock.now());
        }
        if let Some(hours) = loaded.hours
            && config.with_untracked(|config| config.hours.as_ref() != Some(&hours))
        {
            config.update(|config| config.hours = Some(hours));
        }
    });
}

/// While the team is away: that it is, and when it is back.
pub(crate) fn sentence(availability: Availability) -> Option<String> {
    let Availability::Closed { back_at, .. } = availability else {
        return None;
    };
    let back = back_at.map(|at| {
        let tag = &locale().tag;
        (coming_day(at, now_ms(), tag), write(at, Style::Clock, tag))
    });
    Some(joined(back, t()))
}

fn joined(back: Option<(String, String)>, t: &'static Messages) -> String {
    match back {
        Some((day, time)) => [t.away(), " ", &t.back(&day, &time)].concat(),
        None => t.away().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, left, sentence};
    use crate::i18n::t;
    use portico_shared::availability::{Availability, OpenWindow};

    #[test]
    fn times_that_are_over_are_not_left() {
        let hours = [(10, 20), (30, 40), (50, 60)].map(|(from, until)| OpenWindow { from, until });
        assert_eq!([5, 20, 35, 60].map(|now| left(&hours, now)), [3, 2, 2, 0]);
    }

    #[test]
    fn a_team_that_answers_is_not_away() {
        assert_eq!(sentence(Availability::Open), None);
    }

    #[test]
    fn when_the_team_is_back_is_said_if_it_is_known() {
        let away = "We are away right now. Leave a message and we will answer it.";
        let closed = Availability::Closed {
            since: None,
            back_at: None,
        };
        assert_eq!(sentence(closed).as_deref(), Some(away));
        let back = ("tomorrow".to_owned(), "9:00".to_owned());
        assert_eq!(joined(Some(back), t()), format!("{away} We are back tomorrow at 9:00."));
    }
}
