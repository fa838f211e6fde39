//! What a customer is told, and what not.

use crate::world::{customers, happened, notices, outline, said};
use portico_client::timeline::CustomerNotice;
use portico_shared::cim::body::{DeletedBody, DeliveryBody, NotificationBody};
use portico_shared::cim::channel_session::{ChannelSession, ChannelSessionReason, ChannelSessionState};
use portico_shared::cim::event_data::{AgentChange, RoleChanged};
use portico_shared::cim::participant::{ConversationParticipant, Participant, ParticipantRole};
use portico_shared::cim::user::KeycloakUser;
use portico_shared::cim::{CcUser, EventData, EventName, MessageBody};

/// What a customer is told of this.
fn told(name: EventName, data: EventData) -> Vec<CustomerNotice> {
    let items = customers(&[happened(1, 0, "system", name, data)]);
    notices(&items).into_iter().cloned().collect()
}

fn agent(role: ParticipantRole) -> Box<ConversationParticipant> {
    let user = CcUser {
        keycloak_user: Some(KeycloakUser {
            first_name: Some("Bob".to_owned()),
            ..KeycloakUser::default()
        }),
        ..CcUser::default()
    };
    Box::new(ConversationParticipant {
        role,
        participant: Participant::CcUser(Box::new(user)),
        ..ConversationParticipant::default()
    })
}

fn change(role: ParticipantRole) -> EventData {
    EventData::AgentChange(Box::new(AgentChange {
        agent_participant: agent(role),
        ..AgentChange::default()
    }))
}

fn role(role: ParticipantRole) -> EventData {
    EventData::RoleChanged(Box::new(RoleChanged {
        conversation_participant: agent(role),
        ..RoleChanged::default()
    }))
}

fn bob() -> String {
    "Bob".to_owned()
}

#[test]
fn an_agent_who_talks_to_the_customer_comes_and_goes_by_first_name() {
    use EventName::{AgentSubscribed, AgentUnsubscribed};
    assert_eq!(
        told(AgentSubscribed, change(ParticipantRole::Primary)),
        [CustomerNotice::Joined(bob())]
    );
    assert_eq!(
        told(AgentUnsubscribed, change(ParticipantRole::Primary)),
        [CustomerNotice::Left(bob())]
    );
}

#[test]
fn an_agent_who_only_talks_to_agents_comes_and_goes_unseen() {
    for role in [
        ParticipantRole::Assistant,
        ParticipantRole::SilentMonitor,
        ParticipantRole::Whisper,
    ] {
        assert_eq!(told(EventName::AgentSubscribed, change(role.clone())), []);
        assert_eq!(told(EventName::AgentUnsubscribed, change(role)), []);
    }
}

#[test]
fn an_agent_who_begins_to_talk_joins_and_one_who_wraps_up_has_left() {
    let changed = |to| told(EventName::ParticipantRoleChanged, role(to));
    assert_eq!(changed(ParticipantRole::Primary), [CustomerNotice::Joined(bob())]);
    assert_eq!(changed(ParticipantRole::WrapUp), [CustomerNotice::Left(bob())]);
    assert_eq!(changed(ParticipantRole::Assistant), []);
}

#[test]
fn waiting_and_holding_are_told() {
    let told = |name| told(name, EventData::Null);
    assert_eq!(told(EventName::TaskEnqueued), [CustomerNotice::Enqueued]);
    assert_eq!(told(EventName::NoAgentAvailable), [CustomerNotice::NoAgent]);
    assert_eq!(told(EventName::ConversationPaused), [CustomerNotice::Paused]);
    assert_eq!(told(EventName::ConversationResumed), [CustomerNotice::Resumed]);
}

#[test]
fn the_end_says_why() {
    let session = |reason_code| {
        EventData::ChannelSession(Box::new(ChannelSession {
            state: Some(ChannelSessionState {
                reason_code,
                ..ChannelSessionState::default()
            }),
            ..ChannelSession::default()
        }))
    };
    let reason = Some(ChannelSessionReason::Inactivity);
    for name in [EventName::ChannelSessionEnded, EventName::ChannelSessionExpired] {
        let ended = [CustomerNotice::Ended(reason.clone())];
        assert_eq!(told(name, session(reason.clone())), ended);
    }
    let ended = told(EventName::ChannelSessionEnded, session(None));
    assert_eq!(ended, [CustomerNotice::Ended(None)]);
    assert_eq!(told(EventName::ChannelSessionStarted, session(None)), []);
}

#[test]
fn what_concerns_agents_alone_is_not_shown() {
    for name in [
        EventName::BotSubscribed,
        EventName::ConversationDataChanged,
        EventName::AgentReserved,
        EventName::BotSuggestion,
        EventName::Other("SOMETHING_NEW".to_owned()),
    ] {
        assert_eq!(told(name, EventData::Null), []);
    }
}

#[test]
fn notifications_receipts_and_deletions_are_no_messages() {
    let entries = [
        said(1, 0, "bob", MessageBody::Notification(NotificationBody::default())),
        said(2, 0, "bob", MessageBody::DeliveryNotification(DeliveryBody::default())),
        said(3, 0, "bob", MessageBody::DeletedNotification(DeletedBody::default())),
    ];
    assert_eq!(outline(&customers(&entries)), [""; 0]);
}
