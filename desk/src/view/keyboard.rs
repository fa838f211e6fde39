//! The window's keys: one listener that turns chords into commands and runs them.

use super::{desktop, suggestions};
use crate::keys::Command;
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
        let Some(command) = Command::of(&event) else { return };
        event.prevent_default();
        if free || command == Command::Palette {
            run(desk, command);
        }
    });
    on_cleanup(move || keys.remove());
}

/// Whether a command makes sense at the moment.
pub(crate) fn is_possible(desk: Desk, command: Command) -> bool {
    let part = || desk.open().map(|id| desk.part(&id));
    match command {
        Command::AcceptOffer => !desk.offers().is_empty(),
        Command::TogglePanel | Command::ToggleSystem => part().is_some(),
        Command::Reply | Command::ToggleWhisper | Command::EndChat => part() == Some(Part::Talks),
        Command::WrapUp => part().is_some_and(|part| part != Part::Left),
        Command::Suggestion(number) => suggestions::nth(desk, number).is_some(),
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
