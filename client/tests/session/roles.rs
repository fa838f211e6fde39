//! What one role is told is nothing to the other.

use crate::host::{Host, c1, customer, summary};
use portico_client::Effect;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::frame::{Offer, ServerFrame, Welcome};
use portico_shared::ids::TaskId;
use serde_json::Map;

fn offer() -> Offer {
    Offer {
        task: TaskId::new("t-1"),
        conversation: c1(),
        queue: "Orders".to_owned(),
        customer: customer(),
        waiting_since: 1,
        expires_at: 2,
        last_text: None,
        data: Map::new(),
    }
}

#[test]
fn a_customer_ignores_what_only_agents_are_sent() {
    let mut host = Host::customer_in_chat(0);
    for frame in [
        ServerFrame::Offer(Box::new(offer())),
        ServerFrame::OfferRevoked {
            task: TaskId::new("t-1"),
            reason: TaskCloseReason::Rona,
        },
        ServerFrame::AgentState {
            state: AgentStateName::Ready,
            reason: None,
        },
    ] {
        host.hears(&frame);
        assert_eq!(host.look(), []);
    }
}

#[test]
fn a_customer_ignores_what_rings_when_it_is_welcomed() {
    let greeted = |offers, agent_state| {
        let mut host = Host::customer();
        host.open_socket();
        let welcome = host.welcome_frame(Vec::new());
        host.hears(&ServerFrame::Welcome(Box::new(Welcome {
            offers,
            agent_state,
            ..welcome
        })));
        let effects: Vec<Effect> = host.look();
        effects
    };
    let ready = Some(AgentStateName::Ready);
    assert_eq!(greeted(vec![offer()], ready), greeted(Vec::new(), None));
}

#[test]
fn an_agent_says_nothing_of_a_visitor() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    host.pass(60_000);
    assert!(!host.sent_names().contains(&"describe"));
}
