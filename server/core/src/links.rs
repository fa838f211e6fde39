//! Previews of the pages that messages link to, on channels that want them: takes links of messages that are on disk, has
//! their pages read, and has what the pages call themselves appended to the conversation.
//!
//! A preview is worth little, so it costs little: links wait in a short queue in memory, and one that finds no room, or is
//! there when the process ends, has no preview. No message waits for any of this. That a message has one preview at most is
//! for the conversation's actor to see to, which reads what came after the message before it appends.

mod found;
mod limits;
mod private;
mod recent;

use crate::clock::Clock;
use crate::conversation::{Command, Registry, Services};
use crate::store::ConversationRecord;
use crate::telemetry::LINK_PREVIEWS;
use async_trait::async_trait;
use limits::{Limits, Pending};
use portico_shared::ids::{ConversationId, MessageId, Seq};
use recent::Recent;
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore, mpsc};

pub(crate) use found::links_of;
pub use private::is_for_one_reader;

/// Links that wait. One more has no preview.
const WAITING: usize = 256;

/// Pages that are read at the same time.
const AT_ONCE: usize = 8;

/// A link of a message that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The conversation of the message.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// Where the link was said: the position of the message, or of its newest text.
    pub seq: Seq,
    /// Where it leads, as the message says it.
    pub url: String,
}

/// What a page calls itself. All of it is one line each, of bounded length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// The site that it is of.
    pub site: Option<String>,
}

/// Why nothing is known of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The relay does not ask there.
    Refused,
    /// It could not be asked, or did not answer in time.
    Unreachable,
    /// What is there is no page, or calls itself nothing.
    NoPage,
}

impl Unread {
    /// Its name in the metric.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NoPage => "no_page",
        }
    }
}

/// Reads pages.
#[async_trait]
pub trait PageReader: Send + Sync + 'static {
    /// Reads what a page calls itself. The address is a stranger's choice. It takes some seconds at most.
    async fn read(&self, url: &str) -> Result<Page, Unread>;

    /// The host of an address and its port, in one spelling however the address spells them. Refused where none is asked.
    fn site(&self, url: &str) -> Result<String, Unread>;
}

/// A page that was read for a link.
#[derive(Debug)]
pub struct Preview {
    /// The link.
    pub link: Link,
    /// Its page.
    pub page: Page,
}

/// The links that wait. A cheap handle.
#[derive(Clone)]
pub struct LinkQueue {
    limits: Arc<Limits>,
    sender: mpsc::Sender<(Link, Pending)>,
    /// The worker holds it.
    waiting: Arc<Mutex<mpsc::Receiver<(Link, Pending)>>>,
}

impl LinkQueue {
    /// A queue without links.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        Self {
            limits: Arc::new(Limits::new(clock)),
            sender,
            waiting: Arc::new(Mutex::new(waiting)),
        }
    }

    pub(crate) fn push(&self, link: Link) {
        let Some(pending) = self.limits.begin(&link.conversation) else {
            return count("limited");
        };
        if self.sender.try_send((link, pending)).is_err() {
            count("dropped");
        }
    }
}

/// Has pages read until the relay stops.
pub async fn run(registry: Registry, reader: Arc<dyn PageReader>) {
    let services = registry.services().clone();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let worker = Worker {
        limits: services.links.limits.clone(),
        recent: Arc::default(),
        registry,
        reader,
    };
    let stop = &services.shutdown;
    let mut waiting = services.links.waiting.lock().await;
    while let Some(Some((link, pending))) = stop.run_until_cancelled(waiting.recv()).await {
        let Some(Ok(place)) = stop.run_until_cancelled(places.clone().acquire_owned()).await else {
            return;
        };
        let worker = worker.clone();
        services.tracker.spawn(async move {
            let (_place, _pending) = (place, pending);
            let stop = worker.registry.services().shutdown.clone();
            // A stop waits for no page.
            if let Some(outcome) = stop.run_until_cancelled(worker.preview(link)).await {
                count(outcome);
            }
        });
    }
}

#[derive(Clone)]
struct Worker {
    registry: Registry,
    reader: Arc<dyn PageReader>,
    limits: Arc<Limits>,
    recent: Arc<Recent>,
}

impl Worker {
    /// Reads the page of one link and hands it to the link's conversation. Answers what became of it, for the metric.
    async fn preview(&self, link: Link) -> &'static str {
        let services = self.registry.services();
        // What was erased while the link waited is not told to its page's server.
        let record = services.store.conversation(&link.conversation).await;
        if !record.ok().flatten().is_some_and(|record| goes_on(&record)) {
            return "late";
        }
        let page = match self.page(services, &link.url).await {
            Some(Ok(page)) => page,
            Some(Err(unread)) => return unread.as_str(),
            None => return "limited",
        };
        let conversation = link.conversation.clone();
        let command = Command::Preview(Box::new(Preview { link, page }));
        match self.registry.call(&conversation, command).await {
            Ok(_) => "read",
            // The conversation has more to do than this.
            Err(_) => "dropped",
        }
    }

    /// What is behind an address. `None` if the relay has asked for enough pages.
    async fn page(&self, services: &Services, url: &str) -> Option<Result<Page, Unread>> {
        let known = self.recent.get(url, services.clock.elapsed_ms());
        if known.is_some() {
            return known;
        }
        let site = match self.reader.site(url) {
            Ok(site) => site,
            Err(unread) => return Some(Err(unread)),
        };
        if !self.limits.allow(site) {
            return None;
        }
        let read = self.reader.read(url).await;
        self.recent.keep(url, &read, services.clock.elapsed_ms());
        Some(read)
    }
}

/// Whether a conversation is one in which something is still said.
fn goes_on(record: &ConversationRecord) -> bool {
    !record.erased && record.ended_at.is_none()
}

fn count(outcome: &'static str) {
    metrics::counter!(LINK_PREVIEWS, "outcome" => outcome).increment(1);
}
