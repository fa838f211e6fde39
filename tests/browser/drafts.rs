//! What an agent has typed is not lost, and reaches nobody but those whom it was typed for.

use crate::people::{Agent, Customer, REPLY, WHISPER, shop_with_bot};
use portico_tests::browser::Key;
use portico_tests::eventually;
use portico_tests::receiver::Receiver;
use portico_tests::relay::Relay;
use serde_json::json;

/// An agent who has just taken a customer of the channel without a bot.
async fn taken(relay: &Relay) -> (Agent, Customer) {
    let agent = Agent::ready(relay, "ann").await;
    let mut customer = Customer::begins(relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Hello?").await;
    agent.accepts().await;
    agent.hears("Hello?").await;
    (agent, customer)
}

/// An agent whose chat has a suggestion of the bot.
async fn suggested(relay: &Relay, bot: &Receiver, suggestion: &str) -> (Agent, Customer) {
    let agent = Agent::ready(relay, "ann").await;
    let mut customer = Customer::begins(relay, "shop", json!({ "name": "Maria" })).await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    agent.accepts().await;
    bot.will_say(suggestion);
    customer.says("Which tent?").await;
    agent.browser.sees("button", "Use suggestion").await;
    (agent, customer)
}

#[tokio::test]
async fn a_suggestion_is_added_to_what_is_typed_and_leaves_the_whisper_alone() {
    let (relay, bot) = shop_with_bot().await;
    let (agent, mut customer) = suggested(&relay, &bot, "The *Ridge 2*.").await;
    let browser = &agent.browser;

    // A chip says the words, and what goes into the composer is what the bot wrote.
    agent.types(REPLY, "For two people:").await;
    browser.press("button", "Use suggestion: The Ridge 2.").await;
    agent.has_typed(REPLY, "For two people: The *Ridge 2*.").await;

    browser.press("radio", "Whisper").await;
    agent.types(WHISPER, "She owes us money.").await;
    browser.with_alt('1').await;
    agent
        .has_typed(REPLY, "For two people: The *Ridge 2*. The *Ridge 2*.")
        .await;
    browser.key(Key::Enter).await;
    customer.hears("For two people: The *Ridge 2*. The *Ridge 2*.").await;
    browser.press("radio", "Whisper").await;
    agent.has_typed(WHISPER, "She owes us money.").await;
}

#[tokio::test]
async fn half_a_whisper_is_not_sent_to_the_customer_when_the_composer_turns() {
    let relay = Relay::plain().await;
    let (agent, mut customer) = taken(&relay).await;
    let browser = &agent.browser;
    agent.types(REPLY, "One mom").await;
    browser.with_alt('w').await;
    agent.has_typed(WHISPER, "").await;
    agent.types(WHISPER, "She owes us money.").await;

    browser.with_alt('w').await;
    agent.has_typed(REPLY, "One mom").await;
    browser.keys("ent.").await;
    browser.key(Key::Enter).await;
    customer.hears("One moment.").await;
    agent.has_typed(REPLY, "").await;
    browser.key(Key::Enter).await;
    agent.says("Here it is.").await;
    customer.hears("Here it is.").await;

    browser.with_alt('w').await;
    agent.has_typed(WHISPER, "She owes us money.").await;
    browser.key(Key::Enter).await;
    agent.hears("She owes us money.").await;
    agent.has_typed(WHISPER, "").await;
    agent.browser.press("radio", "Reply").await;
    agent.says("Anything else?").await;
    customer.hears("Anything else?").await;
    let heard = customer.texts(&relay).await;
    assert_eq!(heard, ["Hello?", "One moment.", "Here it is.", "Anything else?"]);
    let told = browser.seen().await.said;
    assert!(
        told.iter()
            .any(|line| line.starts_with("You whisper to your team now.")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line == "You write to the customer now."),
        "{told:?}"
    );
}

#[tokio::test]
async fn what_a_program_types_and_sends_at_once_is_sent_once() {
    let relay = Relay::plain().await;
    let (agent, mut customer) = taken(&relay).await;
    let script = "
        const box = named('textbox', arguments[0]);
        box.value = 'Best wishes, Ann';
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));";
    agent.browser.run(script, json!([REPLY])).await;
    customer.hears("Best wishes, Ann").await;
    agent.has_typed(REPLY, "").await;
    agent.browser.with_alt('w').await;
    agent.has_typed(WHISPER, "").await;
}

#[tokio::test]
async fn what_was_typed_is_back_after_a_sent_message_was_changed_or_left_as_it_was() {
    let relay = Relay::plain().await;
    let (agent, mut customer) = taken(&relay).await;
    let browser = &agent.browser;
    agent.says("Helo").await;
    customer.hears("Helo").await;
    agent.types(REPLY, "One moment").await;

    browser.press("button", "Edit").await;
    agent.has_typed(REPLY, "Helo").await;
    browser.keys("!").await;
    browser.key(Key::Escape).await;
    agent.has_typed(REPLY, "One moment").await;

    browser.press("button", "Edit").await;
    agent.has_typed(REPLY, "Helo").await;
    browser.keys(", this is Ann").await;
    browser.key(Key::Enter).await;
    customer.hears("Helo, this is Ann").await;
    agent.has_typed(REPLY, "One moment").await;

    // From a whisper, too, and it goes on as a whisper.
    browser.with_alt('w').await;
    agent.types(WHISPER, "Not easy").await;
    browser.press("button", "Edit").await;
    agent.has_typed(REPLY, "Helo, this is Ann").await;
    browser.key(Key::Escape).await;
    agent.has_typed(WHISPER, "Not easy").await;
    browser.with_alt('w').await;
    agent.has_typed(REPLY, "One moment").await;
}

#[tokio::test]
async fn both_texts_of_the_composer_outlive_a_killed_relay_and_a_reload() {
    let mut relay = Relay::plain().await;
    let (agent, customer) = taken(&relay).await;
    let browser = &agent.browser;
    agent.types(REPLY, "Have you ").await;
    browser.with_alt('w').await;
    agent.types(WHISPER, "Is this ").await;

    relay.kill();
    browser
        .until(
            "the banner says so",
            "return document.body.innerText.includes('Connection lost')",
            json!([]),
        )
        .await;
    agent.types(WHISPER, "the one who called?").await;
    browser.with_alt('w').await;
    agent.types(REPLY, "tried to turn it off?").await;
    relay.restart().await;
    browser
        .until(
            "the banner is gone",
            "return !document.body.innerText.includes('Connection lost')",
            json!([]),
        )
        .await;
    agent.has_typed(REPLY, "Have you tried to turn it off?").await;

    browser.reload().await;
    agent.has_typed(REPLY, "Have you tried to turn it off?").await;
    browser.with_alt('w').await;
    agent.has_typed(WHISPER, "Is this the one who called?").await;
    browser.reload().await;
    agent.has_typed(WHISPER, "Is this the one who called?").await;

    agent.types(WHISPER, "\n").await;
    agent.hears("Is this the one who called?").await;
    browser.with_alt('w').await;
    agent.types(REPLY, "\n").await;
    agent.hears("Have you tried to turn it off?").await;
    eventually("the customer has the reply alone", async || {
        let texts = customer.texts(&relay).await;
        assert!(!texts.iter().any(|text| text.contains("called")), "{texts:?}");
        texts
            .iter()
            .any(|text| text == "Have you tried to turn it off?")
            .then_some(())
    })
    .await;
}
