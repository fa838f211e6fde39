//! The script that the script tag fetches beside the frame: it comes under any policy that lets the tag in, and where it does
//! not come the visitor is told.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::json;
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_policy_that_names_no_address_but_a_nonce_lets_both_scripts_in() {
    let site = Site::start().await;
    let policy = "default-src 'none'; script-src 'nonce-cGVhcg=='; frame-src http:; require-trusted-types-for 'script'; \
                  trusted-types 'none'";
    let page =
        "<!doctype html><html lang=\"en\"><title>Shop</title><body><script async nonce=\"cGVhcg==\" TAG></script>";
    site.serves_under(policy, "/", HTML, page);
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    browser.run("Portico('close')", json!([])).await;
    let closed = "return named('button', arguments[0])?.ariaExpanded === 'false'";
    browser.until("it is closed", closed, json!([UNNAMED_LAUNCHER])).await;
    let seen = browser.seen().await;
    assert_eq!((seen.errors, seen.violations), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_second_script_that_does_not_come_is_told_and_can_be_tried_again() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.blocks(&["*/embed/chat.js*"]).await;
    browser.press("button", LAUNCHER).await;
    browser.sees("button", "Try again").await;
    browser.blocks(&[]).await;
    browser.press("button", "Try again").await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_greeted(&bot).await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// A browser or a cache on the way may have kept either script from before an upgrade of the relay.
#[tokio::test]
async fn the_second_script_is_asked_for_by_its_content() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.out_of_chat();
    let asked = "return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.includes('chat.js'))";
    let version = version_of(&relay).await;
    let address = format!("{}/embed/chat.js?{version}", relay.origin());
    assert_eq!(browser.run(asked, json!([])).await, json!([address]));
}

/// The script tag of before the chat had themes, whose second script it was that heard of steps back.
const BEFORE: &str = include_str!("fixtures/embed_before_theming.js");

/// A page that was open during an upgrade of the relay has the first script of before, and gets the second one of now.
#[tokio::test]
async fn a_first_script_of_before_works_with_the_second_one_of_now() {
    let site = Site::start().await;
    site.serves_as_it_is("/before.js", "text/javascript", BEFORE);
    let page = "<!doctype html><html lang=\"en\"><title>Shop</title><body><script>
        const currentScript = { localName: 'script', src: 'RELAY/embed.js', dataset: { channel: 'guest' } };
        Object.defineProperty(document, 'currentScript', { get: () => currentScript });
        </script><script src=\"/before.js\"></script>";
    site.serves("/", HTML, page);
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    let moves = "
        document.documentElement.append(document.createElement('div'));
        history.pushState({}, '', '#further');
        addEventListener('popstate', () => setTimeout(done, 200));
        history.back();";
    browser.run_async(moves, json!([])).await;
    browser.run("Portico('close'); Portico('open')", json!([])).await;
    browser.into_chat();
    let told = "return window.__seen.told.filter((message) => message.type === 'init').length > 2";
    browser.until("the chat is told of it", told, json!([])).await;
    browser.out_of_chat();
    browser.run("Portico('destroy')", json!([])).await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// The first digits of the build's hash of what the relay serves as the second script.
async fn version_of(relay: &Relay) -> String {
    let served = reqwest::get(format!("{}/embed/chat.js", relay.origin())).await;
    let script = served.expect("answered").bytes().await.expect("a script");
    hex::encode(Sha256::digest(&script))[..16].to_owned()
}
