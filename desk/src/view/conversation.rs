//! The open conversation: its head, its timeline, its composer.

use super::components::icon_button;
use super::{composer, timeline};
use crate::action::Action;
use crate::i18n::t;
use crate::state::{Desk, Dialog, Participation, channel_name, customer_name};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::Change;
use portico_shared::ids::ConversationId;
use portico_ui::avatar::avatar;
use portico_ui::icon::{CHEVRON_LEFT, ENDED, GLOBE, MESSAGE, PANEL, TAG, icon};

/// The open conversation, or a word that none is open.
pub(crate) fn view(desk: Desk) -> AnyView {
    let open = Memo::new(move |_| desk.open());
    let inside = move || match open.get() {
        Some(id) => (desk.parts.conversation)(desk, id),
        None => nothing(),
    };
    html::section()
        .class("conversation")
        .attr("id", "conversation")
        .attr("tabindex", "-1")
        .attr("aria-label", t().conversation())
        .child(inside)
        .into_any()
}

/// What is in it when one is open.
pub(crate) fn open(desk: Desk, id: ConversationId) -> AnyView {
    (head(desk, &id), timeline::view(desk, &id), composer::view(desk, id)).into_any()
}

fn nothing() -> AnyView {
    let tip = |command: Action, words: &'static str| html::li().child(words).child(super::components::keys(command));
    html::div()
        .class("conversation__none")
        .child(icon(MESSAGE))
        .child(html::h2().child(t().none_open()))
        .child(html::p().child(t().none_open_hint()))
        .child(
            html::ul()
                .class("conversation__tips")
                .child(tip(Action::AcceptReservation, t().do_accept()))
                .child(tip(Action::NextConversation, t().do_next()))
                .child(tip(Action::ToggleReady, t().do_ready()))
                .child(tip(Action::Palette, t().do_palette())),
        )
        .into_any()
}

/// What the head shows of the summary.
#[derive(Clone, PartialEq)]
struct Head {
    name: String,
    channel: Option<String>,
}

fn head(desk: Desk, id: &ConversationId) -> AnyView {
    let shown = {
        let id = id.clone();
        Memo::new(move |_| {
            desk.link.watch(&Change::List, |_| ());
            desk.link.watch(&Change::Conversation(Some(id.clone())), |session| {
                let conversation = session.conversation(&id)?;
                Some(Head {
                    name: customer_name(conversation.summary()),
                    channel: channel_name(conversation),
                })
            })
        })
    };
    let name = move || shown.get().map_or_else(|| t().visitor().to_owned(), |head| head.name);
    let picture = id.as_str().to_owned();
    let part = {
        let id = id.clone();
        Memo::new(move |_| desk.participation(&id))
    };
    html::header()
        .class("conversation__head")
        .child(
            html::button()
                .class("icon-button conversation__back")
                .attr("type", "button")
                .attr("aria-label", t().back())
                .on(ev::click, move |_| desk.show_list())
                .child(icon(CHEVRON_LEFT)),
        )
        .child(move || avatar(&picture, "CUSTOMER", &name()))
        .child(
            html::div()
                .class("conversation__who")
                .child(html::h2().class("conversation__name").attr("dir", "auto").child(name))
                .child(move || shown.get().map(|head| sub(&head, part.get()))),
        )
        .child(actions(desk, id.clone(), part))
        .into_any()
}

fn sub(head: &Head, part: Participation) -> AnyView {
    let (class, words) = state_tag(part);
    let state = html::span().class(class).child(words);
    let channel = head
        .channel
        .clone()
        .map(|channel| (icon(GLOBE), html::span().attr("dir", "auto").child(channel)));
    html::p()
        .class("conversation__sub")
        .child(state)
        .child(channel)
        .into_any()
}

fn actions(desk: Desk, id: ConversationId, part: Memo<Participation>) -> AnyView {
    let end_id = id.clone();
    let end = move || {
        let id = end_id.clone();
        (part.get() == Participation::Active).then(move || {
            action("button", ENDED, t().end_chat(), Action::EndChat, move || {
                desk.set_dialog(Some(Dialog::End(id.clone())))
            })
        })
    };
    let wrap_up = move || wrap_up_class(part.get()).map(|class| wrap_up(class, desk, id.clone()));
    let panel = icon_button("icon-button", PANEL, t().show_panel(), Action::TogglePanel, move || {
        desk.toggle_panel()
    });
    html::div()
        .class("conversation__actions")
        .child(end)
        .child(wrap_up)
        .child(panel)
        .into_any()
}

fn wrap_up(class: &'static str, desk: Desk, id: ConversationId) -> AnyView {
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("title", format!("{} ({})", t().wrap_up(), Action::WrapUp.hint()))
        .attr("aria-label", t().wrap_up())
        .attr("aria-keyshortcuts", Action::WrapUp.aria())
        .on(ev::click, move |_| desk.set_dialog(Some(Dialog::WrapUp(id.clone()))))
        .child(icon(TAG))
        .child(html::span().class("button__words").child(t().wrap_up_short()))
        .into_any()
}

fn action(
    class: &'static str,
    picture: portico_ui::icon::Icon,
    words: &'static str,
    command: Action,
    press: impl Fn() + 'static,
) -> AnyView {
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("title", format!("{words} ({})", command.hint()))
        .attr("aria-label", words)
        .attr("aria-keyshortcuts", command.aria())
        .on(ev::click, move |_| press())
        .child(icon(picture))
        .child(html::span().class("button__words").child(words))
        .into_any()
}

/// How the conversation stands for this agent.
fn state_tag(part: Participation) -> (&'static str, &'static str) {
    match part {
        Participation::Active => ("tag tag--ok", t().state_live()),
        Participation::WrappingUp => ("tag", t().state_ended()),
        Participation::Left => ("tag", t().state_left()),
    }
}

/// The button that wraps up is the main one once there is nothing else to do, and gone once that is done.
fn wrap_up_class(part: Participation) -> Option<&'static str> {
    match part {
        Participation::Active => Some("button"),
        Participation::WrappingUp => Some("button button--primary"),
        Participation::Left => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_up_is_the_main_thing_to_do_once_a_chat_has_ended() {
        assert_eq!(wrap_up_class(Participation::Active), Some("button"));
        assert_eq!(wrap_up_class(Participation::WrappingUp), Some("button button--primary"));
        assert_eq!(wrap_up_class(Participation::Left), None);
    }

    #[test]
    fn the_head_says_how_the_conversation_stands_for_this_agent() {
        let words =
            [Participation::Active, Participation::WrappingUp, Participation::Left].map(|part| state_tag(part).1);
        assert_eq!(words, [t().state_live(), t().state_ended(), t().state_left()]);
    }
}
