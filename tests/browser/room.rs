//! The desk on a phone and on a wide screen, in light and dark, from left to right and from right to left: nothing
//! stands outside of what is seen.

use crate::people::{Agent, Customer};
use portico_tests::browser::{Browser, Key};
use portico_tests::relay::Relay;
use serde_json::{Value, json};

#[tokio::test]
async fn the_desk_fits_a_phone_and_a_wide_screen_in_both_directions() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    everywhere(browser, "the empty list").await;
    let long = "Donaudampfschifffahrtsgesellschaft".repeat(6);
    let data = json!({ "name": format!("Maria {long}"), "order": long, "page_title": long, "page_url": format!("https://shop.example/{long}") });
    let mut customer = Customer::begins(&relay, "desk", data).await;
    customer
        .says(&format!("{long} https://shop.example/{long} `{long}`"))
        .await;
    browser.sees("article", "Incoming chat").await;
    everywhere(browser, "an offer").await;

    agent.accepts().await;
    browser.types("textbox", "Your message", &format!("{long}\n")).await;
    agent.hears(&long).await;
    everywhere(browser, "a conversation").await;
    browser.with_alt('w').await;
    browser
        .types("textbox", "Your whisper", &format!("{long}\n{long}"))
        .await;
    agent.hears(&long).await;
    everywhere(browser, "a whisper").await;
    browser.with_alt('l').await;
    browser.sees("checkbox", "Solved").await;
    everywhere(browser, "the wrap-up dialog").await;
    browser.key(Key::Escape).await;
    browser.no_longer_sees("dialog", "Wrap up").await;
    browser.press("button", "Commands and shortcuts").await;
    browser.sees("dialog", "").await;
    everywhere(browser, "the palette").await;
}

async fn everywhere(browser: &Browser, what: &str) {
    for (width, height) in [(360, 740), (1280, 900)] {
        browser.has_room(width, height).await;
        for (scheme, direction) in [("light", "ltr"), ("dark", "ltr"), ("light", "rtl"), ("dark", "rtl")] {
            browser.prefers(scheme).await;
            let wide = browser.run(OUTSIDE, json!([direction])).await;
            assert_eq!(
                wide,
                Value::Array(Vec::new()),
                "{what}, {width} px, {scheme}, {direction}"
            );
        }
    }
    browser.run("document.documentElement.dir = ''", json!([])).await;
}

/// What is wider than its place, or stands beside the screen.
const OUTSIDE: &str = "
    document.documentElement.dir = arguments[0];
    const room = document.documentElement.clientWidth;
    const name = (el) => `${el.tagName}.${el.className} ${nameOf(el).slice(0, 40)}`;
    const places = [document.documentElement, ...document.querySelectorAll('.timeline, .inbox, .inbox__scroll, .offers, .panel, .composer, .conversation__head, dialog, .dialog__body')];
    const wide = places.filter((el) => el.checkVisibility() && el.scrollWidth > el.clientWidth + 1).map((el) => 'wide: ' + name(el));
    const controls = [...document.querySelectorAll('button, a, textarea, input')].filter((el) => shown(el) && !el.matches('.skip'));
    const isOutside = ({ left, right }) => left < -1 || right > room + 1;
    const outside = controls.filter((el) => isOutside(el.getBoundingClientRect())).map((el) => 'outside: ' + name(el));
    return [...wide, ...outside];";
