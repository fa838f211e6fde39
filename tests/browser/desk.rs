//! The desk as an agent uses it, beyond the conversation itself: leaving, the keyboard, and what strangers send.

use crate::looks::is_accessible;
use crate::people::{Agent, Customer, REPLY, Served, served, shop_with_bot};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, Draft};
use portico_tests::api::{now, site_token};
use portico_tests::browser::{Browser, Key, Network};
use portico_tests::receiver::Reply;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::json;

/// A failure of the program while the agent leaves would end this test, as it ends every test with a browser.
#[tokio::test]
async fn a_chat_that_an_agent_leaves_goes_away() {
    let there = served().await;
    let Served {
        bot, agent, shopper, ..
    } = &there;
    agent.says("Hello, this is Ann.").await;
    shopper.hears("Hello, this is Ann.").await;

    let browser = &agent.browser;
    let customer = agent.customer().await;
    assert!(browser.has("button", &customer).await);
    browser.press("button", "Wrap up and leave").await;
    browser.press("button", "Leave without wrap-up").await;
    browser.no_longer_sees("textbox", REPLY).await;
    browser.no_longer_sees("button", &customer).await;

    // What goes on there is nothing to this desk, and it works as before.
    bot.will_say("I am here again.");
    shopper.says("One more thing").await;
    shopper.hears("I am here again.").await;
    assert!(!browser.has("button", &customer).await);
    bot.will_find_agent();
    shopper.says("A person again, please").await;
    agent.accepts().await;
    agent.hears("A person again, please").await;
    agent.says("Here I am.").await;
    shopper.hears("Here I am.").await;
}

#[tokio::test]
async fn the_keyboard_is_where_it_was_when_a_dialog_is_closed() {
    let there = served().await;
    let Served { agent, .. } = &there;

    let browser = &agent.browser;
    let chord = "dispatchEvent(new KeyboardEvent('keydown', { ...arguments[0], bubbles: true, cancelable: true }))";
    let writes = "return document.activeElement === named('textbox', arguments[0])";
    for (keys, dialog) in [
        (json!({ "key": "k", "code": "KeyK", "ctrlKey": true }), "Commands"),
        (json!({ "key": "l", "code": "KeyL", "altKey": true }), "Wrap up"),
    ] {
        browser
            .until("the composer has the keyboard", writes, json!([REPLY]))
            .await;
        browser.run(chord, json!([keys])).await;
        browser.sees("dialog", dialog).await;
        browser.key(Key::Escape).await;
        browser.no_longer_sees("dialog", dialog).await;
    }
    browser
        .until("the composer has the keyboard again", writes, json!([REPLY]))
        .await;
}

/// Whoever serves a picture learns who looks at it, and when.
#[tokio::test]
async fn what_a_customer_sends_is_asked_for_when_the_agent_wants_it_and_links_say_where_they_lead() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let chat = socket.start().await.conversation;
    let bodies = [
        json!({ "type": "IMAGE", "attachment": { "mediaUrl": "https://pictures.invalid/tent.png", "mimeType": "image/png" } }),
        json!({ "type": "VIDEO", "attachment": { "mediaUrl": "https://films.invalid/tent.mp4", "mimeType": "video/mp4" } }),
        json!({ "type": "PLAIN", "markdownText": "[https://shop.example](https://evil.invalid/x) and https://honest.invalid/y" }),
    ];
    for body in bodies {
        let body: MessageBody = serde_json::from_value(body).expect("a body");
        let id = socket.post(&chat, Draft::new(body), Audience::Everyone).await;
        socket.answer(&id).await.expect("a post is taken");
    }

    agent.accepts().await;
    let browser = &agent.browser;
    browser.sees("button", "Show the film films.invalid").await;
    agent
        .hears("https://shop.example (evil.invalid) and https://honest.invalid/y")
        .await;
    let asked = async |host: &str| browser.requests().await.iter().any(|url| url.contains(host));
    assert!(!asked("pictures.invalid").await && !asked("films.invalid").await);

    browser.press("button", "Show the picture pictures.invalid").await;
    // It does not load, and a link with its name stands in its place.
    let shown = "return !document.querySelector('#timeline img') && !!named('link', 'Picture')";
    browser.until("the link to the picture", shown, json!([])).await;
    // The message is drawn again when another one follows it, and what was asked for stays.
    agent.says("A fine tent.").await;
    agent.hears("A fine tent.").await;
    browser.sees("link", "Picture").await;
    browser.sees("button", "Show the film").await;
    assert!(asked("pictures.invalid").await && !asked("films.invalid").await);
}

/// Several at once, as after a lost connection: none is left out, and what happened stands among what was said.
#[tokio::test]
async fn messages_and_what_happened_are_read_out_in_their_order() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Hello?").await;
    agent.accepts().await;
    agent.hears("Hello?").await;

    let browser = &agent.browser;
    browser.network(Network::Away).await;
    browser
        .until(
            "the banner says so",
            "return document.body.innerText.includes('You are offline')",
            json!([]),
        )
        .await;
    customer.says("I have to *go*.").await;
    customer.says("Thank you!").await;
    customer.ends().await;
    browser.network(Network::There).await;

    let last = "return window.__seen.said.includes('The customer ended the chat')";
    browser.until("the end is read out", last, json!([])).await;
    let said = browser.seen().await.said;
    let expected = [
        "Maria: I have to go.",
        "Maria: Thank you!",
        "The customer ended the chat",
    ];
    let heard: Vec<&String> = said.iter().filter(|line| expected.contains(&line.as_str())).collect();
    assert_eq!(heard, expected, "{said:?}");
    assert!(
        !said
            .iter()
            .any(|line| line.contains("Hello?") || line.contains("joined")),
        "{said:?}"
    );
}

/// In both ways in which they are looked at: a run unfolded in its place, and all of them one by one.
#[tokio::test]
async fn system_events_that_are_unfolded_can_be_read_in_light_and_dark() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    let mut customer = Customer::begins(&relay, "shop", json!({ "name": "Maria" })).await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    agent.accepts().await;
    let states = json!({ "type": "ACTION", "name": "UPDATE_CONVERSATION_DATA", "data": { "orderNumber": "A-1007" } });
    bot.will(Reply::Say(json!([{ "mode": null, "body": states }])));
    customer.says("It is about my order").await;
    panel_says(browser, &["A-1007"]).await;

    let unfold = "document.querySelectorAll('#timeline .system > summary').forEach((summary) => summary.click())";
    browser.run(unfold, json!([])).await;
    let reads = "
        const open = [...document.querySelectorAll('#timeline .system[open]')];
        const text = open.map((one) => one.innerText).join();
        return text.includes('Offered to Ann') && text.includes('Order number')";
    browser.until("they are unfolded", reads, json!([])).await;
    is_accessible(browser, "system events, unfolded", "html").await;

    browser.with_alt('v').await;
    let one_by_one = "
        const lines = [...document.querySelectorAll('#timeline .notice')].filter((line) => !line.closest('.system'));
        return lines.some((line) => line.innerText.includes('Offered to Ann'))";
    browser.until("they stand one by one", one_by_one, json!([])).await;
    is_accessible(browser, "system events, one by one", "html").await;
}

#[tokio::test]
async fn an_offer_says_whether_the_customer_is_proven_to_be_who_it_says() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let token = site_token(&json!({ "sub": "c-1", "name": "Maria Lenz" }));
    let proven = relay.session(json!({ "channel": "desk", "identity": token })).await;
    let claims = json!({ "name": "Maria Lenz", "isAnonymous": false, "is_anonymous": false });
    for (visitor, data, expected) in [
        (relay.visitor("desk").await, claims, "Not verified"),
        (proven, json!({}), "Verified customer"),
    ] {
        let mut customer = Customer::visits(&relay, visitor, data).await;
        agent.browser.sees("article", "Incoming chat: Maria Lenz").await;
        let says = "return named('article', 'Incoming chat').querySelector('.tag').innerText";
        assert_eq!(agent.browser.run(says, json!([])).await, expected);
        customer.ends().await;
        agent.browser.no_longer_sees("article", "Incoming chat").await;
    }
}

#[tokio::test]
async fn what_is_today_is_yesterday_after_midnight() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let zone = json!({ "timezoneId": where_it_is_noon() });
    agent.browser.devtools("Emulation.setTimezoneOverride", zone).await;
    let mut customer = Customer::begins(&relay, "desk", json!({})).await;
    customer.says("Hello?").await;
    agent.accepts().await;
    agent.hears("Hello?").await;
    let days = "return [...document.querySelectorAll('#timeline [role=separator]')].map((el) => el.innerText).join()";
    assert_eq!(agent.browser.run(days, json!([])).await, "Today");

    let midnight = "const now = Date.now; Date.now = () => now() + 24 * 60 * 60 * 1000";
    agent.browser.run(midnight, json!([])).await;
    let yesterday = format!("{} === 'Yesterday'", days);
    agent.browser.until("it was yesterday", &yesterday, json!([])).await;
}

/// A time zone in which no day ends while a test runs, and no day has 23 or 25 hours. Their names count westwards.
fn where_it_is_noon() -> String {
    let hour = (now() / 3_600) % 24;
    if hour < 12 {
        format!("Etc/GMT-{}", 12 - hour)
    } else {
        format!("Etc/GMT+{}", hour - 12)
    }
}

#[tokio::test]
async fn the_panel_follows_the_page_and_what_is_stated_while_the_chat_goes_on() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let page = json!({ "page_title": "Tents", "page_url": "https://shop.example/tents?from=mail" });
    let mut customer = Customer::begins(&relay, "shop", page).await;
    bot.will_find_agent();
    customer.says("A person, please").await;
    agent.accepts().await;
    let browser = &agent.browser;
    panel_says(
        browser,
        &["Not verified", "Nothing yet.", "Tents", "shop.example/tents"],
    )
    .await;
    let leads = "return [...document.querySelectorAll('.panel a')].map((link) => link.href)";
    assert_eq!(
        browser.run(leads, json!([])).await,
        json!(["https://shop.example/tents?from=mail"])
    );

    let facts = json!({ "page_title": "Cart", "page_url": "https://shop.example/cart", "orderNumber": "A-1007", "is_member": true });
    let states = json!({ "type": "ACTION", "name": "UPDATE_CONVERSATION_DATA", "data": facts });
    bot.will(Reply::Say(json!([{ "mode": null, "body": states }])));
    customer.says("It is about my order").await;
    panel_says(
        browser,
        &[
            "Cart",
            "shop.example/cart",
            "Order number",
            "A-1007",
            "Is member",
            "Yes",
            "not checked",
        ],
    )
    .await;
    assert_eq!(
        browser.run(leads, json!([])).await,
        json!(["https://shop.example/cart"])
    );
    assert!(!browser.has("link", "Tents").await);
}

async fn panel_says(browser: &Browser, words: &[&str]) {
    let script = "const panel = document.querySelector('.panel').innerText; return [...arguments].every((words) => panel.includes(words))";
    browser
        .until(&format!("the panel says {words:?}"), script, json!(words))
        .await;
}
