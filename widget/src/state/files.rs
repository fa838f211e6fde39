//! What a chat does for the files that are sent in it.

use super::Chat;
use leptos::prelude::*;

use portico_client::Command;
use portico_shared::customer::CustomerBody;
use portico_shared::frame::Draft;
use portico_shared::ids::ClientId;
use portico_ui::file_links::FileLinks;
use portico_ui::storage::ScopedStorage;

impl Chat {
    /// The visitor's token, once there is one.
    pub(crate) fn token(self) -> Option<String> {
        self.link.read(|session| session.token().map(str::to_owned))
    }

    /// Asks for another token, if anything may be asked.
    pub(crate) fn renew_token(self) {
        if self.has_agreed() {
            self.link.renew();
        }
    }

    /// Links to the files that messages bring.
    pub(crate) fn file_links(self) -> FileLinks {
        self.files
    }

    /// Posts a message that brings a file. Answers whether it is on its way.
    pub(crate) fn post_file(self, client_id: ClientId, body: CustomerBody) -> bool {
        self.send_as(client_id, Draft::new(body))
    }

    /// Keeps the place of a message whose file is on its way: what is sent later waits for it, though not for long.
    pub(crate) fn keep_place(self, client_id: ClientId) {
        if self.has_agreed() {
            self.document.unsent.note(&client_id);
            self.link.act(Command::KeepPlace {
                conversation: None,
                client_id,
            });
        }
    }

    /// There will be no such message.
    pub(crate) fn give_up_place(self, client_id: ClientId) {
        self.link.act(Command::GiveUpPlace(client_id));
    }

    /// A text that was to go with a file goes back to the composer, before what is there.
    pub(crate) fn take_back(self, text: &str) {
        let written = self.draft.get_untracked();
        self.write(match written.as_str() {
            "" => text.to_owned(),
            written => [text, "\n", written].concat(),
        });
    }

    /// Where it is kept how the visitor wants to be called back.
    pub(crate) fn alert_choices(self) -> ScopedStorage {
        self.store.with_value(|store| store.alert_choices())
    }

    /// Where files that are not sent yet are noted.
    pub(crate) fn unsent_files(self) -> ScopedStorage {
        self.store.with_value(|store| store.files())
    }

    /// Under which name the browser keeps their bytes.
    pub(crate) fn file_cache(self) -> String {
        self.store.with_value(|store| store.file_cache())
    }
}
