//! What calls a shopper back who does not look at the chat: from one tab, by what the site and the shopper want.

use crate::ann::Ann;
use crate::looks::is_accessible;
use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::Browser;
use serde_json::{Value, json};

/// A page that notes what the chat does with it: how many tones sound, whether the browser is asked for its permission and by a
/// press, and what is shown on the desktop. The answer of the browser, which all tabs know, stands in the storage.
const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Shop</title><script>
    window.tones = 0;
    window.asked = [];
    window.notes = [];
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) { tones += 1; return start.apply(this, when); };
    window.Notification = class {
        static get permission() { return localStorage.permission ?? 'default'; }
        static async requestPermission() {
            asked.push(navigator.userActivation.isActive);
            return (localStorage.permission = localStorage.answer ?? 'granted');
        }
        constructor(title, options) { notes.push(Object.assign(this, { title }, options)); }
        close() { this.closed = true; }
    };
    </script></head><body><script async TAG EXTRA></script></body></html>";

/// What Ann says first, which is when alerts begin.
const HELLO: &str = "Hello, this is Ann.";

/// A shopper on a page of a site, with the chat open; Ann has said hello.
struct Visit {
    site: Site,
    shopper: Shopper,
    ann: Ann,
}

impl Visit {
    async fn of(extra: &str) -> Self {
        let site = Site::start().await;
        site.serves("/", HTML, &PAGE.replace("EXTRA", extra));
        site.serves("/away", HTML, "<!doctype html><title>Away</title>");
        let shopper = Shopper {
            browser: Browser::open("shopper").await,
        };
        shopper.browser.goto(&site.address("/")).await;
        opens(&shopper).await;
        let mut ann = Ann::takes_over(&site.relay, &site.bot, &shopper).await;
        ann.says(HELLO).await;
        shopper.hears(HELLO).await;
        Self { site, shopper, ann }
    }
}

async fn opens(shopper: &Shopper) {
    shopper.browser.out_of_chat();
    shopper.browser.press("button", UNNAMED_LAUNCHER).await;
    shopper.browser.into_chat();
    shopper.browser.sees("textbox", MESSAGE).await;
    shopper.is_served_by_the_program().await;
}

/// Closes the chat by a press in it; afterwards everything is done on the page.
async fn closes(browser: &Browser) {
    browser.press("button", "Minimise chat").await;
    browser.out_of_chat();
    browser.no_longer_sees("iframe", "").await;
}

/// Waits until so many messages are counted on the launcher.
async fn counts(browser: &Browser, count: u32) {
    let name = match count {
        0 => UNNAMED_LAUNCHER.to_owned(),
        count => format!("{UNNAMED_LAUNCHER} ({count})"),
    };
    let script = "return nameOf(named('button', arguments[0])) === arguments[1]";
    browser
        .until(&format!("{count} are counted"), script, json!([UNNAMED_LAUNCHER, name]))
        .await;
}

/// Waits until the page is called so.
async fn is_titled(browser: &Browser, title: &str) {
    let script = "return document.title === arguments[0]";
    browser
        .until(&format!("the title is {title:?}"), script, json!([title]))
        .await;
}

/// Waits until so many alerts have sounded, of two tones each.
async fn has_sounded(browser: &Browser, times: u32) {
    let what = format!("it has sounded {times} times");
    browser
        .until(&what, "return tones === arguments[0]", json!([2 * times]))
        .await;
}

async fn on_page(browser: &Browser, script: &str) -> Value {
    browser.out_of_chat();
    browser.run(script, json!([])).await
}

/// Waits for a switch of the menu to be on or off.
async fn is_switched(browser: &Browser, name: &str, on: bool) {
    let script = "return named('switch', arguments[0])?.ariaChecked === arguments[1]";
    let what = format!("{name} is {on}");
    browser.until(&what, script, json!([name, on.to_string()])).await;
}

/// From the chat's document on, the tab cannot be seen.
async fn is_hidden(browser: &Browser) {
    browser.into_chat();
    let script = "
        Object.defineProperty(document, 'hidden', { get: () => true });
        document.dispatchEvent(new Event('visibilitychange'));";
    browser.run(script, json!([])).await;
    browser.out_of_chat();
}

#[tokio::test]
async fn of_two_tabs_the_one_that_was_touched_last_calls_and_both_count_the_same() {
    let Visit { site, shopper, mut ann } = Visit::of("").await;
    let browser = &shopper.browser;
    closes(browser).await;
    let [first, second] = browser.second_window().await;
    browser.goto(&site.address("/")).await;
    opens(&shopper).await;
    shopper.hears(HELLO).await;
    closes(browser).await;
    assert_eq!(
        browser.run("return [tones, document.title]", json!([])).await,
        json!([0, "Shop"])
    );

    ann.says("Are you there?").await;
    is_titled(browser, "(1) Shop").await;
    counts(browser, 1).await;
    has_sounded(browser, 1).await;
    browser.turn_to(&first).await;
    counts(browser, 1).await;
    assert_eq!(
        browser.run("return [tones, document.title]", json!([])).await,
        json!([0, "Shop"])
    );
    ann.says("Take your time.").await;
    counts(browser, 2).await;
    browser.turn_to(&second).await;
    counts(browser, 2).await;
    is_titled(browser, "(2) Shop").await;

    // Read in one, nothing is left in the other.
    browser.turn_to(&first).await;
    opens(&shopper).await;
    shopper.hears("Take your time.").await;
    closes(browser).await;
    counts(browser, 0).await;
    browser.turn_to(&second).await;
    counts(browser, 0).await;
    is_titled(browser, "Shop").await;

    // The first one was touched last, and when it goes away the other one takes over, without a second call.
    ann.says("Still here.").await;
    counts(browser, 1).await;
    browser.turn_to(&first).await;
    is_titled(browser, "(1) Shop").await;
    has_sounded(browser, 1).await;
    browser.goto(&site.address("/away")).await;
    browser.turn_to(&second).await;
    is_titled(browser, "(1) Shop").await;
    assert_eq!(browser.run("return tones", json!([])).await, 2, "as before");
}

#[tokio::test]
async fn nothing_calls_while_a_tab_shows_the_chat() {
    let Visit { site, shopper, mut ann } = Visit::of("").await;
    let browser = &shopper.browser;
    closes(browser).await;
    let [first, second] = browser.second_window().await;
    browser.goto(&site.address("/")).await;
    opens(&shopper).await;
    shopper.hears(HELLO).await;
    closes(browser).await;
    // The tab that was touched last shows nothing; the other one shows the chat.
    browser.turn_to(&first).await;
    browser.run("Portico('open')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    ann.says("You see this.").await;
    shopper.hears("You see this.").await;
    browser.turn_to(&second).await;
    counts(browser, 0).await;
    browser.run("Portico('open')", json!([])).await;
    browser.into_chat();
    shopper.hears("You see this.").await;
    assert_eq!(
        on_page(browser, "return [tones, document.title]").await,
        json!([0, "Shop"])
    );
    browser.turn_to(&first).await;
    assert_eq!(
        on_page(browser, "return [tones, document.title]").await,
        json!([0, "Shop"])
    );
}

#[tokio::test]
async fn a_shopper_who_wants_no_sound_hears_none() {
    let Visit {
        site: _site,
        shopper,
        mut ann,
    } = Visit::of("").await;
    let browser = &shopper.browser;
    browser.press("button", "Options").await;
    is_switched(browser, "Sound", true).await;
    is_accessible(browser, "a menu with switches", "html").await;
    browser.press("switch", "Sound").await;
    is_switched(browser, "Sound", false).await;
    closes(browser).await;
    ann.says("Are you there?").await;
    is_titled(browser, "(1) Shop").await;

    browser.reload().await;
    opens(&shopper).await;
    shopper.hears("Are you there?").await;
    browser.press("button", "Options").await;
    is_switched(browser, "Sound", false).await;
    browser.press("switch", "Sound").await;
    is_switched(browser, "Sound", true).await;
    assert_eq!(on_page(browser, "return tones").await, 0);
    browser.into_chat();
    closes(browser).await;
    ann.says("And now?").await;
    has_sounded(browser, 1).await;
}

#[tokio::test]
async fn who_wants_notifications_has_them_while_elsewhere_and_a_press_opens_the_chat() {
    let Visit {
        site: _site,
        shopper,
        mut ann,
    } = Visit::of("").await;
    let browser = &shopper.browser;
    browser.sees("button", "Notify me").await;
    is_accessible(browser, "an offer of notifications", "html").await;
    browser.press("button", "Notify me").await;
    browser.no_longer_sees("button", "Notify me").await;
    let told = "return window.__seen.said.includes('Notifications are on')";
    browser.until("it is said to be so", told, json!([])).await;
    browser.press("button", "Options").await;
    is_switched(browser, "Notifications", true).await;
    closes(browser).await;
    assert_eq!(
        browser.run("return asked", json!([])).await,
        json!([true]),
        "by a press"
    );

    // On the page, the launcher shows it.
    ann.says("Are you there?").await;
    is_titled(browser, "(1) Shop").await;
    has_sounded(browser, 1).await;
    assert_eq!(browser.run("return notes.length", json!([])).await, 0);
    is_hidden(browser).await;
    ann.says("I have found it.").await;
    let note = "return notes[0] && [notes.length, notes[0].title, notes[0].body, notes[0].silent]";
    let note = browser.until("it is shown", note, json!([])).await;
    assert_eq!(note, json!([1, "Ann", "I have found it.", true]));
    browser.run("notes[0].onclick()", json!([])).await;
    browser.sees("iframe", "").await;
    assert_eq!(browser.run("return notes[0].closed", json!([])).await, true);
}

#[tokio::test]
async fn who_declines_is_not_asked_again() {
    let Visit {
        site: _site,
        shopper,
        mut ann,
    } = Visit::of("").await;
    let browser = &shopper.browser;
    browser.press("button", "No, thanks").await;
    browser.no_longer_sees("button", "Notify me").await;
    browser.reload().await;
    opens(&shopper).await;
    ann.says("Anything else?").await;
    shopper.hears("Anything else?").await;
    browser.press("button", "Options").await;
    is_switched(browser, "Notifications", false).await;
    assert!(!browser.has("button", "Notify me").await);
    assert_eq!(on_page(browser, "return asked").await, json!([]));
}

#[tokio::test]
async fn a_browser_that_refuses_notifications_is_said_to_do_so() {
    let Visit {
        site: _site, shopper, ..
    } = Visit::of("").await;
    let browser = &shopper.browser;
    on_page(browser, "localStorage.answer = 'denied'").await;
    browser.into_chat();
    browser.press("button", "Notify me").await;
    let refused = "return document.querySelector('.offer')?.innerText.includes('Your browser does not allow')";
    browser.until("it says so", refused, json!([])).await;
    browser.press("button", "Close").await;
    browser.no_longer_sees("button", "Close").await;
    browser.press("button", "Options").await;
    is_switched(browser, "Notifications", false).await;
}

#[tokio::test]
async fn the_site_decides_which_alerts_there_are() {
    let Visit {
        site: _site,
        shopper,
        mut ann,
    } = Visit::of("data-alerts=\"sound\"").await;
    let browser = &shopper.browser;
    browser.press("button", "Options").await;
    browser.sees("switch", "Sound").await;
    assert!(!browser.has("switch", "Notifications").await && !browser.has("button", "Notify me").await);
    closes(browser).await;
    ann.says("Are you there?").await;
    counts(browser, 1).await;
    has_sounded(browser, 1).await;
    assert_eq!(browser.run("return document.title", json!([])).await, "Shop");
}

#[tokio::test]
async fn the_title_stays_the_pages_own() {
    let Visit {
        site: _site,
        shopper,
        mut ann,
    } = Visit::of("").await;
    let browser = &shopper.browser;
    closes(browser).await;
    ann.says("Are you there?").await;
    is_titled(browser, "(1) Shop").await;
    // A page without page loads has another title by and by, and the agent is told that one.
    browser.run("document.title = 'Tents'", json!([])).await;
    is_titled(browser, "(1) Tents").await;
    browser.run("Portico('pageView')", json!([])).await;
    browser.into_chat();
    let told = "return window.__seen.told.findLast(({ type }) => type === 'init').page.title";
    assert_eq!(browser.run(told, json!([])).await, "Tents");
    opens(&shopper).await;
    browser.out_of_chat();
    is_titled(browser, "Tents").await;
    browser.run("Portico('close')", json!([])).await;
    ann.says("Hello?").await;
    is_titled(browser, "(1) Tents").await;
    browser.run("Portico('destroy')", json!([])).await;
    is_titled(browser, "Tents").await;
}
