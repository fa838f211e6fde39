//! A reservation that rings: who waits, why, what they said, how long is left, and one key to accept.

use super::components::{identity_tag, key, keys};
use crate::action::Action;
use crate::i18n::t;
use crate::state::{Desk, reservation_identity, reservation_name};
use leptos::prelude::*;
use leptos::{ev, html, svg};
use portico_client::Change;
use portico_client::timeline::one_line;
use portico_shared::frame::Offer;
use portico_shared::text::says_nothing;
use portico_ui::avatar::avatar;
use portico_ui::icon::{BELL, CLOCK, GLOBE, INBOX, Icon, icon};
use portico_ui::time::stopwatch;

/// From this many seconds left on the countdown is red.
const LATE_SECONDS: i64 = 5;
/// The radius of the countdown's ring, in its own units.
const RADIUS: f64 = 19.0;

/// All reservations, the most urgent first.
pub(crate) fn all(desk: Desk) -> AnyView {
    let reservations = Memo::new(move |_| desk.reservations());
    let cards = For(ForProps::builder()
        .each(move || reservations.get())
        .key(|reservation| reservation.task.clone())
        .children(move |reservation| card(desk, reservation))
        .build());
    html::section()
        .class("offers")
        .attr("aria-label", t().offers())
        .child(cards)
        .into_any()
}

fn card(desk: Desk, reservation: Offer) -> AnyView {
    let name = reservation_name(&reservation);
    // The clock's last tick may be a second old, and the countdown would begin with one too many.
    desk.tick();
    let clock = Countdown {
        shown_at: untrack(|| desk.now()),
        expires_at: reservation.expires_at,
    };
    let left = Memo::new(move |_| clock.at(desk.now()));
    let seconds = move || left.get().seconds;
    let waiting_since = reservation.waiting_since;
    let waits = move || stopwatch(desk.now() - waiting_since);
    let (page, words) = (page_of(&reservation), last_words(&reservation));
    html::article()
        .class(move || card_class(seconds()))
        .attr("aria-label", format!("{}: {name}", t().offer()))
        .child(
            html::div()
                .class("offer__head")
                .child(avatar(reservation.conversation.as_str(), "CUSTOMER", &name))
                .child(
                    html::div()
                        .class("offer__who")
                        .child(
                            html::p()
                                .class("offer__kind")
                                .child(html::span().class("offer__bell").child(icon(BELL)))
                                .child(t().offer()),
                        )
                        .child(html::h2().class("offer__name").attr("dir", "auto").child(name))
                        .child(identity_tag(reservation_identity(&reservation))),
                )
                .child(countdown(move || left.get().share, seconds)),
        )
        .child(
            html::p()
                .class("offer__words")
                .child(html::span().attr("dir", "auto").child(words)),
        )
        .child(
            html::dl()
                .class("offer__facts")
                .child(fact(INBOX, t().queue(), reservation.queue.clone().into_any()))
                .child(fact(
                    CLOCK,
                    t().waits(),
                    html::span().class("tabular").child(waits).into_any(),
                ))
                .child(page.map(|page| fact(GLOBE, t().page(), page.into_any()))),
        )
        .child(accept_button(desk, reservation))
        .into_any()
}

fn accept_button(desk: Desk, reservation: Offer) -> AnyView {
    let button = NodeRef::<html::Button>::new();
    let task = reservation.task.clone();
    let accepting = Memo::new(move |_| desk.link.watch(&Change::Offers, |session| session.is_accepting(&task)));
    // An agent who types elsewhere keeps the keyboard; otherwise Enter accepts.
    Effect::new(move |_| {
        let idle = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        if let Some(button) = button.get()
            && idle
        {
            let _ = button.focus();
        }
    });
    html::button()
        .class("button button--primary button--big button--wide")
        .attr("type", "button")
        .attr("aria-keyshortcuts", Action::AcceptReservation.aria())
        .node_ref(button)
        .prop("disabled", move || accepting.get())
        .on(ev::click, move |_| {
            desk.accept(reservation.task.clone(), reservation.conversation.clone())
        })
        .child(move || if accepting.get() { t().accepting() } else { t().accept() })
        .child(html::span().class("offer__keys").child(keys(Action::AcceptReservation)))
        .child(
            html::span()
                .class("offer__enter")
                .attr("aria-hidden", "true")
                .child(key(t().key_enter())),
        )
        .into_any()
}

fn fact(picture: Icon, name: &'static str, value: AnyView) -> AnyView {
    html::div()
        .child(
            html::dt()
                .child(icon(picture))
                .child(html::span().class("visually-hidden").child(name)),
        )
        .child(html::dd().attr("dir", "auto").child(value))
        .into_any()
}

/// A ring that empties around the seconds.
fn countdown(
    share: impl Fn() -> f64 + Send + Sync + 'static,
    seconds: impl Fn() -> i64 + Copy + Send + Sync + 'static,
) -> AnyView {
    let round = 2.0 * std::f64::consts::PI * RADIUS;
    let circle = |class: &'static str| {
        svg::circle()
            .attr("class", class)
            .attr("cx", "22")
            .attr("cy", "22")
            .attr("r", RADIUS.to_string())
    };
    let gone = move || (round * (1.0 - share())).to_string();
    html::div()
        .class("offer__left")
        .attr("role", "timer")
        .attr("aria-label", move || t().seconds_left(seconds().max(0) as usize))
        .child(
            svg::svg()
                .attr("viewBox", "0 0 44 44")
                .attr("aria-hidden", "true")
                .child(circle("offer__track"))
                .child(
                    circle("offer__ring")
                        .attr("stroke-dasharray", round.to_string())
                        .attr("stroke-dashoffset", gone),
                ),
        )
        .child(html::span().child(seconds))
        .into_any()
}

/// The page that the customer looks at: its title, or else its address.
fn page_of(reservation: &Offer) -> Option<String> {
    let said = |key: &str| {
        let text = reservation.data.get(key)?.as_str()?;
        (!says_nothing(text)).then(|| text.to_owned())
    };
    said("page_title").or_else(|| said("page_url"))
}

/// The newest text of the customer, on one line.
fn last_words(reservation: &Offer) -> String {
    let words = reservation.last_text.as_deref().map(one_line);
    words
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| t().offer_no_words().to_owned())
}

/// How long a reservation rings, in epoch milliseconds.
#[derive(Debug, Clone, Copy)]
struct Countdown {
    shown_at: i64,
    expires_at: i64,
}

/// What the countdown shows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Left {
    seconds: i64,
    /// Of the time from when it was shown, from 0 to 1.
    share: f64,
}

impl Countdown {
    fn at(self, now: i64) -> Left {
        let left_ms = (self.expires_at - now).max(0);
        Left {
            seconds: seconds_of(left_ms),
            share: share_left(left_ms, self.expires_at - self.shown_at),
        }
    }
}

/// The nearest whole second, the last one counted until it is over.
fn seconds_of(left_ms: i64) -> i64 {
    ((left_ms + 500) / 1_000).max(left_ms.signum())
}

/// How much of the time is left, from 0 to 1. One that was shown at its very end still empties over a second.
fn share_left(left_ms: i64, whole_ms: i64) -> f64 {
    (left_ms as f64 / whole_ms.max(1_000) as f64).clamp(0.0, 1.0)
}

fn card_class(seconds_left: i64) -> &'static str {
    if seconds_left <= LATE_SECONDS {
        "offer offer--late"
    } else {
        "offer"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::reservation;
    use serde_json::{Value, json};

    #[test]
    fn a_countdown_empties_from_when_it_was_shown_and_stops_at_its_end() {
        let clock = Countdown {
            shown_at: 10_000,
            expires_at: 20_000,
        };
        let left = |seconds, share| Left { seconds, share };
        assert_eq!(clock.at(10_000), left(10, 1.0));
        assert_eq!(clock.at(15_000), left(5, 0.5));
        assert_eq!(clock.at(25_000), left(0, 0.0));
    }

    #[test]
    fn the_countdown_rounds_and_counts_its_last_second_to_the_end() {
        let seconds = [15_400, 14_600, 1_499, 600, 400, 1, 0].map(seconds_of);
        assert_eq!(seconds, [15, 15, 1, 1, 1, 1, 0]);
    }

    #[test]
    fn the_ring_empties_with_the_time_that_was_left_when_it_was_shown() {
        assert_eq!(share_left(20_000, 20_000), 1.0);
        assert_eq!(share_left(5_000, 20_000), 0.25);
        assert_eq!(share_left(25_000, 20_000), 1.0);
        assert_eq!(share_left(500, 0), 0.5);
        assert_eq!(share_left(0, -3_000), 0.0);
    }

    #[test]
    fn the_last_five_seconds_are_red() {
        assert_eq!(
            [6, 5, 0].map(card_class),
            ["offer", "offer offer--late", "offer offer--late"]
        );
    }

    #[test]
    fn a_page_is_named_by_its_title_or_else_by_its_address() {
        let page = |data: Value| {
            let mut shown = reservation(0);
            shown.data = data.as_object().cloned().unwrap_or_default();
            page_of(&shown)
        };
        let both = json!({ "page_title": "Shoes", "page_url": "https://shop.example/shoes" });
        assert_eq!(page(both).as_deref(), Some("Shoes"));
        let address = json!({ "page_url": "https://shop.example/shoes" });
        assert_eq!(page(address).as_deref(), Some("https://shop.example/shoes"));
        let untitled = json!({ "page_title": "\u{200b}", "page_url": "https://shop.example/shoes" });
        assert_eq!(page(untitled).as_deref(), Some("https://shop.example/shoes"));
        assert_eq!(page(json!({})), None);
    }

    #[test]
    fn the_customers_words_stand_on_one_line() {
        let words = |text: Option<&str>| {
            let mut shown = reservation(0);
            shown.last_text = text.map(str::to_owned);
            last_words(&shown)
        };
        assert_eq!(words(Some("Where is\nmy *order*?")), "Where is my order?");
        assert_eq!(words(Some(" \u{200b}")), t().offer_no_words());
        assert_eq!(words(None), t().offer_no_words());
    }
}
