//! Files that agents send. Each mode of a composer has files of its own, as it has a text of its own: nothing meant for
//! colleagues reaches a customer by a change of the mode.

use super::{Desk, Mode};
use crate::api;
use crate::i18n::{self, t};
use leptos::prelude::*;
use portico_client::{Change, Command, Connection};
use portico_shared::cim::MessageBody;
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Audience, Draft};
use portico_shared::http::FileRules;
use portico_shared::ids::{ClientId, ConversationId};
use portico_ui::attachments::{Setup, Tray};
use portico_ui::storage::ScopedStorage;

/// The files of all composers. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Trays {
    /// Trays live as long as the console: an upload goes on while the agent looks at another conversation.
    owner: StoredValue<Owner>,
    trays: StoredValue<Vec<(ConversationId, Mode, Tray)>, LocalStorage>,
    /// What each channel takes, from the first time that it is asked for.
    rules: StoredValue<Vec<(String, RwSignal<FileRules>)>>,
}

impl Trays {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            trays: StoredValue::new_local(Vec::new()),
            rules: StoredValue::new(Vec::new()),
        }
    }

    fn find(self, conversation: &ConversationId, mode: Mode) -> Option<Tray> {
        let is_it = |tray: &&(ConversationId, Mode, Tray)| tray.0 == *conversation && tray.1 == mode;
        self.trays
            .with_value(|trays| trays.iter().find(is_it).map(|(_, _, tray)| *tray))
    }

    fn rules(self, channel: &str) -> RwSignal<FileRules> {
        let known = |rules: &Vec<(String, RwSignal<FileRules>)>| {
            let mut rules = rules.iter();
            rules.find(|(name, _)| name == channel).map(|(_, rules)| *rules)
        };
        if let Some(rules) = self.rules.with_value(known) {
            return rules;
        }
        let rules = self.owner.get_value().with(|| RwSignal::new(FileRules::default()));
        self.rules.update_value(|known| known.push((channel.to_owned(), rules)));
        let channel = channel.to_owned();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the answer; a console that is gone is not told"
        )]
        leptos::task::spawn_local(async move {
            // Without an answer nothing can be attached there until the next sign-in.
            if let Ok(config) = api::channel(&channel).await {
                rules.try_set(config.files);
            }
        });
        rules
    }
}

impl Desk {
    /// The files that are to be sent in a conversation, to the customer or to the team.
    pub(crate) fn files(self, conversation: &ConversationId, mode: Mode) -> Tray {
        if let Some(tray) = self.trays.find(conversation, mode) {
            return tray;
        }
        let owner = self.trays.owner.get_value();
        let tray = owner.with(|| untrack(|| self.new_tray(conversation.clone(), mode)));
        self.trays
            .trays
            .update_value(|trays| trays.push((conversation.clone(), mode, tray)));
        tray
    }

    fn new_tray(self, conversation: ConversationId, mode: Mode) -> Tray {
        let is_online = Memo::new(move |_| {
            let connection = |session: &portico_client::agent::Session| *session.connection() == Connection::Online;
            self.link.watch(&Change::Connection, connection)
        });
        let channel = {
            let id = conversation.clone();
            Memo::new(move |_| {
                self.link.watch(&Change::List, |session| {
                    session.conversation(&id)?.summary().details.channel.clone()
                })
            })
        };
        let rules = move || match channel.get() {
            Some(channel) => self.trays.rules(&channel).get(),
            None => FileRules::default(),
        };
        let [post_in, back_to, kept_in] = [conversation.clone(), conversation.clone(), conversation.clone()];
        Tray::new(Setup {
            rules: Signal::derive(rules),
            conversation: Some(conversation),
            is_online: is_online.into(),
            token: Box::new(move || self.login.token()),
            renew: Box::new(|| ()),
            begin: Box::new(|| ()),
            post: Box::new(move |client_id, body| self.post_file(&post_in, mode, client_id, &body)),
            keep_place: Box::new(move |client_id| self.keep_place(&kept_in, mode, client_id)),
            give_up_place: Box::new(move |client_id| self.link.act(Command::GiveUpPlace(client_id))),
            expect: portico_lazy::expect_files,
            has_former: Signal::stored(false),
            give_back: Box::new(move |text| self.drafts.change(&back_to, |typed| typed.take_back(mode, &text))),
            storage: ScopedStorage::session("portico.desk.files."),
            // An agent's computer may be shared by a shift: nothing of a customer stays in the browser.
            cache: None,
            words: || t(),
            locale: i18n::locale,
            tool: "icon-button",
            announce: Box::new(move |sentence| self.announcer.announce(sentence)),
            to_composer: Box::new(move || self.focus_composer()),
        })
    }

    /// No customer waits for what is for colleagues alone.
    fn keep_place(self, conversation: &ConversationId, mode: Mode, client_id: ClientId) {
        if mode == Mode::Reply {
            self.link.act(Command::KeepPlace {
                conversation: Some(conversation.clone()),
                client_id,
            });
        }
    }

    fn post_file(self, conversation: &ConversationId, mode: Mode, client_id: ClientId, body: &CustomerBody) -> bool {
        let Some(body) = whole(body) else { return false };
        if !self.link.read(|session| session.can_post(&client_id)) {
            return false;
        }
        self.link.act(Command::Post {
            conversation: Some(conversation.clone()),
            client_id,
            draft: Box::new(Draft::new(body)),
            audience: match mode {
                Mode::Reply => Audience::Everyone,
                Mode::Whisper => Audience::Agents,
            },
        });
        true
    }
}

/// The same body as agents write it.
fn whole(body: &CustomerBody) -> Option<MessageBody> {
    let json = serde_json::to_value(body).ok()?;
    serde_json::from_value(json).ok()
}

#[cfg(test)]
mod tests {
    use super::whole;
    use portico_shared::cim::MessageBody;
    use serde_json::json;

    #[test]
    fn a_file_is_the_same_message_from_an_agent() {
        let file = json!({
            "type": "FILE", "markdownText": "Your invoice",
            "attachment": { "mediaUrl": "https://chat.example/files/f1", "mimeType": "application/pdf", "size": 7 },
        });
        let body = whole(&serde_json::from_value(file).expect("a body"));
        let Some(MessageBody::File(media)) = body else {
            panic!("{body:?}");
        };
        assert_eq!(media.attachment.media_url, "https://chat.example/files/f1");
        assert_eq!(media.markdown_text.as_deref(), Some("Your invoice"));
    }
}
