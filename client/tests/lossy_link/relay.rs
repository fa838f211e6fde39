//! A relay in memory: one customer, one agent, conversations as logs, and a fault now and then.

use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::{
    CimEvent, CimMessage, EventData, EventName, Intent, MessageBody, MessageHeader, Sender, SenderType, Timestamp,
    body::{DeliveryBody, DeliveryStatus},
};
use portico_shared::frame::{
    Accepted, Audience, ClientFrame, Item, Joined, LiveEvent, Page, Person, Post, Range, RefusalCode, Refused,
    ServerFrame, Summary, Welcome,
};
use portico_shared::ids::{ClientId, ConversationId, Epoch, MessageId, Seq};
use portico_shared::role::StaffDetails;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Few, so that catching up takes several pages.
const PAGE: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Customer,
    Agent,
}

impl Who {
    pub(crate) fn person(self) -> Person {
        let (id, kind, name) = match self {
            Self::Customer => ("customer-1", SenderType::Customer, "Visitor"),
            Self::Agent => ("agent-1", SenderType::Agent, "Ann"),
        };
        Person {
            id: id.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            role: None,
        }
    }

    fn sender(self) -> Sender {
        match self {
            Self::Customer => Sender::new("customer-1", SenderType::Customer, "Visitor"),
            Self::Agent => Sender::new("agent-1", SenderType::Agent, "Ann"),
        }
    }
}

pub(crate) struct Stored {
    pub(crate) author: Option<Who>,
    pub(crate) client_id: Option<ClientId>,
    event: CimEvent,
    seen_by: &'static [Who],
}

impl Stored {
    pub(crate) fn is_visible_to(&self, who: Who) -> bool {
        self.seen_by.contains(&who)
    }

    pub(crate) fn is_message(&self) -> bool {
        matches!(self.event.name, EventName::CustomerMessage | EventName::AgentMessage)
    }
}

#[derive(Default)]
pub(crate) struct Log {
    pub(crate) events: Vec<Stored>,
    /// How far each person's receipts have come: delivered, read.
    marks: HashMap<Who, (u64, u64)>,
}

pub(crate) struct Connection {
    who: Option<Who>,
    /// Live events: the last position that was pushed or stood at the head when joining.
    joined: BTreeMap<usize, u64>,
    pub(crate) down: VecDeque<String>,
    /// Answers that another task of the relay is still working on: live events may overtake them.
    slow: VecDeque<ServerFrame>,
}

pub(crate) struct Relay {
    pub(crate) now: i64,
    pub(crate) epoch: Epoch,
    pub(crate) logs: Vec<Log>,
    results: HashMap<(Who, ClientId), Accepted>,
    pub(crate) connections: BTreeMap<u32, Connection>,
    /// While it is set, about one request in eight is refused for the moment.
    pub(crate) has_faults: bool,
    dice: u64,
}

pub(crate) fn id_of(conversation: usize) -> ConversationId {
    ConversationId::new(format!("conversation-{conversation}"))
}

impl Relay {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            now: 0,
            epoch: Epoch::new("epoch-1"),
            logs: Vec::new(),
            results: HashMap::new(),
            connections: BTreeMap::new(),
            has_faults: true,
            dice: seed | 1,
        }
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % sides
    }

    pub(crate) fn open(&mut self, id: u32) {
        let connection = Connection {
            who: None,
            joined: BTreeMap::new(),
            down: VecDeque::new(),
            slow: VecDeque::new(),
        };
        self.connections.insert(id, connection);
    }

    /// Hands out what the slow tasks have finished.
    pub(crate) fn finish_slow(&mut self, id: u32) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        while let Some(frame) = connection.slow.pop_front() {
            connection.down.push_back(frame.to_json());
        }
    }

    fn push(&mut self, id: u32, frame: &ServerFrame) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.down.push_back(frame.to_json());
        }
    }

    pub(crate) fn received(&mut self, id: u32, text: &str) {
        let frame = ClientFrame::from_json(text).expect("clients send only frames");
        let Some(who) = self.connections[&id].who else {
            let ClientFrame::Hello(hello) = frame else {
                panic!("{text} before hello")
            };
            return self.welcome(
                id,
                if hello.token == "agent" {
                    Who::Agent
                } else {
                    Who::Customer
                },
            );
        };
        if self.has_faults && self.roll(8) == 0 && self.refuse(id, &frame) {
            return;
        }
        match frame {
            ClientFrame::Start(start) => self.start(id, who, start.client_id),
            ClientFrame::Join(join) => self.join(id, who, &join.conversation),
            ClientFrame::Page(page) => self.page(id, who, &page.conversation, page.range),
            ClientFrame::Post(post) => self.post(id, who, post),
            ClientFrame::Delivered(mark) => self.mark(who, &mark.conversation, mark.up_to, DeliveryStatus::Delivered),
            ClientFrame::Read(mark) => self.mark(who, &mark.conversation, mark.up_to, DeliveryStatus::Read),
            ClientFrame::Ping => self.push(id, &ServerFrame::Pong),
            other => panic!("this world has no {}", other.name()),
        }
    }

    /// Says `busy`, as far as the frame has an answer at all.
    fn refuse(&mut self, id: u32, frame: &ClientFrame) -> bool {
        let (client_id, conversation) = match frame {
            ClientFrame::Start(start) => (Some(start.client_id.clone()), None),
            ClientFrame::Post(post) => (Some(post.client_id.clone()), Some(post.conversation.clone())),
            ClientFrame::Join(join) => (None, Some(join.conversation.clone())),
            ClientFrame::Delivered(mark) | ClientFrame::Read(mark) => (None, Some(mark.conversation.clone())),
            ClientFrame::Page(page) => (None, Some(page.conversation.clone())),
            _ => return false,
        };
        let retry_after_ms = (self.roll(2) == 0).then_some(700);
        let refused = Refused {
            client_id,
            conversation,
            code: RefusalCode::Busy,
            message: "busy".to_owned(),
            retryable: true,
            retry_after_ms,
        };
        self.push(id, &ServerFrame::Refused(refused));
        true
    }

    fn welcome(&mut self, id: u32, who: Who) {
        self.connections.get_mut(&id).expect("it is open").who = Some(who);
        let conversations = (0..self.logs.len()).map(|index| self.summary(index, who)).collect();
        let welcome = Welcome {
            me: who.person(),
            epoch: self.epoch.clone(),
            now: self.now,
            expires_at: None,
            conversations,
            offers: Vec::new(),
            agent_state: None,
        };
        self.push(id, &ServerFrame::Welcome(Box::new(welcome)));
    }

    fn summary(&self, index: usize, who: Who) -> Summary {
        let log = &self.logs[index];
        Summary {
            conversation: id_of(index),
            state: ConversationState::Active,
            head: Seq(log.events.len() as u64),
            people: vec![Who::Customer.person(), Who::Agent.person()],
            waiting: false,
            started_at: 1,
            last: None,
            unread: 0,
            read: Seq(log.marks.get(&who).map_or(0, |marks| marks.1)),
            details: StaffDetails::default(),
        }
    }

    /// The customer has one live chat: a second start finds it.
    fn start(&mut self, id: u32, who: Who, client_id: ClientId) {
        if self.logs.is_empty() {
            self.logs.push(Log::default());
            self.append(
                0,
                None,
                None,
                hidden_event(EventName::ChannelSessionStarted),
                &[Who::Agent],
            );
            let members: Vec<(u32, Who)> = self
                .connections
                .iter()
                .filter_map(|(id, connection)| Some((*id, connection.who?)))
                .collect();
            for (member, who) in members {
                let summary = self.summary(0, who);
                self.push(member, &ServerFrame::Conversation(Box::new(summary)));
            }
        }
        let accepted = self.results.entry((who, client_id.clone())).or_insert(Accepted {
            client_id,
            conversation: id_of(0),
            epoch: self.epoch.clone(),
            seq: Seq(1),
            message_id: MessageId::new("event-1"),
            timestamp: 1,
        });
        let frame = ServerFrame::Accepted(accepted.clone());
        self.push(id, &frame);
    }

    fn index(&self, conversation: &ConversationId) -> usize {
        (0..self.logs.len())
            .find(|index| id_of(*index) == *conversation)
            .expect("clients know what they were told")
    }

    fn join(&mut self, id: u32, who: Who, conversation: &ConversationId) {
        let index = self.index(conversation);
        let head = self.logs[index].events.len() as u64;
        self.connections
            .get_mut(&id)
            .expect("it is open")
            .joined
            .insert(index, head);
        let joined = Joined {
            summary: self.summary(index, who),
            epoch: self.epoch.clone(),
            head: Seq(head),
        };
        self.push(id, &ServerFrame::Joined(Box::new(joined)));
    }

    fn page(&mut self, id: u32, who: Who, conversation: &ConversationId, range: Range) {
        let index = self.index(conversation);
        let events = &self.logs[index].events;
        let head = events.len() as u64;
        let visible = |seq: &u64| events[*seq as usize - 1].is_visible_to(who);
        let (after, through, mut seqs) = match range {
            Range::After(after) => {
                let seqs: Vec<u64> = (after.0 + 1..=head).filter(visible).take(PAGE).collect();
                let through = if seqs.len() < PAGE { head } else { seqs[PAGE - 1] };
                (after.0, through, seqs)
            }
            Range::Before(before) => {
                let seqs: Vec<u64> = (1..before.0.min(head + 1)).rev().filter(visible).take(PAGE).collect();
                let after = if seqs.len() < PAGE { 0 } else { seqs[PAGE - 1] - 1 };
                (after, before.0 - 1, seqs)
            }
        };
        seqs.sort_unstable();
        let items = seqs.iter().map(|seq| self.item(index, *seq, who)).collect();
        let page = ServerFrame::Page(Page {
            conversation: conversation.clone(),
            epoch: self.epoch.clone(),
            after: Seq(after),
            through: Seq(through),
            items,
            head: Seq(head),
        });
        self.connections.get_mut(&id).expect("it is open").slow.push_back(page);
    }

    fn item(&self, index: usize, seq: u64, who: Who) -> Item {
        let stored = &self.logs[index].events[seq as usize - 1];
        let client_id = stored.client_id.clone().filter(|_| stored.author == Some(who));
        Item {
            seq: Seq(seq),
            event: stored.event.clone(),
            client_id,
        }
    }

    fn post(&mut self, id: u32, who: Who, post: Post) {
        let Post {
            conversation,
            client_id,
            message: draft,
            audience,
        } = post;
        if let Some(accepted) = self.results.get(&(who, client_id.clone())) {
            let frame = ServerFrame::Accepted(accepted.clone());
            return self.push(id, &frame);
        }
        assert_eq!(audience, Audience::Everyone);
        let index = self.index(&conversation);
        let seq = self.logs[index].events.len() as u64 + 1;
        let message_id = format!("message-{index}-{seq}");
        let mut header = MessageHeader::new(who.sender());
        header.intent = draft.intent.as_deref().map(Intent::parse);
        let message = CimMessage {
            id: message_id.clone(),
            header,
            body: draft.body.clone(),
            ..CimMessage::default()
        };
        let name = match who {
            Who::Customer => EventName::CustomerMessage,
            Who::Agent => EventName::AgentMessage,
        };
        let accepted = Accepted {
            client_id: client_id.clone(),
            conversation: conversation.clone(),
            epoch: self.epoch.clone(),
            seq: Seq(seq),
            message_id: MessageId::new(message_id),
            timestamp: self.now,
        };
        self.results.insert((who, client_id.clone()), accepted.clone());
        let event = CimEvent {
            id: format!("event-{index}-{seq}"),
            name,
            timestamp: Timestamp::from_ms(self.now),
            event_emitter: who.sender(),
            data: EventData::Message(Box::new(message)),
            ..CimEvent::default()
        };
        let accepted = ServerFrame::Accepted(accepted);
        if self.roll(2) == 0 {
            self.push(id, &accepted);
            self.append(index, Some(who), Some(client_id), event, BOTH);
        } else {
            self.append(index, Some(who), Some(client_id), event, BOTH);
            self.push(id, &accepted);
        }
    }

    fn mark(&mut self, who: Who, conversation: &ConversationId, up_to: Seq, status: DeliveryStatus) {
        let index = self.index(conversation);
        let (delivered, read) = self.logs[index].marks.get(&who).copied().unwrap_or_default();
        let before = if status == DeliveryStatus::Read {
            read
        } else {
            delivered.max(read)
        };
        let newest = self.logs[index].events[before.min(up_to.0) as usize..up_to.0 as usize]
            .iter()
            .rev()
            .find(|stored| stored.is_message() && stored.author != Some(who))
            .and_then(|stored| match &stored.event.data {
                EventData::Message(message) => Some(message.id.clone()),
                _ => None,
            });
        let Some(message_id) = newest else { return };
        let marks = self.logs[index].marks.entry(who).or_default();
        if status == DeliveryStatus::Read {
            marks.1 = up_to.0;
        } else {
            marks.0 = up_to.0;
        }
        let receipt = DeliveryBody {
            markdown_text: None,
            message_id,
            status,
            reason_code: None,
            ..DeliveryBody::default()
        };
        let message = CimMessage {
            id: "receipt".to_owned(),
            header: MessageHeader::new(who.sender()),
            body: MessageBody::DeliveryNotification(receipt),
            ..CimMessage::default()
        };
        let event = CimEvent {
            name: EventName::MessageDeliveryNotification,
            event_emitter: who.sender(),
            data: EventData::Message(Box::new(message)),
            ..CimEvent::default()
        };
        self.append(index, Some(who), None, event, BOTH);
    }

    /// An event that no member, or only the agent, may see takes a position.
    pub(crate) fn append_hidden(&mut self) {
        if !self.logs.is_empty() {
            let seen_by: &[Who] = if self.roll(2) == 0 { &[Who::Agent] } else { &[] };
            self.append(0, None, None, hidden_event(EventName::AgentSlaExpired), seen_by);
        }
    }

    fn append(
        &mut self,
        index: usize,
        author: Option<Who>,
        client_id: Option<ClientId>,
        event: CimEvent,
        seen_by: &'static [Who],
    ) {
        self.logs[index].events.push(Stored {
            author,
            client_id,
            event,
            seen_by,
        });
        let seq = self.logs[index].events.len() as u64;
        let members: Vec<(u32, Who)> = self
            .connections
            .iter()
            .filter_map(|(id, connection)| Some((*id, connection.who?)))
            .collect();
        for (id, who) in members {
            if !seen_by.contains(&who) {
                continue;
            }
            let item = self.item(index, seq, who);
            let connection = self.connections.get_mut(&id).expect("it is a member");
            if let Some(sent) = connection.joined.get_mut(&index) {
                let after = Seq(std::mem::replace(sent, seq));
                let event = LiveEvent {
                    conversation: id_of(index),
                    epoch: self.epoch.clone(),
                    after,
                    item,
                };
                connection.down.push_back(ServerFrame::Event(Box::new(event)).to_json());
            }
        }
    }
}

const BOTH: &[Who] = &[Who::Customer, Who::Agent];

fn hidden_event(name: EventName) -> CimEvent {
    CimEvent {
        name,
        event_emitter: Sender::new("system", SenderType::System, "SYSTEM"),
        ..CimEvent::default()
    }
}
