//! The list of a known customer's conversations that are over.

use portico_shared::frame::{ClientFrame, PageRequest, Range, RefusalCode};
use portico_shared::ids::{ConversationId, Seq};
use portico_tests::api::{Visitor, get, site_token};
use portico_tests::client_id;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Value, json};

async fn known(relay: &Relay, channel: &str, subject: &str) -> Visitor {
    let proof = site_token(&json!({ "sub": subject }));
    relay.session(json!({ "channel": channel, "identity": proof })).await
}

/// Chats once and ends that.
async fn chats(relay: &Relay, who: &Visitor, text: &str) -> ConversationId {
    let (mut socket, _) = Socket::hello(relay, &who.token).await;
    let conversation = socket.start().await.conversation;
    socket.said(&conversation, text).await;
    let client_id = client_id();
    let end = ClientFrame::End {
        conversation: conversation.clone(),
        client_id: client_id.clone(),
    };
    socket.send(&end).await;
    socket.answer(&client_id).await.expect("it is ended");
    conversation
}

async fn list(relay: &Relay, token: Option<&str>, before: &str) -> (u16, Value) {
    get(&format!("{}/api/conversations{before}", relay.origin()), token).await
}

fn ids(list: &Value) -> Vec<&str> {
    let conversations = list["conversations"].as_array().expect("a list");
    conversations
        .iter()
        .map(|summary| summary["conversation"].as_str().expect("an id"))
        .collect()
}

#[tokio::test]
async fn a_known_customer_reads_its_earlier_conversations_page_by_page() {
    let relay = Relay::plain().await;
    let maja = known(&relay, "desk", "maja").await;
    let mut over = Vec::new();
    for number in 0..21 {
        over.push(chats(&relay, &maja, &format!("Chat {number}")).await);
    }
    chats(&relay, &known(&relay, "solo", "maja").await, "On another channel").await;
    let (mut socket, _) = Socket::hello(&relay, &maja.token).await;
    let live = socket.start().await.conversation;
    over.reverse();
    let expected: Vec<&str> = over.iter().map(ConversationId::as_str).collect();

    // Of the twenty newest, one goes on.
    let (status, first) = list(&relay, Some(&maja.token), "").await;
    assert_eq!(status, 200, "{first}");
    assert!(!ids(&first).contains(&live.as_str()));
    let next = first["next"].as_str().expect("there are more");
    let last = &first["conversations"][0]["last"]["event"]["data"]["body"]["markdownText"];
    assert_eq!(*last, "Chat 20");
    let (_, rest) = list(&relay, Some(&maja.token), &format!("?before={next}")).await;
    assert!(rest.get("next").is_none(), "{rest}");
    assert_eq!([ids(&first), ids(&rest)].concat(), expected);

    let page = socket.page(&over[20], Range::After(Seq::START), 50).await;
    assert!(page.through >= Seq(1), "an old one can be read: {page:?}");
}

#[tokio::test]
async fn nobody_else_learns_of_a_customers_earlier_conversations() {
    let relay = Relay::plain().await;
    let maja = known(&relay, "desk", "maja").await;
    let hers = chats(&relay, &maja, "Hello").await;
    let omar = known(&relay, "desk", "omar").await;
    chats(&relay, &omar, "Hello").await;
    let before = format!("?before={hers}");
    for part in ["", &before] {
        let (status, of_omar) = list(&relay, Some(&omar.token), part).await;
        assert_eq!(status, 200);
        assert!(!ids(&of_omar).contains(&hers.as_str()), "{of_omar}");
    }
    let (_, none) = list(&relay, Some(&omar.token), &before).await;
    assert_eq!(ids(&none), [""; 0], "hers says nothing of when it was");
    let (mut socket, _) = Socket::hello(&relay, &omar.token).await;
    let request = PageRequest {
        conversation: hers,
        range: Range::After(Seq::START),
        limit: None,
    };
    socket.send(&ClientFrame::Page(request)).await;
    assert_eq!(socket.refusal().await.code, RefusalCode::NotFound);

    let visitor = relay.visitor("desk").await;
    chats(&relay, &visitor, "Hello").await;
    assert_eq!(
        list(&relay, Some(&visitor.token), "").await.0,
        403,
        "an unknown visitor"
    );
    let ann = relay.sign_in("ann").await;
    assert_eq!(list(&relay, Some(&ann), "").await.0, 403, "an agent");
    assert_eq!(list(&relay, None, "").await.0, 401, "nobody");
}
