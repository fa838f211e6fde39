//! Who is there, a menu, and the way out.

use super::{key, tool};
use crate::i18n::Words;
use crate::store::Chat;
use crate::{host, transcript};
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, Node};

use portico_shared::frame::Person;
use portico_ui::avatar;
use portico_ui::el::{El, block, button, el, words};
use portico_ui::icon::{DOWNLOAD, LEAVE, MINUS, MORE, draw};
use portico_ui::state::State;

pub(super) fn header(chat: Chat) -> El {
    let open = State::new(false);
    let has_menu = State::derived(move || chat.current.get().is_some());
    let minimise = tool(chat, "tool", MINUS, |words| words.minimise).on_click(host::close);
    let tools = block("header__tools", Vec::new()).child_by(move || has_menu.get().then(|| menu(chat, open)));
    el("header")
        .class("header")
        .child_by(move || Some(who(chat)))
        .child(tools.child(minimise))
}

/// The person or program that answers, or the site's own title.
fn who(chat: Chat) -> El {
    let text = chat.words();
    let (title, expectation) = chat
        .document
        .config
        .with(|config| (config.title.clone(), config.expectation.clone()));
    let title = title.unwrap_or_else(|| text.title.to_owned());
    let waits = chat.with_current(|current| current.summary().waiting).unwrap_or(false);
    let (picture, name, role) = match chat.others().into_iter().next().filter(|_| !waits) {
        Some(person) => {
            let (name, role) = names(&person, text);
            (
                avatar::draw(&person.id, &person.kind, &person.name),
                name,
                role.to_owned(),
            )
        }
        None => {
            let line = if waits {
                text.waiting.to_owned()
            } else {
                expectation.unwrap_or_default()
            };
            (avatar::draw(&title, "", &title), title, line)
        }
    };
    let name = el("h1").class("header__name").attr("dir", "auto").text(&name);
    let role = (!role.is_empty()).then(|| words("header__role", &role));
    block(
        "header__who",
        vec![picture, block("header__lines", vec![name]).maybe(role)],
    )
}

fn names(person: &Person, text: &'static Words) -> (String, &'static str) {
    let (nameless, role) = match person.kind.as_str() {
        "BOT" => (text.assistant, text.assistant_role),
        _ => (text.somebody, text.support_role),
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
fn menu(chat: Chat, open: State<bool>) -> El {
    let toggle = tool(chat, "tool", MORE, |words| words.menu);
    let toggle = toggle
        .attr_by("aria-expanded", move || Some(open.get().to_string()))
        .on_click(move || open.update(|open| *open = !*open));
    let menu = el("div")
        .class("menu")
        .child(toggle)
        .child_by(move || open.get().then(|| items(chat, open)));
    // Escape folds the menu before it closes the window; leaving it with the keyboard folds it too.
    let menu = menu.on("keydown", move |event| {
        if key(&event) == "Escape" && open.now() {
            event.prevent_default();
            open.set(false);
        }
    });
    menu.on("focusout", move |event| {
        if !stays_inside(&event) {
            open.put(false);
        }
    })
}

fn stays_inside(event: &Event) -> bool {
    let next = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
    let next = next.and_then(|next| next.dyn_into::<Node>().ok());
    let menu = event.current_target().and_then(|menu| menu.dyn_into::<Node>().ok());
    menu.zip(next).is_some_and(|(menu, next)| menu.contains(Some(&next)))
}

fn items(chat: Chat, open: State<bool>) -> El {
    let text = chat.words();
    let live = chat.with_current(|current| current.is_live()).unwrap_or(false);
    let save = button(
        "menu__item",
        vec![draw(DOWNLOAD), words("", text.save_chat)],
        Box::new(move || {
            open.set(false);
            transcript::save(chat);
        }),
    );
    let end = live.then(|| {
        button(
            "menu__item",
            vec![draw(LEAVE), words("", text.end_chat)],
            Box::new(move || {
                open.set(false);
                chat.ending.set(true);
            }),
        )
    });
    block("menu__items", vec![save]).maybe(end)
}
