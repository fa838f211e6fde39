//! From the rows of a conversation to what the timeline draws: messages in runs, days between them, notices, and cards
//! for activities that are no messages. Pure: rows in, entries out; `view/timeline` draws them.

mod notice;
mod people;

pub(crate) use notice::{Notice, Sign, Tone};
pub(crate) use people::{Voice, Who};

use notice::Weight;
use portico_client::{Content, Row};
use portico_shared::cim::{CimEvent, CimMessage, EventData, EventName, Intent, MessageBody};
use portico_shared::frame::{Audience, Person};
use portico_shared::text::{parse, plain_text};
use portico_ui::time::days_between;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Messages of one sender within this many milliseconds make one run, under one name and time.
const RUN_MS: i64 = 180_000;

/// One thing that the timeline draws.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A new day begins.
    Day {
        /// A moment in it, in epoch milliseconds.
        at_ms: i64,
    },
    /// Somebody said something.
    Message(Box<Message>),
    /// Something happened that one line says.
    Notice(Notice),
    /// A run of system events, folded.
    System(Vec<Notice>),
    /// An activity that unfolds.
    Card(Card),
}

impl Entry {
    /// Different for each entry of a timeline, and for each look of one: an entry whose key stays is not drawn again.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Day { at_ms } => format!("day {at_ms}"),
            Self::Message(message) => message.look(),
            Self::Notice(notice) => notice.key.clone(),
            Self::System(notices) => {
                let first = notices.first().map(|notice| notice.key.as_str()).unwrap_or_default();
                format!("system {first} {}", notices.len())
            }
            Self::Card(card) => format!("card {}", card.key),
        }
    }
}

/// A message, whisper or not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// The session's row.
    pub(crate) row: Row,
    /// Who said it.
    pub(crate) who: Who,
    /// When, in epoch milliseconds.
    pub(crate) at_ms: i64,
    /// Whether agents alone see it.
    pub(crate) whisper: bool,
    /// Whether a run begins with it.
    pub(crate) first: bool,
    /// Whether a run ends with it.
    pub(crate) last: bool,
    /// The text that it quotes.
    pub(crate) quote: Option<String>,
}

impl Message {
    /// What it says.
    pub(crate) fn body(&self) -> Option<&MessageBody> {
        match &self.row.content {
            Content::Event(event) => message_of(event).map(|message| &message.body),
            Content::Unsent(unsent) => Some(&unsent.draft.body),
        }
    }

    /// Its text, as it reads now.
    pub(crate) fn text(&self) -> Option<String> {
        if let Some(edited) = &self.row.edited {
            return Some(edited.text.clone());
        }
        match &self.row.content {
            Content::Event(event) => message_of(event)?.text().map(|text| text.into_owned()),
            Content::Unsent(unsent) => unsent.draft.body.markdown_text().map(str::to_owned),
        }
        .filter(|text| !text.trim().is_empty())
    }

    /// The stored message's id.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.row.content {
            Content::Event(event) => message_of(event).map(|message| message.id.as_str()),
            Content::Unsent(_) => None,
        }
    }

    fn look(&self) -> String {
        let Row {
            key,
            content,
            state,
            edited,
            deleted,
            answer,
            ..
        } = &self.row;
        // Its position comes with the answer, its id, which a change of it names, with the event.
        let stored = matches!(content, Content::Event(_));
        format!(
            "{key} {stored} {state:?} {edited:?} {deleted} {answer:?} {} {}",
            self.first, self.last
        )
    }
}

/// An activity that is no message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    /// The row's.
    pub(crate) key: String,
    /// When, in epoch milliseconds.
    pub(crate) at_ms: i64,
    /// Who caused it.
    pub(crate) who: Who,
    /// The whole event.
    pub(crate) event: Arc<CimEvent>,
}

impl Card {
    /// An activity that stands in no timeline.
    pub(crate) fn alone(event: CimEvent, viewer: &Viewer) -> Self {
        Self {
            key: event.id.clone(),
            at_ms: event.timestamp.ms(),
            who: Who::of(&event, false, viewer),
            event: Arc::new(event),
        }
    }
}

/// Who looks at the timeline, and at whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Viewer {
    /// The agent.
    pub(crate) me: Option<Person>,
    /// What the customer is called.
    pub(crate) customer: String,
    /// What the colour of the customer's picture follows from.
    pub(crate) picture: String,
    /// Whether system events are shown one by one.
    pub(crate) system: bool,
}

/// What the timeline draws, oldest first.
pub(crate) fn entries(rows: &[Row], viewer: &Viewer) -> Vec<Entry> {
    let mut drawn = Drawn::default();
    for row in rows {
        match &row.content {
            Content::Event(event) => drawn.event(row, event, rows, viewer),
            Content::Unsent(unsent) => drawn.message(Message {
                row: row.clone(),
                who: Who::me(viewer),
                at_ms: unsent.at_ms,
                whisper: unsent.audience == Audience::Agents,
                first: false,
                last: true,
                quote: None,
            }),
        }
    }
    drawn.entries
}

#[derive(Default)]
struct Drawn {
    entries: Vec<Entry>,
    last_ms: Option<i64>,
    /// The conversation's data as the event before said it.
    known: Map<String, Value>,
}

impl Drawn {
    fn event(&mut self, row: &Row, event: &Arc<CimEvent>, rows: &[Row], viewer: &Viewer) {
        let at_ms = event.timestamp.ms();
        let who = Who::of(event, row.mine, viewer);
        match kind_of(event) {
            Kind::Hidden => {}
            Kind::Message { whisper } => {
                let quote = quoted(event, rows);
                self.message(Message {
                    row: row.clone(),
                    who,
                    at_ms,
                    whisper,
                    first: false,
                    last: true,
                    quote,
                });
            }
            Kind::Card => {
                self.day(at_ms);
                self.entries.push(Entry::Card(Card {
                    key: row.key.clone(),
                    at_ms,
                    who,
                    event: Arc::clone(event),
                }));
            }
            Kind::Notice => {
                let mut notice = Notice::of(row.key.clone(), event, &who);
                if let EventData::ConversationData(facts) = &event.data {
                    let news = notice::news(&self.known, facts);
                    self.known.clone_from(facts);
                    if news.is_empty() {
                        return;
                    }
                    notice = notice.of_facts(news);
                }
                self.day(at_ms);
                self.notice(notice, viewer);
            }
        }
    }

    fn message(&mut self, mut message: Message) {
        self.day(message.at_ms);
        message.first = true;
        if let Some(Entry::Message(before)) = self.entries.last_mut()
            && continues(before, &message)
        {
            before.last = false;
            message.first = false;
        }
        self.entries.push(Entry::Message(Box::new(message)));
    }

    fn notice(&mut self, notice: Notice, viewer: &Viewer) {
        if notice.weight == Weight::Major || viewer.system {
            self.entries.push(Entry::Notice(notice));
        } else if let Some(Entry::System(run)) = self.entries.last_mut() {
            run.push(notice);
        } else {
            self.entries.push(Entry::System(vec![notice]));
        }
    }

    fn day(&mut self, at_ms: i64) {
        if self.last_ms.is_none_or(|last| days_between(last, at_ms) != 0) {
            self.entries.push(Entry::Day { at_ms });
        }
        self.last_ms = Some(at_ms);
    }
}

fn continues(before: &Message, message: &Message) -> bool {
    before.who == message.who && before.whisper == message.whisper && message.at_ms - before.at_ms < RUN_MS
}

/// How an event is drawn.
enum Kind {
    Message {
        whisper: bool,
    },
    Card,
    Notice,
    /// Folded into other rows, or not worth a line.
    Hidden,
}

fn kind_of(event: &CimEvent) -> Kind {
    match (&event.name, &event.data) {
        (EventName::MessageDeliveryNotification | EventName::TypingIndicator, _) => Kind::Hidden,
        (EventName::CallHold | EventName::CallResume, _) => Kind::Notice,
        (_, EventData::Message(message)) if is_activity(message) => Kind::Card,
        (EventName::ThirdPartyActivity, EventData::Message(_)) => Kind::Card,
        (EventName::WhisperMessage, EventData::Message(_)) => Kind::Message { whisper: true },
        (_, EventData::Message(message)) => match &message.body {
            MessageBody::DeliveryNotification(_) | MessageBody::DeletedNotification(_) => Kind::Hidden,
            MessageBody::Notification(_) => Kind::Notice,
            _ => Kind::Message { whisper: false },
        },
        (EventName::Other(_) | EventName::MediaRecording, _) => Kind::Card,
        (_, EventData::VoiceActivity(_)) => Kind::Card,
        (_, EventData::Suggestion(_)) => Kind::Card,
        _ => Kind::Notice,
    }
}

/// Bodies that are a card whoever sent them.
fn is_activity(message: &CimMessage) -> bool {
    match &message.body {
        MessageBody::WrapUp(_)
        | MessageBody::Voice(_)
        | MessageBody::VoiceRecording(_)
        | MessageBody::IvrAggregated(_)
        | MessageBody::Action(_)
        | MessageBody::Custom(_)
        | MessageBody::Structured(_)
        | MessageBody::Email(_)
        | MessageBody::Template(_)
        | MessageBody::Comment(_) => true,
        MessageBody::FormData(form) => form
            .sections
            .iter()
            .flat_map(|section| &section.attributes)
            .any(|question| question.answer.is_some()),
        MessageBody::Other { markdown_text, .. } => markdown_text.is_none(),
        _ => false,
    }
}

/// The message that an event carries.
pub(crate) fn message_of(event: &CimEvent) -> Option<&CimMessage> {
    match &event.data {
        EventData::Message(message) => Some(message),
        _ => None,
    }
}

/// The sentence of an event that agents care about and that is no message and no card.
pub(crate) fn notice_text(event: &CimEvent, viewer: &Viewer) -> Option<String> {
    let Kind::Notice = kind_of(event) else { return None };
    let notice = Notice::of(String::new(), event, &Who::of(event, false, viewer));
    (notice.weight == Weight::Major).then_some(notice.text)
}

/// A text on one line and without its marks, where there is no room for what they mean.
pub(crate) fn one_line(text: &str) -> String {
    let words = plain_text(&parse(text));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(event: &CimEvent, rows: &[Row]) -> Option<String> {
    let header = &message_of(event)?.header;
    let original = header
        .original_message_id
        .as_deref()
        .filter(|_| header.intent == Some(Intent::ReplyTo))?;
    rows.iter().find_map(|row| match &row.content {
        Content::Event(event) => message_of(event)
            .filter(|message| message.id == original)?
            .text()
            .map(|text| one_line(&text)),
        Content::Unsent(_) => None,
    })
}
