//! What surrounds a message's body: who, when, for whom, about what.

use crate::cim::decode::Fields;
use crate::cim::record::record;
use crate::cim::{ChannelData, Customer, Timestamp};
use crate::cim::{Intent, Sender};
use crate::json::{Map, Value};

record! {
    /// The header of a message: object-model 1.21.1 `MessageHeader`, and `additionalData` of CX 5.
    ///
    /// Also reads the headers of older services: `replyToMessageId`, `topicId`, a whole `channelSession` in place of
    /// its id, a whole participant as sender.
    pub struct MessageHeader {
        /// Who produced the message. The relay stamps it; what a browser writes here is never believed.
        pub sender: Sender = "sender" required,
        /// Absent for an ordinary message.
        pub intent: Option<Intent> = "intent" always,
        /// The message of this conversation that is answered, quoted or edited.
        pub original_message_id: Option<String> = "originalMessageId" always,
        /// Since CX 5: `isEncoded`, `carousalCardId`, `secureWebRTCLink`, `message_type`.
        pub additional_data: Option<Map> = "additionalData",
        /// The customer's address and the service it dialled.
        pub channel_data: Option<ChannelData> = "channelData" always,
        /// Reserved, empty.
        pub language: Map = "language" always,
        /// When the client sent it.
        pub timestamp: Option<Timestamp> = "timestamp" always,
        /// Reserved, empty.
        pub security_info: Map = "securityInfo" always,
        /// Reserved.
        pub stamps: Vec<String> = "stamps" always,
        /// What goes with the intent.
        pub entities: Option<Map> = "entities" always,
        /// The customer's session on the channel.
        pub channel_session_id: Option<String> = "channelSessionId" always,
        /// The conversation the message belongs to.
        pub conversation_id: Option<String> = "conversationId" always,
        /// The customer, resolved.
        pub customer: Option<Customer> = "customer" always,
        /// The id at the channel's provider; in read receipts of a web chat, the message that was read.
        pub provider_message_id: Option<String> = "providerMessageId" always,
        /// How a campaign sends it; has at least `channelType`.
        pub scheduling_meta_data: Option<Value> = "schedulingMetaData" always,
        /// The room of the conversation.
        pub room_id: Option<String> = "roomId" always,
    }
    prepare = older_headers;
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
        let flag = self.additional_data.as_ref().and_then(|data| data.get("isEncoded"));
        flag.and_then(Value::as_bool).unwrap_or(false)
    }
}

fn older_headers(fields: &mut Fields<'_>) {
    fields.rename("replyToMessageId", "originalMessageId");
    fields.rename("topicId", "conversationId");
    if let Some(topic) = participant_topic(fields) {
        fields.fill("conversationId", topic);
    }
    match fields.remove("channelSession") {
        Some(Value::Object(mut session)) => fields.fill("channelSessionId", session.remove("id").unwrap_or_default()),
        Some(_) => fields
            .fault
            .note(&fields.at.key("channelSession"), "expected an object"),
        None => {}
    }
}

/// The conversation's id where a participant as sender carries it.
fn participant_topic(fields: &mut Fields<'_>) -> Option<Value> {
    let sender = fields.map.get_mut("sender")?.as_object_mut()?;
    sender.get("participant")?.as_object()?;
    sender.remove("topicId").filter(|topic| !topic.is_null())
}
