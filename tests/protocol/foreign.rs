//! Ids of other people's conversations and offers: whoever states one learns and changes nothing.

use crate::world::{Customer, offer, ready_agent, set_state};
use portico_shared::cim::EventName;
use portico_shared::frame::{ClientFrame, ReadMarker, RefusalCode};
use portico_shared::ids::{ConversationId, Seq, TaskId};
use portico_tests::client_id;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;

#[tokio::test]
async fn marks_and_leaving_of_a_foreign_conversation_are_answered_as_of_none() {
    let relay = Relay::plain().await;
    let mut mine = Customer::on(&relay, "desk").await;
    let mut other = Customer::on(&relay, "desk").await;
    other.says("private").await;
    let mut ann = ready_agent(&relay, "ann").await;
    set_state(&mut ann, "NOT_READY").await;
    let before = other.socket.log(&other.conversation).await.len();
    for conversation in [other.conversation.clone(), ConversationId::new("there-is-none")] {
        for socket in [&mut mine.socket, &mut ann] {
            let mark = ReadMarker {
                conversation: conversation.clone(),
                up_to: Seq(3),
            };
            for verb in [ClientFrame::Delivered(mark.clone()), ClientFrame::Read(mark)] {
                socket.send(&verb).await;
                let refused = socket.refusal().await;
                assert_eq!(refused.code, RefusalCode::NotFound, "{verb:?}");
                assert_eq!(refused.message, "no such conversation", "{verb:?}");
            }
        }
        let refused = leave(&mut ann, &conversation).await;
        assert_eq!(refused, (RefusalCode::NotFound, "no such conversation".to_owned()));
    }
    let refused = leave(&mut mine.socket, &other.conversation).await;
    assert_eq!(
        refused,
        leave(&mut mine.socket, &ConversationId::new("there-is-none")).await
    );
    assert_eq!(refused.0, RefusalCode::Forbidden, "customers do not leave, they end");
    let after = other.socket.log(&other.conversation).await.len();
    assert_eq!(after, before, "nothing was appended to it");
}

/// An offer is for the one at whom it rings: a colleague and a customer who know its id take nothing.
#[tokio::test]
async fn an_offer_that_rings_at_somebody_else_is_answered_as_one_that_is_gone() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    let rings = offer(&mut ann).await;
    let mut ben = ready_agent(&relay, "ben").await;
    for task in [rings.task.clone(), TaskId::new("there-is-none")] {
        let refused = accept(&mut ben, &task).await;
        assert_eq!(refused.0, RefusalCode::OfferGone, "{task}");
        assert_eq!(refused, accept(&mut ben, &TaskId::new("nor-this-one")).await, "{task}");
        assert_eq!(
            accept(&mut customer.socket, &task).await.0,
            RefusalCode::Forbidden,
            "{task}"
        );
    }
    let log = customer.socket.log(&customer.conversation).await;
    assert!(!log.iter().any(|item| item.event.name == EventName::AgentSubscribed));

    let id = client_id();
    let accepted = ClientFrame::Accept {
        task: rings.task.clone(),
        client_id: id.clone(),
    };
    ann.send(&accepted).await;
    ann.answer(&id).await.expect("it still rings at its agent");
    assert_eq!(
        accept(&mut ben, &rings.task).await.0,
        RefusalCode::OfferGone,
        "nor is it taken over"
    );
}

/// Leaves, which must be refused.
async fn leave(socket: &mut Socket, conversation: &ConversationId) -> (RefusalCode, String) {
    let id = client_id();
    let frame = ClientFrame::Leave {
        conversation: conversation.clone(),
        client_id: id.clone(),
    };
    socket.send(&frame).await;
    let refused = socket.answer(&id).await.expect_err("a foreign conversation");
    (refused.code, refused.message)
}

/// Takes an offer, which must be refused.
async fn accept(socket: &mut Socket, task: &TaskId) -> (RefusalCode, String) {
    let id = client_id();
    let frame = ClientFrame::Accept {
        task: task.clone(),
        client_id: id.clone(),
    };
    socket.send(&frame).await;
    let refused = socket.answer(&id).await.expect_err("a foreign offer");
    (refused.code, refused.message)
}
