//! The widget as a guest on somebody else's page: what it asks for, what it leaves, and what it never does.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::{Browser, Key};
use serde_json::{Value, json};

/// The demo shop's policy allows one script and one frame, and Trusted Types; the frame's own is as strict.
#[tokio::test]
pub(crate) async fn a_page_with_a_strict_policy_sees_no_violation() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    has_no_violation(&shopper.browser, "before the chat").await;
    shopper.opens().await;
    bot.will_say("*Hello*, and https://example.org");
    shopper.says("Hello").await;
    shopper.hears("Hello, and https://example.org").await;
    has_no_violation(&shopper.browser, "in the frame").await;
    shopper.browser.out_of_chat();
    shopper
        .browser
        .run("Portico('setTheme', 'dark'); Portico('setLocale', 'de')", json!([]))
        .await;
    shopper.browser.into_chat();
    shopper.browser.sees("textbox", "Nachricht").await;
    has_no_violation(&shopper.browser, "in the frame, afterwards").await;
    shopper.browser.out_of_chat();
    has_no_violation(&shopper.browser, "after the chat").await;
}

async fn has_no_violation(browser: &Browser, when: &str) {
    assert_eq!(browser.seen().await.violations, [""; 0], "{when}");
    let console = browser.console().await;
    let complaints: Vec<&String> = console
        .iter()
        .filter(|line| {
            ["Content Security Policy", "Trusted", "violates"]
                .iter()
                .any(|word| line.contains(word))
        })
        .collect();
    assert!(complaints.is_empty(), "{when}: {complaints:?}");
}

#[tokio::test]
async fn before_the_visitor_shows_intent_only_the_script_is_loaded_nothing_moves_and_nothing_is_stored() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let origin = relay.origin();
    let asked = async || -> Vec<String> {
        let requests = browser.requests().await;
        let own = requests
            .iter()
            .filter_map(|url| url.split_once(&origin["http:".len()..]));
        own.map(|(_, path)| path.to_owned()).collect()
    };

    browser
        .run_async("requestIdleCallback(() => requestIdleCallback(done))", json!([]))
        .await;
    assert_eq!(asked().await, ["/embed.js"]);
    stores_nothing(browser, "the shop").await;
    assert!(shifts(browser).await == 0.0, "nothing of the page has moved");
    let pushes = "document.body.prepend(Object.assign(document.createElement('p'), { innerText: 'Sale' }))";
    browser.run(pushes, json!([])).await;
    assert!(shifts(browser).await > 0.0, "it would have been seen");
    browser.goto(&format!("{origin}/readyz")).await;
    stores_nothing(browser, "the relay").await;

    // Pointing at the launcher is intent: the frame is fetched. A conversation is not begun by looking.
    browser.goto(&relay.shop_origin()).await;
    browser.hover("button", LAUNCHER).await;
    browser.into_chat();
    browser
        .until(
            "the chat is loaded",
            "return document.querySelector('#composer')",
            json!([]),
        )
        .await;
    shopper.opens().await;
    assert!(asked().await.contains(&"/widget/frame/demo?locale=en".to_owned()));
    assert!(
        !asked().await.iter().any(|path| path == "/api/session" || path == "/ws"),
        "{:?}",
        asked().await
    );
    stores_nothing(browser, "the frame").await;

    shopper.is_greeted(&bot).await;
    assert!(asked().await.contains(&"/api/session".to_owned()));
    let cookies = browser.run("return document.cookie", json!([])).await;
    assert_eq!(cookies, "", "a chat needs no cookie");
}

/// How far the page has been moved about since it began. A press or a key within half a second excuses it, and there was none.
async fn shifts(browser: &Browser) -> f64 {
    let script = "
        let moved = 0;
        const add = (shifts) => { for (const shift of shifts.getEntries()) moved += shift.value; };
        new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(moved), 100)));";
    browser.run_async(script, json!([])).await.as_f64().expect("a number")
}

async fn stores_nothing(browser: &Browser, whose: &str) {
    let script = "
        Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, caches]) => done(
            [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, databases.map((one) => one.name), caches].flat().join()));";
    assert_eq!(browser.run_async(script, json!([])).await, "", "{whose}");
}

#[tokio::test]
async fn destroying_the_widget_removes_everything_and_it_can_begin_again() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;

    browser.out_of_chat();
    let told = "
        window.told = [];
        for (const name of ['open', 'close']) Portico('on', name, () => told.push(name));
        Portico('destroy');
        Portico('destroy');
        return told";
    assert_eq!(
        browser.run(told, json!([])).await,
        json!(["close"]),
        "the window is gone"
    );
    let nothing = "return !everything(document).some((el) => el.tagName === 'IFRAME' || el.tagName === 'PORTICO-CHAT')";
    browser.until("everything is gone", nothing, json!([])).await;
    let commands = "
        for (const name of ['open', 'close', 'toggle', 'show', 'hide', 'pageView', 'destroy']) Portico(name);
        Portico('sendMessage', 'x'); Portico('setTheme', 'dark'); Portico('setLocale', 'de'); Portico('logout');
        return !document.querySelector('portico-chat')";
    assert_eq!(
        browser.run(commands, json!([])).await,
        true,
        "commands do not bring it back"
    );

    browser
        .run(
            "Portico('boot', { channel: 'demo', locale: 'en', theme: 'light' })",
            json!([]),
        )
        .await;
    shopper.opens().await;
    bot.will_say("Again.");
    shopper.says("Hello again").await;
    shopper.hears("Again.").await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// Invariant 10.
#[tokio::test]
async fn the_widget_never_throws_into_the_host_page() {
    let (mut relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    is_called_wrongly(browser).await;

    // The relay dies under it, and comes back.
    relay.kill();
    shopper.opens().await;
    shopper.says("Are you there?").await;
    let lost = "return named('status', 'Connection lost')";
    browser
        .until("it says that the connection is lost", lost, json!([]))
        .await;
    relay.restart().await;
    shopper.has_said("Are you there?").await;
    has_thrown_nothing(browser, "when the relay dies").await;

    // The page removes it without asking.
    browser.out_of_chat();
    browser
        .run("document.querySelector('portico-chat').remove()", json!([]))
        .await;
    is_called_wrongly(browser).await;
}

/// The page gets a sentence and a button instead of a frame that nobody serves.
#[tokio::test]
async fn a_frame_that_cannot_be_loaded_is_said_to_be_so_and_can_be_tried_again() {
    let (mut relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    relay.kill();
    browser.press("button", LAUNCHER).await;
    let told = "return everything(document).some((el) => el.className === 'failed' && shown(el))";
    browser
        .until("it says that it could not be loaded", told, json!([]))
        .await;
    has_thrown_nothing(browser, "when the frame cannot be loaded").await;
    let stays = "
        const launcher = everything(document).find((el) => el.className === 'launcher');
        const { left, top } = launcher.getBoundingClientRect();
        launcher.dispatchEvent(new PointerEvent('pointerenter'));
        dispatchEvent(new PointerEvent('pointermove', { clientX: left - 9, clientY: top - 9 }));
        requestAnimationFrame(() => requestAnimationFrame(() => done(!chatFrame())))";
    assert_eq!(
        browser.run_async(stays, json!([])).await,
        true,
        "a mouse that comes near leaves the sentence"
    );
    relay.restart().await;
    let focused = "return document.activeElement.shadowRoot.activeElement === named(...arguments)";
    let again = json!(["button", "Try again"]);
    assert_eq!(browser.run(focused, again).await, true, "it has the keyboard");
    browser.key(Key::Enter).await;
    let frame = "return document.activeElement.shadowRoot.activeElement === chatFrame()";
    assert_eq!(browser.run(frame, json!([])).await, true, "the frame has the keyboard");
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    has_thrown_nothing(browser, "when it is loaded after all").await;
}

/// What the page's owner did wrong stands in the console, and the visitor sees no browser's error page.
#[tokio::test]
async fn a_channel_that_is_not_served_is_said_to_be_so() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let boot = "Portico('destroy'); Portico('boot', { channel: 'nowhere' }); Portico('open')";
    browser.run(boot, json!([])).await;
    let hidden =
        "return everything(document).some((el) => el.tagName === 'IFRAME' && getComputedStyle(el).opacity === '0')";
    browser.until("the frame is hidden", hidden, json!([])).await;
    browser.sees("button", "Try again").await;
    let told = format!(
        "\"portico:\" \"{}/widget/frame/nowhere?locale=en\" \"for\" \"{}\"",
        relay.origin(),
        relay.shop_origin()
    );
    let console = browser.console().await;
    let lines = console.iter().filter(|line| line.contains(&told)).count();
    assert_eq!(lines, 1, "{console:?}");
    let others = console.iter().filter(|line| line.contains("postMessage")).count();
    assert_eq!(others, 0, "{console:?}");
}

/// What the page says first to the document in the frame, whenever that is a new one.
#[tokio::test]
async fn each_document_in_the_frame_is_told_about_the_page() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let first = init(browser).await;
    assert_eq!(first["accent"], "#1f6f54", "{first}");
    assert_eq!(first["forget"], false, "{first}");

    // As a press on "Reload" does, after the chat has failed.
    browser
        .run("window.__seen.old = true; location.reload()", json!([]))
        .await;
    browser
        .until("a new document", "return !window.__seen.old", json!([]))
        .await;
    browser.sees("textbox", MESSAGE).await;
    assert_eq!(init(browser).await["open"], true);
    shopper.is_greeted(&bot).await;
    browser.out_of_chat();
    browser.run("Portico('setLocale', 'de')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
}

/// The page where customers sign out may be one on which nobody opens the chat.
#[tokio::test]
async fn a_logout_before_the_frame_is_loaded_reaches_it_later() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.run("Portico('logout')", json!([])).await;
    shopper.reloads().await;
    assert_eq!(init(browser).await["forget"], true);
    shopper.reloads().await;
    assert_eq!(init(browser).await["forget"], false, "it is said once");
}

/// Another script than the relay's own may tell the frame what JSON does not carry, beside the visitor's data and in it.
#[tokio::test]
async fn what_json_does_not_carry_is_left_out_of_what_the_frame_is_told() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    shopper.opens().await;
    browser.out_of_chat();
    let script = "
        const ring = { plan: 'gold', big: 5n };
        ring.ring = ring;
        const init = { portico: 1, type: 'init', theme: 'dark', open: true, campaign: 5n, ring, data: ring };
        chatFrame().contentWindow.postMessage(init, '*');
        return true";
    browser.run(script, json!([])).await;
    browser.into_chat();
    let dark = "return document.documentElement.dataset.theme === 'dark'";
    browser.until("the frame has read the rest", dark, json!([])).await;
}

/// The first words of the page to the document that is in the frame now.
async fn init(browser: &Browser) -> Value {
    let script = "return window.__seen.told.find((message) => message.type === 'init')";
    browser
        .until("the frame is told about the page", script, json!([]))
        .await
}

/// Commands that do not exist, arguments that make no sense, messages from nobody, listeners that throw.
async fn is_called_wrongly(browser: &Browser) {
    browser.out_of_chat();
    let script = "
        Portico('noSuchCommand'); Portico(); Portico(null); Portico('toString'); Portico('__proto__');
        Portico('boot'); Portico('boot', { channel: '../..', zIndex: 'x', accent: 'url(x)' });
        Portico('identify'); Portico('identify', { jwt: 7 }); Portico('setLocale', {}); Portico('setTheme', 'purple');
        Portico('showNewMessage', null); Portico('close'); Portico('close'); Portico('pageView');
        for (const data of [null, 1, 'x', { portico: 1 }, { portico: 1, type: 'unread', count: 'x' }, { portico: 1, type: 'event' }])
            window.postMessage(data, '*');
        return true";
    assert_eq!(browser.run(script, json!([])).await, true);
    has_thrown_nothing(browser, "when it is called wrongly").await;
}

async fn has_thrown_nothing(browser: &Browser, when: &str) {
    browser.out_of_chat();
    browser.run_async("setTimeout(done)", json!([])).await;
    assert_eq!(browser.seen().await.errors, [""; 0], "{when}");
}

/// A frame of another site than its page: its storage is the page's site's alone, and neither sees into the other.
#[tokio::test]
pub(crate) async fn on_another_site_the_chat_works_and_is_kept_for_that_site_alone() {
    let (relay, bot) = shop_with_bot().await;
    let browser = Browser::open("shopper").await;
    browser.goto(&relay.foreign_shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    let shopper = Shopper { browser };
    let browser = &shopper.browser;
    shopper.opens().await;
    bot.will_say("Hello.");
    shopper.says("From another site").await;
    shopper.hears("Hello.").await;
    let around = browser.run("return [...location.ancestorOrigins]", json!([])).await;
    assert_eq!(around, json!([relay.foreign_shop_origin()]));
    browser.out_of_chat();
    let inside = browser.run("return chatFrame().contentDocument", json!([])).await;
    assert_eq!(inside, Value::Null, "the page sees nothing of the chat");
    has_no_violation(browser, "around a frame of another site").await;
    browser.run("Portico('setLocale', 'de')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;

    shopper.reloads().await;
    shopper.reads(&["From another site", "Hello."]).await;
    // The same relay on a page of its own site knows this browser not yet.
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    browser.sees("button", "Which tent fits two people?").await;
    assert_eq!(shopper.texts().await, [""; 0]);
}

/// What pages do to all that is in them, and to what they find beside their body.
#[tokio::test]
async fn a_launcher_that_the_page_has_thrown_away_is_back_and_opens_the_chat() {
    let site = Site::start().await;
    let page = "<!doctype html><html lang=\"en\"><title>Shop</title><body><script async TAG></script></body></html>";
    site.serves("/", HTML, page);
    let browser = Browser::open("shopper").await;
    for script in [
        "document.open(); document.write('<html><body>New</body></html>'); document.close()",
        "const div = document.createElement('div');
         document.body.append(div);
         div.append(document.querySelector('portico-chat'));
         await rest(100);
         div.remove()",
        "const html = document.documentElement; html.remove(); await rest(100); document.append(html)",
        "document.documentElement.remove();
         await rest(100);
         const html = document.createElement('html');
         html.append(document.createElement('body'));
         document.append(html)",
        // Until it is not put back by itself any more.
        "for (let i = 0; i < 30; i++) { document.querySelector('portico-chat')?.remove(); await rest(40); }
         Portico('show')",
    ] {
        browser.goto(&site.address("/")).await;
        browser.sees("button", UNNAMED_LAUNCHER).await;
        let does = format!(
            "const rest = (ms) => new Promise((go) => setTimeout(go, ms));
            (async () => {{ {script}; }})().then(done)"
        );
        browser.run_async(&does, json!([])).await;
        browser.press("button", UNNAMED_LAUNCHER).await;
        browser.into_chat();
        browser.sees("textbox", MESSAGE).await;
        browser.out_of_chat();
        let shown = "return chatFrame()?.checkVisibility({ opacityProperty: true })";
        browser.until(script, shown, json!([])).await;
        assert_eq!(browser.seen().await.errors, [""; 0], "{script}");
    }
    let console = browser.console().await;
    let told = console.iter().filter(|line| line.contains("is taken away"));
    assert_eq!(told.count(), 1, "{console:?}");
}
