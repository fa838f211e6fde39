//! What calls the visitor back: what the chat does for it, and says about it.

use crate::host;
use crate::i18n::{Messages, t};
use crate::notifications::preview;
use crate::state::Chat;
use crate::wording;
use leptos::prelude::*;

use portico_client::customer::TimelineMessage;
use portico_client::timeline::CustomerItem;
use portico_shared::ids::ConversationId;
use portico_ui::alerts::{self, Alerts, Newest, Piece, Setup, Unread, Words};

/// The alerts of a chat. They live as long as the chat, whatever is drawn of it.
pub(crate) fn alerts(chat: Chat) -> Alerts {
    Alerts::new(Setup {
        is_needed: Memo::new(move |_| chat.current().is_some() && newest(&chat.timeline().items).is_some()).into(),
        is_watched: Memo::new(move |_| chat.is_watched()).into(),
        is_visible: Memo::new(move |_| chat.is_visible()).into(),
        is_live: Memo::new(move |_| !chat.is_over()).into(),
        page: chat.document.host.alerts().into(),
        storage: chat.alert_choices(),
        words: || t(),
        post: host::alert,
        address: Box::new(move || untrack(|| chat.document.host.page().url)),
        token: Box::new(move || chat.token()),
        was_online: Memo::new(move |_| chat.was_online()).into(),
        announce: Box::new(move |sentence| chat.document.announcer.announce(sentence)),
    })
}

/// A piece of them. What is said of a message in words is put together only here.
pub(crate) fn view(chat: Chat, alerts: Alerts, piece: Piece) -> AnyView {
    alerts::view(alerts, Memo::new(move |_| unread(chat)).into(), piece)
}

fn unread(chat: Chat) -> Unread {
    Unread {
        count: chat.with_current(|current| current.unread()).unwrap_or(0),
        newest: chat
            .current()
            .and_then(|current| in_words(&current, newest(&chat.timeline().items)?)),
    }
}

/// The newest message that is stored and not the visitor's.
fn newest(items: &[CustomerItem]) -> Option<&TimelineMessage> {
    let messages = items.iter().rev().filter_map(CustomerItem::message);
    let mut of_others = messages.filter(|message| !message.mine);
    of_others.find(|message| message.seq.is_some())
}

fn in_words(conversation: &ConversationId, message: &TimelineMessage) -> Option<Newest> {
    Some(Newest {
        conversation: conversation.to_string(),
        seq: message.seq?.0,
        from: wording::author(message, t()),
        text: preview(&wording::spoken(message)),
    })
}

impl Words for Messages {
    fn offer(&self) -> &str {
        self.alert_offer()
    }

    fn accept(&self) -> &str {
        self.alert_yes()
    }

    fn decline(&self) -> &str {
        self.alert_no()
    }

    fn is_on(&self) -> &str {
        self.alert_on()
    }

    fn refused(&self) -> &str {
        self.alert_refused()
    }

    fn close(&self) -> &str {
        self.alert_close()
    }

    fn new_message(&self) -> String {
        self.new_messages(1)
    }

    fn sound(&self) -> &str {
        self.alert_sound()
    }

    fn notifications(&self) -> &str {
        self.alert_notes()
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, newest};
    use crate::fixtures::{item, own_message, stored};
    use portico_shared::ids::ConversationId;

    #[test]
    fn a_visitor_is_called_for_the_newest_message_of_others() {
        let of = |items: &[_]| {
            let newest = in_words(&ConversationId::new("c-1"), newest(items)?)?;
            Some((newest.seq, newest.from))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[item(own_message("m-1", "Hello"))]), None);
        let items = [stored(1), stored(2), item(own_message("m-1", "Hello"))];
        assert_eq!(of(&items), Some((2, "Ada".to_owned())));
    }
}
