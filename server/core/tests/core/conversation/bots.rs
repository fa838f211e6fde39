//! Deliveries to bots that are called, and their answers.

use super::commands::Commands;
use super::world::{World, as_read, bot, code, id, whisper};
use portico_core::bot::{BotIntent, BotMessage, BotMode, BotReply, ReplyOutcome};
use portico_core::clock::Clock;
use portico_core::conversation::BotFailure;
use portico_core::identity::{AppPrincipal, Principal};
use portico_core::store::DeliveryRecord;
use portico_shared::cim::{CimMessage, MessageBody};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ConversationId, MessageId, ParticipantId, Seq};
use serde_json::json;

async fn claimed(world: &World) -> Vec<DeliveryRecord> {
    world.pass(1);
    let now = world.registry.services().clock.now_ms();
    world
        .store()
        .claim_deliveries(now, now + 500, vec![(ParticipantId::new("hook"), 100)])
        .await
        .expect("a claim")
}

fn says(body: MessageBody) -> BotMessage {
    BotMessage {
        intent: Some(BotIntent {
            name: "greet".to_owned(),
            confidence: 0.9,
        }),
        mode: BotMode::Message,
        body,
    }
}

fn acts(name: &str, data: serde_json::Value) -> BotMessage {
    let body = portico_shared::json::from_value::<MessageBody>(json!({"type": "ACTION", "name": name, "data": data}))
        .expect("an action");
    BotMessage {
        intent: None,
        mode: BotMode::Action,
        body,
    }
}

fn reply(conversation: &ConversationId, delivery: i64, messages: Vec<BotMessage>) -> BotReply {
    BotReply {
        bot: ParticipantId::new("hook"),
        conversation: conversation.clone(),
        delivery,
        messages: messages.into_iter().map(Ok).collect(),
    }
}

#[tokio::test]
async fn a_bot_is_told_of_each_message_once_and_in_order() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let said = world.says(&Principal::Customer(who), &conversation, "hello").await;
    let first = claimed(&world).await;
    assert_eq!(
        first.iter().map(|delivery| delivery.seq).collect::<Vec<_>>(),
        [Seq(1)],
        "the session began"
    );
    world
        .registry
        .bot_reply(reply(&conversation, first[0].id, Vec::new()))
        .await
        .expect("a reply");
    let second = claimed(&world).await;
    assert_eq!(
        second.iter().map(|delivery| delivery.seq).collect::<Vec<_>>(),
        [said.seq]
    );
}

#[tokio::test]
async fn a_repeated_reply_says_nothing_twice() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let words = vec![says(MessageBody::plain("one")), says(MessageBody::plain("two"))];
    for _ in 0..3 {
        world
            .registry
            .bot_reply(reply(&conversation, delivery, words.clone()))
            .await
            .expect("a reply");
    }
    let names = world.names(&conversation).await;
    assert_eq!(names.iter().filter(|name| *name == "BOT_MESSAGE").count(), 2);
    assert!(claimed(&world).await.is_empty(), "it is settled");
}

#[tokio::test]
async fn a_bot_hands_over_in_the_step_of_its_answer() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let answer = vec![
        says(MessageBody::plain("one moment")),
        acts("FIND_AGENT", json!({"priority": 5})),
    ];
    world
        .registry
        .bot_reply(reply(&conversation, delivery, answer))
        .await
        .expect("a reply");
    let names = world.names(&conversation).await;
    let expected = ["BOT_MESSAGE", "ACTION_MESSAGE", "TASK_STATE_CHANGED", "TASK_ENQUEUED"];
    assert_eq!(names[names.len() - 4..], expected);
    assert_eq!(world.task(&conversation).await.map(|task| task.priority), Some(5));
}

#[tokio::test]
async fn an_answer_to_a_chat_that_is_over_is_only_settled() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    world
        .registry
        .end(&Principal::Customer(who), &conversation, id("e"))
        .await
        .expect("an end");
    let before = world.names(&conversation).await;
    let late = vec![says(MessageBody::plain("too late"))];
    world
        .registry
        .bot_reply(reply(&conversation, delivery, late))
        .await
        .expect("a reply");
    assert_eq!(world.names(&conversation).await, before);
    let next = claimed(&world).await;
    assert_eq!(next.len(), 1, "the end of the session is delivered next");
}

#[tokio::test]
async fn what_a_bot_may_not_say_is_left_out_and_the_rest_is_said() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let bad = portico_shared::json::from_value::<MessageBody>(
        json!({"type": "IMAGE", "attachment": {"mediaUrl": "javascript:x"}}),
    )
    .expect("an image");
    let answer = vec![says(bad), says(MessageBody::plain("but this"))];
    world
        .registry
        .bot_reply(reply(&conversation, delivery, answer))
        .await
        .expect("a reply");
    let names = world.names(&conversation).await;
    assert_eq!(names.iter().filter(|name| *name == "BOT_MESSAGE").count(), 1);
    assert!(
        !names.iter().any(|name| name == "BOT_NOT_AVAILABLE"),
        "it said something"
    );
    let dead = world.store().dead_deliveries(10).await.expect("a read");
    let told: Vec<_> = dead
        .iter()
        .map(|delivery| (delivery.id, delivery.error.as_deref()))
        .collect();
    let why = "message 1: invalid_body: body.attachment.mediaUrl: neither http nor https";
    assert_eq!(told, [(delivery, Some(why))]);
}

#[tokio::test]
async fn what_of_an_answer_cannot_be_read_is_left_out_and_the_rest_is_said_in_order() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let mut answer = reply(
        &conversation,
        delivery,
        ["this", "that"].map(|text| says(MessageBody::plain(text))).to_vec(),
    );
    answer
        .messages
        .insert(1, Err("not understood: body: missing".to_owned()));
    let outcome = world.registry.bot_reply(answer).await;
    assert_eq!(outcome, Ok(ReplyOutcome::DeadLetter));
    let log = world.log(&conversation).await;
    let texts = log.iter().filter(|stored| stored.event.name.as_str() == "BOT_MESSAGE");
    let texts: Vec<_> = texts.filter_map(|stored| stored.event.message()?.text()).collect();
    assert_eq!(texts, ["this", "that"]);
    let dead = world.store().dead_deliveries(10).await.expect("a read");
    assert_eq!(
        dead[0].error.as_deref(),
        Some("message 2: not understood: body: missing")
    );
}

/// Lets a dead letter be claimed once more, as an operator does.
async fn revived(world: &World, delivery: i64) {
    let revived = world.store().revive_delivery(delivery, world.clock.now_ms()).await;
    assert!(revived.expect("a write"));
    assert_eq!(claimed(world).await[0].id, delivery);
}

#[tokio::test]
async fn a_dead_letter_that_is_tried_again_says_what_was_not_said_and_nothing_twice() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let answer = |last: &str| {
        let words = ["this", " ", "that", last].map(|text| says(MessageBody::plain(text)));
        reply(&conversation, delivery, words.to_vec())
    };
    let said = async || {
        let log = world.log(&conversation).await;
        let words = log
            .into_iter()
            .filter_map(|stored| Some(stored.event.message()?.text()?.into_owned()));
        words.collect::<Vec<_>>()
    };
    let outcome = world.registry.bot_reply(answer("\u{200b}")).await;
    assert_eq!(outcome, Ok(ReplyOutcome::DeadLetter));
    assert_eq!(said().await, ["this", "that"]);

    revived(&world, delivery).await;
    world.registry.bot_reply(answer("repaired")).await.expect("a reply");
    assert_eq!(said().await, ["this", "that", "repaired"]);
    let dead = world.store().dead_deliveries(10).await.expect("a read");
    let why = "message 2: invalid_body: body.markdownText: must not be blank";
    assert_eq!(dead.len(), 1, "something is still to be said");
    assert_eq!((dead[0].id, dead[0].error.as_deref()), (delivery, Some(why)));

    revived(&world, delivery).await;
    let words = ["this", "too", "that", "repaired"].map(|text| says(MessageBody::plain(text)));
    let whole = reply(&conversation, delivery, words.to_vec());
    assert_eq!(world.registry.bot_reply(whole).await, Ok(ReplyOutcome::Delivered));
    assert_eq!(said().await, ["this", "that", "repaired", "too"]);
    assert!(world.store().dead_deliveries(10).await.expect("a read").is_empty());
    world.pass(3_600);
    assert!(claimed(&world).await.is_empty(), "it is settled");
}

#[tokio::test]
async fn an_answer_of_which_nothing_can_be_said_brings_in_a_person() {
    for body in [
        json!({"type": "PLAIN", "markdownText": " "}),
        json!({"type": "PLAIN", "markdownText": "\u{200b}\u{2060}"}),
        json!({"type": "PLAIN", "markdownText": "x".repeat(16_001)}),
        json!({"type": "URL", "mediaUrl": "javascript:x"}),
        json!({"type": "WRAPUP", "note": "n", "wrapups": []}),
        json!({"type": "BUTTON", "markdownText": "\u{200b}", "buttons": []}),
        json!({"type": "CAROUSEL", "elements": [{}]}),
        json!({"type": "SOMETHING_NEW", "markdownText": "\u{200b}"}),
        json!({"type": "\u{200b}", "markdownText": "Hello"}),
        json!({"type": "CUSTOM", "jsonNode": {"x": "x".repeat(140_000)}}),
        json!({"type": "CUSTOM", "jsonNode": {"x": 1e300, "y": [portico_shared::json::parse("1e400").expect("a number")]}}),
    ] {
        let world = World::new();
        let (_, conversation) = world.started("hooked").await;
        let delivery = claimed(&world).await.remove(0).id;
        let bad = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
        let answer = reply(&conversation, delivery, vec![says(bad.clone())]);
        world.registry.bot_reply(answer).await.expect("a reply");
        let names = world.names(&conversation).await;
        assert_eq!(
            names[names.len() - 3..],
            ["BOT_NOT_AVAILABLE", "TASK_STATE_CHANGED", "TASK_ENQUEUED"],
            "{}",
            bad.type_name()
        );
        let dead = world.store().dead_deliveries(10).await.expect("a read");
        assert!(
            dead.iter()
                .any(|dead| dead.error.as_deref().is_some_and(|why| why.starts_with("message 1: ")))
        );
    }
}

#[tokio::test]
async fn a_bot_that_fails_for_good_is_replaced_by_a_person() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let failure = BotFailure {
        bot: ParticipantId::new("hook"),
        conversation: conversation.clone(),
        delivery,
        error: "refused".to_owned(),
    };
    world.registry.bot_failed(failure).await.expect("a failure");
    let names = world.names(&conversation).await;
    assert_eq!(
        names[names.len() - 3..],
        ["BOT_NOT_AVAILABLE", "TASK_STATE_CHANGED", "TASK_ENQUEUED"]
    );
    assert_eq!(world.store().dead_deliveries(10).await.expect("a read").len(), 1);
}

#[tokio::test]
async fn a_bot_that_is_called_may_answer_later_over_a_socket() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let accepted = world.says(&bot("hook"), &conversation, "it took a while").await;
    let log = world.log(&conversation).await;
    let stored = log.last().expect("an event");
    assert_eq!((stored.seq, stored.event.name.as_str()), (accepted.seq, "BOT_MESSAGE"));
}

#[tokio::test]
async fn a_bot_ends_and_annotates() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let delivery = claimed(&world).await.remove(0).id;
    let answer = vec![
        acts("UPDATE_CONVERSATION_DATA", json!({"topic": "billing"})),
        acts("MAKE_COFFEE", json!({})),
        acts("END_CONVERSATION", json!(null)),
        says(MessageBody::plain("after the end")),
    ];
    world
        .registry
        .bot_reply(reply(&conversation, delivery, answer))
        .await
        .expect("a reply");
    let record = world.record(&conversation).await;
    assert_eq!(record.data["topic"], "billing");
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["state"]["reasonCode"],
        "FORCE_CLOSED"
    );
    let names = world.names(&conversation).await;
    assert_eq!(names[names.len() - 2..], ["CHANNEL_SESSION_ENDED", "BOT_UNSUBSCRIBED"]);
}

#[tokio::test]
async fn an_activity_stands_in_its_conversation_once_and_in_its_programs_name() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let app = AppPrincipal {
        id: ParticipantId::new("recorder"),
        name: "Recorder".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: Vec::new(),
    };
    let session = world.record(&conversation).await.channel_session_id;
    let message = portico_shared::json::from_value::<CimMessage>(json!({
        "id": "activity-1",
        "header": {"sender": {"id": "somebody", "type": "AGENT"}, "channelSessionId": session},
        "body": {"type": "VOICE_RECORDING", "markdownText": "", "mediaUrl": "https://recordings.example.org/x"},
    }))
    .expect("a message");
    let first = world
        .registry
        .activity(&app, message.clone())
        .await
        .expect("an activity");
    assert_eq!(world.registry.activity(&app, message.clone()).await, Ok(first));
    let log = world.log(&conversation).await;
    let stored = log.last().expect("an event");
    assert_eq!(stored.event.name.as_str(), "THIRD_PARTY_ACTIVITY");
    assert_eq!(stored.event.message().expect("a message").header.sender.id, "recorder");
    let without = AppPrincipal {
        scopes: Vec::new(),
        ..app
    };
    assert!(world.registry.activity(&without, message).await.is_err());
}

#[tokio::test]
async fn what_an_app_says_to_the_customer_is_unread_and_the_newest_in_lists() {
    let world = World::new();
    let (who, ann, conversation) = world.served().await;
    let app = AppPrincipal {
        id: ParticipantId::new("survey"),
        name: "Survey".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: Vec::new(),
    };
    let session = world.record(&conversation).await.channel_session_id;
    let bodies = [
        // A receipt without a text says what was ordered.
        json!({"type": "RECEIPT", "markdownText": "", "orderNumber": "7"}),
        json!({"type": "PLAIN", "markdownText": "How was it?"}),
    ];
    for (at, body) in bodies.into_iter().enumerate() {
        let message = portico_shared::json::from_value::<CimMessage>(json!({
            "id": format!("activity-{at}"),
            "header": {
                "sender": {"id": "survey", "type": "APP"},
                "channelSessionId": session,
                "additionalData": {"audience": "CUSTOMER"},
            },
            "body": body,
        }));
        let reported = world.registry.activity(&app, message.expect("a message")).await;
        reported.expect("an activity");
    }
    for reader in [Principal::Customer(who), ann.principal()] {
        let summary = world.registry.summary_of(&reader, &conversation).await.expect("a read");
        let summary = as_read(&summary.expect("a summary"));
        let last = summary.last.expect("a message").event;
        let last = last.message().and_then(CimMessage::text);
        assert_eq!((summary.unread, last.as_deref()), (2, Some("How was it?")));
    }
}

#[tokio::test]
async fn what_an_app_says_to_the_customer_names_no_message_that_the_customer_may_not_see() {
    let world = World::new();
    let (who, ann, conversation) = world.served().await;
    let app = AppPrincipal {
        id: ParticipantId::new("survey"),
        name: "Survey".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: Vec::new(),
    };
    let said = world.says(&Principal::Customer(who), &conversation, "hello").await;
    let ann = ann.principal();
    let whispered = world.registry.post(&ann, whisper(&conversation, "w", "psst")).await;
    let whispered = whispered.expect("a whisper").message_id;
    let mut reported = 0;
    let mut report = async |audience: &str, intent: &str, original: Option<&MessageId>| {
        reported += 1;
        let message = json!({
            "id": format!("activity-{reported}"),
            "header": {"sender": {"id": "survey", "type": "APP"}, "conversationId": conversation, "intent": intent,
                "originalMessageId": original, "additionalData": {"audience": audience}},
            "body": {"type": "PLAIN", "markdownText": "How was it?"},
        });
        let message = portico_shared::json::from_value::<CimMessage>(message).expect("a message");
        world.registry.activity(&app, message).await
    };
    let nowhere = MessageId::new("nowhere");
    for intent in ["REPLY_TO", "x"] {
        assert!(
            report("CUSTOMER", intent, Some(&said.message_id)).await.is_ok(),
            "{intent}"
        );
        for hidden in [&whispered, &nowhere] {
            let refused = report("CUSTOMER", intent, Some(hidden)).await;
            assert_eq!(code(refused), RefusalCode::InvalidBody, "{intent} {hidden}");
        }
        assert!(report("AGENTS", intent, Some(&whispered)).await.is_ok(), "{intent}");
    }
    for (intent, original) in [("REPLY_TO", None), ("UPDATE", None), ("UPDATE", Some(&said.message_id))] {
        let refused = report("AGENTS", intent, original).await;
        assert_eq!(code(refused), RefusalCode::InvalidBody, "{intent} {original:?}");
    }
}
