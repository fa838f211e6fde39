//! Whether everybody can use it: axe-core finds no violation of WCAG on any screen, in light and in dark.

use crate::people::{Agent, Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::provided;
use portico_tests::receiver::Reply;
use serde_json::{Value, json};

#[tokio::test]
async fn axe_finds_nothing_wrong_with_the_widget() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    is_accessible(browser, "the launcher", "portico-chat").await;
    shopper.opens().await;
    browser.sees("button", "Which tent fits two people?").await;
    is_accessible(browser, "the welcome", "html").await;

    bot.will(Reply::Say(cards_and_a_form()));
    shopper
        .says("I need a tent, and `this` is *important*: https://example.org")
        .await;
    browser.sees("button", "Take the Ridge 2").await;
    browser.sees("textbox", "Your name").await;
    is_accessible(browser, "cards and a form", "html").await;

    browser.press("button", "Options").await;
    is_accessible(browser, "the menu", "html").await;
    browser.press("button", "End chat").await;
    browser.sees("button", "Keep chatting").await;
    is_accessible(browser, "the question", "html").await;
    browser.press("button", "End chat").await;
    browser.sees("button", "Start a new chat").await;
    is_accessible(browser, "the end", "html").await;
}

#[tokio::test]
async fn axe_finds_nothing_wrong_with_the_desk() {
    let (relay, bot) = shop_with_bot().await;
    let visitor = Agent::comes(&relay).await;
    is_accessible(&visitor.browser, "the sign-in page", "html").await;
    drop(visitor);
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    is_accessible(browser, "the empty desk", "html").await;

    let shopper = Shopper::chats(&relay).await;
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("I need a tent").await;
    shopper.browser.sees("button", "Take the Ridge 2").await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    browser.sees("button", "Accept").await;
    is_accessible(browser, "an offer", "html").await;
    agent.accepts().await;
    agent.hears("A person, please").await;
    agent.says("Hello, this is Ann.").await;
    bot.will_say("Suggest the Ridge 2.");
    shopper.says("For two people").await;
    browser.sees("button", "Use suggestion").await;
    is_accessible(browser, "a conversation", "html").await;

    browser.press("button", "Wrap up and leave").await;
    browser.sees("checkbox", "").await;
    is_accessible(browser, "the wrap-up dialog", "html").await;
    browser.key(portico_tests::browser::Key::Escape).await;
    browser.no_longer_sees("dialog", "Wrap up").await;
    browser.press("button", "Commands and shortcuts").await;
    browser.sees("dialog", "").await;
    is_accessible(browser, "the palette", "html").await;
}

/// Asks axe about what is under `root`, in light and in dark.
async fn is_accessible(browser: &Browser, what: &str, root: &str) {
    let axe = std::fs::read_to_string(provided("PORTICO_AXE")).expect("axe-core can be read");
    for scheme in ["light", "dark"] {
        browser.prefers(scheme).await;
        browser.run(&format!("if (!window.axe) {{ {axe} }}"), json!([])).await;
        let script = "
            const wrong = (found) => found.violations.map((one) =>
                one.id + ': ' + one.help + '\\n' + one.nodes.map((node) => node.html + '\\n  ' + node.failureSummary).join('\\n'));
            axe.run(document.querySelector(arguments[0]), { iframes: false, resultTypes: ['violations'] })
                .then((found) => done(wrong(found)), (error) => done(['axe: ' + error]));";
        let violations = browser.run_async(script, json!([root])).await;
        let violations: Vec<String> = serde_json::from_value(violations).expect("a list");
        assert!(violations.is_empty(), "{what}, {scheme}:\n{}", violations.join("\n"));
    }
}

fn cards_and_a_form() -> Value {
    let card = |title: &str| {
        json!({ "text": "Light and dry.", "additionalCarouselElementDetails": { "title": title, "id": title },
                "buttons": [{ "type": "reply", "title": format!("Take the {title}"), "payload": title }] })
    };
    json!([
        { "mode": "message", "body": {
            "type": "BUTTON", "markdownText": "For how many?", "buttonMessageType": "quickReplies",
            "buttons": [{ "type": "reply", "title": "Two", "payload": "2" }, { "type": "reply", "title": "Three", "payload": "3" }],
        } },
        { "mode": "message", "body": {
            "type": "CAROUSEL", "markdownText": "These fit.", "elements": [card("Ridge 2"), card("Dome 2")],
        } },
        { "mode": "message", "body": {
            "type": "FORM_DATA", "markdownText": "", "formTitle": "About you", "formDescription": "So that we know.",
            "sections": [{ "sectionName": "You", "attributes": [
                { "key": "name", "label": "Your name", "attributeType": "INPUT", "valueType": "String50", "isRequired": true },
            ] }],
        } },
    ])
}
