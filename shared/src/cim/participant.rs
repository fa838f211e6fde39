//! Who takes part in a conversation, and as what.

use crate::cim::open_enum::open_enum;
use crate::cim::{CcUser, ChannelSession, Timestamp};
use crate::json::{DecodeError, Map, Value, from_value};
use crate::lenient;
use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::Serializer as Members;
use serde_with::skip_serializing_none;

/// Somebody in a conversation: object-model 1.21.1 `ConversationParticipant`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct ConversationParticipant {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// As what it takes part.
    #[serde(deserialize_with = "lenient::or_default")]
    pub role: ParticipantRole,
    /// Who.
    #[serde(deserialize_with = "lenient::or_default")]
    pub participant: Participant,
    /// The participation's id, not the actor's.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What kind of actor.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: ParticipantType,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub joining_time: Option<Timestamp>,
    /// Not used.
    #[serialize_always]
    pub token: Option<String>,
    /// In which conversation.
    pub conversation_id: Option<String>,
    /// Whether it is still there.
    pub is_active: Option<bool>,
    /// Not used.
    #[serialize_always]
    pub user_credentials: Option<Map>,
    /// Whether it listens.
    pub state: Option<ParticipantState>,
    /// Since when it does, or not.
    #[serde(deserialize_with = "lenient::time")]
    pub state_changed_on: Option<Timestamp>,
}

impl Serialize for ConversationParticipant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for ConversationParticipant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut participant = Self::deserialize(from)?;
        let topic = participant.extra.remove("topicId");
        lenient::fill(&mut participant.conversation_id, "conversationId", topic).map_err(DecodeError::inside)?;
        Ok(participant)
    }
}

/// The actor behind a participation, told apart by `participantType`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Participant {
    /// `CCUser`: an agent or supervisor.
    CcUser(Box<CcUser>),
    /// `Bot`.
    Bot(BotParticipant),
    /// `ChannelSession`: the customer, who takes part through a session.
    ChannelSession(Box<ChannelSession>),
    /// Anything else, `ConversationMonitor` among it, and apps, which have no `participantType`.
    Other(Map),
}

impl Participant {
    /// The actor's id; of a customer, the session's.
    pub fn id(&self) -> &str {
        match self {
            Self::CcUser(user) => &user.id,
            Self::Bot(bot) => &bot.id,
            Self::ChannelSession(session) => &session.id,
            Self::Other(map) => map.get("id").and_then(Value::as_str).unwrap_or_default(),
        }
    }
}

impl Default for Participant {
    fn default() -> Self {
        Self::Other(Map::new())
    }
}

impl<'de> Deserialize<'de> for Participant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let members = Map::deserialize(from)?;
        let tag = members.get(TAG).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self::tagged(&tag, members).map_err(DecodeError::inside)
    }
}

impl Participant {
    fn tagged(tag: &str, members: Map) -> Result<Self, DecodeError> {
        Ok(match tag {
            "CCUser" => Self::CcUser(from_value(Value::Object(members))?),
            "Bot" => Self::Bot(from_value(Value::Object(members))?),
            "ChannelSession" => Self::ChannelSession(from_value(Value::Object(members))?),
            _ => Self::Other(members),
        })
    }
}

/// The member that tells actors apart.
pub(crate) const TAG: &str = "participantType";

/// Writes an actor: its members, `participantType` and whatever is `more` than its fields, in the order of their names.
pub(crate) fn write_actor<S: Serializer>(
    tag: &str,
    members: Result<Value, serde_json::Error>,
    more: Option<(&str, Value)>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut members = members.map_err(S::Error::custom)?;
    members[TAG] = Value::from(tag);
    if let Some((key, value)) = more {
        members[key] = value;
    }
    members.serialize(to)
}

/// A bot: object-model 1.21.1 `BotParticipant`. `participantType` is always `Bot`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct BotParticipant {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What it speaks.
    #[serde(rename = "type")]
    pub kind: Option<BotType>,
    /// Its name.
    pub name: Option<String>,
    /// Where it listens.
    pub uri: Option<String>,
}

impl Serialize for BotParticipant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write_actor("Bot", Self::serialize(self, Members), None, to)
    }
}

impl<'de> Deserialize<'de> for BotParticipant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut bot = Self::deserialize(from)?;
        bot.extra.remove(TAG);
        Ok(bot)
    }
}

open_enum! {
    /// What a bot speaks: object-model 1.21.1 `BotType`.
    pub enum BotType {
        Rasa = "RASA",
        Dialogflow = "DIALOGFLOW",
        Custom = "CUSTOM",
        NotSet = "NOT_SET",
    }
}

/// A third-party program that pushes activities in: object-model 1.21.1 `App`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct App {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Its name.
    pub display_name: Option<String>,
}

open_enum! {
    /// Kinds of participants: object-model 1.21.1 `ParticipantType`.
    pub enum ParticipantType: any_case {
        /// The conversation monitor.
        Monitor = "MONITOR",
        Customer = "CUSTOMER",
        Agent = "AGENT",
        Bot = "BOT",
        App = "APP",
    }
}

open_enum! {
    /// As what somebody takes part: object-model 1.21.1 `ParticipantRole`.
    pub enum ParticipantRole {
        /// Talks to the customer.
        Primary = "PRIMARY",
        /// A bot that suggests, or an agent who was consulted: talks to agents.
        Assistant = "ASSISTANT",
        Customer = "CUSTOMER",
        /// A supervisor who reads unseen.
        SilentMonitor = "SILENT_MONITOR",
        /// A supervisor who talks to agents.
        Whisper = "WHISPER",
        /// An agent who has left and still notes what it was about.
        WrapUp = "WRAP_UP",
    }
}

open_enum! {
    /// Whether a participant listens: object-model 1.21.1 `ConversationParticipantState`.
    pub enum ParticipantState {
        Subscribed = "SUBSCRIBED",
        Unsubscribed = "UNSUBSCRIBED",
    }
}
