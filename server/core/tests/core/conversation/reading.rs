//! Joining, live events, pages, and who sees what of them.

use super::commands::Commands;
use super::world::{World, bot, customer, id, post, staff, start, whisper};
use portico_core::conversation::{Bounds, Command, MarkerKind};
use portico_core::identity::{Authenticated, Principal};
use portico_shared::cim::SenderType;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::close::CloseCode;
use portico_shared::frame::{LiveEvent, PageRequest, Range, ServerFrame};
use portico_shared::ids::Seq;
use std::time::Duration;

fn live(frames: Vec<ServerFrame>) -> Vec<LiveEvent> {
    frames
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::Event(event) => Some(*event),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn live_events_begin_after_the_head_that_join_answered_and_cover_what_is_hidden() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    let mut tab = world.socket(&customer);
    world.join(&customer, &conversation, &tab);
    let ServerFrame::Joined(joined) = tab.next().await else {
        panic!("not joined")
    };
    let head = world.record(&conversation).await.head;
    assert_eq!(joined.head, head);

    world
        .registry
        .post(&ann.principal(), whisper(&conversation, "w", "psst"))
        .await
        .expect("a whisper");
    world.says(&ann.principal(), &conversation, "hello").await;
    world.says(&customer, &conversation, "hi").await;
    let events = live(tab.queued().await);
    assert_eq!(events.len(), 2, "the whisper is not the customer's");
    assert_eq!((events[0].after, events[0].item.seq), (head, Seq(head.0 + 2)));
    assert_eq!(
        (events[1].after, events[1].item.seq),
        (Seq(head.0 + 2), Seq(head.0 + 3))
    );
    assert_eq!(events[0].item.client_id, None, "the agent's client id is the agent's");
    assert_eq!(events[1].item.client_id, Some(id("hi")));
}

#[tokio::test]
async fn an_acknowledgement_stands_before_the_event_that_it_acknowledges() {
    let world = World::new();
    let (customer, conversation) = world.started("hooked").await;
    let who = Principal::Customer(customer);
    let mut tab = world.joined(&who, &conversation).await;
    for n in 0..20 {
        let client_id = id(&format!("p{n}"));
        let command = Command::Post {
            who: who.clone(),
            post: Box::new(post(&conversation, client_id.as_str(), "text")),
        };
        world.call(&conversation, command, &tab, Some(client_id.clone()));
        assert!(matches!(tab.next().await, ServerFrame::Accepted(accepted) if accepted.client_id == client_id));
        assert!(matches!(tab.next().await, ServerFrame::Event(event) if event.item.client_id == Some(client_id)));
    }
}

#[tokio::test]
async fn a_slow_member_is_dropped_and_does_not_delay_the_others() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    let mut slow = world.joined(&customer, &conversation).await;
    let mut quick = world.joined(&ann.principal(), &conversation).await;
    for n in 0..300 {
        world.says(&customer, &conversation, &format!("m{n}")).await;
        quick.until(|frame| matches!(frame, ServerFrame::Event(_))).await;
    }
    assert_eq!(slow.queue.closed().await, CloseCode::Slow);
    assert!(quick.handle.is_open());
}

#[tokio::test]
async fn pages_in_either_direction_meet_without_gap_or_repeat() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    for n in 0..40 {
        world.says(&customer, &conversation, &format!("m{n}")).await;
        world
            .registry
            .post(&ann.principal(), whisper(&conversation, &format!("w{n}"), "x"))
            .await
            .expect("a whisper");
    }
    let head = world.record(&conversation).await.head;
    let page = async |range| {
        let request = PageRequest {
            conversation: conversation.clone(),
            range,
            limit: Some(7),
        };
        world.registry.page(&customer, &request).await.expect("a page")
    };
    let (mut forwards, mut at) = (Vec::new(), Seq::START);
    while at < head {
        let page = page(Range::After(at)).await;
        assert_eq!(page.after, at);
        assert!(page.through > at);
        forwards.extend(page.items.iter().map(|item| item.seq));
        at = page.through;
    }
    let (mut backwards, mut at) = (Vec::new(), head.next());
    while at > Seq(1) {
        let page = page(Range::Before(at)).await;
        assert_eq!(page.through.next(), at);
        backwards.splice(0..0, page.items.iter().map(|item| item.seq));
        at = page.after.next();
    }
    assert_eq!(forwards, backwards);
    assert!(forwards.is_sorted());
    let log = world.log(&conversation).await;
    let said = log
        .iter()
        .filter(|stored| stored.event.name.as_str() == "CUSTOMER_MESSAGE")
        .count();
    assert_eq!(said, 40);
}

#[tokio::test]
async fn typing_reaches_the_others_and_is_not_stored() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    let mut tab = world.joined(&customer, &conversation).await;
    let mut desk = world.joined(&ann.principal(), &conversation).await;
    let before = world.record(&conversation).await.head;
    world
        .registry
        .call(
            &conversation,
            Command::Typing {
                who: customer,
                on: true,
            },
        )
        .await
        .ok();
    assert!(
        matches!(desk.next().await, ServerFrame::Typing { on: true, person, .. } if person.kind == SenderType::Customer)
    );
    let boss = Principal::Staff(staff("boss", "supervisor"));
    world
        .registry
        .call(&conversation, Command::Typing { who: boss, on: true })
        .await
        .ok();
    assert!(
        tab.queued().await.is_empty(),
        "neither the typist nor an onlooker is shown"
    );
    assert_eq!(world.record(&conversation).await.head, before);
}

#[tokio::test]
async fn a_customer_is_not_told_that_an_assisting_bot_types() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let robot = bot("socket");
    let mut tab = world.joined(&Principal::Customer(who), &conversation).await;
    let types = async || {
        let command = Command::Typing {
            who: robot.clone(),
            on: true,
        };
        world.registry.call(&conversation, command).await.ok();
    };
    types().await;
    let is_typing = |frame: &ServerFrame| matches!(frame, ServerFrame::Typing { .. });
    tab.until(is_typing).await;

    world.pass(3);
    let ann = world.handed_over(&robot, &conversation).await;
    let mut desk = world.joined(&ann.principal(), &conversation).await;
    types().await;
    desk.until(is_typing).await;
    assert!(!tab.queued().await.iter().any(is_typing), "the agents' business");
}

#[tokio::test]
async fn an_agent_that_left_reads_no_further() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let mut desk = world.joined(&ann.principal(), &conversation).await;
    world
        .registry
        .leave(&ann.who, &conversation, id("leave"))
        .await
        .expect("leaving");
    let last = live(desk.queued().await).pop().expect("its own leaving").item;
    world
        .says(&Principal::Customer(customer), &conversation, "anybody?")
        .await;
    assert!(live(desk.queued().await).is_empty());
    assert!(last.event.name.as_str().starts_with("AGENT_UN") || last.event.name.as_str() == "TASK_STATE_CHANGED");
}

#[tokio::test]
async fn a_conversation_that_cannot_be_read_keeps_no_other_one_from_its_reader() {
    let world = World::new();
    let (_, mut ann, sound) = world.served().await;
    let begin = async |name: &str| {
        let who = customer(name, "plain");
        let started = world.registry.start(&who, start(name)).await.expect("a start");
        world
            .says(&Principal::Customer(who), &started.conversation, "hello")
            .await;
        started.conversation
    };
    let served = begin("c2").await;
    let offer = world.offered(&mut ann, &served).await;
    let accepted = world.registry.accept(&ann.who, offer.task, id("accept-2")).await;
    accepted.expect("an offer that can be accepted");
    let (rings, lost) = (begin("c3").await, begin("c4").await);
    for conversation in [&rings, &lost] {
        world.offered(&mut ann, conversation).await;
    }
    world.damage(&served);
    world.damage(&lost);
    let proven = Authenticated {
        principal: ann.principal(),
        issued_at: None,
        expires_at: None,
        credential: None,
    };
    let greeting = world.registry.welcome(&proven).await.expect("a welcome");
    let listed: Vec<_> = greeting
        .welcome
        .conversations
        .iter()
        .map(|one| &one.conversation)
        .collect();
    assert_eq!(listed, [&sound]);
    let ringing: Vec<_> = greeting.welcome.offers.iter().map(|one| &one.conversation).collect();
    assert_eq!(ringing, [&rings]);
    for told_later in greeting.unlisted {
        let summary = world.registry.summary_of(&proven.principal, &told_later).await;
        assert!(matches!(summary, Ok(None)), "{told_later}");
    }
}

#[tokio::test]
async fn lists_learn_what_begins_ends_and_is_said() {
    let world = World::new();
    let (customer, mut ann, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    ann.socket.queued().await;
    world.says(&customer, &conversation, "hello").await;
    let ServerFrame::Conversation(summary) = ann.socket.next().await else {
        panic!("no summary")
    };
    assert_eq!(
        (summary.unread, summary.waiting, summary.state),
        (1, false, ConversationState::Active)
    );
    assert!(
        summary
            .last
            .is_some_and(|item| item.event.name.as_str() == "CUSTOMER_MESSAGE")
    );
    world
        .registry
        .end(&customer, &conversation, id("end"))
        .await
        .expect("an end");
    let ServerFrame::Conversation(summary) = ann.socket.next().await else {
        panic!("no summary")
    };
    assert_eq!(summary.state, ConversationState::WrapUp);
}

#[tokio::test]
async fn a_bot_that_connects_reads_the_log_but_no_whisper() {
    let world = World::new();
    let (customer, conversation) = world.started("socketed").await;
    let bot = bot("socket");
    let mut socket = world.joined(&bot, &conversation).await;
    let boss = Principal::Staff(staff("boss", "supervisor"));
    world
        .registry
        .post(&boss, whisper(&conversation, "w", "psst"))
        .await
        .expect("a whisper");
    world.says(&Principal::Customer(customer), &conversation, "hello").await;
    let events = live(socket.queued().await);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].item.event.name.as_str(), "CUSTOMER_MESSAGE");
    let reply = world.says(&bot, &conversation, "hi there").await;
    assert_eq!(
        world.log(&conversation).await.last().map(|stored| stored.seq),
        Some(reply.seq)
    );
}

#[tokio::test]
async fn what_is_refused_left_or_closed_takes_no_place_of_a_socket() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let stranger = bot("socket");
    let mut refused = world.socket(&stranger);
    world.join(&stranger, &conversation, &refused);
    assert!(matches!(refused.next().await, ServerFrame::Refused(_)));
    assert!(refused.subscriptions.all().is_empty());

    let desk = world.joined(&ann.principal(), &conversation).await;
    let tab = world
        .joined(&Principal::Customer(customer.clone()), &conversation)
        .await;
    assert_eq!(desk.subscriptions.all(), std::slice::from_ref(&conversation));
    let left = world.registry.leave(&ann.who, &conversation, id("l")).await;
    left.expect("leaving");
    // The actor lets it go after it has answered; another request is answered after that.
    world
        .says(&Principal::Customer(customer.clone()), &conversation, "bye")
        .await;
    assert!(desk.subscriptions.all().is_empty());
    assert_eq!(tab.subscriptions.all(), [conversation]);
}

#[tokio::test]
async fn a_bot_is_let_go_from_a_closed_conversation_and_its_actor_ends() {
    let world = World::bounded(Bounds {
        idle: Duration::ZERO,
        ..Bounds::default()
    });
    let (customer, conversation) = world.started("socketed").await;
    let robot = bot("socket");
    let mut socket = world.joined(&robot, &conversation).await;
    let ended = world
        .registry
        .end(&Principal::Customer(customer), &conversation, id("e"))
        .await;
    ended.expect("an end");
    let closed = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation(summary) if summary.state == ConversationState::Closed);
    socket.until(closed).await;
    assert!(socket.subscriptions.all().is_empty());
    world.tracker.close();
    let ended = tokio::time::timeout(Duration::from_secs(10), world.tracker.wait()).await;
    assert!(ended.is_ok(), "nobody needs the conversation in memory");
}

#[tokio::test]
async fn a_bot_is_told_of_every_open_conversation() {
    let world = World::new();
    for at in 0..105 {
        let who = customer(&format!("c{at}"), "socketed");
        world.registry.start(&who, start("s")).await.expect("a start");
    }
    let robot = bot("socket");
    let proven = Authenticated {
        principal: robot.clone(),
        issued_at: None,
        expires_at: None,
        credential: None,
    };
    let greeting = world.registry.welcome(&proven).await.expect("a welcome");
    assert_eq!(
        (greeting.welcome.conversations.len(), greeting.unlisted.len()),
        (100, 5)
    );
    for conversation in greeting.unlisted {
        let told = world.registry.summary_of(&robot, &conversation).await.expect("a read");
        assert_eq!(told.map(|summary| summary.conversation), Some(conversation.clone()));
        let stranger = world.registry.summary_of(&bot("other"), &conversation).await;
        assert_eq!(stranger.expect("a read"), None);
    }
}

#[tokio::test]
async fn what_was_answered_before_a_stop_is_still_written() {
    let world = World::new();
    let (customer, _, conversation) = world.served().await;
    let customer = Principal::Customer(customer);
    let mut tab = world.joined(&customer, &conversation).await;
    let command = Command::Post {
        who: customer,
        post: Box::new(post(&conversation, "last", "words")),
    };
    world.call(&conversation, command, &tab, Some(id("last")));
    world.stopped().await;
    assert!(matches!(tab.next().await, ServerFrame::Accepted(accepted) if accepted.client_id == id("last")));
    assert!(tab.handle.is_open());
}

#[tokio::test]
async fn what_an_agent_has_read_stays_read_though_nobody_gets_a_receipt() {
    let world = World::new();
    let (_, conversation) = world.started("socketed").await;
    let robot = bot("socket");
    world.says(&robot, &conversation, "One moment.").await;
    let ann = world.handed_over(&robot, &conversation).await;

    let desk = world.joined(&ann.principal(), &conversation).await;
    let unread = async || world.registry.summaries(&ann.principal()).await.expect("a list")[0].unread;
    assert_eq!(unread().await, 1, "the bot's words");
    let before = world.names(&conversation).await;
    let command = Command::MoveMarker {
        who: ann.principal(),
        up_to: world.record(&conversation).await.head,
        kind: MarkerKind::Read,
    };
    world.call(&conversation, command, &desk, None);
    // Answered after the mark.
    world.joined(&ann.principal(), &conversation).await;
    assert_eq!(unread().await, 0);
    assert_eq!(world.names(&conversation).await, before, "no receipt");
}
