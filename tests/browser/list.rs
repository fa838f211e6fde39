//! The list at the desk: what rings, what is new, and who waits.

use crate::people::{Agent, Customer, REPLY, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::{Value, json};

/// How many tones the page has sounded since [`listen`].
const TONES: &str = "return window.tones";

/// Counts tones from here on.
async fn listen(browser: &Browser) {
    let script = "
        window.tones = 0;
        const make = BaseAudioContext.prototype.createOscillator;
        BaseAudioContext.prototype.createOscillator = function () { window.tones += this.state === 'running'; return make.call(this); };";
    browser.run(script, json!([])).await;
}

#[tokio::test]
async fn an_offer_rings_until_it_is_accepted_with_one_key() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    listen(browser).await;
    let data = json!({ "name": "Maria", "page_title": "Ridge 2", "page_url": "https://shop.example/tents/ridge-2" });
    let mut customer = Customer::begins(&relay, "shop", data).await;
    bot.will_find_agent();
    customer.says("Is it *dry*?").await;

    browser.sees("article", "Incoming chat: Maria").await;
    browser
        .until(
            "the title says who waits",
            "return document.title === '● Maria is waiting'",
            json!([]),
        )
        .await;
    browser.until("it sounds", "return window.tones > 0", json!([])).await;
    // It rings on until somebody answers.
    let first = browser.run(TONES, json!([])).await;
    browser
        .until("it sounds again", "return window.tones > arguments[0]", json!([first]))
        .await;
    let offer = "return document.querySelector('.offer').innerText";
    let offer = browser.run(offer, json!([])).await;
    let offer = offer.as_str().expect("words");
    for words in ["Maria", "Is it dry?", "Ridge 2"] {
        assert!(offer.contains(words), "{offer}");
    }
    let told = browser.seen().await.said;
    assert!(
        told.iter().any(|line| line.starts_with("Incoming chat from Maria")),
        "{told:?}"
    );

    browser.with_alt('a').await;
    browser.sees("textbox", REPLY).await;
    browser.no_longer_sees("article", "Incoming chat").await;
    browser
        .until(
            "the title is calm",
            "return /^(\\(\\d+\\) )?Portico Desk$/.test(document.title)",
            json!([]),
        )
        .await;
    agent.hears("Is it dry?").await;
}

#[tokio::test]
async fn a_page_that_may_not_sound_yet_says_so_and_sounds_after_one_click() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    assert!(!browser.has("button", "Turn sound on").await);
    browser.reload().await;
    browser.sees("button", "Turn sound on").await;
    listen(browser).await;
    browser.press("button", "Turn sound on").await;
    browser.no_longer_sees("button", "Turn sound on").await;
    let mut customer = Customer::begins(&relay, "desk", json!({})).await;
    customer.says("Hello?").await;
    browser.until("it sounds", "return window.tones > 0", json!([])).await;
}

/// Two customers whom an agent has accepted. Maria was answered, and Omar, whose chat is open, was not.
async fn maria_and_omar(relay: &Relay, agent: &Agent) -> [Customer; 2] {
    let mut maria = Customer::begins(relay, "desk", json!({ "name": "Maria" })).await;
    maria.says("Hello?").await;
    agent.accepts().await;
    agent.says("Hello Maria.").await;
    maria.hears("Hello Maria.").await;
    let mut omar = Customer::begins(relay, "desk", json!({ "name": "Omar" })).await;
    omar.says("Hello?").await;
    agent.browser.sees("article", "Incoming chat: Omar").await;
    agent.accepts().await;
    [maria, omar]
}

/// Another customer's word must not put another row under the pointer that is about to press.
#[tokio::test]
async fn the_order_holds_while_the_pointer_is_in_the_list() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    let [mut maria, mut omar] = maria_and_omar(&relay, &agent).await;
    agent.says("Hello Omar.").await;
    omar.hears("Hello Omar.").await;
    let order =
        "return [...document.querySelectorAll('.row__name')].map((name) => name.innerText).join() === arguments[0]";
    browser
        .until("who spoke last stands first", order, json!(["Omar,Maria"]))
        .await;

    browser.hover("button", "Omar").await;
    maria.says("Both of them.").await;
    browser.sees("button", "Maria").await;
    let unread = "return Boolean(document.querySelector('.row--unread'))";
    browser.until("the word is there", unread, json!([])).await;
    assert_eq!(browser.run(order, json!(["Omar,Maria"])).await, true, "the order holds");
    browser.hover("heading", "Omar").await;
    browser
        .until("who waits stands first", order, json!(["Maria,Omar"]))
        .await;
}

#[tokio::test]
async fn the_list_shows_what_is_unread_and_how_long_each_customer_waits() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    let [mut maria, _omar] = maria_and_omar(&relay, &agent).await;
    agent.hears("Hello?").await;
    is_row(
        browser,
        "Omar",
        &json!({ "waits": true, "unread": "", "last": "Hello?" }),
    )
    .await;
    is_row(
        browser,
        "Maria",
        &json!({ "waits": false, "unread": "", "last": "You: Hello Maria." }),
    )
    .await;
    agent.says("Hello Omar.").await;
    is_row(
        browser,
        "Omar",
        &json!({ "waits": false, "unread": "", "last": "You: Hello Omar." }),
    )
    .await;

    maria.says("It is *broken*.").await;
    maria.says("Both of them.").await;
    is_row(
        browser,
        "Maria",
        &json!({ "waits": true, "unread": "2 unread messages", "last": "Both of them." }),
    )
    .await;
    // Who waits stands above who does not, and the tab's title says how much is new.
    let names = "return [...document.querySelectorAll('.row__name')].map((name) => name.innerText)";
    assert_eq!(browser.run(names, json!([])).await, json!(["Maria", "Omar"]));
    browser
        .until(
            "the title counts",
            "return document.title === '(2) Portico Desk'",
            json!([]),
        )
        .await;

    browser.press("button", "Maria").await;
    agent.hears("Both of them.").await;
    is_row(
        browser,
        "Maria",
        &json!({ "waits": true, "unread": "", "last": "Both of them." }),
    )
    .await;
    agent.says("Send them back.").await;
    is_row(
        browser,
        "Maria",
        &json!({ "waits": false, "unread": "", "last": "You: Send them back." }),
    )
    .await;
    browser
        .until("nothing is new", "return document.title === 'Portico Desk'", json!([]))
        .await;
}

/// Waits until somebody's row is like this.
async fn is_row(browser: &Browser, name: &str, expected: &Value) {
    let script = "
        const row = [...document.querySelectorAll('.row')].find((row) => row.querySelector('.row__name').innerText === arguments[0]);
        if (!row) return false;
        const wait = row.querySelector('.wait');
        const found = {
            waits: !!wait && /^\\d+:\\d\\d$/.test(wait.innerText) && wait.title.includes(wait.innerText),
            unread: row.querySelector('.badge + .visually-hidden')?.textContent ?? '',
            last: row.querySelector('.row__last').innerText,
        };
        return Object.keys(found).every((key) => found[key] === arguments[1][key]);";
    browser
        .until(&format!("{name}: {expected}"), script, json!([name, expected]))
        .await;
}

/// A browser that allows everything, and a console behind another window.
const BEHIND: &str = "
    window.popups = [];
    window.Notification = class {
        static permission = 'default';
        static requestPermission() { this.permission = 'granted'; return Promise.resolve(this.permission); }
        constructor(title, { body }) { popups.push(title + ', ' + body); }
        close() { popups.push('closed'); }
    };
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });";

#[tokio::test]
async fn an_offer_shows_on_the_desktop_once_the_agent_wants_that() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    browser.run(BEHIND, json!([])).await;
    let mut maria = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    maria.says("Hello?").await;
    agent.accepts().await;
    assert_eq!(browser.run("return window.popups", json!([])).await, json!([]));

    browser.press("button", "Commands and shortcuts").await;
    browser.press("option", "Show offers on the desktop").await;
    let told = "return document.body.innerText.includes('Offers show on the desktop')";
    browser.until("it is on", told, json!([])).await;
    let mut omar = Customer::begins(&relay, "desk", json!({ "name": "Omar" })).await;
    omar.says("Hello?").await;
    browser
        .until(
            "it shows",
            "return window.popups.join() === '● Omar is waiting, Support'",
            json!([]),
        )
        .await;
    agent.accepts().await;
    browser
        .until("it goes", "return window.popups.at(-1) === 'closed'", json!([]))
        .await;
}
