//! A thin strip under the header, only while something is wrong.

use crate::host;
use crate::i18n::t;
use crate::store::Chat;

use portico_client::{Connection, StopReason};
use portico_shared::close::CloseCode;
use portico_ui::el::{El, block, button, draw, el, words};
use portico_ui::icon::{CLOCK, WIFI_OFF};
use portico_ui::state::State;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Offline,
    Lost,
    HeldBack,
    Stopped(StopReason),
}

impl Trouble {
    /// Whether the relay and this document do not understand each other, so that only another document helps.
    fn is_outdated(self) -> bool {
        matches!(self, Self::Stopped(StopReason::Protocol { code }) if code != CloseCode::Flooding.code())
    }
}

pub(super) fn strip(chat: Chat) -> El {
    let mut before = None;
    // While it connects again the strip stays as it is, so that it does not flicker with every try.
    let trouble = State::derived(move || {
        before = match chat.connection() {
            Connection::Idle => None,
            Connection::Online => chat.is_held_back().then_some(Trouble::HeldBack),
            Connection::Connecting => before,
            Connection::Waiting { .. } => Some(Trouble::Lost),
            Connection::Offline => Some(Trouble::Offline),
            Connection::Stopped { why } => Some(Trouble::Stopped(why)),
        };
        before
    });
    let strip = el("div").class("strip").attr("role", "status");
    strip.child_by(move || trouble.get().map(|trouble| sentence(chat, trouble)))
}

fn sentence(chat: Chat, trouble: Trouble) -> El {
    let text = t();
    let (sentence, way_out) = match trouble {
        Trouble::Offline => (text.offline(), None),
        Trouble::Lost => (text.reconnecting(), None),
        Trouble::HeldBack => (text.held_back(), None),
        Trouble::Stopped(StopReason::Replaced) => (text.replaced(), Some(text.use_here())),
        _ if trouble.is_outdated() => (text.outdated(), Some(text.reload())),
        Trouble::Stopped(StopReason::NoToken | StopReason::Protocol { .. }) => {
            (text.no_token(), Some(text.try_again()))
        }
    };
    let press = move || {
        if trouble.is_outdated() {
            host::reload();
        } else {
            chat.restart();
            chat.to_composer();
        }
    };
    let way_out = way_out.map(|name| button("strip__button", vec![words("", name)], Box::new(press)));
    let icon = if trouble == Trouble::HeldBack { CLOCK } else { WIFI_OFF };
    block("strip__inside", vec![draw(icon), words("strip__text", sentence)]).maybe(way_out)
}
