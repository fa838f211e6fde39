//! What pages do to a launcher that is none of their business: throw their body away, style what they find, print, load the
//! script in some other way.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER, XHTML};
use portico_tests::browser::Browser;
use serde_json::{Value, json};

/// Ways in which a page replaces its content.
const REPLACES: [&str; 4] = [
    "document.body.replaceChildren()",
    "document.body.replaceWith(Object.assign(document.createElement('body'), { textContent: 'Another page' }))",
    "document.documentElement.replaceChildren(document.head, document.createElement('body'))",
    "document.querySelector('portico-chat').remove()",
];

const LAUNCHERS: &str = "return everything(document).filter((el) => el.className === 'launcher' && shown(el)).length";

async fn launchers(browser: &Browser) -> Value {
    browser.run(LAUNCHERS, json!([])).await
}

#[tokio::test]
pub(crate) async fn a_page_that_throws_its_body_away_keeps_one_launcher_and_its_chat() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    browser.types("textbox", MESSAGE, "Not sent yet").await;
    for replace in REPLACES {
        browser.out_of_chat();
        browser.run(replace, json!([])).await;
        let one = format!("{LAUNCHERS} === 1");
        browser.until("one launcher", &one, json!([])).await;
        browser.into_chat();
        browser.sees("textbox", MESSAGE).await;
        let kept = "return document.querySelector('textarea').value === 'Not sent yet'";
        browser
            .until(&format!("the draft after {replace}"), kept, json!([]))
            .await;
    }
    bot.will_say("I heard you.");
    shopper.says("Hello").await;
    shopper.hears("I heard you.").await;
    browser.out_of_chat();
    browser.run("Portico('destroy')", json!([])).await;
    browser
        .run("document.body.replaceWith(document.createElement('body'))", json!([]))
        .await;
    browser
        .run("return new Promise(requestAnimationFrame)", json!([]))
        .await;
    assert_eq!(launchers(browser).await, json!(0), "nothing comes back");
}

#[tokio::test]
async fn the_styles_of_a_page_do_not_reach_the_launcher() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let at = "
        const launcher = everything(document).find((el) => el.className === 'launcher');
        const { right, bottom } = launcher.getBoundingClientRect();
        return [Math.round(innerWidth - right), Math.round(innerHeight - bottom)]";
    let before = browser.run(at, json!([])).await;
    let style = "
        const rules = new CSSStyleSheet();
        rules.replaceSync(`body { transform: translateZ(0); height: 5000px }
            :empty { display: none } body > * { visibility: hidden } portico-chat { opacity: 0; display: none }
            html > * { filter: blur(9px); position: relative }`);
        document.adoptedStyleSheets = [rules];
        scrollTo(0, 2000)";
    browser.run(style, json!([])).await;
    assert_eq!(browser.run(at, json!([])).await, before);
    assert_eq!(launchers(browser).await, json!(1));
    let clear = "
        const { opacity, filter, display } = getComputedStyle(document.querySelector('portico-chat'));
        return [opacity, filter, display !== 'none']";
    assert_eq!(browser.run(clear, json!([])).await, json!(["1", "none", true]));
    let above = "
        const banner = document.body.appendChild(document.createElement('p'));
        const rules = new CSSStyleSheet();
        rules.replaceSync('p { position: fixed; inset: auto 0 0; height: 99px; z-index: 1000 }');
        document.adoptedStyleSheets = [rules];
        return document.elementFromPoint(innerWidth - 40, innerHeight - 40).localName";
    assert_eq!(browser.run(above, json!([])).await, json!("portico-chat"));
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
}

#[tokio::test]
async fn a_chat_has_the_scheme_that_its_page_has() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.prefers("light").await;
    let dark = "
        const rules = new CSSStyleSheet();
        rules.replaceSync(':root { color-scheme: dark }');
        document.adoptedStyleSheets = [rules]";
    browser.run(dark, json!([])).await;
    shopper.opens().await;
    let is_dark = "return document.documentElement.dataset.theme === 'dark'";
    browser.until("the chat is dark", is_dark, json!([])).await;
}

#[tokio::test]
async fn the_script_says_once_what_is_wrong_with_how_it_is_loaded() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let load = "
        const policy = trustedTypes.createPolicy('test', { createScriptURL: (address) => address });
        const tag = document.createElement('script');
        tag.src = policy.createScriptURL(arguments[0]);
        Object.assign(tag.dataset, { channel: arguments[1] });
        if (arguments[2]) tag.type = 'module';
        tag.onload = () => done(true);
        tag.onerror = () => done(false);
        document.head.append(tag)";
    let address = format!("{}/embed.js", relay.origin());
    browser.run_async(load, json!([address, "another", false])).await;
    let console = browser.console().await;
    let told = console.iter().filter(|line| line.contains("another")).count();
    assert_eq!(told, 1, "{console:?}");
    assert_eq!(launchers(browser).await, json!(1));

    browser.run("Portico('destroy'); delete window.Portico; document.querySelectorAll('script').forEach((tag) => tag.remove())", json!([])).await;
    let loaded = browser.run_async(load, json!([address, "demo", true])).await;
    assert_eq!(loaded, json!(true), "a module of another origin is served");
    browser
        .until("one launcher", &format!("{LAUNCHERS} === 1"), json!([]))
        .await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn a_page_on_paper_has_no_launcher() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.out_of_chat();
    let shows = "return document.querySelector('portico-chat').checkVisibility()";
    for (medium, shown) in [("print", false), ("screen", true)] {
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "media": medium }))
            .await;
        assert_eq!(browser.run(shows, json!([])).await, shown, "{medium}");
        assert_eq!(launchers(browser).await, json!(u8::from(shown)), "{medium}");
    }
}

/// The tag as pages of all kinds write it.
#[tokio::test]
pub(crate) async fn the_tag_works_in_xhtml_and_as_a_module() {
    let site = Site::start().await;
    site.serves(
        "/xhtml",
        XHTML,
        "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><title>Shop</title></head>\
         <body><p>Tents</p><script async=\"async\" TAG></script></body></html>",
    );
    site.serves(
        "/xhtml/head",
        XHTML,
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><title>Shop</title><script TAG></script></head><body/></html>",
    );
    site.serves(
        "/module",
        HTML,
        "<!doctype html><html lang=\"en\"><title>Shop</title><script type=\"module\" TAG></script><p>Tents",
    );
    let browser = Browser::open("shopper").await;
    for path in ["/xhtml", "/xhtml/head", "/module"] {
        browser.goto(&site.address(path)).await;
        browser.press("button", UNNAMED_LAUNCHER).await;
        browser.into_chat();
        browser.sees("textbox", MESSAGE).await;
        browser.out_of_chat();
        assert_eq!(browser.seen().await.errors, [""; 0], "{path}");
    }
}

#[tokio::test]
async fn a_script_that_is_copied_into_the_page_says_how_it_is_loaded() {
    let site = Site::start().await;
    let script = reqwest::get(format!("{}/embed.js", site.relay.origin())).await;
    let script = script.expect("the script").text().await.expect("a text");
    let page =
        format!("<!doctype html><html lang=\"en\"><title>Shop</title><script data-channel=\"guest\">{script}</script>");
    site.serves("/", HTML, &page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    let console = browser.console().await;
    let told: Vec<&String> = console.iter().filter(|line| line.contains("portico")).collect();
    assert!(
        matches!(&told[..], [line] if line.contains("load it by its address: ")),
        "{console:?}"
    );
    assert_eq!(browser.seen().await.errors, [""; 0]);
    assert_eq!(browser.run(LAUNCHERS, json!([])).await, json!(0));
}

/// A document in a sandbox has no origin, so that no list of origins can have it.
#[tokio::test]
async fn in_a_sandbox_the_console_names_the_origin_that_the_browser_names() {
    let site = Site::start().await;
    let page = "<!doctype html><html lang=\"en\"><title>Shop</title><script async TAG></script>";
    site.serves_under("sandbox allow-scripts", "/", HTML, page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.sees("button", "Try again").await;
    let told = format!(
        "\"portico:\" \"{}/widget/frame/guest?locale=en\" \"for\" \"null\"",
        site.relay.origin()
    );
    let console = browser.console().await;
    let lines = console.iter().filter(|line| line.contains(&told)).count();
    assert_eq!(lines, 1, "{console:?}");
    assert_eq!(browser.seen().await.errors, [""; 0]);
}
