//! What follows from what: the rules of the conversation controller as one pure function from a situation and
//! something that happened to commands. It reads no clock and writes nothing; whoever calls it carries the commands
//! out in the same step as their cause, so that no crash can come between the two.

use portico_shared::ids::ParticipantId;
use serde_json::{Map, Value};

/// Priority of a request that names none (1 to 10, 10 the most urgent).
const DEFAULT_PRIORITY: u8 = 1;

/// How the conversation stands when something happens, that thing included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Situation {
    /// The room is a closed circle: nothing is routed and no bot takes part.
    pub(crate) private: bool,
    /// The customer's session is open.
    pub(crate) customer_present: bool,
    /// The bot that the channel is configured with.
    pub(crate) channel_bot: Option<ParticipantId>,
    /// The bot that takes part.
    pub(crate) bot: Option<BotSeat>,
    /// How many agents take part.
    pub(crate) agents: usize,
    /// Whether a request for an agent is open.
    pub(crate) request: Request,
}

/// A bot that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BotSeat {
    /// Which.
    pub(crate) id: ParticipantId,
    /// As what.
    pub(crate) role: BotRole,
}

/// As what a bot takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BotRole {
    /// Talks to the customer.
    Primary,
    /// Suggests to agents.
    Assistant,
}

/// How far a request for an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// There is none.
    None,
    /// It waits in a queue or rings at an agent.
    Open,
    /// An agent serves it.
    Served,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Happening {
    /// The conversation was opened.
    Started,
    /// The customer wrote.
    CustomerWrote,
    /// An agent came in.
    AgentJoined,
    /// An agent went.
    AgentLeft {
        /// Who.
        agent: ParticipantId,
        /// Whether it went of itself.
        how: Departure,
    },
    /// The customer's session is over.
    SessionEnded,
    /// A bot asks for something.
    BotAsked(BotAction),
    /// A bot cannot answer.
    BotFailed,
}

/// How an agent went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// It was done.
    Left,
    /// Its connection was gone for too long.
    Lost,
}

/// What follows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// The bot joins as the one who talks to the customer.
    AssignBot(ParticipantId),
    /// The bot goes on as something else.
    ChangeBotRole(ParticipantId, BotRole),
    /// An agent is wanted.
    FindAgent(AgentWanted),
    /// The request for an agent ends unserved.
    CancelRequest,
    /// The customer's session is closed by the system.
    EndSession,
    /// Facts about the conversation.
    UpdateData(Map<String, Value>),
}

/// A request for an agent. What it leaves open follows from the channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AgentWanted {
    /// Out of which queue.
    pub(crate) queue: Option<String>,
    /// 1 to 10.
    pub(crate) priority: u8,
}

/// What a bot can ask for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BotAction {
    /// `FIND_AGENT`.
    FindAgent(AgentWanted),
    /// `END_CONVERSATION`.
    EndConversation,
    /// `UPDATE_CONVERSATION_DATA`.
    UpdateData(Map<String, Value>),
    /// Anything else stands in the log and has no effect here.
    Unknown,
}

impl AgentWanted {
    /// Out of the channel's queue, no more urgent than others.
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
            "FIND_AGENT" => Self::FindAgent(AgentWanted::read(data)),
            "END_CONVERSATION" => Self::EndConversation,
            "UPDATE_CONVERSATION_DATA" => match data.as_object() {
                Some(facts) => Self::UpdateData(facts.clone()),
                None => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }
}

/// The rules.
pub(crate) fn react(situation: &Situation, happening: &Happening) -> Vec<Command> {
    if situation.private {
        return Vec::new();
    }
    match happening {
        Happening::Started => match &situation.channel_bot {
            Some(bot) => vec![Command::AssignBot(bot.clone())],
            None => find_agent(situation, AgentWanted::usual()),
        },
        Happening::CustomerWrote if nobody_answers(situation) => find_agent(situation, AgentWanted::usual()),
        Happening::CustomerWrote => Vec::new(),
        Happening::AgentJoined => change_bot_role(situation, BotRole::Assistant),
        Happening::AgentLeft { how, .. } => agent_left(situation, *how),
        Happening::SessionEnded => match situation.request {
            Request::Open => vec![Command::CancelRequest],
            Request::None | Request::Served => Vec::new(),
        },
        Happening::BotAsked(action) => bot_asked(situation, action),
        Happening::BotFailed => find_agent(situation, AgentWanted::usual()),
    }
}

fn agent_left(situation: &Situation, how: Departure) -> Vec<Command> {
    if situation.agents > 0 || !situation.customer_present {
        return Vec::new();
    }
    let mut commands = change_bot_role(situation, BotRole::Primary);
    match how {
        Departure::Left => {}
        Departure::Lost => commands.extend(find_agent(situation, AgentWanted::usual())),
    }
    commands
}

fn bot_asked(situation: &Situation, action: &BotAction) -> Vec<Command> {
    match action {
        BotAction::UpdateData(facts) => vec![Command::UpdateData(facts.clone())],
        // An assistant advises the agent who serves: it neither ends that chat nor sends it elsewhere.
        BotAction::FindAgent(_) | BotAction::EndConversation if !talks(situation) => Vec::new(),
        BotAction::FindAgent(wanted) => find_agent(situation, wanted.clone()),
        BotAction::EndConversation if situation.customer_present => vec![Command::EndSession],
        BotAction::EndConversation | BotAction::Unknown => Vec::new(),
    }
}

/// Asking again while a request is open, or while an agent serves, changes nothing.
fn find_agent(situation: &Situation, wanted: AgentWanted) -> Vec<Command> {
    let wanting = situation.customer_present && situation.request == Request::None && situation.agents == 0;
    if wanting {
        vec![Command::FindAgent(wanted)]
    } else {
        Vec::new()
    }
}

fn change_bot_role(situation: &Situation, role: BotRole) -> Vec<Command> {
    match &situation.bot {
        Some(bot) if bot.role != role => vec![Command::ChangeBotRole(bot.id.clone(), role)],
        Some(_) | None => Vec::new(),
    }
}

/// Whether the bot talks to the customer.
fn talks(situation: &Situation) -> bool {
    situation.bot.as_ref().is_some_and(|bot| bot.role == BotRole::Primary)
}

fn nobody_answers(situation: &Situation) -> bool {
    situation.bot.is_none() && situation.agents == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with_bot(role: BotRole) -> Situation {
        Situation {
            private: false,
            customer_present: true,
            channel_bot: Some(ParticipantId::new("bot")),
            bot: Some(BotSeat {
                id: ParticipantId::new("bot"),
                role,
            }),
            agents: 0,
            request: Request::None,
        }
    }

    fn without_bot() -> Situation {
        Situation {
            channel_bot: None,
            bot: None,
            ..with_bot(BotRole::Primary)
        }
    }

    fn asks(name: &str, data: Value) -> Happening {
        Happening::BotAsked(BotAction::read(name, Some(&data)))
    }

    fn leaves(how: Departure) -> Happening {
        Happening::AgentLeft {
            agent: ParticipantId::new("ann"),
            how,
        }
    }

    fn wanted(queue: Option<&str>, priority: u8) -> Vec<Command> {
        vec![Command::FindAgent(AgentWanted {
            queue: queue.map(str::to_owned),
            priority,
        })]
    }

    #[test]
    fn the_channels_bot_is_assigned_at_the_start() {
        let situation = Situation {
            bot: None,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(
            react(&situation, &Happening::Started),
            [Command::AssignBot(ParticipantId::new("bot"))]
        );
    }

    #[test]
    fn without_a_bot_an_agent_is_wanted_at_the_start() {
        assert_eq!(react(&without_bot(), &Happening::Started), wanted(None, 1));
    }

    #[test]
    fn a_customer_whom_nobody_answers_is_never_left_alone() {
        assert_eq!(react(&without_bot(), &Happening::CustomerWrote), wanted(None, 1));
        assert_eq!(react(&with_bot(BotRole::Primary), &Happening::CustomerWrote), []);
        assert_eq!(
            react(
                &Situation {
                    agents: 1,
                    ..without_bot()
                },
                &Happening::CustomerWrote
            ),
            []
        );
    }

    #[test]
    fn a_bot_hands_over_to_the_queue_it_names() {
        let situation = with_bot(BotRole::Primary);
        assert_eq!(react(&situation, &asks("FIND_AGENT", json!({}))), wanted(None, 1));
        assert_eq!(
            react(
                &situation,
                &asks("FIND_AGENT", json!({"queue": "sales", "type": "NAME", "priority": 7}))
            ),
            wanted(Some("sales"), 7)
        );
        let spelled_out = json!({"queue": {"type": "NAME", "value": "sales"}, "priority": 99});
        assert_eq!(
            react(&situation, &asks("FIND_AGENT", spelled_out)),
            wanted(Some("sales"), 10)
        );
    }

    #[test]
    fn asking_for_an_agent_twice_makes_one_request() {
        for request in [Request::Open, Request::Served] {
            let situation = Situation {
                request,
                ..with_bot(BotRole::Primary)
            };
            assert_eq!(react(&situation, &asks("FIND_AGENT", json!({}))), []);
        }
    }

    #[test]
    fn the_bot_steps_back_when_an_agent_joins_and_forward_when_the_last_one_left() {
        let assistant = Command::ChangeBotRole(ParticipantId::new("bot"), BotRole::Assistant);
        let joined = Situation {
            agents: 1,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(react(&joined, &Happening::AgentJoined), [assistant]);

        let primary = Command::ChangeBotRole(ParticipantId::new("bot"), BotRole::Primary);
        assert_eq!(
            react(&with_bot(BotRole::Assistant), &leaves(Departure::Left)),
            [primary]
        );
        let one_remains = Situation {
            agents: 1,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(react(&one_remains, &leaves(Departure::Left)), []);
    }

    #[test]
    fn a_lost_agent_is_replaced() {
        let commands = react(&with_bot(BotRole::Assistant), &leaves(Departure::Lost));
        assert!(
            commands.contains(&Command::FindAgent(AgentWanted::usual())),
            "{commands:?}"
        );
        let gone = Situation {
            customer_present: false,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(react(&gone, &leaves(Departure::Lost)), []);
    }

    #[test]
    fn a_customer_who_ends_while_waiting_takes_the_request_along() {
        let waiting = Situation {
            request: Request::Open,
            customer_present: false,
            ..with_bot(BotRole::Primary)
        };
        assert_eq!(react(&waiting, &Happening::SessionEnded), [Command::CancelRequest]);
        let served = Situation {
            request: Request::Served,
            ..waiting
        };
        assert_eq!(react(&served, &Happening::SessionEnded), []);
    }

    #[test]
    fn a_failing_bot_brings_in_a_person() {
        assert_eq!(
            react(&with_bot(BotRole::Primary), &Happening::BotFailed),
            wanted(None, 1)
        );
        let served = Situation {
            agents: 1,
            request: Request::Served,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(react(&served, &Happening::BotFailed), []);
    }

    #[test]
    fn a_bot_can_end_and_annotate_and_what_is_unknown_has_no_effect() {
        let situation = with_bot(BotRole::Primary);
        assert_eq!(
            react(&situation, &asks("END_CONVERSATION", Value::Null)),
            [Command::EndSession]
        );
        let facts = json!({"topic": "billing"});
        let update = Command::UpdateData(facts.as_object().cloned().unwrap_or_default());
        assert_eq!(react(&situation, &asks("UPDATE_CONVERSATION_DATA", facts)), [update]);
        assert_eq!(react(&situation, &asks("MAKE_COFFEE", json!({"cups": 2}))), []);
    }

    #[test]
    fn a_bot_that_assists_an_agent_does_not_end_or_move_the_chat_and_may_annotate_it() {
        let served = Situation {
            agents: 1,
            request: Request::Served,
            ..with_bot(BotRole::Assistant)
        };
        assert_eq!(react(&served, &asks("END_CONVERSATION", Value::Null)), []);
        assert_eq!(react(&served, &asks("FIND_AGENT", json!({}))), []);
        let facts = json!({"summary": "wants a refund"});
        assert_eq!(react(&served, &asks("UPDATE_CONVERSATION_DATA", facts)).len(), 1);
    }

    #[test]
    fn nothing_follows_in_a_private_room() {
        let private = Situation {
            private: true,
            ..without_bot()
        };
        for happening in [
            Happening::Started,
            Happening::CustomerWrote,
            asks("FIND_AGENT", json!({})),
        ] {
            assert_eq!(react(&private, &happening), []);
        }
    }
}
