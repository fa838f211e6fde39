use crate::host::{Host, agent, c1, customer, id, summary};
use portico_client::{Agent, AgentCommand, AgentState, Connection, Effect, Input};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::frame::{ClientFrame, Offer, RefusalCode, Refused, ServerFrame, Summary, Welcome};
use portico_shared::ids::{ConversationId, TaskId};
use serde_json::Map;

fn offer(task: &str) -> Offer {
    Offer {
        task: TaskId::new(task),
        conversation: c1(),
        queue: "Orders".to_owned(),
        customer: customer(),
        waiting_since: 1,
        expires_at: 2,
        last_text: None,
        data: Map::new(),
    }
}

fn ringing(task: &str) -> Host<Agent> {
    let mut host = Host::agent();
    host.go_online(Vec::new());
    host.hears(&ServerFrame::Offer(Box::new(offer(task))));
    host.look();
    host
}

fn accept() -> AgentCommand {
    AgentCommand::Accept {
        task: TaskId::new("t-1"),
        client_id: id("a-1"),
    }
}

fn joins(host: &mut Host<Agent>) -> Vec<ConversationId> {
    let read = |frame| match frame {
        ClientFrame::Join(join) => Some(join.conversation),
        _ => None,
    };
    host.sent().into_iter().filter_map(read).collect()
}

#[test]
fn an_accepted_offer_is_a_conversation_that_is_followed() {
    let mut host = ringing("t-1");
    host.wants(accept());
    host.wants(AgentCommand::Accept {
        task: TaskId::new("t-1"),
        client_id: id("a-2"),
    });
    assert_eq!(
        host.sent(),
        [ClientFrame::Accept {
            task: TaskId::new("t-1"),
            client_id: id("a-1")
        }]
    );
    assert!(host.session.is_accepting(&TaskId::new("t-1")));
    host.accept("a-1", "c-1", 5);
    assert_eq!(host.session.offers(), []);
    assert_eq!(joins(&mut host), [c1()]);
}

#[test]
fn an_accept_whose_answer_was_lost_is_said_again_with_the_same_id() {
    let mut host = ringing("t-1");
    host.wants(accept());
    host.look();
    host.reconnect(Vec::new());
    let frames = host.sent();
    assert_eq!(
        frames[1..],
        [ClientFrame::Accept {
            task: TaskId::new("t-1"),
            client_id: id("a-1")
        }]
    );
}

#[test]
fn an_offer_that_is_gone_is_reported_and_stops_ringing() {
    let mut host = ringing("t-1");
    host.wants(accept());
    host.refuse("a-1", RefusalCode::OfferGone, None);
    let refused = Effect::Refused {
        client_id: Some(id("a-1")),
        code: RefusalCode::OfferGone,
        message: "offer_gone".to_owned(),
    };
    assert!(host.look().contains(&refused));
    assert_eq!(host.session.offers(), []);
    let mut host = ringing("t-2");
    host.hears(&ServerFrame::OfferRevoked {
        task: TaskId::new("t-2"),
        reason: TaskCloseReason::Rona,
    });
    assert_eq!(host.session.offers(), []);
}

#[test]
fn a_wish_to_be_ready_outlives_a_lost_link_until_the_relay_confirms_it() {
    let mut host = ringing("t-1");
    host.input(Input::SocketClosed { code: 1006 });
    host.wants(AgentCommand::SetState {
        state: AgentStateName::Ready,
        reason: None,
    });
    let wished = AgentState {
        state: AgentStateName::Ready,
        reason: None,
        confirmed: false,
    };
    assert_eq!(host.session.agent_state(), Some(&wished));
    host.look();
    host.input(Input::Woke);
    host.input(Input::SocketOpened);
    let welcome = Welcome {
        agent_state: Some(AgentStateName::NotReady),
        ..host.welcome_frame(Vec::new())
    };
    host.hears(&ServerFrame::Welcome(Box::new(welcome)));
    assert_eq!(host.sent_names(), ["hello", "state"]);
    host.hears(&ServerFrame::AgentState {
        state: AgentStateName::Ready,
        reason: None,
    });
    assert!(host.session.agent_state().is_some_and(|state| state.confirmed));
}

#[test]
fn an_agent_follows_what_it_takes_part_in_and_what_it_opened_and_nothing_else() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    assert_eq!(joins(&mut host), [c1()]);
    let others = Summary {
        people: vec![customer()],
        ..summary("c-2", 0)
    };
    host.hears(&ServerFrame::Conversation(Box::new(others.clone())));
    assert_eq!(joins(&mut host), []);
    let c2 = ConversationId::new("c-2");
    host.wants(AgentCommand::Open(c2.clone()));
    assert_eq!(joins(&mut host), std::slice::from_ref(&c2));
    host.reconnect(vec![summary("c-1", 0)]);
    assert_eq!(joins(&mut host), [c1(), c2.clone()]);
    host.wants(AgentCommand::Close(c2));
    host.reconnect(vec![summary("c-1", 0)]);
    assert_eq!(joins(&mut host), [c1()]);
    let joined = Summary {
        people: vec![customer(), agent()],
        ..others
    };
    host.hears(&ServerFrame::Conversation(Box::new(joined)));
    assert_eq!(joins(&mut host).len(), 1);
    assert_eq!(*host.session.connection(), Connection::Online);
}

#[test]
fn leaving_waits_for_the_wrap_up_that_was_posted_before_it() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    host.look();
    host.post_to(Some("c-1"), "wrap-up");
    host.wants(AgentCommand::Leave {
        conversation: c1(),
        client_id: id("l-1"),
    });
    assert_eq!(host.sent_names(), ["post"]);
    host.accept("wrap-up", "c-1", 1);
    assert_eq!(host.sent_names(), ["leave"]);
    host.accept("l-1", "c-1", 2);
    host.reconnect(Vec::new());
    assert_eq!(host.sent_names(), ["hello"]);
}

#[test]
fn a_conversation_that_was_left_is_joined_again_when_it_is_taken_again() {
    let mut host = ringing("t-1");
    host.wants(accept());
    host.accept("a-1", "c-1", 5);
    assert_eq!(joins(&mut host), [c1()]);
    host.join("c-1", 5);
    host.wants(AgentCommand::Leave {
        conversation: c1(),
        client_id: id("l-1"),
    });
    host.accept("l-1", "c-1", 6);
    host.look();
    host.hears(&ServerFrame::Offer(Box::new(offer("t-2"))));
    host.wants(AgentCommand::Accept {
        task: TaskId::new("t-2"),
        client_id: id("a-2"),
    });
    host.accept("a-2", "c-1", 9);
    assert_eq!(joins(&mut host), [c1()]);
}

#[test]
fn a_wish_that_is_refused_for_the_moment_is_said_again_and_one_refused_for_good_is_dropped() {
    let mut host = ringing("t-1");
    host.wants(AgentCommand::SetState {
        state: AgentStateName::Ready,
        reason: None,
    });
    assert_eq!(host.sent_names(), ["state"]);
    host.refuse_nameless(None, 4_000);
    host.pass(3_999);
    assert_eq!(host.sent(), []);
    host.pass(1);
    assert_eq!(host.sent_names(), ["state"]);
    host.pass(60_000);
    let refused = Refused {
        client_id: None,
        conversation: None,
        code: RefusalCode::Forbidden,
        message: "no".to_owned(),
        retryable: false,
        retry_after_ms: None,
    };
    host.hears(&ServerFrame::Refused(refused));
    assert_eq!(host.session.agent_state(), None);
}
