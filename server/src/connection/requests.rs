//! What each frame asks for: one request to the registry, in the name that the socket was bound to. Answers come
//! through the socket's queue, where they stand before the events that they caused.

use super::established::{Connection, ids_of};
use super::{End, hello, wire};
use crate::permissions::FrameVerb;
use portico_core::conversation::ServerFrame;
use portico_core::conversation::{AcceptTarget, Command, Envelope, MarkerKind, Refusal, Reply};
use portico_core::identity::{AuthError, Principal, StaffPrincipal};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{ClientFrame, PageRequest, RefusalCode, Start};
use portico_shared::ids::{ClientId, ConversationId, TaskId};
use serde_json::{Map, Value};

/// Conversations that one socket reads live at the same time. One more is refused.
const MOST_JOINED: usize = 512;

impl Connection<'_> {
    /// Does what a frame asks for.
    pub(super) async fn perform(&mut self, frame: ClientFrame) -> Result<(), End> {
        let permission = FrameVerb::of(&frame).permission();
        if !self.proven.principal.may(permission) {
            let refusal = Refusal::forbidden(&format!("this takes the permission {permission}"));
            let (client_id, conversation) = ids_of(&frame);
            self.refuse(refusal, client_id, conversation);
            return Ok(());
        }
        match frame {
            ClientFrame::Hello(_) => self.refuse(Refusal::new(RefusalCode::Malformed, "hello was said"), None, None),
            ClientFrame::Auth { token } => return Box::pin(self.renew(&token)).await,
            ClientFrame::Start(start) => Box::pin(self.start(start)).await,
            ClientFrame::Join(join) => self.join(join.conversation),
            ClientFrame::Page(request) => return Box::pin(self.page(request)).await,
            ClientFrame::Post(post) => {
                let (conversation, client_id) = (post.conversation.clone(), post.client_id.clone());
                self.send(
                    conversation,
                    Some(client_id),
                    Command::Post {
                        who: self.who(),
                        post: Box::new(post),
                    },
                );
            }
            ClientFrame::Delivered(mark) => {
                let command = Command::MoveMarker {
                    who: self.who(),
                    up_to: mark.up_to,
                    kind: MarkerKind::Delivered,
                };
                self.send(mark.conversation, None, command);
            }
            ClientFrame::Read(mark) => {
                let command = Command::MoveMarker {
                    who: self.who(),
                    up_to: mark.up_to,
                    kind: MarkerKind::Read,
                };
                self.send(mark.conversation, None, command);
            }
            ClientFrame::Typing { conversation, on } => {
                let envelope = Envelope {
                    command: Command::Typing { who: self.who(), on },
                    reply: Reply::none(),
                };
                self.context.registry.send(&conversation, envelope);
            }
            ClientFrame::Describe { conversation, data } => self.describe(conversation, data),
            ClientFrame::End {
                conversation,
                client_id,
            } => {
                let command = Command::End {
                    who: self.who(),
                    client_id: client_id.clone(),
                };
                self.send(conversation, Some(client_id), command);
            }
            ClientFrame::State { state, reason } => Box::pin(self.state(state, reason)).await,
            ClientFrame::Accept { task, client_id } => Box::pin(self.accept(task, client_id)).await,
            ClientFrame::Leave {
                conversation,
                client_id,
            } => self.leave(conversation, client_id),
            ClientFrame::Ping => return wire::write(self.socket, &ServerFrame::Pong).await,
        }
        Ok(())
    }

    /// A newer token for the same identity. Another identity needs another socket, and so do other rights: what this one has
    /// joined is kept with the rights of then.
    async fn renew(&mut self, token: &str) -> Result<(), End> {
        let proven = self
            .context
            .authenticator
            .authenticate(token, self.context.origin.as_deref())
            .await;
        match proven {
            Ok(proven)
                if proven.principal.key() == self.proven.principal.key()
                    && same_channel(&proven.principal, &self.proven.principal) =>
            {
                if !same_rights(&proven.principal, &self.proven.principal) {
                    return Err(End::Close(hello::refused(AuthError::Changed)));
                }
                let expires_at = proven.expires_at;
                self.proven = proven;
                self.handle.push(&ServerFrame::Authenticated { expires_at });
            }
            Ok(_) => self.refuse(Refusal::forbidden("the token is somebody else's"), None, None),
            Err(AuthError::Unavailable) => {
                self.refuse(
                    Refusal::new(RefusalCode::Unavailable, "tokens cannot be proven now"),
                    None,
                    None,
                );
            }
            Err(error @ (AuthError::Expired | AuthError::Refused | AuthError::Changed)) => {
                self.refuse(Refusal::forbidden(&error.to_string()), None, None);
            }
        }
        Ok(())
    }

    async fn start(&mut self, start: Start) {
        match &self.proven.principal {
            Principal::Customer(customer) => self.context.registry.start_on(customer, start, &self.handle).await,
            Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => {
                let refusal = Refusal::forbidden("only a customer opens a conversation");
                self.refuse(refusal, Some(start.client_id), None);
            }
        }
    }

    fn describe(&self, conversation: ConversationId, data: Map<String, Value>) {
        match self.who() {
            Principal::Customer(who) => self.send(conversation, None, Command::UpdateVisitorData { who, data }),
            Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => {
                let refusal = Refusal::forbidden("only a customer says what its page is");
                self.refuse(refusal, None, Some(conversation));
            }
        }
    }

    fn join(&mut self, conversation: ConversationId) {
        let Some(subscription) = self.subscriptions.begin(&conversation, MOST_JOINED) else {
            let refusal = Refusal::forbidden("this socket reads too many conversations");
            return self.refuse(refusal, None, Some(conversation));
        };
        let command = Command::Join {
            who: self.who(),
            handle: self.handle.clone(),
            subscription,
        };
        self.send(conversation, None, command);
    }

    /// A page is written directly: it is pulled one at a time and needs no place in the queue.
    async fn page(&mut self, request: PageRequest) -> Result<(), End> {
        match self.context.registry.page(&self.proven.principal, &request).await {
            Ok(page) => wire::write(self.socket, &ServerFrame::Page(page)).await,
            Err(refusal) => {
                self.refuse(refusal, None, Some(request.conversation));
                Ok(())
            }
        }
    }

    async fn state(&mut self, state: AgentStateName, reason: Option<String>) {
        let set = match self.staff() {
            Ok(staff) => self
                .context
                .registry
                .set_agent_state(staff, state, reason)
                .await
                .map(drop),
            Err(refusal) => Err(refusal),
        };
        // The new state reaches every desk of the agent, this one among them.
        if let Err(refusal) = set {
            self.refuse(refusal, None, None);
        }
    }

    async fn accept(&mut self, task: TaskId, client_id: ClientId) {
        let offered = match self.staff() {
            Ok(staff) => self
                .context
                .registry
                .accept_target(staff, &task, &client_id)
                .await
                .map(|offered| (staff.clone(), offered)),
            Err(refusal) => Err(refusal),
        };
        match offered {
            Ok((_, AcceptTarget::Repeated(accepted))) => self.handle.push(&ServerFrame::Accepted(accepted)),
            Ok((who, AcceptTarget::In(conversation))) => {
                let via = Some(self.handle.connection());
                let command = Command::Accept {
                    who,
                    task,
                    client_id: client_id.clone(),
                    via,
                };
                self.send(conversation, Some(client_id), command);
            }
            Err(refusal) => self.refuse(refusal, Some(client_id), None),
        }
    }

    fn leave(&mut self, conversation: ConversationId, client_id: ClientId) {
        match self.staff().cloned() {
            Ok(who) => {
                let command = Command::Leave {
                    who,
                    client_id: client_id.clone(),
                };
                self.send(conversation, Some(client_id), command);
            }
            Err(refusal) => self.refuse(refusal, Some(client_id), Some(conversation)),
        }
    }

    fn send(&self, conversation: ConversationId, client_id: Option<ClientId>, command: Command) {
        let reply = Reply::socket(self.handle.clone(), client_id, conversation.clone());
        self.context.registry.send(&conversation, Envelope { command, reply });
    }

    fn who(&self) -> Principal {
        self.proven.principal.clone()
    }

    fn staff(&self) -> Result<&StaffPrincipal, Refusal> {
        match &self.proven.principal {
            Principal::Staff(staff) => Ok(staff),
            Principal::Customer(_) | Principal::Bot(_) | Principal::App(_) => {
                Err(Refusal::forbidden("only contact-centre users do that"))
            }
        }
    }
}

/// A customer's token is bound to one channel.
fn same_channel(one: &Principal, other: &Principal) -> bool {
    match (one, other) {
        (Principal::Customer(one), Principal::Customer(other)) => one.channel == other.channel,
        _ => true,
    }
}

/// The rights of a contact-centre user follow its roles, which others change.
fn same_rights(one: &Principal, other: &Principal) -> bool {
    match (one, other) {
        (Principal::Staff(one), Principal::Staff(other)) => one.has_rights_of(other),
        _ => true,
    }
}
