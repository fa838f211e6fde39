//! What a customer may know of a message's body, and what a customer's program sends: few types, and flat ones.
//!
//! Bodies that most chats never have stay JSON until they are drawn ([`BodyJson`]): what reads them is then fetched with
//! what draws them, not with the first text.

mod contact;
mod form;
mod json;
mod media;

use crate::cim::MessageBody;
use crate::cim::body::{
    Button, ButtonBody, ButtonMessageType, DeletedBody, DeliveryBody, DeliveryStatus, Plain, UrlBody,
};
use crate::json::{DecodeError, Map, Value, from_str};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

use json::Head;

pub use contact::{
    CustomerContact, CustomerContactName, CustomerContacts, CustomerLocation, CustomerPhone, CustomerPlace,
};
pub use form::{CustomerForm, CustomerFormSection, CustomerQuestion};
pub use json::BodyJson;
pub use media::{
    CustomerAttachment, CustomerCarousel, CustomerCarouselElement, CustomerDefaultAction, CustomerMedia,
    CustomerSticker,
};

/// The body of a message as a customer is sent it. Its JSON is CIM's; members that have no place here are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
pub enum CustomerBody {
    /// `PLAIN`.
    #[serde(rename = "PLAIN")]
    Plain(CustomerText),
    /// `URL`.
    #[serde(rename = "URL")]
    Url(CustomerLink),
    /// `BUTTON`.
    #[serde(rename = "BUTTON")]
    Button(CustomerButtons),
    /// `DELIVERYNOTIFICATION`.
    #[serde(rename = "DELIVERYNOTIFICATION")]
    DeliveryNotification(CustomerReceipt),
    /// `DELETEDNOTIFICATION`.
    #[serde(rename = "DELETEDNOTIFICATION")]
    DeletedNotification(CustomerDeletion),
    /// `IMAGE`.
    #[serde(untagged)]
    Image(BodyJson<CustomerMedia>),
    /// `VIDEO`.
    #[serde(untagged)]
    Video(BodyJson<CustomerMedia>),
    /// `AUDIO`.
    #[serde(untagged)]
    Audio(BodyJson<CustomerMedia>),
    /// `FILE`, `MULTIMEDIA`.
    #[serde(untagged)]
    File(BodyJson<CustomerMedia>),
    /// `STICKER`.
    #[serde(untagged)]
    Sticker(BodyJson<CustomerSticker>),
    /// `LOCATION`.
    #[serde(untagged)]
    Location(BodyJson<CustomerLocation>),
    /// `CONTACT`.
    #[serde(untagged)]
    Contact(BodyJson<CustomerContacts>),
    /// `CAROUSEL`.
    #[serde(untagged)]
    Carousel(BodyJson<CustomerCarousel>),
    /// `RECEIPT`, that of an order: whole, as it came.
    #[serde(untagged)]
    Order(BodyJson<Value>),
    /// `TEMPLATE`: whole, as it came.
    #[serde(untagged)]
    Template(BodyJson<Value>),
    /// `FORM_DATA`: whole, because its answer repeats it.
    #[serde(untagged)]
    FormData(BodyJson<CustomerForm>),
    /// A type that a customer's program does not draw, or does not know: whole, as it came.
    #[serde(untagged)]
    Other(BodyJson<Value>),
}

impl CustomerBody {
    /// A text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(CustomerText {
            markdown_text: Some(text.into()),
        })
    }

    /// What a customer may know of a body; `None` if that is nothing. A new type of body is decided upon here.
    pub fn of(body: &MessageBody) -> Option<Self> {
        Some(match body {
            MessageBody::Plain(body) => Self::Plain(body.into()),
            MessageBody::Url(body) => Self::Url(body.into()),
            MessageBody::Button(body) => Self::Button(body.into()),
            MessageBody::DeliveryNotification(body) => Self::DeliveryNotification(body.into()),
            MessageBody::DeletedNotification(body) => Self::DeletedNotification(body.into()),
            MessageBody::Image(media) => Self::Image(json_of(body, &CustomerMedia::from(media))),
            MessageBody::Video(media) => Self::Video(json_of(body, &CustomerMedia::from(media))),
            MessageBody::Audio(media) => Self::Audio(json_of(body, &CustomerMedia::from(media))),
            MessageBody::File(media) | MessageBody::Multimedia(media) => {
                Self::File(json_of(body, &CustomerMedia::from(media)))
            }
            MessageBody::Sticker(sticker) => Self::Sticker(json_of(body, &CustomerSticker::from(sticker))),
            MessageBody::Location(location) => Self::Location(json_of(body, &CustomerLocation::from(location))),
            MessageBody::Contact(contact) => Self::Contact(json_of(body, &CustomerContacts::from(contact))),
            MessageBody::Carousel(cards) => Self::Carousel(json_of(body, &CustomerCarousel::from(cards))),
            MessageBody::FormData(_) => Self::FormData(BodyJson::whole(body)),
            // What the contact centre's people and programs tell each other.
            MessageBody::Notification(_)
            | MessageBody::WrapUp(_)
            | MessageBody::Action(_)
            | MessageBody::Voice(_)
            | MessageBody::VoiceRecording(_)
            | MessageBody::IvrAggregated(_) => return None,
            MessageBody::Receipt(_) => Self::Order(BodyJson::whole(body)),
            MessageBody::Template(_) => Self::Template(BodyJson::whole(body)),
            MessageBody::Structured(_)
            | MessageBody::Custom(_)
            | MessageBody::Comment(_)
            | MessageBody::Email(_)
            | MessageBody::Other { .. } => Self::Other(BodyJson::whole(body)),
        })
    }

    /// The text, which any type may have.
    pub fn markdown_text(&self) -> Option<&str> {
        match self {
            Self::Plain(body) => body.markdown_text.as_deref(),
            Self::Url(body) => body.markdown_text.as_deref(),
            Self::Button(body) => body.markdown_text.as_deref(),
            Self::DeliveryNotification(_) | Self::DeletedNotification(_) => None,
            Self::Image(body) | Self::Video(body) | Self::Audio(body) | Self::File(body) => body.markdown_text(),
            Self::Sticker(body) => body.markdown_text(),
            Self::Location(body) => body.markdown_text(),
            Self::Contact(body) => body.markdown_text(),
            Self::Carousel(body) => body.markdown_text(),
            Self::FormData(body) => body.markdown_text(),
            Self::Order(body) | Self::Template(body) | Self::Other(body) => body.markdown_text(),
        }
    }

    fn read(json: Box<RawValue>) -> Result<Self, DecodeError> {
        let head: Head = from_str(json.get())?;
        Ok(match head.kind.to_ascii_uppercase().as_str() {
            "PLAIN" => Self::Plain(CustomerText {
                markdown_text: head.markdown_text,
            }),
            "URL" => Self::Url(from_str(json.get())?),
            "BUTTON" => Self::Button(from_str(json.get())?),
            "DELIVERYNOTIFICATION" => Self::DeliveryNotification(from_str(json.get())?),
            "DELETEDNOTIFICATION" => Self::DeletedNotification(from_str(json.get())?),
            "IMAGE" => Self::Image(BodyJson::unread(head, json)),
            "VIDEO" => Self::Video(BodyJson::unread(head, json)),
            "AUDIO" => Self::Audio(BodyJson::unread(head, json)),
            "FILE" | "MULTIMEDIA" => Self::File(BodyJson::unread(head, json)),
            "STICKER" => Self::Sticker(BodyJson::unread(head, json)),
            "LOCATION" => Self::Location(BodyJson::unread(head, json)),
            "CONTACT" => Self::Contact(BodyJson::unread(head, json)),
            "CAROUSEL" | "CAROUSAL" => Self::Carousel(BodyJson::unread(head, json)),
            "RECEIPT" => Self::Order(BodyJson::unread(head, json)),
            "TEMPLATE" => Self::Template(BodyJson::unread(head, json)),
            "FORM_DATA" => Self::FormData(BodyJson::unread(head, json)),
            _ => Self::Other(BodyJson::unread(head, json)),
        })
    }
}

/// The JSON of what is left of a body.
fn json_of<T: Serialize>(body: &MessageBody, left: &T) -> BodyJson<T> {
    BodyJson::new(body.type_name(), body.markdown_text(), left)
}

impl Default for CustomerBody {
    /// An empty text.
    fn default() -> Self {
        Self::Plain(CustomerText::default())
    }
}

impl<'de> Deserialize<'de> for CustomerBody {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(Box::deserialize(from)?).map_err(DecodeError::inside)
    }
}

/// A text.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerText {
    /// The chat's own dialect of markdown.
    pub markdown_text: Option<String>,
}

impl From<&Plain> for CustomerText {
    fn from(body: &Plain) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
        }
    }
}

/// A link with a text.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerLink {
    /// The text to show.
    pub markdown_text: Option<String>,
    /// Where it leads.
    pub media_url: String,
}

impl From<&UrlBody> for CustomerLink {
    fn from(body: &UrlBody) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
            media_url: body.media_url.clone(),
        }
    }
}

/// A question with buttons to answer it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerButtons {
    /// The question.
    pub markdown_text: Option<String>,
    /// Buttons, or quick replies that vanish once answered.
    pub button_message_type: Option<ButtonMessageType>,
    /// What can be answered.
    #[serde(deserialize_with = "lenient::or_default")]
    pub buttons: Vec<CustomerButton>,
    /// How they are shown, in members that the bot's author chose.
    pub additional_details: Option<Value>,
}

impl From<&ButtonBody> for CustomerButtons {
    fn from(body: &ButtonBody) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
            button_message_type: body.button_message_type.clone(),
            buttons: body.buttons.iter().map(CustomerButton::from).collect(),
            additional_details: body.additional_details.clone(),
        }
    }
}

/// One button.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerButton {
    /// What is written on it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub title: String,
    /// What it means to the bot.
    #[serde(deserialize_with = "lenient::or_default")]
    pub payload: String,
    /// Chosen by the bot's author.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: String,
    /// How it is shown, in members that the bot's author chose.
    pub additional_button_details: Option<Map>,
}

impl From<&Button> for CustomerButton {
    fn from(button: &Button) -> Self {
        Self {
            title: button.title.clone(),
            payload: button.payload.clone(),
            kind: button.kind.clone(),
            additional_button_details: button.additional_button_details.clone(),
        }
    }
}

/// A message was delivered or read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerReceipt {
    /// Which message. Reading one means that every earlier one was read.
    pub message_id: String,
    /// What became of it.
    pub status: DeliveryStatus,
}

impl From<&DeliveryBody> for CustomerReceipt {
    fn from(body: &DeliveryBody) -> Self {
        Self {
            message_id: body.message_id.clone(),
            status: body.status.clone(),
        }
    }
}

/// A message was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerDeletion {
    /// Which message.
    pub message_id: String,
}

impl From<&DeletedBody> for CustomerDeletion {
    fn from(body: &DeletedBody) -> Self {
        Self {
            message_id: body.message_id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CustomerBody;
    use crate::cim::MessageBody;
    use serde_json::{Value, json};

    /// What a customer is sent of a body.
    fn sent(body: &Value) -> Option<Value> {
        let body: MessageBody = serde_json::from_value(body.clone()).expect("a body");
        CustomerBody::of(&body).map(|body| serde_json::to_value(body).expect("JSON"))
    }

    #[test]
    fn a_drawn_body_has_the_members_that_are_drawn() {
        let file = json!({"mediaUrl": "https://files.example/1", "size": 5, "mimeType": "image/png", "later": 1});
        let image = json!({"type": "IMAGE", "caption": "A cat", "attachment": file, "later": 1});
        let shown = json!({"mediaUrl": "https://files.example/1", "size": 5, "mimeType": "image/png"});
        assert_eq!(
            sent(&image),
            Some(json!({"type": "IMAGE", "caption": "A cat", "attachment": shown}))
        );
        let text = json!({"type": "PLAIN", "markdownText": "Hello", "later": 1});
        assert_eq!(sent(&text), Some(json!({"type": "PLAIN", "markdownText": "Hello"})));
        let multimedia = json!({"type": "MULTIMEDIA", "attachment": {"mediaUrl": "https://files.example/1"}});
        assert_eq!(sent(&multimedia), Some(multimedia));
    }

    #[test]
    fn what_the_contact_centre_tells_itself_is_kept_from_customers() {
        for body in [
            json!({"type": "WRAPUP", "note": "rude", "wrapups": []}),
            json!({"type": "VOICE_RECORDING", "mediaUrl": "https://calls.example/1"}),
            json!({"type": "ACTION", "name": "FIND_AGENT"}),
        ] {
            assert_eq!(sent(&body), None, "{body}");
        }
    }

    #[test]
    fn an_unknown_body_and_a_form_reach_customers_whole() {
        let unknown = json!({"type": "HOLOGRAM", "markdownText": "Look", "depth": {"mm": 3}});
        assert_eq!(sent(&unknown), Some(unknown));
        let form = json!({"type": "FORM_DATA", "formId": "f-1", "sections": [], "later": {"a": [1]}});
        assert_eq!(sent(&form), Some(form));
    }

    #[test]
    fn every_body_reads_back_as_it_was_sent() {
        for body in [
            json!({"type": "PLAIN", "markdownText": "Hello"}),
            json!({"type": "URL", "markdownText": "See", "mediaUrl": "https://example.org"}),
            json!({"type": "BUTTON", "buttons": [{"type": "button", "title": "Yes", "payload": "yes"}]}),
            json!({"type": "DELIVERYNOTIFICATION", "messageId": "m-1", "status": "READ"}),
            json!({"type": "DELETEDNOTIFICATION", "messageId": "m-1"}),
            json!({"type": "LOCATION", "location": {"latitude": 48.2, "longitude": 16.37}}),
            json!({"type": "CONTACT", "contacts": [{"name": {"formattedName": "Ada"}}]}),
            json!({"type": "CAROUSEL", "markdownText": "Choose", "elements": [{"text": "Shoes"}]}),
            json!({"type": "STICKER", "mediaUrl": "https://example.org/1.webp"}),
            json!({"type": "HOLOGRAM", "depth": 3}),
            json!({"type": "HOLOGRAM", "markdownText": {"no": "text"}}),
        ] {
            let read: CustomerBody = serde_json::from_value(body.clone()).expect("a body");
            assert_eq!(serde_json::to_value(&read).expect("JSON"), body);
            assert_eq!(read.markdown_text(), body.get("markdownText").and_then(Value::as_str));
        }
    }

    #[test]
    fn a_body_that_is_drawn_later_is_read_then() {
        let place = json!({"type": "LOCATION", "location": {"latitude": 48.2, "longitude": 16.37}});
        let CustomerBody::Location(location) = serde_json::from_value(place).expect("a body") else {
            panic!("a place");
        };
        let latitude = location.read().expect("a place").location.latitude;
        assert_eq!(latitude.map(|north| north.to_string()), Some("48.2".to_owned()));
        let damaged = json!({"type": "IMAGE", "attachment": 5});
        let CustomerBody::Image(image) = serde_json::from_value(damaged).expect("a body") else {
            panic!("a picture");
        };
        assert!(image.read().is_err());
    }
}
