//! When a person is called, and how.

/// What a person has not seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unread {
    /// How many messages.
    pub count: u32,
    /// The newest message of others, seen or not.
    pub newest: Option<Newest>,
}

/// A message that a person may be called for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// The conversation that it is in.
    pub conversation: String,
    /// Its position there.
    pub seq: u64,
    /// Who wrote it.
    pub from: String,
    /// The beginning of its text.
    pub text: String,
}

impl Newest {
    /// What is kept of it once the person was called for it.
    pub(super) fn mark(&self) -> String {
        [&self.conversation, " ", &self.seq.to_string()].concat()
    }

    /// Whether this is the message that is shown, with another text.
    pub(super) fn is_change_of(&self, shown: &Self) -> bool {
        self.mark() == shown.mark() && self.text != shown.text
    }

    /// Whether the person was called for this one or a later one.
    pub(super) fn is_behind(&self, mark: Option<&str>) -> bool {
        let Some((conversation, seq)) = mark.and_then(|mark| mark.split_once(' ')) else {
            return false;
        };
        conversation == self.conversation && seq.parse::<u64>().is_ok_and(|seq| self.seq <= seq)
    }
}

/// What tabs of one person there are, this one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attention {
    /// One of them shows the chat.
    pub(super) is_on_chat: bool,
    /// One of them can be seen.
    pub(super) is_on_site: bool,
}

/// What the person has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choices {
    pub(super) is_muted: bool,
    pub(super) wants_notes: bool,
}

/// How a person is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) sounds: bool,
    pub(super) shows_note: bool,
}

impl Call {
    /// By nothing while the chat is seen; by a sound, and by a notification if the person is elsewhere and wants it.
    pub(super) fn of(attention: Attention, choices: Choices) -> Self {
        Self {
            sounds: !attention.is_on_chat && !choices.is_muted,
            shows_note: !attention.is_on_chat && !attention.is_on_site && choices.wants_notes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attention, Call, Choices, Newest};

    fn newest(seq: u64) -> Newest {
        Newest {
            conversation: "c-1".into(),
            seq,
            from: "Ann".into(),
            text: "Hello".into(),
        }
    }

    #[test]
    fn a_person_is_called_once_for_a_message() {
        assert!(!newest(5).is_behind(None));
        assert!(!newest(5).is_behind(Some(&newest(4).mark())));
        assert!(newest(5).is_behind(Some(&newest(5).mark())));
        assert!(newest(5).is_behind(Some(&newest(6).mark())), "an older one is left");
        assert!(!newest(5).is_behind(Some("c-2 9")), "another conversation");
        assert!(!newest(5).is_behind(Some("what is this")));
    }

    #[test]
    fn who_sees_the_chat_is_not_called() {
        let all = Choices {
            is_muted: false,
            wants_notes: true,
        };
        let call = |is_on_chat, is_on_site, choices| {
            let call = Call::of(Attention { is_on_chat, is_on_site }, choices);
            (call.sounds, call.shows_note)
        };
        assert_eq!(call(true, true, all), (false, false));
        assert_eq!(call(false, true, all), (true, false), "the launcher shows it");
        assert_eq!(call(false, false, all), (true, true));
        let quiet = Choices {
            is_muted: true,
            wants_notes: false,
        };
        assert_eq!(call(false, false, quiet), (false, false));
    }

    #[test]
    fn a_notification_follows_the_words_of_its_message_alone() {
        let deleted = |seq| Newest {
            text: "Message deleted".into(),
            ..newest(seq)
        };
        assert!(deleted(5).is_change_of(&newest(5)));
        assert!(!newest(5).is_change_of(&newest(5)));
        assert!(!deleted(6).is_change_of(&newest(5)));
    }
}
