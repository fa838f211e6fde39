//! The messages: a log that arrow keys walk through, that stays at its end while the visitor is there, and that pulls
//! older pages when the visitor goes up.

use super::walk::walk;
use super::welcome::{Beginning, welcome};
use crate::i18n::t;
use crate::state::Chat;
use leptos::prelude::*;
use leptos::{ev, html};

use portico_client::{Connection, History};
use portico_ui::icon::{ARROW_DOWN, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::reactive::{dynamic, effect};
use portico_ui::scroll::Scroll;

/// Rows that are no messages and may be drawn anew when an older page comes above them: the scroll position is not tied to
/// them.
const NOT_ANCHORS: &str = ".day, .older, .skeleton";

pub(super) fn timeline(chat: Chat) -> AnyView {
    let scroll = Scroll::new(chat.at_end(), NOT_ANCHORS, Callback::new(move |()| chat.load_older()));
    follow_messages(chat, scroll);
    let head_of = Memo::new(move |_| Head::of_chat(chat));
    let has_items = Memo::new(move |_| chat.current().is_some() || !chat.timeline().is_empty());
    let items = move || has_items.get().then(|| (chat.document.parts.messages)(chat));
    let list = html::ol()
        .class("log__list")
        .child(dynamic(move || head(chat, head_of.get())))
        .child(dynamic(items));
    let log = html::div()
        .class("log")
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("tabindex", "0")
        .attr("aria-label", t().messages())
        .node_ref(scroll.frame)
        .on(ev::scroll, move |_| scroll.moved())
        .on(ev::keydown, |event| walk(&event))
        .child(list);
    html::main()
        .class("middle")
        .child(log)
        .child(dynamic(move || to_newest(chat, scroll)))
        .into_any()
}

/// What is on the screen of a visitor who looks at it is seen; and what there is room for is pulled.
fn follow_messages(chat: Chat, scroll: Scroll) {
    effect(move |_| {
        chat.timeline();
        if chat.is_watched() && chat.is_at_end() {
            untrack(|| chat.see());
        }
        scroll.fill();
    });
}

/// What stands above the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Rows in grey, until the first page comes.
    Skeleton,
    /// An older page is on its way.
    Loading,
    /// There is an older page. The place is kept, so that what is read does not move when something comes.
    Older,
    Welcome(Beginning),
}

impl Head {
    fn of_chat(chat: Chat) -> Self {
        let history = chat.with_current(|current| current.history());
        let beginning = match chat.timeline().is_empty() {
            true => Beginning::Silent,
            false => Beginning::Said,
        };
        let connects = matches!(chat.connection(), Connection::Connecting | Connection::Waiting { .. });
        Self::of(history, beginning, chat.is_known() && connects)
    }

    /// `may_come` says whether a visitor who was here before is still being connected.
    fn of(history: Option<History>, beginning: Beginning, may_come: bool) -> Self {
        match (history, beginning) {
            (Some(History::Unloaded), Beginning::Silent) => Self::Skeleton,
            (None, Beginning::Silent) if may_come => Self::Skeleton,
            (Some(History::Loading), _) => Self::Loading,
            (Some(History::Partial), _) => Self::Older,
            (Some(History::Unloaded | History::Complete) | None, beginning) => Self::Welcome(beginning),
        }
    }
}

fn head(chat: Chat, head: Head) -> AnyView {
    let line = || html::div().class("skeleton__line");
    match head {
        Head::Skeleton => html::li()
            .class("skeleton")
            .child(auto_span("unseen", t().loading()))
            .child(line())
            .child(line())
            .child(line())
            .child(line())
            .into_any(),
        Head::Loading => html::li().class("older").child(line()).into_any(),
        Head::Older => html::li().class("older older--idle").child(line()).into_any(),
        Head::Welcome(beginning) => html::li().child(welcome(chat, beginning)).into_any(),
    }
}

/// Leads back to the newest message, and says how many have come.
fn to_newest(chat: Chat, scroll: Scroll) -> Option<AnyView> {
    if chat.is_at_end() {
        return None;
    }
    let label = match chat.below() {
        0 => auto_span("unseen", t().to_newest()),
        count => auto_span("", t().new_messages(count as usize)),
    };
    Some(button("pill", (icon(ARROW_DOWN), label), move || {
        scroll.to_end();
        chat.to_composer();
    }))
}

#[cfg(test)]
mod tests {
    use super::Head;
    use crate::view::welcome::Beginning::{Said, Silent};
    use portico_client::History;

    #[test]
    fn a_new_visitor_is_welcomed() {
        assert_eq!(Head::of(None, Silent, false), Head::Welcome(Silent));
        assert_eq!(Head::of(None, Said, false), Head::Welcome(Said));
    }

    #[test]
    fn a_visitor_who_was_here_before_waits_for_what_was_said() {
        assert_eq!(Head::of(None, Silent, true), Head::Skeleton);
        assert_eq!(Head::of(Some(History::Unloaded), Silent, true), Head::Skeleton);
        assert_eq!(Head::of(None, Said, true), Head::Welcome(Said));
    }

    #[test]
    fn the_place_of_an_older_page_is_kept() {
        assert_eq!(Head::of(Some(History::Loading), Said, false), Head::Loading);
        assert_eq!(Head::of(Some(History::Partial), Said, false), Head::Older);
        assert_eq!(Head::of(Some(History::Complete), Said, false), Head::Welcome(Said));
    }
}
