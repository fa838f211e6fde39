//! Small shapes that many views are made of.

use crate::action::Action;
use crate::i18n::{self, t};
use crate::state::Identity;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_ui::icon::{INFO, Icon, VERIFIED, icon};
use portico_ui::time::{self, Style, days_between};

/// The keys of an action, drawn as keys.
pub(crate) fn keys(action: Action) -> AnyView {
    let keys = action.keys().into_iter().map(key).collect::<Vec<_>>();
    html::span()
        .class("keys")
        .attr("aria-hidden", "true")
        .child(keys)
        .into_any()
}

/// One key.
pub(crate) fn key(name: &'static str) -> AnyView {
    html::kbd().class("kbd").child(name).into_any()
}

/// A button with a picture, whose name shows as a tooltip together with its keys.
pub(crate) fn icon_button(
    class: &'static str,
    picture: Icon,
    name: &'static str,
    action: Action,
    press: impl Fn() + 'static,
) -> AnyView {
    let hint = action.hint();
    let title = if hint.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({hint})")
    };
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("aria-label", name)
        .attr("aria-keyshortcuts", action.aria())
        .attr("title", title)
        .on(ev::click, move |_| press())
        .child(icon(picture))
        .into_any()
}

/// A time of day, with the whole date for those who hover or listen.
pub(crate) fn clock(at_ms: i64) -> AnyView {
    written(at_ms, time::write(at_ms, Style::Clock, i18n::locale()))
}

fn written(at_ms: i64, shown: String) -> AnyView {
    html::time()
        .attr("datetime", portico_shared::cim::Timestamp::from_ms(at_ms).iso())
        .attr("title", time::write(at_ms, Style::Exact, i18n::locale()))
        .child(shown)
        .into_any()
}

/// A time of day if that was today, otherwise the date.
pub(crate) fn day_or_clock(at_ms: i64, today: i64) -> AnyView {
    if days_between(at_ms, today) == 0 {
        return clock(at_ms);
    }
    written(at_ms, time::write(at_ms, Style::ShortDay, i18n::locale()))
}

/// A date with the time of day; the time alone if that was today.
pub(crate) fn moment(at_ms: i64, today: i64) -> AnyView {
    if days_between(at_ms, today) == 0 {
        return clock(at_ms);
    }
    let day = time::write(at_ms, Style::ShortDay, i18n::locale());
    written(
        at_ms,
        format!("{day}, {}", time::write(at_ms, Style::Clock, i18n::locale())),
    )
}

/// Whether the site vouches for who the customer is, in words.
pub(crate) fn identity_tag(identity: Identity) -> AnyView {
    let (class, picture, words) = match identity {
        Identity::Verified => ("tag tag--ok", VERIFIED, t().verified()),
        Identity::Claimed => ("tag", INFO, t().not_verified()),
    };
    html::span().class(class).child(icon(picture)).child(words).into_any()
}

/// Words that only screen readers meet.
pub(crate) fn unseen(words: impl IntoView + 'static) -> AnyView {
    html::span().class("visually-hidden").child(words).into_any()
}

/// One line of a list of facts.
pub(crate) fn fact(name: impl Into<String>, value: impl IntoView + 'static) -> AnyView {
    (
        html::dt().attr("dir", "auto").child(name.into()),
        html::dd().attr("dir", "auto").child(value),
    )
        .into_any()
}

/// The product's mark.
pub(crate) fn mark() -> AnyView {
    use leptos::svg;
    svg::svg()
        .attr("viewBox", "0 0 24 24")
        .attr("width", "20")
        .attr("height", "20")
        .attr("aria-hidden", "true")
        .child(
            svg::path()
                .attr("d", "M4 20V11a8 8 0 0 1 16 0v9M9 20v-8.5a3 3 0 0 1 6 0V20M2.5 20h19")
                .attr("fill", "none")
                .attr("stroke", "currentColor")
                .attr("stroke-width", "2")
                .attr("stroke-linecap", "round"),
        )
        .into_any()
}
