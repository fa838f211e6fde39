//! A question with buttons.

use crate::cim::open_enum::open_enum;
use crate::json::{self, Map, Value};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize};
use serde_with::skip_serializing_none;

/// A question with buttons: object-model 1.21.1 `ButtonMessage`. It is answered by a text with the button's
/// title, its payload as `header.intent` and this message's id as `header.originalMessageId`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ButtonBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The question.
    pub markdown_text: Option<String>,
    /// Buttons, or quick replies that vanish once answered.
    pub button_message_type: Option<ButtonMessageType>,
    /// What can be answered.
    #[serde(deserialize_with = "lenient::or_default")]
    pub buttons: Vec<Button>,
    /// Free; `interactive` (`type` `list` or `clickableList`, `button`, `header`, `body`, `footer`,
    /// `disableInteraction`), `textAlignment`, `cornerShape` and `defaultIntent` are usual.
    pub additional_details: Option<Value>,
}

open_enum! {
    /// How buttons behave: object-model 1.21.1 `ButtonMessageType`.
    pub enum ButtonMessageType: any_case {
        Button = "BUTTON",
        QuickReplies = "QUICK_REPLIES",
    }
}

/// One button: object-model 1.21.1 `Button`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Button {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// What is written on it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub title: String,
    /// What it means to the bot.
    #[serde(deserialize_with = "lenient::or_default")]
    pub payload: String,
    /// Chosen by the bot's author; the widget knows `linkButton`, `button` and `clickableList`.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: String,
    /// Free; `sectionNo`, `sectionTitle`, `description`, `url`, `target` and `parameters` are usual.
    #[serde(deserialize_with = "with_parameters")]
    pub additional_button_details: Option<Map>,
}

/// Parameters with more levels stay the text they came as: unfolding them could make the whole message deeper than any
/// reader accepts.
const MAX_PARAMETER_DEPTH: usize = 16;

/// Some bots write the object `parameters` as JSON in a string.
fn with_parameters<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Map>, D::Error> {
    let mut details = Option::<Map>::deserialize(from)?;
    if let Some(parameters) = details.as_mut().and_then(|details| details.get_mut("parameters"))
        && let Value::String(text) = parameters
        && let Ok(unfolded @ Value::Object(_)) = json::parse(text)
        && json::nests_within(&unfolded, MAX_PARAMETER_DEPTH)
    {
        *parameters = unfolded;
    }
    Ok(details)
}
