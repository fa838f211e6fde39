//! What a customer may know of a conversation: exactly these members. [`crate::visibility::view`] makes them of CIM
//! events; whatever has no place here cannot reach a customer, and a customer's program has no other type to read.
//!
//! Their JSON is CIM's: a reader of [`crate::cim::CimEvent`]s understands it. What CIM always writes and no customer is
//! told (`channelSession`, `roomInfo`, `header.channelData` and the like) is not there at all.

mod body;
mod data;
mod preview;

use crate::cim::{EventName, EventType, Intent, Sender, SenderType, Timestamp};
use crate::json::{DecodeError, Value, to_text};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;
use std::borrow::Cow;

pub use body::{
    BodyJson, CustomerAttachment, CustomerBody, CustomerButton, CustomerButtons, CustomerCarousel,
    CustomerCarouselElement, CustomerContact, CustomerContactName, CustomerContacts, CustomerDefaultAction,
    CustomerDeletion, CustomerForm, CustomerFormSection, CustomerLink, CustomerLocation, CustomerMedia, CustomerPhone,
    CustomerPlace, CustomerQuestion, CustomerReceipt, CustomerSticker, CustomerText,
};
pub use data::{
    AgentChange, CustomerData, CustomerParticipant, CustomerSession, CustomerSessionState, CustomerUser, KnownUser,
    RoleChanged,
};
pub use preview::{CustomerPreview, PreviewCard};

/// Most events of a customer are shorter than this, in bytes of JSON.
const JSON_BYTES: usize = 1024;

/// An event as a customer is sent it. What `data` is follows from `name`; until that is known it stays text, as `D`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerEvent<D = CustomerData> {
    /// Opaque.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What happened.
    pub name: EventName,
    /// A coarse class.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_default")]
    pub kind: EventType,
    /// When it happened, in ISO 8601.
    #[serde(default, deserialize_with = "lenient::time", serialize_with = "lenient::in_iso")]
    pub timestamp: Timestamp,
    /// The conversation.
    pub conversation_id: Option<String>,
    /// The actor.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub event_emitter: CustomerSender,
    /// What `name` says: usually a message.
    pub data: D,
}

/// An event whose name has been read and its data has not.
type Unread = CustomerEvent<Option<Box<RawValue>>>;

impl CustomerEvent {
    /// The message that this event carries, if it carries one.
    pub fn message(&self) -> Option<&CustomerMessage> {
        match &self.data {
            CustomerData::Message(message) => Some(message),
            _ => None,
        }
    }

    /// What a page calls itself that a message links to, if this event says so.
    pub fn link_preview(&self) -> Option<&CustomerPreview> {
        match &self.data {
            CustomerData::LinkPreview(preview) => Some(preview),
            _ => None,
        }
    }

    /// Its JSON.
    pub fn to_json(&self) -> String {
        to_text(self, JSON_BYTES)
    }
}

impl<'de> Deserialize<'de> for CustomerEvent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Unread::deserialize(from)?.read().map_err(DecodeError::inside)
    }
}

impl Unread {
    fn read(self) -> Result<CustomerEvent, DecodeError> {
        let data = match &self.data {
            Some(json) => CustomerData::read(&self.name, json.get()).map_err(|error| error.within("data"))?,
            None => CustomerData::Nothing,
        };
        Ok(CustomerEvent {
            id: self.id,
            name: self.name,
            kind: self.kind,
            timestamp: self.timestamp,
            conversation_id: self.conversation_id,
            event_emitter: self.event_emitter,
            data,
        })
    }
}

/// An actor: the name is the one that the contact centre shows to customers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerSender {
    /// The actor's id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What kind of actor it is.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: SenderType,
    /// An agent's first name, a bot's or app's name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub sender_name: String,
}

impl From<&CustomerSender> for Sender {
    fn from(sender: &CustomerSender) -> Self {
        Self::new(sender.id.as_str(), sender.kind.clone(), sender.sender_name.as_str())
    }
}

/// A message as a customer is sent it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CustomerMessage {
    /// Opaque.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Who, when, about what.
    pub header: CustomerHeader,
    /// What. Its text is plain, never base64.
    pub body: CustomerBody,
}

impl CustomerMessage {
    /// The body's text.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        self.body.markdown_text().map(Cow::Borrowed)
    }
}

/// What surrounds a message's body.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerHeader {
    /// Who produced the message.
    pub sender: CustomerSender,
    /// The customer's own, or one that says how to show the message.
    pub intent: Option<Intent>,
    /// When the relay took it.
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
    /// The message that is answered, quoted or edited.
    pub original_message_id: Option<String>,
    /// The conversation.
    pub conversation_id: Option<String>,
    /// The customer's session.
    pub channel_session_id: Option<String>,
    /// The customer that the conversation belongs to.
    pub customer: Option<CustomerRef>,
    /// What the widget needs to show the message.
    pub additional_data: Option<CustomerAdditionalData>,
    /// In read receipts, the message that was read.
    pub provider_message_id: Option<String>,
}

/// A customer by its id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CustomerRef {
    /// The store's id of the customer.
    #[serde(rename = "_id", default, deserialize_with = "lenient::or_default")]
    pub id: String,
}

/// The keys of `header.additionalData` that mean something to a customer's program.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerAdditionalData {
    /// The card that was clicked.
    #[serde(rename = "carousalCardId")]
    pub carousal_card_id: Option<Value>,
    /// Where to talk by video.
    #[serde(rename = "secureWebRTCLink")]
    pub secure_web_rtc_link: Option<Value>,
}
