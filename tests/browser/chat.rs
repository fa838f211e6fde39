//! The chat window itself: how it is laid out, written into and scrolled.

use crate::ann::Ann;
use crate::bodies::media;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key, Network};
use portico_tests::receiver::Reply;
use serde_json::{Value, json};

/// The narrowest phone.
pub(crate) const PHONE: (u32, u32) = (360, 740);

#[tokio::test]
pub(crate) async fn on_a_phone_it_fills_the_screen_and_nothing_runs_out_of_it_in_arabic_either() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    shopper.opens().await;
    let long = "x".repeat(300);
    bot.will(Reply::Say(media(&relay)));
    shopper.says(&long).await;
    browser.sees("heading", "Fern").await;
    shopper.hears_address_card().await;
    fits(browser, "ltr").await;

    browser.out_of_chat();
    let whole = "
        const { x, y, width, height } = chatFrame().getBoundingClientRect();
        return [x, y, width, height].join() === [0, 0, document.documentElement.clientWidth, innerHeight].join()";
    browser.until("the chat fills the screen", whole, json!([])).await;
    browser.run("Portico('setLocale', 'ar')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "رسالة").await;
    shopper.hears_address_card().await;
    fits(browser, "rtl").await;
    let sides = "
        const log = document.querySelector('.log').getBoundingClientRect();
        const gaps = (el) => { const box = el.getBoundingClientRect(); return [box.left - log.left, log.right - box.right]; };
        return ['.message--mine .bubble', '.message:not(.message--mine) .bubble'].map((it) => gaps(document.querySelector(it)))";
    let sides = browser.run(sides, json!([])).await;
    let sides: [[f64; 2]; 2] = serde_json::from_value(sides).expect("two pairs");
    let [[mine_left, mine_right], [left, right]] = sides;
    assert!(
        mine_left < left && mine_right > right,
        "own messages stand where lines end: {sides:?}"
    );
}

/// Nothing is wider than the screen, and lines run in this direction.
pub(crate) async fn fits(browser: &Browser, direction: &str) {
    let script = "
        if (getComputedStyle(document.documentElement).direction !== arguments[0]) return ['direction'];
        const scrolls = (el) => ['auto', 'scroll'].includes(getComputedStyle(el).overflowX) && !el.matches('.log');
        const inside = (el) => el.parentElement && (scrolls(el.parentElement) || inside(el.parentElement));
        const wide = (el) => { const box = el.getBoundingClientRect(); return box.width > 1 && (box.left < -0.5 || box.right > innerWidth + 0.5); };
        const log = document.querySelector('.log');
        return [
            ...(document.documentElement.scrollWidth > innerWidth ? ['page'] : []),
            ...(log.scrollWidth > log.clientWidth ? ['log'] : []),
            ...everything(document.body).filter((el) => shown(el) && wide(el) && !inside(el)).map((el) => el.outerHTML.slice(0, 100)),
        ]";
    let found = browser.run(script, json!([direction])).await;
    assert_eq!(found, json!([]), "{direction}");
}

#[tokio::test]
async fn on_a_phone_the_page_behind_is_out_of_reach_and_back_closes_the_chat() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    let address = browser.run("return location.href", json!([])).await;
    let page = "
        const panel = chatFrame().parentElement;
        return [panel.role, panel.ariaModal, document.body.inert]";
    for closes in ["history.back()", "Portico('close')"] {
        shopper.opens().await;
        browser.out_of_chat();
        let covered = browser.run(page, json!([])).await;
        assert_eq!(covered, json!(["dialog", "true", true]));
        browser.run(closes, json!([])).await;
        browser.sees("button", LAUNCHER).await;
        let free = browser.run(page, json!([])).await;
        assert_eq!(free, json!([null, null, false]), "after {closes}");
        let stays = "return location.href === arguments[0] && !history.state?.portico";
        browser.until("the page is where it was", stays, json!([address])).await;
    }
}

#[tokio::test]
async fn near_the_longest_text_it_says_how_many_characters_are_left() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let write = "
        const box = named('textbox', 'Message');
        box.value = 'x'.repeat(arguments[0]);
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));";
    let says = "return document.querySelector('.composer__length')?.innerText === arguments[0]";
    let idle = "return named('button', 'Send').disabled === arguments[0]";
    for (length, words, disabled) in [
        (15_400, Value::Null, false),
        (15_900, json!("100 characters left"), false),
        (16_000, json!("0 characters left"), false),
        (
            16_010,
            json!("Too long by 10 characters. Shorten it or send it in parts."),
            true,
        ),
    ] {
        browser.run(write, json!([length])).await;
        let silent = "return !document.querySelector('.composer__length')";
        let script = if words.is_null() { silent } else { says };
        browser
            .until(&format!("{length}: {words}"), script, json!([words]))
            .await;
        browser
            .until(&format!("{length}: it can be sent or not"), idle, json!([disabled]))
            .await;
    }
    browser.key(Key::Enter).await;
    assert_eq!(
        shopper.texts().await,
        [""; 0],
        "what is too long stays where it can be shortened"
    );
}

/// Older messages come when they are scrolled to, and what is read stays where it is when newer ones come.
#[tokio::test]
async fn a_long_conversation_is_loaded_as_it_is_read_and_says_what_came_below() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let mut all = Vec::new();
    for round in 0..3 {
        let said: Vec<String> = (0..40).map(|number| format!("{round}.{number}")).collect();
        let plain = |text: &String| json!({ "mode": "message", "body": { "type": "PLAIN", "markdownText": text } });
        bot.will(Reply::Say(said.iter().map(plain).collect()));
        let asked = format!("Round {round}");
        shopper.says(&asked).await;
        shopper.hears(&said[39]).await;
        all.push(asked);
        all.extend(said);
    }
    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    all.push("A person, please".to_owned());

    shopper.reloads().await;
    shopper.has_said("A person, please").await;
    assert!(
        shopper.texts().await.len() < all.len(),
        "not everything is loaded at once"
    );
    let up = "
        document.querySelector('.log').scrollTop = 0;
        return messages().some(([, text]) => text === 'Round 0')";
    shopper.asks("the first message is loaded", up, json!([])).await;
    assert_eq!(shopper.texts().await, all);
    // Each text that is cut out is a layer of its own to a browser: a long log would be drawn slowly.
    let is_whole = "
        const unseen = [...document.querySelectorAll('.message__stack > .unseen, .state > .unseen')];
        const isCut = ({ position, clipPath, overflow }) => position !== 'static' || clipPath !== 'none' || overflow !== 'visible';
        return unseen.length > 100 && !unseen.some((el) => isCut(getComputedStyle(el)) || el.offsetWidth * el.offsetHeight > 0)";
    shopper
        .asks("nothing is cut out of its rows", is_whole, json!([]))
        .await;

    let place = "
        const log = document.querySelector('.log');
        log.scrollTop = log.scrollHeight / 2;
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(log.scrollTop))))";
    let before = browser.run(place, json!([])).await;
    ann.says("Hello, this is Ann.").await;
    browser.sees("button", "New message").await;
    let there = browser
        .run("return document.querySelector('.log').scrollTop", json!([]))
        .await;
    assert_eq!(there, before, "what is read does not move");
    browser.press("button", "New message").await;
    browser.no_longer_sees("button", "New message").await;
    let end = "
        const log = document.querySelector('.log');
        return log.scrollHeight - log.scrollTop - log.clientHeight < 2";
    browser.until("the end is shown", end, json!([])).await;
}

#[tokio::test]
async fn typing_is_seen_on_both_sides_and_a_closed_chat_says_what_came() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    ann.types().await;
    let dots = "return [...document.querySelectorAll('.typing')].some((el) => shown(el) && el.textContent.includes('Ann is typing'))";
    browser.until("Ann is seen typing", dots, json!([])).await;
    ann.says("Hello, this is Ann.").await;
    shopper.hears("Hello, this is Ann.").await;
    browser
        .until(
            "the dots are gone",
            "return !document.querySelector('.typing')",
            json!([]),
        )
        .await;
    browser.types("textbox", MESSAGE, "hm").await;
    ann.sees_typing().await;

    browser.press("button", "Minimise chat").await;
    browser.out_of_chat();
    browser.no_longer_sees("iframe", "").await;
    ann.says("Are you there?").await;
    browser.sees("button", &format!("{LAUNCHER} (1)")).await;
    ann.says("Take your time.").await;
    browser.sees("button", &format!("{LAUNCHER} (2)")).await;
    browser.press("button", "Ann Take your time.").await;
    browser.into_chat();
    shopper.hears("Take your time.").await;
    browser.press("button", "Minimise chat").await;
    browser.out_of_chat();
    browser.no_longer_sees("iframe", "").await;
    let read = "return nameOf(named('button', arguments[0])) === arguments[0] && !named('button', 'Ann')";
    browser.until("nothing is unread", read, json!([LAUNCHER])).await;
}

/// It is said at the message, what is behind it waits, and what becomes of it is the visitor's to say.
#[tokio::test]
async fn a_message_that_is_refused_can_be_sent_again_or_deleted() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    shopper.pastes(&too_large()).await;
    let refused = "return messages().some(([, text, state]) => text.startsWith('It does not fit') && state.includes(\"This message can't be sent as it is.\"))";
    shopper.asks("it says that it is not sent", refused, json!([])).await;
    shopper.says("Behind it").await;
    let waits = "return messages().at(-1)[2].includes('Waiting to be sent')";
    shopper.asks("the one behind it waits", waits, json!([])).await;
    browser.press("button", "Retry").await;
    shopper.asks("it is refused again", refused, json!([])).await;
    shopper.asks("the one behind it still waits", waits, json!([])).await;
    browser.press("button", "Delete").await;
    shopper.reads(&["Hello", "Hello.", "Behind it"]).await;
    shopper.has_said("Behind it").await;
    bot.call("the message", |call| call.body["message"] == "Behind it")
        .await;
}

/// The page's clock is set forward, and what looks at it now and then looks at once.
#[tokio::test]
async fn days_stand_between_messages_when_midnight_passes_while_the_chat_is_open() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let clock = "
        const [now, every] = [Date.now, setInterval];
        const looks = [];
        let ahead = 0;
        Date.now = () => now() + ahead;
        window.setInterval = (look, ...more) => (looks.push(look), every(look, ...more));
        window.passMidnight = () => ((ahead += 24 * 60 * 60 * 1000), looks.forEach((look) => look()));";
    browser.runs_first(clock).await;
    shopper.reloads().await;
    shopper.is_greeted(&bot).await;
    let days = "return [...document.querySelectorAll('.day')].map((day) => day.innerText).join() === arguments[0]";
    browser.until("it is today", days, json!(["Today"])).await;

    browser.network(Network::Away).await;
    browser.run("passMidnight()", json!([])).await;
    browser.until("that was yesterday", days, json!(["Yesterday"])).await;
    shopper.says("Good morning").await;
    browser
        .until("a new day begins", days, json!(["Yesterday,Today"]))
        .await;
}

#[tokio::test]
async fn a_menu_that_a_newer_one_has_overtaken_cannot_be_pressed() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let menu = |text: &str, title: &str| {
        json!({ "mode": "message", "body": { "type": "BUTTON", "markdownText": text, "buttonMessageType": "QUICK_REPLIES",
            "buttons": [{ "title": title, "payload": title, "type": "button" }] } })
    };
    let both = json!([menu("For how many?", "Two"), menu("Or for when?", "June")]);
    bot.will(Reply::Say(both));
    shopper.says("A tent").await;
    browser.sees("button", "June").await;
    assert!(!browser.has("button", "Two").await);
    bot.will_say("June it is.");
    browser.press("button", "June").await;
    shopper.hears("June it is.").await;
    assert!(!browser.has("button", "June").await);
}

/// Short enough for a message, and too many bytes for a frame.
pub(crate) fn too_large() -> String {
    format!("It does not fit{}", "\u{1}".repeat(12_000))
}
