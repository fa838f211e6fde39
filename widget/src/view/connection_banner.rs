//! A thin banner under the header, only while something is wrong, and once where the browser stores nothing.

use crate::host;
use crate::i18n::{Messages, t};
use crate::state::{Agreement, Chat};
use leptos::html;
use leptos::prelude::*;

use portico_client::{Connection, Trouble};
use portico_ui::icon::{ALERT, CLOCK, WIFI_OFF, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::reactive::{dynamic, effect};
use portico_ui::storage::{Lifetime, ScopedStorage};

/// What the banner tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notice {
    Trouble(Trouble),
    /// The connection is there, but the relay takes messages only later.
    HeldBack,
    /// Nothing is wrong, and yet the chat goes with the page: the browser stores nothing.
    Unkept,
}

impl Notice {
    fn of(connection: &Connection, was_online: bool, is_held_back: bool, before: Option<Self>) -> Option<Self> {
        let before = before.and_then(|before| match before {
            Self::Trouble(trouble) => Some(trouble),
            Self::HeldBack | Self::Unkept => None,
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
            Self::Unkept => (t.unkept(), Some(t.understood())),
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
    let was_told = RwSignal::new(false);
    let is_unkept = is_unkept(chat, was_told);
    let notice = Memo::new(move |before: Option<&Option<Notice>>| {
        let before = before.copied().flatten();
        let connection = chat.connection();
        let is_held_back = connection == Connection::Online && chat.is_held_back();
        // Without consent there is no connection; that is said in the composer's place.
        if chat.agreement() != Agreement::Given {
            return None;
        }
        let notice = Notice::of(&connection, chat.was_online(), is_held_back, before);
        notice.or_else(|| is_unkept.get().then_some(Notice::Unkept))
    });
    effect(move |before: Option<Option<Notice>>| {
        let now = notice.get();
        if before.flatten() == Some(Notice::Unkept) && now != Some(Notice::Unkept) {
            was_told.set(true);
        }
        now
    });
    let unsent = Memo::new(move |_| chat.unsent_lifetime());
    html::div()
        .class("connection-banner")
        .attr("role", "status")
        .child(dynamic(move || {
            notice.get().map(|notice| inside(chat, notice, unsent.get(), was_told))
        }))
        .into_any()
}

/// Whether it is to be said that nothing of a chat that goes on is stored, as long as that was not said. Whom the page signs in
/// finds the chat again.
fn is_unkept(chat: Chat, was_told: RwSignal<bool>) -> Memo<bool> {
    let is_live = Memo::new(move |_| chat.with_current(|current| current.is_live()).unwrap_or(false));
    Memo::new(move |_| {
        let asks = is_live.get() && !was_told.get();
        let is_signed_in = chat.document.host.identity().get().is_some();
        asks && !is_signed_in && ScopedStorage::local("portico.").probe() == Lifetime::Page
    })
}

fn inside(chat: Chat, notice: Notice, unsent: Lifetime, was_told: RwSignal<bool>) -> AnyView {
    let (sentence, way_out) = notice.words(unsent, t());
    let press = move || match notice {
        Notice::Trouble(Trouble::Outdated) => host::reload(),
        Notice::Unkept => {
            was_told.set(true);
            chat.to_composer();
        }
        Notice::Trouble(_) | Notice::HeldBack => {
            chat.restart();
            chat.to_composer();
        }
    };
    let picture = match notice {
        Notice::HeldBack => CLOCK,
        Notice::Unkept => ALERT,
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
        assert_eq!(of(&Connection::Online, false, Some(Notice::Unkept)), None);
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
