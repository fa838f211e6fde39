//! Who is there, a menu, and the way out.

use super::{fold, fold_button, tool};
use crate::i18n::{Messages, t};
use crate::store::{Chat, Fold};
use crate::{host, transcript};
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, Node};

use portico_shared::frame::Person;
use portico_ui::avatar::avatar;
use portico_ui::el::{El, block, button, draw, el, words};
use portico_ui::icon::{DOWNLOAD, LEAVE, MINUS, MORE};
use portico_ui::state::State;

pub(super) fn header(chat: Chat) -> El {
    let has_menu = State::derived(move || chat.current.get().is_some());
    let minimise = tool("tool", MINUS, |messages| messages.minimise()).on_click(host::close);
    let tools = block("header__tools", Vec::new()).child_by(move || has_menu.get().then(|| menu(chat)));
    el("header")
        .class("header")
        .child_by(move || Some(who(chat)))
        .child(tools.child(minimise))
}

/// The person or program that answers, or the site's own title.
fn who(chat: Chat) -> El {
    let text = t();
    let waits = chat.with_current(|current| current.summary().waiting).unwrap_or(false);
    let person = chat.others().into_iter().next().filter(|_| !waits);
    let (class, picture, name, role) = match &person {
        Some(person) => {
            let (name, role) = names(person, text);
            let picture = El::of_view(avatar(&person.id, &person.kind, &person.name));
            ("header__who", picture, name, Some(role))
        }
        None => {
            let title = chat.document.config.with(|config| config.title.clone());
            let title = title.unwrap_or_else(|| text.title().to_owned());
            let picture = El::of_view(avatar(&title, "", &title));
            (
                "header__who header__site",
                picture,
                title,
                waits.then_some(text.waiting()),
            )
        }
    };
    let name = el("h1").class("header__name").attr("dir", "auto").text(&name);
    let role = role.map(|role| words("header__role", role));
    block(class, vec![picture, block("header__lines", vec![name]).maybe(role)])
}

fn names(person: &Person, text: &'static Messages) -> (String, &'static str) {
    let (nameless, role) = match person.kind.as_str() {
        "BOT" => (text.assistant(), text.assistant_role()),
        _ => (text.somebody(), text.support_role()),
    };
    (
        if person.name.is_empty() {
            nameless.to_owned()
        } else {
            person.name.clone()
        },
        role,
    )
}

/// A button that unfolds what else can be done.
fn menu(chat: Chat) -> El {
    let toggle = fold_button(chat, Fold::Menu, MORE, |messages| messages.menu());
    let menu = el("div").class("menu fold").child(toggle);
    let menu = menu.child_by(move || (chat.fold.get() == Fold::Menu).then(|| items(chat)));
    // Leaving it with the keyboard folds it.
    menu.on("focusout", move |event| {
        if !stays_inside(&event) {
            chat.fold.put(Fold::Nothing);
        }
    })
}

/// Whether the focus goes to another part of the same thing, or nowhere: a press on something without focus is dealt
/// with by the window.
fn stays_inside(event: &Event) -> bool {
    let next = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
    let Some(next) = next.and_then(|next| next.dyn_into::<Node>().ok()) else {
        return true;
    };
    let menu = event.current_target().and_then(|menu| menu.dyn_into::<Node>().ok());
    menu.is_some_and(|menu| menu.contains(Some(&next)))
}

fn items(chat: Chat) -> El {
    let text = t();
    let live = chat.with_current(|current| current.is_live()).unwrap_or(false);
    let save = button(
        "menu__item",
        vec![draw(DOWNLOAD), words("", text.save_chat())],
        Box::new(move || {
            fold(chat);
            transcript::save(chat);
        }),
    );
    let end = live.then(|| {
        button(
            "menu__item",
            vec![draw(LEAVE), words("", text.end_chat())],
            Box::new(move || {
                chat.fold.put(Fold::Nothing);
                chat.ending.set(true);
            }),
        )
    });
    block("menu__items", vec![save]).maybe(end)
}
