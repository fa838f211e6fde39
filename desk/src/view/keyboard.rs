//! The window's keys: one listener that turns chords into commands and runs them.

use super::{desktop, suggestions};
use crate::keys::{Command, KeyPress};
use crate::store::{Desk, Dialog, Mode, Part};
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};

/// Listens as long as the console lives.
pub(crate) fn listen(desk: Desk) {
    let keys = window_event_listener(ev::keydown, move |event| {
        // What lies over the console has the keyboard, but the palette also closes by its own keys.
        let free = desk.dialog_now().is_none() && !untrack(|| desk.login_needed());
        if free && event.key() == "Escape" && untrack(|| desk.panel_covers()) {
            desk.toggle_panel();
        }
        let Some(command) = Command::of(&KeyPress::from(&event)) else {
            return;
        };
        event.prevent_default();
        if free || command == Command::Palette {
            run(desk, command);
        }
    });
    on_cleanup(move || keys.remove());
}

/// What decides which commands make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Situation {
    /// Whether an offer rings.
    rings: bool,
    /// What the agent is to the open conversation.
    part: Option<Part>,
    /// How many suggestions stand above the composer.
    suggestions: usize,
}

/// Whether a command makes sense at the moment.
pub(crate) fn is_possible(desk: Desk, command: Command) -> bool {
    let situation = Situation {
        rings: !desk.offers().is_empty(),
        part: desk.open().map(|id| desk.part(&id)),
        suggestions: suggestions::count(desk),
    };
    situation.allows(command)
}

impl Situation {
    fn allows(self, command: Command) -> bool {
        match command {
            Command::AcceptOffer => self.rings,
            Command::TogglePanel | Command::ToggleSystem => self.part.is_some(),
            Command::Reply | Command::ToggleWhisper | Command::EndChat => self.part == Some(Part::Talks),
            Command::WrapUp => self.part.is_some_and(|part| part != Part::Left),
            Command::Suggestion(number) => (1..=self.suggestions).contains(&usize::from(number)),
            Command::Palette
            | Command::ToggleReady
            | Command::NextConversation
            | Command::PreviousConversation
            | Command::ToggleSound
            | Command::ToggleDesktop
            | Command::NextTheme
            | Command::SignOut => true,
        }
    }
}

/// Does what the agent asked for, if it makes sense at the moment.
pub(crate) fn run(desk: Desk, command: Command) {
    if !untrack(|| is_possible(desk, command)) {
        return;
    }
    let open = untrack(|| desk.open());
    match command {
        Command::AcceptOffer => desk.accept_first(),
        Command::Palette => desk.set_dialog(match desk.dialog_now() {
            None => Some(Dialog::Palette),
            Some(_) => None,
        }),
        Command::ToggleReady => desk.toggle_ready(),
        Command::NextConversation => desk.step(1),
        Command::PreviousConversation => desk.step(-1),
        Command::Reply => {
            if let Some(id) = open {
                desk.set_mode(&id, Mode::Reply);
            }
        }
        Command::ToggleWhisper => {
            if let Some(id) = open {
                desk.toggle_mode(&id);
            }
        }
        Command::Suggestion(number) => suggestions::take_nth(desk, number),
        Command::TogglePanel => desk.toggle_panel(),
        Command::ToggleSystem => desk.toggle_system(),
        Command::WrapUp => desk.set_dialog(open.map(Dialog::WrapUp)),
        Command::EndChat => desk.set_dialog(open.map(Dialog::End)),
        Command::ToggleSound => desk.settings.toggle_sound(),
        Command::ToggleDesktop => desktop::toggle(desk),
        Command::NextTheme => desk.settings.next_theme(),
        Command::SignOut => desk.sign_out(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(situation: Situation) -> Vec<Command> {
        let always = Situation::default();
        let commands = Command::ALL.iter().copied();
        commands
            .filter(|command| situation.allows(*command) && !always.allows(*command))
            .collect()
    }

    #[test]
    fn an_offer_can_be_accepted_while_it_rings() {
        let rings = Situation {
            rings: true,
            ..Situation::default()
        };
        assert_eq!(allowed(rings), [Command::AcceptOffer]);
    }

    #[test]
    fn a_conversation_allows_what_the_agent_is_to_it() {
        let with = |part| {
            allowed(Situation {
                part: Some(part),
                ..Situation::default()
            })
        };
        let of_any = [Command::TogglePanel, Command::ToggleSystem];
        assert_eq!(with(Part::Left), of_any);
        assert_eq!(with(Part::WrapsUp), [&[Command::WrapUp], &of_any[..]].concat());
        let of_talk = [
            Command::Reply,
            Command::ToggleWhisper,
            Command::WrapUp,
            Command::EndChat,
        ];
        assert_eq!(with(Part::Talks), [&of_talk[..], &of_any].concat());
    }

    #[test]
    fn a_suggestion_can_be_taken_if_it_is_there() {
        let two = Situation {
            suggestions: 2,
            ..Situation::default()
        };
        assert_eq!(allowed(two), [Command::Suggestion(1), Command::Suggestion(2)]);
        assert!(!two.allows(Command::Suggestion(0)));
    }
}
