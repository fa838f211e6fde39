//! A conversation as its actor holds it: the stored projection and its open request.

use crate::conversation::policy::{AssignedBot, BotRole, Snapshot, TaskProgress};
use crate::store::{
    ConversationRecord, ParticipantRecord, ReadMarker, SessionVersion, Store, StoreError, TaskPhase, TaskRecord,
};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::cim::{RoomInfo, RoomMode};
use portico_shared::ids::{ConversationId, ParticipantId, Seq};

/// One conversation.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// What the store has of it.
    pub(crate) record: ConversationRecord,
    /// The request that [`ConversationRecord::task`] names.
    pub(crate) task: Option<TaskRecord>,
}

impl State {
    /// Reads a conversation from the store.
    pub(crate) async fn load(store: &dyn Store, id: &ConversationId) -> Result<Option<Self>, StoreError> {
        let Some(record) = store.conversation(id).await? else {
            return Ok(None);
        };
        let task = match &record.task {
            Some(task) => store.task(task).await?.filter(|task| task.state != TaskPhase::Closed),
            None => None,
        };
        Ok(Some(Self::of(record, task)))
    }

    /// Puts it together from its records.
    pub(crate) fn of(record: ConversationRecord, task: Option<TaskRecord>) -> Self {
        Self { record, task }
    }

    /// The customer's session.
    pub(crate) fn session(&self) -> &SessionVersion {
        &self.record.channel_session
    }

    /// Whether the customer's session is over.
    pub(crate) fn is_ended(&self) -> bool {
        self.record.ended_at.is_some()
    }

    /// Whether customer and agents have all left.
    pub(crate) fn is_closed(&self) -> bool {
        self.record.state == ConversationState::Closed
    }

    /// Agents who take part.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &ParticipantRecord> {
        self.record
            .participants
            .iter()
            .filter(|one| one.kind == ParticipantType::Agent)
    }

    /// An agent who takes part.
    pub(crate) fn agent(&self, id: &ParticipantId) -> Option<&ParticipantRecord> {
        self.agents().find(|agent| agent.id == *id)
    }

    /// The bot that takes part.
    pub(crate) fn bot(&self) -> Option<&ParticipantRecord> {
        self.record
            .participants
            .iter()
            .find(|one| one.kind == ParticipantType::Bot)
    }

    /// Whether a request rings at this agent.
    pub(crate) fn is_reserved_for(&self, agent: &ParticipantId) -> bool {
        let ringing = self.task.as_ref().filter(|task| task.state == TaskPhase::Reserved);
        ringing.is_some_and(|task| task.assigned_to.as_ref() == Some(agent))
    }

    /// Whether a request for an agent waits or rings.
    pub(crate) fn is_waiting(&self) -> bool {
        let phase = self.task.as_ref().map(|task| task.state);
        matches!(phase, Some(TaskPhase::Queued | TaskPhase::Reserved))
    }

    /// The room as events name it.
    pub(crate) fn room(&self) -> RoomInfo {
        self.session().room_info.clone().unwrap_or_else(|| RoomInfo {
            id: self.record.room.clone(),
            mode: Some(RoomMode::ContactCenter),
            ..RoomInfo::default()
        })
    }

    /// Where a member has come to.
    pub(crate) fn marker(&self, member: &str) -> ReadMarker {
        let marker = self
            .record
            .markers
            .iter()
            .find(|marker| marker.member == member)
            .cloned();
        marker.unwrap_or_else(|| ReadMarker {
            member: member.to_owned(),
            delivered: Seq::START,
            read: Seq::START,
        })
    }

    /// Remembers where a member has come to.
    pub(crate) fn set_marker(&mut self, marker: ReadMarker) {
        match self
            .record
            .markers
            .iter_mut()
            .find(|known| known.member == marker.member)
        {
            Some(known) => *known = marker,
            None => self.record.markers.push(marker),
        }
    }

    /// The situation that the controller judges. `channel_bot` comes from the configuration.
    pub(crate) fn snapshot(&self, channel_bot: Option<ParticipantId>) -> Snapshot {
        Snapshot {
            private: self.room().mode == Some(RoomMode::Private),
            customer_present: !self.is_ended(),
            channel_bot,
            bot: self.bot().map(|bot| AssignedBot {
                id: bot.id.clone(),
                role: if bot.role == ParticipantRole::Assistant {
                    BotRole::Assistant
                } else {
                    BotRole::Primary
                },
            }),
            agents: self.agents().count(),
            task: match self.task.as_ref().map(|task| task.state) {
                Some(TaskPhase::Queued | TaskPhase::Reserved) => TaskProgress::Open,
                Some(TaskPhase::Active) => TaskProgress::Served,
                Some(TaskPhase::Closed) | None => TaskProgress::None,
            },
        }
    }
}
