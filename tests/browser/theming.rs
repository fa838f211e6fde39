//! How a site makes the chat its own: by attributes, commands and its style sheet; a launcher of its own; the chat as a part
//! of the page.

use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::{Browser, Key};
use serde_json::{Value, json};

/// A visitor on a page with this in its body.
async fn visits(site: &Site, body: &str) -> Shopper {
    let page = format!("<!doctype html><html lang=\"en\"><title>Shop</title><body>{body}</body></html>");
    site.serves("/", HTML, &page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    Shopper { browser }
}

/// What the launcher's elements look like: background, font, rounding, both distances, layer, and the icon.
async fn launcher(browser: &Browser) -> Value {
    let script = "
        const root = document.querySelector('portico-chat').shadowRoot;
        const find = (selector) => root.querySelector(selector);
        const look = getComputedStyle(find('.launcher'));
        const { right, bottom } = find('.launcher').getBoundingClientRect();
        return [look.backgroundColor, look.color, look.fontFamily, look.borderRadius, Math.round(innerWidth - right), Math.round(innerHeight - bottom),
            getComputedStyle(find('.dock')).zIndex, find('path').getAttribute('d').slice(0, 5)]";
    browser.run(script, json!([])).await
}

/// Waits until the document in the frame looks like this: accent, font, rounding of cards and of bubbles.
async fn chat_looks(browser: &Browser, expected: Value) {
    browser.into_chat();
    let script = "
        const look = getComputedStyle(document.documentElement);
        const found = ['--accent', '--font', '--radius-card', '--radius-bubble'].map((name) => look.getPropertyValue(name));
        if (JSON.stringify(found) === JSON.stringify(arguments[0])) return true;
        throw new Error(JSON.stringify(found))";
    browser.until("the chat looks so", script, json!([expected])).await;
    browser.out_of_chat();
}

#[tokio::test]
async fn attributes_commands_and_the_pages_style_sheet_theme_launcher_and_chat() {
    let site = Site::start().await;
    let body =
        "<style>:root { --portico-accent: #ffd400; --portico-radius: 4px; --portico-side: 2rem; --portico-bottom: 7px }
        portico-chat { --portico-font: monospace; --portico-z-index: 77 }</style>
        <script async TAG data-icon=\"M0 0h24\" data-bottom=\"50\"></script>";
    let shopper = visits(&site, body).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    assert_eq!(
        launcher(browser).await,
        json!([
            "rgb(255, 212, 0)",
            "rgb(0, 0, 0)",
            "monospace",
            "4px",
            32,
            50,
            "77",
            "M0 0h"
        ]),
        "an attribute goes before the style sheet"
    );
    browser.press("button", UNNAMED_LAUNCHER).await;
    chat_looks(browser, json!(["#ffd400", "monospace", "4px", "calc(1.5*4px)"])).await;

    let themes = "Portico('setTheme', { theme: 'dark', accent: '#123456', font: 'Georgia, serif', radius: 0, side: '12px', zIndex: 9, icon: 'M1 1h9' })";
    browser.run(themes, json!([])).await;
    assert_eq!(
        launcher(browser).await,
        json!([
            "rgb(18, 52, 86)",
            "rgb(255, 255, 255)",
            "Georgia, serif",
            "0px",
            12,
            50,
            "9",
            "M1 1h"
        ])
    );
    chat_looks(browser, json!(["#123456", "Georgia, serif", "0px", "calc(1.5*0px)"])).await;
    browser.into_chat();
    let dark = "return document.documentElement.dataset.theme === 'dark'";
    browser.until("the chat is dark", dark, json!([])).await;
    browser.out_of_chat();
    browser.run("Portico('setTheme', 'light')", json!([])).await;
    browser.into_chat();
    let light = "return document.documentElement.dataset.theme === 'light' && document.documentElement.style.getPropertyValue('--font') === 'Georgia, serif'";
    browser.until("the rest stays", light, json!([])).await;
}

/// A value is a value: it cannot end the rule that it stands in, and what makes no sense is as good as nothing.
#[tokio::test]
async fn no_value_of_a_theme_is_more_than_a_value() {
    let site = Site::start().await;
    let shopper = visits(&site, "<script async TAG></script>").await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let before = launcher(browser).await;
    let themes = "
        const odd = '1px}.launcher{display:none}';
        Portico('setTheme', { accent: odd, font: odd, radius: odd, side: odd, bottom: odd, zIndex: odd, launcher: '', container: '][' })";
    browser.run(themes, json!([])).await;
    assert_eq!(launcher(browser).await, before);
    browser
        .run("Portico('setTheme', null); Portico('setTheme', 7)", json!([]))
        .await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn an_element_of_the_page_opens_the_chat_in_the_launchers_place() {
    let site = Site::start().await;
    let body =
        "<p><a id=help href=\"/contact\"><b>Help me</b></a></p><script async TAG data-launcher=\"#help\"></script>";
    let shopper = visits(&site, body).await;
    let browser = &shopper.browser;
    let expanded = "return document.querySelector('#help')?.ariaExpanded === arguments[0]";
    browser.until("it says what it is", expanded, json!(["false"])).await;
    assert!(!browser.has("button", UNNAMED_LAUNCHER).await, "there is no other");
    browser.hover("link", "Help me").await;
    let ahead = "return chatFrame()";
    browser.until("the chat is fetched ahead", ahead, json!([])).await;
    browser.press("link", "Help me").await;
    browser.until("it is open", expanded, json!(["true"])).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_greeted(&site.bot).await;
    browser.key(Key::Escape).await;
    browser.out_of_chat();
    browser.until("it is closed", expanded, json!(["false"])).await;
    let focused = "return document.activeElement === document.querySelector('#help')";
    browser.until("the keyboard is where it was", focused, json!([])).await;
    assert_eq!(
        browser.run("return location.pathname", json!([])).await,
        "/",
        "the link leads nowhere"
    );

    // The page draws it anew, and another one beside it.
    let anew =
        "const link = document.querySelector('#help'); link.replaceWith(link.cloneNode(true)); Portico('pageView')";
    browser.run(anew, json!([])).await;
    browser.press("link", "Help me").await;
    browser.until("it is open", expanded, json!(["true"])).await;
    browser.has_room(360, 640).await;
    browser.into_chat();
    browser.press("button", "Minimise chat").await;
    browser.out_of_chat();
    browser.until("it is closed", expanded, json!(["false"])).await;
    browser
        .until("the keyboard is at the link that was inert", focused, json!([]))
        .await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

const SHOP_WITH_PLACE: &str = "<input id=name autofocus><div id=chat style=\"width: 500px; height: 400px\"></div>
    <script async TAG data-container=\"#chat\"></script>";

/// Where the frame is in the page, and in which element.
const PLACE: &str = "
    const frame = chatFrame();
    if (!frame) return false;
    const { width, height } = frame.getBoundingClientRect();
    return [Math.round(width), Math.round(height), document.querySelector('#chat')?.contains(document.querySelector('portico-chat')) ?? false]";

#[tokio::test]
async fn the_chat_can_be_a_part_of_the_page() {
    let site = Site::start().await;
    let shopper = visits(&site, SHOP_WITH_PLACE).await;
    let browser = &shopper.browser;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_served_by_the_program().await;
    assert!(!browser.has("button", "Minimise chat").await, "nothing closes it");
    browser.out_of_chat();
    assert!(!browser.has("button", UNNAMED_LAUNCHER).await, "nothing opens it");
    assert_eq!(browser.run(PLACE, json!([])).await, json!([500, 400, true]));
    let focused = "return document.activeElement === document.querySelector('#name')";
    assert_eq!(
        browser.run(focused, json!([])).await,
        true,
        "the keyboard is the page's"
    );

    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    browser.key(Key::Escape).await;
    browser.out_of_chat();
    browser.run("Portico('close')", json!([])).await;
    browser.has_room(360, 640).await;
    let page = "return [document.body.inert, chatFrame().checkVisibility(), history.state]";
    assert_eq!(browser.run(page, json!([])).await, json!([false, true, null]));
    browser.has_room(1280, 900).await;

    // As Turbo goes to a page without the place, and back.
    let without = "const body = document.createElement('body'); body.append('Elsewhere'); window.before = document.body; document.body.replaceWith(body)";
    browser.run(without, json!([])).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    shopper.hears("Hello.").await;
    browser.out_of_chat();
    assert_eq!(browser.run(PLACE, json!([])).await, json!([380, 640, false]));
    browser.run("document.body.replaceWith(before)", json!([])).await;
    let back = PLACE.replace(
        "return [",
        "return document.querySelector('#chat').contains(document.querySelector('portico-chat')) && [",
    );
    assert_eq!(
        browser.until("it is in its place", &back, json!([])).await,
        json!([500, 400, true])
    );
    browser.into_chat();
    shopper.hears("Hello.").await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn a_part_of_the_page_that_is_out_of_sight_is_fetched_when_it_comes_into_it() {
    let site = Site::start().await;
    let body = "<div style=\"height: 5000px\"></div><div id=chat style=\"height: 400px\"></div>
        <script async TAG data-container=\"#chat\"></script>";
    let shopper = visits(&site, body).await;
    let browser = &shopper.browser;
    let placed = "return document.querySelector('#chat portico-chat')";
    browser.until("it is placed", placed, json!([])).await;
    let rests = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(!chatFrame()), 100)))";
    assert_eq!(browser.run_async(rests, json!([])).await, true, "nothing is fetched");
    browser
        .run("document.querySelector('#chat').scrollIntoView()", json!([]))
        .await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_served_by_the_program().await;
    shopper.is_greeted(&site.bot).await;

    // What nobody can see is unread.
    browser.out_of_chat();
    let open = "return window.__seen.told.findLast(({ type }) => type === 'init').open === arguments[0]";
    for (does, undoes) in [
        ("scrollTo(0, 0)", "document.querySelector('#chat').scrollIntoView()"),
        ("Portico('hide')", "Portico('show')"),
    ] {
        browser.run(does, json!([])).await;
        browser.into_chat();
        browser.until("it is out of sight", open, json!([false])).await;
        browser.out_of_chat();
        browser.run(undoes, json!([])).await;
        browser.into_chat();
        browser.until("it is in sight", open, json!([true])).await;
        browser.out_of_chat();
    }
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// As routers do it: the page stays, and what is deep in it is another.
#[tokio::test]
pub(crate) async fn an_element_that_comes_later_takes_the_chat() {
    let site = Site::start().await;
    let body = "<main><p>Elsewhere</p></main><script async TAG data-container=\"#chat\"></script>";
    let shopper = visits(&site, body).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let comes = "
        const place = document.createElement('div');
        place.id = 'chat';
        place.style = 'width: 500px; height: 400px';
        document.querySelector('main p').append(place)";
    browser.run(comes, json!([])).await;
    let placed = PLACE.replace("return [", "return document.querySelector('#chat portico-chat') && [");
    assert_eq!(
        browser.until("it is in its place", &placed, json!([])).await,
        json!([500, 400, true])
    );
    browser.run("document.querySelector('#chat').remove()", json!([])).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

/// Where the second script does not come, which knows about places, the chat is above the page.
#[tokio::test]
async fn a_chat_that_cannot_be_a_part_of_the_page_floats() {
    let site = Site::start().await;
    let page = format!("<!doctype html><html lang=\"en\"><title>Shop</title><body>{SHOP_WITH_PLACE}</body></html>");
    site.serves("/", HTML, &page);
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.blocks(&["*/embed/chat.js*"]).await;
    browser.goto(&site.address("/")).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    browser.blocks(&[]).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}
