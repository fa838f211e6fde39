//! What surrounds a message's body: who, when, for whom, about what.

use crate::cim::{ChannelData, Customer, Timestamp};
use crate::cim::{Intent, Sender};
use crate::json::{DecodeError, Map, Value};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// The header of a message: object-model 1.21.1 `MessageHeader`, and `additionalData` of CX 5.
///
/// Also reads the headers of older services: `replyToMessageId`, `topicId`, a whole `channelSession` in place of
/// its id, a whole participant as sender.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
pub struct MessageHeader {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who produced the message. The relay stamps it; what a browser writes here is never believed.
    #[serde(deserialize_with = "Sender::in_any_form")]
    pub sender: Sender,
    /// Absent for an ordinary message.
    #[serialize_always]
    pub intent: Option<Intent>,
    /// The message of this conversation that is answered, quoted or edited.
    #[serialize_always]
    pub original_message_id: Option<String>,
    /// Since CX 5: `isEncoded`, `carousalCardId`, `secureWebRTCLink`, `message_type`.
    pub additional_data: Option<Map>,
    /// The customer's address and the service it dialled.
    #[serialize_always]
    pub channel_data: Option<ChannelData>,
    /// Reserved, empty.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub language: Map,
    /// When the client sent it.
    #[serialize_always]
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
    /// Reserved, empty.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub security_info: Map,
    /// Reserved.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub stamps: Vec<String>,
    /// What goes with the intent.
    #[serialize_always]
    pub entities: Option<Map>,
    /// The customer's session on the channel.
    #[serialize_always]
    pub channel_session_id: Option<String>,
    /// The conversation the message belongs to.
    #[serialize_always]
    pub conversation_id: Option<String>,
    /// The customer, resolved.
    #[serialize_always]
    pub customer: Option<Customer>,
    /// The id at the channel's provider; in read receipts of a web chat, the message that was read.
    #[serialize_always]
    pub provider_message_id: Option<String>,
    /// How a campaign sends it; has at least `channelType`.
    #[serialize_always]
    pub scheduling_meta_data: Option<Value>,
    /// The room of the conversation.
    #[serialize_always]
    pub room_id: Option<String>,
}

impl MessageHeader {
    /// A header that says no more than who sends.
    pub fn new(sender: Sender) -> Self {
        Self {
            sender,
            ..Self::default()
        }
    }

    /// True if the text of the body is base64 of UTF-8, as Agent Desk 5 writes it.
    pub fn is_encoded(&self) -> bool {
        says_encoded(self.additional_data.as_ref())
    }
}

/// Whether `additionalData` says that the text beside it is base64.
pub(crate) fn says_encoded(additional_data: Option<&Map>) -> bool {
    let flag = additional_data.and_then(|data| data.get("isEncoded"));
    flag.and_then(Value::as_bool).unwrap_or(false)
}

impl Serialize for MessageHeader {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for MessageHeader {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(from)?.of_today().map_err(DecodeError::inside)
    }
}

impl MessageHeader {
    /// What older services call otherwise, or put elsewhere.
    fn of_today(mut self) -> Result<Self, DecodeError> {
        let answered = self.extra.remove("replyToMessageId");
        lenient::fill(&mut self.original_message_id, "originalMessageId", answered)?;
        let topic = self.extra.remove("topicId");
        lenient::fill(&mut self.conversation_id, "conversationId", topic)?;
        if self.sender.is_participant() {
            let topic = self.sender.extra.remove("topicId");
            lenient::fill(&mut self.conversation_id, "conversationId", topic)?;
        }
        self.sender = self.sender.shrunk().map_err(|error| error.within("sender"))?;
        match self.extra.remove("channelSession") {
            Some(Value::Object(mut session)) => {
                lenient::fill(&mut self.channel_session_id, "channelSessionId", session.remove("id"))?;
            }
            None | Some(Value::Null) => {}
            Some(_) => return Err(DecodeError::new("channelSession", "expected an object")),
        }
        Ok(self)
    }
}
