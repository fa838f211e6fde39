use crate::host::{Host, TestedRole, c1, customer, notice, own, person, said, summary, text};
use portico_client::{Command, Conversation, SendState};
use portico_shared::cim::body::{DeliveryBody, DeliveryStatus};
use portico_shared::cim::{EventData, EventName, MessageBody, SenderType};
use portico_shared::frame::{ClientFrame, Item, PageRequest, Range, ReadMarker, ServerFrame, Summary};
use portico_shared::ids::Seq;
use portico_shared::limits::DEFAULT_PAGE;

fn receipt(seq: u64, by: &str, message: &str, status: DeliveryStatus) -> Item {
    let body = DeliveryBody {
        message_id: message.to_owned(),
        status,
        ..DeliveryBody::default()
    };
    said(seq, by, MessageBody::DeliveryNotification(body))
}

fn mark(up_to: u64) -> ReadMarker {
    ReadMarker {
        conversation: c1(),
        up_to: Seq(up_to),
    }
}

fn unread<R: TestedRole>(host: &Host<R>) -> Option<u32> {
    host.session.conversation(&c1()).map(Conversation::unread)
}

fn typists<R: TestedRole>(host: &Host<R>) -> usize {
    host.session
        .conversation(&c1())
        .map_or(0, |conversation| conversation.typing().count())
}

fn states<R: TestedRole>(host: &Host<R>) -> Vec<Option<SendState>> {
    host.entries("c-1").into_iter().map(|entry| entry.state).collect()
}

#[test]
fn reading_a_message_means_everything_before_it_and_receipts_are_no_entries() {
    let mut host = Host::customer_in_chat(0);
    for seq in 1..=3 {
        host.event(own(seq, "customer-1", &format!("p-{seq}")));
    }
    host.event(receipt(4, "agent-1", "m-3", DeliveryStatus::Delivered));
    host.event(receipt(5, "agent-1", "m-2", DeliveryStatus::Read));
    let [read, delivered] = [SendState::Read, SendState::Delivered].map(Some);
    assert_eq!(states(&host), [read.clone(), read, delivered]);
}

#[test]
fn a_receipt_for_a_message_that_is_not_loaded_yet_holds_once_it_is() {
    let mut host = Host::customer_in_chat(9);
    host.page(8, 9, vec![receipt(9, "agent-1", "m-2", DeliveryStatus::Read)]);
    host.wants(Command::LoadOlder(c1()));
    host.page(
        0,
        8,
        vec![
            own(1, "customer-1", "p-1"),
            own(2, "customer-1", "p-2"),
            own(3, "customer-1", "p-3"),
        ],
    );
    let [read, stored] = [SendState::Read, SendState::Stored].map(Some);
    assert_eq!(states(&host), [read.clone(), read, stored]);
}

/// A reader asks for more by what is shown, and such a page shows nothing.
#[test]
fn a_page_of_receipts_alone_is_followed_by_the_one_before_it() {
    let mut host = Host::customer_in_chat(9);
    host.look();
    host.page(8, 9, vec![receipt(9, "agent-1", "m-2", DeliveryStatus::Read)]);
    assert_eq!(host.sent(), [older_than(9)]);
    host.page(7, 8, vec![receipt(8, "agent-1", "m-2", DeliveryStatus::Delivered)]);
    assert_eq!(host.sent(), [older_than(8)]);
    host.page(1, 7, vec![own(2, "customer-1", "p-2")]);
    assert_eq!(host.sent(), [], "what is shown now is enough until more is wanted");
    host.wants(Command::LoadOlder(c1()));
    host.page(0, 1, Vec::new());
    assert_eq!(host.sent(), [older_than(2)], "before the first event there is nothing");
}

fn older_than(seq: u64) -> ClientFrame {
    ClientFrame::Page(PageRequest {
        conversation: c1(),
        range: Range::Before(Seq(seq)),
        limit: Some(DEFAULT_PAGE),
    })
}

#[test]
fn for_an_agent_only_the_customer_reads() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    host.event(own(1, "agent-1", "p-1"));
    host.event(receipt(2, "agent-2", "m-1", DeliveryStatus::Read));
    assert_eq!(states(&host), [Some(SendState::Stored)]);
    host.event(receipt(3, "customer-1", "m-1", DeliveryStatus::Read));
    assert_eq!(states(&host), [Some(SendState::Read)]);
}

#[test]
fn delivered_is_said_once_per_batch_and_only_for_messages_of_others() {
    let mut host = Host::customer_in_chat(4);
    host.page(
        0,
        4,
        vec![
            text(1, "agent-1"),
            text(2, "agent-1"),
            own(3, "customer-1", "p-3"),
            notice(4),
        ],
    );
    assert_eq!(host.sent(), [ClientFrame::Delivered(mark(2))]);
    host.event(own(5, "customer-1", "p-5"));
    host.event(receipt(6, "agent-1", "m-3", DeliveryStatus::Delivered));
    host.event(receipt(7, "customer-1", "m-2", DeliveryStatus::Delivered));
    assert_eq!(host.sent(), [], "a receipt for a receipt would never end");
    host.event(text(8, "agent-1"));
    assert_eq!(host.sent(), [ClientFrame::Delivered(mark(8))]);
}

#[test]
fn what_a_person_saw_is_said_once_never_taken_back_and_not_lost_with_the_link() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(text(2, "agent-1"));
    host.look();
    let seen = |up_to| Command::Seen {
        conversation: c1(),
        up_to: Seq(up_to),
    };
    host.wants(seen(2));
    assert_eq!(host.sent(), [ClientFrame::Read(mark(2))]);
    for up_to in [2, 1] {
        host.wants(seen(up_to));
    }
    assert_eq!(host.sent(), []);
    host.event(text(3, "agent-1"));
    host.input(portico_client::Input::SocketClosed { code: 1006 });
    host.wants(seen(3));
    host.input(portico_client::Input::Woke);
    host.input(portico_client::Input::SocketOpened);
    host.welcome(vec![Summary {
        read: Seq(2),
        ..summary("c-1", 3)
    }]);
    host.look();
    host.join("c-1", 3);
    assert_eq!(host.sent(), [ClientFrame::Read(mark(3))], "read means delivered");
}

#[test]
fn unread_counts_messages_of_others_after_what_was_seen_here_or_in_another_tab() {
    let mut host = Host::customer();
    host.go_online(vec![Summary {
        unread: 7,
        read: Seq(2),
        ..summary("c-1", 20)
    }]);
    assert_eq!(unread(&host), Some(7), "the relay's word while nothing is loaded");
    host.join("c-1", 20);
    host.page(
        0,
        20,
        vec![text(2, "agent-1"), text(19, "agent-1"), own(20, "customer-1", "p-1")],
    );
    host.wants(Command::Seen {
        conversation: c1(),
        up_to: Seq(2),
    });
    assert_eq!(unread(&host), Some(1));
    host.event(text(21, "agent-1"));
    host.event(notice(22));
    assert_eq!(unread(&host), Some(2));
    let elsewhere = Summary {
        read: Seq(22),
        ..summary("c-1", 22)
    };
    host.hears(&ServerFrame::Conversation(Box::new(elsewhere)));
    assert_eq!(unread(&host), Some(0));
}

/// What an app reports, to the customer or to agents alone.
fn reported(seq: u64, audience: &str) -> Item {
    let mut item = text(seq, "survey");
    item.event.name = EventName::ThirdPartyActivity;
    if let EventData::Message(message) = &mut item.event.data {
        let audience = ("audience".to_owned(), audience.into());
        message.header.additional_data = Some([audience].into_iter().collect());
    }
    item
}

#[test]
fn what_an_app_says_to_the_customer_is_unread_and_the_newest_message() {
    let mut shopper = Host::customer_in_chat(0);
    shopper.event(text(1, "agent-1"));
    shopper.event(reported(2, "CUSTOMER"));
    assert_eq!(unread(&shopper), Some(2));
    let last = |name: Option<&EventName>| name == Some(&EventName::ThirdPartyActivity);
    let chat = shopper.session.conversation(&c1()).and_then(Conversation::last);
    assert!(last(chat.map(|event| &event.name)));

    let mut desk = Host::agent();
    desk.go_online(vec![summary("c-1", 0)]);
    desk.join("c-1", 0);
    desk.event(reported(1, "CUSTOMER"));
    desk.event(reported(2, "AGENTS"));
    assert_eq!(unread(&desk), Some(1));
}

#[test]
fn somebody_types_until_a_message_a_stop_or_five_seconds_of_nothing() {
    let mut host = Host::customer_in_chat(0);
    let typing = |on| ServerFrame::Typing {
        conversation: c1(),
        person: person("agent-1", SenderType::Agent),
        on,
    };
    host.hears(&typing(true));
    assert_eq!(typists(&host), 1);
    host.pass(4_000);
    host.hears(&typing(true));
    host.pass(4_999);
    assert_eq!(typists(&host), 1);
    host.look();
    host.pass(1);
    assert_eq!(typists(&host), 0);
    assert_eq!(host.look().len(), 1, "the view is told");
    host.hears(&typing(true));
    host.event(text(1, "agent-2"));
    assert_eq!(typists(&host), 1);
    host.event(text(2, "agent-1"));
    assert_eq!(typists(&host), 0);
    host.hears(&typing(true));
    host.hears(&typing(false));
    assert_eq!(typists(&host), 0);
}

#[test]
fn the_customer_stops_typing_when_it_posts_whatever_its_id_is_called() {
    let mut host = Host::agent();
    host.go_online(vec![summary("c-1", 0)]);
    host.join("c-1", 0);
    let visitor = person("visitor-of-a-tab", customer().kind);
    host.hears(&ServerFrame::Typing {
        conversation: c1(),
        person: visitor,
        on: true,
    });
    host.event(text(1, "customer-1"));
    assert_eq!(typists(&host), 0);
}

#[test]
fn own_typing_is_said_at_most_every_three_seconds_and_taken_back_once() {
    let mut host = Host::customer_in_chat(0);
    let typing = |on| Command::Typing { conversation: None, on };
    for _ in 0..5 {
        host.wants(typing(true));
        host.pass(1_000);
    }
    assert_eq!(host.sent_names(), ["typing", "typing"]);
    host.wants(typing(false));
    host.wants(typing(false));
    assert_eq!(host.sent_names(), ["typing"]);
    host.wants(typing(true));
    host.post("p-1");
    host.wants(typing(false));
    assert_eq!(host.sent_names(), ["typing", "post"], "the post itself ends it");
}

#[test]
fn a_mark_that_is_refused_for_the_moment_is_said_again() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.wants(Command::Seen {
        conversation: c1(),
        up_to: Seq(1),
    });
    host.look();
    host.refuse_nameless(Some(c1()), 4_000);
    host.pass(3_999);
    assert_eq!(host.sent(), []);
    host.pass(1);
    assert_eq!(host.sent(), [ClientFrame::Read(mark(1))]);
}

/// The badge of one tab goes when the other one is read in.
#[test]
fn what_this_person_read_elsewhere_is_read_here() {
    let mut host = Host::customer_in_chat(0);
    host.event(text(1, "agent-1"));
    host.event(text(2, "agent-1"));
    assert_eq!(unread(&host), Some(2));
    host.event(receipt(3, "agent-2", "m-2", DeliveryStatus::Read));
    host.event(receipt(4, "customer-1", "m-2", DeliveryStatus::Delivered));
    assert_eq!(
        unread(&host),
        Some(2),
        "neither another person nor a delivery has read them"
    );
    host.event(receipt(5, "customer-1", "m-1", DeliveryStatus::Read));
    assert_eq!(unread(&host), Some(1));
    host.event(receipt(6, "customer-1", "m-2", DeliveryStatus::Read));
    assert_eq!(unread(&host), Some(0));
    host.look();
    host.wants(Command::Seen {
        conversation: c1(),
        up_to: Seq(2),
    });
    assert_eq!(host.sent(), [], "the relay knows it already");
}
