//! What a customer shares beside words and files: a place, the details of a contact.

use crate::chat::{PHONE, fits};
use crate::looks::is_accessible;
use crate::people::{Agent, MESSAGE, Shopper};
use portico_tests::browser::{Browser, Key};
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use serde_json::json;

const TAKES_BOTH: &str = "[channels.demo.composer]\nlocation = true\ncontact = true\n";

/// A shop whose channel takes places and contacts, in which Ann serves.
struct There {
    shopper: Shopper,
    agent: Agent,
    _relay: Relay,
    _bot: Receiver,
}

async fn shop() -> There {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        config: TAKES_BOTH.to_owned(),
        ..World::default()
    })
    .await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    There {
        shopper,
        agent,
        _relay: relay,
        _bot: bot,
    }
}

/// Opens the menu, and takes this of it.
async fn shares(browser: &Browser, what: &str) {
    browser.press("button", "Share").await;
    browser.press("button", what).await;
    browser.sees("dialog", what).await;
}

async fn has_keyboard(browser: &Browser, role: &str, name: &str) {
    let script = "return document.activeElement === named(...arguments)";
    let what = format!("the keyboard is at {name:?}");
    browser.until(&what, script, json!([role, name])).await;
}

/// How often the place was asked for; the browser's answer is `__place`, or the code of its refusal.
const PLACE: &str = "
    window.__asked = 0;
    window.__place = arguments[0];
    navigator.geolocation.getCurrentPosition = (found, failed) => {
        window.__asked++;
        typeof __place === 'number' ? failed({ code: __place }) : found({ coords: __place });
    };";

#[tokio::test]
async fn a_place_is_asked_for_after_it_is_said_who_sees_it_and_shown_before_it_is_sent() {
    let there = shop().await;
    let browser = &there.shopper.browser;
    browser.run(PLACE, json!([1])).await;
    browser.press("button", "Share").await;
    is_accessible(browser, "the menu of what can be shared", "html").await;
    browser.press("button", "Share my location").await;
    has_keyboard(browser, "button", "Find my location").await;
    let words = "return document.querySelector('.sharing').innerText";
    let told = browser.run(words, json!([])).await;
    assert!(
        told.as_str()
            .expect("words")
            .starts_with("Fernweh Outdoor will see where you are."),
        "{told}"
    );
    assert_eq!(
        browser.run("return __asked", json!([])).await,
        0,
        "nothing is asked before"
    );
    is_accessible(browser, "the question for a place", "html").await;
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;

    browser.key(Key::Enter).await;
    has_keyboard(browser, "button", "Try again").await;
    let refused = browser.run(words, json!([])).await;
    assert!(
        refused
            .as_str()
            .expect("words")
            .starts_with("Your browser does not allow the location.")
    );
    browser.run("__place = 2", json!([])).await;
    browser.key(Key::Enter).await;
    let none = "return document.querySelector('.sharing').innerText.startsWith('Your location could not be found.')";
    browser.until("it is not found", none, json!([])).await;
    let place = "__place = { latitude: 48.2081749, longitude: 16.3738189, accuracy: 11.2 }";
    browser.run(place, json!([])).await;
    // A second press in the same place, before anybody can have seen the place, sends nothing.
    let twice = "
        named('button', 'Try again').click();
        const look = () => {
            const send = named('button', 'Send');
            if (!send) return requestAnimationFrame(look);
            send.click();
            setTimeout(() => done(!!named('button', 'Send')), 300);
        };
        look();";
    assert_eq!(browser.run_async(twice, json!([])).await, true, "it is not sent unseen");
    has_keyboard(browser, "group", "Share my location").await;
    let shown = browser.run(words, json!([])).await;
    for part in ["You are here, to within 12 m.", "48.20817, 16.37382"] {
        assert!(shown.as_str().expect("words").contains(part), "{shown}");
    }
    is_accessible(browser, "a place that is shown", "html").await;
    fits(browser, "ltr").await;
    browser.press("button", "Send").await;
    has_keyboard(browser, "textbox", MESSAGE).await;
    for who in [browser, &there.agent.browser] {
        who.sees("link", "48.20817, 16.37382").await;
    }
    assert_eq!(browser.seen().await.violations, [""; 0]);
}

#[tokio::test]
async fn a_contact_is_filled_in_checked_and_seen_by_the_agent() {
    let there = shop().await;
    let browser = &there.shopper.browser;
    shares(browser, "Share contact details").await;
    has_keyboard(browser, "textbox", "Name").await;
    is_accessible(browser, "the fields of a contact", "html").await;
    browser.keys("\u{e007}").await;
    let says = "return document.querySelector('.sharing').innerText.includes(arguments[0])";
    browser
        .until("a name is missing", says, json!(["Please fill this in."]))
        .await;
    browser.keys("Maja Berg\u{e007}").await;
    let either = json!(["Please enter a phone number or an e-mail address."]);
    browser.until("a number or an address is missing", says, either).await;
    has_keyboard(browser, "textbox", "Phone").await;
    browser.types("textbox", "E-mail", "maja\n").await;
    let no_mail = json!(["Please enter an e-mail address, like name@example.com."]);
    browser.until("that is no address", says, no_mail).await;
    is_accessible(browser, "a fault in a contact", "html").await;
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;
    browser.types("textbox", "E-mail", "@example.org\n").await;
    has_keyboard(browser, "textbox", MESSAGE).await;
    for who in [browser, &there.agent.browser] {
        who.sees("link", "maja@example.org").await;
    }
}

#[tokio::test]
async fn what_is_not_shared_is_left_with_escape_and_the_chat_stays() {
    let there = shop().await;
    let browser = &there.shopper.browser;
    for what in ["Share my location", "Share contact details"] {
        shares(browser, what).await;
        browser.key(Key::Escape).await;
        has_keyboard(browser, "textbox", MESSAGE).await;
        shares(browser, what).await;
        browser.press("button", "Cancel").await;
        has_keyboard(browser, "textbox", MESSAGE).await;
    }
    there.shopper.reads(&["A person, please"]).await;
}

#[tokio::test]
async fn a_channel_that_takes_neither_has_no_menu_for_it() {
    let relay = Relay::start(World::default()).await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    assert!(!browser.has("button", "Share").await);
    let asks = "navigator.geolocation.getCurrentPosition(() => done('found'), ({ code }) => done(code))";
    assert_eq!(
        browser.run_async(asks, json!([])).await,
        1,
        "its document may not know the place"
    );
}
