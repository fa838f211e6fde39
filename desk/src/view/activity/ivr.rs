//! A caller's way through a phone menu, drawn as a path.

use super::facts::facts;
use super::frame::CardHead;
use crate::i18n::activity as messages;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::{IvrActivity, IvrBody};
use portico_ui::icon::ROUTE;
use portico_ui::time::stopwatch;

/// The whole visit.
pub(super) fn view(card: &Card, visit: &IvrBody) -> AnyView {
    let took = visit
        .start_time
        .zip(visit.end_time)
        .map(|(start, end)| end.ms() - start.ms())
        .filter(|took| *took > 0);
    let end = visit.end_direction.as_deref().map(|end| match end {
        "TRANSFER" => messages::IVR_TO_AGENT.to_owned(),
        "DIALOG_ENDED" => messages::IVR_HUNG_UP.to_owned(),
        other => messages::plain(other),
    });
    let line = [Some(messages::steps(visit.activities.len())), end.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let last = end.map(|end| html::li().child(html::span().class("path__step path__step--end").child(end)));
    let path = html::ol()
        .class("path")
        .child((visit.activities.iter().map(step).collect::<Vec<_>>(), last));
    let head = CardHead {
        picture: ROUTE,
        class: "card__icon--path",
        title: messages::IVR.to_owned(),
        line: line.join(" · "),
        number: took.map(|took| html::span().class("card__number").child(stopwatch(took)).into_any()),
        at_ms: card.at_ms(),
    };
    head.open_over((path, (!visit.extra.is_empty()).then(|| facts(&visit.extra))).into_any())
}

fn step(choice: &IvrActivity) -> AnyView {
    let menu = choice.menu.clone().filter(|menu| !menu.is_empty());
    let chosen = choice.selection.clone().filter(|chosen| !chosen.is_empty());
    let shown = chosen.or_else(|| menu.clone()).unwrap_or_default();
    let above = menu.filter(|menu| *menu != shown).map(|menu| html::small().child(menu));
    html::li()
        .child(
            html::span()
                .class("path__step")
                .attr("dir", "auto")
                .child((above, shown)),
        )
        .into_any()
}
