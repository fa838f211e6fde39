//! In the composer's place: the question whether to end the chat, and what comes after its end.

use crate::i18n::t;
use crate::state::Chat;
use crate::wording;
use leptos::prelude::*;

use portico_client::timeline::{CustomerItem, CustomerNotice, TimelineItem};
use portico_ui::ended::{EndedPanel, PanelButton};
use portico_ui::transcript::Format;

/// Asks before the chat is ended.
pub(super) fn asks_to_end(chat: Chat) -> AnyView {
    let panel = EndedPanel {
        sentence: Signal::stored(t().end_sure().to_owned()),
        link: None,
        secondary: vec![PanelButton {
            label: t().end_no(),
            press: Callback::new(move |()| chat.keep_chatting()),
        }],
        primary: PanelButton {
            label: t().end_yes(),
            press: Callback::new(move |()| chat.end()),
        },
        primary_class: "button button--danger",
    };
    (chat.document.parts.ended_panel)(panel)
}

/// Why the chat is over, and what next.
pub(super) fn ended(chat: Chat) -> AnyView {
    let panel = EndedPanel {
        sentence: Memo::new(move |_| reason(&chat.timeline().items)).into(),
        link: None,
        secondary: saves(chat),
        primary: PanelButton {
            label: t().start_new(),
            press: Callback::new(move |()| chat.renew()),
        },
        primary_class: "button button--primary",
    };
    (chat.document.parts.ended_panel)(panel)
}

/// Ways to keep it, if the site lets visitors do that.
pub(super) fn saves(chat: Chat) -> Vec<PanelButton> {
    let save = |label, format| PanelButton {
        label,
        press: Callback::new(move |()| chat.save(format)),
    };
    match chat.can_be_saved() {
        true => vec![save(t().save_chat(), Format::Text), save(t().save_page(), Format::Page)],
        false => Vec::new(),
    }
}

/// Why the chat is over, in words.
pub(super) fn reason(items: &[CustomerItem]) -> String {
    let mut notices = items.iter().rev().filter_map(TimelineItem::event);
    let last = notices.find(|notice| matches!(notice, CustomerNotice::Ended(_)));
    last.map_or_else(|| t().ended().to_owned(), |notice| wording::notice(notice, t()))
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
