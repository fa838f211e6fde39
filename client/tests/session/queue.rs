//! Where a customer's request for an agent stands in its queue.

use crate::host::{Host, TestedRole, c1, summary};
use portico_client::{Change, Effect};
use portico_shared::frame::{QueuePosition, ServerFrame, Summary};

fn waits(waiting: bool) -> Summary {
    Summary {
        waiting,
        ..summary("c-1", 0)
    }
}

fn told(position: u32) -> ServerFrame {
    ServerFrame::QueuePosition(QueuePosition {
        conversation: c1(),
        position,
        wait_minutes: Some(4),
    })
}

fn position<R: TestedRole>(host: &Host<R>) -> Option<u32> {
    let conversation = host.session.conversation(&c1())?;
    conversation.queue_position().map(|place| place.position)
}

#[test]
fn the_newest_position_counts_while_the_request_waits() {
    let mut host = Host::customer_in_chat(0);
    host.hears(&ServerFrame::Conversation(Box::new(waits(true))));
    assert_eq!(position(&host), None);
    host.look();
    host.hears(&told(3));
    assert_eq!(host.look(), [Effect::Changed(Change::Conversation(Some(c1())))]);
    host.hears(&told(2));
    assert_eq!(position(&host), Some(2));
    host.hears(&ServerFrame::Conversation(Box::new(waits(false))));
    assert_eq!(position(&host), None);
    host.hears(&ServerFrame::Conversation(Box::new(waits(true))));
    assert_eq!(position(&host), None, "the next request has a place of its own");
}

#[test]
fn a_position_ends_with_the_socket_that_told_it() {
    let mut host = Host::customer_in_chat(0);
    host.hears(&ServerFrame::Conversation(Box::new(waits(true))));
    host.hears(&told(3));
    host.reconnect(vec![waits(true)]);
    assert_eq!(position(&host), None);
}

#[test]
fn an_agent_is_told_no_position() {
    let mut host = Host::agent();
    host.go_online(vec![waits(true)]);
    host.join("c-1", 0);
    host.look();
    host.hears(&told(3));
    assert_eq!((host.look(), position(&host)), (Vec::new(), None));
}
