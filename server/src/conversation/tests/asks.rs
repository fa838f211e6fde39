//! What tests ask of a registry, each through a socket of its own, as connections do.

use crate::conversation::{Answer, Ask, ConnectionId, Letter, Offered, Outgoing, Queue, Refusal, Registry, sink};
use crate::identity::{CustomerPrincipal, Principal, StaffPrincipal};
use portico_shared::frame::{Accepted, Post, ServerFrame, Start};
use portico_shared::ids::{ClientId, ConversationId, TaskId};

impl Registry {
    /// Opens a conversation.
    pub(crate) async fn start(&self, who: &CustomerPrincipal, start: Start) -> Result<Accepted, Refusal> {
        let (sink, queue) = sink(ConnectionId::next());
        self.start_on(who, start, &sink).await;
        answer(queue).await
    }

    /// Appends a message.
    pub(crate) async fn post(&self, who: &Principal, post: Post) -> Result<Accepted, Refusal> {
        let (conversation, client_id) = (post.conversation.clone(), post.client_id.clone());
        let ask = Ask::Post {
            who: who.clone(),
            post: Box::new(post),
        };
        self.asked(&conversation, client_id, ask).await
    }

    /// Ends a chat.
    pub(crate) async fn end(
        &self,
        who: &Principal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal> {
        let ask = Ask::End {
            who: who.clone(),
            client_id: client_id.clone(),
        };
        self.asked(conversation, client_id, ask).await
    }

    /// Takes an offer.
    pub(crate) async fn accept(
        &self,
        who: &StaffPrincipal,
        task: TaskId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal> {
        match self.offered(who, &task, &client_id).await? {
            Offered::Repeated(accepted) => Ok(accepted),
            Offered::In(conversation) => {
                let ask = Ask::Accept {
                    who: who.clone(),
                    task,
                    client_id: client_id.clone(),
                    via: None,
                };
                self.asked(&conversation, client_id, ask).await
            }
        }
    }

    /// Takes an agent out of a conversation.
    pub(crate) async fn leave(
        &self,
        who: &StaffPrincipal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal> {
        let ask = Ask::Leave {
            who: who.clone(),
            client_id: client_id.clone(),
        };
        self.asked(conversation, client_id, ask).await
    }

    async fn asked(&self, conversation: &ConversationId, client_id: ClientId, ask: Ask) -> Result<Accepted, Refusal> {
        let (sink, queue) = sink(ConnectionId::next());
        let answer_to = Answer::socket(sink.clone(), Some(client_id), conversation.clone());
        self.hand(conversation, Letter { ask, answer: answer_to });
        answer(queue).await
    }
}

/// The first frame on a socket through which something was asked.
async fn answer(mut queue: Queue) -> Result<Accepted, Refusal> {
    let Outgoing::Frame(text) = queue.next().await else {
        panic!("closed without an answer");
    };
    match ServerFrame::from_json(&text).expect("a frame") {
        ServerFrame::Accepted(accepted) => Ok(accepted),
        ServerFrame::Refused(refused) => Err(Refusal {
            code: refused.code,
            message: refused.message,
            retry_after_ms: refused.retry_after_ms,
        }),
        other => panic!("no answer but {other:?}"),
    }
}
