//! The timeline of an agent: messages of all participants with whispers among them, notices, folded runs of those that only a
//! search for a fault needs, and cards for activities that are no messages.

use super::builder::Builder;
use super::notice::AgentNotice;
use super::{Author, TimelineEvent, TimelineItem, TimelineMessage, Voice};
use crate::{Content, LogEntry, full_name, plain_name};
use portico_shared::cim::{CimEvent, CimMessage, EventData, EventName, MessageBody, Sender, SenderType};
use portico_shared::frame::Person;
use portico_shared::json::{Map, Value};
use portico_shared::role::Agent;
use portico_shared::text::says_nothing;
use portico_shared::visibility::{Viewer, is_visible};
use std::sync::Arc;

/// One thing that an agent's screen shows.
pub type AgentItem = TimelineItem<Agent>;

/// What an agent's screen shows of an event that is no message.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentEvent {
    /// One line says it.
    Notice(AgentNotice),
    /// Minor notices in a row, folded.
    Folded(Vec<TimelineEvent<AgentNotice>>),
    /// An activity that unfolds.
    Card(Card),
}

/// An activity that is no message: a call, a wrap-up, an answered form, what an app or a bot reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Who caused it.
    pub author: Author,
    /// The whole event.
    pub event: Arc<CimEvent>,
}

/// The agent who reads the timeline, and the customer it is about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgentView {
    /// The agent.
    pub me: Option<Person>,
    /// What the customer is called.
    pub customer_name: String,
    /// What the colour of the customer's picture follows from.
    pub customer_picture: String,
    /// How minor notices are shown.
    pub minor: MinorNotices,
}

/// How a timeline shows notices that only a search for a fault needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MinorNotices {
    /// Those in a row as one item.
    #[default]
    Folded,
    /// One by one.
    Shown,
}

/// What an agent's screen shows of these entries. `day_of` numbers the days of the agent's time zone: it is given a time in
/// epoch milliseconds and answers how many midnights have passed since some fixed one.
pub fn agent_items(entries: &[LogEntry<Agent>], view: &AgentView, day_of: impl Fn(i64) -> i64) -> Vec<AgentItem> {
    let mut timeline = AgentTimeline {
        items: Builder::new(day_of),
        view,
        data: Map::new(),
    };
    for entry in entries {
        match &entry.content {
            Content::Event(event) => timeline.event(entry, event, entries),
            Content::Unsent(_) => timeline.message(entry, view.own_author(), entries),
        }
    }
    timeline.items.finish()
}

/// What one line says of an event that agents care about and that is no message and no card.
pub fn notice_of(event: &CimEvent, view: &AgentView) -> Option<AgentNotice> {
    let Kind::Notice = kind_of(event) else { return None };
    let notice = AgentNotice::of(event, &view.author_of(event));
    (!notice.is_minor()).then_some(notice)
}

impl Card {
    /// The card of an event, in a timeline or without one.
    pub fn of(event: Arc<CimEvent>, view: &AgentView) -> Self {
        Self {
            author: view.author_of(&event),
            event,
        }
    }

    /// When it happened, in epoch milliseconds.
    pub fn at_ms(&self) -> i64 {
        self.event.timestamp.ms()
    }
}

impl AgentView {
    /// Who caused an event. The customer is called what this view says, an agent by first and last name.
    pub fn author_of(&self, event: &CimEvent) -> Author {
        let sender = &event.event_emitter;
        let is_me = self.me.as_ref().is_some_and(|me| me.id == sender.id);
        let author = Author::of(sender);
        match author.voice {
            Voice::Customer => Author {
                id: self.customer_picture.clone(),
                kind: SenderType::Customer,
                name: self.customer_name.clone(),
                ..author
            },
            Voice::Agent if is_me => self.own_author(),
            Voice::Own | Voice::Agent | Voice::Bot | Voice::System => Author {
                name: name_of(sender),
                ..author
            },
        }
    }

    /// The agent who looks.
    fn own_author(&self) -> Author {
        let (id, name) = match &self.me {
            Some(me) => (me.id.clone(), me.name.clone()),
            None => (String::new(), String::new()),
        };
        Author {
            id,
            name,
            ..Author::own(SenderType::Agent)
        }
    }
}

struct AgentTimeline<'a, D> {
    items: Builder<Agent, D>,
    view: &'a AgentView,
    /// The conversation's data as the event before said it.
    data: Map,
}

impl<D: Fn(i64) -> i64> AgentTimeline<'_, D> {
    fn event(&mut self, entry: &LogEntry<Agent>, event: &Arc<CimEvent>, entries: &[LogEntry<Agent>]) {
        match kind_of(event) {
            Kind::Hidden => {}
            Kind::Message => {
                let author = self.view.author_of(event);
                let is_own = entry.mine && author.voice == Voice::Agent;
                let author = if is_own { self.view.own_author() } else { author };
                self.message(entry, author, entries);
            }
            Kind::Card => {
                let card = Card::of(Arc::clone(event), self.view);
                self.items.event(event_of(entry, AgentEvent::Card(card)));
            }
            Kind::Notice => {
                let notice = AgentNotice::of(event, &self.view.author_of(event));
                let EventData::ConversationData(data) = &event.data else {
                    return self.notice(entry, notice);
                };
                let changes = data_changes(&self.data, data);
                self.data.clone_from(data);
                if !changes.is_empty() {
                    self.notice(entry, AgentNotice::of_data(changes));
                }
            }
        }
    }

    fn message(&mut self, entry: &LogEntry<Agent>, author: Author, entries: &[LogEntry<Agent>]) {
        self.items
            .message(TimelineMessage::new(entry.clone(), author).with_quote(entries));
    }
    /// Minor notices in a row are one item, unless the agent wants to see them.
    fn notice(&mut self, entry: &LogEntry<Agent>, notice: AgentNotice) {
        if !notice.is_minor() || self.view.minor == MinorNotices::Shown {
            return self.items.event(event_of(entry, AgentEvent::Notice(notice)));
        }
        let line = event_of(entry, notice);
        if let Some(before) = self.items.event_before(line.at_ms)
            && let AgentEvent::Folded(run) = &mut before.what
        {
            before.seq = line.seq;
            run.push(line);
            return;
        }
        let mut folded = event_of(entry, AgentEvent::Folded(vec![line]));
        folded.key.insert_str(0, "folded ");
        self.items.event(folded);
    }
}

fn event_of<E>(entry: &LogEntry<Agent>, what: E) -> TimelineEvent<E> {
    TimelineEvent {
        key: entry.key.clone(),
        seq: entry.seq,
        at_ms: entry.at_ms(),
        what,
    }
}

/// How an event is shown.
enum Kind {
    Message,
    Card,
    Notice,
    /// Folded into other entries, or not worth a line.
    Hidden,
}

fn kind_of(event: &CimEvent) -> Kind {
    match (&event.name, &event.data) {
        (EventName::MessageDeliveryNotification | EventName::TypingIndicator | EventName::LinkPreview, _) => {
            Kind::Hidden
        }
        (EventName::CallHold | EventName::CallResume, _) => Kind::Notice,
        (_, EventData::Message(message)) if is_activity(event, message) => Kind::Card,
        // What an app says to the customer is a message to the agent, too.
        (EventName::ThirdPartyActivity, EventData::Message(_)) if !is_visible(Viewer::Customer, event) => Kind::Card,
        (EventName::WhisperMessage, EventData::Message(_)) => Kind::Message,
        (_, EventData::Message(message)) => match &message.body {
            MessageBody::DeliveryNotification(_) | MessageBody::DeletedNotification(_) => Kind::Hidden,
            MessageBody::Notification(_) => Kind::Notice,
            _ => Kind::Message,
        },
        (EventName::Other(_) | EventName::MediaRecording, _) => Kind::Card,
        (_, EventData::VoiceActivity(_) | EventData::Suggestion(_)) => Kind::Card,
        _ => Kind::Notice,
    }
}

/// Whether a message is a card, independent of its sender.
fn is_activity(event: &CimEvent, message: &CimMessage) -> bool {
    let has_text = || message.text().is_some_and(|text| !says_nothing(&text));
    match &message.body {
        MessageBody::WrapUp(_)
        | MessageBody::Voice(_)
        | MessageBody::VoiceRecording(_)
        | MessageBody::IvrAggregated(_)
        | MessageBody::Action(_) => true,
        // Whose text the customer reads as a message.
        MessageBody::Custom(_)
        | MessageBody::Structured(_)
        | MessageBody::Email(_)
        | MessageBody::Template(_)
        | MessageBody::Comment(_) => !has_text() || !is_visible(Viewer::Customer, event),
        // A form with answers in it.
        MessageBody::FormData(form) => {
            let mut questions = form.sections.iter().flat_map(|section| &section.attributes);
            questions.any(|question| question.answer.is_some())
        }
        // With a text it is a message to the customer, too.
        MessageBody::Receipt(_) | MessageBody::Other { .. } => !has_text(),
        _ => false,
    }
}

/// What the data says that it did not say before, null for what is gone. The page that the visitor looks at stands beside
/// the chat, so that a walk through the site does not fill the timeline.
fn data_changes(before: &Map, data: &Map) -> Map {
    const PAGE: [&str; 2] = ["page_url", "page_title"];
    let gone = before.keys().filter(|key| !data.contains_key(*key));
    let gone = gone.map(|key| (key.clone(), Value::Null));
    let new = data.iter().filter(|(key, value)| before.get(*key) != Some(*value));
    let new = new.map(|(key, value)| (key.clone(), value.clone()));
    gone.chain(new)
        .filter(|(key, _)| !PAGE.contains(&key.as_str()))
        .collect()
}

/// First and last name where the detail has them, otherwise the sender's own name.
fn name_of(sender: &Sender) -> String {
    let detail = |key: &str| sender.additional_detail.as_ref()?.get(key)?.as_str().map(str::trim);
    full_name(detail("firstName"), detail("lastName")).unwrap_or_else(|| plain_name(&sender.sender_name))
}
