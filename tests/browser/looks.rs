//! Whether everybody can use it: axe-core finds no violation of WCAG on any screen, in light and in dark.

use crate::ann::Ann;
use crate::bodies::media;
use crate::chat::{PHONE, too_large};
use crate::people::{Agent, MESSAGE, Shopper, WHISPER, shop_with_bot};
use crate::read_out::reads_out;
use portico_shared::ids::ConversationId;
use portico_tests::api::post;
use portico_tests::browser::{Browser, Network};
use portico_tests::receiver::Reply;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use portico_tests::{client_id, provided};
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

/// On a phone, in Arabic, without a network, and with what is rarely there.
#[tokio::test]
async fn axe_finds_nothing_wrong_with_the_widget_on_a_phone_in_trouble_or_closed() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    bot.will(Reply::Say(media(&relay)));
    shopper.says("Show me").await;
    shopper.hears_address_card().await;
    is_accessible(browser, "every body on a phone", "html").await;
    browser.press("button", "Insert emoji").await;
    is_accessible(browser, "the emoji", "html").await;
    browser.press("button", "Insert emoji").await;
    speaks(&shopper, "ar", "رسالة").await;
    is_accessible(browser, "Arabic", "html").await;
    speaks(&shopper, "en", MESSAGE).await;

    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    browser.has_room(1280, 900).await;
    browser.press("button", "Minimise chat").await;
    // What comes before the chat knows that it is closed was seen.
    let knows = "return window.__seen.told.findLast((message) => message.type === 'init')?.open === false";
    browser
        .until("the chat knows that it is closed", knows, json!([]))
        .await;
    browser.out_of_chat();
    ann.says("Are you there?").await;
    browser.sees("button", "Ann Are you there?").await;
    is_accessible(browser, "the preview", "portico-chat").await;
    browser.press("button", "Ann Are you there?").await;
    browser.into_chat();
    shopper.hears("Are you there?").await;

    shopper.pastes(&too_large()).await;
    browser.sees("button", "Retry").await;
    is_accessible(browser, "a failed message", "html").await;
    browser.network(Network::Away).await;
    browser.sees("status", "No connection").await;
    shopper.says("I am in a tunnel").await;
    shopper.says("It is a long one").await;
    let wait = "return document.body.innerText.includes('It is a long one')";
    browser.until("they wait", wait, json!([])).await;
    is_accessible(browser, "the banner, and messages that wait", "html").await;
    reads_out(browser, "messages that wait", WAITING).await;
}

const WAITING: &str = "
    listitem
    StaticText You
    paragraph
    StaticText It is a long one
    time
    StaticText {time}
    StaticText Waiting to be sent
";

/// Changes the language, which the composer's name shows, and waits until all that was said is there again.
async fn speaks(shopper: &Shopper, language: &str, composer: &str) {
    let browser = &shopper.browser;
    browser.out_of_chat();
    browser
        .run("Portico('setLocale', arguments[0])", json!([language]))
        .await;
    browser.into_chat();
    browser.sees("textbox", composer).await;
    shopper.hears_address_card().await;
}

/// What programs report, while the agent whispers.
#[tokio::test]
async fn axe_finds_nothing_wrong_with_the_desk_that_whispers_among_activities() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    let shopper = Shopper::chats(&relay).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    agent.hears("A person, please").await;
    let key = key_of_an_app(&relay);
    let chat = the_conversation_of(&relay).await;
    for body in activities() {
        report(&relay, &key, &chat, body).await;
    }
    let cards = "return document.querySelectorAll('#timeline .card').length >= arguments[0]";
    browser
        .until("all of them are shown", cards, json!([activities().len()]))
        .await;
    browser.press("radio", "Whisper").await;
    browser.types("textbox", WHISPER, "They will need a footprint.\n").await;
    agent.hears("They will need a footprint.").await;
    is_accessible(browser, "activities", "html").await;
    let unfold = "document.querySelectorAll('#timeline details').forEach((one) => (one.open = true))";
    browser.run(unfold, json!([])).await;
    is_accessible(browser, "activities, unfolded", "html").await;
}

/// The one conversation that there is, as its agent is told.
async fn the_conversation_of(relay: &Relay) -> ConversationId {
    let token = relay.sign_in("ann").await;
    let (_, welcome) = Socket::hello(relay, &token).await;
    welcome.conversations[0].conversation.clone()
}

/// One of each kind that has a card of its own.
fn activities() -> [Value; 5] {
    let start = 1_680_692_114_700_i64;
    [
        json!({ "type": "VOICE", "markdownText": "", "callId": "1234", "leg": "1", "startDirection": "INBOUND",
            "endDirection": "TRANSFER", "startTime": start, "endTime": start + 90_000, "reasonCode": "DIALOG_ENDED" }),
        json!({ "type": "IVR_AGGREGATED_ACTIVITY", "callId": "1234", "leg": "", "startDirection": "INBOUND",
            "endDirection": "TRANSFER", "startTime": start, "endTime": start + 200, "additionalAttr1": {},
            "activities": [{ "menu": "Main", "selection": "Billing", "timestamp": "1680692114700", "metadata": {} }] }),
        json!({ "type": "VOICE_RECORDING", "markdownText": "", "mediaUrl": "https://rec.example.org/1" }),
        json!({ "type": "FORM_DATA", "markdownText": "", "formTitle": "How did we do?", "formScore": 4, "formWeightage": 5,
            "additionalDetail": { "submissionSource": "Web PCS" }, "sentiment": { "result": "Positive", "color": "green" },
            "sections": [{ "sectionName": "You", "attributes": [
                { "key": "stars", "label": "Stars", "attributeType": "INPUT", "valueType": "5-star-rating", "answer": ["4"] },
                { "key": "why", "label": "Why?", "attributeType": "INPUT", "valueType": "String50", "answer": ["Quick."] } ] }] }),
        json!({ "type": "WRAPUP", "markdownText": "", "note": "Wants a tent.", "wrapups": [
            { "categoryName": "Sales", "value": "Order" }, { "categoryName": "Sales", "value": "Question" }] }),
    ]
}

/// A key with which an app may report.
pub(crate) fn key_of_an_app(relay: &Relay) -> String {
    let add = ["key", "add", "--kind", "app", "--subject", "crm", "--label", "CRM"];
    let shown = relay.command(&[&add[..], &["--scope", "activities:write"]].concat());
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    key.expect("the key is shown once").to_owned()
}

/// What an app tells of a conversation.
async fn report(relay: &Relay, key: &str, chat: &ConversationId, body: Value) {
    let message = json!({ "id": client_id(), "body": body, "header": { "conversationId": chat,
        "sender": { "id": "crm", "type": "APP", "senderName": "CRM", "additionalDetail": null } } });
    let url = format!("{}/api/v1/activities", relay.origin());
    let (status, answer) = post(&url, None, Some(key), &message).await;
    assert_eq!(status, 202, "{message}: {answer}");
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
pub(crate) async fn is_accessible(browser: &Browser, what: &str, root: &str) {
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

pub(crate) fn cards_and_a_form() -> Value {
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
