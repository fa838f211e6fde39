//! The question whether a person wants notifications, and the switches of a menu.

use super::follow::follow;
use super::push;
use super::{Alerts, Permission, Piece, Unread, Words};
use crate::browser::touch_first;
use crate::icon::{BELL, CHECK, Icon, SPEAKER, icon};
use crate::parts::{auto_span, button};
use crate::reactive::{dynamic, effect};
use leptos::prelude::*;
use leptos::{ev, html};

/// A piece of them. `unread` is what the person has not seen.
pub fn view(alerts: Alerts, unread: Signal<Unread>, piece: Piece) -> AnyView {
    match piece {
        Piece::Offer => {
            follow(alerts, unread);
            push::follow(alerts);
            offer(alerts)
        }
        Piece::Switches => switches(alerts),
    }
}

/// What is shown of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    /// It is asked.
    Offered,
    /// The browser refuses what the person wants.
    Refused,
}

impl Question {
    /// Asked once, where the browser may say yes. That it has said no is told to one who has asked it in this document.
    fn of(permission: Permission, wants: Option<bool>, asked: bool) -> Option<Self> {
        match (permission, wants) {
            (Permission::Unasked | Permission::Granted, None) => Some(Self::Offered),
            (Permission::Denied, Some(true)) if asked => Some(Self::Refused),
            _ => None,
        }
    }
}

fn offer(alerts: Alerts) -> AnyView {
    let permission = Memo::new(move |_| permission(alerts));
    let question = Memo::new(move |_| {
        let is_live = alerts.setup().is_live.get();
        let asked = alerts.asked.get() > 0;
        Question::of(permission.get(), alerts.wants_notes(), asked).filter(|question| match question {
            // Phones show notifications of workers alone, and where no answer comes there is nothing to wait for.
            Question::Offered => is_live && (!touch_first() || has_worker(alerts)),
            Question::Refused => true,
        })
    });
    effect(move |_| {
        if alerts.asked.get() > 0 {
            let setup = alerts.setup();
            let words = (setup.words)();
            match permission.get() {
                Permission::Granted => (setup.announce)(words.is_on().to_owned()),
                Permission::Denied => (setup.announce)(words.refused().to_owned()),
                Permission::Unasked | Permission::Off => {}
            }
        }
    });
    dynamic(move || {
        let words = (alerts.setup().words)();
        let decline = move || alerts.want_notes(false);
        question.get().map(|question| match question {
            Question::Offered => {
                let accept = button("button button--primary", words.accept().to_owned(), move || ask(alerts));
                let decline = button("button", words.decline().to_owned(), decline);
                banner(words, words.offer(), (accept, decline).into_any())
            }
            Question::Refused => {
                let close = button("button", words.close().to_owned(), decline);
                banner(words, words.refused(), close)
            }
        })
    })
}

/// A sentence with buttons, which is a landmark of its own beside the conversation.
fn banner(words: &dyn Words, sentence: &str, buttons: AnyView) -> AnyView {
    html::aside()
        .class("offer")
        .attr("aria-label", words.notifications().to_owned())
        .child(auto_span("offer__text", sentence))
        .child(buttons)
        .into_any()
}

fn permission(alerts: Alerts) -> Permission {
    let page = alerts.setup().page;
    page.with(|page| page.as_ref().map_or(Permission::Off, |page| page.desktop))
}

/// Whether a worker of the site can show notifications.
fn has_worker(alerts: Alerts) -> bool {
    let page = alerts.setup().page;
    page.with(|page| page.as_ref().is_some_and(|page| page.pushes.is_some()))
}

/// Asks the browser, which asks the person: a press allows that.
fn ask(alerts: Alerts) {
    alerts.want_notes(true);
    alerts.asked.update(|asked| *asked += 1);
    (alerts.setup().post)(&[("asks", "permission".into())]);
}

fn switches(alerts: Alerts) -> AnyView {
    let words = move || (alerts.setup().words)();
    let sounds = move || {
        let page = alerts.setup().page;
        page.with(|page| page.as_ref().is_some_and(|page| page.sounds))
    };
    let has_notes = move || permission(alerts) != Permission::Off;
    let is_noted = move || permission(alerts) == Permission::Granted && alerts.wants_notes() == Some(true);
    let sound = move || {
        sounds().then(|| {
            let press = move || alerts.mute(!alerts.is_muted());
            switch(
                SPEAKER,
                words().sound(),
                Signal::derive(move || !alerts.is_muted()),
                press,
            )
        })
    };
    let notes = move || {
        has_notes().then(|| {
            let press = move || match untrack(is_noted) {
                true => alerts.want_notes(false),
                false => ask(alerts),
            };
            switch(BELL, words().notifications(), Signal::derive(is_noted), press)
        })
    };
    (dynamic(sound), dynamic(notes)).into_any()
}

/// An entry of a menu that is on or off.
fn switch(picture: Icon, name: &str, is_on: Signal<bool>, press: impl Fn() + 'static) -> AnyView {
    html::button()
        .class("menu__item")
        .attr("type", "button")
        .attr("role", "switch")
        .attr("aria-checked", move || is_on.get().to_string())
        .on(ev::click, move |_| press())
        .child(icon(picture))
        .child(auto_span("menu__name", name))
        .child(dynamic(move || is_on.get().then(|| icon(CHECK))))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Permission, Question};

    #[test]
    fn who_has_not_said_is_asked_where_the_browser_may_say_yes() {
        let question = |permission, wants| Question::of(permission, wants, false);
        assert_eq!(question(Permission::Unasked, None), Some(Question::Offered));
        assert_eq!(
            question(Permission::Granted, None),
            Some(Question::Offered),
            "to the site, not to the chat"
        );
        for permission in [Permission::Denied, Permission::Off] {
            assert_eq!(question(permission, None), None);
        }
        for wants in [true, false] {
            assert_eq!(question(Permission::Unasked, Some(wants)), None, "once");
        }
    }

    #[test]
    fn a_refusal_of_the_browser_is_told_to_who_has_just_asked() {
        assert_eq!(
            Question::of(Permission::Denied, Some(true), true),
            Some(Question::Refused)
        );
        assert_eq!(Question::of(Permission::Denied, Some(true), false), None, "another day");
        assert_eq!(Question::of(Permission::Denied, Some(false), true), None, "it is known");
    }
}
