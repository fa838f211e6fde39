//! The desk in two windows: chats go to one of them, and the agent says to which.

use crate::people::{Agent, Customer, REPLY};
use portico_tests::relay::Relay;
use serde_json::json;

/// The banner that says that the desk is elsewhere.
const ELSEWHERE: &str =
    "return document.body.innerText.includes('Your desk is open in another window. Chats go there.')";

#[tokio::test]
async fn an_agent_goes_on_in_another_window_and_finds_what_was_typed_when_it_comes_back() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Hello?").await;
    agent.accepts().await;
    agent.types(REPLY, "Let me see").await;

    let browser = &agent.browser;
    let [first, second] = browser.second_window().await;
    browser.goto(&format!("{}/desk/", relay.origin())).await;
    browser.types("textbox", "User name", "ann").await;
    browser.types("textbox", "Password", "ann-password\n").await;
    browser.until("it says where the desk is", ELSEWHERE, json!([])).await;
    browser.press("button", "Use it here").await;
    browser.sees("button", "Your state: Ready").await;
    browser.sees("button", "Maria").await;

    browser.turn_to(&first).await;
    browser.until("it says where the desk went", ELSEWHERE, json!([])).await;
    agent.has_typed(REPLY, "Let me see").await;
    // A page that is loaded anew takes no place.
    browser.reload().await;
    browser.until("it still says so", ELSEWHERE, json!([])).await;
    browser.press("button", "Use it here").await;
    agent.has_typed(REPLY, "Let me see").await;
    agent.hears("Hello?").await;

    browser.turn_to(&second).await;
    browser.until("it is the other one's turn", ELSEWHERE, json!([])).await;
}
