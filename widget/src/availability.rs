//! Whether the team answers now, and what is said while it does not.

use crate::config::Config;
use crate::i18n::{Messages, locale, t};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use portico_shared::availability::Availability;
use portico_ui::browser::now_ms;
use portico_ui::time::{Style, coming_day, write};

/// How often it is asked whether the team has come or gone, in milliseconds.
const LOOK_EVERY_MS: u32 = 20_000;

/// How it stands, for as long as the document is there. The times are the relay's, the clock is the visitor's.
pub(crate) fn follow(config: ReadSignal<Config>) -> Memo<Availability> {
    let (now, set_now) = signal(now_ms());
    // A device that slept makes up for it when it wakes.
    Interval::new(LOOK_EVERY_MS, move || {
        let has_hours = config.try_with_untracked(|config| config.hours.is_some());
        if has_hours == Some(true) {
            set_now.set(now_ms());
        }
    })
    .forget();
    Memo::new(move |_| config.with(|config| Availability::at(config.hours.as_deref(), now.get())))
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
    use super::{joined, sentence};
    use crate::i18n::t;
    use portico_shared::availability::Availability;

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
