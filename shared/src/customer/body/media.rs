//! Pictures, films, sounds, documents, stickers, and cards side by side.

use super::CustomerButton;
use crate::cim::body::{Attachment, CarouselBody, CarouselElement, DefaultAction, Media, StickerBody};
use crate::json::Value;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A file of any sort.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerMedia {
    /// Text typed with the file.
    pub markdown_text: Option<String>,
    /// Shown under it.
    pub caption: Option<String>,
    /// The file.
    pub attachment: CustomerAttachment,
    /// How it is shown, in members that the sender chose; `videoProvider` makes a video a link to a clip.
    pub additional_details: Option<Value>,
}

impl From<&Media> for CustomerMedia {
    fn from(media: &Media) -> Self {
        Self {
            markdown_text: media.markdown_text.clone(),
            caption: media.caption.clone(),
            attachment: CustomerAttachment::from(&media.attachment),
            additional_details: media.additional_details.clone(),
        }
    }
}

/// A stored file.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAttachment {
    /// Where to fetch it.
    pub media_url: String,
    /// A small picture of it: its address.
    pub thumbnail: Option<String>,
    /// In bytes.
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    pub size: Option<i64>,
    /// The name to show.
    pub media_label: Option<String>,
    /// The file's real name.
    pub media_name: Option<String>,
    /// For example `image/jpeg`.
    pub mime_type: Option<String>,
}

impl From<&Attachment> for CustomerAttachment {
    fn from(file: &Attachment) -> Self {
        Self {
            media_url: file.media_url.clone(),
            thumbnail: file.thumbnail.clone(),
            size: file.size,
            media_label: file.media_label.clone(),
            media_name: file.media_name.clone(),
            mime_type: file.mime_type.clone().or_else(|| file.kind.clone()),
        }
    }
}

/// A picture that is the whole message.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerSticker {
    /// Text with it.
    pub markdown_text: Option<String>,
    /// The picture.
    pub media_url: Option<String>,
}

impl From<&StickerBody> for CustomerSticker {
    fn from(sticker: &StickerBody) -> Self {
        Self {
            markdown_text: sticker.markdown_text.clone(),
            media_url: sticker.media_url.clone(),
        }
    }
}

/// Cards side by side.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerCarousel {
    /// Text with them.
    pub markdown_text: Option<String>,
    /// The cards.
    #[serde(deserialize_with = "lenient::or_default")]
    pub elements: Vec<CustomerCarouselElement>,
}

impl From<&CarouselBody> for CustomerCarousel {
    fn from(body: &CarouselBody) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
            elements: body.elements.iter().map(CustomerCarouselElement::from).collect(),
        }
    }
}

/// One card.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerCarouselElement {
    /// Its text.
    pub text: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// What can be done with it.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<CustomerButton>,
    /// What a click beside the buttons does.
    pub default_action: Option<CustomerDefaultAction>,
    /// Title, picture and the like, in members that the bot's author chose.
    pub additional_carousel_element_details: Option<Value>,
}

impl From<&CarouselElement> for CustomerCarouselElement {
    fn from(element: &CarouselElement) -> Self {
        Self {
            text: element.text.clone(),
            url: element.url.clone(),
            buttons: element.buttons.iter().map(CustomerButton::from).collect(),
            default_action: element.default_action.as_ref().map(CustomerDefaultAction::from),
            additional_carousel_element_details: element.additional_carousel_element_details.clone(),
        }
    }
}

/// What a click on a card does.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerDefaultAction {
    /// Where it leads.
    pub url: Option<String>,
}

impl From<&DefaultAction> for CustomerDefaultAction {
    fn from(action: &DefaultAction) -> Self {
        Self {
            url: action.url.clone(),
        }
    }
}
