//! Who takes part in a conversation, and as what.

use crate::cim::decode::{Fault, Field, Fields, Path};
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::{CcUser, ChannelSession, Timestamp};
use crate::json::{Map, Value};

record! {
    /// Somebody in a conversation: object-model 1.21.1 `ConversationParticipant`.
    pub struct ConversationParticipant {
        /// As what it takes part.
        pub role: ParticipantRole = "role",
        /// Who.
        pub participant: Participant = "participant",
        /// The participation's id, not the actor's.
        pub id: String = "id",
        /// What kind of actor.
        pub kind: ParticipantType = "type",
        /// Since when.
        pub joining_time: Option<Timestamp> = "joiningTime",
        /// Not used.
        pub token: Option<String> = "token" always,
        /// In which conversation.
        pub conversation_id: Option<String> = "conversationId",
        /// Whether it is still there.
        pub is_active: Option<bool> = "isActive",
        /// Not used.
        pub user_credentials: Option<Map> = "userCredentials" always,
        /// Whether it listens.
        pub state: Option<ParticipantState> = "state",
        /// Since when it does, or not.
        pub state_changed_on: Option<Timestamp> = "stateChangedOn",
    }
    prepare = older_participants;
}

fn older_participants(fields: &mut Fields<'_>) {
    fields.rename("topicId", "conversationId");
}

/// The actor behind a participation, told apart by `participantType`.
#[derive(Debug, Clone, PartialEq)]
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

impl Field for Participant {
    fn blank() -> Self {
        Self::default()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value.get("participantType").and_then(Value::as_str) {
            Some("CCUser") => Self::CcUser(Field::read(value, at, fault)),
            Some("Bot") => Self::Bot(Field::read(value, at, fault)),
            Some("ChannelSession") => Self::ChannelSession(Field::read(value, at, fault)),
            _ => Self::Other(Field::read(value, at, fault)),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::CcUser(user) => Field::write(user),
            Self::Bot(bot) => Field::write(bot),
            Self::ChannelSession(session) => Field::write(session),
            Self::Other(map) => Field::write(map),
        }
    }
}

record! {
    /// A bot: object-model 1.21.1 `BotParticipant`. `participantType` is always `Bot`.
    pub struct BotParticipant {
        /// Its id.
        pub id: String = "id",
        /// What it speaks.
        pub kind: Option<BotType> = "type",
        /// Its name.
        pub name: Option<String> = "name",
        /// Where it listens.
        pub uri: Option<String> = "uri",
    }
    prepare = without_tag;
    finish = with_tag;
}

fn without_tag(fields: &mut Fields<'_>) {
    fields.map.remove("participantType");
}

fn with_tag(map: &mut Map) {
    map.insert("participantType".to_owned(), Value::from("Bot"));
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

record! {
    /// A third-party program that pushes activities in: object-model 1.21.1 `App`.
    pub struct App {
        /// Its id.
        pub id: String = "id",
        /// Its name.
        pub display_name: Option<String> = "displayName",
    }
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
