//! The banner over the console that says what is wrong with the connection, and what can be done about it.

use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::{Change, Connection, StopReason};
use portico_ui::icon::{ALERT, Icon, WIFI_OFF, icon};

/// What the banner says.
#[derive(Debug, Clone, PartialEq)]
struct Problem {
    class: &'static str,
    picture: Icon,
    words: &'static str,
    remedy: Option<Remedy>,
}

/// What the agent can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Connect now, under this label.
    Reconnect(&'static str),
    Reload,
}

/// The banner: empty while all is well. Its place stands in the document always, so that screen readers follow it.
pub(crate) fn view(desk: Desk) -> AnyView {
    let problem = Memo::new(move |before: Option<&Option<Problem>>| {
        desk.link.watch(&Change::Connection, |session| {
            let before = before.cloned().flatten();
            problem_of(session.connection(), session.me().is_none(), before)
        })
    });
    let banner = move || {
        problem.get().map(|problem| {
            html::div().class(problem.class).child((
                icon(problem.picture),
                html::span().child(problem.words),
                problem.remedy.map(|remedy| remedy_button(desk, remedy)),
            ))
        })
    };
    html::div()
        .class("strip-place")
        .attr("role", "status")
        .child(banner)
        .into_any()
}

/// The connection broke, and comes back by itself.
fn lost() -> Problem {
    Problem {
        class: "strip",
        picture: WIFI_OFF,
        words: t().reconnecting(),
        remedy: Some(Remedy::Reconnect(t().try_now())),
    }
}

/// What is wrong. `first` is whether the relay has not been reached yet, `before` what the banner says so far.
fn problem_of(connection: &Connection, first: bool, before: Option<Problem>) -> Option<Problem> {
    match connection {
        Connection::Online | Connection::Idle => None,
        // A first connection is no trouble, and a try must not make the banner flicker.
        Connection::Connecting if first => None,
        Connection::Connecting => before.or_else(|| Some(lost())),
        Connection::Waiting { .. } => Some(lost()),
        Connection::Offline => Some(Problem {
            words: t().offline(),
            remedy: None,
            ..lost()
        }),
        Connection::Stopped { why } => match why {
            StopReason::NoToken => Some(Problem {
                words: t().session_ended(),
                remedy: None,
                ..lost()
            }),
            StopReason::Replaced => Some(Problem {
                words: t().replaced(),
                remedy: Some(Remedy::Reconnect(t().use_here())),
                picture: ALERT,
                ..lost()
            }),
            StopReason::Protocol { .. } => Some(Problem {
                class: "strip strip--bad",
                picture: ALERT,
                words: t().outdated(),
                remedy: Some(Remedy::Reload),
            }),
        },
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

    const WAITING: Connection = Connection::Waiting { retry_at: 0 };

    fn stopped(why: StopReason) -> Problem {
        let connection = Connection::Stopped { why };
        problem_of(&connection, false, Some(lost())).expect("a session that stopped is a problem")
    }

    #[test]
    fn a_connection_that_is_there_or_not_wanted_is_no_problem() {
        for connection in [Connection::Online, Connection::Idle] {
            assert_eq!(problem_of(&connection, false, Some(lost())), None);
        }
    }

    #[test]
    fn the_first_try_is_no_problem_and_a_lost_connection_is_one() {
        assert_eq!(problem_of(&Connection::Connecting, true, None), None);
        assert_eq!(problem_of(&WAITING, true, None), Some(lost()));
        assert_eq!(problem_of(&Connection::Connecting, false, None), Some(lost()));
    }

    #[test]
    fn another_try_leaves_the_banner_as_it_is() {
        let offline = problem_of(&Connection::Offline, false, None);
        assert_eq!(offline.as_ref().map(|problem| problem.words), Some(t().offline()));
        assert_eq!(problem_of(&Connection::Connecting, false, offline.clone()), offline);
    }

    #[test]
    fn a_session_that_stopped_says_what_to_do() {
        let no_token = stopped(StopReason::NoToken);
        assert_eq!((no_token.words, no_token.remedy), (t().session_ended(), None));
        let replaced = stopped(StopReason::Replaced);
        let here = Some(Remedy::Reconnect(t().use_here()));
        assert_eq!((replaced.words, replaced.remedy), (t().replaced(), here));
        let outdated = stopped(StopReason::Protocol { code: 4200 });
        assert_eq!(
            (outdated.words, outdated.remedy),
            (t().outdated(), Some(Remedy::Reload))
        );
    }
}
