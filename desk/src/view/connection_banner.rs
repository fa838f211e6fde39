//! The banner over the console that says what is wrong with the connection, and what can be done about it.

use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::{Change, Trouble};
use portico_ui::icon::{ALERT, Icon, WIFI_OFF, icon};
use portico_ui::storage::Lifetime;

/// What the agent can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Connect now, under this label.
    Reconnect(&'static str),
    Reload,
}

/// The banner: empty while all is well. Its place stands in the document always, so that screen readers follow it.
pub(crate) fn view(desk: Desk) -> AnyView {
    let trouble = Memo::new(move |before: Option<&Option<Trouble>>| {
        desk.link.watch(&Change::Connection, |session| {
            let before = before.copied().flatten();
            Trouble::of(session.connection(), session.me().is_some(), before)
        })
    });
    html::div()
        .class("connection-banner-place")
        .attr("role", "status")
        .child(move || trouble.get().map(|trouble| banner(desk, trouble)))
        .into_any()
}

fn banner(desk: Desk, trouble: Trouble) -> AnyView {
    let (words, remedy) = words(trouble, desk.link.unsent_lifetime());
    let (class, picture) = look(trouble);
    html::div()
        .class(class)
        .child(icon(picture))
        .child(html::span().child(words))
        .child(remedy.map(|remedy| remedy_button(desk, remedy)))
        .into_any()
}

fn look(trouble: Trouble) -> (&'static str, Icon) {
    match trouble {
        Trouble::Lost | Trouble::Offline | Trouble::NoToken => ("connection-banner", WIFI_OFF),
        Trouble::Replaced | Trouble::Flooding => ("connection-banner", ALERT),
        Trouble::Outdated => ("connection-banner connection-banner--bad", ALERT),
    }
}

/// A sentence, and what can be done. That what is typed is kept is promised where it is.
fn words(trouble: Trouble, unsent: Lifetime) -> (&'static str, Option<Remedy>) {
    match trouble {
        Trouble::Lost => {
            let words = match unsent {
                Lifetime::Lasting => t().reconnecting(),
                Lifetime::Page => t().reconnecting_page(),
            };
            (words, Some(Remedy::Reconnect(t().try_now())))
        }
        Trouble::Offline => match unsent {
            Lifetime::Lasting => (t().offline(), None),
            Lifetime::Page => (t().offline_page(), None),
        },
        // The dialog that asks for the password lies over the console.
        Trouble::NoToken => (t().session_ended(), None),
        Trouble::Replaced => (t().replaced(), Some(Remedy::Reconnect(t().use_here()))),
        Trouble::Flooding => (t().flooding(), Some(Remedy::Reconnect(t().try_now()))),
        Trouble::Outdated => (t().outdated(), Some(Remedy::Reload)),
    }
}

fn remedy_button(desk: Desk, remedy: Remedy) -> AnyView {
    let (words, press): (_, Box<dyn Fn()>) = match remedy {
        Remedy::Reconnect(words) => (words, Box::new(move || desk.reconnect())),
        Remedy::Reload => (t().reload(), Box::new(|| drop(window().location().reload()))),
    };
    html::button()
        .class("link-button")
        .attr("type", "button")
        .on(ev::click, move |_| press())
        .child(words)
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_by_itself_can_be_hurried_and_being_offline_cannot() {
        let now = Some(Remedy::Reconnect(t().try_now()));
        assert_eq!(words(Trouble::Lost, Lifetime::Lasting), (t().reconnecting(), now));
        assert_eq!(words(Trouble::Offline, Lifetime::Lasting), (t().offline(), None));
        let now = Some(Remedy::Reconnect(t().try_now()));
        assert_eq!(words(Trouble::Lost, Lifetime::Page), (t().reconnecting_page(), now));
        assert_eq!(words(Trouble::Offline, Lifetime::Page), (t().offline_page(), None));
    }

    #[test]
    fn a_session_that_stopped_says_what_to_do() {
        assert_eq!(words(Trouble::NoToken, Lifetime::Lasting), (t().session_ended(), None));
        let here = Some(Remedy::Reconnect(t().use_here()));
        assert_eq!(words(Trouble::Replaced, Lifetime::Lasting), (t().replaced(), here));
        let now = Some(Remedy::Reconnect(t().try_now()));
        assert_eq!(words(Trouble::Flooding, Lifetime::Lasting), (t().flooding(), now));
        assert_eq!(
            words(Trouble::Outdated, Lifetime::Lasting),
            (t().outdated(), Some(Remedy::Reload))
        );
    }
}
