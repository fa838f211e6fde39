//! The verbs of the script tag as promises: what they answer, why they fail, and that who ignores them hears of nothing.

use crate::people::{Agent, LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::shims::{is_told, keys};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::api::site_token;
use portico_tests::browser::Browser;
use serde_json::json;

#[tokio::test]
async fn a_message_of_the_page_is_answered_with_its_id_once_the_relay_has_it() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let sends = "Portico('sendMessage', 'Is it waterproof?').then((id) => done(['sent', id]), (error) => done(['failed', error.code]))";
    let answer = browser.run_async(sends, json!([])).await;
    assert_eq!(answer[0], "sent");
    assert!(answer[1].as_str().is_some_and(|id| id.len() > 8), "{answer}");
    bot.call("the bot has it", |call| call.body["message"] == "Is it waterproof?")
        .await;
    let fails = "
        const code = (promise) => promise.then(() => 'none', (error) => [error instanceof Portico.Error, error.name, error.code]);
        Promise.all([
            code(Portico('sendMessage', ' ')),
            code(Portico('sendMessage', 'x'.repeat(16001))),
            code(Portico('noSuchVerb')),
            code(Portico('open')),
            code(Portico('showNewMessage', 'A draft')),
        ]).then(done)";
    let failed = |code: &str| json!([true, "PorticoError", code]);
    assert_eq!(
        browser.run_async(fails, json!([])).await,
        json!([failed("empty"), failed("too_long"), failed("command"), "none", "none"])
    );
    browser.into_chat();
    let draft = "return named('textbox', arguments[0]).value";
    assert_eq!(browser.run(draft, json!([MESSAGE])).await, "A draft");
}

#[tokio::test]
async fn a_promise_that_is_ignored_disturbs_no_page() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let ignores = "
        window.loud = [];
        addEventListener('unhandledrejection', (event) => loud.push(String(event.reason)));
        Portico('noSuchVerb'); Portico(); Portico(Symbol('x')); Portico('on', 'open'); Portico('once'); Portico('boot', 7n);
        Portico('sendMessage', ''); Portico('sendMessage', 'Hello'); Portico('showNewMessage', 'x');
        Portico('destroy'); Portico('open'); Portico('showNewMessage', 'x');
        setTimeout(done, 300)";
    browser.run_async(ignores, json!([])).await;
    assert_eq!(browser.run("return loud", json!([])).await, json!([]));
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn what_waits_is_answered_when_the_visitor_leaves_or_the_launcher_goes() {
    let (mut relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    relay.kill();
    browser.out_of_chat();
    for (verb, code) in [("logout", "left"), ("shutdown", "left")] {
        let script = "
            Portico('sendMessage', 'Never sent').catch((error) => done(error.code));
            Portico(arguments[0])";
        assert_eq!(browser.run_async(script, json!([verb])).await, code, "{verb}");
    }
    assert!(
        !browser.has("button", LAUNCHER).await,
        "a shutdown takes the launcher away"
    );
}

/// What was asked of a chat that is gone would be said in the next one, which may be another visitor's.
#[tokio::test]
async fn a_message_for_a_chat_that_is_not_there_is_refused_and_never_said() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    browser.out_of_chat();
    let script = "
        const code = (promise) => promise.then(() => 'none', (error) => error.code);
        Portico('shutdown');
        Promise.all([
            code(Portico('sendMessage', 'To nobody')),
            code(Portico('showNewMessage', 'To nobody')),
            code(Portico('open')),
        ]).then(done)";
    let codes = browser.run_async(script, json!([])).await;
    assert_eq!(codes, json!(["boot", "boot", "boot"]));
    let boots = "Portico('boot', { channel: 'demo', label: arguments[0] })";
    browser.run(boots, json!([LAUNCHER])).await;
    shopper.opens().await;
    bot.will_say("Hello again.");
    shopper.says("Said by the next").await;
    shopper.reads(&["Said by the next", "Hello again."]).await;
}

#[tokio::test]
async fn listeners_hear_until_they_are_stopped() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let script = "
        const heard = [];
        const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => () => heard.push(name));
        const stop = Portico('on', 'open', a);
        Portico('once', 'open', b);
        Portico('on', 'open', c);
        Portico('on', 'open', d);
        Portico('open'); Portico('close');
        stop();
        Portico('off', 'open', c);
        Portico('open'); Portico('close');
        Portico('off', 'open');
        Portico('open'); Portico('close');
        return heard.join('')";
    assert_eq!(shopper.browser.run(script, json!([])).await, "abcdd");
}

/// A stub that answers promises before the script is there, as the package for bundlers has it.
#[tokio::test]
async fn what_is_asked_before_the_script_has_loaded_is_answered_too() {
    let site = Site::start().await;
    let page = "<!doctype html><html lang=\"en\"><title>Shop</title><body><script>
        window.answers = [];
        window.Portico = function () {
            const call = arguments;
            const answer = new Promise((done) => { call.done = done; (Portico.q = Portico.q || []).push(call) });
            answer.catch(() => {});
            return answer;
        };
        Portico('sendMessage', 'Early').then((id) => answers.push(typeof id));
        Portico('noSuchVerb').catch((error) => answers.push(error.code));
        Portico('on', 'open', () => answers.push('open')).then((stop) => answers.push(typeof stop));
        </script><script async TAG></script>";
    site.serves("/", HTML, page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    let all = "return answers.length === 4 && answers.sort()";
    let answers = browser.until("all are answered", all, json!([])).await;
    assert_eq!(answers, json!(["command", "function", "open", "string"]));
}

#[tokio::test]
async fn attributes_of_a_conversation_and_what_happens_on_the_page_reach_the_agent() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let says = "
        Portico('setAttributes', { plan: 'gold plan' });
        Portico('setConversationAttributes', { order: 'order 66' });
        Portico('track', 'basket_opened', { items: 3 })";
    browser.run(says, json!([])).await;
    shopper.opens().await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    let told = "return ['gold plan', 'order 66', 'basket_opened', '{\"items\":3}'].every((text) => document.body.innerText.includes(text))";
    agent.browser.until("the agent is told", told, json!([])).await;
    browser.out_of_chat();
    browser.run("Portico('track', 'basket_paid')", json!([])).await;
    let told = "return document.body.innerText.includes('basket_paid') && !document.body.innerText.includes('items')";
    agent.browser.until("the newest event is told", told, json!([])).await;
}

/// On a page whose addresses lead elsewhere unless they are whole.
#[tokio::test]
async fn a_page_with_a_base_of_its_own_sets_its_user_and_resets_the_chat() {
    let site = Site::start_with(&keys()).await;
    let page =
        "<!doctype html><html lang=\"en\"><head><base href=\"https://elsewhere.example/deep/\" target=\"_blank\">
        <title>Shop</title></head><body><script async TAG></script></body></html>";
    site.serves("/", HTML, page);
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let sets = "
        Portico('setAttributes', { plan: 'gold' });
        Portico('setUser', { jwt: arguments[0] }).then(() => done('set'), ({ code }) => done(code))";
    let maria = site_token(&json!({ "sub": "c-1", "name": "Maria" }));
    assert_eq!(browser.run_async(sets, json!([maria])).await, "set");
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    shopper.is_served_by_the_program().await;
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    let knows = "[init.identity, init.data?.plan]";
    assert_eq!(
        is_told(browser, "the chat knows the user", knows).await,
        json!([maria, "gold"])
    );
    browser.out_of_chat();
    let resets = "
        Portico('reset').then(() => done([document.querySelector('portico-chat') !== null, chatFrame()?.checkVisibility() ?? false]))";
    assert_eq!(browser.run_async(resets, json!([])).await, json!([true, false]));
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    let anew = "return named('textbox', 'Message') && !document.querySelector('#first-screen, .message')";
    browser.until("nothing of Maria's is there", anew, json!([])).await;
    let forgets = "[!!init.identity, init.data?.plan ?? null]";
    assert_eq!(
        is_told(browser, "the chat knows nobody", forgets).await,
        json!([false, null])
    );
    let asked = browser.requests().await;
    assert!(
        !asked.iter().any(|address| address.contains("elsewhere.example")),
        "{asked:?}"
    );
    assert_eq!(browser.seen().await.errors, [""; 0]);
}
