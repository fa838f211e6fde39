//! Whether a team answers now, and when it is back: from the times that the relay says.

use crate::lenient;
use serde::{Deserialize, Serialize};

/// A time in which the team answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OpenWindow {
    /// When it begins, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub from: i64,
    /// When it ends, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub until: i64,
}

/// Whether the team answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It does, or it has no hours.
    Open,
    /// It does not.
    Closed {
        /// Since when, in epoch milliseconds, if that is known.
        since: Option<i64>,
        /// When it is back, in epoch milliseconds, if that is known.
        back_at: Option<i64>,
    },
}

impl Availability {
    /// How it stands at a time, by windows in order. `None` is a team without hours, and one without windows does not come
    /// back. The windows say nothing of the time behind the last one: the team counts as there then.
    pub fn at(windows: Option<&[OpenWindow]>, now: i64) -> Self {
        let Some(windows) = windows else {
            return Self::Open;
        };
        let is_behind = windows.last().is_some_and(|last| last.until <= now);
        if is_behind || windows.iter().any(|window| window.from <= now && now < window.until) {
            return Self::Open;
        }
        Self::Closed {
            since: windows.iter().map(|window| window.until).rfind(|until| *until <= now),
            back_at: windows.iter().map(|window| window.from).find(|from| *from > now),
        }
    }

    /// Whether what happened at this time happened since the team has gone, and it is not back yet.
    pub fn is_closed_since(self, at: i64) -> bool {
        match self {
            Self::Open => false,
            Self::Closed { since, .. } => since.is_none_or(|since| since <= at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Availability, OpenWindow};

    const HOURS: &[OpenWindow] = &[OpenWindow { from: 10, until: 20 }, OpenWindow { from: 30, until: 40 }];

    #[test]
    fn a_team_answers_from_the_beginning_of_its_hours_to_before_their_end() {
        let at = |now| Availability::at(Some(HOURS), now);
        assert_eq!(
            (at(10), at(19), at(30)),
            (Availability::Open, Availability::Open, Availability::Open)
        );
        let away = |since, back_at| Availability::Closed { since, back_at };
        assert_eq!(at(9), away(None, Some(10)));
        assert_eq!(at(20), away(Some(20), Some(30)));
        assert_eq!(at(40), Availability::Open, "it may be: no more was told");
        assert_eq!(Availability::at(Some(&[]), 5), away(None, None));
        assert_eq!(Availability::at(None, 5), Availability::Open);
    }

    #[test]
    fn what_happened_while_the_team_was_there_is_not_of_the_time_without_it() {
        let at = |now| Availability::at(Some(HOURS), now);
        assert!(at(25).is_closed_since(20));
        assert!(!at(25).is_closed_since(19));
        assert!(!at(30).is_closed_since(25), "it is back");
        assert!(at(5).is_closed_since(1), "nothing else is known");
    }
}
