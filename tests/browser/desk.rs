//! The desk as an agent uses it, beyond the conversation itself: leaving.

use crate::people::{Agent, REPLY, Shopper, shop_with_bot};

/// A failure of the program while the agent leaves would end this test, as it ends every test with a browser.
#[tokio::test]
async fn a_chat_that_an_agent_leaves_goes_away() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    agent.says("Hello, this is Ann.").await;
    shopper.hears("Hello, this is Ann.").await;

    let browser = &agent.browser;
    browser.press("button", "Wrap up and leave").await;
    browser.press("button", "Leave without wrap-up").await;
    browser.no_longer_sees("textbox", REPLY).await;
    browser.no_longer_sees("button", "Visitor").await;

    // What goes on there is nothing to this desk, and it works as before.
    bot.will_say("I am here again.");
    shopper.says("One more thing").await;
    shopper.hears("I am here again.").await;
    assert!(!browser.has("button", "Visitor").await);
    bot.will_find_agent();
    shopper.says("A person again, please").await;
    agent.accepts().await;
    agent.hears("A person again, please").await;
    agent.says("Here I am.").await;
    shopper.hears("Here I am.").await;
}
