//! The files that a visitor sends: what the chat does for them, and says about them.

use crate::i18n::{Messages, locale, t};
use crate::state::{Agreement, Chat};
use leptos::prelude::*;

use portico_client::Connection;
use portico_shared::http::FileRules;
use portico_ui::attachments::{Setup, Tray, Words};

/// The files of a chat. They live as long as the chat, whatever is drawn of it.
pub(crate) fn tray(chat: Chat) -> Tray {
    let config = chat.document.config;
    let is_online = Memo::new(move |_| chat.connection() == Connection::Online);
    Tray::new(Setup {
        rules: Signal::derive(move || match chat.agreement() {
            Agreement::Given => config.with(|config| config.files.clone()),
            // Nothing is noted of a file either.
            Agreement::Unknown | Agreement::Asked | Agreement::Declined => FileRules::default(),
        }),
        conversation: None,
        is_online: is_online.into(),
        token: Box::new(move || chat.token().filter(|_| chat.has_agreed())),
        renew: Box::new(move || chat.renew_token()),
        begin: Box::new(move || chat.start()),
        post: Box::new(move |client_id, body| chat.post_file(client_id, body)),
        keep_place: Box::new(move |client_id| chat.keep_place(client_id)),
        give_up_place: Box::new(move |client_id| chat.give_up_place(client_id)),
        expect: chat.document.parts.expect_files,
        has_former: chat.has_former(),
        give_back: Box::new(move |text| chat.take_back(&text)),
        storage: chat.unsent_files(),
        cache: Some(chat.file_cache()),
        words: || t(),
        locale: || &locale().tag,
        tool: "tool",
        announce: Box::new(move |sentence| chat.document.announcer.announce(sentence)),
        to_composer: Box::new(move || chat.to_composer()),
    })
}

impl Words for Messages {
    fn attach(&self) -> &str {
        self.attach()
    }

    fn drop_here(&self) -> &str {
        self.file_drop()
    }

    fn list(&self) -> &str {
        self.file_list()
    }

    fn remove(&self, name: &str) -> String {
        self.file_remove(name)
    }

    fn again(&self, name: &str) -> String {
        self.file_again(name)
    }

    fn waiting(&self) -> &str {
        self.file_waiting()
    }

    fn uploading(&self, name: &str) -> String {
        self.file_uploading(name)
    }

    fn paused(&self) -> &str {
        self.file_paused()
    }

    fn ready(&self) -> &str {
        self.file_ready()
    }

    fn will_be_sent(&self) -> &str {
        self.file_will_be_sent()
    }

    fn uploaded(&self, name: &str) -> String {
        self.file_uploaded(name)
    }

    fn not_uploaded(&self, name: &str, why: &str) -> String {
        self.file_not_uploaded(name, why)
    }

    fn empty(&self) -> &str {
        self.file_empty()
    }

    fn too_large(&self, most: &str) -> String {
        self.file_too_large(most)
    }

    fn too_many_pixels(&self) -> &str {
        self.file_too_many_pixels()
    }

    fn wrong_type(&self) -> &str {
        self.file_wrong_type()
    }

    fn quota(&self) -> &str {
        self.file_quota()
    }

    fn lost(&self) -> &str {
        self.file_lost()
    }

    fn trouble(&self) -> &str {
        self.file_trouble()
    }

    fn too_many(&self) -> &str {
        self.file_left_out()
    }
}
