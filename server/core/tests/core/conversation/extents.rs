//! The largest that anybody may state still fits into one frame, wherever it turns up.

use super::commands::Commands;
use super::world::{World, bot, code, customer, post_of, start};
use portico_core::conversation::{MAX_BODY_BYTES, MAX_DATA_BYTES, MAX_PART_BYTES, MAX_WRITE_BUFFER_BYTES};
use portico_core::identity::{Authenticated, Principal};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Draft, PageRequest, Range, RefusalCode, ServerFrame, Start};
use portico_shared::ids::{ConversationId, Seq};
use serde_json::{Map, Value, json};

/// Room for what stands around a text of these sizes: keys, quotes, names.
const AROUND: usize = 200;

/// As much as a visitor may state about itself.
fn fattest_start(client_id: &str) -> Start {
    let data = (0..4).map(|at| {
        (
            format!("fact{at}"),
            Value::from("x".repeat(MAX_DATA_BYTES / 4 - AROUND)),
        )
    });
    Start {
        data: data.collect(),
        ..start(client_id)
    }
}

/// As much as a message may say.
fn fattest_draft() -> Draft {
    let part = || Map::from_iter([("x".to_owned(), Value::from("x".repeat(MAX_PART_BYTES - AROUND)))]);
    let body = json!({"type": "PLAIN", "markdownText": "ü".repeat(16_000), "more": "x".repeat(MAX_BODY_BYTES - 32_000 - AROUND)});
    Draft {
        intent: Some("x".repeat(MAX_PART_BYTES - AROUND)),
        entities: Some(part()),
        additional_data: Some(part()),
        language: Some(part()),
        ..Draft::new(portico_shared::json::from_value::<MessageBody>(body).expect("a body"))
    }
}

/// A conversation in which a customer and a bot, now an assistant, have said as much as they may.
async fn fattest(world: &World, customer_id: &str) -> ConversationId {
    let who = customer(customer_id, "socketed");
    let started = world.registry.start(&who, fattest_start("s")).await;
    let conversation = started.expect("a start").conversation;
    let said = post_of(&conversation, "m", fattest_draft());
    world
        .registry
        .post(&Principal::Customer(who), said)
        .await
        .expect("a message");
    conversation
}

async fn welcome(world: &World, principal: Principal) -> usize {
    let proven = Authenticated {
        principal,
        issued_at: None,
        expires_at: None,
        credential: None,
    };
    let greeting = world.registry.welcome(&proven).await.expect("a welcome");
    let listed = greeting.welcome.conversations.len();
    assert_eq!((listed, greeting.unlisted.len()), (100, 0), "none is left out");
    ServerFrame::Welcome(Box::new(greeting.welcome)).to_json().len()
}

#[tokio::test]
async fn the_largest_welcome_page_and_event_can_be_written() {
    let world = World::new();
    for at in 0..100 {
        let who = customer(&format!("c{at}"), "socketed");
        match at % 10 {
            // A few fill the room for newest messages, the rest the room for data.
            0 => drop(fattest(&world, who.id.as_str()).await),
            _ => drop(world.registry.start(&who, fattest_start("s")).await.expect("a start")),
        }
    }
    let robot = bot("socket");
    assert!(welcome(&world, robot.clone()).await < MAX_WRITE_BUFFER_BYTES);

    // The bot becomes an assistant, and its suggestion repeats the customer's message.
    let conversation = fattest(&world, "c100").await;
    let mut live = world.joined(&robot, &conversation).await;
    let ann = world.handed_over(&robot, &conversation).await;
    let suggested = world
        .registry
        .post(&robot, post_of(&conversation, "s", fattest_draft()))
        .await;
    suggested.expect("a suggestion");
    let event = live
        .until(|frame| matches!(frame, ServerFrame::Event(live) if live.item.event.name.as_str() == "BOT_SUGGESTION"))
        .await;
    let suggestion = event.to_json().len();
    assert!(suggestion > 2 * MAX_BODY_BYTES, "{suggestion}");
    assert!(suggestion < MAX_WRITE_BUFFER_BYTES, "{suggestion}");

    let mut after = Seq::START;
    loop {
        let request = PageRequest {
            conversation: conversation.clone(),
            range: Range::After(after),
            limit: Some(100),
        };
        let page = world.registry.page(&ann.principal(), &request).await.expect("a page");
        (after, _) = (page.through, assert!(page.through > after));
        let ack = page.through >= page.head;
        assert!(ServerFrame::Page(page).to_json().len() < MAX_WRITE_BUFFER_BYTES);
        if ack {
            break;
        }
    }
}

/// However much of it nobody is shown: a page of a customer may be empty, and leads on all the same.
#[tokio::test]
async fn a_log_of_the_largest_messages_is_read_to_its_end_in_either_direction() {
    let world = World::new();
    let conversation = fattest(&world, "c1").await;
    let robot = bot("socket");
    let ann = world.handed_over(&robot, &conversation).await;
    for at in 0..30 {
        let suggestion = post_of(&conversation, &format!("s{at}"), fattest_draft());
        world.registry.post(&robot, suggestion).await.expect("a suggestion");
    }
    let head = world.record(&conversation).await.head;
    for reader in [Principal::Customer(customer("c1", "socketed")), ann.principal()] {
        let page = async |range| {
            let request = PageRequest {
                conversation: conversation.clone(),
                range,
                limit: Some(100),
            };
            world.registry.page(&reader, &request).await.expect("a page")
        };
        let (mut forwards, mut at) = (Vec::new(), Seq::START);
        while at < head {
            let page = page(Range::After(at)).await;
            assert!(page.after == at && page.through > at);
            forwards.extend(page.items.iter().map(|item| item.seq));
            at = page.through;
        }
        let (mut backwards, mut at) = (Vec::new(), head.next());
        while at > Seq(1) {
            let page = page(Range::Before(at)).await;
            assert!(page.through.next() == at && page.after < page.through);
            backwards.splice(0..0, page.items.iter().map(|item| item.seq));
            at = page.after.next();
        }
        assert_eq!(forwards, backwards);
        let all: Vec<Seq> = (1..=head.0).map(Seq).collect();
        match reader {
            Principal::Customer(_) => assert!(!forwards.is_empty() && forwards.len() < 10, "{forwards:?}"),
            _ => assert_eq!(forwards, all),
        }
    }
}

#[tokio::test]
async fn a_start_that_nests_opens_nothing_and_is_not_worth_repeating() {
    let world = World::new();
    let who = customer("c1", "hooked");
    for levels in [2, 117, 118] {
        let deep = (0..levels).fold(json!(1), |inner, _| json!([inner]));
        let nested = Start {
            data: Map::from_iter([("x".to_owned(), deep)]),
            ..start("s")
        };
        let refused = code(world.registry.start(&who, nested).await);
        assert_eq!(refused, RefusalCode::InvalidBody, "{levels}");
    }
    let none = world
        .store()
        .conversations_of_customer(&who.id, 1)
        .await
        .expect("a read");
    assert!(none.is_empty());
}

#[tokio::test]
async fn what_a_bot_adds_is_bounded_together_with_what_bots_added() {
    let world = World::new();
    let who = customer("c1", "socketed");
    let started = world.registry.start(&who, fattest_start("s")).await.expect("a start");
    let adds = |client_id: &str, data: Value| {
        let body = json!({"type": "ACTION", "name": "UPDATE_CONVERSATION_DATA", "data": data});
        let draft = Draft::new(portico_shared::json::from_value::<MessageBody>(body).expect("an action"));
        post_of(&started.conversation, client_id, draft)
    };
    let robot = bot("socket");
    let most = adds("a", json!({"most": "x".repeat(MAX_DATA_BYTES - AROUND)}));
    world.registry.post(&robot, most).await.expect("its own room");
    let more = adds("b", json!({"more": "x".repeat(AROUND)}));
    assert_eq!(code(world.registry.post(&robot, more).await), RefusalCode::InvalidBody);
    let less = adds("c", json!({"most": {"topic": ["billing"]}}));
    world.registry.post(&robot, less).await.expect("room enough");
}
