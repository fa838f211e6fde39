//! The people that most tests need.

use portico_shared::cim::MessageBody;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{Audience, ClientFrame, Draft, Offer, ServerFrame};
use portico_shared::ids::ConversationId;
use portico_tests::api::Visitor;
use portico_tests::client_id;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// A customer with an open conversation that it has joined.
pub(crate) struct Customer {
    pub(crate) socket: Socket,
    pub(crate) visitor: Visitor,
    pub(crate) conversation: ConversationId,
}

impl Customer {
    /// A new visitor of `channel` opens a conversation.
    pub(crate) async fn on(relay: &Relay, channel: &str) -> Self {
        let visitor = relay.visitor(channel).await;
        let (mut socket, _) = Socket::hello(relay, &visitor.token).await;
        let conversation = socket.start().await.conversation;
        socket.join(&conversation, None).await;
        Self {
            socket,
            visitor,
            conversation,
        }
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.socket.said(&self.conversation, text).await;
    }

    /// Another tab of the same browser, joined.
    pub(crate) async fn tab(&self, relay: &Relay) -> Socket {
        let (mut socket, _) = Socket::hello(relay, &self.visitor.token).await;
        socket.join(&self.conversation, None).await;
        socket
    }
}

/// Signs an agent in and makes it ready.
pub(crate) async fn ready_agent(relay: &Relay, name: &str) -> Socket {
    let mut socket = agent(relay, name).await;
    set_state(&mut socket, "READY").await;
    socket
}

/// Signs an agent in.
pub(crate) async fn agent(relay: &Relay, name: &str) -> Socket {
    let token = relay.sign_in(name).await;
    Socket::hello(relay, &token).await.0
}

pub(crate) async fn set_state(socket: &mut Socket, state: &str) {
    socket
        .send(&ClientFrame::State {
            state: AgentStateName::parse(state),
            reason: None,
        })
        .await;
    let wanted = AgentStateName::parse(state);
    socket
        .expect("the new state", |frame| match frame {
            ServerFrame::AgentState { state, .. } if *state == wanted => Some(()),
            _ => None,
        })
        .await;
}

/// Waits until something rings.
pub(crate) async fn offer(agent: &mut Socket) -> Offer {
    agent
        .expect("an offer", |frame| match frame {
            ServerFrame::Offer(offer) => Some((**offer).clone()),
            _ => None,
        })
        .await
}

/// Waits for an offer, takes it and joins the conversation.
pub(crate) async fn take_offer(agent: &mut Socket) -> Offer {
    let offer = offer(agent).await;
    let client_id = client_id();
    agent
        .send(&ClientFrame::Accept {
            task: offer.task.clone(),
            client_id: client_id.clone(),
        })
        .await;
    agent.answer(&client_id).await.expect("the offer is still there");
    agent.join(&offer.conversation, None).await;
    offer
}

/// An agent's words to its colleagues.
pub(crate) async fn whisper(agent: &mut Socket, conversation: &ConversationId, text: &str) {
    let draft = Draft::new(MessageBody::plain(text));
    let client_id = agent.post(conversation, draft, Audience::Agents).await;
    agent.answer(&client_id).await.expect("a whisper is taken");
}

/// Makes a key for an app with these scopes, as an operator does.
pub(crate) fn app_key(relay: &Relay, scopes: &[&str]) -> String {
    let add = "key add --kind app --subject survey --label Survey".split(' ');
    let shown = relay.command(&add.chain(scopes.iter().copied()).collect::<Vec<_>>());
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    key.expect("the key is shown once").to_owned()
}

/// Makes a key for a bot, as an operator does.
pub(crate) fn bots_key(relay: &Relay, bot: &str) -> String {
    let shown = relay.command(&["key", "add", "--kind", "bot", "--subject", bot, "--label", "test"]);
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    key.expect("the key is shown once").to_owned()
}

/// Any body.
pub(crate) fn body(value: Value) -> MessageBody {
    serde_json::from_value(value).expect("a body")
}

/// A body of a type that nobody has heard of.
pub(crate) fn unheard_of() -> Value {
    json!({"type": "HOLOGRAM", "markdownText": null, "depth": 3.5, "layers": [{"x": null}, "y", 1], "nested": {"a": {}}})
}
