//! When screen readers are told where the visitor's request stands in its queue.

use crate::i18n::t;
use crate::state::Chat;
use crate::wording;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use portico_shared::frame::QueuePosition;
use portico_shared::ids::ConversationId;
use portico_ui::browser::now_ms;
use portico_ui::reactive::effect;

/// Shortest time between two places that are read out, in milliseconds. Whoever listens wants to do something else while
/// a long queue moves.
const AGAIN_AFTER_MS: i64 = 20_000;

/// The place that was read out last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spoken {
    conversation: ConversationId,
    position: u32,
    at_ms: i64,
}

/// What to do about a place.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Read it out.
    Speak,
    /// Look again after so many milliseconds.
    Wait(i64),
    /// It is known.
    Nothing,
}

impl Next {
    /// The first place is read out, then each new one: that the visitor is next at once, others after a while. A wait that
    /// alone has changed is not.
    fn of(spoken: Option<&Spoken>, place: &QueuePosition, now: i64) -> Self {
        let Some(spoken) = spoken.filter(|spoken| spoken.conversation == place.conversation) else {
            return Self::Speak;
        };
        let due_in = spoken.at_ms + AGAIN_AFTER_MS - now;
        match place.position {
            position if position == spoken.position => Self::Nothing,
            1 => Self::Speak,
            _ if due_in <= 0 => Self::Speak,
            _ => Self::Wait(due_in),
        }
    }
}

/// Reads the place out for as long as the chat is there.
pub(super) fn speak(chat: Chat) {
    let place = Memo::new(move |_| chat.queue_position());
    let looks = RwSignal::new(0_u32);
    effect(move |spoken: Option<Option<Spoken>>| {
        looks.track();
        // One who is served and waits again hears of it anew.
        let place = place.get()?;
        let spoken = spoken.flatten();
        let now = now_ms();
        match Next::of(spoken.as_ref(), &place, now) {
            Next::Nothing => spoken,
            Next::Wait(ms) => {
                Timeout::new(u32::try_from(ms).unwrap_or(0), move || {
                    // The document may show another visitor's chat in the meantime.
                    let _ = looks.try_update(|looks| *looks = looks.wrapping_add(1));
                })
                .forget();
                spoken
            }
            Next::Speak => {
                chat.document.announcer.announce(wording::queue(&place, t()));
                Some(Spoken {
                    conversation: place.conversation,
                    position: place.position,
                    at_ms: now,
                })
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{AGAIN_AFTER_MS, Next, Spoken};
    use portico_shared::frame::QueuePosition;
    use portico_shared::ids::ConversationId;

    fn place(position: u32) -> QueuePosition {
        QueuePosition {
            conversation: ConversationId::new("c-1"),
            position,
            wait_minutes: None,
        }
    }

    fn spoken(position: u32) -> Spoken {
        Spoken {
            conversation: ConversationId::new("c-1"),
            position,
            at_ms: 1_000,
        }
    }

    #[test]
    fn the_first_place_is_read_out_and_then_each_new_one_after_a_while() {
        assert_eq!(Next::of(None, &place(4), 0), Next::Speak);
        let next = |now| Next::of(Some(&spoken(4)), &place(3), now);
        assert_eq!(next(1_500), Next::Wait(AGAIN_AFTER_MS - 500));
        assert_eq!(next(1_000 + AGAIN_AFTER_MS), Next::Speak);
    }

    #[test]
    fn who_is_next_hears_it_at_once_and_once() {
        assert_eq!(Next::of(Some(&spoken(2)), &place(1), 1_500), Next::Speak);
        assert_eq!(Next::of(Some(&spoken(1)), &place(1), 90_000), Next::Nothing);
    }

    #[test]
    fn a_wait_that_alone_has_changed_is_not_read_out() {
        let place = QueuePosition {
            wait_minutes: Some(9),
            ..place(4)
        };
        assert_eq!(Next::of(Some(&spoken(4)), &place, 900_000), Next::Nothing);
    }

    #[test]
    fn another_conversation_begins_anew() {
        let elsewhere = Spoken {
            conversation: ConversationId::new("c-2"),
            ..spoken(4)
        };
        assert_eq!(Next::of(Some(&elsewhere), &place(4), 1_001), Next::Speak);
    }
}
