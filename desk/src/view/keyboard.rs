//! The window's keys: one listener that turns chords into actions and runs them.

use super::{desktop, suggestions};
use crate::action::{Action, KeyPress};
use crate::state::{Desk, Dialog, Mode, Participation};
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use portico_ui::browser::is_composing;

/// Listens as long as the console lives.
pub(crate) fn listen(desk: Desk) {
    let keys = window_event_listener(ev::keydown, move |event| {
        // What lies over the console has the keyboard, but the palette also closes by its own keys.
        let free = desk.dialog_now().is_none() && !untrack(|| desk.login_needed());
        let leaves = event.key() == "Escape" && !is_composing(&event);
        if free && leaves && untrack(|| desk.panel_covers()) {
            desk.toggle_panel();
        }
        let Some(action) = Action::of(&KeyPress::from(&event)) else {
            return;
        };
        event.prevent_default();
        if free || action == Action::Palette {
            run(desk, action);
        }
    });
    on_cleanup(move || keys.remove());
}

/// What decides which actions make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Situation {
    /// Whether an offer rings.
    rings: bool,
    /// What the agent is to the open conversation.
    part: Option<Participation>,
    /// How many suggestions stand above the composer.
    suggestions: usize,
}

/// Whether an action makes sense at the moment.
pub(crate) fn is_possible(desk: Desk, action: Action) -> bool {
    let situation = Situation {
        rings: !desk.reservations().is_empty(),
        part: desk.open().map(|id| desk.participation(&id)),
        suggestions: suggestions::count(desk),
    };
    situation.allows(action)
}

impl Situation {
    fn allows(self, action: Action) -> bool {
        match action {
            Action::AcceptReservation => self.rings,
            Action::TogglePanel | Action::ToggleSystem => self.part.is_some(),
            Action::Reply | Action::ToggleWhisper | Action::EndChat => self.part == Some(Participation::Active),
            Action::WrapUp => self.part.is_some_and(|part| part != Participation::Left),
            Action::Suggestion(number) => (1..=self.suggestions).contains(&usize::from(number)),
            Action::Palette
            | Action::ToggleReady
            | Action::NextConversation
            | Action::PreviousConversation
            | Action::ToggleSound
            | Action::ToggleDesktop
            | Action::NextTheme
            | Action::SignOut => true,
        }
    }
}

/// Does what the agent asked for, if it makes sense at the moment.
pub(crate) fn run(desk: Desk, action: Action) {
    if !untrack(|| is_possible(desk, action)) {
        return;
    }
    let open = untrack(|| desk.open());
    match action {
        Action::AcceptReservation => desk.accept_first(),
        Action::Palette => desk.set_dialog(match desk.dialog_now() {
            None => Some(Dialog::Palette),
            Some(_) => None,
        }),
        Action::ToggleReady => desk.toggle_ready(),
        Action::NextConversation => desk.step(1),
        Action::PreviousConversation => desk.step(-1),
        Action::Reply => {
            if let Some(id) = open {
                desk.set_mode(&id, Mode::Reply);
            }
        }
        Action::ToggleWhisper => {
            if let Some(id) = open {
                desk.toggle_mode(&id);
            }
        }
        Action::Suggestion(number) => suggestions::take_nth(desk, number),
        Action::TogglePanel => desk.toggle_panel(),
        Action::ToggleSystem => desk.toggle_system(),
        Action::WrapUp => desk.set_dialog(open.map(Dialog::WrapUp)),
        Action::EndChat => desk.set_dialog(open.map(Dialog::End)),
        Action::ToggleSound => desk.settings.toggle_sound(),
        Action::ToggleDesktop => desktop::toggle(desk),
        Action::NextTheme => desk.settings.next_theme(),
        Action::SignOut => desk.sign_out(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(situation: Situation) -> Vec<Action> {
        let always = Situation::default();
        let actions = Action::ALL.iter().copied();
        actions
            .filter(|action| situation.allows(*action) && !always.allows(*action))
            .collect()
    }

    #[test]
    fn an_offer_can_be_accepted_while_it_rings() {
        let rings = Situation {
            rings: true,
            ..Situation::default()
        };
        assert_eq!(allowed(rings), [Action::AcceptReservation]);
    }

    #[test]
    fn a_conversation_allows_what_the_agent_is_to_it() {
        let with = |part| {
            allowed(Situation {
                part: Some(part),
                ..Situation::default()
            })
        };
        let of_any = [Action::TogglePanel, Action::ToggleSystem];
        assert_eq!(with(Participation::Left), of_any);
        assert_eq!(
            with(Participation::WrappingUp),
            [&[Action::WrapUp], &of_any[..]].concat()
        );
        let of_talk = [Action::Reply, Action::ToggleWhisper, Action::WrapUp, Action::EndChat];
        assert_eq!(with(Participation::Active), [&of_talk[..], &of_any].concat());
    }

    #[test]
    fn a_suggestion_can_be_taken_if_it_is_there() {
        let two = Situation {
            suggestions: 2,
            ..Situation::default()
        };
        assert_eq!(allowed(two), [Action::Suggestion(1), Action::Suggestion(2)]);
        assert!(!two.allows(Action::Suggestion(0)));
    }
}
