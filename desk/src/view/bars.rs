//! What is wrong: the strip over the console for the connection, and a short sentence for a wish that failed.

use crate::i18n;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::{Change, Connection, StopReason};
use portico_ui::icon::{ALERT, Icon, RETRY, WIFI_OFF, X, icon};

/// What the strip says, and what can be done about it.
#[derive(Clone, PartialEq)]
struct Trouble {
    class: &'static str,
    picture: Icon,
    words: &'static str,
    act: Option<Act>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Reconnect(&'static str),
    Reload,
}

/// The strip: empty while all is well. It stands in the document always, so that screen readers follow it.
pub(crate) fn connection(desk: Desk) -> AnyView {
    let trouble = Memo::new(move |seen: Option<&Option<Trouble>>| {
        desk.link.watch(&Change::Connection, |session| {
            trouble(session.connection(), session.me().is_none(), seen)
        })
    });
    let strip = move || {
        trouble.get().map(|trouble| {
            html::div().class(trouble.class).child((
                icon(trouble.picture),
                html::span().child(trouble.words),
                trouble.act.map(|act| act_button(desk, act)),
            ))
        })
    };
    html::div()
        .class("strip-place")
        .attr("role", "status")
        .child(strip)
        .into_any()
}

fn trouble(connection: &Connection, first: bool, before: Option<&Option<Trouble>>) -> Option<Trouble> {
    let lost = Trouble {
        class: "strip",
        picture: WIFI_OFF,
        words: i18n::RECONNECTING,
        act: Some(Act::Reconnect(i18n::TRY_NOW)),
    };
    match connection {
        Connection::Online | Connection::Idle => None,
        // A first connection is no trouble, and a try must not make the strip flicker.
        Connection::Connecting if first => None,
        Connection::Connecting => before.cloned().flatten().or(Some(lost)),
        Connection::Waiting { .. } => Some(lost),
        Connection::Offline => Some(Trouble {
            words: i18n::OFFLINE,
            act: None,
            ..lost
        }),
        Connection::Stopped { why } => match why {
            StopReason::NoToken => Some(Trouble {
                words: i18n::SESSION_ENDED,
                act: None,
                ..lost
            }),
            StopReason::Replaced => Some(Trouble {
                words: i18n::REPLACED,
                act: Some(Act::Reconnect(i18n::USE_HERE)),
                picture: ALERT,
                ..lost
            }),
            StopReason::Protocol { .. } => Some(Trouble {
                class: "strip strip--bad",
                picture: ALERT,
                words: i18n::OUTDATED,
                act: Some(Act::Reload),
            }),
        },
    }
}

fn act_button(desk: Desk, act: Act) -> AnyView {
    let (words, press): (_, Box<dyn Fn()>) = match act {
        Act::Reconnect(words) => (words, Box::new(move || desk.reconnect())),
        Act::Reload => (i18n::RELOAD, Box::new(|| drop(window().location().reload()))),
    };
    html::button()
        .class("link-button")
        .attr("type", "button")
        .on(ev::click, move |_| press())
        .child(words)
        .into_any()
}

/// A wish that failed.
pub(crate) fn toast(desk: Desk) -> AnyView {
    let shown = move || {
        desk.toast().map(|words| {
            html::div().class("toast").child((
                icon(RETRY),
                html::span().child(words),
                html::button()
                    .class("icon-button")
                    .attr("type", "button")
                    .attr("aria-label", i18n::CLOSE)
                    .on(ev::click, move |_| desk.dismiss_toast())
                    .child(icon(X)),
            ))
        })
    };
    html::div().attr("role", "alert").child(shown).into_any()
}
