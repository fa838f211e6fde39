//! Who produced a message or an event.

use crate::cim::open_enum::open_enum;
use crate::json::{DecodeError, Map, Value};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

open_enum! {
    /// Kinds of actors: object-model 1.21.1 `SenderType`, then what else was seen on the wire.
    pub enum SenderType: any_case {
        /// A contact-centre user.
        Agent = "AGENT",
        Bot = "BOT",
        Customer = "CUSTOMER",
        /// A third-party program.
        App = "APP",
        /// What stands between a channel and the core; the sender of a customer's message once it is on the bus.
        Connector = "CONNECTOR",
        System = "SYSTEM",
        Ivr = "IVR",
        WebChannel = "WEB_CHANNEL",
    }
}

/// The small form of an actor, as in `header.sender` and `eventEmitter`: object-model 1.21.1 `Sender`.
///
/// Reads a whole conversation participant too, which was the sender of a message before object-model 1.12.5.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct Sender {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Never blank in a valid message.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What kind of actor it is.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: SenderType,
    /// The name to show, or the program's name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub sender_name: String,
    /// `{firstName, lastName}` of an agent; channel identities (`{web: [..]}`) of a customer.
    pub additional_detail: Option<Value>,
}

impl Sender {
    /// An actor without further detail.
    pub fn new(id: impl Into<String>, kind: SenderType, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            sender_name: name.into(),
            ..Self::default()
        }
    }

    /// Reads whatever form it is in, which [`Sender::shrunk`] has then to be asked for.
    pub(crate) fn in_any_form<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(from)
    }

    /// Whether this is a participant still.
    pub(crate) fn is_participant(&self) -> bool {
        self.extra.get("participant").is_some_and(Value::is_object)
    }

    /// Turns a participant into the small form: the id and name are those of the user, bot or session inside.
    pub(crate) fn shrunk(mut self) -> Result<Self, DecodeError> {
        let Some(participant) = self.extra.get_mut("participant").and_then(Value::as_object_mut) else {
            return Ok(self);
        };
        let mut participant = std::mem::take(participant);
        for gone in PARTICIPANT_ONLY.iter().copied() {
            self.extra.remove(gone);
        }
        let name = participant_name(&participant);
        match participant.remove("id") {
            Some(Value::String(id)) => self.id = id,
            Some(Value::Null) => self.id = String::new(),
            Some(_) => return Err(DecodeError::new("id", "expected a string")),
            None => {}
        }
        if let Some(name) = name
            && self.sender_name.is_empty()
        {
            self.sender_name = name;
        }
        Ok(self)
    }
}

impl Serialize for Sender {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for Sender {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::in_any_form(from)?.shrunk().map_err(DecodeError::inside)
    }
}

/// Members of a participant that the small form has no place for.
const PARTICIPANT_ONLY: &[&str] = &[
    "participant",
    "joiningTime",
    "token",
    "topicId",
    "conversationId",
    "role",
    "isActive",
    "userCredentials",
    "state",
    "stateChangedOn",
];

fn participant_name(participant: &Map) -> Option<String> {
    let user = participant.get("keycloakUser").and_then(|user| user.get("username"));
    user.or_else(|| participant.get("name"))
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// Ids and names of the platform's own actors, as they stand in stored events.
pub mod well_known {
    /// Web connector: the sender of every web customer's message.
    pub const WEB_CONNECTOR_ID: &str = "460df46c-adf9-11ed-afa1-0242ac120002";
    /// `senderName` of the web connector.
    pub const WEB_CONNECTOR: &str = "WEB_CONNECTOR";
    /// Routing engine, of type SYSTEM.
    pub const ROUTING_ENGINE_ID: &str = "86e3d082-a904-11ed-afa1-0242ac120002";
    /// `senderName` of the routing engine.
    pub const ROUTING_ENGINE: &str = "ROUTING_ENGINE";
    /// Conversation monitor, of type BOT.
    pub const CONVERSATION_MONITOR_ID: &str = "38327e73-4a21-4ad4-a958-a6385c8636aa";
    /// `senderName` of the conversation monitor.
    pub const CONVERSATION_MONITOR: &str = "CONVERSATION_MONITOR";
    /// Agent manager, of type SYSTEM.
    pub const AGENT_MANAGER_ID: &str = "7a473cf0-aeeb-11ed-ad5f-b35af61a7d08";
    /// `senderName` of the agent manager.
    pub const AGENT_MANAGER: &str = "AGENT_MANAGER";
    /// Pre-chat form of the widget, of type APP. The documented IVR sample uses the same id.
    pub const WIDGET_PRECHAT_FORM_ID: &str = "f1370ff7-43fa-496e-9966-e64061d35f5c";
    /// `senderName` of the widget's pre-chat form.
    pub const WIDGET_PRECHAT_FORM: &str = "WIDGET_PRECHAT_FORM";
}
