//! Parts of the widget and the desk that are fetched when they are first needed, under the policies of their documents.

use crate::people::{Agent, Customer, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key};
use portico_tests::client_id;
use portico_tests::eventually;
use portico_tests::receiver::Reply;
use portico_tests::relay::{Relay, World};
use serde_json::{Value, json};

/// The files of parts that were asked for so far.
async fn parts(browser: &Browser) -> Vec<String> {
    let requests = browser.requests().await.into_iter();
    let names = requests.filter_map(|address| address.rsplit('/').next().map(str::to_owned));
    names.filter(|name| name.starts_with("split_")).collect()
}

/// A message with cards and one with a form.
fn cards_and_a_form() -> Value {
    json!([
        { "mode": "message", "body": {
            "type": "CAROUSEL", "markdownText": "These fit.",
            "elements": [{ "text": "Light", "buttons": [{ "type": "postback", "title": "Take it", "payload": "ridge" }],
                "additionalCarouselElementDetails": { "title": "Ridge 2" } }],
        } },
        { "mode": "message", "body": {
            "type": "FORM_DATA", "markdownText": "Tell us.", "formTitle": "About you",
            "sections": [{ "attributes": [
                { "key": "name", "label": "Your name", "attributeType": "INPUT", "valueType": "String50" },
            ] }],
        } },
    ])
}

#[tokio::test]
async fn a_part_is_fetched_when_it_is_first_needed_and_not_before() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let of_messages = |fetched: &[String]| fetched.iter().all(|name| name.starts_with("split_messages"));
    assert!(
        of_messages(&parts(browser).await),
        "a chat begins with what draws messages"
    );
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("Show me").await;
    browser.sees("button", "Take it").await;
    browser.sees("textbox", "Your name").await;
    browser.press("button", "Insert emoji").await;
    browser.sees("button", "😀").await;
    browser.press("button", "Options").await;
    browser.press("button", "End chat").await;
    browser.press("button", "Keep chatting").await;
    let fetched = parts(browser).await;
    for part in [
        "split_messages",
        "split_frames",
        "split_rich",
        "split_forms",
        "split_emoji",
        "split_ended",
    ] {
        let count = fetched.iter().filter(|name| name.starts_with(part)).count();
        assert_eq!(count, 1, "{part} once: {fetched:?}");
    }
    let violations: Vec<String> = browser.console().await;
    assert!(
        !violations.iter().any(|line| line.contains("Content Security Policy")),
        "{violations:?}"
    );
}

#[tokio::test]
async fn a_part_that_does_not_come_is_said_to_be_so_and_can_be_asked_for_again() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.blocks(&["*split_rich*", "*split_forms*"]).await;
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("Show me").await;
    let failed = "return document.querySelectorAll('.part--failed [role=alert]').length === arguments[0]";
    browser
        .until("both say that they did not come", failed, json!([2]))
        .await;
    let texts = "return [...document.querySelectorAll('.part--failed .text')].map((text) => text.innerText.trim())";
    let texts = browser.run(texts, json!([])).await;
    assert_eq!(texts, json!(["These fit.", "Tell us."]), "what they say is there");
    // The chat goes on.
    browser.sees("textbox", MESSAGE).await;
    bot.will_say("Of course.");
    shopper.says("Does it still work?").await;
    shopper.hears("Of course.").await;

    browser.blocks(&[]).await;
    browser
        .run("document.querySelector('.part--failed button').click()", json!([]))
        .await;
    browser
        .until("the cards are there, and the form is not", failed, json!([1]))
        .await;
    let cards = "return [...document.querySelectorAll('.slide')].map((card) => card.innerText.includes('Ridge 2'))";
    assert_eq!(browser.run(cards, json!([])).await, json!([true]));

    browser.blocks(&["*split_ended*"]).await;
    browser.press("button", "Options").await;
    browser.press("button", "End chat").await;
    let asked = "return document.querySelector('.part--failed .ended__why')?.innerText.includes('End this chat')";
    browser.until("the question stands there", asked, json!([])).await;
    browser.blocks(&[]).await;
    let again = "document.querySelector('.part--failed:has(.ended__why) button').click()";
    browser.run(again, json!([])).await;
    browser.press("button", "Keep chatting").await;
    browser.sees("textbox", MESSAGE).await;
}

#[tokio::test]
async fn what_reads_frames_is_asked_for_again_until_it_comes() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.blocks(&["*split_frames*"]).await;
    for text in ["Is anybody there?", "Hello?"] {
        shopper.says(text).await;
    }
    eventually("it has failed four times", async || {
        let tries = parts(browser)
            .await
            .into_iter()
            .filter(|name| name.starts_with("split_frames"));
        (tries.count() >= 4).then_some(())
    })
    .await;
    let is_given_up = "return !!named('button', 'Reload')";
    assert_eq!(browser.run(is_given_up, json!([])).await, false);
    browser.blocks(&[]).await;
    shopper.has_said("Hello?").await;
    shopper.reads(&["Is anybody there?", "Hello?"]).await;
}

#[tokio::test]
async fn the_desk_fetches_a_part_when_a_customer_first_sends_something_for_it() {
    let relay = Relay::start(World {
        config: "[channels.desk.composer]\nlocation = true\n".to_owned(),
        ..World::default()
    })
    .await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    assert_eq!(parts(browser).await, [""; 0], "a console begins without");
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("I am here:").await;
    agent.accepts().await;
    agent.hears("I am here:").await;
    // The dialogs, too: what is typed into one that is not there yet would go to the customer.
    let near = "
        const parts = performance.getEntriesByType('resource').map((entry) => entry.name.match(/split_([a-z]+)/)?.[1]);
        return JSON.stringify(parts.filter(Boolean).sort()) === JSON.stringify(['conversation', 'dialogs'])";
    browser
        .until("what an open conversation needs is there", near, json!([]))
        .await;
    let before = parts(browser).await.len();

    browser.blocks(&["*split_*"]).await;
    let place =
        json!({ "type": "LOCATION", "markdownText": "The hut.", "location": { "latitude": 47.1, "longitude": 15.4 } });
    let id = client_id();
    let post = json!({ "type": "post", "conversation": customer.chat, "client_id": id, "message": { "body": place } });
    customer.socket.send_text(&post.to_string()).await;
    customer.socket.answer(&id).await.expect("a place is taken");
    let failed =
        "return document.querySelector('.part--failed [role=alert]')?.innerText.includes('could not be loaded')";
    browser.until("it says that it did not come", failed, json!([])).await;
    let said = "return document.querySelector('.part--failed .text').innerText";
    assert_eq!(browser.run(said, json!([])).await, "The hut.");

    browser.blocks(&[]).await;
    browser.press("button", "Try again").await;
    let map = "return [...document.querySelectorAll('.bubble a')].some((link) => link.href.includes('47.1'))";
    browser.until("the place is there", map, json!([])).await;
    let fetched = parts(browser).await;
    assert!(
        fetched[before..].iter().all(|name| name.starts_with("split_rich")),
        "{fetched:?}"
    );
}

/// Says how many areas say that they did not come.
const FAILED: &str = "return document.querySelectorAll('.part--failed [role=alert]').length === arguments[0]";

/// Asks again for the area inside this element.
const ASKS_AGAIN: &str = "document.querySelector(arguments[0] + ' .part--failed button').click()";

#[tokio::test]
async fn a_conversation_whose_part_does_not_come_is_drawn_when_it_does() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    browser.blocks(&["*split_conversation*"]).await;
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Is anybody there?").await;
    browser.press("button", "Accept").await;
    let both = "the conversation and the customer's panel say so";
    browser.until(both, FAILED, json!([2])).await;
    // The list goes on.
    let listed = "return document.querySelector('.inbox').innerText.includes('Maria')";
    browser.until("the chat is in the list", listed, json!([])).await;

    browser.blocks(&[]).await;
    browser.run(ASKS_AGAIN, json!(["#conversation"])).await;
    agent.hears("Is anybody there?").await;
    agent.says("I am.").await;
    customer.hears("I am.").await;
    browser.run(ASKS_AGAIN, json!([".panel"])).await;
    let name = "return document.querySelector('.panel__name')?.innerText === 'Maria'";
    browser.until("the panel says who it is", name, json!([])).await;
}

#[tokio::test]
async fn a_dialog_whose_part_does_not_come_is_said_to_be_so_and_opens_when_it_does() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    browser.blocks(&["*split_dialogs*"]).await;
    browser.press("button", "Commands and shortcuts").await;
    let said = "return document.querySelector('.toast')?.innerText.includes('could not be loaded')";
    browser.until("it says that it did not come", said, json!([])).await;
    let open = browser
        .run("return document.querySelectorAll('dialog').length", json!([]))
        .await;
    assert_eq!(open, 0, "there is no empty dialog");
    browser.blocks(&[]).await;
    browser.press("button", "Commands and shortcuts").await;
    browser.sees("combobox", "Search commands and chats").await;
    let focused = "return document.activeElement.role === 'combobox'";
    browser.until("it has the keyboard", focused, json!([])).await;
    browser.key(Key::Escape).await;
    browser.no_longer_sees("combobox", "Search commands and chats").await;
}

/// It lies in the page's memory alone until its part takes it.
#[tokio::test]
async fn a_page_asks_before_it_goes_with_a_file_whose_part_has_not_come() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "Some notes").expect("a file");
    let asks = "return !dispatchEvent(new Event('beforeunload', { cancelable: true })) === arguments[0]";
    browser.until("nothing would be lost", asks, json!([false])).await;
    browser.blocks(&["*split_attachments*"]).await;
    browser.chooses(&[&path]).await;
    browser.until("it asks", asks, json!([true])).await;
    browser.blocks(&[]).await;
    browser
        .run("document.querySelector('.part--failed button').click()", json!([]))
        .await;
    let is_there = "return document.querySelector('.file')?.innerText.includes('notes.txt')";
    browser.until("the file is in the list", is_there, json!([])).await;
    browser.until("the browser keeps it", asks, json!([false])).await;
}

/// What takes a file is there before the file is.
#[tokio::test]
async fn what_files_need_is_fetched_when_a_file_may_be_picked_soon() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let near = "
        const input = document.querySelector('input[type=file]');
        input.click = () => {};
        input.previousElementSibling.click();";
    browser.run(near, json!([])).await;
    eventually("it is fetched", async || {
        let fetched = parts(browser).await;
        fetched
            .iter()
            .any(|name| name.starts_with("split_attachments"))
            .then_some(())
    })
    .await;
}
