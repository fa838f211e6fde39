//! What becomes of a chat while something around it is replaced: its document, the proof of who the visitor is, the chat
//! itself. Nothing that was said is lost, and nothing is said twice.

use crate::ann::Ann;
use crate::people::{MESSAGE, Shopper, shop_with_bot};
use portico_tests::api::site_token;
use portico_tests::browser::{Browser, Network};
use portico_tests::relay::Relay;
use serde_json::json;

/// The page speaks when the old document is gone and nobody in the new one listens yet.
#[tokio::test]
async fn what_the_page_asks_for_while_the_chat_loads_itself_anew_is_done_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    browser.out_of_chat();
    let when_it_goes = "
        addEventListener('message', (event) => {
            if (event.data !== 'it goes') return;
            Portico('sendMessage', 'While it loads');
            Portico('showNewMessage', 'And a draft');
        });";
    browser.run(when_it_goes, json!([])).await;
    browser.into_chat();
    bot.will_say("I heard you.");
    let goes = "
        addEventListener('pagehide', () => parent.postMessage('it goes', '*'));
        location.reload();";
    browser.run(goes, json!([])).await;
    shopper.hears("I heard you.").await;
    shopper
        .reads(&["Hello", "Hello.", "While it loads", "I heard you."])
        .await;
    holds(browser, "And a draft").await;
    let texts = bot
        .calls()
        .into_iter()
        .filter(|call| call.body["message"] == "While it loads");
    assert_eq!(texts.count(), 1);
}

#[tokio::test]
async fn a_new_token_of_the_same_customer_leaves_the_chat_as_it_is() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let identify = "Portico('identify', { jwt: arguments[0] })";
    let maria = |name| json!([site_token(&json!({ "sub": "c-1", "name": name }))]);
    browser.run(identify, maria("Maria")).await;
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    browser.types("textbox", MESSAGE, "Half a sen").await;
    let remember = "
        window.__tokens = 0;
        const real = fetch;
        window.fetch = async (...asked) => {
            const answer = await real(...asked);
            if (answer.url.endsWith('/api/session') && answer.ok) window.__tokens += 1;
            return answer;
        };
        window.__row = document.querySelector('.message');";
    browser.run(remember, json!([])).await;

    browser.out_of_chat();
    browser.run(identify, maria("Maria Lenz")).await;
    browser.into_chat();
    let proven = "return window.__tokens === 1";
    browser.until("the new token is used", proven, json!([])).await;
    let same = "return window.__row.isConnected && document.activeElement === named('textbox', 'Message')";
    assert_eq!(browser.run(same, json!([])).await, true);
    browser.keys("tence").await;
    holds(browser, "Half a sentence").await;
    bot.will_say("Go on.");
    shopper.says("").await;
    shopper.reads(&["Hello", "Hello.", "Half a sentence", "Go on."]).await;
}

/// The answer for the customer before comes when somebody else is there.
#[tokio::test]
async fn a_token_that_is_on_its_way_at_a_logout_does_not_bring_the_customer_back() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let hold = "
        window.__held = [];
        const real = fetch;
        window.fetch = async (...asked) => {
            const answer = await real(...asked);
            if (answer.url.endsWith('/api/session')) await new Promise((go) => window.__held.push(go));
            return answer;
        };";
    browser.run(hold, json!([])).await;
    let held = "return window.__held.length === arguments[0]";
    browser.out_of_chat();
    let identify = "Portico('identify', { jwt: arguments[0] })";
    let token = |subject| json!([site_token(&json!({ "sub": subject, "name": subject }))]);
    browser.run(identify, token("c-before")).await;
    browser.into_chat();
    browser.until("a token is on its way", held, json!([1])).await;
    browser.out_of_chat();
    let next = ["Portico('logout');", identify].concat();
    browser.run(&next, token("c-next")).await;
    browser.into_chat();
    browser.until("another token is on its way", held, json!([2])).await;
    browser.run("window.__held.forEach((go) => go())", json!([])).await;

    shopper.is_greeted(&bot).await;
    let call = bot.call("the greeting", |call| call.body["message"] == "Hello").await;
    assert!(
        call.raw.contains("c-next") && !call.raw.contains("c-before"),
        "{}",
        call.raw
    );
    let kept = "return Object.keys(localStorage).filter((key) => key.includes('c-before'))";
    assert_eq!(browser.run(kept, json!([])).await, json!([]));
}

/// It stays where it was written, says why, and goes into a new chat only when the visitor says so.
#[tokio::test]
async fn messages_written_without_a_network_in_a_chat_that_ended_meanwhile_wait_for_the_visitors_word() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection.')";
    browser.until("the banner says so", offline, json!([])).await;
    shopper.says("Are you there?").await;
    shopper.says("Hello?").await;
    ann.ends().await;
    browser.network(Network::There).await;

    let ended = "return messages().some(([, text, state]) => text === 'Are you there?' && state.includes('Not sent, the chat had ended.'))";
    shopper.asks("it says why it is not sent", ended, json!([])).await;
    shopper.reads(&["A person, please", "Are you there?", "Hello?"]).await;
    let told = bot.calls().iter().any(|call| call.raw.contains("Are you there?"));
    assert!(!told, "no chat begins by itself");

    browser.press("button", "Send in a new chat").await;
    shopper.has_said("Hello?").await;
    shopper.reads(&["Are you there?", "Hello?"]).await;
    bot.call("both", |call| call.body["message"] == "Hello?").await;
}

/// What others than the relay answer to the first requests for a session of a document.
pub(crate) const STRANGE_ANSWERS: &str = "
    window.__strange = [
        [404, '<!doctype html><title>Not found</title>'],
        [403, 'Forbidden'],
        [401, '{\"message\":\"Sign in\"}'],
        [200, '<!doctype html><form>Sign in</form>'],
    ];
    const real = fetch;
    window.fetch = async (...asked) => {
        const address = String(asked[0].url || asked[0]);
        const [status, body] = (address.endsWith('/api/session') && __strange.shift()) || [];
        return status ? new Response(body, { status }) : real(...asked);
    };";

/// Who the browser's proof names.
const SUBJECT: &str = "
    const claims = localStorage.getItem('portico.demo..me.refresh').split('.')[1];
    return JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))).sub";

/// A proxy, or a network that wants a login first.
#[tokio::test]
async fn an_answer_that_is_not_the_relays_leaves_the_visitor_who_it_is() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let before = browser.run(SUBJECT, json!([])).await;
    browser.runs_first(STRANGE_ANSWERS).await;
    shopper.reloads().await;
    let asked = "return window.__strange.length === 0";
    browser
        .until("it has asked until the relay answered", asked, json!([]))
        .await;
    shopper.reads(&["Hello", "Hello."]).await;
    assert_eq!(browser.run(SUBJECT, json!([])).await, before);
}

/// What a visitor left in the browser whom the relay does not know any more.
const LEFT: &str = "
    const keep = (key, text) => localStorage.setItem('portico.demo..' + key, text);
    const at = Date.now() - 60000;
    const post = { body: { type: 'PLAIN', markdownText: 'My number is 42' } };
    keep('me.refresh', 'of.old.days');
    keep('me.draft', 'My secret');
    keep('out.outbox.left-1', JSON.stringify({ version: 1, order: at, restarts: 0, post, whisper: false, at }));";

/// A browser in which another visitor was before, on the shop's page.
pub(crate) async fn of_another(relay: &Relay) -> Browser {
    let browser = Browser::open("shopper").await;
    browser.goto(&format!("{}/desk/", relay.origin())).await;
    browser.run(LEFT, json!([])).await;
    browser
}

#[tokio::test]
async fn what_a_visitor_left_whom_the_relay_has_forgotten_is_not_sent_as_the_next_ones() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::comes(of_another(&relay).await, &relay).await;
    let browser = &shopper.browser;
    shopper.opens().await;
    holds(browser, "").await;
    let is_gone = "return messages().length === 0";
    shopper
        .asks("the next visitor does not read it", is_gone, json!([]))
        .await;
    bot.will_say("Welcome.");
    shopper.says("I am another").await;
    shopper.hears("Welcome.").await;
    let calls = bot.calls();
    let told = calls.iter().any(|call| call.raw.contains("My number is 42"));
    assert!(!told, "it is gone");
    shopper.reads(&["I am another", "Welcome."]).await;
}

/// Waits until this stands in the composer.
async fn holds(browser: &Browser, text: &str) {
    let script = "return named('textbox', 'Message').value === arguments[0]";
    browser
        .until(&format!("{text:?} is in the composer"), script, json!([text]))
        .await;
}
