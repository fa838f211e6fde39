//! From the bot to a person at the desk, and back.

use crate::people::{Agent, Shopper, WHISPER, shop_with_bot};
use serde_json::json;

/// The main job of all of this, as the two people live it.
#[tokio::test]
pub(crate) async fn a_bot_hands_over_to_an_agent_and_is_there_again_when_the_agent_leaves() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::chats(&relay).await;

    bot.will_say("I know a lot about tents.");
    shopper.says("Which tent?").await;
    shopper.hears("I know a lot about tents.").await;
    bot.will_find_agent();
    shopper.says("A person, please").await;

    agent.accepts().await;
    agent.hears("Which tent?").await;
    agent.hears("I know a lot about tents.").await;
    shopper.browser.sees("heading", "Ann").await;
    agent.says("Hello, this is Ann.").await;
    shopper.hears("Hello, this is Ann.").await;

    // The bot assists now: what it says is for the agent.
    bot.will_say("Suggest the Ridge 2.");
    shopper.says("For two people").await;
    agent.hears("For two people").await;
    agent
        .browser
        .press("button", "Use suggestion: Suggest the Ridge 2.")
        .await;
    agent.browser.keys("\u{e007}").await;
    shopper.hears("Suggest the Ridge 2.").await;

    agent.browser.press("radio", "Whisper").await;
    agent
        .browser
        .types("textbox", WHISPER, "They will need the footprint too.\n")
        .await;
    agent.hears("They will need the footprint too.").await;
    agent.browser.press("radio", "Reply").await;
    agent.says("And a footprint.").await;
    shopper.hears("And a footprint.").await;
    let heard = shopper.texts().await;
    assert!(!heard.iter().any(|text| text.contains("They will need")), "{heard:?}");

    leaves_with_wrap_up(&agent).await;
    shopper
        .asks(
            "Ann is gone",
            "return document.body.innerText.includes('left the chat')",
            json!([]),
        )
        .await;
    bot.will_say("I am here again.");
    shopper.says("One more thing").await;
    shopper.hears("I am here again.").await;
    let all = [
        "Which tent?",
        "I know a lot about tents.",
        "A person, please",
        "Hello, this is Ann.",
        "For two people",
        "Suggest the Ridge 2.",
        "And a footprint.",
        "One more thing",
        "I am here again.",
    ];
    shopper.reads(&all).await;
    shopper.reloads().await;
    shopper.reads(&all).await;
}

async fn leaves_with_wrap_up(agent: &Agent) {
    let browser = &agent.browser;
    browser.press("button", "Wrap up and leave").await;
    browser.sees("dialog", "Wrap up").await;
    let first = browser.until(
        "codes are there",
        "return named('checkbox', '') && nameOf(named('checkbox', ''))",
        json!([]),
    );
    let first = first.await;
    browser
        .press("checkbox", first.as_str().expect("a code has a name"))
        .await;
    browser.types("textbox", "Note for colleagues", "Bought a tent.").await;
    browser.press("button", "Leave").await;
    browser.no_longer_sees("dialog", "Wrap up").await;
}
