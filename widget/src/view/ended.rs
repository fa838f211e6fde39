//! In the composer's place: the question whether to end the chat, and what comes after its end.

use crate::i18n::t;
use crate::state::Chat;
use crate::{transcript, wording};
use leptos::prelude::*;
use leptos::{ev, html};

use portico_client::timeline::{CustomerItem, CustomerNotice, TimelineItem};
use portico_ui::browser::document;
use portico_ui::parts::{auto_span, button};

/// Asks before the chat is ended.
pub(super) fn asks_to_end(chat: Chat) -> AnyView {
    let no = Choice {
        name: t().end_no(),
        press: Box::new(move || chat.go_on()),
    };
    let yes = button("button button--danger", auto_span("", t().end_yes()), move || {
        chat.end()
    });
    panel(|| t().end_sure().to_owned(), no, yes)
}

/// Why the chat is over, and what next.
pub(super) fn ended(chat: Chat) -> AnyView {
    let save = Choice {
        name: t().save_chat(),
        press: Box::new(move || transcript::save(&untrack(|| chat.timeline()).items)),
    };
    let new = button("button button--primary", auto_span("", t().start_new()), move || {
        chat.renew()
    });
    let why = Memo::new(move |_| reason(&chat.timeline().items));
    panel(move || why.get(), save, new)
}

/// Why the chat is over, in words.
fn reason(items: &[CustomerItem]) -> String {
    let mut notices = items.iter().rev().filter_map(TimelineItem::event);
    let last = notices.find(|notice| matches!(notice, CustomerNotice::Ended(_)));
    last.map_or_else(|| t().ended().to_owned(), |notice| wording::notice(notice, t()))
}

/// The choice that changes nothing, which takes the keyboard.
struct Choice {
    name: &'static str,
    press: Box<dyn FnMut()>,
}

/// A sentence and two buttons.
fn panel(sentence: impl Fn() -> String + Send + 'static, first: Choice, second: AnyView) -> AnyView {
    let focused = NodeRef::<html::Button>::new();
    // In the document only after this. The composer, which had the focus perhaps, is gone.
    gloo_timers::callback::Timeout::new(0, move || {
        let button = focused.try_get_untracked().flatten();
        // Never takes the keyboard away from the page around.
        if document().has_focus().unwrap_or(false) {
            let _ = button.map(|button| button.focus());
        }
    })
    .forget();
    let Choice { name, mut press } = first;
    let first = html::button()
        .class("button")
        .attr("type", "button")
        .node_ref(focused)
        .on(ev::click, move |_| press())
        .child(auto_span("", name));
    html::footer()
        .class("ended")
        .child((
            html::span().class("ended__why").attr("dir", "auto").child(sentence),
            html::div().class("ended__buttons").child((first, second)),
        ))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::fixtures::stored;
    use portico_client::timeline::{CustomerItem, CustomerNotice, TimelineEvent, TimelineItem};
    use portico_shared::cim::channel_session::ChannelSessionReason;

    fn notice(what: CustomerNotice) -> CustomerItem {
        TimelineItem::Event(TimelineEvent {
            key: "#9".into(),
            seq: None,
            at_ms: 0,
            what,
        })
    }

    #[test]
    fn the_last_end_says_why_the_chat_is_over() {
        let items = [
            notice(CustomerNotice::Ended(Some(ChannelSessionReason::Agent))),
            stored(1),
            notice(CustomerNotice::Ended(Some(ChannelSessionReason::Customer))),
            notice(CustomerNotice::Paused),
        ];
        assert_eq!(reason(&items), "You ended this chat");
    }

    #[test]
    fn an_end_that_is_not_loaded_says_only_that_it_is_over() {
        assert_eq!(reason(&[stored(1)]), "This chat has ended");
    }
}
