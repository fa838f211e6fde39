//! The conversation as a file that the visitor keeps.

use super::Chat;
use crate::i18n::t;
use crate::transcript;
use leptos::prelude::*;

use portico_client::customer::Conversation;
use portico_client::{Connection, History};
use portico_lazy::NotFetched;
use portico_ui::reactive::effect;
use portico_ui::transcript::{Format, Transcript};

impl Chat {
    /// Whether the site lets visitors save what was said.
    pub(crate) fn can_be_saved(self) -> bool {
        self.document.config.with(|config| config.transcript)
    }

    /// Saves the conversation as a file. What is missing of its beginning is pulled before, as long as the relay is reached;
    /// otherwise the file says that it is missing.
    pub(crate) fn save(self, format: Format) {
        self.saving.set(Some(format));
    }

    /// Saves what is asked for as soon as it is there.
    pub(super) fn save_when_whole(self) {
        effect(move |_| {
            let Some(format) = self.saving.get() else { return };
            let history = self.with_current(Conversation::history);
            let is_online = self.connection() == Connection::Online;
            if is_online && is_missing_some(history) {
                self.load_older();
            } else {
                self.saving.set(None);
                self.save_now(format);
            }
        });
    }

    fn save_now(self, format: Format) {
        let parts = self.document.parts;
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the file; a chat that is gone has no text"
        )]
        leptos::task::spawn_local(async move {
            let saved = async {
                match (parts.transcript)(self).await? {
                    Some(transcript) => (parts.save)(transcript, format).await,
                    None => Ok(()),
                }
            };
            if saved.await == Err(NotFetched) {
                self.document.announcer.announce(t().part_failed().to_owned());
            }
        });
    }

    /// What is loaded of the conversation; `None` if the chat is gone.
    pub(crate) fn transcript(self) -> Option<Transcript> {
        let site = self.document.config.with_untracked(|config| config.title.clone());
        let timeline = self.timeline_now()?;
        let is_whole = !is_missing_some(untrack(|| self.with_current(Conversation::history)));
        Some(transcript::of(&timeline.items, is_whole, site))
    }
}

fn is_missing_some(history: Option<History>) -> bool {
    match history {
        Some(History::Unloaded | History::Partial | History::Loading) => true,
        Some(History::Complete) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_missing_some;
    use portico_client::History;

    #[test]
    fn a_conversation_is_saved_from_its_beginning() {
        for history in [History::Unloaded, History::Partial, History::Loading] {
            assert!(is_missing_some(Some(history)));
        }
        assert!(!is_missing_some(Some(History::Complete)));
        assert!(!is_missing_some(None));
    }
}
