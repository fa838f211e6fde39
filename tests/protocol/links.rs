//! Bad networks: links that are cut, stalled and half open between a client and the relay.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::close::CloseCode;
use portico_shared::frame::{Range, ServerFrame};
use portico_shared::ids::{ClientId, Seq};
use portico_shared::limits::DEAD_AFTER_MS;
use portico_shared::role::Agent;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::relay::Relay;
use portico_tests::socket::{Socket, text_of};
use portico_tests::{client_id, eventually};
use std::time::Duration;

/// Invariant 4. A customer sends and an agent reads through links that break all the time and a relay that is killed;
/// each resumes from its cursor and sends again what was not acknowledged.
#[tokio::test]
async fn members_see_a_conversation_in_order_across_cuts_and_restarts() {
    let mut relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let customer = Customer::on(&relay, "desk").await;
    let offer = take_offer(&mut ann).await;
    let conversation = offer.conversation.clone();
    let proxy = Proxy::start(relay.address).await;
    let origin = relay.origin();

    let mut unsent: Vec<(ClientId, String)> = (0..120).rev().map(|number| (client_id(), number.to_string())).collect();
    let (mut cursor, mut read) = (Seq::START, Vec::new());
    let mut round = 0;
    while !unsent.is_empty() {
        round += 1;
        assert!(round < 200, "it makes progress");
        if round % 7 == 0 {
            relay.restart().await;
        }
        proxy.set(Link::Open);
        let (mut socket, _) = Socket::hello_at(proxy.address, Some(&origin), &customer.visitor.token).await;
        let epoch = epoch_of(&socket);
        let joined = socket.join(&conversation, Some((epoch, cursor))).await;
        // Pull what was missed, then listen.
        while cursor < joined.head {
            let page = socket.page(&conversation, Range::After(cursor), 30).await;
            assert_eq!(page.after, cursor, "a page begins where it was asked to");
            read.extend(page.items);
            cursor = page.through;
        }
        // Send a few at once, wait for some of the answers, then lose the link.
        let batch: Vec<_> = unsent.iter().rev().take(9).cloned().collect();
        for (client_id, text) in &batch {
            socket.say_again(&conversation, client_id, text).await;
        }
        for (client_id, _) in batch.iter().take(round % 10) {
            socket.answer(client_id).await.expect("taken");
            unsent.pop();
        }
        while let Some(live) = take_event(&mut socket) {
            if live.after <= cursor && live.item.seq > cursor {
                cursor = live.item.seq;
                read.push(live.item);
            }
        }
        proxy.set(Link::Cut);
        assert_eq!(socket.closed().await, 1006);
    }

    let (mut socket, _) = Socket::hello(&relay, &customer.visitor.token).await;
    while let page = socket.page(&conversation, Range::After(cursor), 100).await
        && !page.items.is_empty()
    {
        cursor = page.through;
        read.extend(page.items);
    }
    let expected: Vec<_> = (0..120).map(|number| number.to_string()).collect();
    let texts: Vec<_> = read.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(
        texts, expected,
        "what the reader put together from pages and live events"
    );
    let token = relay.sign_in("ann").await;
    let (mut ann, _) = Socket::hello(&relay, &token).await;
    let log = ann.log(&conversation).await;
    let texts: Vec<_> = log.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(texts, expected, "what stands in the log");
    assert!(
        log.windows(2).all(|pair| pair[1].seq == pair[0].seq.next()),
        "an agent's log has no gap"
    );
}

#[tokio::test]
async fn a_stalled_link_delays_only_its_own_client() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let proxy = Proxy::start(relay.address).await;
    let (mut stalled, _) = Socket::hello_at(proxy.address, Some(&relay.origin()), &customer.visitor.token).await;
    stalled.join(&customer.conversation, None).await;
    proxy.set(Link::StalledDown);
    for number in 0..50 {
        ann.said(&customer.conversation, &number.to_string()).await;
    }
    customer.socket.hears("49").await;
    proxy.set(Link::Open);
    for number in 0..50 {
        stalled.hears(&number.to_string()).await;
    }
}

#[tokio::test]
async fn what_is_sent_into_a_stalled_link_is_there_once_when_it_opens() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    let proxy = Proxy::start(relay.address).await;
    let (mut stalled, _) = Socket::hello_at(proxy.address, Some(&relay.origin()), &customer.visitor.token).await;
    proxy.set(Link::StalledUp);
    let id = client_id();
    stalled.say_again(&customer.conversation, &id, "patience").await;
    // The impatient client gives up and sends it again over another connection.
    customer.socket.say_again(&customer.conversation, &id, "patience").await;
    let first = customer.socket.answer(&id).await.expect("taken");
    proxy.set(Link::Open);
    assert_eq!(stalled.answer(&id).await.expect("taken"), first);
    let log = customer.socket.log(&customer.conversation).await;
    assert_eq!(
        log.iter()
            .filter(|item| text_of(&item.event) == Some("patience"))
            .count(),
        1
    );
}

/// A client whose network vanished: nothing comes of it any more, not even that it is gone.
#[tokio::test]
async fn a_peer_that_vanished_is_closed_as_silent_and_comes_back_to_everything() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let Customer {
        socket,
        visitor,
        conversation,
    } = Customer::on(&relay, "desk").await;
    socket.close().await;
    take_offer(&mut ann).await;
    let proxy = Proxy::start(relay.address).await;
    let (mut vanished, _) = Socket::hello_at(proxy.address, Some(&relay.origin()), &visitor.token).await;
    let cursor = vanished.join(&conversation, None).await.head;
    open_sockets(&relay, 2.0).await;

    proxy.set(Link::HalfOpen);
    let id = client_id();
    vanished.say_again(&conversation, &id, "into the void").await;
    for number in 0..20 {
        ann.said(&conversation, &number.to_string()).await;
    }
    drop(vanished);
    let silent = format!("portico_sockets_closed_total{{code=\"{}\"}}", CloseCode::Silent.code());
    let closed = tokio::time::timeout(DEAD_BY, async {
        while relay.metric(&silent).await < 1.0 {
            // Somebody else's silence is nothing to whoever says something.
            ann.round_trip().await;
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    });
    assert!(closed.await.is_ok(), "a peer that vanished is never closed");
    open_sockets(&relay, 1.0).await;

    // Over another link it reads on from its cursor, and sends again what was not acknowledged.
    let (mut back, _) = Socket::hello(&relay, &visitor.token).await;
    let joined = back.join(&conversation, Some((epoch_of(&back), cursor))).await;
    let page = back.page(&conversation, Range::After(cursor), 100).await;
    assert_eq!(page.through, joined.head);
    let missed: Vec<_> = page.items.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(missed, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
    back.say_again(&conversation, &id, "into the void").await;
    back.answer(&id).await.expect("taken");
    // What the old link held arrives now, at nobody.
    proxy.set(Link::Open);
    ann.hears("into the void").await;
    let log = ann.log(&conversation).await;
    let sent = log.iter().filter(|item| text_of(&item.event) == Some("into the void"));
    assert_eq!(sent.count(), 1);
}

/// By when a peer of which nothing is heard must have been closed: the documented time, and as much again.
const DEAD_BY: Duration = Duration::from_millis(2 * DEAD_AFTER_MS);

/// Between two looks at something that takes a minute.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Waits until the relay counts so many sockets.
async fn open_sockets(relay: &Relay, count: f64) {
    eventually("the sockets are counted", async || {
        (relay.metric("portico_sockets_open").await == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_never_says_hello_is_closed() {
    let relay = Relay::plain().await;
    let mut silent = Socket::open(relay.address, Some(&relay.origin()))
        .await
        .expect("the upgrade");
    assert_eq!(silent.closed().await, CloseCode::HelloLate.code());
}

fn epoch_of(socket: &Socket) -> portico_shared::ids::Epoch {
    let text = socket
        .received
        .iter()
        .find(|frame| frame.contains("\"welcome\""))
        .expect("a welcome");
    match ServerFrame::<Agent>::from_json(text) {
        Ok(ServerFrame::Welcome(welcome)) => welcome.epoch,
        other => panic!("no welcome: {other:?}"),
    }
}

fn take_event(socket: &mut Socket) -> Option<portico_shared::frame::LiveEvent> {
    socket.take_waiting(|frame| match frame {
        ServerFrame::Event(live) => Some((**live).clone()),
        _ => None,
    })
}
