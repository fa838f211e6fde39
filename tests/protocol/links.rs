//! Bad networks: links that are cut, stalled and half open between a client and the relay.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::close::CloseCode;
use portico_shared::frame::{Range, ServerFrame};
use portico_shared::ids::{ClientId, Seq};
use portico_tests::client_id;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::relay::Relay;
use portico_tests::socket::{Socket, text_of};

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
            send(&mut socket, &conversation, client_id, text).await;
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
    send(&mut stalled, &customer.conversation, &id, "patience").await;
    // The impatient client gives up and sends it again over another connection.
    send(&mut customer.socket, &customer.conversation, &id, "patience").await;
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
    match ServerFrame::from_json(text) {
        Ok(ServerFrame::Welcome(welcome)) => welcome.epoch,
        other => panic!("no welcome: {other:?}"),
    }
}

async fn send(
    socket: &mut Socket,
    conversation: &portico_shared::ids::ConversationId,
    client_id: &ClientId,
    text: &str,
) {
    use portico_shared::cim::MessageBody;
    use portico_shared::frame::{Audience, ClientFrame, Draft, Post};
    let post = Post {
        conversation: conversation.clone(),
        client_id: client_id.clone(),
        message: Draft::new(MessageBody::plain(text)).into(),
        audience: Audience::Everyone,
    };
    socket.send(&ClientFrame::Post(post)).await;
}

fn take_event(socket: &mut Socket) -> Option<portico_shared::frame::LiveEvent> {
    socket.take_waiting(|frame| match frame {
        ServerFrame::Event(live) => Some((**live).clone()),
        _ => None,
    })
}
