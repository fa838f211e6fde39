//! An offer that rings: who, why, what they said, how long is left, and one key to accept.

use super::components::{identity_tag, key, keys};
use crate::action::Action;
use crate::i18n;
use crate::state::{Desk, reservation_identity, reservation_name};
use leptos::prelude::*;
use leptos::{ev, html, svg};
use portico_client::Change;
use portico_client::timeline::one_line;
use portico_shared::frame::Offer;
use portico_ui::avatar::avatar;
use portico_ui::icon::{BELL, CLOCK, GLOBE, INBOX, Icon, icon};
use portico_ui::time::stopwatch;
use serde_json::Value;

/// From this many seconds left on the countdown is red.
const LATE_SECONDS: i64 = 5;
/// The radius of the countdown's ring, in its own units.
const RADIUS: f64 = 19.0;

/// All offers, the most urgent first.
pub(crate) fn all(desk: Desk) -> AnyView {
    let offers = Memo::new(move |_| desk.reservations());
    let cards = For(ForProps::builder()
        .each(move || offers.get())
        .key(|offer| offer.task.clone())
        .children(move |offer| card(desk, offer))
        .build());
    html::section()
        .class("offers")
        .attr("aria-label", i18n::OFFERS)
        .child(cards)
        .into_any()
}

fn card(desk: Desk, offer: Offer) -> AnyView {
    let name = reservation_name(&offer);
    // The clock's last tick may be a second old, and the countdown would begin with one too many.
    desk.tick();
    let shown_at = untrack(|| desk.now());
    let (expires_at, waiting_since) = (offer.expires_at, offer.waiting_since);
    let whole = (expires_at - shown_at).max(1_000) as f64;
    let left = Memo::new(move |_| (expires_at - desk.now()).max(0));
    let seconds = move || seconds_of(left.get());
    let class = move || {
        if seconds() <= LATE_SECONDS {
            "offer offer--late"
        } else {
            "offer"
        }
    };
    let waits = move || stopwatch(desk.now() - waiting_since);
    let page = offer
        .data
        .get("page_title")
        .or_else(|| offer.data.get("page_url"))
        .and_then(Value::as_str);
    let words = offer.last_text.as_deref().map(one_line).filter(|text| !text.is_empty());
    let words = words.unwrap_or_else(|| i18n::OFFER_NO_WORDS.to_owned());
    html::article()
        .class(class)
        .attr("aria-label", format!("{}: {name}", i18n::OFFER))
        .child((
            html::div().class("offer__head").child((
                avatar(offer.conversation.as_str(), "CUSTOMER", &name),
                html::div().class("offer__who").child((
                    html::p()
                        .class("offer__kind")
                        .child((html::span().class("offer__bell").child(icon(BELL)), i18n::OFFER)),
                    html::h2().class("offer__name").attr("dir", "auto").child(name),
                    identity_tag(reservation_identity(&offer)),
                )),
                countdown(move || left.get() as f64 / whole, seconds),
            )),
            html::p()
                .class("offer__words")
                .child(html::span().attr("dir", "auto").child(words)),
            html::dl().class("offer__facts").child((
                fact(INBOX, i18n::QUEUE, offer.queue.clone().into_any()),
                fact(
                    CLOCK,
                    i18n::WAITS,
                    html::span().class("tabular").child(waits).into_any(),
                ),
                page.map(|page| fact(GLOBE, i18n::PAGE, page.to_owned().into_any())),
            )),
            accept_button(desk, offer),
        ))
        .into_any()
}

fn accept_button(desk: Desk, offer: Offer) -> AnyView {
    let button = NodeRef::<html::Button>::new();
    let task = offer.task.clone();
    let accepting = Memo::new(move |_| desk.link.watch(&Change::Offers, |session| session.is_accepting(&task)));
    // Somebody who types elsewhere keeps the keyboard; otherwise Enter accepts.
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
            desk.accept(offer.task.clone(), offer.conversation.clone())
        })
        .child((
            move || if accepting.get() { i18n::ACCEPTING } else { i18n::ACCEPT },
            html::span().class("offer__keys").child(keys(Action::AcceptReservation)),
            html::span()
                .class("offer__enter")
                .attr("aria-hidden", "true")
                .child(key(i18n::KEY_ENTER)),
        ))
        .into_any()
}

fn fact(picture: Icon, name: &'static str, value: AnyView) -> AnyView {
    html::div()
        .child((
            html::dt().child((icon(picture), html::span().class("visually-hidden").child(name))),
            html::dd().attr("dir", "auto").child(value),
        ))
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
    let gone = move || (round * (1.0 - share().clamp(0.0, 1.0))).to_string();
    html::div()
        .class("offer__left")
        .attr("role", "timer")
        .attr("aria-label", move || i18n::seconds_left(seconds()))
        .child((
            svg::svg()
                .attr("viewBox", "0 0 44 44")
                .attr("aria-hidden", "true")
                .child((
                    circle("offer__track"),
                    circle("offer__ring")
                        .attr("stroke-dasharray", round.to_string())
                        .attr("stroke-dashoffset", gone),
                )),
            html::span().child(seconds),
        ))
        .into_any()
}

/// The nearest whole second, the last one counted until it is over.
fn seconds_of(left_ms: i64) -> i64 {
    ((left_ms + 500) / 1_000).max(left_ms.signum())
}
