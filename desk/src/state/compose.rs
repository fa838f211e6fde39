//! What the composer does: types, sends, changes sent messages, takes suggestions, turns to the customer or the team.

use super::{ComposerDraft, Desk, Mode, WrapUpDraft};
use crate::i18n::t;
use leptos::prelude::untrack;
use portico_client::Command;
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, Draft};
use portico_shared::ids::{ConversationId, MessageId};
use portico_shared::text::{is_sendable, says_nothing};

impl Desk {
    /// The agent typed into the composer. Whispers are typed unseen.
    pub(crate) fn type_in(self, conversation: &ConversationId, text: String) {
        if self.drafts.peek(conversation).mode() == Mode::Reply {
            self.typing(conversation, !says_nothing(&text));
        }
        self.drafts.change(conversation, |typed| typed.type_in(text));
    }

    /// Sends what is typed in the open conversation.
    pub(crate) fn send(self, conversation: &ConversationId) {
        let typed = self.drafts.peek(conversation);
        let files = self.files(conversation, typed.mode());
        let has_files = typed.edits().is_none() && untrack(|| files.waits_for_the_button());
        if has_files && (says_nothing(typed.text()) || is_sendable(typed.text())) {
            files.send(typed.text().trim());
            self.typing(conversation, false);
            return self.change(conversation, ComposerDraft::finish);
        }
        let Some((draft, audience)) = post_of(&typed) else {
            return;
        };
        // Comes first: a changed message does not end typing by itself.
        self.typing(conversation, false);
        self.post(conversation, draft, audience);
        self.change(conversation, ComposerDraft::finish);
    }

    /// Writes to the customer, or to the team, where each has its own text.
    pub(crate) fn set_mode(self, conversation: &ConversationId, mode: Mode) {
        if self.drafts.peek(conversation).mode() != mode {
            self.typing(conversation, false);
        }
        self.change(conversation, |typed| typed.turn_to(mode));
        self.focus_composer();
    }

    /// From reply to whisper, or back.
    pub(crate) fn toggle_mode(self, conversation: &ConversationId) {
        let other = match self.drafts.peek(conversation).mode() {
            Mode::Reply => Mode::Whisper,
            Mode::Whisper => Mode::Reply,
        };
        self.set_mode(conversation, other);
    }

    /// Adds a suggestion to the reply. What a whisper holds stays where it is.
    pub(crate) fn take(self, conversation: &ConversationId, text: &str) {
        self.change(conversation, |typed| typed.add(text));
        self.focus_composer();
    }

    /// Begins to change an own message.
    pub(crate) fn edit(self, conversation: &ConversationId, message: MessageId, text: String) {
        self.change(conversation, |typed| typed.begin_edit(message, text));
        self.focus_composer();
    }

    /// Leaves a sent message as it is, and gives back what was typed before.
    pub(crate) fn cancel_edit(self, conversation: &ConversationId) {
        if self.drafts.peek(conversation).edits().is_some() {
            self.typing(conversation, false);
            self.change(conversation, ComposerDraft::finish);
        }
    }

    /// Keeps what the wrap-up dialog holds.
    pub(crate) fn note(self, conversation: &ConversationId, noted: WrapUpDraft) {
        self.drafts.change(conversation, |typed| typed.noted = noted);
    }

    /// Tells the others that this agent types a reply, or stopped.
    pub(crate) fn typing(self, conversation: &ConversationId, on: bool) {
        self.link.act(Command::Typing {
            conversation: Some(conversation.clone()),
            on,
        });
    }

    /// Changes a draft. A change of the mode is read out, because it shows in colours alone.
    fn change(self, conversation: &ConversationId, change: impl FnOnce(&mut ComposerDraft)) {
        let before = self.drafts.peek(conversation).mode();
        self.drafts.change(conversation, change);
        let words = match self.drafts.peek(conversation).mode() {
            mode if mode == before => return,
            Mode::Reply => t().now_reply(),
            Mode::Whisper => t().now_whisper(),
        };
        self.announcer.announce(words.to_owned());
    }
}

/// The post that a press on the send button makes, with its audience; `None` for a text that is not sent.
fn post_of(typed: &ComposerDraft) -> Option<(Draft, Audience)> {
    let text = Some(typed.text()).filter(|text| is_sendable(text))?;
    let mut draft = Draft::new(MessageBody::plain(text.trim_end()));
    if let Some((edited, _)) = typed.edits() {
        draft.intent = Some("UPDATE".to_owned());
        draft.original_message_id = Some(edited.clone());
    }
    let audience = match typed.mode() {
        Mode::Reply => Audience::Everyone,
        Mode::Whisper => Audience::Agents,
    };
    Some((draft, audience))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::limits::MAX_TEXT_CHARS;

    fn typed(text: &str) -> ComposerDraft {
        let mut draft = ComposerDraft::default();
        draft.type_in(text.to_owned());
        draft
    }

    #[test]
    fn a_reply_is_for_everybody_and_a_whisper_for_agents() {
        let mut draft = typed("Hello \n");
        let (post, audience) = post_of(&draft).expect("a post");
        assert_eq!(
            (post.body.markdown_text(), audience),
            (Some("Hello"), Audience::Everyone)
        );
        draft.turn_to(Mode::Whisper);
        draft.type_in("Mine?".to_owned());
        let (post, audience) = post_of(&draft).expect("a post");
        assert_eq!((post.body.markdown_text(), audience), (Some("Mine?"), Audience::Agents));
    }

    #[test]
    fn a_change_names_the_message_that_it_replaces() {
        let mut draft = typed("");
        draft.begin_edit(MessageId::new("m-1"), "sent".to_owned());
        let (post, _) = post_of(&draft).expect("a post");
        assert_eq!(post.intent.as_deref(), Some("UPDATE"));
        assert_eq!(post.original_message_id, Some(MessageId::new("m-1")));
    }

    #[test]
    fn nothing_and_too_much_are_not_posted() {
        assert!(post_of(&typed(" \n\u{200b} ")).is_none());
        // Characters count, not bytes.
        assert!(post_of(&typed(&"é".repeat(MAX_TEXT_CHARS))).is_some());
        assert!(post_of(&typed(&"é".repeat(MAX_TEXT_CHARS + 1))).is_none());
    }
}
