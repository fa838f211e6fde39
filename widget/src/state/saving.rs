//! The conversation as a file that the visitor keeps.

use super::Chat;
use crate::i18n::t;
use crate::transcript;
use leptos::prelude::*;

use portico_client::customer::Conversation;
use portico_client::{Connection, History};
use portico_lazy::NotFetched;
use portico_ui::transcript::{Format, Transcript};

impl Chat {
    /// Whether the site lets visitors save what was said.
    pub(crate) fn can_be_saved(self) -> bool {
        self.document.config.with(|config| config.transcript)
    }

    /// Saves the conversation as a file. What is missing of its beginning is pulled before, as long as the relay is reached.
    pub(crate) fn save(self, format: Format) {
        self.saving.set(Some(format));
    }

    /// Saves what is asked for as soon as it is there.
    pub(super) fn save_when_whole(self) {
        Effect::new(move |_| {
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
        let transcript = (self.document.parts.transcript)(self);
        let on_failure = move || self.document.announcer.announce(t().part_failed().to_owned());
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the file; a chat that is gone has no text"
        )]
        leptos::task::spawn_local(async move {
            match transcript.await {
                Ok(Some(transcript)) => portico_lazy::save(transcript, format, on_failure),
                Ok(None) => {}
                Err(NotFetched) => on_failure(),
            }
        });
    }

    /// What is loaded of the conversation; `None` if the chat is gone.
    pub(crate) fn transcript(self) -> Option<Transcript> {
        let site = self.document.config.with_untracked(|config| config.title.clone());
        Some(transcript::of(&self.timeline_now()?.items, site))
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
