//! One conversation between a customer and the people who answer: order, acknowledgement, idempotency.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::cim::{EventName, Intent, MessageBody};
use portico_shared::frame::{Audience, ClientFrame, Draft, Post, Range, RefusalCode, ServerFrame, Start};
use portico_shared::ids::{MessageId, Seq};
use portico_tests::client_id;
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::{Socket, text_of};
use serde_json::json;

#[tokio::test]
async fn a_customer_and_an_agent_talk() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("Do you ship to Norway?").await;
    let offer = take_offer(&mut ann).await;
    assert_eq!(offer.conversation, customer.conversation);
    assert_eq!(offer.queue, "Support");
    ann.said(&offer.conversation, "We do.").await;
    let heard = customer.socket.hears("We do.").await;
    assert_eq!(heard.event.name, EventName::AgentMessage);
    assert_eq!(heard.event.event_emitter.sender_name, "Ann");
    customer.says("Thank you").await;
    ann.hears("Thank you").await;
}

/// Invariant 2.
#[tokio::test]
async fn what_is_acknowledged_is_on_disk() {
    let mut relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for round in 0..5 {
        let text = format!("round {round}");
        let accepted = customer.socket.said(&customer.conversation, &text).await;
        relay.kill();
        relay.restart().await;
        let (socket, welcome) = Socket::hello(&relay, &customer.visitor.token).await;
        customer.socket = socket;
        let log = customer.socket.log(&customer.conversation).await;
        let stored = log.iter().find(|item| item.seq == accepted.seq).expect("it is there");
        assert_eq!(text_of(&stored.event), Some(text.as_str()));
        assert_eq!(welcome.epoch, accepted.epoch, "a restart is the same store");
    }
}

/// Invariant 3.
#[tokio::test]
async fn the_same_client_id_never_makes_two_events() {
    let mut relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    let post = ClientFrame::Post(Post {
        conversation: customer.conversation.clone(),
        client_id: client_id(),
        message: Draft::new(MessageBody::plain("once")).into(),
        audience: Audience::Everyone,
    });
    let ClientFrame::Post(Post { client_id, .. }) = &post else {
        unreachable!("it is a post")
    };

    // Twenty times at once over one socket, then over another tab, then after a crash.
    for _ in 0..20 {
        customer.socket.send(&post).await;
    }
    let first = customer.socket.answer(client_id).await.expect("taken");
    for _ in 1..20 {
        assert_eq!(customer.socket.answer(client_id).await.expect("taken"), first);
    }
    let mut tab = customer.tab(&relay).await;
    tab.send(&post).await;
    assert_eq!(tab.answer(client_id).await.expect("taken"), first);
    relay.restart().await;
    let (mut again, _) = Socket::hello(&relay, &customer.visitor.token).await;
    again.send(&post).await;
    assert_eq!(again.answer(client_id).await.expect("taken"), first);

    let log = again.log(&customer.conversation).await;
    assert_eq!(
        log.iter().filter(|item| text_of(&item.event) == Some("once")).count(),
        1
    );
}

#[tokio::test]
async fn another_senders_client_id_is_another_message() {
    let relay = Relay::plain().await;
    let (mut one, mut two) = (Customer::on(&relay, "desk").await, Customer::on(&relay, "desk").await);
    let client_id = client_id();
    for (customer, text) in [(&mut one, "mine"), (&mut two, "yours")] {
        let post = Post {
            conversation: customer.conversation.clone(),
            client_id: client_id.clone(),
            message: Draft::new(MessageBody::plain(text)).into(),
            audience: Audience::Everyone,
        };
        customer.socket.send(&ClientFrame::Post(post)).await;
        let accepted = customer.socket.answer(&client_id).await.expect("taken");
        assert_eq!(accepted.conversation, customer.conversation);
        let log = customer.socket.log(&customer.conversation).await;
        assert!(log.iter().any(|item| text_of(&item.event) == Some(text)));
    }
}

#[tokio::test]
async fn a_repeated_start_opens_one_conversation() {
    let relay = Relay::plain().await;
    let visitor = relay.visitor("desk").await;
    let (mut one, _) = Socket::hello(&relay, &visitor.token).await;
    let (mut two, _) = Socket::hello(&relay, &visitor.token).await;
    let start = Start {
        client_id: client_id(),
        data: serde_json::Map::new(),
        form: None,
    };
    one.send(&ClientFrame::Start(start.clone())).await;
    two.send(&ClientFrame::Start(start.clone())).await;
    let first = one.answer(&start.client_id).await.expect("taken");
    let second = two.answer(&start.client_id).await.expect("taken");
    assert_eq!(first, second);
    let third = two.start().await;
    assert_eq!(
        third.conversation, first.conversation,
        "a customer has one live conversation on a channel"
    );
}

#[tokio::test]
async fn a_log_is_dense_and_pages_cover_it_both_ways() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for number in 0..130 {
        customer.says(&number.to_string()).await;
    }
    customer.says("last").await;
    let forward = customer.socket.log(&customer.conversation).await;
    let texts: Vec<_> = forward.iter().filter_map(|item| text_of(&item.event)).collect();
    let expected: Vec<_> = (0..130)
        .map(|number| number.to_string())
        .chain(["last".to_owned()])
        .collect();
    assert_eq!(texts, expected);

    let (mut backward, mut before) = (Vec::new(), Seq(u64::MAX >> 12));
    loop {
        let page = customer
            .socket
            .page(&customer.conversation, Range::Before(before), 40)
            .await;
        backward.splice(0..0, page.items);
        if page.after == Seq::START {
            break;
        }
        before = page.after.next();
    }
    assert_eq!(backward, forward);
}

#[tokio::test]
async fn of_two_tabs_answers_to_one_question_one_is_taken_and_both_tabs_learn_which() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut customer = Customer::on(&relay, "shop").await;
    let mut tab = customer.tab(&relay).await;
    let button = |title: &str| json!({"title": title, "payload": title, "type": "button"});
    let menu = json!({"type": "BUTTON", "buttonMessageType": "QUICK_REPLIES", "markdownText": "Which?",
                      "buttons": [button("red"), button("blue")]});
    bot.will(Reply::Say(json!([{"mode": "message", "body": menu}])));
    customer.says("hi").await;
    let question = tab.hears("Which?").await;
    let question = MessageId::new(question.event.message().expect("a message").id.clone());

    let press = |colour: &str| Draft {
        intent: Some(colour.to_owned()),
        original_message_id: Some(question.clone()),
        ..Draft::new(MessageBody::plain(colour))
    };
    let conversation = customer.conversation.clone();
    let red = customer
        .socket
        .post(&conversation, press("red"), Audience::Everyone)
        .await;
    let blue = tab.post(&conversation, press("blue"), Audience::Everyone).await;
    let answers = [customer.socket.answer(&red).await, tab.answer(&blue).await];
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!(refused.len(), 1, "{answers:?}");
    assert_eq!(
        (&refused[0].code, refused[0].retryable),
        (&RefusalCode::AlreadyAnswered, false)
    );

    let taken = if answers[0].is_ok() { "red" } else { "blue" };
    for socket in [&mut customer.socket, &mut tab] {
        let heard = socket.hears(taken).await;
        let header = &heard.event.message().expect("a message").header;
        assert_eq!(header.original_message_id.as_deref(), Some(question.as_str()));
        assert_eq!(header.intent.as_ref().map(Intent::as_str), Some(taken));
    }
    let log = tab.log(&conversation).await;
    let said = |text: &str| log.iter().filter(|item| text_of(&item.event) == Some(text)).count();
    assert_eq!(said("red") + said("blue"), 1);
    let told = bot.call("the answer", |call| call.body["metadata"]["header"]["intent"] == taken);
    told.await;
}

#[tokio::test]
async fn two_tabs_see_the_same_and_only_the_sender_sees_its_client_id() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    let mut tab = customer.tab(&relay).await;
    let offer = take_offer(&mut ann).await;
    let client_id = customer.socket.say(&customer.conversation, "from one tab").await;
    assert_eq!(tab.hears("from one tab").await.client_id, Some(client_id));
    assert_eq!(ann.hears("from one tab").await.client_id, None);
    ann.said(&offer.conversation, "to both").await;
    let one = customer.socket.hears("to both").await;
    assert_eq!(tab.hears("to both").await, one);
}

#[tokio::test]
async fn receipts_and_typing_reach_the_other_side() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    let offer = take_offer(&mut ann).await;
    let accepted = customer.socket.said(&customer.conversation, "hello?").await;
    let conversation = offer.conversation.clone();

    ann.send(&ClientFrame::Typing {
        conversation: conversation.clone(),
        on: true,
    })
    .await;
    customer
        .socket
        .expect("typing", |frame| match frame {
            ServerFrame::Typing { person, on: true, .. } => (person.name == "Ann").then_some(()),
            _ => None,
        })
        .await;

    let seen = ann.hears("hello?").await;
    let mark = portico_shared::frame::ReadMarker {
        conversation,
        up_to: seen.seq,
    };
    ann.send(&ClientFrame::Read(mark)).await;
    let receipt = customer
        .socket
        .event("a receipt", |event| {
            event.name == EventName::MessageDeliveryNotification
        })
        .await;
    let text = serde_json::to_string(&receipt.event).expect("JSON");
    assert!(
        text.contains("READ") && text.contains(accepted.message_id.as_str()),
        "{text}"
    );
}

#[tokio::test]
async fn an_ended_chat_takes_no_more_words_and_a_new_one_can_begin() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("hello").await;
    let end = client_id();
    customer
        .socket
        .send(&ClientFrame::End {
            conversation: customer.conversation.clone(),
            client_id: end.clone(),
        })
        .await;
    customer.socket.answer(&end).await.expect("an end is taken");
    customer
        .socket
        .event("the end", |event| event.name == EventName::ChannelSessionEnded)
        .await;
    let late = customer.socket.say(&customer.conversation, "wait").await;
    let refused = customer.socket.answer(&late).await.expect_err("the chat is over");
    assert_eq!(
        (refused.code, refused.retryable),
        (RefusalCode::ConversationEnded, false)
    );
    let next = customer.socket.start().await;
    assert_ne!(next.conversation, customer.conversation);
}
