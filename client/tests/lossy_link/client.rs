//! The session of a tab, a customer's or an agent's.

use portico_client::SessionRole;
use portico_client::{
    Agent, Command, Customer, Effect, Input, LogEntry, News, Now, Options, Saved, SendState, Session,
};
use portico_shared::customer::CustomerBody;
use portico_shared::frame::Draft;
use portico_shared::ids::{ConversationId, Seq};

/// What can happen to either. Nothing here is one role's own.
pub(crate) type AnyInput = Input<Customer>;

/// A session without its role.
pub(crate) trait Client {
    fn handle(&mut self, input: AnyInput, now: Now) -> Vec<Effect>;

    fn take_in(&mut self, news: News, now: Now) -> Vec<Effect>;

    fn conversations(&self) -> Vec<ConversationId>;

    /// All entries of a conversation, or of a chat that is still to come.
    fn entries(&self, conversation: Option<&ConversationId>) -> Vec<Shown>;

    fn entry(&self, conversation: &ConversationId, seq: Seq) -> Option<Shown>;
}

/// What a tab shows of an entry.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) key: String,
    pub(crate) seq: Option<Seq>,
    pub(crate) mine: bool,
    /// Whether the relay has given the message an id.
    pub(crate) is_message: bool,
    pub(crate) is_delivered: bool,
}

pub(crate) fn customer(saved: Saved) -> Box<dyn Client> {
    Box::new(Session::<Customer>::new(Options::default(), saved))
}

pub(crate) fn agent(saved: Saved) -> Box<dyn Client> {
    Box::new(Session::<Agent>::new(Options::default(), saved))
}

impl<R: SessionRole> Client for Session<R> {
    fn handle(&mut self, input: AnyInput, now: Now) -> Vec<Effect> {
        Session::handle(self, of_role(input), now)
    }

    fn take_in(&mut self, news: News, now: Now) -> Vec<Effect> {
        Session::take_in(self, news, now)
    }

    fn conversations(&self) -> Vec<ConversationId> {
        Session::conversations(self).map(|known| known.id().clone()).collect()
    }

    fn entries(&self, conversation: Option<&ConversationId>) -> Vec<Shown> {
        Session::entries(self, conversation).iter().map(Shown::of).collect()
    }

    fn entry(&self, conversation: &ConversationId, seq: Seq) -> Option<Shown> {
        Session::entry(self, conversation, seq).as_ref().map(Shown::of)
    }
}

impl Shown {
    fn of<R: SessionRole>(entry: &LogEntry<R>) -> Self {
        Self {
            key: entry.key.clone(),
            seq: entry.seq,
            mine: entry.mine,
            is_message: entry.message_id().is_some(),
            is_delivered: matches!(entry.state, Some(SendState::Delivered | SendState::Read)),
        }
    }
}

fn of_role<R: SessionRole>(input: AnyInput) -> Input<R> {
    match input {
        Input::Start => Input::Start,
        Input::Stop => Input::Stop,
        Input::Renew => Input::Renew,
        Input::Token(token) => Input::Token(token),
        Input::SocketOpened => Input::SocketOpened,
        Input::SocketClosed { code } => Input::SocketClosed { code },
        Input::Timer => Input::Timer,
        Input::Online => Input::Online,
        Input::Offline => Input::Offline,
        Input::Woke => Input::Woke,
        Input::Do(command) => Input::Do(command_of_role(command)),
    }
}

fn command_of_role<R: SessionRole>(command: Command<Customer>) -> Command<R> {
    match command {
        Command::Post {
            conversation,
            client_id,
            draft,
            audience,
        } => Command::Post {
            conversation,
            client_id,
            draft: Box::new(draft_of_role::<R>(&draft)),
            audience,
        },
        Command::Seen { conversation, up_to } => Command::Seen { conversation, up_to },
        Command::LoadOlder(conversation) => Command::LoadOlder(conversation),
        other => panic!("not in this world: {other:?}"),
    }
}

/// The same draft with the body of another role: their JSON is the same.
fn draft_of_role<R: SessionRole>(draft: &Draft<CustomerBody>) -> Draft<R::Body> {
    let json = serde_json::to_string(draft).expect("a draft is JSON");
    serde_json::from_str(&json).expect("a draft")
}
