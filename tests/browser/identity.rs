//! Who the customer is, and that nobody is taken for somebody else: identify, logout, and a next customer.

use crate::people::{Agent, Shopper, shop_with_bot};
use portico_tests::api;
use serde_json::json;

#[tokio::test]
async fn after_a_logout_the_next_customer_is_verified_and_nothing_of_the_one_before_is_left() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let begins = "Portico('identify', { jwt: arguments[0] }); Portico('setData', { basket: 'Hers alone' })";
    browser.run(begins, json!([token("c-1", "Maria Lenz")])).await;
    shopper.opens().await;
    bot.will_say("Hello.");
    shopper.says("A secret of Maria").await;
    shopper.hears("Hello.").await;

    // In one breath, as a page does that signs in somebody else.
    browser.out_of_chat();
    let changes = "Portico('logout'); Portico('identify', { jwt: arguments[0] })";
    browser.run(changes, json!([token("c-2", "Omar Haddad")])).await;
    browser.into_chat();
    shopper.reads(&[]).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    knows_omar(&agent).await;
    let left = "return /Hers alone|A secret of Maria|Maria Lenz/.test(document.body.innerText)";
    assert_eq!(agent.browser.run(left, json!([])).await, false);
}

#[tokio::test]
async fn a_logout_and_an_identity_while_the_chat_loads_leave_the_new_customer() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let script = "Portico('open'); Portico('logout'); Portico('identify', { jwt: arguments[0] })";
    shopper.browser.run(script, json!([token("c-2", "Omar Haddad")])).await;
    shopper.browser.into_chat();
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    knows_omar(&agent).await;
}

#[tokio::test]
async fn a_logout_reaches_the_chat_in_another_window() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will_say("Hello.");
    shopper.says("Mine").await;
    shopper.hears("Hello.").await;

    let [first, second] = browser.second_window().await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.reads(&["Mine", "Hello."]).await;
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    browser.into_chat();
    shopper.reads(&[]).await;
    browser.turn_to(&first).await;
    browser.into_chat();
    shopper.reads(&[]).await;
    drop(second);
}

#[tokio::test]
async fn a_logout_while_the_chat_loads_anew_is_not_lost() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will_say("Hello.");
    shopper.says("Mine").await;
    shopper.hears("Hello.").await;
    browser.out_of_chat();
    browser
        .run(
            "document.querySelector('portico-chat').remove(); Portico('setLocale', 'de'); Portico('logout')",
            json!([]),
        )
        .await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    shopper.reads(&[]).await;
    browser.out_of_chat();
    let done = "return localStorage['portico.live.demo'] === undefined";
    browser.until("the chat has forgotten", done, json!([])).await;
}

/// A script of the page that closes the chat does not take the keyboard from who writes elsewhere on it.
#[tokio::test]
async fn closing_by_a_script_leaves_the_focus_where_it_is() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.out_of_chat();
    let script = "
        const field = document.body.appendChild(document.createElement('input'));
        field.focus();
        Portico('close');
        return document.activeElement === field";
    assert_eq!(browser.run(script, json!([])).await, true);
}

/// The agent sees that the customer has proven to be Omar.
async fn knows_omar(agent: &Agent) {
    let verified = "const text = document.body.innerText; return text.includes('Omar Haddad') && text.includes('Verified customer')";
    agent
        .browser
        .until("the agent sees who it is", verified, json!([]))
        .await;
}

/// A token of the site.
fn token(subject: &str, name: &str) -> String {
    api::site_token(&json!({ "sub": subject, "name": name }))
}
