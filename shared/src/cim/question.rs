//! Messages that ask their reader for something, and how many answers they take.

use crate::cim::MessageBody;
use crate::json::Value;

impl MessageBody {
    /// Whether it is a question that takes one answer: buttons, cards or a form whose author does not say
    /// `disableInteraction: false`. An answer names it as `header.originalMessageId`.
    pub fn takes_one_answer(&self) -> bool {
        match self {
            Self::Button(menu) => closes_with_an_answer(menu.additional_details.as_ref()),
            Self::Carousel(cards) => {
                let mut details = cards
                    .elements
                    .iter()
                    .map(|card| &card.additional_carousel_element_details);
                !details.any(|details| stays_open(details.as_ref()))
            }
            Self::FormData(form) => !stays_open(form.additional_details.as_ref()),
            _ => false,
        }
    }
}

/// Whether a question with buttons closes with the first answer, by what its author says of how it is shown
/// (`additionalDetails.interactive`).
pub fn closes_with_an_answer(details: Option<&Value>) -> bool {
    !stays_open(details.and_then(|details| details.get("interactive")))
}

/// Whether what says how a question is shown says that it can be answered again.
fn stays_open(details: Option<&Value>) -> bool {
    details.and_then(|how| how.get("disableInteraction")?.as_bool()) == Some(false)
}

#[cfg(test)]
mod tests {
    use crate::cim::MessageBody;
    use crate::json::from_value;
    use serde_json::{Value, json};

    fn takes_one(body: Value) -> bool {
        from_value::<MessageBody>(body).expect("a body").takes_one_answer()
    }

    #[test]
    fn buttons_cards_and_forms_take_one_answer_and_words_are_no_question() {
        assert!(takes_one(json!({"type": "BUTTON"})));
        assert!(takes_one(
            json!({"type": "BUTTON", "buttonMessageType": "QUICK_REPLIES", "additionalDetails": {}})
        ));
        assert!(takes_one(json!({"type": "CAROUSEL", "elements": [{"text": "a"}]})));
        assert!(takes_one(json!({"type": "FORM_DATA", "formId": "f"})));
        for body in [
            json!({"type": "PLAIN", "markdownText": "yes or no?"}),
            json!({"type": "SOMETHING_NEW"}),
        ] {
            assert!(!takes_one(body.clone()), "{body}");
        }
    }

    #[test]
    fn a_question_whose_author_says_so_can_be_answered_again() {
        let stays = json!({"disableInteraction": false});
        assert!(!takes_one(
            json!({"type": "BUTTON", "additionalDetails": {"interactive": stays}})
        ));
        assert!(!takes_one(json!({"type": "FORM_DATA", "additionalDetails": stays})));
        assert!(!takes_one(json!({"type": "CAROUSEL",
            "elements": [{"text": "a"}, {"text": "b", "additionalCarouselElementDetails": stays}]})));
        let closes = json!({"disableInteraction": true});
        assert!(takes_one(
            json!({"type": "BUTTON", "additionalDetails": {"interactive": closes}})
        ));
        assert!(takes_one(json!({"type": "FORM_DATA", "additionalDetails": closes})));
    }
}
