//! What tests ask of a registry, each through a socket of its own, as connections do.

use portico_core::conversation::{
    AcceptTarget, Command, ConnectionId, Envelope, Outgoing, Refusal, Registry, Reply, SendQueue, send_queue,
};
use portico_core::identity::{CustomerPrincipal, Principal, StaffPrincipal};
use portico_shared::frame::{Accepted, Post, ServerFrame, Start};
use portico_shared::ids::{ClientId, ConversationId, TaskId};
use portico_shared::role::Agent;

/// Sends a command through a connection of its own and waits for the reply.
pub(crate) trait Commands {
    /// Opens a conversation.
    async fn start(&self, who: &CustomerPrincipal, start: Start) -> Result<Accepted, Refusal>;

    /// Appends a message.
    async fn post(&self, who: &Principal, post: Post) -> Result<Accepted, Refusal>;

    /// Ends a chat.
    async fn end(
        &self,
        who: &Principal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal>;

    /// Takes a reserved task.
    async fn accept(&self, who: &StaffPrincipal, task: TaskId, client_id: ClientId) -> Result<Accepted, Refusal>;

    /// Takes an agent out of a conversation.
    async fn leave(
        &self,
        who: &StaffPrincipal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal>;
}

impl Commands for Registry {
    async fn start(&self, who: &CustomerPrincipal, start: Start) -> Result<Accepted, Refusal> {
        let (handle, queue) = send_queue(ConnectionId::next());
        self.start_on(who, start, &handle).await;
        reply_of(queue).await
    }

    async fn post(&self, who: &Principal, post: Post) -> Result<Accepted, Refusal> {
        let (conversation, client_id) = (post.conversation.clone(), post.client_id.clone());
        let command = Command::Post {
            who: who.clone(),
            post: Box::new(post),
        };
        request(self, &conversation, client_id, command).await
    }

    async fn end(
        &self,
        who: &Principal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal> {
        let command = Command::End {
            who: who.clone(),
            client_id: client_id.clone(),
        };
        request(self, conversation, client_id, command).await
    }

    async fn accept(&self, who: &StaffPrincipal, task: TaskId, client_id: ClientId) -> Result<Accepted, Refusal> {
        match self.accept_target(who, &task, &client_id).await? {
            AcceptTarget::Repeated(accepted) => Ok(accepted),
            AcceptTarget::In(conversation) => {
                let command = Command::Accept {
                    who: who.clone(),
                    task,
                    client_id: client_id.clone(),
                    via: None,
                };
                request(self, &conversation, client_id, command).await
            }
        }
    }

    async fn leave(
        &self,
        who: &StaffPrincipal,
        conversation: &ConversationId,
        client_id: ClientId,
    ) -> Result<Accepted, Refusal> {
        let command = Command::Leave {
            who: who.clone(),
            client_id: client_id.clone(),
        };
        request(self, conversation, client_id, command).await
    }
}

async fn request(
    registry: &Registry,
    conversation: &ConversationId,
    client_id: ClientId,
    command: Command,
) -> Result<Accepted, Refusal> {
    let (handle, queue) = send_queue(ConnectionId::next());
    let reply_to = Reply::socket(handle.clone(), Some(client_id), conversation.clone());
    registry.send(
        conversation,
        Envelope {
            command,
            reply: reply_to,
        },
    );
    reply_of(queue).await
}

/// The first frame on a socket through which something was asked.
async fn reply_of(mut queue: SendQueue) -> Result<Accepted, Refusal> {
    let Outgoing::Frame(text) = queue.next().await else {
        panic!("closed without a reply");
    };
    match ServerFrame::<Agent>::from_json(&text).expect("a frame") {
        ServerFrame::Accepted(accepted) => Ok(accepted),
        ServerFrame::Refused(refused) => Err(Refusal {
            code: refused.code,
            message: refused.message,
            retry_after_ms: refused.retry_after_ms,
        }),
        other => panic!("no reply but {other:?}"),
    }
}
