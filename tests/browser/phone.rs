//! The chat on a phone, as a browser there has it: its room, its keyboard, its camera.

use crate::chat::PHONE;
use crate::looks::cards_and_a_form;
use crate::people::{MESSAGE, Shopper};
use portico_tests::browser::Browser;
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// As a phone is: touched, narrow, with a notch above and a bar below. The visitor's letters are small.
#[tokio::test]
async fn a_phone_with_a_notch_is_written_on_with_fingers() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        config: "[channels.demo.composer]\ncontact = true\n".to_owned(),
        ..World::default()
    })
    .await;
    let browser = Browser::open_with("shopper", &["--blink-settings=defaultFontSize=12"]).await;
    let screen = json!({ "width": PHONE.0, "height": PHONE.1, "deviceScaleFactor": 1, "mobile": true });
    browser.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    let touch = json!({ "enabled": true, "maxTouchPoints": 5 });
    browser.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    let shopper = Shopper::comes(browser, &relay).await;
    let browser = &shopper.browser;
    let insets = json!({ "insets": { "top": 40, "bottom": 30 } });
    browser.devtools("Emulation.setSafeAreaInsetsOverride", insets).await;
    shopper.opens().await;
    browser.out_of_chat();
    // The window is the whole screen, and the chat what can be seen of it.
    let boxes = "
        const box = (el) => { const { x, y, width, height } = el.getBoundingClientRect(); return [x, y, width, height]; };
        const is = JSON.stringify([box(chatFrame().parentElement), box(chatFrame())]);
        if (is === '[[0,0,360,740],[0,40,360,670]]') return true;
        throw new Error(is)";
    browser.until("it keeps clear of the notch", boxes, json!([])).await;

    browser.into_chat();
    let phone = "return [matchMedia('(pointer: coarse)').matches, getComputedStyle(document.documentElement).fontSize]";
    assert_eq!(browser.run(phone, json!([])).await, json!([true, "12px"]));
    browser.types("textbox", MESSAGE, "For two\nand a dog").await;
    let written = "return [named('textbox', 'Message').value, document.querySelectorAll('.message').length]";
    assert_eq!(browser.run(written, json!([])).await, json!(["For two\nand a dog", 0]));

    browser.out_of_chat();
    let keyboard = "
        Object.defineProperties(visualViewport, { height: { value: 400 }, offsetTop: { value: 30 } });
        visualViewport.dispatchEvent(new Event('resize'));
        const { top, bottom } = chatFrame().getBoundingClientRect();
        return [top, bottom];";
    let [top, bottom] = [30 + 40, 30 + 400 - 30];
    assert_eq!(browser.run(keyboard, json!([])).await, json!([top, bottom]));
    browser.into_chat();
    let in_view = "
        const { top, bottom } = named('textbox', 'Message').getBoundingClientRect();
        return top > 0 && bottom <= innerHeight && innerHeight === arguments[0]";
    browser
        .until("the text box is in view", in_view, json!([bottom - top]))
        .await;
    bot.will(Reply::Say(cards_and_a_form()));
    browser.press("button", "Send").await;
    shopper.has_said("For two\nand a dog").await;
    browser.sees("textbox", "Your name").await;
    let letters = "
        const fields = [...document.querySelectorAll('textarea, select, input:not([type=file], [type=checkbox], [type=radio])')];
        return [fields.length > 1, fields.every((field) => parseFloat(getComputedStyle(field).fontSize) >= 16)]";
    assert_eq!(browser.run(letters, json!([])).await, json!([true, true]));
    browser.press("button", "Share").await;
    browser.sees("button", "Take a photo").await;
    let camera = "return document.querySelector('.share input[type=file]').getAttribute('capture')";
    assert_eq!(browser.run(camera, json!([])).await, "environment");
    browser.press("button", "Share contact details").await;
    browser.sees("textbox", "Name").await;
    assert_eq!(browser.run(letters, json!([])).await, json!([true, true]));
}
