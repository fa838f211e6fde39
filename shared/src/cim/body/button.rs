//! A question with buttons.

use crate::cim::decode::{Fields, nests_within};
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::json::{Map, Value};

record! {
    /// A question with buttons: object-model 1.21.1 `ButtonMessage`. It is answered by a text with the button's
    /// title, its payload as `header.intent` and this message's id as `header.originalMessageId`.
    pub struct ButtonBody {
        /// The question.
        pub markdown_text: Option<String> = "markdownText",
        /// Buttons, or quick replies that vanish once answered.
        pub button_message_type: Option<ButtonMessageType> = "buttonMessageType",
        /// What can be answered.
        pub buttons: Vec<Button> = "buttons" always,
        /// Free; `interactive` (`type` `list` or `clickableList`, `button`, `header`, `body`, `footer`,
        /// `disableInteraction`), `textAlignment`, `cornerShape` and `defaultIntent` are usual.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

open_enum! {
    /// How buttons behave: object-model 1.21.1 `ButtonMessageType`.
    pub enum ButtonMessageType: any_case {
        Button = "BUTTON",
        QuickReplies = "QUICK_REPLIES",
    }
}

record! {
    /// One button: object-model 1.21.1 `Button`.
    pub struct Button {
        /// What is written on it.
        pub title: String = "title",
        /// What it means to the bot.
        pub payload: String = "payload",
        /// Chosen by the bot's author; the widget knows `linkButton`, `button` and `clickableList`.
        pub kind: String = "type",
        /// Free; `sectionNo`, `sectionTitle`, `description`, `url`, `target` and `parameters` are usual.
        pub additional_button_details: Option<Map> = "additionalButtonDetails",
    }
    prepare = unfold_parameters;
}

/// Parameters with more levels stay the text they came as: unfolding them could make the whole message deeper than any
/// reader accepts.
const MAX_PARAMETER_DEPTH: usize = 16;

/// Some bots write the object `parameters` as JSON in a string.
fn unfold_parameters(fields: &mut Fields<'_>) {
    let details = fields.map.get_mut("additionalButtonDetails");
    let Some(parameters) = details.and_then(|details| details.get_mut("parameters")) else {
        return;
    };
    if let Value::String(text) = parameters
        && let Ok(unfolded @ Value::Object(_)) = crate::json::parse(text)
        && nests_within(&unfolded, MAX_PARAMETER_DEPTH)
    {
        *parameters = unfolded;
    }
}
