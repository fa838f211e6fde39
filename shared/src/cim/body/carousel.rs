//! Cards side by side.

use crate::cim::body::Button;
use crate::cim::open_enum::open_enum;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Cards side by side: object-model 1.21.1 `CarouselMessage`. A click is answered like a button, with the card's
/// id as `carousalCardId` in `header.additionalData`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CarouselBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with them.
    pub markdown_text: Option<String>,
    /// The cards.
    #[serde(deserialize_with = "lenient::or_default")]
    pub elements: Vec<CarouselElement>,
    /// What the cards hold.
    pub carousel_message_type: Option<CarouselMessageType>,
    /// Free.
    pub additional_details: Option<Value>,
}

open_enum! {
    /// What cards hold: object-model 1.21.1 `CarouselMessageType`.
    pub enum CarouselMessageType: any_case {
        Media = "MEDIA",
        GenericRichMedia = "GENERIC_RICH_MEDIA",
    }
}

/// One card: object-model 1.21.1 `CarouselElement`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CarouselElement {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its text.
    pub text: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// What can be done with it.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// What a click beside the buttons does.
    pub default_action: Option<DefaultAction>,
    /// Free; `id`, `title`, `image_url`, `alt` and `disableInteraction` are usual.
    pub additional_carousel_element_details: Option<Value>,
}

/// What a click on a card does: object-model 1.21.1 `DefaultAction`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DefaultAction {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Where it leads.
    pub url: Option<String>,
    /// For example `web_url`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}
