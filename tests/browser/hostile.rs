//! Texts that try to run: in messages, names, addresses of pages, forms, and what a bot says. Wherever they are read
//! they stand as they were written, and nothing of them runs, opens or is asked for.

mod bodies;
mod corpus;

use crate::people::{Agent, Served, Shopper, served, shop_with_bot};
use bodies::FILES;
use corpus::{LITERAL, MARKED};
use portico_shared::frame::{ClientFrame, Start};
use portico_shared::ids::ConversationId;
use portico_tests::api;
use portico_tests::browser::{Browser, Key};
use portico_tests::client_id;
use portico_tests::receiver::Reply;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use serde_json::{Map, Value, json};

#[tokio::test]
async fn hostile_messages_are_shown_as_text_and_run_nowhere() {
    let there = served().await;
    let Served { agent, shopper, .. } = &there;

    let long = "<img src=x onerror=__xss(0)>".repeat(500);
    let literal: Vec<&str> = LITERAL.iter().copied().chain([long.as_str()]).collect();
    for text in literal.iter().chain(MARKED) {
        shopper.pastes(text).await;
    }
    shopper.says("that is all").await;
    shopper.has_said("that is all").await;
    agent.hears("that is all").await;

    for browser in [&shopper.browser, &agent.browser] {
        shows_letter_for_letter(browser, ".bubble", &literal).await;
        is_unharmed(browser).await;
    }
    // The list, a reload, and the page around the frame.
    shopper.reloads().await;
    shopper.has_said("that is all").await;
    is_unharmed(&shopper.browser).await;
    shopper.browser.out_of_chat();
    is_unharmed(&shopper.browser).await;
    let customer = agent.customer().await;
    agent.browser.reload().await;
    agent.browser.press("button", &customer).await;
    agent.hears("that is all").await;
    is_unharmed(&agent.browser).await;
}

/// Everything that a customer may post, over a bare socket: each text of the corpus in every place that takes one.
#[tokio::test]
async fn hostile_bodies_of_every_type_are_shown_to_the_desk_as_text() {
    let relay = Relay::start(World {
        config: "[channels.desk.composer]\nlocation = true\ncontact = true\n".to_owned(),
        ..World::default()
    })
    .await;
    let agent = Agent::signs_in(&relay, "ann").await;
    let name = "<img src=x onerror=__xss('name')>";
    let (mut socket, chat) = starts(&relay, 0, name, Map::new()).await;
    socket.said(&chat, "the first").await;
    let mut said = Vec::new();
    for text in LITERAL.iter().chain(MARKED) {
        for body in bodies::of_customers(&mut || (*text).to_owned()) {
            let is_plain = body["type"] == "PLAIN";
            // A button's payload is any text.
            let header = json!({ "entities": { "a": text, "b": [text] }, "additionalData": { "fileName": text, "a": { "b": text } },
                "language": { "code": text, "name": text }, "intent": text, "originalMessageId": said.last() });
            let id = posts(&mut socket, &chat, header, body).await;
            said.extend(is_plain.then_some(id));
        }
    }
    socket.said(&chat, name).await;

    let browser = &agent.browser;
    browser.press("button", "Your state").await;
    browser.press("button", "Ready").await;
    browser.sees("heading", name).await;
    is_unharmed(browser).await;
    agent.accepts().await;
    agent.hears(name).await;
    let all = "
        const earlier = named('button', 'Show earlier');
        if (earlier) earlier.click();
        return [...document.querySelectorAll('.bubble')].some((el) => el.textContent.trim() === 'the first')";
    browser.until("everything is loaded", all, json!([])).await;
    for original in &said[..LITERAL.len()] {
        let header = json!({ "intent": "REPLY_TO", "originalMessageId": original });
        posts(
            &mut socket,
            &chat,
            header,
            json!({ "type": "PLAIN", "markdownText": "as I said" }),
        )
        .await;
    }
    socket.said(&chat, "that is all").await;
    agent.hears("that is all").await;
    // Texts with marks are shown by their marks in messages; names, labels and answers have none.
    for (place, texts) in [
        (".bubble .text", LITERAL),
        (".message__quote", LITERAL),
        (".body__name", LITERAL),
        (".body__name", MARKED),
        (".body__note", LITERAL),
        (".body__reach", LITERAL),
        (".card__title b", LITERAL),
        (".answers dt", MARKED),
    ] {
        shows_letter_for_letter(browser, place, texts).await;
    }
    is_unharmed(browser).await;
    let elsewhere = browser.requests().await;
    let elsewhere: Vec<_> = elsewhere.iter().filter(|url| url.contains(".invalid")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");

    browser.press("button", "Show the picture").await;
    browser.press("button", "Show the film").await;
    // Neither is anywhere: in the place of a picture that does not load stands a link with its name.
    browser.sees("link", LITERAL[0]).await;
    if !browser.has("complementary", "Customer").await {
        browser.press("button", "Customer details").await;
    }
    browser.press("button", "Commands and shortcuts").await;
    browser.sees("dialog", "").await;
    is_unharmed(browser).await;
    browser.key(Key::Escape).await;
    browser.no_longer_sees("dialog", "").await;
    is_unharmed(browser).await;
}

/// Posts what no client of ours would, and answers the message's id.
async fn posts(socket: &mut Socket, chat: &ConversationId, header: Value, body: Value) -> String {
    let id = client_id();
    let frame =
        json!({ "type": "post", "conversation": chat, "client_id": id, "message": { "header": header, "body": body } });
    socket.send_text(&frame.to_string()).await;
    let accepted = socket.answer(&id).await;
    let accepted = accepted.unwrap_or_else(|refused| panic!("{frame}: {refused:?}"));
    accepted.message_id.to_string()
}

/// A bot is a program that somebody may have talked into something.
#[tokio::test]
async fn a_hostile_bot_is_shown_as_text_and_so_is_what_a_press_on_its_buttons_says() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::chats(&relay).await;
    let texts: Vec<&str> = LITERAL.iter().chain(MARKED).copied().collect();
    let said = |body: Value| json!({ "mode": "message", "body": body });
    for part in texts.chunks(REPLY) {
        let plain = |text: &&str| said(json!({ "type": "PLAIN", "markdownText": text }));
        bot.will(Reply::Say(part.iter().map(plain).collect()));
        shopper.says("Go on").await;
    }
    // Everything that it can say, each place with another text, so that each text is in some place.
    let mut next = texts.iter().cycle();
    let bodies = bodies::of_bots(&mut || (*next.next().expect("a cycle")).to_owned());
    assert!(bodies.iter().map(leaves).sum::<usize>() >= texts.len());
    for part in bodies.chunks(REPLY) {
        bot.will(Reply::Say(part.iter().cloned().map(said).collect()));
        shopper.says("And all kinds").await;
    }
    bot.will(Reply::Say(hostile_cards().into_iter().map(said).collect()));
    shopper.says("And cards").await;
    shopper.browser.press("button", TITLE).await;
    shopper.has_said(TITLE).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    agent.hears("A person, please").await;
    let all = "
        const earlier = named('button', 'Show earlier');
        if (earlier) earlier.click();
        return document.querySelectorAll('.bubble').length > arguments[0]";
    for browser in [&shopper.browser, &agent.browser] {
        let count = texts.len() + bodies.len();
        browser.until("everything is loaded", all, json!([count])).await;
        shows_letter_for_letter(browser, ".bubble", LITERAL).await;
        is_unharmed(browser).await;
    }
}

/// How many texts there are in a body, its type left out.
fn leaves(body: &Value) -> usize {
    match body {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| *key != "type")
            .map(|(_, value)| leaves(value))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Messages in one answer of the bot.
const REPLY: usize = 30;

/// Stands wherever a card has a text.
const TITLE: &str = "<img src=x onerror=__xss('title')>";

/// Addresses that lead nowhere good, and a button whose words are hostile.
fn hostile_cards() -> [Value; 4] {
    let address = "javascript:__xss('address')";
    [
        json!({ "type": "URL", "markdownText": TITLE, "mediaUrl": address }),
        json!({ "type": "IMAGE", "markdownText": TITLE, "caption": TITLE, "attachment": {
            "mediaUrl": "data:image/svg+xml,<svg onload='__xss(1)'/>", "mimeType": "image/svg+xml" } }),
        json!({ "type": "CAROUSEL", "markdownText": TITLE, "elements": [{
            "text": TITLE, "url": address, "defaultAction": { "type": "web_url", "url": address },
            "additionalCarouselElementDetails": { "title": TITLE, "id": TITLE, "alt": TITLE, "image_url": address },
            "buttons": [{ "type": "web_url", "title": "press", "payload": TITLE, "additionalButtonDetails": { "url": address } }] }] }),
        json!({ "type": "BUTTON", "markdownText": TITLE, "buttonMessageType": "BUTTON",
            "buttons": [{ "type": "button", "title": TITLE, "payload": "<script>__xss('payload')</script>" }] }),
    ]
}

#[tokio::test]
async fn hostile_names_pages_and_forms_are_shown_as_text() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    for (number, name) in [
        "<script>__xss('name')</script>",
        "<img src=x onerror=__xss('name')>",
        "{{7*7}}",
    ]
    .iter()
    .enumerate()
    {
        let mut data: Map<String, Value> = LITERAL
            .iter()
            .skip(number)
            .step_by(3)
            .enumerate()
            .map(|(at, text)| (format!("<b onclick=__xss(1)>{at}"), Value::from(*text)))
            .collect();
        let page = [
            "javascript:__xss('page')",
            "data:text/html,<script>parent.__xss('page')</script>",
            "https://example.org/\"onmouseover=__xss('page')//<script>__xss('page')</script>",
        ];
        for (key, value) in [
            ("page_url", page[number]),
            ("page_title", name),
            ("language", name),
            ("timezone", name),
            ("referrer", page[0]),
        ] {
            data.insert(key.to_owned(), value.into());
        }
        starts(&relay, number, name, data).await;
        agent.browser.sees("heading", name).await;
        is_unharmed(&agent.browser).await;
        agent.accepts().await;
        agent.hears(&format!("It is me, {name}")).await;
        if !agent.browser.has("complementary", "Customer").await {
            agent.browser.press("button", "Customer details").await;
        }
        agent.browser.sees("complementary", "Customer").await;
        let texts: Vec<&str> = LITERAL.iter().skip(number).step_by(3).copied().collect();
        shows_letter_for_letter(&agent.browser, ".panel dd", &texts).await;
        is_unharmed(&agent.browser).await;
    }
}

/// The widget's own way: a page with a hostile title and address, and a signed customer with a hostile name.
#[tokio::test]
async fn a_hostile_page_around_the_widget_is_shown_as_text() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let name = "<svg onload=__xss('identity')>";
    let proof = site_token("c-hostile", name);
    let script = "
        document.title = arguments[0];
        history.replaceState(null, '', '/?q=' + arguments[0] + '#\"><script>__xss(1)</script>');
        Portico('boot', { channel: 'desk' }); Portico('destroy');
        Portico('boot', { channel: 'desk', identity: arguments[1] });";
    shopper.browser.run(script, json!([name, proof])).await;
    shopper.opens().await;
    shopper.pastes(name).await;
    shopper.has_said(name).await;
    agent.accepts().await;
    agent.hears(name).await;
    agent.browser.sees("heading", name).await;
    is_unharmed(&agent.browser).await;
    agent.says(name).await;
    shopper.hears(name).await;
    is_unharmed(&shopper.browser).await;
    shopper.browser.out_of_chat();
    is_unharmed(&shopper.browser).await;
}

/// A customer over a bare socket, which states what no widget would.
async fn starts(relay: &Relay, number: usize, name: &str, data: Map<String, Value>) -> (Socket, ConversationId) {
    let proof = site_token(&format!("c-{number}"), name);
    let visitor = relay.session(json!({ "channel": "desk", "identity": proof })).await;
    let (mut socket, _) = Socket::hello(relay, &visitor.token).await;
    let id = client_id();
    socket
        .send(&ClientFrame::Start(Start {
            client_id: id.clone(),
            data,
            form: None,
        }))
        .await;
    let conversation = socket.answer(&id).await.expect("a start is taken").conversation;
    socket.said(&conversation, &format!("It is me, {name}")).await;
    (socket, conversation)
}

/// A token of the site.
fn site_token(subject: &str, name: &str) -> String {
    api::site_token(&json!({ "sub": subject, "name": name }))
}

/// Each text stands in one of the elements, whole; only white space may be laid out in another way.
async fn shows_letter_for_letter(browser: &Browser, place: &str, texts: &[&str]) {
    let script = "
        const squeezed = (text) => text.replace(/\\s+/g, '');
        const there = new Set([...document.querySelectorAll(arguments[0])].map((el) => squeezed(el.textContent)));
        return arguments[1].filter((text) => !there.has(squeezed(text)))";
    let missing = browser.run(script, json!([place, texts])).await;
    assert_eq!(missing, json!([]), "texts that are not shown as they are in {place}");
}

/// Whom a request asks, whatever else stands in its address.
fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Nothing ran, nothing opened, nothing was asked for, and the document has nothing in it that could.
async fn is_unharmed(browser: &Browser) {
    assert!(!browser.has_dialog().await, "a dialog opened");
    let seen = browser.seen().await;
    assert_eq!(seen.canary, [""; 0], "a script ran");
    assert_eq!(seen.violations, [""; 0], "something was tried");
    let asked: Vec<String> = browser.requests().await;
    let asked: Vec<&String> = asked.iter().filter(|url| host_of(url) == "xss.invalid").collect();
    assert!(asked.is_empty(), "{asked:?}");
    let script = "
        const active = ['SCRIPT', 'OBJECT', 'EMBED', 'BASE', 'META', 'LINK', 'STYLE', 'MATH', 'TEMPLATE', 'MARQUEE', 'ANIMATE', 'USE'];
        const leads = (el) => ['href', 'src', 'action', 'formaction', 'data', 'srcdoc', 'xlink:href'].filter((name) => el.hasAttribute(name));
        const good = (address) => ['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(address, location.href).protocol);
        const suspect = (el) =>
            (active.includes(el.tagName.toUpperCase()) && !(el.tagName === 'SCRIPT' && new URL(el.src).pathname.match(/^.(embed|widget|desk)/))) ||
            [...el.attributes].some((attribute) => attribute.name.startsWith('on')) ||
            leads(el).some((name) => !good(el.getAttribute(name))) ||
            (el.tagName === 'IMG' && ![location.hostname, arguments[0]].includes(new URL(el.src).hostname));
        return everything(document.body).filter(suspect).map((el) => el.outerHTML.slice(0, 200))";
    let found = browser.run(script, json!([FILES])).await;
    assert_eq!(found, json!([]), "elements that a text made");
}
