//! What is typed and not sent, one draft per conversation. It outlives a lost connection, a reload and the end of the
//! login, but not the tab and not a sign-out.

use leptos::prelude::*;
use portico_shared::ids::{ConversationId, MessageId};
use portico_ui::browser::Shelf;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Whom the composer writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Mode {
    /// Everybody in the conversation.
    #[default]
    Reply,
    /// Agents only.
    Whisper,
}

/// One conversation's composer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Typed {
    /// The text.
    pub(crate) text: String,
    /// For whom.
    #[serde(default)]
    pub(crate) mode: Mode,
    /// The own message that the text replaces.
    #[serde(default)]
    pub(crate) edits: Option<MessageId>,
}

/// All drafts of one agent. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    typed: RwSignal<HashMap<ConversationId, Typed>>,
    shelf: StoredValue<Shelf, LocalStorage>,
}

impl Drafts {
    /// What this tab kept for an agent.
    pub(crate) fn load(user: &str) -> Self {
        let shelf = Shelf::session(format!("portico.desk.draft.{user}."));
        let kept = shelf
            .all()
            .into_iter()
            .filter_map(|(key, json)| Some((ConversationId::parse(&key)?, serde_json::from_str(&json).ok()?)));
        Self {
            typed: RwSignal::new(kept.collect()),
            shelf: StoredValue::new_local(shelf),
        }
    }

    /// The draft of a conversation; an empty one if nothing was typed.
    pub(crate) fn get(self, conversation: &ConversationId) -> Typed {
        self.typed
            .with(|typed| typed.get(conversation).cloned().unwrap_or_default())
    }

    /// The draft of a conversation, without following it.
    pub(crate) fn peek(self, conversation: &ConversationId) -> Typed {
        self.typed
            .with_untracked(|typed| typed.get(conversation).cloned().unwrap_or_default())
    }

    /// Changes a draft and keeps it.
    pub(crate) fn change(self, conversation: &ConversationId, change: impl FnOnce(&mut Typed)) {
        let mut draft = self.peek(conversation);
        change(&mut draft);
        self.shelf.with_value(|shelf| match serde_json::to_string(&draft) {
            Ok(json) if draft != Typed::default() => shelf.put(conversation.as_str(), &json),
            Ok(_) | Err(_) => shelf.remove(conversation.as_str()),
        });
        self.typed.update(|typed| {
            typed.insert(conversation.clone(), draft);
        });
    }

    /// Forgets everything, when the agent signs out.
    pub(crate) fn clear(self) {
        self.shelf.with_value(Shelf::clear);
        self.typed.update(HashMap::clear);
    }
}
