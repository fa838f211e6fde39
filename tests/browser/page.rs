//! The agent sees on which page the visitor is, when the chat begins and wherever the visitor goes.

use crate::people::{Agent, Shopper};
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::json;

/// Waits until the desk's panel shows this as the visitor's page.
async fn shows_page(desk: &Browser, title: &str) {
    let script = "return [...document.querySelectorAll('.panel dd')].some((el) => el.innerText.includes(arguments[0]))";
    desk.until(&format!("the page {title:?}"), script, json!([title])).await;
}

#[tokio::test]
async fn an_agent_follows_the_visitor_from_page_to_page() {
    let relay = Relay::plain().await;
    let shopper = Shopper::visits(&relay).await;
    shopper.browser.run("document.title = 'Tents'", json!([])).await;
    shopper.opens().await;
    shopper.says("Which of these is light?").await;
    let agent = Agent::ready(&relay, "ann").await;
    agent.accepts().await;
    if !agent.browser.has("complementary", "Customer").await {
        agent.browser.press("button", "Customer details").await;
    }
    shows_page(&agent.browser, "Tents").await;

    // A page that changes its address by itself, as shops without page loads do.
    let moves = "document.title = 'Ridge 2'; history.pushState({}, '', '#ridge-2'); Portico('pageView')";
    shopper.browser.out_of_chat();
    shopper.browser.run(moves, json!([])).await;
    shows_page(&agent.browser, "Ridge 2").await;

    // A page that is loaded anew, and has the same conversation.
    shopper.browser.goto(&relay.shop_origin()).await;
    let title = shopper.browser.run("return document.title", json!([])).await;
    shopper.opens().await;
    shows_page(&agent.browser, title.as_str().expect("a title")).await;
    shopper.says("I take it").await;
    agent.hears("I take it").await;
}
