//! A thin banner under the header, only while something is wrong.

use crate::host;
use crate::i18n::{Messages, t};
use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;

use portico_client::{Connection, StopReason};
use portico_shared::close::CloseCode;
use portico_ui::icon::{CLOCK, WIFI_OFF, icon};
use portico_ui::parts::{auto_span, button};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Offline,
    Lost,
    HeldBack,
    Stopped(StopReason),
}

impl Trouble {
    /// What is wrong with a connection, if anything is. While it connects again the banner stays as it is, so that it
    /// does not flicker with every try.
    fn of(connection: &Connection, is_held_back: bool, before: Option<Self>) -> Option<Self> {
        match connection {
            Connection::Idle => None,
            Connection::Online => is_held_back.then_some(Self::HeldBack),
            Connection::Connecting => before,
            Connection::Waiting { .. } => Some(Self::Lost),
            Connection::Offline => Some(Self::Offline),
            Connection::Stopped { why } => Some(Self::Stopped(*why)),
        }
    }

    /// Whether the relay and this document do not understand each other, so that only another document helps.
    fn is_outdated(self) -> bool {
        matches!(self, Self::Stopped(StopReason::Protocol { code }) if code != CloseCode::Flooding.code())
    }

    /// A sentence, and what the way out is called if there is one.
    fn words(self, t: &'static Messages) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Offline => (t.offline(), None),
            Self::Lost => (t.reconnecting(), None),
            Self::HeldBack => (t.held_back(), None),
            Self::Stopped(StopReason::Replaced) => (t.replaced(), Some(t.use_here())),
            _ if self.is_outdated() => (t.outdated(), Some(t.reload())),
            Self::Stopped(StopReason::NoToken | StopReason::Protocol { .. }) => (t.no_token(), Some(t.try_again())),
        }
    }
}

pub(super) fn connection_banner(chat: Chat) -> AnyView {
    let trouble = Memo::new(move |before: Option<&Option<Trouble>>| {
        let before = before.copied().flatten();
        let connection = chat.connection();
        let is_held_back = connection == Connection::Online && chat.is_held_back();
        Trouble::of(&connection, is_held_back, before)
    });
    html::div()
        .class("strip")
        .attr("role", "status")
        .child(move || trouble.get().map(|trouble| inside(chat, trouble)))
        .into_any()
}

fn inside(chat: Chat, trouble: Trouble) -> AnyView {
    let (sentence, way_out) = trouble.words(t());
    let press = move || {
        if trouble.is_outdated() {
            host::reload();
        } else {
            chat.restart();
            chat.to_composer();
        }
    };
    let picture = match trouble {
        Trouble::HeldBack => CLOCK,
        Trouble::Offline | Trouble::Lost | Trouble::Stopped(_) => WIFI_OFF,
    };
    html::div()
        .class("strip__inside")
        .child((
            icon(picture),
            auto_span("strip__text", sentence),
            way_out.map(|name| button("strip__button", auto_span("", name), press)),
        ))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::Trouble;
    use crate::i18n::t;
    use portico_client::{Connection, StopReason};
    use portico_shared::close::CloseCode;

    #[test]
    fn a_connection_that_works_is_no_trouble_unless_the_relay_holds_back() {
        assert_eq!(Trouble::of(&Connection::Idle, false, None), None);
        assert_eq!(Trouble::of(&Connection::Online, false, Some(Trouble::Lost)), None);
        assert_eq!(Trouble::of(&Connection::Online, true, None), Some(Trouble::HeldBack));
        assert_eq!(Trouble::of(&Connection::Offline, false, None), Some(Trouble::Offline));
    }

    #[test]
    fn the_banner_does_not_flicker_while_it_connects_again() {
        assert_eq!(Trouble::of(&Connection::Connecting, false, None), None);
        let lost = Some(Trouble::Lost);
        assert_eq!(Trouble::of(&Connection::Connecting, false, lost), lost);
    }

    #[test]
    fn each_stop_offers_its_way_out() {
        let way_out = |why| Trouble::Stopped(why).words(t()).1;
        assert_eq!(way_out(StopReason::Replaced), Some("Use it here"));
        assert_eq!(way_out(StopReason::NoToken), Some("Try again"));
        let code = CloseCode::Flooding.code();
        assert_eq!(way_out(StopReason::Protocol { code }), Some("Try again"));
        assert_eq!(way_out(StopReason::Protocol { code: 1002 }), Some("Reload chat"));
        assert_eq!(Trouble::Lost.words(t()).1, None);
    }
}
