//! What programs reported of the customer while there was no chat to put it into: a call, an order, a survey.

use super::section;
use crate::i18n::{self, activity as messages};
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
#[derive(Clone)]
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
        Reported::Failed => Some(section(messages::BEFORE, failed(desk, reported))),
        Reported::Known(events) if events.is_empty() => None,
        Reported::Known(events) => Some(section(messages::BEFORE, cards(desk, &events))),
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
        let answer = match desk.reported_before(&id).await {
            Ok(events) => Reported::Known(events),
            // The agent has left the conversation meanwhile.
            Err(FetchError::Refused { status: 404, .. }) => Reported::Known(Vec::new()),
            Err(FetchError::Unreachable | FetchError::Refused { .. } | FetchError::Unreadable) => Reported::Failed,
        };
        if untrack(|| desk.open()) == Some(id) {
            // The panel may be gone by now.
            let _ = reported.try_set(answer);
        }
    });
}

fn failed(desk: Desk, reported: RwSignal<Reported>) -> AnyView {
    (
        html::p()
            .class("panel__note")
            .attr("role", "status")
            .child(messages::BEFORE_FAILED),
        html::button()
            .class("button")
            .attr("type", "button")
            .on(ev::click, move |_| ask(desk, reported))
            .child(messages::TRY_AGAIN),
    )
        .into_any()
}

fn cards(desk: Desk, events: &[CimEvent]) -> AnyView {
    let viewer = untrack(|| desk.viewer());
    let mut drawn: Vec<AnyView> = Vec::new();
    let mut above = None;
    for event in events {
        let at_ms = event.timestamp.ms();
        let new_day = above.is_none_or(|above| days_between(above, at_ms) != 0);
        above = Some(at_ms);
        let date = new_day.then(|| {
            let written = move || day(at_ms, desk.today(), i18n::locale());
            html::p().class("panel__day").child(written)
        });
        let card = activity::card(&Card::of(Arc::new(event.clone()), &viewer));
        drawn.push(html::li().child((date, card)).into_any());
    }
    let older = drawn.split_off(drawn.len().min(AT_ONCE));
    let folded = (!older.is_empty()).then(|| {
        html::details().class("panel__more").child((
            html::summary().child((
                messages::earlier_activities(older.len()),
                html::span().class("fold-mark").child(icon(CHEVRON_DOWN)),
            )),
            html::ul().child(older),
        ))
    });
    (html::ul().child(drawn), folded).into_any()
}
