//! What the visitor does, and what happens to the chat by itself.

use super::{Chat, Opening, Panel, Preview};
use crate::host::{self, CommandRefusal};
use leptos::prelude::*;
use serde_json::Map;

use portico_client::customer::Conversation;
use portico_client::{Command, History};
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Audience, Draft};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::text::{is_sendable, says_nothing};
use portico_ui::browser::{mint, touch_first};

impl Chat {
    /// Keeps what is in the composer; for the document alone, before the visitor has agreed that anything is kept.
    pub(crate) fn write(self, text: String) {
        if self.has_agreed() {
            self.start();
            self.link.act(Command::Typing {
                conversation: None,
                on: !says_nothing(&text),
            });
            self.store.with_value(|store| store.keep_draft(&text));
        }
        self.draft.set(text);
    }

    /// Sends what is in the composer, which keeps what cannot be sent.
    pub(crate) fn send_draft(self) {
        let text = self.draft.get_untracked();
        if is_sendable(&text) && self.send(Draft::new(CustomerBody::plain(text.trim_end()))) {
            self.write(String::new());
        }
    }

    /// Goes on with what the visitor has typed before the chat was there, after what was kept from another time.
    pub(crate) fn continue_draft(self, typed: &str) {
        let kept = self.draft.get_untracked();
        self.write(match kept.as_str() {
            "" => typed.to_owned(),
            kept => [kept, "\n", typed].concat(),
        });
    }

    /// Sends what the visitor has sent before the chat was there. What cannot be sent, or what something is asked before, is left
    /// in the composer.
    pub(crate) fn send_early(self, text: &str) {
        let is_asked = self.opening() != Opening::Writes || !self.has_agreed();
        if is_asked || !is_sendable(text) || !self.send(Draft::new(CustomerBody::plain(text))) {
            self.continue_draft(text);
        }
    }

    /// Sends a message to the live chat, or to the one that it begins. Answers whether it is on its way: there may be too
    /// many already.
    pub(crate) fn send(self, draft: Draft<CustomerBody>) -> bool {
        let is_sent = self.send_as(mint(), draft);
        if !is_sent {
            host::event("error", &[("reason", CommandRefusal::Busy.as_str())]);
        }
        is_sent
    }

    /// Sends a text that the host asks to be sent. Asked twice, it is sent once.
    pub(super) fn send_for_host(self, id: &str, text: String) -> Result<(), CommandRefusal> {
        if says_nothing(&text) {
            return Err(CommandRefusal::Empty);
        }
        if !is_sendable(&text) {
            return Err(CommandRefusal::TooLong);
        }
        if !self.has_agreed() {
            return Err(CommandRefusal::Consent);
        }
        let client_id = ClientId::parse(id).unwrap_or_else(mint);
        match self.send_as(client_id, Draft::new(CustomerBody::plain(text))) {
            true => Ok(()),
            false => Err(CommandRefusal::Busy),
        }
    }

    /// Sends the answer to a form. It goes to the chat that the form stands in, also when that is over: the form may be what
    /// is asked at its end.
    pub(crate) fn answer_form(self, draft: Draft<CustomerBody>) {
        let chat = self.link.read(|session| session.chat().map(|chat| chat.id().clone()));
        if !self.send_to(chat, mint(), draft) {
            host::event("error", &[("reason", CommandRefusal::Busy.as_str())]);
        }
    }

    pub(super) fn send_as(self, client_id: ClientId, draft: Draft<CustomerBody>) -> bool {
        self.send_to(None, client_id, draft)
    }

    fn send_to(self, conversation: Option<ConversationId>, client_id: ClientId, draft: Draft<CustomerBody>) -> bool {
        self.start();
        if !self.has_agreed() || !self.link.read(|session| session.can_post(&client_id)) {
            return false;
        }
        self.stay_at_end();
        host::event("messageSent", &[("id", client_id.as_str())]);
        self.document.unsent.note(&client_id);
        self.link.act(Command::Post {
            conversation,
            client_id,
            draft: Box::new(draft),
            audience: Audience::Everyone,
        });
        true
    }

    /// Unfolds something, or folds it if it is unfolded.
    pub(crate) fn toggle(self, panel: Panel) {
        self.unfolded
            .update(|unfolded| *unfolded = Some(panel).filter(|_| *unfolded != Some(panel)));
    }

    /// Folds what is unfolded.
    pub(crate) fn fold(self) {
        if self.has_unfolded() {
            self.unfolded.set(None);
        }
    }

    pub(super) fn request_focus(self) {
        self.focus_requests.update(|count| *count += 1);
    }

    /// What was pressed goes away, and the keyboard goes to the composer; not on devices where that covers half of the
    /// chat.
    pub(crate) fn to_composer(self) {
        if !touch_first() {
            self.request_focus();
        }
    }

    /// Sends a failed message again.
    pub(crate) fn retry(self, id: ClientId) {
        self.link.act(Command::Retry(id));
        self.to_composer();
    }

    /// Drops a failed message.
    pub(crate) fn delete(self, id: ClientId) {
        self.link.act(Command::Delete(id));
        self.to_composer();
    }

    /// Asks whether the chat should end.
    pub(crate) fn ask_to_end(self) {
        self.fold();
        self.back_to_chat();
        self.asks_to_end.set(true);
    }

    /// Goes on with the chat.
    pub(crate) fn keep_chatting(self) {
        self.asks_to_end.set(false);
    }

    /// Ends the live chat.
    pub(crate) fn end(self) {
        self.asks_to_end.set(false);
        self.renewed.set(false);
        self.stay_at_end();
        self.link.act(Command::End {
            conversation: None,
            client_id: mint(),
        });
    }

    /// Begins a new chat after the last one ended: the next message starts it.
    pub(crate) fn renew(self) {
        self.renewed.set(true);
        self.stay_at_end();
        self.request_focus();
    }

    /// Pulls older history, if there is more and it is not on its way.
    pub(crate) fn load_older(self) {
        let Some(current) = self.current.get_untracked() else {
            return;
        };
        let history = self
            .link
            .read(|session| session.conversation(&current).map(Conversation::history));
        if history == Some(History::Partial) {
            self.link.act(Command::LoadOlder(current));
        }
    }

    /// What comes next is kept on the screen.
    pub(super) fn stay_at_end(self) {
        if !self.at_end.get_untracked() {
            self.at_end.set(true);
        }
    }

    /// The visitor has seen everything that is there.
    pub(crate) fn see(self) {
        if self.below.get_untracked() != 0 {
            self.below.set(0);
        }
        if self.preview.with_untracked(Option::is_some) {
            self.preview.set(None);
        }
        let Some(current) = self.current.get_untracked() else {
            return;
        };
        let Some(up_to) = self.timeline.with_untracked(|timeline| timeline.head()) else {
            return;
        };
        let seen = self
            .link
            .read(|session| session.conversation(&current).map_or(Seq::START, Conversation::seen));
        if up_to > seen {
            self.link.act(Command::Seen {
                conversation: current,
                up_to,
            });
        }
    }

    /// A message of another participant is new.
    pub(crate) fn note_arrival(self, preview: Preview) {
        self.preview.set(Some(preview));
        if !self.at_end.get_untracked() {
            self.below.update(|count| *count += 1);
        }
    }

    /// A message of another participant has another text since, or none.
    pub(crate) fn note_change(self, key: &str, text: String) {
        self.preview
            .maybe_update(|preview| preview.as_mut().is_some_and(|preview| preview.change(key, text)));
    }

    /// The chat that the visitor asked for is there.
    pub(crate) fn conversation_started(self) {
        if self.renewed.get_untracked() {
            self.renewed.set(false);
        }
        if self.has_sent_form.get_untracked() {
            self.has_sent_form.set(false);
            self.keep_prechat(Map::new());
        }
    }
}
