//! A caller's way through a phone menu, drawn as a path.

use super::facts::facts;
use super::frame::{CardHead, in_line, number};
use crate::i18n::{activity as messages, t};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::{IvrActivity, IvrBody};
use portico_shared::text::says_nothing;
use portico_ui::icon::ROUTE;
use portico_ui::time::stopwatch;

/// The whole visit.
pub(super) fn view(card: &Card, visit: &IvrBody) -> AnyView {
    let end = end_of(visit);
    let line = in_line([Some(t().steps(visit.activities.len())), end.clone()]);
    let last = end.map(|end| html::li().child(html::span().class("path__step path__step--end").child(end)));
    let path = html::ol()
        .class("path")
        .child(visit.activities.iter().map(step).collect::<Vec<_>>())
        .child(last);
    let head = CardHead {
        picture: ROUTE,
        class: "card__icon--path",
        title: t().ivr().to_owned(),
        line,
        number: length(visit).map(|took| number(stopwatch(took))),
        at_ms: card.at_ms(),
    };
    head.open_over((path, (!visit.extra.is_empty()).then(|| facts(&visit.extra))).into_any())
}

fn step(activity: &IvrActivity) -> AnyView {
    let (menu, chosen) = menu_and_choice(activity);
    html::li()
        .child(
            html::span()
                .class("path__step")
                .attr("dir", "auto")
                .child(menu.map(|menu| html::small().child(menu)))
                .child(chosen),
        )
        .into_any()
}

/// How long the visit took, in milliseconds.
fn length(visit: &IvrBody) -> Option<i64> {
    let took = visit.end_time?.ms() - visit.start_time?.ms();
    (took > 0).then_some(took)
}

/// How the visit ended.
fn end_of(visit: &IvrBody) -> Option<String> {
    visit.end_direction.as_deref().map(|end| match end {
        "TRANSFER" => t().ivr_to_agent().to_owned(),
        "DIALOG_ENDED" => t().ivr_hung_up().to_owned(),
        other => messages::plain(other),
    })
}

/// What was chosen, and the menu that it was chosen from. A menu in which nothing was chosen stands for itself.
fn menu_and_choice(activity: &IvrActivity) -> (Option<String>, String) {
    let menu = activity.menu.clone().filter(|menu| !says_nothing(menu));
    let chosen = activity.selection.clone().filter(|chosen| !says_nothing(chosen));
    let shown = chosen.or_else(|| menu.clone()).unwrap_or_default();
    (menu.filter(|menu| *menu != shown), shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::cim::Timestamp;

    #[test]
    fn a_choice_stands_under_its_menu() {
        let step = |menu: Option<&str>, chosen: Option<&str>| {
            let (menu, shown) = menu_and_choice(&IvrActivity {
                menu: menu.map(str::to_owned),
                selection: chosen.map(str::to_owned),
                ..IvrActivity::default()
            });
            (menu.unwrap_or_default(), shown)
        };
        assert_eq!(
            step(Some("Main"), Some("Sales")),
            ("Main".to_owned(), "Sales".to_owned())
        );
        assert_eq!(step(Some("Main"), Some("\u{200b}")), (String::new(), "Main".to_owned()));
        assert_eq!(step(Some("Sales"), Some("Sales")), (String::new(), "Sales".to_owned()));
        assert_eq!(step(None, None), (String::new(), String::new()));
    }

    #[test]
    fn the_end_of_a_visit_is_said_in_words() {
        let end = |code: &str| {
            end_of(&IvrBody {
                end_direction: Some(code.to_owned()),
                ..IvrBody::default()
            })
        };
        assert_eq!(end("TRANSFER").as_deref(), Some(t().ivr_to_agent()));
        assert_eq!(end("DIALOG_ENDED").as_deref(), Some(t().ivr_hung_up()));
        assert_eq!(end("TIME_OUT").as_deref(), Some("Time out"));
        assert_eq!(end_of(&IvrBody::default()), None);
    }

    #[test]
    fn a_visit_whose_clock_ran_backwards_has_no_length() {
        let took = |start: i64, end: i64| {
            length(&IvrBody {
                start_time: Some(Timestamp::from_ms(start)),
                end_time: Some(Timestamp::from_ms(end)),
                ..IvrBody::default()
            })
        };
        assert_eq!(took(1_000, 63_000), Some(62_000));
        assert_eq!(took(63_000, 1_000), None);
        assert_eq!(length(&IvrBody::default()), None);
    }
}
