//! A thin banner under the header, only while something is wrong.

use crate::host;
use crate::i18n::{Messages, t};
use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;

use portico_client::{Connection, Trouble};
use portico_ui::icon::{CLOCK, WIFI_OFF, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::storage::Lifetime;

/// What the banner tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notice {
    Trouble(Trouble),
    /// The connection is there, but the relay takes messages only later.
    HeldBack,
}

impl Notice {
    fn of(connection: &Connection, was_online: bool, is_held_back: bool, before: Option<Self>) -> Option<Self> {
        let before = before.and_then(|before| match before {
            Self::Trouble(trouble) => Some(trouble),
            Self::HeldBack => None,
        });
        let held_back = (*connection == Connection::Online && is_held_back).then_some(Self::HeldBack);
        Trouble::of(connection, was_online, before)
            .map(Self::Trouble)
            .or(held_back)
    }

    /// A sentence, and what the way out is called if there is one.
    /// That messages will be sent is promised for as long as they are there.
    fn words(self, unsent: Lifetime, t: &'static Messages) -> (&'static str, Option<&'static str>) {
        match self {
            Self::HeldBack => match unsent {
                Lifetime::Lasting => (t.held_back(), None),
                Lifetime::Page => (t.held_back_page(), None),
            },
            Self::Trouble(Trouble::Offline) => match unsent {
                Lifetime::Lasting => (t.offline(), None),
                Lifetime::Page => (t.offline_page(), None),
            },
            Self::Trouble(Trouble::Lost) => match unsent {
                Lifetime::Lasting => (t.reconnecting(), None),
                Lifetime::Page => (t.reconnecting_page(), None),
            },
            Self::Trouble(Trouble::Replaced) => (t.replaced(), Some(t.use_here())),
            Self::Trouble(Trouble::Outdated) => (t.outdated(), Some(t.reload())),
            Self::Trouble(Trouble::NoToken | Trouble::Flooding) => (t.no_token(), Some(t.try_again())),
        }
    }
}

pub(super) fn connection_banner(chat: Chat) -> AnyView {
    let notice = Memo::new(move |before: Option<&Option<Notice>>| {
        let before = before.copied().flatten();
        let connection = chat.connection();
        let is_held_back = connection == Connection::Online && chat.is_held_back();
        Notice::of(&connection, chat.was_online(), is_held_back, before)
    });
    let unsent = Memo::new(move |_| chat.unsent_lifetime());
    html::div()
        .class("connection-banner")
        .attr("role", "status")
        .child(move || notice.get().map(|notice| inside(chat, notice, unsent.get())))
        .into_any()
}

fn inside(chat: Chat, notice: Notice, unsent: Lifetime) -> AnyView {
    let (sentence, way_out) = notice.words(unsent, t());
    let press = move || {
        if notice == Notice::Trouble(Trouble::Outdated) {
            host::reload();
        } else {
            chat.restart();
            chat.to_composer();
        }
    };
    let picture = match notice {
        Notice::HeldBack => CLOCK,
        Notice::Trouble(_) => WIFI_OFF,
    };
    html::div()
        .class("connection-banner__inside")
        .child(icon(picture))
        .child(auto_span("connection-banner__text", sentence))
        .child(way_out.map(|name| button("connection-banner__button", auto_span("", name), press)))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::Notice;
    use crate::i18n::t;
    use portico_client::{Connection, Trouble};
    use portico_ui::storage::Lifetime;

    fn of(connection: &Connection, is_held_back: bool, before: Option<Notice>) -> Option<Notice> {
        Notice::of(connection, true, is_held_back, before)
    }

    #[test]
    fn a_connection_that_works_is_no_trouble_unless_the_relay_holds_back() {
        let lost = Some(Notice::Trouble(Trouble::Lost));
        assert_eq!(of(&Connection::Idle, false, None), None);
        assert_eq!(of(&Connection::Online, false, lost), None);
        assert_eq!(of(&Connection::Online, true, None), Some(Notice::HeldBack));
        assert_eq!(of(&Connection::Connecting, true, lost), lost);
        assert_eq!(of(&Connection::Connecting, false, Some(Notice::HeldBack)), lost);
    }

    #[test]
    fn what_is_gone_with_the_page_is_promised_for_as_long_as_the_page() {
        for notice in [
            Notice::Trouble(Trouble::Offline),
            Notice::Trouble(Trouble::Lost),
            Notice::HeldBack,
        ] {
            let asks_for_the_page = |unsent| notice.words(unsent, t()).0.contains("Keep this page open");
            assert!(asks_for_the_page(Lifetime::Page), "{notice:?}");
            assert!(!asks_for_the_page(Lifetime::Lasting), "{notice:?}");
        }
    }

    #[test]
    fn each_stop_offers_its_way_out() {
        let way_out = |trouble| Notice::Trouble(trouble).words(Lifetime::Lasting, t()).1;
        assert_eq!(way_out(Trouble::Replaced), Some("Use it here"));
        assert_eq!(way_out(Trouble::NoToken), Some("Try again"));
        assert_eq!(way_out(Trouble::Flooding), Some("Try again"));
        assert_eq!(way_out(Trouble::Outdated), Some("Reload chat"));
        assert_eq!(way_out(Trouble::Lost), None);
    }
}
