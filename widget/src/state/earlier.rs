//! Earlier chats of a known customer: their list, and one that is read again, in the place of the present one.

use super::{Chat, Erased, timeline};
use leptos::prelude::*;

use portico_client::{Customer, CustomerCommand};
use portico_shared::frame::Summary;
use portico_shared::ids::ConversationId;

/// What the window shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The present chat.
    Chat,
    /// The list of earlier ones.
    List,
    /// One of them.
    Earlier(ConversationId),
    /// What became of the visitor's data. The chat at hand is over for good.
    Erased(Erased),
}

impl Chat {
    /// What the window shows.
    pub(crate) fn place(self) -> Place {
        self.place.get()
    }

    /// Whether the relay has a list of the visitor's chats: it knows who it is by the site's word.
    pub(crate) fn has_list(self) -> bool {
        self.store.with_value(|store| store.is_signed())
    }

    /// Whether this is an earlier chat, of which nothing is answered.
    pub(crate) fn is_earlier(self) -> bool {
        self.is_earlier
    }

    /// Shows the list of earlier chats.
    pub(crate) fn list_earlier(self) {
        self.fold();
        self.keep_chatting();
        self.go_to(Place::List);
    }

    /// Shows one of them.
    pub(crate) fn open_earlier(self, summary: Summary<Customer>) {
        let id = summary.conversation.clone();
        self.link.act(CustomerCommand::Open(Box::new(summary)));
        self.go_to(Place::Earlier(id));
    }

    /// Shows the present chat again. Answers whether something else was shown.
    pub(crate) fn back_to_chat(self) -> bool {
        let was_elsewhere = self
            .place
            .with_untracked(|place| !matches!(place, Place::Chat | Place::Erased(_)));
        if was_elsewhere {
            self.go_to(Place::Chat);
            self.stay_at_end();
            self.to_composer();
        }
        was_elsewhere
    }

    fn go_to(self, place: Place) {
        if let Place::Earlier(id) = self.place.get_untracked() {
            self.link.act(CustomerCommand::Close(id));
        }
        self.place.set(place);
    }

    /// An earlier chat as views read one. It lives as long as the view that asks for it.
    pub(crate) fn earlier(self, id: ConversationId) -> Self {
        let current = Memo::new(move |_| Some(id.clone()));
        let chat = Self {
            current,
            timeline: timeline::of(self.link, current),
            is_earlier: true,
            renewed: RwSignal::new(false),
            below: RwSignal::new(0),
            at_end: RwSignal::new(true),
            preview: RwSignal::new(None),
            saving: RwSignal::new(None),
            ..self
        };
        chat.save_when_whole();
        chat
    }
}
