//! What the script tag promises a page and its visitors: commands at any time, any accent, news in their order.

use crate::people::{Agent, LAUNCHER, MESSAGE, Served, Shopper, served, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::{Browser, Key};
use portico_tests::provided;
use serde_json::json;

/// As with a script in the head: it has run, and the page has no body yet.
#[tokio::test]
async fn commands_before_the_page_has_a_body_wait_and_make_one_launcher() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let script = "
        Portico('destroy');
        delete window.Portico;
        const policy = trustedTypes.createPolicy('test', { createScriptURL: (address) => address });
        const body = document.body;
        body.remove();
        const tag = document.createElement('script');
        tag.src = policy.createScriptURL(arguments[0]);
        Object.assign(tag.dataset, { channel: 'demo', label: arguments[1] });
        tag.onload = () => {
            Portico('boot', { locale: 'en' });
            Portico('hide');
            Portico('open');
            const stop = Portico('on', 'ready', () => {});
            document.documentElement.append(body);
            dispatchEvent(new Event('DOMContentLoaded'));
            Portico('boot', { locale: 'en' });
            done([typeof stop, document.querySelectorAll('portico-chat').length]);
        };
        document.head.append(tag);";
    let address = format!("{}/embed.js", relay.origin());
    let found = browser.run_async(script, json!([address, LAUNCHER])).await;
    assert_eq!(found, json!(["function", 1]));
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn any_accent_can_be_read_in_light_and_in_dark() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    // The last two are those of all colours on which black and white read worst.
    for accent in ["#facc15", "#111827", "#ffffff", "#dd009e", "#a738ff"] {
        browser.out_of_chat();
        let boot = "Portico('destroy'); Portico('boot', { channel: 'demo', locale: 'en', accent: arguments[0] })";
        browser.run(boot, json!([accent])).await;
        shopper.opens().await;
        bot.will_say("Yes, https://example.org says so.");
        shopper.says(&format!("Is {accent} readable?")).await;
        shopper.has_said(&format!("Is {accent} readable?")).await;
        for scheme in ["light", "dark"] {
            browser.prefers(scheme).await;
            has_contrast(browser, &format!("{accent}, {scheme}")).await;
        }
    }
}

/// All text by axe, and the edge of an own bubble against the window.
async fn has_contrast(browser: &Browser, what: &str) {
    let axe = std::fs::read_to_string(provided("PORTICO_AXE")).expect("axe-core can be read");
    browser.run(&format!("if (!window.axe) {{ {axe} }}"), json!([])).await;
    let script = "
        axe.run(document, { runOnly: ['color-contrast'] }).then((found) =>
            done(found.violations.flatMap((one) => one.nodes.map((node) => node.html + node.failureSummary)).join()));";
    assert_eq!(browser.run_async(script, json!([])).await, "", "{what}");
    let script = "
        const light = (colour) => {
            const pen = document.createElement('canvas').getContext('2d');
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
        };
        const edge = getComputedStyle(document.querySelector('.message--mine .bubble')).boxShadow.replace(/\\).*/, ')');
        const both = [light(edge), light(getComputedStyle(document.documentElement).backgroundColor)];
        return Math.max(...both) / Math.min(...both);";
    let contrast = browser.run(script, json!([])).await.as_f64().expect("a number");
    assert!(contrast >= 2.9, "{what}: an own bubble's edge has {contrast} : 1");
}

#[tokio::test]
async fn news_are_told_in_the_order_in_which_they_happened_and_a_closed_chat_shows_the_newest() {
    let there = served().await;
    let Served { agent, shopper, .. } = &there;
    agent.says("Hello").await;
    shopper.hears("Hello").await;
    let said = "return window.__seen.said.some((line) => line.endsWith(': Hello'))";
    shopper.browser.until("the message is announced", said, json!([])).await;
    let said = shopper.browser.seen().await.said;
    let at = |end: &str| said.iter().position(|line| line.ends_with(end));
    assert!(
        at("to help you").is_some() && at("to help you") < at("joined the chat"),
        "{said:?}"
    );
    assert!(at("joined the chat") < at(": Hello"), "{said:?}");

    shopper.browser.out_of_chat();
    shopper.browser.run("Portico('close')", json!([])).await;
    agent.says("Are you still there?").await;
    let told = "
        const region = everything(document).find((el) => roleOf(el) === 'status' && shown(el));
        return region?.innerText.includes('Are you still there?')";
    shopper
        .browser
        .until("the newest is in a live region", told, json!([]))
        .await;
}

#[tokio::test]
async fn what_the_page_says_of_its_visitor_reaches_the_agent_as_a_claim() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let data = "Portico('setData', { basket: 'Ridge 2', nested: { is: 'left out' }, long: 'x'.repeat(5000) })";
    shopper.browser.run(data, json!([])).await;
    shopper.opens().await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    let told = "return document.body.innerText.includes('Ridge 2') && !document.body.innerText.includes('left out')";
    agent.browser.until("the agent is told", told, json!([])).await;
}

#[tokio::test]
async fn what_a_page_has_said_of_its_visitor_outlives_it_until_another_page_takes_it_back() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let data = "Portico('setData', { basket: 'Ridge 2', plan: 'free of charge' })";
    browser.run(data, json!([])).await;
    shopper.opens().await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    let reads = "return document.body.innerText.includes('Ridge 2') === arguments[0] && document.body.innerText.includes('free of charge')";
    agent.browser.until("the agent is told", reads, json!([true])).await;

    // A page that says nothing of it, and one that does.
    shopper.reloads().await;
    shopper.says("Still here").await;
    agent.hears("Still here").await;
    agent.browser.until("it is still there", reads, json!([true])).await;
    browser.out_of_chat();
    browser.run("Portico('setData', { basket: null })", json!([])).await;
    agent.browser.until("it is taken back", reads, json!([false])).await;
}

#[tokio::test]
pub(crate) async fn a_language_is_spoken_when_it_is_known_and_english_when_it_is_not() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    for (locale, composer, direction) in [
        ("ar", "رسالة", "rtl"),
        ("de-AT", "Nachricht", "ltr"),
        ("tlh", MESSAGE, "ltr"),
    ] {
        browser.out_of_chat();
        browser.run("Portico('setLocale', arguments[0])", json!([locale])).await;
        browser.into_chat();
        browser.sees("textbox", composer).await;
        let found = browser.run("return document.documentElement.dir", json!([])).await;
        assert_eq!(found, direction, "{locale}");
    }
}

/// A language that is asked for and never comes: the document is English then, and says so.
#[tokio::test]
async fn a_language_that_never_arrives_leaves_a_chat_in_english() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.run("Portico('setLocale', 'ar')", json!([])).await;
    let stalls = json!({ "patterns": [{ "urlPattern": "*/widget/*/ar.json" }] });
    browser.devtools("Fetch.enable", stalls).await;
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    let requests = browser.requests().await;
    assert!(
        requests.iter().any(|address| address.ends_with("/ar.json")),
        "{requests:?}"
    );
    let said = "
        const { lang, dir } = document.documentElement;
        return [lang, dir, /\\p{Script=Arabic}/u.test(document.documentElement.outerHTML)]";
    assert_eq!(browser.run(said, json!([])).await, json!(["en", "ltr", false]));
}

/// A keyboard on the screen takes a part of it, and the page is not told by its own size.
#[tokio::test]
async fn an_on_screen_keyboard_leaves_the_composer_in_view() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let phone = json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", phone).await;
    shopper.opens().await;
    browser.out_of_chat();
    let keyboard = "
        Object.defineProperties(visualViewport, { height: { value: 400 }, offsetTop: { value: 30 } });
        visualViewport.dispatchEvent(new Event('resize'));
        const { top, bottom } = chatFrame().getBoundingClientRect();
        return [top, bottom];";
    assert_eq!(browser.run(keyboard, json!([])).await, json!([30, 430]));
}

#[tokio::test]
pub(crate) async fn the_keyboard_goes_back_to_the_button_of_what_it_folds() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    for (button, inside) in [("Options", "Save conversation"), ("Insert emoji", "")] {
        browser
            .run("named('button', arguments[0]).focus()", json!([button]))
            .await;
        browser.key(Key::Enter).await;
        // What draws the emoji comes when it is first needed: until then there is no stop inside.
        let filled = "return document.querySelector('[aria-expanded=true]') && document.querySelector('.menu__items button, .emoji-picker button')";
        browser
            .until("it is unfolded, and something is in it", filled, json!([]))
            .await;
        browser.key(Key::Tab).await;
        let within = "return document.activeElement.closest('.menu__items, .emoji-picker') && nameOf(document.activeElement).startsWith(arguments[0])";
        browser.until("the next stop is inside", within, json!([inside])).await;
        browser.key(Key::Escape).await;
        let back =
            "return nameOf(document.activeElement) === arguments[0] && !document.querySelector('[aria-expanded=true]')";
        browser.until("the button has the focus", back, json!([button])).await;
    }
}

/// Languages as some browsers and systems name them, or do not. The page leaves it to the browser.
#[tokio::test]
async fn a_browser_that_names_its_languages_oddly_has_a_chat() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    for (languages, composer) in [
        ("undefined", MESSAGE),
        ("[]", MESSAGE),
        ("['C']", MESSAGE),
        ("['C', 'de_AT.UTF-8']", "Nachricht"),
        ("['en-US@posix']", MESSAGE),
        ("['zh_Hans_CN']", "消息"),
        ("['iw', 'ar-EG']", "הודעה"),
        ("[7, null, 'x', '--', 'de-DE-']", MESSAGE),
    ] {
        let names =
            format!("Object.defineProperty(navigator, 'languages', {{ value: {languages}, configurable: true }})");
        browser.runs_first(&names).await;
        browser.reload().await;
        browser.sees("button", LAUNCHER).await;
        let boot = "
            Portico('destroy');
            document.documentElement.lang = '';
            Portico('boot', { channel: 'demo' });
            Portico('open')";
        browser.run(boot, json!([])).await;
        browser.into_chat();
        browser.sees("textbox", composer).await;
        let hash = browser.run("return location.hash", json!([])).await;
        assert_eq!(hash, "", "{languages}");
        browser.out_of_chat();
        assert_eq!(browser.seen().await.errors, [""; 0], "{languages}");
    }
}

#[tokio::test]
async fn a_page_that_is_only_dark_has_a_dark_chat() {
    let site = Site::start().await;
    let page =
        "<!doctype html><meta name=color-scheme content=dark><title>Shop</title><body><script async TAG></script>";
    site.serves("/", HTML, page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    browser.prefers("light").await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let script = "
        const launcher = named('button', arguments[0]);
        return ['', 'only dark', 'light only', 'light dark'].map((style) => {
            document.documentElement.style.colorScheme = style;
            Portico('pageView');
            return getComputedStyle(launcher).colorScheme;
        })";
    let found = browser.run(script, json!([UNNAMED_LAUNCHER])).await;
    assert_eq!(found, json!(["dark", "dark", "light", "light dark"]));
}

/// What a page's owner may write, by mistake or not.
#[tokio::test]
async fn odd_attributes_and_calls_spoil_nothing_and_are_told_to_the_console() {
    let site = Site::start().await;
    let page = format!(
        "<!doctype html><title>Shop</title><body><script>window.Portico = {{ q: {{}} }}</script>
        <script type=module src='{}/embed.js#x' data-channel=guest></script>",
        site.relay.origin()
    );
    site.serves("/", HTML, &page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let looks = "
        const options = { channel: 'guest', position: '', zIndex: '', label: '' };
        return arguments[0].map((odd) => {
            Portico('destroy');
            Portico('boot', { ...options, ...odd });
            const root = document.querySelector('portico-chat').shadowRoot;
            const launcher = root.querySelector('.launcher');
            const { zIndex } = getComputedStyle(root.querySelector('.dock'));
            return [zIndex, root.firstChild.className, launcher.ariaLabel, Math.round(launcher.offsetWidth / 300)];
        })";
    let long = "L".repeat(500);
    let odd = json!([
        { "zIndex": "5.5" }, { "zIndex": "9e22" }, { "zIndex": "Infinity" }, { "zIndex": "x" },
        { "position": "open" }, { "label": " \u{200b}" }, { "label": long },
    ]);
    let expected = json!([
        ["5", "", UNNAMED_LAUNCHER, 0],
        ["2147483647", "", UNNAMED_LAUNCHER, 0],
        ["2147483647", "", UNNAMED_LAUNCHER, 0],
        ["2147483000", "", UNNAMED_LAUNCHER, 0],
        ["2147483000", "", UNNAMED_LAUNCHER, 0],
        ["2147483000", "", UNNAMED_LAUNCHER, 0],
        ["2147483000", "", long, 1],
    ]);
    assert_eq!(browser.run(looks, json!([odd])).await, expected);
    browser.hover("button", &long).await;
    let blanks = "
        const words = document.querySelector('portico-chat').shadowRoot.querySelector('.card span');
        return words && getComputedStyle(words).whiteSpace";
    let blanks = browser.until("the newest message has a place", blanks, json!([])).await;
    assert_eq!(blanks, "pre-wrap");

    let calls = "
        Portico('boot', { channel: 'other' });
        Portico('on', 'open');
        Portico('open');
        Portico('destroy');
        Portico('open');
        Portico('boot', { channel: '' });
        Portico('boot', { channel: '\\ud800' })";
    browser.run(calls, json!([])).await;
    let console = browser.console().await;
    for told in [
        "\\\"other\\\" is ignored",
        "boot first",
        "no function",
        "which channel?",
        "URI malformed",
    ] {
        assert!(console.iter().any(|line| line.contains(told)), "{told}: {console:?}");
    }
    assert_eq!(browser.seen().await.errors, [""; 0]);
}
