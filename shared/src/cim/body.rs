//! What a message says: one type per value of `body.type`.
//!
//! A known type is read strictly and its faults are reported; only an unknown type is kept as it came. That is why
//! `type` is looked at by hand: an untagged enumeration, which tries types until one fits, would turn a damaged image
//! into an unknown body.

mod button;
mod carousel;
mod contact;
mod form_data;
mod location;
mod media;
mod notice;
mod plain;
mod receipt;
mod url;

mod activity;
mod email;
mod order;
mod template;
mod voice;

use crate::json::{DecodeError, MISSING, Map, Value, from_value};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Deserializer, Serialize};

pub use button::{Button, ButtonBody, ButtonMessageType};
pub use carousel::{CarouselBody, CarouselElement, CarouselMessageType, DefaultAction};
pub use contact::{Contact, ContactBody, ContactName, Phone};
pub use form_data::{FormActor, FormDataBody, FormDetail};
pub use location::{LocationBody, Place};
pub use media::{Attachment, Media};
pub use notice::{NotificationBody, NotificationType};
pub use plain::Plain;
pub use receipt::{DeletedBody, DeliveryBody, DeliveryStatus};
pub use url::{StickerBody, UrlBody};

pub use activity::{
    ActionBody, CommentBody, CommentItemType, CustomBody, IvrActivity, IvrBody, StructuredBody, WrapUpBody,
};
pub use email::EmailBody;
pub use order::{OrderAddress, OrderAdjustment, OrderBody, OrderElement, OrderSummary};
pub use template::{
    ComponentType, ParameterType, TemplateBody, TemplateComponent, TemplateLanguage, TemplateParameter,
};
pub use voice::VoiceBody;

/// The body of a message: object-model 1.21.1 `MessageBody` and its kinds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum MessageBody {
    /// `PLAIN`.
    /// Text.
    #[serde(rename = "PLAIN")]
    Plain(Plain),
    /// `IMAGE`.
    #[serde(rename = "IMAGE")]
    Image(Media),
    /// `VIDEO`.
    #[serde(rename = "VIDEO")]
    Video(Media),
    /// `AUDIO`.
    #[serde(rename = "AUDIO")]
    Audio(Media),
    /// `FILE`.
    #[serde(rename = "FILE")]
    File(Media),
    /// `MULTIMEDIA`.
    #[serde(rename = "MULTIMEDIA")]
    Multimedia(Media),
    /// `URL`.
    /// A link.
    #[serde(rename = "URL")]
    Url(UrlBody),
    /// `STICKER`.
    #[serde(rename = "STICKER")]
    Sticker(StickerBody),
    /// `LOCATION`.
    #[serde(rename = "LOCATION")]
    Location(LocationBody),
    /// `CONTACT`.
    #[serde(rename = "CONTACT")]
    Contact(ContactBody),
    /// `BUTTON`.
    /// A question with buttons to answer it.
    #[serde(rename = "BUTTON")]
    Button(ButtonBody),
    /// `CAROUSEL`.
    #[serde(rename = "CAROUSEL")]
    Carousel(CarouselBody),
    /// `NOTIFICATION`.
    /// Something the system says to clients; typing, from both sides.
    #[serde(rename = "NOTIFICATION")]
    Notification(NotificationBody),
    /// `DELIVERYNOTIFICATION`.
    /// A message was delivered or read.
    #[serde(rename = "DELIVERYNOTIFICATION")]
    DeliveryNotification(DeliveryBody),
    /// `DELETEDNOTIFICATION`.
    /// A message was deleted.
    #[serde(rename = "DELETEDNOTIFICATION")]
    DeletedNotification(DeletedBody),
    /// `FORM_DATA`.
    /// A form to fill, or one that was filled.
    #[serde(rename = "FORM_DATA")]
    FormData(Box<FormDataBody>),
    /// `RECEIPT`.
    /// An order's receipt.
    #[serde(rename = "RECEIPT")]
    Receipt(Box<OrderBody>),
    /// `TEMPLATE`.
    /// A WhatsApp template.
    #[serde(rename = "TEMPLATE")]
    Template(TemplateBody),
    /// `StructuredMessage`.
    #[serde(rename = "StructuredMessage")]
    Structured(StructuredBody),
    /// `CUSTOM`.
    /// Free JSON.
    #[serde(rename = "CUSTOM")]
    Custom(CustomBody),
    /// `WRAPUP`.
    /// What an agent noted at the end.
    #[serde(rename = "WRAPUP")]
    WrapUp(WrapUpBody),
    /// `ACTION`.
    /// What a bot asks the system to do.
    #[serde(rename = "ACTION")]
    Action(ActionBody),
    /// `VOICE`.
    /// A call leg.
    #[serde(rename = "VOICE")]
    Voice(VoiceBody),
    /// `COMMENT`.
    /// A comment on a social post.
    #[serde(rename = "COMMENT")]
    Comment(CommentBody),
    /// `EMAIL`.
    #[serde(rename = "EMAIL")]
    Email(Box<EmailBody>),
    /// `VOICE_RECORDING`.
    /// A link to a call's recording.
    #[serde(rename = "VOICE_RECORDING")]
    VoiceRecording(UrlBody),
    /// `IVR_AGGREGATED_ACTIVITY`.
    /// A whole visit to an IVR.
    #[serde(rename = "IVR_AGGREGATED_ACTIVITY")]
    IvrAggregated(Box<IvrBody>),
    /// A type that this version does not know: the object-model's `GenericMessage`.
    #[serde(untagged, serialize_with = "write_other")]
    Other {
        /// The type's name, as it came.
        tag: String,
        /// Its text, which any type may have.
        markdown_text: Option<String>,
        /// Everything else, as it came.
        fields: Map,
    },
}

impl MessageBody {
    /// A text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(Plain {
            markdown_text: Some(text.into()),
            ..Plain::default()
        })
    }

    /// The type's name on the wire, as in `PLAIN`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Plain(_) => "PLAIN",
            Self::Image(_) => "IMAGE",
            Self::Video(_) => "VIDEO",
            Self::Audio(_) => "AUDIO",
            Self::File(_) => "FILE",
            Self::Multimedia(_) => "MULTIMEDIA",
            Self::Url(_) => "URL",
            Self::Sticker(_) => "STICKER",
            Self::Location(_) => "LOCATION",
            Self::Contact(_) => "CONTACT",
            Self::Button(_) => "BUTTON",
            Self::Carousel(_) => "CAROUSEL",
            Self::Notification(_) => "NOTIFICATION",
            Self::DeliveryNotification(_) => "DELIVERYNOTIFICATION",
            Self::DeletedNotification(_) => "DELETEDNOTIFICATION",
            Self::FormData(_) => "FORM_DATA",
            Self::Receipt(_) => "RECEIPT",
            Self::Template(_) => "TEMPLATE",
            Self::Structured(_) => "StructuredMessage",
            Self::Custom(_) => "CUSTOM",
            Self::WrapUp(_) => "WRAPUP",
            Self::Action(_) => "ACTION",
            Self::Voice(_) => "VOICE",
            Self::Comment(_) => "COMMENT",
            Self::Email(_) => "EMAIL",
            Self::VoiceRecording(_) => "VOICE_RECORDING",
            Self::IvrAggregated(_) => "IVR_AGGREGATED_ACTIVITY",
            Self::Other { tag, .. } => tag,
        }
    }

    /// The text, which any type may have: the chat's own dialect of markdown, or base64 of it if the header
    /// says so (see [`crate::cim::CimMessage::text`]).
    pub fn markdown_text(&self) -> Option<&str> {
        match self {
            Self::Plain(body) => body.markdown_text.as_deref(),
            Self::Image(body) | Self::Video(body) | Self::Audio(body) | Self::File(body) | Self::Multimedia(body) => {
                body.markdown_text.as_deref()
            }
            Self::Url(body) | Self::VoiceRecording(body) => body.markdown_text.as_deref(),
            Self::Sticker(body) => body.markdown_text.as_deref(),
            Self::Location(body) => body.markdown_text.as_deref(),
            Self::Contact(body) => body.markdown_text.as_deref(),
            Self::Button(body) => body.markdown_text.as_deref(),
            Self::Carousel(body) => body.markdown_text.as_deref(),
            Self::Notification(body) => body.markdown_text.as_deref(),
            Self::DeliveryNotification(body) => body.markdown_text.as_deref(),
            Self::DeletedNotification(body) => body.markdown_text.as_deref(),
            Self::FormData(body) => body.markdown_text.as_deref(),
            Self::Receipt(body) => body.markdown_text.as_deref(),
            Self::Template(body) => body.markdown_text.as_deref(),
            Self::Structured(body) => body.markdown_text.as_deref(),
            Self::Custom(body) => body.markdown_text.as_deref(),
            Self::WrapUp(body) => body.markdown_text.as_deref(),
            Self::Action(body) => body.markdown_text.as_deref(),
            Self::Voice(body) => body.markdown_text.as_deref(),
            Self::Comment(body) => body.markdown_text.as_deref(),
            Self::Email(body) => body.markdown_text.as_deref(),
            Self::IvrAggregated(body) => body.markdown_text.as_deref(),
            Self::Other { markdown_text, .. } => markdown_text.as_deref(),
        }
    }

    /// Replaces the text.
    pub fn set_markdown_text(&mut self, text: Option<String>) {
        match self {
            Self::Plain(body) => body.markdown_text = text,
            Self::Image(body) | Self::Video(body) | Self::Audio(body) | Self::File(body) | Self::Multimedia(body) => {
                body.markdown_text = text
            }
            Self::Url(body) | Self::VoiceRecording(body) => body.markdown_text = text,
            Self::Sticker(body) => body.markdown_text = text,
            Self::Location(body) => body.markdown_text = text,
            Self::Contact(body) => body.markdown_text = text,
            Self::Button(body) => body.markdown_text = text,
            Self::Carousel(body) => body.markdown_text = text,
            Self::Notification(body) => body.markdown_text = text,
            Self::DeliveryNotification(body) => body.markdown_text = text,
            Self::DeletedNotification(body) => body.markdown_text = text,
            Self::FormData(body) => body.markdown_text = text,
            Self::Receipt(body) => body.markdown_text = text,
            Self::Template(body) => body.markdown_text = text,
            Self::Structured(body) => body.markdown_text = text,
            Self::Custom(body) => body.markdown_text = text,
            Self::WrapUp(body) => body.markdown_text = text,
            Self::Action(body) => body.markdown_text = text,
            Self::Voice(body) => body.markdown_text = text,
            Self::Comment(body) => body.markdown_text = text,
            Self::Email(body) => body.markdown_text = text,
            Self::IvrAggregated(body) => body.markdown_text = text,
            Self::Other { markdown_text, .. } => *markdown_text = text,
        }
    }

    /// Reads the members of a type, whose name may be in any case.
    fn of_type(tag: String, members: Map) -> Result<Self, DecodeError> {
        let members = Value::Object(members);
        Ok(match tag.to_ascii_uppercase().as_str() {
            "PLAIN" => Self::Plain(from_value(members)?),
            "IMAGE" => Self::Image(from_value(members)?),
            "VIDEO" => Self::Video(from_value(members)?),
            "AUDIO" => Self::Audio(from_value(members)?),
            "FILE" => Self::File(from_value(members)?),
            "MULTIMEDIA" => Self::Multimedia(from_value(members)?),
            "URL" => Self::Url(from_value(members)?),
            "STICKER" => Self::Sticker(from_value(members)?),
            "LOCATION" => Self::Location(from_value(members)?),
            "CONTACT" => Self::Contact(from_value(members)?),
            "BUTTON" => Self::Button(from_value(members)?),
            "CAROUSEL" | "CAROUSAL" => Self::Carousel(from_value(members)?),
            "NOTIFICATION" => Self::Notification(from_value(members)?),
            "DELIVERYNOTIFICATION" => Self::DeliveryNotification(from_value(members)?),
            "DELETEDNOTIFICATION" => Self::DeletedNotification(from_value(members)?),
            "FORM_DATA" => Self::FormData(from_value(members)?),
            "RECEIPT" => Self::Receipt(from_value(members)?),
            "TEMPLATE" => Self::Template(from_value(members)?),
            "STRUCTUREDMESSAGE" => Self::Structured(from_value(members)?),
            "CUSTOM" => Self::Custom(from_value(members)?),
            "WRAPUP" => Self::WrapUp(from_value(members)?),
            "ACTION" => Self::Action(from_value(members)?),
            "VOICE" => Self::Voice(from_value(members)?),
            "COMMENT" => Self::Comment(from_value(members)?),
            "EMAIL" => Self::Email(from_value(members)?),
            "VOICE_RECORDING" => Self::VoiceRecording(from_value(members)?),
            "IVR_AGGREGATED_ACTIVITY" => Self::IvrAggregated(from_value(members)?),
            _ => Self::other(tag, members),
        })
    }

    fn other(tag: String, members: Value) -> Self {
        let mut fields = match members {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let markdown_text = match fields.remove("markdownText") {
            Some(Value::String(text)) => Some(text),
            Some(value) => {
                fields.insert("markdownText".to_owned(), value);
                None
            }
            None => None,
        };
        Self::Other {
            tag,
            markdown_text,
            fields,
        }
    }
}

impl Default for MessageBody {
    /// An empty text.
    fn default() -> Self {
        Self::Plain(Plain::default())
    }
}

impl<'de> Deserialize<'de> for MessageBody {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut members = Map::deserialize(from)?;
        let tag = match members.remove("type") {
            Some(Value::String(tag)) => Ok(tag),
            None | Some(Value::Null) => Err(DecodeError::new("type", MISSING)),
            Some(_) => Err(DecodeError::new("type", "expected a string")),
        };
        tag.and_then(|tag| Self::of_type(tag, members))
            .map_err(DecodeError::inside)
    }
}

/// The name of its type first, as for the others.
fn write_other<S: Serializer>(tag: &str, text: &Option<String>, fields: &Map, to: S) -> Result<S::Ok, S::Error> {
    let mut fields = fields.clone();
    if let Some(text) = text {
        fields.insert("markdownText".to_owned(), Value::from(text.as_str()));
    }
    let mut members = to.serialize_map(None)?;
    members.serialize_entry("type", tag)?;
    fields
        .iter()
        .try_for_each(|(key, value)| members.serialize_entry(key, value))?;
    members.end()
}
