//! A visitor signs in with its site while an agent talks to it.

use crate::people::Agent;
use portico_tests::api::site_token;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::json;

#[tokio::test]
async fn an_agent_sees_at_once_who_a_visitor_is_that_signs_in() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let chat = socket.start().await.conversation;
    socket.said(&chat, "Where is my parcel?").await;
    agent.accepts().await;
    agent.hears("Where is my parcel?").await;
    let browser = &agent.browser;
    let shows = "return document.body.innerText.includes(arguments[0])";
    assert_eq!(browser.run(shows, json!(["Verified customer"])).await, false);

    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja", "plan": "gold" }));
    let both = json!({ "channel": "desk", "refresh": visitor.refresh, "identity": identity });
    let maja = relay.session(both).await;
    browser.sees("button", "Maja").await;
    for text in ["Linked to customer Maja", "Verified customer"] {
        browser.until(text, shows, json!([text])).await;
    }
    let (mut socket, _) = Socket::hello(&relay, &maja.token).await;
    socket.said(&chat, "It is me.").await;
    agent.hears("It is me.").await;
    agent.says("Hello Maja, it comes tomorrow.").await;
    agent.hears("Hello Maja, it comes tomorrow.").await;
}
