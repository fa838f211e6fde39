//! The desk without a mouse: every key is pressed, none is made up.

use crate::people::{Agent, Customer, REPLY};
use portico_tests::browser::{Browser, Key};
use portico_tests::relay::Relay;
use serde_json::{Value, json};

/// More stops than any screen of the desk has.
const MOST_STOPS: usize = 60;

/// Whether the keyboard is there.
const THERE: &str = "return document.activeElement === named(...arguments)";

/// Presses Tab until the keyboard is there.
async fn tab_to(browser: &Browser, role: &str, name: &str) {
    browser.sees(role, name).await;
    for _ in 0..MOST_STOPS {
        if browser.run(THERE, json!([role, name])).await == json!(true) {
            return;
        }
        browser.key(Key::Tab).await;
    }
    panic!("Tab does not lead to {role} {name:?}");
}

#[tokio::test]
async fn an_agent_needs_no_mouse_from_signing_in_to_wrapping_up() {
    let relay = Relay::plain().await;
    let agent = Agent::comes(&relay).await;
    let browser = &agent.browser;
    tab_to(browser, "textbox", "User name").await;
    browser.keys("ann").await;
    browser.key(Key::Tab).await;
    browser.keys("ann-password").await;
    browser.key(Key::Enter).await;
    tab_to(browser, "button", "Your state: Not ready").await;
    browser.key(Key::Enter).await;
    tab_to(browser, "button", "Ready").await;
    browser.key(Key::Enter).await;
    browser.sees("button", "Your state: Ready").await;

    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Where is my tent?").await;
    tab_to(browser, "button", "Accept").await;
    browser.key(Key::Enter).await;
    browser
        .until("the composer has the keyboard", THERE, json!(["textbox", REPLY]))
        .await;
    browser.keys("It comes on Monday.").await;
    browser.key(Key::Enter).await;
    customer.hears("It comes on Monday.").await;

    tab_to(browser, "button", "Edit").await;
    browser.key(Key::Enter).await;
    browser
        .until("the composer has the keyboard", THERE, json!(["textbox", REPLY]))
        .await;
    browser.keys(" Early.").await;
    browser.key(Key::Enter).await;
    customer.hears("It comes on Monday. Early.").await;

    tab_to(browser, "button", "Wrap up and leave").await;
    browser.key(Key::Enter).await;
    tab_to(browser, "checkbox", "Solved").await;
    browser.keys(" ").await;
    tab_to(browser, "textbox", "Note for colleagues").await;
    browser.keys("Comes on Monday.").await;
    tab_to(browser, "button", "Leave").await;
    browser.key(Key::Enter).await;
    browser.no_longer_sees("dialog", "Wrap up").await;
    browser.no_longer_sees("textbox", REPLY).await;
}

/// The focused element, its size, and whether a ring of two pixels stands around it.
const STOP: &str = "
    const el = document.activeElement;
    // A box to tick has its ring around its label, and what is written around the whole composer.
    const target = el.closest(el.tagName === 'TEXTAREA' ? '.composer__box' : '.code') ?? el;
    const { width, height } = (el.closest('.code') ?? el).getBoundingClientRect();
    const style = getComputedStyle(target);
    const ringed = style.outlineStyle === 'solid' && style.outlineWidth === '2px' && Math.abs(parseFloat(style.outlineOffset)) === 2;
    const visible = el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return { stop: `${el.tagName} ${nameOf(el)}`, inText: el.tagName === 'A', width, height, ringed, visible };";

#[tokio::test]
async fn every_stop_of_the_keyboard_is_seen_and_large_enough() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    let data = json!({ "name": "Maria", "page_title": "Ridge 2", "page_url": "https://shop.example/tents" });
    let mut customer = Customer::begins(&relay, "desk", data).await;
    customer.says("Where is my tent?").await;
    agent.accepts().await;
    agent.says("On its way.").await;
    customer.hears("On its way.").await;
    tab_to(browser, "button", "Edit").await;
    are_good(browser, "the conversation").await;
    browser.with_alt('l').await;
    browser.sees("checkbox", "Solved").await;
    are_good(browser, "the wrap-up dialog").await;
}

/// Walks around once.
async fn are_good(browser: &Browser, place: &str) {
    let mut stops: Vec<Value> = Vec::new();
    for _ in 0..MOST_STOPS {
        let stop = browser.run(STOP, json!([])).await;
        if stops.iter().any(|known| known["stop"] == stop["stop"]) {
            break;
        }
        stops.push(stop);
        browser.key(Key::Tab).await;
    }
    let is_small = |stop: &Value, side: &str| stop["inText"] == false && stop[side].as_f64() < Some(31.5);
    let is_bad = |stop: &&Value| {
        stop["ringed"] != true || stop["visible"] != true || is_small(stop, "width") || is_small(stop, "height")
    };
    // The document itself is where the walk begins and ends.
    let bad: Vec<&Value> = stops
        .iter()
        .filter(|stop| !stop["stop"].as_str().is_some_and(|name| name.starts_with("BODY")))
        .filter(is_bad)
        .collect();
    assert!(
        bad.is_empty() && stops.len() > 5,
        "{place}: {bad:#?} of {} stops",
        stops.len()
    );
}

/// Enter and the arrows choose among the words that an input method offers.
#[tokio::test]
async fn an_input_method_has_its_keys_in_the_palette() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    browser.press("button", "Commands and shortcuts").await;
    browser.sees("combobox", "").await;
    let presses = "
        const search = document.querySelector('.palette__input');
        for (const key of ['ArrowDown', 'Enter', 'Escape'])
            for (const taken of [{ keyCode: 229 }, { isComposing: true }])
                search.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...taken }))";
    browser.run(presses, json!([])).await;
    let marked = "return document.querySelector('.palette__input')?.getAttribute('aria-activedescendant')";
    assert_eq!(browser.run(marked, json!([])).await, "palette-0", "nothing was chosen");
    browser.key(Key::Down).await;
    let moved =
        "return document.querySelector('.palette__input').getAttribute('aria-activedescendant') === 'palette-1'";
    browser.until("the mark moves", moved, json!([])).await;
}
