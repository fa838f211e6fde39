//! The first screen, before the program runs: what is typed and sent then is neither lost nor sent twice, and nothing moves
//! when the program takes over.

use crate::looks::is_accessible;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::queue::shop_without_team;
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::api;
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::{Value, json};

/// Holds programs back until a test lets them run, or fail as if their file did not come.
const HOLD: &str = "
    const real = WebAssembly.instantiateStreaming;
    const held = new Promise((run, fail) => {
        Object.defineProperty(window, '__run', { value: run });
        Object.defineProperty(window, '__fail', { value: () => fail(new TypeError('Failed to fetch')) });
    });
    WebAssembly.instantiateStreaming = (...args) => held.then(() => real.apply(WebAssembly, args));";

/// Whether the first screen is there, and the page around the frame is known to it.
const IS_FIRST: &str = "return document.querySelector('#first-screen') && __seen.told.length > 0";

/// What is in the text box, what of it is selected, and whether it has the keyboard.
const TYPED: &str = "
    const box = named('textbox', 'Message');
    return [box.value, box.selectionStart, box.selectionEnd, document.activeElement === box]";

/// Somebody whose program does not run yet.
pub(crate) struct Early {
    pub(crate) shopper: Shopper,
}

impl Early {
    /// Comes to the shop, and opens the chat.
    async fn opens(relay: &Relay) -> Self {
        let shopper = Shopper::visits(relay).await;
        let early = Self { shopper };
        early.is_held_back().await;
        early.shopper.browser.reload().await;
        early.sees_the_first_screen().await;
        early
    }

    pub(crate) async fn is_held_back(&self) {
        let browser = &self.shopper.browser;
        browser.runs_first(HOLD).await;
    }

    pub(crate) async fn sees_the_first_screen(&self) {
        self.sees_the_first_screen_after(LAUNCHER).await;
    }

    /// Presses a button of the page, upon which the first screen is there.
    async fn sees_the_first_screen_after(&self, button: &str) {
        let browser = &self.shopper.browser;
        browser.out_of_chat();
        browser.press("button", button).await;
        browser.into_chat();
        browser.until("the first screen is there", IS_FIRST, json!([])).await;
        browser.out_of_chat();
        let is_shown = "return getComputedStyle(chatFrame()).opacity === '1' && shown(chatFrame())";
        assert_eq!(browser.run(is_shown, json!([])).await, true);
        browser.into_chat();
    }

    /// The program runs from here on.
    pub(crate) async fn runs(&self) {
        self.shopper.browser.run("__run()", json!([])).await;
        self.shopper.is_served_by_the_program().await;
    }

    pub(crate) async fn typed(&self) -> Value {
        self.shopper.browser.run(TYPED, json!([])).await
    }
}

#[tokio::test]
pub(crate) async fn what_is_typed_before_the_program_runs_is_kept_as_it_stands() {
    let (relay, bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let browser = &early.shopper.browser;
    let has_keyboard = "return document.activeElement === named('textbox', 'Message')";
    browser
        .until("opening it gives it the keyboard", has_keyboard, json!([]))
        .await;
    browser.keys("Which tent is lite?").await;
    browser
        .run("named('textbox', 'Message').setSelectionRange(14, 18)", json!([]))
        .await;
    early.runs().await;
    assert_eq!(early.typed().await, json!(["Which tent is lite?", 14, 18, true]));
    bot.will_say("The Ridge 2.");
    browser.keys("light").await;
    browser.press("button", "Send").await;
    early.shopper.hears("The Ridge 2.").await;
    early.shopper.reads(&["Which tent is light?", "The Ridge 2."]).await;
}

#[tokio::test]
pub(crate) async fn what_is_sent_before_the_program_runs_is_sent_once_and_in_order() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    shopper.says("One").await;
    shopper.says("Two <b>").await;
    browser.types("textbox", MESSAGE, "Three").await;
    browser.press("button", "Send").await;
    let waiting = "
        return [...document.querySelectorAll('.message')].map((row) =>
            [row.querySelector('p').innerText, row.querySelector('.state').title])";
    let waiting = browser.run(waiting, json!([])).await;
    let expected = ["One", "Two <b>", "Three"].map(|text| json!([text, "Waiting to be sent"]));
    assert_eq!(waiting, json!(expected));
    assert_eq!(early.typed().await, json!(["", 0, 0, true]));
    browser.keys("Fo").await;

    early.runs().await;
    assert_eq!(early.typed().await, json!(["Fo", 2, 2, true]));
    for text in ["One", "Two <b>", "Three"] {
        shopper.has_said(text).await;
    }
    browser.keys("ur\u{e007}").await;
    shopper.has_said("Four").await;
    shopper.reads(&["One", "Two <b>", "Three", "Four"]).await;
}

#[tokio::test]
async fn what_is_written_is_there_again_when_the_program_did_not_come() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    shopper.says("One").await;
    browser.keys("Tw").await;
    browser.out_of_chat();
    // As when the page gives up the frame, and the visitor tries again.
    let again = "Portico('destroy'); Portico('boot', { channel: 'demo' })";
    browser.run(again, json!([])).await;
    early.sees_the_first_screen().await;
    shopper.reads(&["One"]).await;
    browser.keys("o").await;
    early.runs().await;
    assert_eq!(early.typed().await, json!(["Two", 3, 3, true]));
    shopper.has_said("One").await;
    shopper.reads(&["One"]).await;
    let kept = "return Object.keys(sessionStorage).filter((key) => key.startsWith('portico.first.')).length";
    assert_eq!(browser.run(kept, json!([])).await, 0);
}

#[tokio::test]
async fn what_is_written_is_there_again_when_the_programs_file_did_not_come() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    shopper.says("One").await;
    browser.keys("Tw").await;
    browser.run("__fail()", json!([])).await;
    early.sees_the_first_screen_after("Try again").await;
    shopper.reads(&["One"]).await;
    assert_eq!(early.typed().await[0], "Tw");
    early.runs().await;
    shopper.has_said("One").await;
    shopper.reads(&["One"]).await;
    assert_eq!(early.typed().await[0], "Tw");
}

/// A customer's proof for the shop.
fn proof(customer: &str) -> String {
    api::site_token(&json!({ "sub": customer, "name": customer }))
}

const IS_EMPTY: &str = "return !document.querySelector('.message') && named('textbox', 'Message').value === ''";

#[tokio::test]
async fn what_one_visitor_wrote_before_a_logout_is_not_sent_as_the_next_ones() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    shopper.says("Mine").await;
    browser.keys("Mine too").await;
    browser.out_of_chat();
    let changes = "Portico('logout'); Portico('identify', { jwt: arguments[0] })";
    browser.run(changes, json!([proof("omar")])).await;
    browser.into_chat();
    browser.until("nothing of it is shown", IS_EMPTY, json!([])).await;
    browser.types("textbox", MESSAGE, "I am Omar").await;
    browser.out_of_chat();
    browser.run("Portico('pageView')", json!([])).await;
    browser.into_chat();
    early.runs().await;
    assert_eq!(early.typed().await[0], "I am Omar");
    browser.keys("\u{e007}").await;
    shopper.has_said("I am Omar").await;
    shopper.reads(&["I am Omar"]).await;
}

#[tokio::test]
async fn what_a_customer_wrote_is_kept_for_that_customer() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    shopper.says("Mine").await;
    browser.out_of_chat();
    let becomes = "
        if (arguments[1]) Portico('destroy');
        Portico('identify', { jwt: arguments[0] });
        Portico('boot', { channel: 'demo' })";
    browser.run(becomes, json!([proof("maria"), false])).await;
    browser.into_chat();
    // Who signs in is the same.
    let returns = "return 'returns' in document.documentElement.dataset";
    browser.until("she is known", returns, json!([])).await;
    shopper.reads(&["Mine"]).await;

    browser.out_of_chat();
    browser.run(becomes, json!([proof("maria"), true])).await;
    early.sees_the_first_screen().await;
    shopper.reads(&["Mine"]).await;

    browser.out_of_chat();
    browser.run(becomes, json!([proof("omar"), true])).await;
    early.sees_the_first_screen().await;
    assert_eq!(browser.run(IS_EMPTY, json!([])).await, true);
    early.runs().await;
    assert_eq!(browser.run(IS_EMPTY, json!([])).await, true);
}

#[tokio::test]
async fn a_page_that_the_browser_has_kept_does_not_send_again_what_the_next_one_sent() {
    let site = Site::start().await;
    let page = "<!doctype html><html lang=\"en\"><title>NAME</title><body><script async TAG></script></body></html>";
    site.serves("/", HTML, &page.replace("NAME", "Shop"));
    site.serves("/other", HTML, &page.replace("NAME", "Other"));
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let early = Early { shopper };
    early.is_held_back().await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    early.sees_the_first_screen_after(UNNAMED_LAUNCHER).await;
    shopper.says("One").await;
    browser.out_of_chat();
    browser
        .run("window.__same = true; location.href = '/other'", json!([]))
        .await;
    let there = "return document.title === arguments[0]";
    browser.until("it is on the other page", there, json!(["Other"])).await;
    early.sees_the_first_screen_after(UNNAMED_LAUNCHER).await;
    shopper.reads(&["One"]).await;
    early.runs().await;
    shopper.has_said("One").await;

    browser.out_of_chat();
    browser.run("history.back()", json!([])).await;
    browser.until("it is back", there, json!(["Shop"])).await;
    assert_eq!(
        browser.run("return window.__same", json!([])).await,
        true,
        "it was kept"
    );
    browser.into_chat();
    browser.until("nothing waits", IS_EMPTY, json!([])).await;
    early.runs().await;
    shopper.reads(&["One"]).await;
    shopper.says("Two").await;
    shopper.has_said("Two").await;
    shopper.reads(&["One", "Two"]).await;
}

#[tokio::test]
async fn a_mouse_that_comes_near_the_launcher_has_the_chat_fetched() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let moves = "
        const { left, top } = named('button', arguments[0]).getBoundingClientRect();
        const [x, y] = arguments[1] ? [left - 60, top - 60] : [left - 300, top - 300];
        dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y }));
        requestAnimationFrame(() => requestAnimationFrame(() => done(!!chatFrame())))";
    assert_eq!(browser.run_async(moves, json!([LAUNCHER, false])).await, false);
    assert_eq!(browser.run_async(moves, json!([LAUNCHER, true])).await, true);
}

#[tokio::test]
async fn a_first_question_that_is_pressed_before_the_program_runs_is_asked() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let browser = &early.shopper.browser;
    let question = "return document.querySelector('.welcome__starters button').innerText";
    let question = browser.run(question, json!([])).await;
    let question = question.as_str().expect("the shop has first questions");
    browser.press("button", question).await;
    early.runs().await;
    early.shopper.has_said(question).await;
    early.shopper.reads(&[question]).await;
}

#[tokio::test]
async fn the_screen_stays_while_an_input_method_chooses_a_word() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let browser = &early.shopper.browser;
    browser.press("textbox", MESSAGE).await;
    let composed = json!({ "text": "にほ", "selectionStart": 2, "selectionEnd": 2 });
    browser.devtools("Input.imeSetComposition", composed).await;
    let composes = "return firstScreen.composing && named('textbox', 'Message').value === 'にほ'";
    browser.until("a word is chosen", composes, json!([])).await;
    // Enter is the input method's.
    let enter = "
        const key = { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true };
        return named('textbox', 'Message').dispatchEvent(new KeyboardEvent('keydown', key))";
    assert_eq!(browser.run(enter, json!([])).await, true);
    assert_eq!(early.typed().await, json!(["にほ", 2, 2, true]));

    browser.run("__run()", json!([])).await;
    let is_ready = "return document.querySelectorAll('.root').length === 2 && !document.querySelector('.root:not(#first-screen) .window')";
    browser.until("the program waits", is_ready, json!([])).await;
    browser.devtools("Input.insertText", json!({ "text": "日本" })).await;
    early.shopper.is_served_by_the_program().await;
    assert_eq!(early.typed().await, json!(["日本", 2, 2, true]));
}

#[tokio::test]
async fn nothing_moves_and_nothing_is_said_when_the_program_takes_over() {
    let (relay, _bot) = shop_with_bot().await;
    let early = Early::opens(&relay).await;
    let browser = &early.shopper.browser;
    // The picture's colour is the accent's, whatever its class.
    let look = "
        const box = (el) => { const { x, y, width, height } = el.getBoundingClientRect(); return [x, y, width, height].join(); };
        const classes = (el) => (el.getAttribute('class') || '').replace(/ avatar--\\d/, '');
        return everything(document.body).filter((el) => el.closest('.window') && shown(el)).map((el) => [
            el.localName, classes(el), roleOf(el), nameOf(el), el.getAttribute('d'),
            getComputedStyle(el).color, getComputedStyle(el).backgroundColor, box(el)].join('|'))";
    is_accessible(browser, "the first screen", "html").await;
    let before = browser.run(look, json!([])).await;
    early.runs().await;
    let after = browser.run(look, json!([])).await;
    let lines = |look: &Value| -> Vec<String> { serde_json::from_value(look.clone()).expect("lines") };
    let (before, after) = (lines(&before), lines(&after));
    assert!(before.len() > 20, "{before:?}");
    for (at, (before, after)) in before.iter().zip(&after).enumerate() {
        assert_eq!(before, after, "{at}");
    }
    assert_eq!(before.len(), after.len());
    assert_eq!(browser.seen().await.said, [""; 0]);
    assert_eq!(browser.seen().await.violations, [""; 0]);
}

#[tokio::test]
async fn outside_of_hours_the_first_screen_says_when_the_team_is_back_as_the_program_does() {
    for days in [1, 3, 9] {
        let (relay, _bot) = shop_without_team(days).await;
        let early = Early::opens(&relay).await;
        let browser = &early.shopper.browser;
        let note = "
            const note = document.querySelector('.welcome__expectation');
            return [note.textContent, ...note.getAttributeNames()].join('|')";
        let before = browser.run(note, json!([])).await;
        early.runs().await;
        let after = browser.run(note, json!([])).await;
        assert_eq!(before, after, "in {days} days");
        let text = before.as_str().expect("a text");
        assert!(text.contains("We are back ") && text.contains("9:00"), "{text}");
        assert_eq!(text.contains("tomorrow"), days == 1, "{text}");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_brings_no_team_back() {
    let (relay, _bot) = shop_without_team(3).await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let ahead = "
        const noon = new Date(performance.timeOrigin + 3 * 864e5).setUTCHours(12);
        Date.now = () => noon + performance.now();";
    let ahead = json!({ "source": ahead });
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", ahead).await;
    let early = Early { shopper };
    early.is_held_back().await;
    let browser = &early.shopper.browser;
    browser.reload().await;
    early.sees_the_first_screen().await;
    early.runs().await;
    let is_away = "return document.querySelector('.welcome__expectation')?.textContent.includes('We are back ')";
    browser.until("the team is away", is_away, json!([])).await;
}

#[tokio::test]
async fn who_was_here_before_is_not_greeted_anew_and_may_type_at_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let early = Early { shopper };
    early.is_held_back().await;
    early.shopper.browser.reload().await;
    early.sees_the_first_screen().await;
    let browser = &early.shopper.browser;
    let greeting = "return shown(document.querySelector('.welcome__greeting'))";
    assert_eq!(browser.run(greeting, json!([])).await, false);
    early.shopper.says("It is me again").await;
    early.runs().await;
    early.shopper.has_said("It is me again").await;
    early.shopper.reads(&["Hello", "Hello.", "It is me again"]).await;
}

#[tokio::test]
async fn the_first_screen_speaks_the_language_of_the_page_and_looks_like_it() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let early = Early { shopper };
    early.is_held_back().await;
    let browser = &early.shopper.browser;
    browser.reload().await;
    let wishes = "Portico('setLocale', 'ar-EG'); Portico('setTheme', 'dark'); Portico('open')";
    browser.run(wishes, json!([])).await;
    browser.into_chat();
    browser.until("the first screen is there", IS_FIRST, json!([])).await;
    let look = "
        const root = document.documentElement;
        return [root.lang, root.dir, root.dataset.theme, document.querySelector('#composer').placeholder]";
    let look = browser.run(look, json!([])).await;
    assert_eq!(look, json!(["ar-EG", "rtl", "dark", "اكتب رسالة"]));
    browser.run("__run()", json!([])).await;
    let runs = "return !document.querySelector('#first-screen') && document.querySelector('#composer').placeholder";
    assert_eq!(browser.until("the program runs", runs, json!([])).await, "اكتب رسالة");
    let requests = browser.requests().await;
    let files = requests.iter().filter(|address| address.ends_with("/ar.json")).count();
    assert_eq!(
        files, 1,
        "the file that is fetched ahead is the one that is read: {requests:?}"
    );
}
