//! What programs reported of the customer while there was no chat to put it into: a call, an order, a survey.

use super::section;
use crate::i18n::{self, t};
use crate::state::Desk;
use crate::view::activity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use portico_client::timeline::Card;
use portico_shared::cim::CimEvent;
use portico_ui::fetch::FetchError;
use portico_ui::icon::{CHEVRON_DOWN, icon};
use portico_ui::time::{day, days_between};
use std::sync::Arc;

/// The newest ones stand there at once; what is older unfolds.
const AT_ONCE: usize = 3;

/// What is known of it.
#[derive(Debug, Clone, PartialEq)]
enum Reported {
    /// The relay has not answered yet.
    Asked,
    Failed,
    Known(Vec<CimEvent>),
}

/// The section; there is none before there is something to show.
pub(super) fn view(desk: Desk) -> AnyView {
    let reported = RwSignal::new(Reported::Asked);
    let open = Memo::new(move |_| desk.open());
    Effect::new(move |_| {
        open.track();
        ask(desk, reported);
    });
    let inside = move || match reported.get() {
        Reported::Asked => None,
        Reported::Failed => Some(section(t().before(), failed(desk, reported))),
        Reported::Known(events) if events.is_empty() => None,
        Reported::Known(events) => Some(section(t().before(), cards(desk, &events))),
    };
    inside.into_any()
}

fn ask(desk: Desk, reported: RwSignal<Reported>) {
    reported.set(Reported::Asked);
    let Some(id) = untrack(|| desk.open()) else { return };
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; a panel that is gone is not told"
    )]
    spawn_local(async move {
        let answer = Reported::from(desk.reported_before(&id).await);
        // By now the panel may be gone, and with a sign-out the whole console.
        if desk.is_still_open(&id) {
            let _ = reported.try_set(answer);
        }
    });
}

fn failed(desk: Desk, reported: RwSignal<Reported>) -> AnyView {
    (
        html::p()
            .class("panel__note")
            .attr("role", "status")
            .child(t().before_failed()),
        html::button()
            .class("button")
            .attr("type", "button")
            .on(ev::click, move |_| ask(desk, reported))
            .child(t().try_again()),
    )
        .into_any()
}

fn cards(desk: Desk, events: &[CimEvent]) -> AnyView {
    let viewer = untrack(|| desk.viewer());
    let mut drawn: Vec<AnyView> = Vec::new();
    let mut above = None;
    for event in events {
        let at_ms = event.timestamp.ms();
        let new_day = begins_day(above, at_ms, days_between);
        above = Some(at_ms);
        let date = new_day.then(|| {
            let written = move || day(at_ms, desk.today(), i18n::locale());
            html::p().class("panel__day").child(written)
        });
        let card = activity::card(&Card::of(Arc::new(event.clone()), &viewer));
        drawn.push(html::li().child(date).child(card).into_any());
    }
    let older = drawn.split_off(drawn.len().min(AT_ONCE));
    let folded = (!older.is_empty()).then(|| {
        html::details()
            .class("panel__more")
            .child(
                html::summary()
                    .child(t().earlier_activities(older.len()))
                    .child(html::span().class("fold-mark").child(icon(CHEVRON_DOWN))),
            )
            .child(html::ul().child(older))
    });
    (html::ul().child(drawn), folded).into_any()
}

impl From<Result<Vec<CimEvent>, FetchError>> for Reported {
    fn from(answer: Result<Vec<CimEvent>, FetchError>) -> Self {
        match answer {
            Ok(events) => Self::Known(events),
            // The agent has left the conversation meanwhile.
            Err(FetchError::Refused { status: 404, .. }) => Self::Known(Vec::new()),
            Err(FetchError::Unreachable | FetchError::Refused { .. } | FetchError::Unreadable) => Self::Failed,
        }
    }
}

/// Whether a card is of another day than the one above it.
fn begins_day(above_ms: Option<i64>, at_ms: i64, days_between: impl Fn(i64, i64) -> i64) -> bool {
    above_ms.is_none_or(|above_ms| days_between(above_ms, at_ms) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> Reported {
        Reported::from(Err(FetchError::Refused {
            status,
            retry_after_ms: None,
            body: String::new(),
        }))
    }

    #[test]
    fn of_a_conversation_that_was_left_nothing_is_shown() {
        assert_eq!(refused(404), Reported::Known(Vec::new()));
        assert_eq!(refused(503), Reported::Failed);
        assert_eq!(Reported::from(Err(FetchError::Unreachable)), Reported::Failed);
    }

    #[test]
    fn a_date_stands_over_the_first_card_of_each_day() {
        let days = |earlier: i64, later: i64| later / 10 - earlier / 10;
        let cards = [25, 21, 19, 12];
        let above = [None, Some(25), Some(21), Some(19)];
        let begins: Vec<_> = above
            .into_iter()
            .zip(cards)
            .map(|(above, at)| begins_day(above, at, days))
            .collect();
        assert_eq!(begins, [true, false, true, false]);
    }
}
