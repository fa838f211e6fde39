//! Who posts: customers with a conversation each, second tabs of some of them, and an agent who answers some.

use crate::random::Random;
use crate::sender::Sender;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{ClientFrame, ServerFrame};
use portico_shared::ids::ConversationId;
use portico_tests::client_id;
use portico_tests::history::{History, Record};
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use std::sync::Arc;

/// Customers, each with a conversation.
const CUSTOMERS: usize = 64;

/// Of these, how many have an agent who posts as well: the first ones.
const SERVED: usize = 8;

/// Of the others, how many post from two tabs.
const TWO_TABS: usize = 8;

/// Added to the relay's configuration: an agent who takes as many conversations as it is given.
pub(crate) const CONFIG: &str = r#"
[[users]]
username = "zoe"
password = "zoe-password"
first_name = "Zoe"
last_name = "Archer"
roles = ["agent"]
max_tasks = 8
"#;

/// Everybody.
pub(crate) struct People {
    pub(crate) senders: Vec<Sender>,
    /// Token and conversation of each customer.
    pub(crate) customers: Vec<(String, ConversationId)>,
    /// The token of somebody who may read every log.
    pub(crate) supervisor: String,
}

impl People {
    /// Opens the conversations and has the agent join its ones.
    pub(crate) async fn arrive(relay: &Relay, history: &Arc<History>, random: &mut Random) -> Self {
        let mut people = Self {
            senders: Vec::new(),
            customers: Vec::new(),
            supervisor: relay.sign_in("sam").await,
        };
        for number in 0..CUSTOMERS {
            let visitor = relay.visitor("desk").await;
            let (mut socket, _) = Socket::hello(relay, &visitor.token).await;
            let conversation = socket.start().await.conversation;
            let mut names = vec![format!("customer-{number}")];
            if (SERVED..SERVED + TWO_TABS).contains(&number) {
                names.push(format!("customer-{number}-tab"));
            }
            for name in names {
                let token = visitor.token.clone();
                people.add(relay, history, random, (name, token, &visitor.customer), &conversation);
            }
            people.customers.push((visitor.token, conversation));
        }
        let token = relay.sign_in("zoe").await;
        let (agent, served) = serve(relay, &token).await;
        for conversation in served {
            let name = format!("agent-in-{conversation}");
            people.add(relay, history, random, (name, token.clone(), &agent), &conversation);
        }
        people
    }

    fn add(
        &mut self,
        relay: &Relay,
        history: &Arc<History>,
        random: &mut Random,
        (name, token, principal): (String, String, &str),
        conversation: &ConversationId,
    ) {
        history.add(&Record::Sender {
            sender: &name,
            conversation: conversation.as_str(),
            principal,
        });
        let (history, random) = (Arc::clone(history), random.split());
        self.senders
            .push(Sender::new(relay, name, token, conversation.clone(), history, random));
    }
}

/// Takes as many offers as there are to be served. Answers the agent's id and its conversations.
async fn serve(relay: &Relay, token: &str) -> (String, Vec<ConversationId>) {
    let (mut agent, welcome) = Socket::hello(relay, token).await;
    let state = AgentStateName::Ready;
    agent.send(&ClientFrame::State { state, reason: None }).await;
    let mut served = Vec::new();
    while served.len() < SERVED {
        let offered = agent.expect("an offer", |frame| match frame {
            ServerFrame::Offer(offer) => Some((offer.task.clone(), offer.conversation.clone())),
            _ => None,
        });
        let (task, conversation) = offered.await;
        let client_id = client_id();
        let accept = ClientFrame::Accept {
            task,
            client_id: client_id.clone(),
        };
        agent.send(&accept).await;
        agent.answer(&client_id).await.expect("the offer is still there");
        served.push(conversation);
    }
    (welcome.me.id, served)
}
