//! What only customers do: say what their page knows of them, begin a chat.

use super::Session;
use crate::outbox::Request;
use crate::role::Behaviour;
use crate::timeline::CustomerNotice;
use crate::{Change, Command, Conversation, CustomerCommand, SessionRole};
use portico_shared::frame::{ClientFrame, Refused, ServerFrame};
use portico_shared::json::{Map, Value};
use portico_shared::role::Customer;

/// What a session has only for a customer.
#[derive(Debug, Default)]
pub struct VisitorState {
    /// What the next start says of the visitor. Null takes back what was said before.
    visitor_data: Map,
    /// What the visitor answered in the form: the page says nothing else of that.
    prechat: Map,
    /// Whether the live chat may lack some of it.
    due: bool,
}

impl SessionRole for Customer {
    type Command = CustomerCommand;
    type Notice = CustomerNotice;
}

impl From<CustomerCommand> for Command<Customer> {
    fn from(command: CustomerCommand) -> Self {
        Self::Own(command)
    }
}

impl Behaviour for Customer {
    type State = VisitorState;

    const IS_CUSTOMER: bool = true;

    fn execute(session: &mut Session<Self>, command: CustomerCommand) {
        let state = &mut session.role;
        match command {
            CustomerCommand::Describe { mut data } => {
                for key in state.visitor_data.keys() {
                    if !data.contains_key(key) {
                        data.insert(key.clone(), Value::Null);
                    }
                }
                state.visitor_data = data;
                state.due = true;
            }
            CustomerCommand::Begin { client_id, data, form } => {
                state.prechat.clone_from(&data);
                let mut all = state.visitor_data.clone();
                all.extend(data);
                session.enqueue(client_id, None, Request::Begin(all, form));
            }
            CustomerCommand::Open(summary) => {
                let conversation = session.upsert(*summary);
                conversation.opened = true;
                conversation.subscribed = true;
                session.changed(Change::List);
            }
            CustomerCommand::Close(id) => {
                let is_chat = session.chat().is_some_and(|chat| *chat.id() == id);
                if let Some(conversation) = session.conversation_mut(&id) {
                    conversation.opened = false;
                    conversation.subscribed = is_chat;
                }
            }
        }
    }

    fn frame_came(session: &mut Session<Self>, frame: ServerFrame<Self>) {
        let ServerFrame::QueuePosition(position) = frame else {
            return;
        };
        let id = position.conversation.clone();
        if let Some(conversation) = session.conversation_mut(&id) {
            conversation.queue_position = Some(position);
            session.changed(Change::Conversation(Some(id)));
        }
    }

    fn nameless_refused(session: &mut Session<Self>, _: &Refused, again_at: Option<i64>) {
        session.role.due |= again_at.is_some() && !session.role.visitor_data.is_empty();
    }

    /// What was said last may be lost with the socket.
    fn disconnected(state: &mut VisitorState) {
        state.due = !state.visitor_data.is_empty();
    }

    fn start_data(state: &VisitorState) -> Map {
        state.visitor_data.clone()
    }

    /// All that the page says, though not what the form said: the relay takes note of what is new.
    fn frame_due_in(state: &mut VisitorState, conversation: &Conversation<Self>) -> Option<ClientFrame<Self::Body>> {
        if !state.due || !conversation.is_live() {
            return None;
        }
        state.due = false;
        let mut data = state.visitor_data.clone();
        for key in state.prechat.keys() {
            data.remove(key);
        }
        Some(ClientFrame::Describe {
            conversation: conversation.id().clone(),
            data,
        })
    }
}
