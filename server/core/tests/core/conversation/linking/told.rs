//! Agents, bots and other tabs learn that a chat has become another customer's.

use super::{CHANGED, principal};
use crate::conversation::commands::Commands;
use crate::conversation::world::{World, as_read, bot, id};
use portico_core::clock::Clock;
use portico_core::store::Change;
use portico_shared::cim::EventName;
use portico_shared::frame::ServerFrame;

#[tokio::test]
async fn agents_and_bots_are_told_and_the_customers_other_tabs_see_the_chat_appear() {
    let world = World::new();
    let (visitor, conversation) = world.started("socketed").await;
    let robot = bot("socket");
    let mut reading = world.joined(&robot, &conversation).await;
    let mut ann = world.handed_over(&robot, &conversation).await;
    world.join(&ann.principal(), &conversation, &ann.socket);
    ann.socket.until(|frame| matches!(frame, ServerFrame::Joined(_))).await;
    let mia = world.mia("socketed").await;
    let mut tab = world.socket(&principal(&mia));
    world.link(&visitor, &mia).await;

    let changed = |frame: &ServerFrame| matches!(frame, ServerFrame::Event(live) if live.item.event.name == CHANGED);
    reading.until(changed).await;
    ann.socket.until(changed).await;
    let listed = |frame: &ServerFrame| match frame {
        ServerFrame::Conversation(summary) => summary.people.iter().any(|person| person.name == "mia"),
        _ => false,
    };
    ann.socket.until(listed).await;
    let told = tab.queued().await;
    assert!(matches!(&told[..], [ServerFrame::Conversation(_)]), "{told:?}");
    assert!(told.iter().all(listed), "{told:?}");
    world.join(&principal(&mia), &conversation, &tab);
    tab.until(|frame| matches!(frame, ServerFrame::Joined(_))).await;
    world.says(&principal(&mia), &conversation, "here").await;
    let seen = tab.until(|frame| matches!(frame, ServerFrame::Event(_))).await;
    assert!(matches!(seen, ServerFrame::Event(live) if live.item.event.name == EventName::CustomerMessage));
}

#[tokio::test]
async fn a_list_shows_what_the_visitor_wrote_last_as_the_known_customers_own() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mut listing = world.socket(&principal(&visitor));
    world.says(&principal(&visitor), &conversation, "before").await;
    let listed = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation(_));
    listing.until(listed).await;
    let mia = world.mia("plain").await;
    let mut tab = world.socket(&principal(&mia));
    world.link(&visitor, &mia).await;
    let ServerFrame::Conversation(told) = tab.until(listed).await else {
        panic!("no summary")
    };
    let last = told.last.as_ref().and_then(|item| item.client_id.as_ref());
    assert_eq!(last, Some(&id("before")));
    let summaries = world.registry.summaries(&principal(&mia)).await.expect("a read");
    assert_eq!(*told, as_read(&summaries[0]));
}

#[tokio::test]
async fn an_offer_that_rings_says_who_it_is_and_is_the_same_offer() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mut ann = world.desk("ann");
    let offer = world.offered(&mut ann, &conversation).await;
    let mia = world.mia("plain").await;
    world.link(&visitor, &mia).await;
    let again = ann.socket.until(|frame| matches!(frame, ServerFrame::Offer(_))).await;
    let ServerFrame::Offer(again) = again else {
        panic!("no offer but {again:?}")
    };
    assert_eq!((&again.task, again.expires_at), (&offer.task, offer.expires_at));
    assert_eq!(
        (again.customer.name.as_str(), again.customer.id.as_str()),
        ("mia", mia.id.as_str())
    );
    assert_eq!(again.data["isAnonymous"], false);
    let taken = world.registry.accept(&ann.who, again.task, id("a")).await;
    assert_eq!(taken.expect("accepted").conversation, conversation);
}

#[tokio::test]
async fn a_bot_that_is_called_is_told_of_the_change() {
    let world = World::new();
    let (visitor, conversation) = world.started("hooked").await;
    let mia = world.mia("hooked").await;
    world.link(&visitor, &mia).await;
    let now = world.clock.now_ms();
    let place = vec![(portico_shared::ids::ParticipantId::new("hook"), 10)];
    let mut told = Vec::new();
    loop {
        let due = world.store().claim_deliveries(now, now + 1, place.clone()).await;
        let due = due.expect("readable");
        let Some(next) = due.into_iter().next() else { break };
        told.push(next.seq);
        let settled = vec![Change::Settle(next.id)];
        world.store().apply(settled).await.expect("settled");
    }
    let log = world.log(&conversation).await;
    let last = log.last().expect("an event");
    assert_eq!((&last.event.name, told.last()), (&CHANGED, Some(&last.seq)));
}
