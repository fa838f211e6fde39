//! What is typed and not sent, one draft per conversation. It outlives a lost connection, a reload and the end of the
//! login, but not the tab and not a sign-out.

use leptos::prelude::*;
use portico_shared::ids::{ConversationId, MessageId};
use portico_shared::text::says_nothing;
use portico_ui::storage::ScopedStorage;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Whom the composer writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Mode {
    /// All participants.
    #[default]
    Reply,
    /// Agents only.
    Whisper,
}

/// One conversation's composer. Each mode has a text of its own, so that no word meant for colleagues can reach the
/// customer by a change of the mode; and a change of a sent message lies over the reply, which is there again after it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct ComposerDraft {
    #[serde(default)]
    reply: String,
    #[serde(default)]
    whisper: String,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    edit: Option<Edit>,
    /// What the wrap-up dialog held when it was closed without leaving.
    #[serde(default)]
    pub(crate) noted: WrapUpDraft,
}

/// What an agent notes when leaving.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct WrapUpDraft {
    /// Categories and their values.
    pub(crate) codes: Vec<(String, String)>,
    /// For colleagues.
    pub(crate) note: String,
}

/// A sent message that is being changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Edit {
    message: MessageId,
    /// What it said when the change began.
    before: String,
    text: String,
    /// Where the agent wrote before.
    from: Mode,
}

impl ComposerDraft {
    /// For whom.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// What the composer shows.
    pub(crate) fn text(&self) -> &str {
        match (self.mode, &self.edit) {
            (Mode::Whisper, _) => &self.whisper,
            (Mode::Reply, Some(edit)) => &edit.text,
            (Mode::Reply, None) => &self.reply,
        }
    }

    /// The own message that the shown text replaces, and what it said before.
    pub(crate) fn edits(&self) -> Option<(&MessageId, &str)> {
        let edit = self.edit.as_ref().filter(|_| self.mode == Mode::Reply)?;
        Some((&edit.message, &edit.before))
    }

    /// What waits to be sent, for the list: what the composer shows, or else what its other mode holds.
    pub(crate) fn waiting(&self) -> Option<(Mode, &str)> {
        let reply = (Mode::Reply, self.reply.as_str());
        let whisper = (Mode::Whisper, self.whisper.as_str());
        let texts = [(self.mode, self.text()), reply, whisper];
        texts.into_iter().find(|(_, text)| !says_nothing(text))
    }

    /// The agent typed.
    pub(super) fn type_in(&mut self, text: String) {
        *self.shown() = text;
    }

    /// Adds a text for the customer to the reply. A change of a sent message that is under way is given up: what is added
    /// would become part of what the customer has read already.
    pub(super) fn add(&mut self, text: &str) {
        self.mode = Mode::Reply;
        self.edit = None;
        let reply = &mut self.reply;
        if !reply.is_empty() && !reply.ends_with(char::is_whitespace) {
            reply.push(' ');
        }
        reply.push_str(text);
    }

    /// A text that was to go with a file is there again, before what was written since.
    pub(super) fn take_back(&mut self, mode: Mode, text: &str) {
        let written = match mode {
            Mode::Reply => &mut self.reply,
            Mode::Whisper => &mut self.whisper,
        };
        *written = match written.as_str() {
            "" => text.to_owned(),
            written => format!("{text}\n{written}"),
        };
    }

    pub(super) fn turn_to(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// Lays a change of a sent message over the reply. One that is under way for the same message goes on.
    pub(super) fn begin_edit(&mut self, message: MessageId, text: String) {
        let from = self.edit.as_ref().map_or(self.mode, |edit| edit.from);
        self.mode = Mode::Reply;
        if self.edit.as_ref().is_none_or(|edit| edit.message != message) {
            self.edit = Some(Edit {
                message,
                before: text.clone(),
                text,
                from,
            });
        }
    }

    /// What was shown is sent or given up: an edit gives the composer back as it was, anything else leaves it empty.
    pub(super) fn finish(&mut self) {
        match self.edit.take_if(|_| self.mode == Mode::Reply) {
            Some(edit) => self.mode = edit.from,
            None => self.shown().clear(),
        }
    }

    fn shown(&mut self) -> &mut String {
        match (self.mode, &mut self.edit) {
            (Mode::Whisper, _) => &mut self.whisper,
            (Mode::Reply, Some(edit)) => &mut edit.text,
            (Mode::Reply, None) => &mut self.reply,
        }
    }
}

/// All drafts of one agent. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    typed: RwSignal<HashMap<ConversationId, ComposerDraft>>,
    storage: StoredValue<ScopedStorage, LocalStorage>,
}

impl Drafts {
    /// What this tab kept for an agent.
    pub(crate) fn load(user: &str) -> Self {
        let storage = ScopedStorage::session(format!("portico.desk.draft.{user}."));
        let kept = storage
            .all()
            .into_iter()
            .filter_map(|(key, json)| Some((ConversationId::parse(&key)?, serde_json::from_str(&json).ok()?)));
        Self {
            typed: RwSignal::new(kept.collect()),
            storage: StoredValue::new_local(storage),
        }
    }

    /// The draft of a conversation; an empty one if nothing was typed.
    pub(crate) fn get(self, conversation: &ConversationId) -> ComposerDraft {
        self.typed
            .with(|typed| typed.get(conversation).cloned().unwrap_or_default())
    }

    /// The draft of a conversation, without following it.
    pub(crate) fn peek(self, conversation: &ConversationId) -> ComposerDraft {
        self.typed
            .with_untracked(|typed| typed.get(conversation).cloned().unwrap_or_default())
    }

    /// Changes a draft and keeps it.
    pub(super) fn change(self, conversation: &ConversationId, change: impl FnOnce(&mut ComposerDraft)) {
        let mut draft = self.peek(conversation);
        change(&mut draft);
        self.storage.with_value(|storage| match serde_json::to_string(&draft) {
            Ok(json) if draft != ComposerDraft::default() => storage.put(conversation.as_str(), &json),
            Ok(_) | Err(_) => storage.remove(conversation.as_str()),
        });
        self.typed.update(|typed| {
            typed.insert(conversation.clone(), draft);
        });
    }

    /// Forgets everything, when the agent signs out.
    pub(crate) fn clear(self) {
        self.storage.with_value(ScopedStorage::clear);
        self.typed.update(HashMap::clear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> ComposerDraft {
        let mut draft = ComposerDraft::default();
        draft.type_in(text.to_owned());
        draft
    }

    fn message(id: &str) -> MessageId {
        MessageId::new(id)
    }

    #[test]
    fn reply_and_whisper_have_texts_of_their_own() {
        let mut draft = reply("to the customer");
        draft.turn_to(Mode::Whisper);
        assert_eq!(draft.text(), "");
        draft.type_in("to the team".to_owned());
        draft.turn_to(Mode::Reply);
        assert_eq!(draft.text(), "to the customer");
        draft.finish();
        draft.turn_to(Mode::Whisper);
        assert_eq!(draft.text(), "to the team");
    }

    #[test]
    fn a_change_lies_over_the_reply_which_is_there_again_after_it() {
        let mut draft = reply("half a reply");
        draft.begin_edit(message("m-1"), "sent".to_owned());
        draft.type_in("changed".to_owned());
        assert_eq!(draft.text(), "changed");
        assert_eq!(draft.edits(), Some((&message("m-1"), "sent")));
        draft.finish();
        assert_eq!((draft.text(), draft.edits()), ("half a reply", None));
    }

    #[test]
    fn a_change_that_began_in_a_whisper_goes_back_to_it() {
        let mut draft = reply("");
        draft.turn_to(Mode::Whisper);
        draft.begin_edit(message("m-1"), "sent".to_owned());
        assert_eq!(draft.mode(), Mode::Reply);
        draft.begin_edit(message("m-2"), "another".to_owned());
        draft.finish();
        assert_eq!(draft.mode(), Mode::Whisper);
    }

    #[test]
    fn the_same_change_goes_on_and_another_one_replaces_it() {
        let mut draft = reply("");
        draft.begin_edit(message("m-1"), "sent".to_owned());
        draft.type_in("changed".to_owned());
        draft.begin_edit(message("m-1"), "sent".to_owned());
        assert_eq!(draft.text(), "changed");
        draft.begin_edit(message("m-2"), "another".to_owned());
        assert_eq!(draft.edits(), Some((&message("m-2"), "another")));
    }

    #[test]
    fn a_whisper_changes_no_sent_message() {
        let mut draft = reply("");
        draft.begin_edit(message("m-1"), "sent".to_owned());
        draft.turn_to(Mode::Whisper);
        assert_eq!(draft.edits(), None);
        draft.type_in("to the team".to_owned());
        draft.finish();
        draft.turn_to(Mode::Reply);
        assert_eq!(draft.edits(), Some((&message("m-1"), "sent")));
    }

    #[test]
    fn a_suggestion_is_added_to_the_reply_and_to_no_change() {
        let mut draft = reply("Hello.");
        draft.turn_to(Mode::Whisper);
        draft.begin_edit(message("m-1"), "sent".to_owned());
        draft.add("How can I help?");
        assert_eq!(draft.text(), "Hello. How can I help?");
        assert_eq!((draft.mode(), draft.edits()), (Mode::Reply, None));
        let mut broken = reply("Hello.\n");
        broken.add("Well");
        assert_eq!(broken.text(), "Hello.\nWell");
    }

    #[test]
    fn what_is_shown_waits_before_what_the_other_mode_holds() {
        let mut draft = reply("to the customer");
        draft.turn_to(Mode::Whisper);
        assert_eq!(draft.waiting(), Some((Mode::Reply, "to the customer")));
        draft.type_in("to the team".to_owned());
        assert_eq!(draft.waiting(), Some((Mode::Whisper, "to the team")));
        assert_eq!(reply(" \n\u{200b} ").waiting(), None);
    }

    #[test]
    fn a_draft_of_an_older_page_is_read_with_what_it_has() {
        let draft: ComposerDraft = serde_json::from_str("{\"reply\":\"Hello\"}").expect("a draft");
        assert_eq!(draft, reply("Hello"));
    }
}
