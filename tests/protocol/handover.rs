//! From a bot to a person and back.

use crate::world::{Customer, agent, offer, ready_agent, set_state, take_offer};
use portico_shared::cim::EventName;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::frame::{ClientFrame, RefusalCode, ServerFrame};
use portico_tests::client_id;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;

async fn relay_with_bot(offer_seconds: u64) -> (Relay, Receiver) {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        offer_seconds,
        ..World::default()
    })
    .await;
    (relay, bot)
}

/// The main job: a bot answers, hands over to a person, assists it, and is there again when the person leaves.
#[tokio::test]
async fn a_bot_hands_over_assists_and_comes_back() {
    let (relay, bot) = relay_with_bot(60).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;

    bot.will_say("I know a lot about tents.");
    customer.says("Which tent?").await;
    let answer = customer.socket.hears("I know a lot about tents.").await;
    assert_eq!(answer.event.name, EventName::BotMessage);

    bot.will_find_agent();
    customer.says("A person, please").await;
    customer
        .socket
        .event("it waits", |event| event.name == EventName::TaskEnqueued)
        .await;
    let offered = take_offer(&mut ann).await;
    assert_eq!(offered.conversation, customer.conversation);
    customer
        .socket
        .event("Ann joined", |event| event.name == EventName::AgentSubscribed)
        .await;

    // The bot is an assistant now: what it says is a suggestion, for the agent only.
    bot.will_say("Suggest the Ridge 2.");
    customer.says("For two people").await;
    let suggestion = ann
        .event("a suggestion", |event| event.name == EventName::BotSuggestion)
        .await;
    assert!(
        serde_json::to_string(&suggestion.event)
            .expect("JSON")
            .contains("Suggest the Ridge 2.")
    );

    let leave = client_id();
    ann.send(&ClientFrame::Leave {
        conversation: customer.conversation.clone(),
        client_id: leave.clone(),
    })
    .await;
    ann.answer(&leave).await.expect("an agent may leave");
    customer
        .socket
        .event("Ann left", |event| event.name == EventName::AgentUnsubscribed)
        .await;
    bot.will_say("I am here again.");
    customer.says("One more thing").await;
    let again = customer.socket.hears("I am here again.").await;
    assert_eq!(again.event.name, EventName::BotMessage);
    assert!(
        !customer
            .socket
            .received
            .iter()
            .any(|frame| frame.contains("Suggest the Ridge 2."))
    );
}

#[tokio::test]
async fn an_unanswered_offer_goes_to_the_next_agent() {
    let (relay, bot) = relay_with_bot(1).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut ben = ready_agent(&relay, "ben").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;

    let first = offer(&mut ann).await;
    ann.expect("it is taken back", |frame| match frame {
        ServerFrame::OfferRevoked { task, reason } if *task == first.task => {
            (*reason == TaskCloseReason::Rona).then_some(())
        }
        _ => None,
    })
    .await;
    ann.expect("Ann is not ready", |frame| match frame {
        ServerFrame::AgentState { state, reason } if *state == AgentStateName::NotReady => {
            (reason.as_deref() == Some("RONA")).then_some(())
        }
        _ => None,
    })
    .await;
    let second = offer(&mut ben).await;
    assert_eq!(second.conversation, customer.conversation);

    let late = client_id();
    ann.send(&ClientFrame::Accept {
        task: first.task,
        client_id: late.clone(),
    })
    .await;
    assert_eq!(
        ann.answer(&late).await.expect_err("it is gone").code,
        RefusalCode::OfferGone
    );
}

#[tokio::test]
async fn the_deadline_of_an_offer_survives_a_crash() {
    let (mut relay, bot) = relay_with_bot(5).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    let rang = offer(&mut ann).await;
    relay.restart().await;

    // Ann is there again and lets it ring on: only the deadline can take the offer from her. Should it be over before she
    // is there, she hears of it when she comes.
    let mut ann = agent(&relay, "ann").await;
    ann.expect("the deadline is over", |frame| match frame {
        ServerFrame::AgentState { state, reason } if *state == AgentStateName::NotReady => {
            (reason.as_deref() == Some("RONA")).then_some(())
        }
        _ => None,
    })
    .await;
    let mut ben = ready_agent(&relay, "ben").await;
    let next = offer(&mut ben).await;
    assert_eq!((next.task, next.conversation), (rang.task, customer.conversation));

    // Why she is not ready is told to a desk that opens later, too.
    let mut later = agent(&relay, "ann").await;
    let told = later.expect("the reason", |frame| match frame {
        ServerFrame::AgentState { state, reason } => Some((state.clone(), reason.clone())),
        _ => None,
    });
    assert_eq!(told.await, (AgentStateName::NotReady, Some("RONA".to_owned())));
}

#[tokio::test]
async fn who_is_ready_longest_is_asked_first_and_who_is_not_ready_never() {
    let (relay, bot) = relay_with_bot(60).await;
    let mut ben = ready_agent(&relay, "ben").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut sam = agent(&relay, "sam").await;
    let mut customers = Vec::new();
    for _ in 0..2 {
        let mut customer = Customer::on(&relay, "shop").await;
        bot.will_find_agent();
        customer.says("A person, please").await;
        customer
            .socket
            .event("it waits", |event| event.name == EventName::TaskEnqueued)
            .await;
        customers.push(customer);
    }
    assert_eq!(offer(&mut ben).await.conversation, customers[0].conversation);
    assert_eq!(offer(&mut ann).await.conversation, customers[1].conversation);
    sam.round_trip().await;
    assert!(
        !sam.received.iter().any(|frame| frame.contains("\"type\":\"offer\"")),
        "Sam is not ready"
    );
}

#[tokio::test]
async fn a_request_waits_until_somebody_is_ready() {
    let (relay, bot) = relay_with_bot(60).await;
    let mut ann = agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    customer
        .socket
        .event("it waits", |event| event.name == EventName::TaskEnqueued)
        .await;
    set_state(&mut ann, "READY").await;
    assert_eq!(take_offer(&mut ann).await.conversation, customer.conversation);
}

#[tokio::test]
async fn a_customer_who_gives_up_takes_the_offer_back() {
    let (relay, bot) = relay_with_bot(60).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    let offered = offer(&mut ann).await;
    let end = client_id();
    customer
        .socket
        .send(&ClientFrame::End {
            conversation: customer.conversation.clone(),
            client_id: end.clone(),
        })
        .await;
    customer.socket.answer(&end).await.expect("an end is taken");
    ann.expect("it is taken back", |frame| match frame {
        ServerFrame::OfferRevoked { task, reason } if *task == offered.task => {
            (*reason == TaskCloseReason::Cancelled).then_some(())
        }
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn an_agent_who_vanishes_gives_the_conversation_back() {
    let bot = Receiver::start().await;
    let world = World {
        webhook: Some(bot.url.clone()),
        agent_grace_seconds: 1,
        ..World::default()
    };
    let relay = Relay::start(world).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    take_offer(&mut ann).await;
    drop(ann);
    customer
        .socket
        .event("Ann is gone", |event| event.name == EventName::AgentUnsubscribed)
        .await;
    let mut ben = ready_agent(&relay, "ben").await;
    assert_eq!(take_offer(&mut ben).await.conversation, customer.conversation);
}

#[tokio::test]
async fn an_agent_comes_back_to_its_conversations_after_a_crash_of_the_relay() {
    let (mut relay, bot) = relay_with_bot(60).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    take_offer(&mut ann).await;
    relay.restart().await;
    let token = relay.sign_in("ann").await;
    let (mut ann, welcome) = Socket::hello(&relay, &token).await;
    assert!(
        welcome
            .conversations
            .iter()
            .any(|summary| summary.conversation == customer.conversation)
    );
    ann.join(&customer.conversation, None).await;
    let (mut socket, _) = Socket::hello(&relay, &customer.visitor.token).await;
    socket.join(&customer.conversation, None).await;
    ann.said(&customer.conversation, "Still here.").await;
    socket.hears("Still here.").await;
}
