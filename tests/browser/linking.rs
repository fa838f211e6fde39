//! A visitor signs in with its site while an agent talks to it.

use crate::people::{Agent, MESSAGE, Served, Shopper, served, shop_with_bot};
use portico_tests::api::site_token;
use portico_tests::browser::Network;
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

#[tokio::test]
async fn a_shopper_who_signs_in_goes_on_in_the_same_chat() {
    let Served {
        agent, shopper, relay, ..
    } = served().await;
    agent.says("I am Ann.").await;
    shopper.hears("I am Ann.").await;
    let browser = &shopper.browser;
    // What is written when the network is gone, and the draft behind it, go along.
    browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection.')";
    browser.until("the banner says so", offline, json!([])).await;
    shopper.says("It is about my tent").await;
    browser.types("textbox", MESSAGE, "Half a").await;

    browser.out_of_chat();
    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    browser
        .run("Portico('identify', { jwt: arguments[0] })", json!([identity]))
        .await;
    browser.network(Network::There).await;
    browser.into_chat();
    let all = ["A person, please", "I am Ann.", "It is about my tent"];
    shopper.reads(&all).await;
    shopper.has_said("It is about my tent").await;
    let draft = "return document.querySelector('#composer').value";
    browser
        .until("the draft is there", &format!("{draft} === 'Half a'"), json!([]))
        .await;
    let known =
        "const text = document.body.innerText; return text.includes('Maja Berg') && text.includes('Verified customer')";
    agent.browser.until("the agent sees who it is", known, json!([])).await;
    agent.says("Hello Maja").await;
    shopper.hears("Hello Maja").await;
    assert_eq!(
        agent.texts().await,
        ["A person, please", "I am Ann.", "It is about my tent", "Hello Maja"]
    );

    // Nobody who comes later to this browser, and is nobody, has it.
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    browser.into_chat();
    shopper.reads(&[]).await;
    drop(relay);
}

#[tokio::test]
async fn a_customer_who_was_here_before_signs_in_again_and_goes_on() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    let identify = "Portico('identify', { jwt: arguments[0] })";
    browser.run(identify, json!([identity])).await;
    shopper.opens().await;
    let known = "return Object.keys(localStorage).some((key) => key.includes('c-42'))";
    browser.until("the browser keeps who it is", known, json!([])).await;

    // The site signs nobody out, and knows nobody on the next page.
    browser.out_of_chat();
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    browser.out_of_chat();
    browser.run(identify, json!([identity])).await;
    browser.into_chat();
    shopper.reads(&["Hello", "Hello."]).await;
    bot.will_say("Welcome back.");
    shopper.says("It is me").await;
    shopper.reads(&["Hello", "Hello.", "It is me", "Welcome back."]).await;
}

#[tokio::test]
async fn what_a_customer_had_begun_to_write_stays_before_what_the_visitor_has() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    let identify = "Portico('identify', { jwt: arguments[0] })";
    browser.run(identify, json!([identity])).await;
    shopper.opens().await;
    browser.types("textbox", MESSAGE, "My parcel").await;
    let kept =
        "return Object.entries(localStorage).some(([key, text]) => key.includes('c-42') && text === 'My parcel')";
    browser.until("it is kept", kept, json!([])).await;

    browser.out_of_chat();
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    browser.types("textbox", MESSAGE, "Half a").await;
    browser.out_of_chat();
    browser.run(identify, json!([identity])).await;
    browser.into_chat();
    shopper.reads(&["Hello", "Hello."]).await;
    let both = "return document.querySelector('#composer').value === 'My parcel\\nHalf a'";
    browser.until("both are there", both, json!([])).await;
}
