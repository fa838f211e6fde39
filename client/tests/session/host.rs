//! A host with its hands on everything: it says what happens and looks at what the session asks for.

use portico_client::{
    Agent, Command, Customer, Effect, Input, LogEntry, News, Now, Options, Record, Saved, SendState, Session,
    SessionRole,
};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::{
    CimEvent, CimMessage, EventData, EventName, Intent, MessageBody, MessageHeader, Sender, SenderType,
};
use portico_shared::frame::{
    Accepted, Audience, ClientFrame, Draft, Item, Joined, LiveEvent, Page, Person, RefusalCode, Refused, ServerFrame,
    Summary, Welcome,
};
use portico_shared::ids::{ClientId, ConversationId, Epoch, MessageId, Seq};
use portico_shared::role::StaffDetails;
use std::collections::BTreeMap;

pub(crate) struct Host<R: TestedRole = Customer> {
    pub(crate) session: Session<R>,
    pub(crate) now: i64,
    pub(crate) random: f64,
    pub(crate) timer: Option<i64>,
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) epoch: &'static str,
    /// Everything that the session asked for since the last look.
    effects: Vec<Effect>,
}

/// Who a session says that it is.
pub(crate) trait TestedRole: SessionRole {
    fn me() -> Person;
}

impl TestedRole for Customer {
    fn me() -> Person {
        customer()
    }
}

impl TestedRole for Agent {
    fn me() -> Person {
        agent()
    }
}

impl Host<Customer> {
    pub(crate) fn customer() -> Self {
        Self::new(BTreeMap::new())
    }

    /// A customer whose earlier page left this behind.
    pub(crate) fn customer_with(storage: BTreeMap<String, String>) -> Self {
        Self::new(storage)
    }

    /// A customer that is online and has joined its chat, whose log stands at this position.
    pub(crate) fn customer_in_chat(head: u64) -> Self {
        let mut host = Self::customer();
        host.go_online(vec![summary("c-1", head)]);
        host.join("c-1", head);
        host.look();
        host
    }
}

impl Host<Agent> {
    pub(crate) fn agent() -> Self {
        Self::new(BTreeMap::new())
    }

    /// An agent whose earlier page left this behind.
    pub(crate) fn agent_with(storage: BTreeMap<String, String>) -> Self {
        Self::new(storage)
    }
}

impl<R: TestedRole> Host<R> {
    fn new(storage: BTreeMap<String, String>) -> Self {
        let saved = Saved {
            records: storage.clone().into_iter().collect(),
        };
        let session = Session::new(
            Options {
                client: Some("test/1".to_owned()),
                desk: None,
            },
            saved,
        );
        Self {
            session,
            now: 1_000_000,
            random: 0.5,
            timer: None,
            storage,
            epoch: "epoch-1",
            effects: Vec::new(),
        }
    }

    pub(crate) fn input(&mut self, input: Input<R>) {
        let effects = self.session.handle(input, self.moment());
        self.carry_out(effects);
    }

    pub(crate) fn restore(&mut self, saved: Saved) {
        let effects = self.session.restore(saved, self.moment());
        self.carry_out(effects);
    }

    pub(crate) fn receive(&mut self, text: &str) {
        let effects = self.session.receive(text, self.moment());
        self.carry_out(effects);
    }

    pub(crate) fn takes_in(&mut self, news: News) {
        let effects = self.session.take_in(news, self.moment());
        self.carry_out(effects);
    }

    fn moment(&self) -> Now {
        Now {
            ms: self.now,
            random: self.random,
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            match effect {
                Effect::SetTimer(at) => self.timer = *at,
                Effect::Persist(Record::Put { key, json }) => {
                    self.storage.insert(key.clone(), json.clone());
                }
                Effect::Persist(Record::Remove { key }) => {
                    self.storage.remove(key);
                }
                _ => {}
            }
        }
        self.effects.extend(effects);
    }

    pub(crate) fn wants(&mut self, command: impl Into<Command<R>>) {
        self.input(Input::Do(command.into()));
    }

    pub(crate) fn hears(&mut self, frame: &ServerFrame) {
        self.receive(&frame.to_json());
    }

    /// Time passes in steps of the timer, as a host lives through it.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = self.now + ms;
        while let Some(at) = self.timer.filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.input(Input::Timer);
        }
        self.now = end;
    }

    /// What the session asked for since the last look, timers aside.
    pub(crate) fn look(&mut self) -> Vec<Effect> {
        let effects = std::mem::take(&mut self.effects);
        effects
            .into_iter()
            .filter(|effect| !matches!(effect, Effect::SetTimer(_)))
            .collect()
    }

    /// The frames sent since the last look.
    pub(crate) fn sent(&mut self) -> Vec<ClientFrame> {
        let read = |effect| match effect {
            Effect::Send(text) => Some(ClientFrame::from_json(&text).expect("the session writes frames")),
            _ => None,
        };
        self.look().into_iter().filter_map(read).collect()
    }

    /// The frames sent since the last look, by name.
    pub(crate) fn sent_names(&mut self) -> Vec<&'static str> {
        self.sent().iter().map(ClientFrame::name).collect()
    }

    pub(crate) fn open_socket(&mut self) {
        self.input(Input::Start);
        self.input(Input::Token(Ok("token".to_owned())));
        self.input(Input::SocketOpened);
    }

    pub(crate) fn go_online(&mut self, conversations: Vec<Summary>) {
        self.open_socket();
        self.welcome(conversations);
    }

    pub(crate) fn welcome(&mut self, conversations: Vec<Summary>) {
        self.hears(&ServerFrame::Welcome(Box::new(self.welcome_frame(conversations))));
    }

    pub(crate) fn welcome_frame(&self, conversations: Vec<Summary>) -> Welcome {
        Welcome {
            me: R::me(),
            epoch: Epoch::new(self.epoch),
            now: self.now,
            expires_at: None,
            conversations,
            offers: Vec::new(),
            agent_state: None,
        }
    }

    /// The link breaks and is there again.
    pub(crate) fn reconnect(&mut self, conversations: Vec<Summary>) {
        self.input(Input::SocketClosed { code: 1006 });
        self.input(Input::Woke);
        self.input(Input::SocketOpened);
        self.welcome(conversations);
    }

    pub(crate) fn join(&mut self, conversation: &str, head: u64) {
        let summary = summary(conversation, head);
        let joined = Joined {
            summary,
            epoch: Epoch::new(self.epoch),
            head: Seq(head),
        };
        self.hears(&ServerFrame::Joined(Box::new(joined)));
    }

    /// A live event of `c-1` with nothing hidden before it.
    pub(crate) fn event(&mut self, item: Item) {
        let after = item.seq.0 - 1;
        self.event_after(after, item);
    }

    pub(crate) fn event_after(&mut self, after: u64, item: Item) {
        let conversation = ConversationId::new("c-1");
        let event = LiveEvent {
            conversation,
            epoch: Epoch::new(self.epoch),
            after: Seq(after),
            item,
        };
        self.hears(&ServerFrame::Event(Box::new(event)));
    }

    /// A page of `c-1`.
    pub(crate) fn page(&mut self, after: u64, through: u64, items: Vec<Item>) {
        self.hears(&ServerFrame::Page(Page {
            conversation: ConversationId::new("c-1"),
            epoch: Epoch::new(self.epoch),
            after: Seq(after),
            through: Seq(through),
            items,
            head: Seq(through),
        }));
    }

    pub(crate) fn accept(&mut self, client_id: &str, conversation: &str, seq: u64) {
        self.hears(&ServerFrame::Accepted(Accepted {
            client_id: ClientId::new(client_id),
            conversation: ConversationId::new(conversation),
            epoch: Epoch::new(self.epoch),
            seq: Seq(seq),
            message_id: MessageId::new(format!("m-{seq}")),
            timestamp: self.now,
        }));
    }

    pub(crate) fn refuse(&mut self, client_id: &str, code: RefusalCode, retry_after_ms: Option<u64>) {
        self.hears(&ServerFrame::Refused(Refused {
            client_id: Some(ClientId::new(client_id)),
            conversation: None,
            retryable: code.retryable(),
            message: code.as_str().to_owned(),
            code,
            retry_after_ms,
        }));
    }

    /// `busy` without a client id, as joins, pages, marks and states are refused.
    pub(crate) fn refuse_nameless(&mut self, conversation: Option<ConversationId>, retry_after_ms: u64) {
        self.hears(&ServerFrame::Refused(Refused {
            client_id: None,
            conversation,
            code: RefusalCode::Busy,
            message: "busy".to_owned(),
            retryable: true,
            retry_after_ms: Some(retry_after_ms),
        }));
    }

    pub(crate) fn post(&mut self, client_id: &str) {
        self.post_to(None, client_id);
    }

    pub(crate) fn post_to(&mut self, conversation: Option<&str>, client_id: &str) {
        self.post_draft(
            conversation,
            client_id,
            Draft::new(MessageBody::plain(format!("text of {client_id}"))),
        );
    }

    pub(crate) fn post_draft(&mut self, conversation: Option<&str>, client_id: &str, draft: Draft) {
        // The bodies of all roles have the same JSON.
        let json = serde_json::to_string(&draft).expect("a draft is JSON");
        self.wants(Command::Post {
            conversation: conversation.map(ConversationId::new),
            client_id: ClientId::new(client_id),
            draft: serde_json::from_str(&json).expect("a draft"),
            audience: Audience::Everyone,
        });
    }

    pub(crate) fn entries(&self, conversation: &str) -> Vec<LogEntry<R>> {
        self.session.entries(Some(&ConversationId::new(conversation)))
    }

    /// The texts of the entries of a conversation.
    pub(crate) fn texts(&self, conversation: &str) -> Vec<String> {
        self.entries(conversation).iter().filter_map(LogEntry::text).collect()
    }

    pub(crate) fn state(&self, conversation: &str, key: &str) -> Option<SendState> {
        self.entries(conversation)
            .into_iter()
            .find(|entry| entry.key == key)?
            .state
    }
}

pub(crate) fn id(text: &str) -> ClientId {
    ClientId::new(text)
}

pub(crate) fn c1() -> ConversationId {
    ConversationId::new("c-1")
}

pub(crate) fn customer() -> Person {
    person("customer-1", SenderType::Customer)
}

pub(crate) fn agent() -> Person {
    person("agent-1", SenderType::Agent)
}

pub(crate) fn person(id: &str, kind: SenderType) -> Person {
    Person {
        id: id.to_owned(),
        kind,
        name: id.to_owned(),
        role: None,
    }
}

pub(crate) fn summary(conversation: &str, head: u64) -> Summary {
    Summary {
        conversation: ConversationId::new(conversation),
        state: ConversationState::Active,
        head: Seq(head),
        people: vec![customer(), agent()],
        waiting: false,
        started_at: 1,
        last: None,
        unread: 0,
        read: Seq::START,
        details: StaffDetails::default(),
    }
}

pub(crate) fn ended(conversation: &str, head: u64) -> Summary {
    Summary {
        state: ConversationState::Closed,
        ..summary(conversation, head)
    }
}

/// A message of `customer-1`, `agent-1` or another agent; its id is `m-` and its position.
pub(crate) fn said(seq: u64, by: &str, body: MessageBody) -> Item {
    let kind = if by == "customer-1" {
        SenderType::Customer
    } else {
        SenderType::Agent
    };
    let name = match kind {
        SenderType::Customer => EventName::CustomerMessage,
        _ => EventName::AgentMessage,
    };
    let sender = Sender::new(by, kind, by);
    let header = MessageHeader::new(sender.clone());
    let message = CimMessage {
        id: format!("m-{seq}"),
        header,
        body,
        ..CimMessage::default()
    };
    let data = EventData::Message(Box::new(message));
    let event = CimEvent {
        name,
        event_emitter: sender,
        data,
        ..CimEvent::default()
    };
    Item {
        seq: Seq(seq),
        event,
        client_id: None,
    }
}

pub(crate) fn text(seq: u64, by: &str) -> Item {
    said(seq, by, MessageBody::plain(format!("{by} at {seq}")))
}

/// An own message as the relay sends it back.
pub(crate) fn own(seq: u64, by: &str, client_id: &str) -> Item {
    let item = said(seq, by, MessageBody::plain(format!("text of {client_id}")));
    Item {
        client_id: Some(ClientId::new(client_id)),
        ..item
    }
}

/// The same, about an earlier message.
pub(crate) fn about(mut item: Item, original: &str, intent: Option<Intent>) -> Item {
    if let EventData::Message(message) = &mut item.event.data {
        message.header.original_message_id = Some(original.to_owned());
        message.header.intent = intent;
    }
    item
}

/// Something happened that is no message.
pub(crate) fn notice(seq: u64) -> Item {
    let event_emitter = Sender::new("system", SenderType::System, "SYSTEM");
    let event = CimEvent {
        name: EventName::CustomerLeft,
        event_emitter,
        ..CimEvent::default()
    };
    Item {
        seq: Seq(seq),
        event,
        client_id: None,
    }
}
