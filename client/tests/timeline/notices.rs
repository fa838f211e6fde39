//! Which line an agent reads about an event, in which colour, and whether it is folded.

use crate::world::{agents, events, happened, said};
use portico_client::agent::LogEntry;
use portico_client::timeline::{AgentEvent, AgentNotice, DisplayName, NoticeKind, Sign, Tone};
use portico_shared::cim::body::{NotificationBody, NotificationType};
use portico_shared::cim::channel_session::{ChannelSessionReason, ChannelSessionState};
use portico_shared::cim::event_data::{
    AgentChange, AgentReserved, HandRaise, RoleChanged, TaskEnqueued, TaskStateChanged,
};
use portico_shared::cim::participant::{BotParticipant, ParticipantRole, ParticipantType};
use portico_shared::cim::task::{QueueName, Task, TaskCloseReason, TaskState, TaskStateName};
use portico_shared::cim::user::KeycloakUser;
use portico_shared::cim::{
    CcUser, ChannelSession, ConversationParticipant, Customer, EventData, EventName, MessageBody, Participant,
};
use serde_json::json;

/// What the only line of this entry is.
fn notice(entry: LogEntry) -> AgentNotice {
    let items = agents(&[entry]);
    match &events(&items)[..] {
        [AgentEvent::Notice(notice)] => notice.clone(),
        [AgentEvent::Folded(run)] => run[0].what.clone(),
        other => panic!("{other:?}"),
    }
}

fn kind(name: EventName, data: EventData) -> NoticeKind {
    notice(happened(1, 0, "ada", name, data)).kind
}

/// Name, sign, tone, and whether it is folded.
fn look(name: EventName, data: EventData) -> (Sign, Tone, bool) {
    let notice = notice(happened(1, 0, "ada", name, data));
    (notice.sign(), notice.tone(), notice.is_minor())
}

fn user(first: Option<&str>, last: Option<&str>, login: Option<&str>) -> CcUser {
    let owned = |name: Option<&str>| name.map(str::to_owned);
    CcUser {
        keycloak_user: Some(KeycloakUser {
            first_name: owned(first),
            last_name: owned(last),
            username: owned(login),
            ..KeycloakUser::default()
        }),
        ..CcUser::default()
    }
}

fn takes_part(participant: Participant, role: ParticipantRole) -> Box<ConversationParticipant> {
    Box::new(ConversationParticipant {
        participant,
        role,
        ..ConversationParticipant::default()
    })
}

fn change(user: CcUser, role: ParticipantRole, reason: Option<&str>) -> EventData {
    EventData::AgentChange(Box::new(AgentChange {
        agent_participant: takes_part(Participant::CcUser(Box::new(user)), role),
        reason: reason.map(str::to_owned),
        ..AgentChange::default()
    }))
}

fn role(participant: Participant, role: ParticipantRole) -> EventData {
    EventData::RoleChanged(Box::new(RoleChanged {
        conversation_participant: takes_part(participant, role),
        ..RoleChanged::default()
    }))
}

fn bot() -> BotParticipant {
    BotParticipant {
        name: Some("Robot".to_owned()),
        ..BotParticipant::default()
    }
}

fn known(name: &str) -> DisplayName {
    DisplayName::Known(name.to_owned())
}

#[test]
fn an_agent_is_called_by_full_name_or_login_or_what_it_is() {
    let called = |user| match kind(
        EventName::AgentSubscribed,
        change(user, ParticipantRole::Assistant, None),
    ) {
        NoticeKind::AgentJoined { name, role } => {
            assert_eq!(role, ParticipantRole::Assistant);
            name
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(called(user(Some("Bob"), Some("Ross"), Some("bob"))), known("Bob Ross"));
    assert_eq!(called(user(None, None, Some("bob"))), known("bob"));
    let nameless = DisplayName::Unknown(ParticipantType::Agent);
    assert_eq!(called(user(None, None, None)), nameless);
    assert_eq!(called(CcUser::default()), nameless);
}

#[test]
fn who_comes_is_good_news_and_who_goes_says_why() {
    let bob = || user(Some("Bob"), None, None);
    let came = change(bob(), ParticipantRole::Primary, None);
    assert_eq!(
        look(EventName::AgentSubscribed, came),
        (Sign::Joined, Tone::Good, false)
    );
    let went = change(bob(), ParticipantRole::Primary, Some("LOGOUT"));
    let left = NoticeKind::AgentLeft {
        name: known("Bob"),
        reason: Some("LOGOUT".to_owned()),
    };
    assert_eq!(kind(EventName::AgentUnsubscribed, went), left);
}

#[test]
fn bots_come_go_and_change_their_part_folded() {
    let of = |name| kind(name, EventData::Bot(bot()));
    assert_eq!(of(EventName::BotSubscribed), NoticeKind::BotJoined(known("Robot")));
    assert_eq!(of(EventName::BotUnsubscribed), NoticeKind::BotLeft(known("Robot")));
    let changed = role(Participant::Bot(bot()), ParticipantRole::Assistant);
    let expected = NoticeKind::BotRoleChanged {
        name: known("Robot"),
        role: ParticipantRole::Assistant,
    };
    assert_eq!(kind(EventName::ParticipantRoleChanged, changed.clone()), expected);
    assert_eq!(
        look(EventName::ParticipantRoleChanged, changed),
        (Sign::Role, Tone::Plain, true)
    );
}

#[test]
fn the_part_of_a_person_is_told_openly() {
    let customer = Participant::ChannelSession(Box::default());
    let changed = role(customer, ParticipantRole::Customer);
    let expected = NoticeKind::RoleChanged {
        name: DisplayName::Unknown(ParticipantType::Customer),
        role: ParticipantRole::Customer,
    };
    assert_eq!(kind(EventName::ParticipantRoleChanged, changed.clone()), expected);
    assert_eq!(
        look(EventName::ParticipantRoleChanged, changed),
        (Sign::Role, Tone::Plain, false)
    );
}

#[test]
fn a_chat_begins_ends_and_expires() {
    let session = |reason_code| {
        EventData::ChannelSession(Box::new(ChannelSession {
            state: Some(ChannelSessionState {
                reason_code,
                ..ChannelSessionState::default()
            }),
            ..ChannelSession::default()
        }))
    };
    let started = kind(EventName::ChannelSessionStarted, session(None));
    assert_eq!(started, NoticeKind::ChatStarted { channel: None });
    let reason = Some(ChannelSessionReason::Agent);
    let ended = kind(EventName::ChannelSessionEnded, session(reason.clone()));
    assert_eq!(ended, NoticeKind::ChatEnded { reason });
    let expired = look(EventName::ChannelSessionExpired, session(None));
    assert_eq!(expired, (Sign::Ended, Tone::Bad, false));
    let updated = look(EventName::ChannelSessionDataUpdated, session(None));
    assert_eq!(updated, (Sign::Data, Tone::Plain, true));
}

#[test]
fn a_request_waits_rings_and_comes_further() {
    let queue = |queue| {
        EventData::TaskEnqueued(Box::new(TaskEnqueued {
            queue,
            ..TaskEnqueued::default()
        }))
    };
    let sales = QueueName {
        name: Some("Sales".to_owned()),
        ..QueueName::default()
    };
    let waits = kind(EventName::TaskEnqueued, queue(Some(sales)));
    let in_sales = Some("Sales".to_owned());
    assert_eq!(waits, NoticeKind::Enqueued { queue: in_sales });
    assert_eq!(
        look(EventName::TaskEnqueued, queue(None)),
        (Sign::Waits, Tone::Plain, false)
    );

    let reserved = EventData::AgentReserved(Box::new(AgentReserved {
        cc_user: Some(Box::new(user(Some("Bob"), None, None))),
        ..AgentReserved::default()
    }));
    let rings = kind(EventName::AgentReserved, reserved);
    assert_eq!(rings, NoticeKind::Offered { name: known("Bob") });

    let closed = EventData::TaskStateChanged(Box::new(TaskStateChanged {
        task: Box::new(Task {
            state: Some(TaskState {
                name: TaskStateName::Closed,
                reason_code: Some(TaskCloseReason::parse("RONA")),
                ..TaskState::default()
            }),
            ..Task::default()
        }),
        ..TaskStateChanged::default()
    }));
    let expected = NoticeKind::TaskChanged {
        state: TaskStateName::Closed,
        reason: Some(TaskCloseReason::parse("RONA")),
        assigned_to: None,
    };
    assert_eq!(kind(EventName::TaskStateChanged, closed), expected);
}

#[test]
fn a_customer_is_linked_by_first_name_or_id() {
    let linked = |first_name: Option<&str>| {
        let customer = Customer {
            id: "7".to_owned(),
            first_name: first_name.map(str::to_owned),
            ..Customer::default()
        };
        kind(EventName::AssociatedCustomerChanged, EventData::Customer(customer))
    };
    assert_eq!(linked(Some("Carol")), NoticeKind::CustomerLinked("Carol".to_owned()));
    assert_eq!(linked(None), NoticeKind::CustomerLinked("7".to_owned()));
}

#[test]
fn a_raised_hand_is_that_of_whom_it_names_or_of_the_author() {
    let hand = |user_name: Option<&str>| {
        EventData::HandRaise(HandRaise {
            user_name: user_name.map(str::to_owned),
            ..HandRaise::default()
        })
    };
    let raised = kind(EventName::HandRaised, hand(Some("Bob")));
    assert_eq!(raised, NoticeKind::HandRaised("Bob".to_owned()));
    let lowered = kind(EventName::HandDown, hand(None));
    assert_eq!(lowered, NoticeKind::HandLowered("Ada L.".to_owned()));
}

#[test]
fn a_notification_says_its_text_or_its_type() {
    let notified = |markdown_text: Option<&str>| {
        let body = NotificationBody {
            markdown_text: markdown_text.map(str::to_owned),
            notification_type: Some(NotificationType::SystemError),
            ..NotificationBody::default()
        };
        notice(said(1, 0, "system", MessageBody::Notification(body))).kind
    };
    assert_eq!(notified(Some("Careful")), NoticeKind::Text("Careful".to_owned()));
    let typed = NoticeKind::Notification("SYSTEM_ERROR".to_owned());
    assert_eq!(notified(Some("")), typed);
    assert_eq!(notified(None), typed);
}

#[test]
fn what_is_known_from_the_name_alone() {
    use EventName as Name;
    let plain = [
        (Name::CustomerLeft, NoticeKind::CustomerLeft),
        (Name::ConversationPaused, NoticeKind::OnHold),
        (Name::HoldTimer, NoticeKind::OnHold),
        (Name::ConversationResumed, NoticeKind::Resumed),
        (Name::CallHold, NoticeKind::CallHeld),
        (Name::CallResume, NoticeKind::CallResumed),
        (Name::RemoveChannelSession, NoticeKind::SessionClosing),
        (Name::FindAgent, NoticeKind::AgentRequested),
        (Name::AssignResourceRequested, NoticeKind::AgentRequested),
        (Name::RevokeResource, NoticeKind::RequestRevoked),
        (Name::AgentSla, NoticeKind::SlaStarted),
        (Name::ResetAgentSla, NoticeKind::SlaStarted),
        (Name::AgentSlaStopped, NoticeKind::SlaStopped),
        (Name::ConversationStarted, NoticeKind::Other(Name::ConversationStarted)),
    ];
    for (name, expected) in plain {
        assert_eq!(kind(name, EventData::Null), expected);
    }
    let bad = [
        Name::NoResponseEntity,
        Name::RemoveAllAgents,
        Name::AgentSlaExpired,
        Name::ResponseSlaBreached,
        Name::CustomerSlaExpired,
        Name::CustomerActivityTimeout,
        Name::BotTimeout,
        Name::BotNotAvailable,
    ];
    for name in bad {
        let (_, tone, is_minor) = look(name, EventData::Null);
        assert_eq!((tone, is_minor), (Tone::Bad, false));
    }
}

#[test]
fn values_of_an_unknown_kind_unfold() {
    let raw = |value| notice(happened(1, 0, "ada", EventName::FormsData, EventData::Raw(value))).values;
    let values = json!({ "a": 1 });
    assert_eq!(raw(values.clone()), values.as_object().cloned());
    assert_eq!(raw(json!({})), None);
    assert_eq!(raw(json!("text")), None);
}
