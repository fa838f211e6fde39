//! Who is there, a menu, and the way out.

use super::{fold, fold_button, tool};
use crate::i18n::{Messages, t};
use crate::state::{Chat, Instead, Panel, Place};
use crate::{host, wording};
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, Node};

use portico_shared::availability::Availability;
use portico_shared::frame::Person;
use portico_ui::alerts::{Alerts, Piece};
use portico_ui::avatar::avatar;
use portico_ui::icon::{DOWNLOAD, LEAVE, MINUS, MORE, SCHEDULE, TRASH, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::reactive::dynamic;
use portico_ui::transcript::Format;

pub(super) fn header(chat: Chat, alerts: Alerts) -> AnyView {
    let title = Memo::new(move |_| Title::of_chat(chat));
    let has_menu = Memo::new(move |_| chat.current().is_some() && !matches!(chat.place(), Place::Erased(_)));
    html::header()
        .class("header")
        .child(dynamic(move || title.with(who)))
        .child(
            html::div()
                .class("header__tools")
                .child(dynamic(move || has_menu.get().then(|| menu(chat, alerts))))
                .child(tool("tool", MINUS, t().minimise(), host::close)),
        )
        .into_any()
}

/// What the header says: who answers, or the site's own title.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Title {
    class: &'static str,
    name: String,
    role: Option<&'static str>,
    picture: Picture,
}

/// What a picture is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picture {
    id: String,
    kind: String,
    name: String,
}

impl Title {
    fn of_chat(chat: Chat) -> Self {
        let waits = chat.waits().then(|| match chat.document.availability.get() {
            Availability::Open => t().waiting(),
            Availability::Closed { .. } => t().away_now(),
        });
        let site = chat.document.config.with(|config| config.title.clone());
        Self::of(chat.respondents(), waits, site, t())
    }

    /// The first of those who answer; while an agent is looked for, which `waits` says, and where there is none, the site.
    fn of(respondents: Vec<Person>, waits: Option<&'static str>, site: Option<String>, t: &'static Messages) -> Self {
        match respondents.into_iter().next().filter(|_| waits.is_none()) {
            Some(person) => {
                let (name, role) = wording::person(&person, t);
                Self {
                    class: "header__who",
                    name,
                    role: Some(role),
                    picture: Picture {
                        id: person.id,
                        kind: person.kind.as_str().to_owned(),
                        name: person.name,
                    },
                }
            }
            None => {
                let name = site.unwrap_or_else(|| t.title().to_owned());
                Self {
                    class: "header__who header__site",
                    role: waits,
                    picture: Picture {
                        id: name.clone(),
                        kind: String::new(),
                        name: name.clone(),
                    },
                    name,
                }
            }
        }
    }
}

/// The person or program that answers, or the site's own title.
fn who(title: &Title) -> AnyView {
    let Picture { id, kind, name } = &title.picture;
    let picture = avatar(id, kind, name);
    let name = html::h1()
        .class("header__name")
        .attr("dir", "auto")
        .child(title.name.clone());
    let role = title.role.map(|role| auto_span("header__role", role));
    html::div()
        .class(title.class)
        .child(picture)
        .child(html::div().class("header__lines").child(name).child(role))
        .into_any()
}

/// A button that unfolds what else can be done.
fn menu(chat: Chat, alerts: Alerts) -> AnyView {
    html::div()
        .class("menu fold")
        // Leaving it with the keyboard folds it.
        .on(ev::focusout, move |event| {
            if !stays_inside(&event) {
                chat.fold();
            }
        })
        .child(fold_button(chat, Panel::Menu, MORE, t().menu()))
        .child(dynamic(move || {
            chat.is_unfolded(Panel::Menu).then(|| items(chat, alerts))
        }))
        .into_any()
}

/// Whether the focus goes to another part of the same thing, or nowhere: a press on something without focus is dealt
/// with by the window.
fn stays_inside(event: &FocusEvent) -> bool {
    let Some(next) = event.related_target().and_then(|next| next.dyn_into::<Node>().ok()) else {
        return true;
    };
    let menu = event.current_target().and_then(|menu| menu.dyn_into::<Node>().ok());
    menu.is_some_and(|menu| menu.contains(Some(&next)))
}

fn items(chat: Chat, alerts: Alerts) -> AnyView {
    let is_live = chat.with_current(|current| current.is_live()).unwrap_or(false);
    // A recording would go on behind a question, and all that stands beside the composer is lost behind a list.
    let is_recording = chat.instead() == Instead::Voice;
    let is_chat = chat.place() == Place::Chat;
    let is_free = chat.instead() == Instead::Nothing;
    let earlier = (is_chat && is_free && chat.has_list()).then(|| {
        let words = (icon(SCHEDULE), auto_span("", t().earlier_chats()));
        button("menu__item", words, move || chat.list_earlier())
    });
    let save = (is_chat && chat.can_be_saved()).then(|| {
        let save = |words, format| {
            button("menu__item", (icon(DOWNLOAD), auto_span("", words)), move || {
                fold(chat);
                chat.save(format);
            })
        };
        (save(t().save_chat(), Format::Text), save(t().save_page(), Format::Page))
    });
    let end = (is_live && !is_recording).then(|| {
        button("menu__item", (icon(LEAVE), auto_span("", t().end_chat())), move || {
            chat.ask_to_end()
        })
    });
    let erase = (is_chat && !is_recording).then(|| {
        button(
            "menu__item",
            (icon(TRASH), auto_span("", t().erase_data())),
            move || chat.ask_to_erase(),
        )
    });
    let is_needed = alerts.is_needed();
    let switches = move || {
        is_needed
            .get()
            .then(|| (chat.document.parts.alerts)(chat, alerts, Piece::Switches))
    };
    html::div()
        .class("menu__items")
        .child(earlier)
        .child(save)
        .child(end)
        .child(erase)
        // They may come later, and move nothing there.
        .child(dynamic(switches))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::Title;
    use crate::i18n::t;
    use portico_shared::cim::SenderType;
    use portico_shared::frame::Person;

    fn person(id: &str, kind: SenderType, name: &str) -> Person {
        Person {
            id: id.into(),
            kind,
            name: name.into(),
            role: None,
        }
    }

    #[test]
    fn who_answers_stands_in_the_header() {
        let respondents = vec![
            person("a-1", SenderType::Agent, "Ada"),
            person("b-1", SenderType::Bot, "Robo"),
        ];
        let title = Title::of(respondents, None, Some("Shop".into()), t());
        assert_eq!((title.name.as_str(), title.role), ("Ada", Some("Support")));
        assert_eq!(title.picture.id, "a-1");
    }

    #[test]
    fn an_agent_without_a_name_has_no_initials_of_a_role() {
        let title = Title::of(vec![person("a-1", SenderType::Agent, "")], None, None, t());
        assert_eq!(title.name, "Support");
        assert_eq!(title.picture.name, "");
    }

    #[test]
    fn without_respondents_the_site_has_its_title() {
        let title = Title::of(Vec::new(), None, None, t());
        assert_eq!((title.name.as_str(), title.role), ("Chat with us", None));
    }

    #[test]
    fn while_an_agent_is_looked_for_the_site_says_so() {
        for respondents in [Vec::new(), vec![person("b-1", SenderType::Bot, "Robo")]] {
            let title = Title::of(respondents, Some(t().waiting()), Some("Shop".into()), t());
            assert_eq!(
                (title.name.as_str(), title.role),
                ("Shop", Some("Finding someone to help you"))
            );
        }
    }
}
