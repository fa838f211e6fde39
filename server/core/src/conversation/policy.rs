//! The policy of a conversation, which CIM calls its controller: one pure function from a snapshot and a trigger to
//! effects. It reads no clock and writes nothing; the transaction that the trigger belongs to applies the effects, so that
//! no crash can come between the two.

use portico_shared::ids::ParticipantId;
use serde_json::{Map, Value};

/// Priority of a task for which none is named (1 to 10, 10 the most urgent).
const DEFAULT_PRIORITY: u8 = 1;

/// The conversation as it stands after the trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// The room is a closed circle: nothing is routed and no bot takes part.
    pub(crate) private: bool,
    /// The customer's session is open.
    pub(crate) customer_present: bool,
    /// The bot that the channel is configured with.
    pub(crate) channel_bot: Option<ParticipantId>,
    /// The bot that takes part.
    pub(crate) bot: Option<AssignedBot>,
    /// How many agents take part.
    pub(crate) agents: usize,
    /// How far the task for an agent is.
    pub(crate) task: TaskProgress,
}

/// A bot that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssignedBot {
    pub(crate) id: ParticipantId,
    pub(crate) role: BotRole,
}

/// A bot's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BotRole {
    /// Talks to the customer.
    Primary,
    /// Suggests to agents.
    Assistant,
}

/// How far a task for an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskProgress {
    /// There is none.
    None,
    /// It is queued, or reserved for an agent.
    Open,
    /// An agent has taken it.
    Served,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trigger {
    /// The conversation was opened.
    Started,
    /// The customer wrote.
    CustomerWrote,
    /// An agent joined.
    AgentJoined,
    /// An agent left.
    AgentLeft {
        agent: ParticipantId,
        /// Whether it left or lost its connection.
        how: Departure,
    },
    /// The customer's session is over.
    SessionEnded,
    /// A bot asks for something.
    BotAsked(BotAction),
    /// A bot cannot answer.
    BotFailed,
}

/// Why an agent is no longer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// It left the conversation.
    Left,
    /// Its connection was gone for too long.
    Lost,
}

/// A consequence that the transaction applies.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// The bot joins as the one who talks to the customer.
    AssignBot(ParticipantId),
    /// The bot changes its role.
    ChangeBotRole(ParticipantId, BotRole),
    /// A task for an agent is queued.
    FindAgent(NewTask),
    /// The open task is closed unserved.
    CancelRequest,
    /// The customer's session is closed by the system.
    EndSession,
    /// Conversation data is added.
    UpdateData(Map<String, Value>),
}

/// A task to be queued. What it leaves open follows from the channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NewTask {
    /// A queue's name or id; the channel's queue if absent.
    pub(crate) queue: Option<String>,
    /// 1 to 10.
    pub(crate) priority: u8,
}

/// What a bot can ask for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BotAction {
    /// `FIND_AGENT`.
    FindAgent(NewTask),
    /// `END_CONVERSATION`.
    EndConversation,
    /// `UPDATE_CONVERSATION_DATA`.
    UpdateData(Map<String, Value>),
    /// Anything else stands in the log and has no effect here.
    Unknown,
}

impl NewTask {
    /// A task in the channel's queue with the default priority.
    fn usual() -> Self {
        Self {
            queue: None,
            priority: DEFAULT_PRIORITY,
        }
    }

    /// Reads the data of `FIND_AGENT`: `queue` is a name, or `{type, value}`; all of it is optional.
    fn read(data: &Value) -> Self {
        let queue = match data.get("queue") {
            Some(Value::String(name)) => Some(name.clone()),
            Some(Value::Object(queue)) => queue.get("value").and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        let priority = data
            .get("priority")
            .and_then(Value::as_u64)
            .unwrap_or(u64::from(DEFAULT_PRIORITY));
        Self {
            queue: queue.filter(|queue| !queue.is_empty()),
            priority: priority.clamp(1, 10) as u8,
        }
    }
}

impl BotAction {
    /// Reads an action by its name.
    pub(crate) fn read(name: &str, data: Option<&Value>) -> Self {
        let data = data.unwrap_or(&Value::Null);
        match name {
            "FIND_AGENT" => Self::FindAgent(NewTask::read(data)),
            "END_CONVERSATION" => Self::EndConversation,
            "UPDATE_CONVERSATION_DATA" => match data.as_object() {
                Some(data) => Self::UpdateData(data.clone()),
                None => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }
}

/// The effects of a trigger.
pub(crate) fn effects(snapshot: &Snapshot, trigger: &Trigger) -> Vec<Effect> {
    if snapshot.private {
        return Vec::new();
    }
    match trigger {
        Trigger::Started => match &snapshot.channel_bot {
            Some(bot) => vec![Effect::AssignBot(bot.clone())],
            None => find_agent(snapshot, NewTask::usual()),
        },
        Trigger::CustomerWrote if nobody_answers(snapshot) => find_agent(snapshot, NewTask::usual()),
        Trigger::CustomerWrote => Vec::new(),
        Trigger::AgentJoined => change_bot_role(snapshot, BotRole::Assistant),
        Trigger::AgentLeft { how, .. } => agent_left(snapshot, *how),
        Trigger::SessionEnded => match snapshot.task {
            TaskProgress::Open => vec![Effect::CancelRequest],
            TaskProgress::None | TaskProgress::Served => Vec::new(),
        },
        Trigger::BotAsked(action) => bot_asked(snapshot, action),
        Trigger::BotFailed => find_agent(snapshot, NewTask::usual()),
    }
}

fn agent_left(snapshot: &Snapshot, how: Departure) -> Vec<Effect> {
    if snapshot.agents > 0 || !snapshot.customer_present {
        return Vec::new();
    }
    let mut effects = change_bot_role(snapshot, BotRole::Primary);
    match how {
        Departure::Left => {}
        Departure::Lost => effects.extend(find_agent(snapshot, NewTask::usual())),
    }
    effects
}

fn bot_asked(snapshot: &Snapshot, action: &BotAction) -> Vec<Effect> {
    match action {
        BotAction::UpdateData(data) => vec![Effect::UpdateData(data.clone())],
        // An assistant advises the agent who serves: it neither ends that chat nor sends it elsewhere.
        BotAction::FindAgent(_) | BotAction::EndConversation if !talks(snapshot) => Vec::new(),
        BotAction::FindAgent(task) => find_agent(snapshot, task.clone()),
        BotAction::EndConversation if snapshot.customer_present => vec![Effect::EndSession],
        BotAction::EndConversation | BotAction::Unknown => Vec::new(),
    }
}

/// Asking again while a task is open, or while an agent serves, changes nothing.
fn find_agent(snapshot: &Snapshot, task: NewTask) -> Vec<Effect> {
    let wanting = snapshot.customer_present && snapshot.task == TaskProgress::None && snapshot.agents == 0;
    if wanting {
        vec![Effect::FindAgent(task)]
    } else {
        Vec::new()
    }
}

fn change_bot_role(snapshot: &Snapshot, role: BotRole) -> Vec<Effect> {
    match &snapshot.bot {
        Some(bot) if bot.role != role => vec![Effect::ChangeBotRole(bot.id.clone(), role)],
        Some(_) | None => Vec::new(),
    }
}

/// Whether the bot talks to the customer.
fn talks(snapshot: &Snapshot) -> bool {
    snapshot.bot.as_ref().is_some_and(|bot| bot.role == BotRole::Primary)
}

fn nobody_answers(snapshot: &Snapshot) -> bool {
    snapshot.bot.is_none() && snapshot.agents == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with_bot(role: BotRole) -> Snapshot {
        Snapshot {
            private: false,
            customer_present: true,
            channel_bot: Some(ParticipantId::new("bot")),
            bot: Some(AssignedBot {
                id: ParticipantId::new("bot"),
                role,
            }),
            agents: 0,
            task: TaskProgress::None,
        }
    }

    fn without_bot() -> Snapshot {
        Snapshot {
            channel_bot: None,
            bot: None,
            ..with_bot(BotRole::Primary)
        }
    }

    fn asks(name: &str, data: Value) -> Trigger {
        Trigger::BotAsked(BotAction::read(name, Some(&data)))
    }

    fn leaves(how: Departure) -> Trigger {
        Trigger::AgentLeft {
            agent: ParticipantId::new("ann"),
            how,
        }
    }

    fn find_agent_effect(queue: Option<&str>, priority: u8) -> Vec<Effect> {
        vec![Effect::FindAgent(NewTask {
            queue: queue.map(str::to_owned),
            priority,
        })]
    }

    #[test]
    fn the_channels_bot_is_assigned_at_the_start() {
        let snapshot = Snapshot {
            bot: None,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(
            effects(&snapshot, &Trigger::Started),
            [Effect::AssignBot(ParticipantId::new("bot"))]
        );
    }

    #[test]
    fn without_a_bot_an_agent_is_wanted_at_the_start() {
        assert_eq!(effects(&without_bot(), &Trigger::Started), find_agent_effect(None, 1));
    }

    #[test]
    fn a_customer_whom_nobody_answers_is_never_left_alone() {
        assert_eq!(
            effects(&without_bot(), &Trigger::CustomerWrote),
            find_agent_effect(None, 1)
        );
        assert_eq!(effects(&with_bot(BotRole::Primary), &Trigger::CustomerWrote), []);
        assert_eq!(
            effects(
                &Snapshot {
                    agents: 1,
                    ..without_bot()
                },
                &Trigger::CustomerWrote
            ),
            []
        );
    }

    #[test]
    fn a_bot_hands_over_to_the_queue_it_names() {
        let snapshot = with_bot(BotRole::Primary);
        assert_eq!(
            effects(&snapshot, &asks("FIND_AGENT", json!({}))),
            find_agent_effect(None, 1)
        );
        assert_eq!(
            effects(
                &snapshot,
                &asks("FIND_AGENT", json!({"queue": "sales", "type": "NAME", "priority": 7}))
            ),
            find_agent_effect(Some("sales"), 7)
        );
        let spelled_out = json!({"queue": {"type": "NAME", "value": "sales"}, "priority": 99});
        assert_eq!(
            effects(&snapshot, &asks("FIND_AGENT", spelled_out)),
            find_agent_effect(Some("sales"), 10)
        );
    }

    #[test]
    fn asking_for_an_agent_twice_makes_one_request() {
        for task in [TaskProgress::Open, TaskProgress::Served] {
            let snapshot = Snapshot {
                task,
                ..with_bot(BotRole::Primary)
            };
            assert_eq!(effects(&snapshot, &asks("FIND_AGENT", json!({}))), []);
        }
    }

    #[test]
    fn the_bot_steps_back_when_an_agent_joins_and_forward_when_the_last_one_left() {
        let assistant = Effect::ChangeBotRole(ParticipantId::new("bot"), BotRole::Assistant);
        let joined = Snapshot {
            agents: 1,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(effects(&joined, &Trigger::AgentJoined), [assistant]);

        let primary = Effect::ChangeBotRole(ParticipantId::new("bot"), BotRole::Primary);
        assert_eq!(
            effects(&with_bot(BotRole::Assistant), &leaves(Departure::Left)),
            [primary]
        );
        let one_remains = Snapshot {
            agents: 1,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(effects(&one_remains, &leaves(Departure::Left)), []);
    }

    #[test]
    fn a_lost_agent_is_replaced() {
        let followed = effects(&with_bot(BotRole::Assistant), &leaves(Departure::Lost));
        assert!(followed.contains(&Effect::FindAgent(NewTask::usual())), "{followed:?}");
        let gone = Snapshot {
            customer_present: false,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(effects(&gone, &leaves(Departure::Lost)), []);
    }

    #[test]
    fn a_customer_who_ends_while_waiting_takes_the_request_along() {
        let waiting = Snapshot {
            task: TaskProgress::Open,
            customer_present: false,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(effects(&waiting, &Trigger::SessionEnded), [Effect::CancelRequest]);
        let served = Snapshot {
            task: TaskProgress::Served,
            ..waiting
        };
        assert_eq!(effects(&served, &Trigger::SessionEnded), []);
    }

    #[test]
    fn a_failing_bot_brings_in_a_person() {
        assert_eq!(
            effects(&with_bot(BotRole::Primary), &Trigger::BotFailed),
            find_agent_effect(None, 1)
        );
        let served = Snapshot {
            agents: 1,
            task: TaskProgress::Served,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(effects(&served, &Trigger::BotFailed), []);
    }

    #[test]
    fn a_bot_can_end_and_annotate_and_what_is_unknown_has_no_effect() {
        let snapshot = with_bot(BotRole::Primary);
        assert_eq!(
            effects(&snapshot, &asks("END_CONVERSATION", Value::Null)),
            [Effect::EndSession]
        );
        let data = json!({"topic": "billing"});
        let update = Effect::UpdateData(data.as_object().cloned().unwrap_or_default());
        assert_eq!(effects(&snapshot, &asks("UPDATE_CONVERSATION_DATA", data)), [update]);
        assert_eq!(effects(&snapshot, &asks("MAKE_COFFEE", json!({"cups": 2}))), []);
    }

    #[test]
    fn a_bot_that_assists_an_agent_does_not_end_or_move_the_chat_and_may_annotate_it() {
        let served = Snapshot {
            agents: 1,
            task: TaskProgress::Served,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(effects(&served, &asks("END_CONVERSATION", Value::Null)), []);
        assert_eq!(effects(&served, &asks("FIND_AGENT", json!({}))), []);
        let data = json!({"summary": "wants a refund"});
        assert_eq!(effects(&served, &asks("UPDATE_CONVERSATION_DATA", data)).len(), 1);
    }

    #[test]
    fn nothing_follows_in_a_private_room() {
        let private = Snapshot {
            private: true,
            ..without_bot()
        };
        for trigger in [Trigger::Started, Trigger::CustomerWrote, asks("FIND_AGENT", json!({}))] {
            assert_eq!(effects(&private, &trigger), []);
        }
    }
}
