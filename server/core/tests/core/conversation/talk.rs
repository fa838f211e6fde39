//! Starting, writing, ending; what is stamped; who is refused.

use super::commands::Commands;
use super::world::{World, bot, code, customer, id, post, post_of, staff, start, whisper};
use portico_core::conversation::{Command, MarkerKind};
use portico_core::identity::Principal;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::{EventName, MessageBody, SenderType, well_known};
use portico_shared::frame::{Audience, Draft, Post, RefusalCode, ServerFrame};
use portico_shared::ids::{ConversationId, MessageId, Seq};
use serde_json::json;

fn names(expected: &[&str]) -> Vec<String> {
    expected.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_start_opens_a_session_and_seats_the_channels_bot() {
    let world = World::new();
    let who = customer("c1", "hooked");
    let data = json!({"first_name": "Mia", "page_url": "https://shop.example/cart"});
    let with_data = portico_shared::frame::Start {
        data: data.as_object().cloned().unwrap_or_default(),
        ..start("s")
    };
    let accepted = world.registry.start(&who, with_data).await.expect("a start");
    assert_eq!(accepted.seq, Seq(1));
    let expected = names(&["CHANNEL_SESSION_STARTED", "CONVERSATION_DATA_CHANGED", "BOT_SUBSCRIBED"]);
    assert_eq!(world.names(&accepted.conversation).await, expected);
    let record = world.record(&accepted.conversation).await;
    assert_eq!(record.data["first_name"], "Mia");
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["channel"]["serviceIdentifier"],
        "hooked"
    );
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["customer"]["firstName"],
        "Mia"
    );
    let attribute =
        portico_shared::json::to_map(&**record.channel_session)["channelData"]["additionalAttributes"][0].clone();
    assert_eq!(attribute["key"], "WebChannelData");
}

#[tokio::test]
async fn without_a_bot_a_request_for_an_agent_waits_from_the_start() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let expected = names(&["CHANNEL_SESSION_STARTED", "TASK_STATE_CHANGED", "TASK_ENQUEUED"]);
    assert_eq!(world.names(&conversation).await, expected);
    assert_eq!(world.task(&conversation).await.expect("a request").queue, "support");
}

#[tokio::test]
async fn a_customer_has_one_live_conversation_per_channel() {
    let world = World::new();
    let who = customer("c1", "plain");
    let starts = (0..20).map(|n| {
        let (registry, who) = (world.registry.clone(), who.clone());
        async move {
            registry
                .start(&who, start(&format!("s{}", n % 10)))
                .await
                .expect("a start")
                .conversation
        }
    });
    let conversations = futures_util::future::join_all(starts).await;
    assert!(
        conversations.iter().all(|one| *one == conversations[0]),
        "{conversations:?}"
    );
    let elsewhere = world
        .registry
        .start(&customer("c1", "hooked"), start("other"))
        .await
        .expect("a start");
    assert_ne!(elsewhere.conversation, conversations[0]);
}

#[tokio::test]
async fn a_message_is_stamped_by_the_relay() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let accepted = world.says(&Principal::Customer(who), &conversation, "hello").await;
    let log = world.log(&conversation).await;
    let stored = log.last().expect("an event");
    assert_eq!(stored.seq, accepted.seq);
    let event = stored.whole();
    assert_eq!(event.name, EventName::CustomerMessage);
    assert_eq!(event.event_emitter.kind, SenderType::Customer);
    assert_eq!(event.event_emitter.id, "c1");
    assert!(event.channel_session.is_some());
    let message = event.message().expect("a message");
    assert_eq!(message.id, accepted.message_id.to_string());
    assert_eq!(message.header.sender.id, well_known::WEB_CONNECTOR_ID);
    assert_eq!(message.header.sender.kind, SenderType::Connector);
    assert_eq!(message.header.conversation_id.as_deref(), Some(conversation.as_str()));
    assert_eq!(
        message.header.customer.as_ref().map(|customer| customer.id.as_str()),
        Some("c1")
    );
    let data = message.header.channel_data.as_ref().expect("channel data");
    assert_eq!(data.channel_customer_identifier, "visitor-c1");
    assert!(message.header.channel_session_id.is_some() && message.header.room_id.is_some());
}

#[tokio::test]
async fn a_repeated_post_answers_its_first_result_even_after_the_chat_is_over() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let who = Principal::Customer(who);
    let first = world
        .registry
        .post(&who, post(&conversation, "p1", "hello"))
        .await
        .expect("a post");
    let again = world
        .registry
        .post(&who, post(&conversation, "p1", "hello"))
        .await
        .expect("a repeat");
    assert_eq!(first, again);
    let ended = world.registry.end(&who, &conversation, id("e1")).await.expect("an end");
    assert_eq!(world.registry.end(&who, &conversation, id("e1")).await, Ok(ended));
    assert_eq!(
        world.registry.post(&who, post(&conversation, "p1", "hello")).await,
        Ok(first)
    );
    assert_eq!(
        code(world.registry.post(&who, post(&conversation, "p2", "late")).await),
        RefusalCode::ConversationEnded
    );
    assert_eq!(
        code(world.registry.end(&who, &conversation, id("e2")).await),
        RefusalCode::ConversationEnded
    );
}

#[tokio::test]
async fn an_end_closes_the_session_and_takes_the_request_along() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    world
        .registry
        .end(&Principal::Customer(who.clone()), &conversation, id("e"))
        .await
        .expect("an end");
    let record = world.record(&conversation).await;
    assert_eq!(record.state, ConversationState::Closed);
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["state"]["name"],
        "ENDED"
    );
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["state"]["reasonCode"],
        "CUSTOMER"
    );
    assert_eq!(world.task(&conversation).await, None);
    let next = world
        .registry
        .start(&who, start("start-2"))
        .await
        .expect("another start");
    assert_ne!(next.conversation, conversation);
}

#[tokio::test]
async fn foreign_and_unknown_conversations_are_told_apart_by_nothing() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let unknown = ConversationId::new("nowhere");
    let strangers = [
        Principal::Customer(customer("c2", "hooked")),
        Principal::Customer(customer("c1", "plain")),
        Principal::Staff(staff("ann", "agent")),
        bot("socket"),
    ];
    for who in strangers {
        let foreign = world.registry.post(&who, post(&conversation, "x", "hello")).await;
        let missing = world.registry.post(&who, post(&unknown, "x", "hello")).await;
        assert_eq!(foreign, missing);
        assert_eq!(code(foreign), RefusalCode::NotFound);
        let page = portico_shared::frame::PageRequest {
            conversation: conversation.clone(),
            range: portico_shared::frame::Range::After(Seq::START),
            limit: None,
        };
        assert_eq!(code(world.registry.page(&who, &page).await), RefusalCode::NotFound);
        let mut socket = world.socket(&who);
        world.join(&who, &conversation, &socket);
        assert!(matches!(socket.next().await, ServerFrame::Refused(refused) if refused.code == RefusalCode::NotFound));
    }
}

#[tokio::test]
async fn an_answer_names_a_message_of_this_conversation() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let who = Principal::Customer(who);
    let said = world.says(&who, &conversation, "hello").await;
    let other = world
        .registry
        .start(&customer("c2", "hooked"), start("s"))
        .await
        .expect("a start")
        .conversation;
    let elsewhere = world
        .says(&Principal::Customer(customer("c2", "hooked")), &other, "there")
        .await;
    let answer = |to: MessageId| Draft {
        intent: Some("REPLY_TO".to_owned()),
        original_message_id: Some(to),
        ..Draft::new(MessageBody::plain("yes"))
    };
    world
        .registry
        .post(&who, post_of(&conversation, "a", answer(said.message_id)))
        .await
        .expect("an answer");
    for wrong in [elsewhere.message_id, MessageId::new("none")] {
        let refused = world
            .registry
            .post(&who, post_of(&conversation, "b", answer(wrong)))
            .await;
        assert_eq!(code(refused), RefusalCode::InvalidBody);
    }
}

/// A bot that connects asks by this body, and the customer is given the question's id.
async fn asked(world: &World, conversation: &ConversationId, client_id: &str, body: serde_json::Value) -> MessageId {
    let question = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
    let post = post_of(conversation, client_id, Draft::new(question));
    let accepted = world.registry.post(&bot("socket"), post).await;
    accepted.expect("a question").message_id
}

fn pressed(question: &MessageId, payload: &str) -> Draft {
    Draft {
        intent: Some(payload.to_owned()),
        original_message_id: Some(question.clone()),
        ..Draft::new(MessageBody::plain(payload))
    }
}

#[tokio::test]
async fn a_question_that_takes_one_answer_takes_the_first_and_its_repeats() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let who = Principal::Customer(who);
    let form = json!({"type": "FORM_DATA", "formId": "f",
        "sections": [{"attributes": [{"key": "name", "valueType": "shortAnswer", "attributeType": "INPUT"}]}]});
    let menu = json!({"type": "BUTTON", "buttons": [{"title": "Yes", "payload": "yes", "type": "button"}]});
    for (name, body) in [("menu", menu), ("form", form.clone())] {
        let question = asked(&world, &conversation, name, body).await;
        let answers = |payload| match name {
            "form" => Draft {
                original_message_id: Some(question.clone()),
                ..Draft::new(portico_shared::json::from_value::<MessageBody>(form.clone()).expect("a form"))
            },
            _ => pressed(&question, payload),
        };
        let quote = Draft {
            intent: Some("REPLY_TO".to_owned()),
            ..pressed(&question, "What do you mean?")
        };
        let quoted = post_of(&conversation, &format!("{name}-0"), quote);
        world.registry.post(&who, quoted).await.expect("a quote is no answer");

        let first = post_of(&conversation, &format!("{name}-1"), answers("yes"));
        let taken = world
            .registry
            .post(&who, first.clone())
            .await
            .expect("the first answer");
        let second = post_of(&conversation, &format!("{name}-2"), answers("no"));
        let refused = world.registry.post(&who, second).await;
        assert_eq!(code(refused), RefusalCode::AlreadyAnswered, "{name}");
        assert_eq!(world.registry.post(&who, first).await, Ok(taken), "{name}: a repeat");
    }
}

#[tokio::test]
async fn one_of_many_answers_at_once_is_taken_and_a_restart_remembers_it() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let who = Principal::Customer(who);
    let question = asked(
        &world,
        &conversation,
        "q",
        json!({"type": "BUTTON", "markdownText": "?"}),
    )
    .await;
    let tabs = (0..10).map(|tab| {
        let post = post_of(
            &conversation,
            &format!("tab-{tab}"),
            pressed(&question, &format!("choice {tab}")),
        );
        world.registry.post(&who, post)
    });
    let answers = futures_util::future::join_all(tabs).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");

    let world = world.restarted().await;
    let late = post_of(&conversation, "late", pressed(&question, "late"));
    assert_eq!(
        code(world.registry.post(&who, late).await),
        RefusalCode::AlreadyAnswered
    );
}

#[tokio::test]
async fn a_question_that_says_so_and_words_of_a_bot_take_any_number_of_answers() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let who = Principal::Customer(who);
    let stays = json!({"type": "BUTTON", "markdownText": "?", "additionalDetails": {"interactive": {"disableInteraction": false}}});
    for (name, body) in [
        ("stays", stays),
        ("words", json!({"type": "PLAIN", "markdownText": "Yes or no?"})),
    ] {
        let question = asked(&world, &conversation, name, body).await;
        for answer in ["yes", "no"] {
            let post = post_of(&conversation, &format!("{name}-{answer}"), pressed(&question, answer));
            world.registry.post(&who, post).await.expect("an answer");
        }
    }
}

#[tokio::test]
async fn what_a_customer_reads_names_no_message_that_it_may_not_see() {
    let world = World::new();
    let (_, ann, conversation) = world.served().await;
    let ann = ann.principal();
    let whispered = world
        .registry
        .post(&ann, whisper(&conversation, "w", "psst"))
        .await
        .expect("a whisper");
    let answer = || Draft {
        intent: Some("REPLY_TO".to_owned()),
        original_message_id: Some(whispered.message_id.clone()),
        ..Draft::new(MessageBody::plain("yes"))
    };
    let aloud = world.registry.post(&ann, post_of(&conversation, "a", answer())).await;
    assert_eq!(code(aloud), RefusalCode::InvalidBody);
    let among_agents = Post {
        audience: Audience::Agents,
        ..post_of(&conversation, "b", answer())
    };
    world
        .registry
        .post(&ann, among_agents)
        .await
        .expect("a whispered answer");
}

#[tokio::test]
async fn an_agent_edits_its_own_words_only() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let said = world.says(&ann.principal(), &conversation, "helo").await;
    let theirs = world.says(&Principal::Customer(customer), &conversation, "hello").await;
    let edit = |of: &MessageId| Draft {
        intent: Some("UPDATE".to_owned()),
        original_message_id: Some(of.clone()),
        ..Draft::new(MessageBody::plain("hello"))
    };
    let edited = post_of(&conversation, "edit-1", edit(&said.message_id));
    let accepted = world.registry.post(&ann.principal(), edited).await.expect("an edit");
    let of_theirs = world
        .registry
        .post(&ann.principal(), post_of(&conversation, "e2", edit(&theirs.message_id)))
        .await;
    assert_eq!(code(of_theirs), RefusalCode::Forbidden);
    let of_edit = world
        .registry
        .post(
            &ann.principal(),
            post_of(&conversation, "e3", edit(&accepted.message_id)),
        )
        .await;
    assert_eq!(code(of_edit), RefusalCode::InvalidBody);
    let before = world.record(&conversation).await.head;
    let among_agents = Post {
        audience: Audience::Agents,
        ..post_of(&conversation, "e4", edit(&said.message_id))
    };
    let whispered = world.registry.post(&ann.principal(), among_agents).await;
    assert_eq!(
        code(whispered),
        RefusalCode::InvalidBody,
        "the customer would not have it"
    );
    assert_eq!(world.record(&conversation).await.head, before);
}

#[tokio::test]
async fn only_contact_centre_users_whisper_and_only_those_who_serve_write() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    world
        .registry
        .post(&ann.principal(), whisper(&conversation, "w1", "psst"))
        .await
        .expect("a whisper");
    let boss = Principal::Staff(staff("boss", "supervisor"));
    world
        .registry
        .post(&boss, whisper(&conversation, "w2", "well done"))
        .await
        .expect("a supervisor's whisper");
    assert_eq!(
        code(world.registry.post(&boss, post(&conversation, "x", "hi")).await),
        RefusalCode::Forbidden
    );
    assert_eq!(
        code(world.registry.post(&customer, whisper(&conversation, "x", "hi")).await),
        RefusalCode::Forbidden
    );
    let names = world.names(&conversation).await;
    assert_eq!(names.iter().filter(|name| *name == "WHISPER_MESSAGE").count(), 2);
}

#[tokio::test]
async fn a_receipt_follows_when_a_mark_passes_a_message_of_the_other_side() {
    let world = World::new();
    let (customer, mut ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    let said = world.says(&ann.principal(), &conversation, "hello").await;
    let marker = |who: &Principal, up_to: Seq, kind| Command::MoveMarker {
        who: who.clone(),
        up_to,
        kind,
    };
    let receipts = async || {
        world
            .names(&conversation)
            .await
            .iter()
            .filter(|n| *n == "MESSAGE_DELIVERY_NOTIFICATION")
            .count()
    };
    let settle = async |command: Command| world.registry.call(&conversation, command).await.expect("a marker");

    settle(marker(&ann.principal(), said.seq, MarkerKind::Read)).await;
    assert_eq!(receipts().await, 0, "one's own words need no receipt");
    settle(marker(&customer, said.seq, MarkerKind::Delivered)).await;
    settle(marker(&customer, said.seq, MarkerKind::Read)).await;
    assert_eq!(receipts().await, 2);
    settle(marker(&customer, Seq(1_000), MarkerKind::Read)).await;
    settle(marker(&customer, said.seq, MarkerKind::Delivered)).await;
    assert_eq!(receipts().await, 2, "nothing new was passed");
    let boss = Principal::Staff(staff("boss", "supervisor"));
    world.says(&customer, &conversation, "thanks").await;
    settle(marker(&boss, Seq(1_000), MarkerKind::Read)).await;
    assert_eq!(receipts().await, 2, "a supervisor leaves no trace");

    let log = world.log(&conversation).await;
    let read = log
        .iter()
        .rev()
        .find(|stored| stored.event.name == EventName::MessageDeliveryNotification);
    let message = read.and_then(|stored| stored.event.message()).expect("a receipt");
    assert_eq!(
        message.header.provider_message_id.as_deref(),
        Some(said.message_id.as_str())
    );
    assert!(
        matches!(&message.body, MessageBody::DeliveryNotification(body) if body.message_id == said.message_id.as_str())
    );
    ann.socket.queued().await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_restart() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    let who = Principal::Customer(who);
    for n in 0..5 {
        world.says(&who, &conversation, &format!("m{n}")).await;
    }
    let before = world.names(&conversation).await;
    let world = world.restarted().await;
    assert_eq!(world.names(&conversation).await, before);
    let next = world.says(&who, &conversation, "on").await;
    assert_eq!(next.seq.0, before.len() as u64 + 1);
}

#[tokio::test]
async fn silence_ends_a_chat_that_nobody_serves() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    world.pass(800);
    world.says(&Principal::Customer(who), &conversation, "still here").await;
    world.pass(800);
    let world = world.restarted().await;
    world.fire_due().await;
    assert_eq!(world.record(&conversation).await.ended_at, None, "it spoke 800 s ago");
    world.pass(101);
    world.fire_due().await;
    let record = world.record(&conversation).await;
    assert_eq!(
        portico_shared::json::to_map(&**record.channel_session)["state"]["reasonCode"],
        "INACTIVITY"
    );
    assert_eq!(record.state, ConversationState::Closed);
    assert_eq!(world.store().due_timers(i64::MAX, 10).await.expect("a read"), []);
    let names_of_it = world.names(&conversation).await;
    assert!(
        names_of_it.contains(&"CHANNEL_SESSION_EXPIRED".to_owned()),
        "{names_of_it:?}"
    );
    assert!(
        !names_of_it.contains(&"CHANNEL_SESSION_ENDED".to_owned()),
        "{names_of_it:?}"
    );
}
