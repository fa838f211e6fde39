//! What is wrong with an answer, and what is said about it.

use crate::body::Messages;
use portico_shared::answers::{AnswerFault, check_text};
use portico_shared::cim::form::ValueType;

use super::control::is_blank;

/// Why what was entered will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// An answer is required, and there is none.
    Missing,
    /// The control holds something that it cannot hand out, half a date for example.
    Unreadable,
    /// It is no answer to such a question.
    Wrong(AnswerFault),
}

impl Fault {
    /// What is wrong with what was entered, if anything is.
    pub(super) fn of(entered: &[String], is_required: bool, kind: Option<&ValueType>) -> Option<Self> {
        if is_blank(entered) {
            return is_required.then_some(Self::Missing);
        }
        let wrong = |text: &String| check_text(kind?, text).err();
        entered.iter().find_map(wrong).map(Self::Wrong)
    }

    pub(super) fn words(self, messages: &'static Messages) -> &'static str {
        match self {
            Self::Missing => messages.missing,
            Self::Wrong(AnswerFault::TooLong(_)) => messages.too_long,
            Self::Wrong(AnswerFault::NotAlphaNumeric) => messages.not_letters,
            Self::Wrong(AnswerFault::NotEmail) => messages.not_email,
            Self::Wrong(AnswerFault::NotUrl) => messages.not_url,
            Self::Wrong(AnswerFault::NotNumber) => messages.not_number,
            Self::Wrong(AnswerFault::NotPositive) => messages.not_positive,
            Self::Wrong(AnswerFault::WeakPassword) => messages.weak_password,
            Self::Wrong(AnswerFault::NotPhone) => messages.not_phone,
            Self::Unreadable
            | Self::Wrong(
                AnswerFault::NotIp
                | AnswerFault::NotDate
                | AnswerFault::NotTime
                | AnswerFault::NotDateTime
                | AnswerFault::NotYesNo
                | AnswerFault::NotOnScale(..)
                | AnswerFault::NotColour
                | AnswerFault::NotOffered
                | AnswerFault::TooMany,
            ) => messages.not_valid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use portico_shared::answers::AnswerFault;
    use portico_shared::cim::form::ValueType;

    fn fault(entered: &[&str], is_required: bool, kind: &str) -> Option<Fault> {
        let entered: Vec<String> = entered.iter().map(|text| (*text).to_owned()).collect();
        Fault::of(&entered, is_required, Some(&ValueType::parse(kind)))
    }

    #[test]
    fn an_answer_is_missed_where_it_is_required_and_judged_where_it_is_given() {
        assert_eq!(fault(&[], true, "email"), Some(Fault::Missing));
        assert_eq!(fault(&[" "], true, "email"), Some(Fault::Missing));
        assert_eq!(fault(&[" "], false, "email"), None);
        assert_eq!(
            fault(&["ann"], false, "email"),
            Some(Fault::Wrong(AnswerFault::NotEmail))
        );
        assert_eq!(fault(&["ann@shop.example"], true, "email"), None);
        assert_eq!(
            Fault::of(&["x".to_owned()], true, None),
            None,
            "a question of no type takes anything"
        );
    }
}
