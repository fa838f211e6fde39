//! Previews of the pages that messages link to.

use super::commands::Commands;
use super::world::{Desk, Socket, World, customer, id, post, post_of, start, whisper};
use async_trait::async_trait;
use portico_core::config::LinkAuthor;
use portico_core::conversation::Command;
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::links::{self, Link, Page, PageReader, Preview, Unread};
use portico_shared::cim::body::UrlBody;
use portico_shared::cim::{EventData, Intent, LinkPreview, MessageBody};
use portico_shared::frame::{Accepted, Draft, Post, ServerFrame};
use portico_shared::ids::{ConversationId, CustomerId};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// Pages that are called as their addresses, read one for each permit.
struct Pages {
    asked: Mutex<Vec<String>>,
    permits: Semaphore,
}

#[async_trait]
impl PageReader for Pages {
    async fn read(&self, url: &str) -> Result<Page, Unread> {
        self.asked.lock().expect("no panic").push(url.to_owned());
        self.permits.acquire().await.expect("never closed").forget();
        if url.contains("nothing") {
            return Err(Unread::NoPage);
        }
        Ok(page(url))
    }

    fn site(&self, url: &str) -> Result<String, Unread> {
        Ok(url.split('/').nth(2).unwrap_or_default().to_owned())
    }
}

/// A client id that follows from a text.
fn id_of(text: &str) -> String {
    text.replace(' ', "-")
}

fn page(title: &str) -> Page {
    Page {
        title: title.to_owned(),
        description: None,
        site: Some("Shop".to_owned()),
    }
}

/// A customer and an agent in a chat of which both read along.
struct Chat {
    world: World,
    pages: Arc<Pages>,
    customer: Principal,
    who: CustomerPrincipal,
    ann: Desk,
    conversation: ConversationId,
    reader: Socket,
}

impl Chat {
    async fn new(authors: &[LinkAuthor], permits: usize) -> Self {
        let world = World::configured(|config| {
            for channel in config.channels.values_mut() {
                channel.link_previews = authors.to_vec();
            }
        });
        let pages = Arc::new(Pages {
            asked: Mutex::default(),
            permits: Semaphore::new(permits),
        });
        world.tracker.spawn(links::run(world.registry.clone(), pages.clone()));
        let (who, ann, conversation) = world.served().await;
        let customer = Principal::Customer(who.clone());
        let reader = world.joined(&customer, &conversation).await;
        Self {
            world,
            pages,
            customer,
            who,
            ann,
            conversation,
            reader,
        }
    }

    async fn agent_posts(&self, post: Post) -> Accepted {
        let posted = self.world.registry.post(&self.ann.principal(), post).await;
        posted.expect("a post")
    }

    async fn agent_says(&self, text: &str) -> Accepted {
        self.agent_posts(post(&self.conversation, &id_of(text), text)).await
    }

    /// A new text of a message.
    async fn edits(&self, message: &Accepted, text: &str) {
        let mut draft = Draft::new(MessageBody::plain(text));
        draft.intent = Some(Intent::Update.as_str().to_owned());
        draft.original_message_id = Some(message.message_id.clone());
        self.agent_posts(post_of(&self.conversation, &id_of(text), draft)).await;
    }

    /// The next preview as the customer is sent it.
    async fn next(&mut self) -> LinkPreview {
        let is_preview = |frame: &ServerFrame| preview_of(frame).is_some();
        let frame = self.reader.until(is_preview).await;
        preview_of(&frame).expect("a preview").clone()
    }

    /// Waits until a page is asked for.
    async fn is_asked(&self, count: usize) {
        while self.asked().len() < count {
            tokio::task::yield_now().await;
        }
    }

    fn asked(&self) -> Vec<String> {
        self.pages.asked.lock().expect("no panic").clone()
    }

    fn lets(&self, permits: usize) {
        self.pages.permits.add_permits(permits);
    }

    /// The page of a message's link was read.
    async fn is_read(&self, said: &Accepted) {
        let preview = Preview {
            link: Link {
                conversation: self.conversation.clone(),
                message: said.message_id.clone(),
                seq: said.seq,
                url: "https://a.example/1".to_owned(),
            },
            page: page("One"),
        };
        let command = Command::Preview(Box::new(preview));
        let done = self.world.registry.call(&self.conversation, command).await;
        assert!(done.is_ok());
    }

    async fn previews(&self) -> usize {
        let names = self.world.names(&self.conversation).await;
        names.iter().filter(|name| *name == "LINK_PREVIEW").count()
    }
}

fn preview_of(frame: &ServerFrame) -> Option<&LinkPreview> {
    match frame {
        ServerFrame::Event(event) => match &event.item.event.data {
            EventData::LinkPreview(preview) => Some(preview),
            _ => None,
        },
        _ => None,
    }
}

#[tokio::test]
async fn a_page_is_named_after_the_message_that_links_to_it() {
    let mut chat = Chat::new(&[LinkAuthor::Agent], 9).await;
    let said = chat.agent_says("Look: https://shop.example/tent.").await;
    let expected = LinkPreview {
        message_id: said.message_id.to_string(),
        url: "https://shop.example/tent".to_owned(),
        title: "https://shop.example/tent".to_owned(),
        site_name: Some("Shop".to_owned()),
        ..LinkPreview::default()
    };
    assert_eq!(chat.next().await, expected);
    let body = UrlBody {
        media_url: "https://shop.example/stove".to_owned(),
        ..UrlBody::default()
    };
    let link = Draft::new(MessageBody::Url(body));
    chat.agent_posts(post_of(&chat.conversation, "link", link)).await;
    assert_eq!(chat.next().await.url, "https://shop.example/stove");
    let record = chat.world.record(&chat.conversation).await;
    let newest = record.last_message.expect("a message");
    assert!(newest < record.head, "a preview is no message that lists show");
}

#[tokio::test]
async fn only_messages_of_wanted_authors_to_the_customer_are_looked_at() {
    let mut chat = Chat::new(&[LinkAuthor::Agent], 9).await;
    chat.world
        .says(&chat.customer, &chat.conversation, "https://a.example/1")
        .await;
    chat.agent_posts(whisper(&chat.conversation, "w", "https://a.example/2"))
        .await;
    chat.agent_says("ftp://a.example/3 and `https://a.example/4`").await;
    chat.agent_says("https://a.example/5").await;
    assert_eq!(chat.next().await.url, "https://a.example/5");
    assert_eq!(chat.asked(), ["https://a.example/5"]);
}

#[tokio::test]
async fn without_authors_nothing_is_asked_for() {
    let chat = Chat::new(&[], 9).await;
    chat.agent_says("https://a.example/1").await;
    chat.world.stopped().await;
    assert!(chat.asked().is_empty());
}

#[tokio::test]
async fn a_message_that_says_something_else_by_now_has_no_preview_of_what_it_said() {
    let mut chat = Chat::new(&[LinkAuthor::Agent], 0).await;
    let said = chat.agent_says("https://a.example/old").await;
    chat.is_asked(1).await;
    chat.edits(&said, "https://a.example/new").await;
    chat.is_asked(2).await;
    chat.lets(2);
    let preview = chat.next().await;
    assert_eq!(preview.url, "https://a.example/new");
    assert_eq!(
        preview.message_id,
        said.message_id.to_string(),
        "it is one message to readers"
    );
    chat.lets(1);
    chat.agent_says("https://a.example/last").await;
    assert_eq!(chat.next().await.url, "https://a.example/last");
    assert_eq!(chat.previews().await, 2);
}

#[tokio::test]
async fn a_message_has_one_preview_however_often_it_is_found() {
    let chat = Chat::new(&[], 0).await;
    let said = chat.agent_says("https://a.example/1").await;
    for _ in 0..2 {
        chat.is_read(&said).await;
    }
    assert_eq!(chat.previews().await, 1);
}

#[tokio::test]
async fn a_message_far_back_has_no_preview_any_more() {
    let chat = Chat::new(&[], 0).await;
    let said = chat.agent_says("https://a.example/1").await;
    for n in 0..100 {
        chat.agent_says(&n.to_string()).await;
    }
    chat.is_read(&said).await;
    assert_eq!(chat.previews().await, 1, "a page of the log is looked through");
    chat.agent_says("one more").await;
    let other = chat.agent_says("https://a.example/2").await;
    for n in 0..101 {
        chat.agent_says(&format!("again {n}")).await;
    }
    chat.is_read(&other).await;
    assert_eq!(chat.previews().await, 1);
}

#[tokio::test]
async fn a_chat_that_is_over_is_left_as_it_is() {
    let chat = Chat::new(&[], 0).await;
    let said = chat.agent_says("https://a.example/1").await;
    let ended = chat
        .world
        .registry
        .end(&chat.customer, &chat.conversation, id("end"))
        .await;
    ended.expect("an end");
    chat.is_read(&said).await;
    assert_eq!(chat.previews().await, 0);
}

#[tokio::test]
async fn what_was_erased_while_its_page_was_read_has_no_preview() {
    let chat = Chat::new(&[], 0).await;
    let said = chat.agent_says("https://a.example/1").await;
    let erase = Command::Erase {
        customer: chat.who.id.clone(),
        erasure: chat.who.id.clone(),
        stand_in: CustomerId::new("nobody"),
    };
    let erased = chat.world.registry.call(&chat.conversation, erase).await;
    assert!(erased.is_ok());
    chat.is_read(&said).await;
    assert_eq!(chat.previews().await, 0);
}

#[tokio::test]
async fn a_page_is_asked_for_once_in_a_while_and_one_without_a_name_is_no_preview() {
    let mut chat = Chat::new(&[LinkAuthor::Agent], 9).await;
    chat.agent_says("1 https://a.example/1").await;
    let first = chat.next().await;
    chat.agent_says("2 https://a.example/nothing").await;
    chat.agent_says("3 https://a.example/1").await;
    let second = chat.next().await;
    assert_eq!(
        (first.url.as_str(), second.url.as_str()),
        ("https://a.example/1", "https://a.example/1")
    );
    assert_ne!(first.message_id, second.message_id);
    chat.world.pass(601);
    chat.agent_says("4 https://a.example/1").await;
    chat.next().await;
    let of_first = |url: &&String| url.ends_with("/1");
    assert_eq!(chat.asked().iter().filter(of_first).count(), 2);
}

#[tokio::test]
async fn one_conversation_has_no_more_than_a_few_at_once_and_more_later() {
    let mut chat = Chat::new(&[LinkAuthor::Agent], 100).await;
    for n in 0..10 {
        chat.agent_says(&format!("https://a.example/{n}")).await;
        chat.next().await;
    }
    chat.agent_says("https://a.example/more").await;
    // The actor has looked at it when it takes the next one.
    chat.agent_says("no link").await;
    chat.world.pass(60);
    chat.agent_says("https://a.example/later").await;
    assert_eq!(chat.next().await.url, "https://a.example/later");
    assert_eq!(chat.asked().len(), 11);
}

#[tokio::test]
async fn a_chat_whose_links_lead_to_a_server_that_hangs_delays_no_message_and_no_other_chat() {
    let chat = Chat::new(&[LinkAuthor::Agent, LinkAuthor::Customer], 0).await;
    for n in 0..20 {
        chat.agent_says(&format!("https://hangs.example/{n}")).await;
    }
    chat.is_asked(3).await;
    let who = customer("c2", "socketed");
    let other = chat
        .world
        .registry
        .start(&who, start("start-2"))
        .await
        .expect("a start");
    let who = Principal::Customer(who);
    chat.world.says(&who, &other.conversation, "https://b.example/").await;
    chat.is_asked(4).await;
    assert_eq!(chat.asked().last().map(String::as_str), Some("https://b.example/"));
    chat.world.stopped().await;
}
