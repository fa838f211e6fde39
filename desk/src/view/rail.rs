//! The rail at the edge: where one is, and what holds for the whole desk.

use super::components::{icon_button, mark, unseen};
use crate::action::Action;
use crate::api::display_name;
use crate::i18n::t;
use crate::state::{Desk, Dialog, Theme};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_ui::icon::{BELL, BELL_OFF, INBOX, KEYBOARD, LEAVE, MONITOR, MOON, SUN, icon};

/// The rail.
pub(crate) fn view(desk: Desk) -> AnyView {
    html::nav()
        .class("rail")
        .attr("aria-label", t().navigation())
        .child(html::span().class("rail__mark").child(mark()))
        .child(
            html::button()
                .class("rail__item")
                .attr("type", "button")
                .attr("aria-current", "page")
                .attr("title", t().inbox())
                .on(ev::click, move |_| desk.show_list())
                .child(icon(INBOX))
                .child(unseen(t().inbox()))
                .child(move || unread_badge(desk)),
        )
        .child(
            html::div()
                .class("rail__end")
                .child(icon_button(
                    "rail__item",
                    KEYBOARD,
                    t().palette(),
                    Action::Palette,
                    move || {
                        desk.set_dialog(Some(Dialog::Palette));
                    },
                ))
                .child(move || sound_button(desk))
                .child(move || theme_button(desk))
                .child(sign_out(desk)),
        )
        .into_any()
}

fn unread_badge(desk: Desk) -> Option<AnyView> {
    let unread: u32 = desk.previews().iter().map(|row| row.unread).sum();
    (unread > 0).then(|| {
        let badge = html::span()
            .class("badge")
            .attr("aria-hidden", "true")
            .child(count_label(unread));
        (badge, unseen(t().unread(unread as usize))).into_any()
    })
}

/// A count as a badge has room for it.
fn count_label(count: u32) -> String {
    match count {
        0..=99 => count.to_string(),
        _ => "99+".to_owned(),
    }
}

fn sound_button(desk: Desk) -> AnyView {
    let (picture, name) = if desk.settings.sound() {
        (BELL, t().sound_on())
    } else {
        (BELL_OFF, t().sound_off())
    };
    icon_button("rail__item", picture, name, Action::ToggleSound, move || {
        desk.settings.toggle_sound()
    })
}

fn theme_button(desk: Desk) -> AnyView {
    let (picture, name) = match desk.settings.theme() {
        Theme::Auto => (MONITOR, t().theme_auto()),
        Theme::Light => (SUN, t().theme_light()),
        Theme::Dark => (MOON, t().theme_dark()),
    };
    icon_button("rail__item", picture, name, Action::NextTheme, move || {
        desk.settings.next_theme()
    })
}

/// The agent's own picture; the way out stands behind it.
fn sign_out(desk: Desk) -> AnyView {
    let name = untrack(|| desk.user())
        .map(|user| display_name(&user))
        .unwrap_or_default();
    html::button()
        .class("rail__item rail__leave")
        .attr("type", "button")
        .attr("aria-label", t().sign_out_of(&name))
        .attr("title", t().sign_out_of(&name))
        .on(ev::click, move |_| desk.sign_out())
        .child(icon(LEAVE))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_has_room_for_two_digits() {
        assert_eq!([7, 99, 100].map(count_label), ["7", "99", "99+"]);
    }
}
