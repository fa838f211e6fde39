//! The palette: every action with its keys, and every chat, found by typing.

use super::{components, dialog, keyboard};
use crate::action::Action;
use crate::i18n::{self, t};
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::ids::ConversationId;
use portico_ui::browser::is_composing;
use portico_ui::icon::{
    ARROW_DOWN, ARROW_UP, BELL, CHECK, ENDED, HEADPHONES, Icon, KEYBOARD, LEAVE, LOCK, MESSAGE, MONITOR, MOON, PANEL,
    SETTINGS, SUGGEST, TAG, icon,
};

/// One line of the palette.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    what: What,
    words: String,
    possible: bool,
}

/// What a choice does.
#[derive(Debug, Clone, PartialEq)]
enum What {
    Run(Action),
    Show(ConversationId),
}

/// The palette.
pub(crate) fn view(desk: Desk) -> AnyView {
    let search = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let all = untrack(|| choices(desk));
    let found = Memo::new(move |_| search.with(|search| found_by(search, &all)));
    let close = move || desk.set_dialog(None);
    let choose = move |choice: &Choice| {
        if choice.possible {
            desk.set_dialog(None);
            match &choice.what {
                What::Run(action) => keyboard::run(desk, *action),
                What::Show(id) => desk.show(id.clone()),
            }
        }
    };
    let body = move || (input(search, at, found, choose), list(at, found, choose)).into_any();
    dialog::modal("palette-title", "palette", body, close)
}

fn choices(desk: Desk) -> Vec<Choice> {
    let actions = Action::ALL
        .iter()
        .filter(|action| **action != Action::Palette)
        .map(|action| Choice {
            what: What::Run(*action),
            words: words(*action),
            possible: keyboard::is_possible(desk, *action),
        });
    let chats = desk.previews().into_iter().map(|row| Choice {
        words: t().open_chat(&row.name),
        what: What::Show(row.id),
        possible: true,
    });
    possible_first(actions.chain(chats).collect())
}

/// What makes no sense now is still shown, for its keys, but last.
fn possible_first(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by_key(|choice| !choice.possible);
    choices
}

/// The choices that have every word of the search, in any order and case.
fn found_by(search: &str, choices: &[Choice]) -> Vec<Choice> {
    let search = search.to_lowercase();
    let fits = |choice: &&Choice| {
        let words = choice.words.to_lowercase();
        search.split_whitespace().all(|word| words.contains(word))
    };
    choices.iter().filter(fits).cloned().collect()
}

/// The place after a step up (`-1`) or down (`1`), around the ends. An empty list has none.
fn stepped(at: usize, by: isize, count: usize) -> usize {
    match count {
        0 => at,
        count => (at as isize + by).rem_euclid(count as isize) as usize,
    }
}

fn words(action: Action) -> String {
    match action {
        Action::AcceptReservation => t().do_accept(),
        Action::Palette => t().do_palette(),
        Action::ToggleReady => t().do_ready(),
        Action::NextConversation => t().do_next(),
        Action::PreviousConversation => t().do_previous(),
        Action::Reply => t().do_reply(),
        Action::ToggleWhisper => t().do_whisper(),
        Action::Suggestion(number) => return i18n::do_suggestion(number),
        Action::TogglePanel => t().do_panel(),
        Action::ToggleSystem => t().do_system(),
        Action::WrapUp => t().do_wrap_up(),
        Action::EndChat => t().do_end(),
        Action::ToggleSound => t().do_sound(),
        Action::ToggleDesktop => t().do_desktop(),
        Action::NextTheme => t().do_theme(),
        Action::SignOut => t().sign_out(),
    }
    .to_owned()
}

fn picture(action: Action) -> Icon {
    match action {
        Action::AcceptReservation => CHECK,
        Action::ToggleReady => HEADPHONES,
        Action::Reply => MESSAGE,
        Action::ToggleWhisper => LOCK,
        Action::Suggestion(_) => SUGGEST,
        Action::NextConversation => ARROW_DOWN,
        Action::PreviousConversation => ARROW_UP,
        Action::WrapUp => TAG,
        Action::EndChat => ENDED,
        Action::TogglePanel => PANEL,
        Action::ToggleSystem => SETTINGS,
        Action::ToggleSound => BELL,
        Action::ToggleDesktop => MONITOR,
        Action::NextTheme => MOON,
        Action::SignOut => LEAVE,
        Action::Palette => KEYBOARD,
    }
}

fn input(
    search: RwSignal<String>,
    at: RwSignal<usize>,
    found: Memo<Vec<Choice>>,
    choose: impl Fn(&Choice) + Copy + 'static,
) -> AnyView {
    let step = move |by: isize| {
        let count = found.with_untracked(Vec::len);
        at.update(|at| *at = stepped(*at, by, count));
    };
    let keys = move |event: ev::KeyboardEvent| match event.key().as_str() {
        // While an input method composes, arrows and Enter choose among its candidates.
        _ if is_composing(&event) => {}
        "ArrowDown" => {
            event.prevent_default();
            step(1);
        }
        "ArrowUp" => {
            event.prevent_default();
            step(-1);
        }
        "Enter" => {
            event.prevent_default();
            if let Some(choice) = found.with_untracked(|found| found.get(at.get_untracked()).cloned()) {
                choose(&choice);
            }
        }
        _ => {}
    };
    (
        html::h2()
            .class("visually-hidden")
            .attr("id", "palette-title")
            .child(t().palette()),
        html::input()
            .class("palette__input")
            .attr("type", "text")
            .attr("role", "combobox")
            .attr("aria-label", t().palette_search())
            .attr("aria-expanded", "true")
            .attr("aria-controls", "palette-list")
            .attr("aria-autocomplete", "list")
            .attr("aria-activedescendant", move || format!("palette-{}", at.get()))
            .attr("autocomplete", "off")
            .attr("autofocus", true)
            .attr("placeholder", t().palette_search())
            .on(ev::input, move |event| {
                search.set(event_target_value(&event));
                at.set(0);
            })
            .on(ev::keydown, keys),
    )
        .into_any()
}

fn list(
    at: RwSignal<usize>,
    found: Memo<Vec<Choice>>,
    choose: impl Fn(&Choice) + Copy + Send + Sync + 'static,
) -> AnyView {
    let items = move || {
        let items: Vec<_> = found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, choice)| item(index, choice, at, choose))
            .collect();
        items
    };
    (
        html::ul()
            .class("palette__list")
            .attr("id", "palette-list")
            .attr("role", "listbox")
            .attr("aria-label", t().palette())
            .child(items),
        move || {
            found.with(Vec::is_empty).then(|| {
                html::p()
                    .class("palette__none")
                    .attr("role", "status")
                    .child(t().palette_none())
            })
        },
    )
        .into_any()
}

fn item(
    index: usize,
    choice: Choice,
    at: RwSignal<usize>,
    choose: impl Fn(&Choice) + Copy + Send + Sync + 'static,
) -> AnyView {
    let place = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if at.get() == index
            && let Some(place) = place.get()
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            place.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let (picture, keys) = match &choice.what {
        What::Run(action) => (picture(*action), Some(components::keys(*action))),
        What::Show(_) => (MESSAGE, None),
    };
    let words = choice.words.clone();
    html::li()
        .class("palette__item")
        .attr("id", format!("palette-{index}"))
        .attr("role", "option")
        .attr("aria-selected", move || (at.get() == index).to_string())
        .attr("aria-disabled", (!choice.possible).to_string())
        .node_ref(place)
        .on(ev::pointermove, move |_| at.set(index))
        .on(ev::click, move |_| choose(&choice))
        .child(icon(picture))
        .child(html::span().attr("dir", "auto").child(words))
        .child(keys)
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(action: Action, possible: bool) -> Choice {
        Choice {
            what: What::Run(action),
            words: words(action),
            possible,
        }
    }

    fn names(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.words.as_str()).collect()
    }

    #[test]
    fn a_choice_is_found_by_all_its_words_in_any_order_and_case() {
        let chat = Choice {
            what: What::Show(ConversationId::new("c-1")),
            words: t().open_chat("Ada Lovelace"),
            possible: true,
        };
        let choices = [choice(Action::SignOut, true), chat];
        assert_eq!(names(&found_by("LOVE ada", &choices)), [choices[1].words.as_str()]);
        assert_eq!(found_by("  ", &choices).len(), 2);
        assert!(found_by("ada byron", &choices).is_empty());
    }

    #[test]
    fn what_makes_no_sense_now_comes_last_and_keeps_its_order() {
        let sorted = possible_first(vec![
            choice(Action::AcceptReservation, false),
            choice(Action::ToggleReady, true),
            choice(Action::Reply, false),
            choice(Action::SignOut, true),
        ]);
        let actions = [
            Action::ToggleReady,
            Action::SignOut,
            Action::AcceptReservation,
            Action::Reply,
        ];
        assert_eq!(names(&sorted), actions.map(words).each_ref().map(String::as_str));
    }

    #[test]
    fn arrows_go_around_the_ends() {
        assert_eq!(stepped(2, 1, 3), 0);
        assert_eq!(stepped(0, -1, 3), 2);
        assert_eq!(stepped(1, -1, 3), 0);
        assert_eq!(stepped(0, 1, 0), 0);
    }

    #[test]
    fn every_command_has_words_of_its_own() {
        let mut all: Vec<_> = Action::ALL.iter().map(|action| words(*action)).collect();
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
