//! Deadlines that survive a restart.

use portico_shared::ids::{ConversationId, ParticipantId, TaskId};

/// Before the id of a task whose reservation ends (redirect on no answer).
const RONA: &str = "rona:";

/// Before the ids of a conversation and its agent without a connection.
const GRACE: &str = "grace:";

/// Before the id of a conversation with a silent customer.
const INACTIVITY: &str = "inactivity:";

/// Before the id of a conversation with a bot that does not answer.
const ANSWER: &str = "answer:";

/// A deadline that survives a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// What ends. A conversation has one timer of each kind.
    pub kind: TimerKind,
    /// The conversation in which something follows from it.
    pub conversation: ConversationId,
    /// When, in epoch milliseconds.
    pub due_at: i64,
}

/// What a deadline is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerKind {
    /// The agent that the task is reserved for has to answer.
    Reservation(TaskId),
    /// The agent that has no connection has to come back.
    AgentAway(ParticipantId),
    /// The customer has to say something.
    CustomerInactivity,
    /// The bot that connects by itself has to answer.
    BotAnswer,
    /// A kind that this release does not know, by its key.
    Unknown(String),
}

impl Timer {
    /// The key that a store keeps it by.
    pub fn key(&self) -> String {
        self.kind.key(&self.conversation)
    }
}

impl TimerKind {
    /// The key that a store keeps the conversation's timer of this kind by.
    pub fn key(&self, conversation: &ConversationId) -> String {
        match self {
            Self::Reservation(task) => format!("{RONA}{task}"),
            Self::AgentAway(agent) => format!("{GRACE}{conversation}:{agent}"),
            Self::CustomerInactivity => format!("{INACTIVITY}{conversation}"),
            Self::BotAnswer => format!("{ANSWER}{conversation}"),
            Self::Unknown(key) => key.clone(),
        }
    }

    /// The kind of a timer that is kept by `key`.
    pub fn of_key(key: String, conversation: &ConversationId) -> Self {
        let away = |rest: &str| {
            let agent = rest.strip_prefix(conversation.as_str())?.strip_prefix(':')?;
            Some(Self::AgentAway(ParticipantId::new(agent)))
        };
        let known = if let Some(task) = key.strip_prefix(RONA) {
            Some(Self::Reservation(TaskId::new(task)))
        } else if let Some(rest) = key.strip_prefix(GRACE) {
            away(rest)
        } else if key.strip_prefix(INACTIVITY) == Some(conversation.as_str()) {
            Some(Self::CustomerInactivity)
        } else if key.strip_prefix(ANSWER) == Some(conversation.as_str()) {
            Some(Self::BotAnswer)
        } else {
            None
        };
        known.unwrap_or(Self::Unknown(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_the_key_that_earlier_releases_wrote_and_is_read_back_from_it() {
        let conversation = ConversationId::new("c:1");
        for (kind, key) in [
            (TimerKind::Reservation(TaskId::new("t")), "rona:t"),
            (TimerKind::AgentAway(ParticipantId::new("a:b")), "grace:c:1:a:b"),
            (TimerKind::CustomerInactivity, "inactivity:c:1"),
            (TimerKind::BotAnswer, "answer:c:1"),
            (TimerKind::Unknown("later:c:1".to_owned()), "later:c:1"),
            (TimerKind::Unknown("answer:other".to_owned()), "answer:other"),
            (TimerKind::Unknown("grace:other:a".to_owned()), "grace:other:a"),
        ] {
            assert_eq!(kind.key(&conversation), key);
            assert_eq!(TimerKind::of_key(key.to_owned(), &conversation), kind);
        }
    }
}
