//! Browsers that cannot run the chat or the desk: the chat goes on by a plain form, and no page is blank.

use crate::consent::asks_for_consent;
use crate::looks::is_accessible;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::renewal::{STRANGE_ANSWERS, of_another};
use crate::site::Site;
use portico_tests::api::site_token;
use portico_tests::browser::{Browser, Network};
use portico_tests::eventually;
use portico_tests::relay::Relay;
use serde_json::json;

/// The addresses of both pages, and what each is called in its sentence.
fn pages(origin: &str) -> [(String, &'static str); 2] {
    [
        (format!("{origin}/desk/"), "The desk"),
        (format!("{origin}/widget/frame/demo"), "The chat"),
    ]
}

async fn says(browser: &Browser, sentence: &str) {
    let script = "
        const told = [...document.querySelectorAll('.broken')].filter(shown);
        return told.length === 1 && told[0].innerText.startsWith(arguments[0])";
    browser.until(sentence, script, json!([sentence])).await;
}

#[tokio::test]
async fn without_javascript_the_desk_and_the_chat_say_so() {
    let relay = Relay::plain().await;
    let browser = Browser::open("shopper").await;
    let off = json!({ "value": true });
    browser.devtools("Emulation.setScriptExecutionDisabled", off).await;
    for (address, name) in pages(&relay.origin()) {
        browser.goto(&address).await;
        says(&browser, &format!("{name} needs JavaScript")).await;
    }
}

/// Chromium has no switch for it that holds: what it makes its documents of has WebAssembly in it.
async fn without_webassembly() -> Browser {
    let browser = Browser::open("shopper").await;
    browser.runs_first("delete self.WebAssembly").await;
    browser
}

/// All that was said, in order, on the plain page.
const TEXTS: &str = "return [...document.querySelectorAll('#log li:not(#greeting) p')].map((text) => text.innerText)";

async fn reads(browser: &Browser, texts: &[&str]) {
    let script = "
        const texts = [...document.querySelectorAll('#log li:not(#greeting) p')].map((text) => text.innerText);
        return JSON.stringify(texts) === JSON.stringify([...arguments])";
    browser.until(&format!("{texts:?}"), script, json!(texts)).await;
}

/// Waits until the relay has what the visitor wrote, and once.
async fn has_said(browser: &Browser, text: &str) {
    let script = "
        const own = [...document.querySelectorAll('#lines .own p')].map((text) => text.innerText);
        return own.join() === arguments[0] && !document.querySelector('#waiting li')";
    browser.until(text, script, json!([text])).await;
}

#[tokio::test]
async fn without_webassembly_the_desk_says_so() {
    let relay = Relay::plain().await;
    let browser = without_webassembly().await;
    let [(address, name), _] = pages(&relay.origin());
    browser.goto(&address).await;
    assert_eq!(browser.run("return typeof WebAssembly", json!([])).await, "undefined");
    says(&browser, &format!("{name} needs WebAssembly")).await;
}

#[tokio::test]
async fn without_webassembly_the_chat_goes_on_in_a_page_of_the_relay() {
    let (relay, bot) = shop_with_bot().await;
    let browser = without_webassembly().await;
    browser.goto(&relay.shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    let listen = "
        window.__errors = [];
        document.addEventListener('portico:error', (event) => __errors.push(event.detail.reason));";
    browser.run(listen, json!([])).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.sees("button", "Minimise chat").await;
    let is_plain = "return location.pathname === '/widget/plain/demo'";
    browser.until("the plain page is there", is_plain, json!([])).await;
    bot.will_say("Hello.");
    browser.types("textbox", MESSAGE, "Hello\n").await;
    reads(&browser, &["Hello", "Hello."]).await;
    is_accessible(&browser, "the plain page", "html").await;
    browser.out_of_chat();
    let visible = "return getComputedStyle(chatFrame()).opacity === '1' && __errors.join() === 'unsupported'";
    browser
        .until("the page is told, and shows it", visible, json!([]))
        .await;

    // The same visitor on the next page.
    browser.reload().await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    reads(&browser, &["Hello", "Hello."]).await;
    assert_eq!(browser.seen().await.violations, [""; 0]);
    browser.press("button", "End chat").await;
    reads(&browser, &["Hello", "Hello.", "You ended this chat"]).await;
}

#[tokio::test]
async fn what_the_widget_could_not_send_is_sent_once_by_the_page_in_its_place() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.network(Network::Away).await;
    for text in ["One", "Two"] {
        shopper.says(text).await;
    }
    let waits = "return messages().length === 4 && messages().at(-1)[2].includes('Waiting to be sent')";
    shopper.asks("they wait", waits, json!([])).await;
    // The program does not run any more, on the page that is loaded now.
    browser.runs_first("delete self.WebAssembly").await;
    browser.out_of_chat();
    browser.goto("about:blank").await;
    browser.network(Network::There).await;
    browser.goto(&relay.shop_origin()).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    reads(browser, &["Hello", "Hello.", "One", "Two"]).await;
    let is_sent = "
        return !document.querySelector('#waiting li')
            && !Object.keys(localStorage).some((key) => key.includes('.outbox.'))";
    browser.until("both are sent", is_sent, json!([])).await;
    reads(browser, &["Hello", "Hello.", "One", "Two"]).await;
}

#[tokio::test]
async fn an_answer_that_is_not_the_relays_leaves_the_visitor_of_the_plain_page_who_it_is() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.runs_first(STRANGE_ANSWERS).await;
    browser.runs_first("delete self.WebAssembly").await;
    browser.out_of_chat();
    browser.goto(&relay.shop_origin()).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    reads(browser, &["Hello", "Hello."]).await;
}

#[tokio::test]
async fn what_a_visitor_left_whom_the_relay_has_forgotten_is_not_sent_by_the_plain_page() {
    let (relay, bot) = shop_with_bot().await;
    let browser = of_another(&relay).await;
    browser.runs_first("delete self.WebAssembly").await;
    browser.goto(&relay.shop_origin()).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    let is_plain = "return location.pathname === '/widget/plain/demo'";
    browser.until("the plain page is there", is_plain, json!([])).await;
    let is_empty = "return named('textbox', 'Message').value === ''";
    browser.until("the draft is gone", is_empty, json!([])).await;
    bot.will_say("Welcome.");
    browser.types("textbox", MESSAGE, "I am another\n").await;
    reads(&browser, &["I am another", "Welcome."]).await;
    let calls = bot.calls();
    assert!(!calls.iter().any(|call| call.raw.contains("My number is 42")));
    let left = "return localStorage.getItem('portico.demo..out.outbox.left-1')";
    assert_eq!(
        browser.run(left, json!([])).await,
        json!(null),
        "nor is it shown by the widget"
    );
}

/// The program is refused when a test says so; until then the first screen is there.
const REFUSED_LATER: &str = "
    const held = new Promise((_, fail) =>
        Object.defineProperty(window, '__refuse', { value: () => fail(new WebAssembly.CompileError('refused')) }));
    WebAssembly.instantiateStreaming = () => held;";

/// Opens the chat of a page without the program, which has a first screen until it is refused.
async fn opens_the_first_screen(browser: &Browser) {
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    let is_first = "return document.querySelector('#first-screen') && __seen.told.length > 0";
    browser.until("the first screen is there", is_first, json!([])).await;
}

async fn is_plain(browser: &Browser) {
    let is_plain = "return location.pathname.startsWith('/widget/plain/') && document.readyState === 'complete'";
    browser.until("the plain page is there", is_plain, json!([])).await;
}

/// What waits to be sent on the plain page, and what is in its text box.
const WAITS: &str = "
    return [...document.querySelectorAll('#waiting p')].map((text) => text.innerText)
        .concat(document.querySelector('textarea').value).join('|')";

async fn waits(browser: &Browser, texts: &str) {
    browser
        .until(
            texts,
            &format!("return (() => {{ {WAITS} }})() === arguments[0]"),
            json!([texts]),
        )
        .await;
}

#[tokio::test]
async fn what_was_sent_on_the_first_screen_is_sent_once_by_the_page_in_its_place() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.runs_first(REFUSED_LATER).await;
    browser.reload().await;
    opens_the_first_screen(browser).await;
    for text in ["One", "Two"] {
        shopper.says(text).await;
    }
    browser.keys("Thr").await;
    // No visit can begin, so that all of it waits, also over a reload of the page around.
    browser.blocks(&["*/api/session"]).await;
    browser.run("__refuse()", json!([])).await;
    is_plain(browser).await;
    waits(browser, "One|Two|Thr").await;
    let kept = "return sessionStorage.length";
    assert_eq!(browser.run(kept, json!([])).await, 0);
    browser.out_of_chat();
    browser.blocks(&[]).await;
    browser.reload().await;
    opens_the_first_screen(browser).await;
    browser.run("__refuse()", json!([])).await;
    is_plain(browser).await;
    reads(browser, &["One", "Two"]).await;
    waits(browser, "Thr").await;
    let calls = bot.calls();
    for text in ["One", "Two"] {
        let said = calls.iter().filter(|call| call.raw.contains(&format!("\"{text}\"")));
        assert_eq!(said.count(), 1, "{text}");
    }
}

#[tokio::test]
pub(crate) async fn a_customer_whom_the_page_signs_in_has_its_own_chat_on_the_plain_page() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.runs_first("delete self.WebAssembly").await;
    browser.out_of_chat();
    browser.reload().await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    reads(browser, &["Hello", "Hello."]).await;
    browser.types("textbox", MESSAGE, "I am Ma").await;

    browser.out_of_chat();
    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    browser
        .run("Portico('identify', { jwt: arguments[0] })", json!([identity]))
        .await;
    browser.into_chat();
    let is_hers = "
        const keys = Object.keys(localStorage);
        return keys.includes('portico.demo.c-42.me.refresh') && !keys.includes('portico.demo..me.refresh')";
    browser.until("the chat is hers", is_hers, json!([])).await;
    reads(browser, &["Hello", "Hello."]).await;
    let is_typed = "return document.querySelector('textarea').value === 'I am Ma'";
    browser.until("what was typed is there", is_typed, json!([])).await;
    browser.types("textbox", MESSAGE, "ja\n").await;
    reads(browser, &["Hello", "Hello.", "I am Maja"]).await;
    let call = bot.call("her message", |call| call.raw.contains("I am Maja")).await;
    assert!(call.raw.contains("Maja Berg"), "{}", call.raw);

    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    browser.into_chat();
    reads(browser, &[]).await;
    let keys = "return Object.keys(localStorage)";
    assert_eq!(browser.run(keys, json!([])).await, json!([]));
}

#[tokio::test]
async fn the_plain_page_asks_for_consent_before_anything_is_kept() {
    let relay = asks_for_consent().await;
    let browser = without_webassembly().await;
    browser.goto(&relay.shop_origin()).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.sees("button", "Agree and chat").await;
    let traces = "
        const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
        return [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie,
            asked.filter((path) => /session|plain/.test(path))]";
    assert!(!browser.has("textbox", MESSAGE).await);
    assert_eq!(browser.run(traces, json!([])).await, json!([[], [], "", []]));
    is_accessible(&browser, "the terms on the plain page", "html").await;

    browser.press("button", "Agree and chat").await;
    browser.types("textbox", MESSAGE, "Hello\n").await;
    has_said(&browser, "Hello").await;
    browser.out_of_chat();
    browser.reload().await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    has_said(&browser, "Hello").await;
    assert!(!browser.has("button", "Agree and chat").await);
}

#[tokio::test]
async fn what_was_agreed_to_on_the_page_counts_on_the_plain_page() {
    let relay = asks_for_consent().await;
    let browser = without_webassembly().await;
    browser.goto(&relay.shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    browser.run("Portico('update', { consent: 3 })", json!([])).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.types("textbox", MESSAGE, "Hello\n").await;
    has_said(&browser, "Hello").await;
}

#[tokio::test]
async fn the_plain_page_needs_no_script() {
    let (relay, bot) = shop_with_bot().await;
    let browser = Browser::open("shopper").await;
    let off = json!({ "value": true });
    browser.devtools("Emulation.setScriptExecutionDisabled", off).await;
    browser.goto(&format!("{}/widget/plain/demo", relay.origin())).await;
    bot.will_say("Hello.");
    browser.types("textbox", MESSAGE, "Is <b>anybody</b> there?").await;
    browser.press("button", "Send").await;
    browser.sees("button", "Show new messages").await;
    bot.call("the message", |call| call.raw.contains("anybody")).await;
    eventually("the answer is shown after a press", async || {
        browser.press("button", "Show new messages").await;
        let texts = browser.run(TEXTS, json!([])).await;
        (texts == json!(["Is <b>anybody</b> there?", "Hello."])).then_some(())
    })
    .await;
}

#[tokio::test]
async fn where_a_policy_forbids_webassembly_the_desk_and_the_chat_say_so() {
    let site = Site::start().await;
    let browser = Browser::open("shopper").await;
    for (address, name) in pages(&site.origin) {
        browser.goto(&address).await;
        assert_eq!(browser.run("return typeof WebAssembly", json!([])).await, "object");
        says(&browser, &format!("{name} needs WebAssembly")).await;
    }
}
