//! The chat for who reads it at 400 %, without moving things, or in colours of their own.

use crate::bodies::media;
use crate::chat::fits;
use crate::keeping::ends;
use crate::looks::cards_and_a_form;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::receiver::Reply;
use serde_json::{Value, json};

/// A window of 1280 by 1024 pixels at 400 %.
const ENLARGED: (u32, u32) = (320, 256);

/// Nothing scrolls sideways, and what is pressed next can be brought into view: no part stands beside its screen.
async fn is_readable(browser: &Browser, what: &str, controls: &[(&str, &str)]) {
    let outside = "
        return [...document.querySelectorAll('body *')].filter((el) => {
            if (!shown(el) || el.closest('.carousel, .slides')) return false;
            const box = el.getBoundingClientRect();
            return box.width > 1 && (box.left < -0.5 || box.right > innerWidth + 0.5);
        }).map((el) => el.outerHTML.slice(0, 120))";
    assert_eq!(browser.run(outside, json!([])).await, json!([]), "{what}");
    for (role, name) in controls {
        let reached = "
            const el = named(...arguments);
            el.scrollIntoView({ block: 'nearest' });
            const { left, top, width, height } = el.getBoundingClientRect();
            const at = document.elementFromPoint(left + width / 2, top + height / 2);
            return !!at && (el.contains(at) || at.contains(el))";
        let reached = browser.run(reached, json!([role, name])).await;
        assert_eq!(reached, true, "{what}: {role} {name:?} can be pressed");
    }
}

#[tokio::test]
async fn at_four_hundred_percent_nothing_scrolls_in_two_directions_and_everything_can_be_pressed() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(ENLARGED.0, ENLARGED.1).await;
    shopper.opens().await;
    let first = [
        ("textbox", MESSAGE),
        ("button", "Talk to a person"),
        ("button", "Minimise chat"),
    ];
    is_readable(browser, "the first screen", &first).await;
    let always = [("textbox", MESSAGE), ("button", "Options"), ("button", "Minimise chat")];
    bot.will(Reply::Say(media(&relay)));
    shopper.says("Show me").await;
    shopper.hears_address_card().await;
    fits(browser, "ltr").await;
    is_readable(browser, "each kind of message", &always).await;
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("And now?").await;
    browser.sees("textbox", "Your name").await;
    fits(browser, "ltr").await;
    is_readable(
        browser,
        "cards and a form",
        &[("textbox", "Your name"), ("button", "Two"), ("textbox", MESSAGE)],
    )
    .await;
    browser.press("button", "Insert emoji").await;
    browser
        .until(
            "the emoji are there",
            "return document.querySelector('.emoji-picker button')",
            json!([]),
        )
        .await;
    is_readable(browser, "the emoji", &[("textbox", MESSAGE)]).await;
    browser.press("button", "Insert emoji").await;
    browser.press("button", "Options").await;
    is_readable(
        browser,
        "the menu",
        &[("button", "Save conversation"), ("button", "End chat")],
    )
    .await;
    browser.press("button", "Options").await;
    ends(&shopper).await;
    is_readable(browser, "the end", &[("button", "Start a new chat")]).await;
}

/// Elements without an edge: in forced colours there is no shadow, and no background of ours.
const EDGES: &str = "
    const visible = (style, of) => style[of + 'Style'] !== 'none' && parseFloat(style[of + 'Width']) > 0;
    const hasEdge = (el) => { const style = getComputedStyle(el); return visible(style, 'borderTop') || visible(style, 'outline'); };
    const found = arguments[0].map((selector) => [selector, everything(document).filter((el) => el.matches(selector) && shown(el))]);
    return found.filter(([, all]) => !all.length || !all.every(hasEdge)).map(([selector, all]) => `${selector}: ${all.length}`)";

#[tokio::test]
async fn in_forced_colours_what_a_colour_has_said_is_said_by_an_edge() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.devtools("Emulation.setEmulatedMedia", forced).await;
    shopper.opens().await;
    browser.out_of_chat();
    let edges = browser.run(EDGES, json!([[".launcher", ".panel"]])).await;
    assert_eq!(edges, json!([]), "the launcher and the window");
    browser.into_chat();
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("Show me").await;
    browser.sees("textbox", "Your name").await;
    browser.types("textbox", MESSAGE, "More").await;
    let edges = json!([[
        ".bubble",
        ".choice",
        ".send",
        ".composer__row",
        ".form input",
        ".button"
    ]]);
    assert_eq!(browser.run(EDGES, edges).await, json!([]), "the chat");
}

#[tokio::test]
async fn nothing_moves_for_who_wants_no_motion() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let moving = "
        const time = (text) => Math.max(...text.split(',').map((one) => parseFloat(one)));
        return everything(document).filter((el) => {
            const style = getComputedStyle(el);
            return (style.animationName !== 'none' && time(style.animationDuration) > 0) || time(style.transitionDuration) > 0;
        }).map((el) => el.outerHTML.slice(0, 100))";
    let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.devtools("Emulation.setEmulatedMedia", still).await;
    assert_eq!(browser.run(moving, json!([])).await, json!([]), "{LAUNCHER}");
    shopper.opens().await;
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("Show me").await;
    browser.sees("textbox", "Your name").await;
    browser.press("button", "Insert emoji").await;
    assert_eq!(
        browser.run(moving, json!([])).await,
        Value::Array(Vec::new()),
        "the chat"
    );
    browser.out_of_chat();
    assert_eq!(browser.run(moving, json!([])).await, json!([]), "the page's part");
}
