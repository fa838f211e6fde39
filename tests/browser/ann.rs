//! An agent without a desk, for tests that are about the shopper's side alone.

use crate::people::Shopper;
use portico_shared::cim::SenderType;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{Audience, ClientFrame, Draft, ServerFrame};
use portico_shared::ids::{ConversationId, MessageId};
use portico_tests::client_id;
use portico_tests::receiver::Receiver;
use portico_tests::relay::Relay;
use portico_tests::socket::{Socket, text_of};

/// An agent without a desk.
pub(crate) struct Ann {
    socket: Socket,
    /// Where she talks to the shopper.
    pub(crate) conversation: ConversationId,
}

impl Ann {
    /// The shopper asks for a person, and Ann is there.
    pub(crate) async fn takes_over(relay: &Relay, bot: &Receiver, shopper: &Shopper) -> Self {
        let token = relay.sign_in("ann").await;
        let (mut socket, _) = Socket::hello(relay, &token).await;
        let ready = ClientFrame::State {
            state: AgentStateName::Ready,
            reason: None,
        };
        socket.send(&ready).await;
        bot.will_find_agent();
        shopper.says("A person, please").await;
        let offer = socket.expect("an offer", |frame| match frame {
            ServerFrame::Offer(offer) => Some((**offer).clone()),
            _ => None,
        });
        let offer = offer.await;
        let client_id = client_id();
        let accept = ClientFrame::Accept {
            task: offer.task,
            client_id: client_id.clone(),
        };
        socket.send(&accept).await;
        socket.answer(&client_id).await.expect("the offer is still there");
        socket.join(&offer.conversation, None).await;
        shopper.browser.sees("heading", "Ann").await;
        Self {
            socket,
            conversation: offer.conversation,
        }
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.socket.said(&self.conversation, text).await;
    }

    /// Posts a message of any kind; it is on disk afterwards.
    pub(crate) async fn posts(&mut self, message: Draft) -> MessageId {
        let client_id = self.socket.post(&self.conversation, message, Audience::Everyone).await;
        self.socket
            .answer(&client_id)
            .await
            .expect("a post is taken")
            .message_id
    }

    /// The id of what was said with these words.
    pub(crate) async fn heard(&mut self, text: &str) -> MessageId {
        let log = self.socket.log(&self.conversation).await;
        let said = log.iter().find(|item| text_of(&item.event) == Some(text));
        let message = said.and_then(|item| item.event.message());
        MessageId::new(message.expect("it was said").id.as_str())
    }

    /// Ends the chat; it is over afterwards.
    pub(crate) async fn ends(&mut self) {
        let client_id = client_id();
        let end = ClientFrame::End {
            conversation: self.conversation.clone(),
            client_id: client_id.clone(),
        };
        self.socket.send(&end).await;
        self.socket.answer(&client_id).await.expect("she serves the chat");
    }

    pub(crate) async fn types(&mut self) {
        let typing = ClientFrame::Typing {
            conversation: self.conversation.clone(),
            on: true,
        };
        self.socket.send(&typing).await;
    }

    pub(crate) async fn sees_typing(&mut self) {
        self.socket
            .expect("the customer types", |frame| match frame {
                ServerFrame::Typing { person, on: true, .. } => (person.kind == SenderType::Customer).then_some(()),
                _ => None,
            })
            .await;
    }
}
