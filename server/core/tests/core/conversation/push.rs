//! Notifications for a customer whose pages are all closed.

use super::commands::Commands;
use super::world::{Desk, World, customer, post_of, start, whisper};
use crate::eventually;
use async_trait::async_trait;
use portico_core::clock::Clock;
use portico_core::config::ChannelPush;
use portico_core::conversation::{Command, MarkerKind};
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::push::{DELAY_MS, MOST_BROWSERS, Push, PushError, PushSender, WORTH_MS, run};
use portico_core::store::{Change, NewPush, PushSubscription};
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::DeletedBody;
use portico_shared::frame::Draft;
use portico_shared::ids::{ConversationId, Seq};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Services that do not answer.
const STUCK: &str = "https://stuck-";

/// A push service that keeps what it gets, and answers what a test has said; then that it is well.
#[derive(Default)]
struct Service {
    got: Mutex<Vec<Push>>,
    answers: Mutex<VecDeque<PushError>>,
}

#[async_trait]
impl PushSender for Service {
    async fn send(&self, push: &Push) -> Result<(), PushError> {
        if push.endpoint.starts_with(STUCK) {
            std::future::pending::<()>().await;
        }
        self.got.lock().expect("no panic").push(push.clone());
        let answer = self.answers.lock().expect("no panic").pop_front();
        answer.map_or(Ok(()), Err)
    }
}

impl Service {
    fn will(&self, answer: PushError) {
        self.answers.lock().expect("no panic").push_back(answer);
    }

    /// What came so far, as soon as it is so much.
    async fn got(&self, count: usize) -> Vec<Push> {
        eventually("a notification", async || {
            let got = self.got.lock().expect("no panic").clone();
            (got.len() >= count).then_some(got)
        })
        .await
    }
}

/// A chat that an agent serves, whose customer has closed its pages and wants notifications.
struct Away {
    world: World,
    service: Arc<Service>,
    customer: CustomerPrincipal,
    ann: Desk,
    conversation: ConversationId,
}

impl Away {
    async fn told(says: ChannelPush) -> Self {
        let world = World::configured(|config| {
            config.channels.get_mut("plain").expect("the channel").push = says;
        });
        let (customer, ann, conversation) = world.served().await;
        let service = Arc::new(Service::default());
        let services = world.registry.services().clone();
        world.tracker.spawn(run(services, service.clone()));
        let away = Self {
            world,
            service,
            customer,
            ann,
            conversation,
        };
        away.subscribes().await;
        away
    }

    async fn subscribes(&self) {
        self.subscribes_at(&self.customer, "https://push.example/a").await;
    }

    async fn subscribes_at(&self, who: &CustomerPrincipal, endpoint: &str) {
        let browser = PushSubscription {
            customer: who.id.clone(),
            channel: "plain".to_owned(),
            endpoint: endpoint.to_owned(),
            p256dh: vec![4],
            auth: vec![7; 16],
            page: "http://shop.example/tents".to_owned(),
            note: "New message".to_owned(),
            updated_at: self.world.registry.services().clock.now_ms(),
        };
        self.world
            .store()
            .subscribe(browser, self.world.clock.now_ms(), MOST_BROWSERS)
            .await
            .expect("written");
    }

    async fn ann_says(&self, text: &str) -> Seq {
        let said = self.world.says(&self.ann.principal(), &self.conversation, text).await;
        said.seq
    }

    fn is_due(&self) {
        self.world.pass(DELAY_MS / 1_000);
    }

    /// Whether nothing is to be told any more.
    async fn is_settled(&self) {
        eventually("nothing is due", async || self.next().await.is_none().then_some(())).await;
    }

    /// When something is to be told next.
    async fn next(&self) -> Option<i64> {
        self.world.store().next_push().await.expect("readable")
    }

    fn count(&self) -> usize {
        self.service.got.lock().expect("no panic").len()
    }
}

fn payload(push: &Push) -> Value {
    serde_json::from_str(&push.payload).expect("JSON")
}

#[tokio::test]
async fn a_customer_without_a_page_is_told_once_that_there_is_something_and_not_what() {
    let away = Away::told(ChannelPush::Note).await;
    away.ann_says("Your *tent* is here").await;
    away.ann_says("and so is the stove").await;
    away.is_due();
    let got = away.service.got(1).await;
    away.is_settled().await;
    assert_eq!(away.count(), 1, "one for both");
    let Push {
        endpoint, topic, ttl, ..
    } = &got[0];
    assert_eq!((endpoint.as_str(), topic.len()), ("https://push.example/a", 32));
    assert_eq!(ttl.as_millis(), u128::try_from(WORTH_MS - DELAY_MS).expect("positive"));
    let expected = json!({ "title": "t", "body": "New message", "page": "http://shop.example/tents", "tag": topic });
    assert_eq!(payload(&got[0]), expected);
}

#[tokio::test]
async fn a_channel_may_tell_who_has_said_what() {
    let away = Away::told(ChannelPush::Text).await;
    away.ann_says("Your *tent* is here").await;
    away.is_due();
    assert_eq!(payload(&away.service.got(1).await[0])["body"], "ANN: Your tent is here");
    let picture =
        json!({"type": "IMAGE", "attachment": {"mediaUrl": "https://shop.example/tent.png", "mimeType": "image/png"}});
    let picture: MessageBody = serde_json::from_value(picture).expect("a body");
    let post = post_of(&away.conversation, "picture", Draft::new(picture));
    away.world
        .registry
        .post(&away.ann.principal(), post)
        .await
        .expect("posted");
    away.is_due();
    assert_eq!(
        payload(&away.service.got(2).await[1])["body"],
        "New message",
        "it has no text"
    );
}

#[tokio::test]
async fn words_that_were_edited_or_deleted_since_are_not_told() {
    for intent in [None, Some("UPDATE".to_owned())] {
        let away = Away::told(ChannelPush::Text).await;
        let ann = away.ann.principal();
        let said = away.world.says(&ann, &away.conversation, "for another customer").await;
        let draft = match intent {
            None => Draft::new(MessageBody::DeletedNotification(DeletedBody {
                message_id: said.message_id.to_string(),
                ..DeletedBody::default()
            })),
            Some(_) => Draft {
                intent,
                original_message_id: Some(said.message_id),
                ..Draft::new(MessageBody::plain("better"))
            },
        };
        let change = post_of(&away.conversation, "change", draft);
        away.world.registry.post(&ann, change).await.expect("posted");
        away.is_due();
        let told = payload(&away.service.got(1).await[0]);
        assert_ne!(told["body"], "ANN: for another customer");
    }
}

#[tokio::test]
async fn a_customer_who_is_here_or_has_read_it_is_told_nothing() {
    let away = Away::told(ChannelPush::Note).await;
    let who = Principal::Customer(away.customer.clone());
    let mut tab = away.world.socket(&who);
    away.ann_says("one").await;
    away.is_due();
    away.is_settled().await;
    tab.hang_up();
    let seq = away.ann_says("two").await;
    let read = Command::MoveMarker {
        who,
        up_to: seq,
        kind: MarkerKind::Read,
    };
    away.world.registry.call(&away.conversation, read).await.expect("read");
    away.is_due();
    away.is_settled().await;
    assert_eq!(away.count(), 0);
}

#[tokio::test]
async fn what_is_not_said_to_the_customer_is_not_told() {
    let away = Away::told(ChannelPush::Note).await;
    let who = Principal::Customer(away.customer.clone());
    away.world.says(&who, &away.conversation, "my own words").await;
    let aside = whisper(&away.conversation, "aside", "about the customer");
    away.world
        .registry
        .post(&away.ann.principal(), aside)
        .await
        .expect("posted");
    assert_eq!(away.next().await, None);

    let off = Away::told(ChannelPush::Off).await;
    off.ann_says("Hello").await;
    assert_eq!(off.next().await, None);
}

#[tokio::test]
async fn what_fails_for_now_is_sent_again_and_a_browser_that_is_gone_is_forgotten() {
    let away = Away::told(ChannelPush::Note).await;
    away.service.will(PushError::Unavailable {
        reason: "it answered 503".to_owned(),
        retry_after: Some(Duration::from_secs(30)),
    });
    away.service.will(PushError::Gone);
    away.ann_says("one").await;
    away.is_due();
    away.service.got(1).await;
    let then = away.world.clock.now_ms() + 30_000;
    eventually("it asked for half a minute", async || {
        (away.next().await == Some(then)).then_some(())
    })
    .await;
    away.world.pass(30);
    away.service.got(2).await;
    away.is_settled().await;
    away.ann_says("two").await;
    assert_eq!(away.next().await, None, "there is no browser");
    away.subscribes().await;
    away.ann_says("three").await;
    away.world.pass(WORTH_MS / 1_000);
    away.is_settled().await;
    assert_eq!(away.count(), 2, "it is too late");
}

/// Visitors name the services, and may name some of their own that take their time.
#[tokio::test]
async fn services_that_do_not_answer_keep_nobody_else_from_being_told() {
    let away = Away::told(ChannelPush::Note).await;
    for n in 0..40 {
        let who = customer(&format!("slow-{n}"), "plain");
        let started = away.world.registry.start(&who, start("start")).await.expect("a start");
        away.subscribes_at(&who, &format!("{STUCK}{}.example/{n}", n % 2)).await;
        let push = NewPush {
            customer: who.id,
            channel: who.channel,
            conversation: started.conversation,
            seq: Seq(100),
            due_at: 0,
            expires_at: i64::MAX,
        };
        away.world
            .store()
            .apply(vec![Change::Push(push)])
            .await
            .expect("written");
    }
    away.ann_says("Your tent is here").await;
    away.is_due();
    assert_eq!(away.service.got(1).await[0].endpoint, "https://push.example/a");
}

#[tokio::test]
async fn what_was_not_settled_when_a_relay_ended_is_sent_by_the_next() {
    let away = Away::told(ChannelPush::Note).await;
    away.ann_says("one").await;
    let Away {
        world, service, ann, ..
    } = away;
    drop(ann);
    let world = world.restarted().await;
    world
        .tracker
        .spawn(run(world.registry.services().clone(), service.clone()));
    world.pass(DELAY_MS / 1_000);
    service.got(1).await;
}
