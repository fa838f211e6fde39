//! A browser that translates the pages: it puts nodes of its own in the place of texts, in all that may be translated.

use crate::people::{Agent, Customer, REPLY, Served, WHISPER, served};
use portico_tests::browser::{Browser, Key};
use serde_json::{Value, json};

/// Does what Chrome does, or the same to what must not be translated, and leaves the words as they are so that they can be
/// looked for.
const TRANSLATE: &str = "
    const [heedsAttribute] = arguments;
    window.__translated = 0;
    const translate = () => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) found.push(texts.currentNode);
        for (const text of found) {
            const parent = text.parentElement;
            if ((heedsAttribute && !parent.translate) || !text.data.trim() || parent.closest('font, script, style, textarea')) continue;
            const [outer, inner] = [document.createElement('font'), document.createElement('font')];
            inner.append(text.data);
            outer.append(inner);
            text.replaceWith(outer);
            window.__translated += 1;
        }
    };
    translate();
    new MutationObserver(translate).observe(document.body, { childList: true, characterData: true, subtree: true });";

async fn translates(browser: &Browser) {
    browser.run(TRANSLATE, json!([true])).await;
}

/// Replaces every text, whatever the document says of it.
async fn translates_everything(browser: &Browser) {
    browser.run(TRANSLATE, json!([false])).await;
}

/// How many texts were translated, at least this many; and nothing failed meanwhile.
async fn has_translated(browser: &Browser, texts: u64) {
    let translated = browser.run("return window.__translated", json!([])).await;
    assert!(translated.as_u64() >= Some(texts), "{translated}");
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// Waits until a row of the desk's list says this.
async fn is_row(agent: &Agent, name: &str, last: &str, unread: &str) {
    let script = "
        const row = [...document.querySelectorAll('.row')].find((row) => row.innerText.includes(arguments[0]));
        const found = [row?.querySelector('.row__last').innerText, row?.querySelector('.badge')?.innerText ?? ''];
        return found[0] === arguments[1] && found[1] === arguments[2]";
    let what = format!("{name}: {last:?}, {unread:?} unread");
    agent.browser.until(&what, script, json!([name, last, unread])).await;
}

/// Waits until the open chat is this one, by its head and by what was said in it.
async fn is_open(agent: &Agent, name: &str, texts: &[&str]) {
    let script = "return document.querySelector('.conversation__name')?.innerText === arguments[0]";
    agent.browser.until(name, script, json!([name])).await;
    let last = texts.last().expect("something was said");
    agent.hears(last).await;
    assert_eq!(agent.texts().await, texts);
}

/// Waits until the composer of this name is there, and says the same for those who do not see its colours.
async fn writes_to(agent: &Agent, composer: &str, note: &str) {
    agent.browser.sees("textbox", composer).await;
    let script = "return document.querySelector('.composer__note').innerText.startsWith(arguments[0])";
    agent.browser.until(note, script, json!([note])).await;
}

#[tokio::test]
async fn a_chat_goes_on_while_both_sides_are_translated() {
    let Served {
        agent, shopper, relay, ..
    } = served().await;
    translates(&agent.browser).await;
    translates(&shopper.browser).await;
    shopper.says("Is it *light*?").await;
    agent.hears("Is it light?").await;
    agent.says("Two kilos").await;
    shopper.hears("Two kilos").await;

    // A change of what was sent is seen by both.
    let browser = &agent.browser;
    browser.press("button", "Edit").await;
    agent.has_typed(REPLY, "Two kilos").await;
    browser.keys(", with the poles").await;
    browser.key(Key::Enter).await;
    shopper.hears("Two kilos, with the poles").await;
    let said = ["A person, please", "Is it light?", "Two kilos, with the poles"];
    shopper.reads(&said).await;
    // Without the word beside it that it was changed.
    let texts = "
        const texts = [...document.querySelectorAll('#timeline .bubble .text')].map((text) => text.innerText);
        return JSON.stringify(texts) === JSON.stringify([...arguments])";
    browser.until("the desk has the change", texts, json!(said)).await;

    browser.press("radio", "Whisper").await;
    writes_to(&agent, WHISPER, "The customer never sees this").await;
    browser.press("radio", "Reply").await;
    writes_to(&agent, REPLY, "The customer sees this").await;
    has_translated(browser, 3).await;
    has_translated(&shopper.browser, 3).await;
    drop(relay);
}

#[tokio::test]
async fn an_agent_turns_from_one_chat_to_another_while_the_desk_is_translated() {
    let Served {
        agent, shopper, relay, ..
    } = served().await;
    let browser = &agent.browser;
    translates(browser).await;
    let first: Value = browser
        .run(
            "return document.querySelector('.conversation__name').innerText",
            json!([]),
        )
        .await;
    let first = first.as_str().expect("a name");
    let mut omar = Customer::begins(&relay, "desk", json!({ "name": "Omar" })).await;
    omar.says("Hello?").await;
    agent.accepts().await;
    is_open(&agent, "Omar", &["Hello?"]).await;
    for (count, text) in [("1", "Are you there?"), ("2", "It is about my tent")] {
        shopper.says(text).await;
        is_row(&agent, first, text, count).await;
    }
    browser.press("button", first).await;
    let said = ["A person, please", "Are you there?", "It is about my tent"];
    is_open(&agent, first, &said).await;
    is_row(&agent, first, "It is about my tent", "").await;
    omar.says("I can wait.").await;
    is_row(&agent, "Omar", "I can wait.", "1").await;
    browser.press("button", "Omar").await;
    is_open(&agent, "Omar", &["Hello?", "I can wait."]).await;
    agent.says("Thank you.").await;
    omar.hears("Thank you.").await;
    has_translated(browser, 5).await;
}

#[tokio::test]
async fn what_changes_is_current_under_a_translator_that_replaces_every_text() {
    let Served {
        agent, shopper, relay, ..
    } = served().await;
    let browser = &agent.browser;
    let first: Value = browser
        .run(
            "return document.querySelector('.conversation__name').innerText",
            json!([]),
        )
        .await;
    let first = first.as_str().expect("a name");
    translates_everything(browser).await;
    translates_everything(&shopper.browser).await;
    browser.press("radio", "Whisper").await;
    writes_to(&agent, WHISPER, "The customer never sees this").await;
    browser.press("radio", "Reply").await;
    writes_to(&agent, REPLY, "The customer sees this").await;

    let mut omar = Customer::begins(&relay, "desk", json!({ "name": "Omar" })).await;
    omar.says("Hello?").await;
    agent.accepts().await;
    is_open(&agent, "Omar", &["Hello?"]).await;
    for (count, text) in [("1", "Are you there?"), ("2", "It is about my tent")] {
        shopper.says(text).await;
        is_row(&agent, first, text, count).await;
    }
    let clock = "
        const row = [...document.querySelectorAll('.row')].find((row) => row.innerText.includes(arguments[0]));
        const clock = row.innerText.match(/\\d+:\\d\\d/)?.[0];
        window.__clock ??= clock;
        return clock !== undefined && clock !== window.__clock";
    browser.until("the row's clock goes on", clock, json!([first])).await;
    browser.press("button", first).await;
    let said = ["A person, please", "Are you there?", "It is about my tent"];
    is_open(&agent, first, &said).await;
    is_row(&agent, first, "It is about my tent", "").await;
    has_translated(browser, 20).await;
    has_translated(&shopper.browser, 5).await;
}
