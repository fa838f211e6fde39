//! What a channel asks to be agreed to before anything is kept of a visitor.

use crate::looks::is_accessible;
use crate::people::{LAUNCHER, MESSAGE, Shopper};
use crate::read_out::reads_out;
use portico_tests::api::site_token;
use portico_tests::browser::{Browser, Key, Made};
use portico_tests::relay::{Relay, World};
use serde_json::{Value, json};

const AGREE: &str = "Agree and chat";
const DECLINE: &str = "No, thanks";
const DECLINED: &str = "Without your consent the chat stays closed. Nothing was stored.";

/// A shop that asks for consent.
pub(crate) async fn asks_for_consent() -> Relay {
    Relay::start(World {
        config: terms(3, "We keep this chat for a year."),
        ..World::default()
    })
    .await
}

fn terms(version: u32, english: &str) -> String {
    format!(
        r#"
[channels.demo.composer]
contact = true
[channels.demo.consent]
version = {version}
policy = "https://shop.example/privacy"
texts = [
    {{ language = "en", text = "{english}" }},
    {{ language = "de", text = "Wir bewahren diesen Chat ein Jahr lang auf." }},
]
"#
    )
}

/// Comes to the shop, whose page does this, and opens the chat.
async fn opens(relay: &Relay, page: &str) -> Shopper {
    let shopper = Shopper::visits(relay).await;
    shopper.browser.run(page, json!([])).await;
    opens_again(&shopper).await;
    shopper
}

async fn opens_again(shopper: &Shopper) {
    let browser = &shopper.browser;
    browser.out_of_chat();
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    let runs = "return !document.querySelector('#first-screen')";
    browser.until("the program runs", runs, json!([])).await;
}

/// The keys of all that the chat's origin keeps, and the requests beyond its own files that it has made.
async fn traces(browser: &Browser) -> Value {
    let script = "
        const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
        return [
            Object.keys(localStorage), Object.keys(sessionStorage), document.cookie,
            asked.filter((path) => /^\\/(api\\/session|ws)/.test(path)),
        ]";
    browser.run(script, json!([])).await
}

async fn says(browser: &Browser, text: &str) {
    let script = "return document.querySelector('.ended')?.textContent.includes(arguments[0])";
    browser.until(text, script, json!([text])).await;
}

const TERMS: &str = "
    contentinfo
    StaticText We keep this chat for a year.
    link Privacy policy
    button No, thanks
    button Agree and chat
";

#[tokio::test]
async fn nothing_is_kept_and_nobody_is_asked_before_the_visitor_agrees() {
    let relay = asks_for_consent().await;
    let shopper = opens(&relay, "").await;
    let browser = &shopper.browser;
    browser.sees("button", AGREE).await;
    says(browser, "We keep this chat for a year.").await;
    browser.sees("link", "Privacy policy").await;
    assert!(!browser.has("textbox", MESSAGE).await);
    assert!(
        !browser.has("button", "Talk to a person").await,
        "no question to press either"
    );
    is_accessible(browser, "what is to be agreed to", "html").await;
    reads_out(browser, "what is to be agreed to", TERMS).await;
    let said = browser.seen().await.said;
    assert!(
        said.iter().any(|text| text == "We keep this chat for a year."),
        "{said:?}"
    );
    assert_eq!(traces(browser).await, json!([[], [], "", []]));

    browser.press("button", DECLINE).await;
    says(browser, DECLINED).await;
    is_accessible(browser, "what was declined", "html").await;
    assert_eq!(traces(browser).await, json!([[], [], "", []]), "not even that");
    browser.press("button", "Read it again").await;
    browser.press("button", AGREE).await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Where is my order?").await;
    shopper.has_said("Where is my order?").await;

    // Who has agreed writes at once, also on the first screen.
    browser.out_of_chat();
    browser.reload().await;
    shopper.opens().await;
    shopper.has_said("Where is my order?").await;
}

#[tokio::test]
async fn who_leaves_without_an_answer_is_asked_again_by_the_keyboard_as_well() {
    let relay = asks_for_consent().await;
    let shopper = opens(&relay, "Portico('setLocale', 'de')").await;
    let browser = &shopper.browser;
    says(browser, "Wir bewahren diesen Chat ein Jahr lang auf.").await;
    browser.press("button", "Nein, danke").await;
    browser.sees("button", "Noch einmal lesen").await;
    browser.out_of_chat();
    browser.reload().await;
    browser.sees("button", LAUNCHER).await;
    opens_again(&shopper).await;
    browser.sees("button", AGREE).await;
    let focus = "named('button', arguments[0]).focus()";
    browser.run(focus, json!([AGREE])).await;
    browser.key(Key::Enter).await;
    browser.sees("textbox", MESSAGE).await;
}

#[tokio::test]
pub(crate) async fn a_page_that_has_asked_hands_the_answer_over_and_one_about_other_terms_does_not_count() {
    let relay = asks_for_consent().await;
    let shopper = opens(&relay, "Portico('update', { consent: 2 })").await;
    let browser = &shopper.browser;
    browser.sees("button", AGREE).await;
    browser.out_of_chat();
    let asks = "
        Portico('sendMessage', 'Too early').then(() => done('sent'), ({ code }) => done(code))";
    assert_eq!(browser.run_async(asks, json!([])).await, json!("consent"));
    browser.run("Portico('update', { consent: 3 })", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;

    // The next visitor is another one.
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    browser.into_chat();
    browser.sees("button", AGREE).await;
}

#[tokio::test]
async fn what_is_filled_in_is_not_lost_when_other_terms_are_asked_about_and_those_are_what_is_agreed_to() {
    let mut relay = asks_for_consent().await;
    let shopper = opens(&relay, "").await;
    let browser = &shopper.browser;
    browser.press("button", AGREE).await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    browser.press("button", "Share").await;
    browser.press("button", "Share contact details").await;
    browser.types("textbox", "Name", "Maja Berg").await;

    relay.reconfigure(&terms(4, "We keep it for two years.")).await;
    says(browser, "We keep it for two years.").await;
    assert!(!browser.has("textbox", "Name").await, "it waits out of sight");
    is_accessible(browser, "other terms over what is filled in", "html").await;
    // They rise once more before the visitor has answered: what is asked about is what is read.
    relay.reconfigure(&terms(5, "We keep it for three years.")).await;
    browser.press("button", AGREE).await;
    says(browser, "We keep it for three years.").await;
    browser.press("button", AGREE).await;
    browser.sees("textbox", "Name").await;
    let name = "return named('textbox', 'Name').value";
    assert_eq!(browser.run(name, json!([])).await, "Maja Berg");
    let kept = "return JSON.parse(localStorage['portico.demo..me.consent']).version";
    assert_eq!(browser.run(kept, json!([])).await, 5);
    browser.press("button", "Cancel").await;
    shopper.says("Here I am").await;
    shopper.has_said("Here I am").await;
}

#[tokio::test]
async fn nothing_is_sent_or_kept_after_new_terms_were_declined_until_they_are_agreed_to() {
    let mut relay = asks_for_consent().await;
    let shopper = opens(&relay, "").await;
    let browser = &shopper.browser;
    browser.press("button", AGREE).await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    let notes = "
        const real = window.fetch;
        window.__visits = [];
        window.fetch = (what, ...rest) => {
            if (what.url?.includes('/api/session')) what.clone().json().then(({ consent }) => __visits.push(consent.version));
            return real.call(window, what, ...rest);
        };";
    browser.run(notes, json!([])).await;
    relay.reconfigure(&terms(4, "We keep it for two years.")).await;
    says(browser, "We keep it for two years.").await;
    let before = traces(browser).await;
    browser.press("button", DECLINE).await;
    says(browser, DECLINED).await;
    // As when the visitor comes back to the tab, the network to the device, or a file to the window.
    let looks = "
        window.__visits.length = 0;
        for (const [target, name] of [[document, 'visibilitychange'], [document, 'resume'], [window, 'online'], [window, 'pageshow']])
            target.dispatchEvent(new Event(name));";
    browser.run(looks, json!([])).await;
    let tent = Made {
        name: "tent.txt",
        mime_type: "text/plain",
        bytes: ("dGVudA==".to_owned(), 1),
    };
    browser.drops(&[tent]).await;
    let after = traces(browser).await;
    assert_eq!(after[0], before[0], "nothing more is kept");

    browser.press("button", "Read it again").await;
    browser.press("button", AGREE).await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Here I am").await;
    shopper.has_said("Here I am").await;
    let visits = browser.run("return __visits", json!([])).await;
    assert_eq!(visits, json!([4]), "nobody was asked before");
}

#[tokio::test]
async fn a_page_that_changes_the_language_takes_nothing_away_that_is_filled_in() {
    let relay = asks_for_consent().await;
    let shopper = opens(&relay, "").await;
    let browser = &shopper.browser;
    browser.press("button", AGREE).await;
    browser.press("button", "Share").await;
    browser.press("button", "Share contact details").await;
    browser.types("textbox", "Name", "Maja Berg").await;
    browser.out_of_chat();
    browser.run("Portico('setLocale', 'de')", json!([])).await;
    let asked = "return performance.getEntriesByType('resource').some(({ name }) => /de[^/]*\\.json/.test(name))";
    browser.into_chat();
    browser.until("German has come", asked, json!([])).await;
    let name = "return named('textbox', 'Name')?.value";
    assert_eq!(browser.run(name, json!([])).await, "Maja Berg");
    browser.press("button", "Cancel").await;
    browser.sees("textbox", "Nachricht").await;
}

#[tokio::test]
async fn who_is_vouched_for_by_the_site_is_forgotten_without_agreeing_and_who_cannot_be_proven_in_this_browser() {
    let relay = asks_for_consent().await;
    let shopper = opens(&relay, "").await;
    let browser = &shopper.browser;
    browser.sees("button", AGREE).await;
    assert!(
        !browser.has("button", "Delete my data").await,
        "there is nobody to forget"
    );
    browser.out_of_chat();
    let identifies = "Portico('identify', { jwt: arguments[0] })";
    let token = site_token(&json!({ "sub": "c-1" }));
    browser.run(identifies, json!([token])).await;
    browser.into_chat();
    browser.press("button", "Delete my data").await;
    browser.press("button", "Delete everything").await;
    says(browser, "Your data was deleted").await;

    // A proof that the relay does not take any more, as after months.
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    browser.into_chat();
    browser.sees("button", AGREE).await;
    browser
        .run("localStorage['portico.demo..me.refresh'] = 'of.long.ago'", json!([]))
        .await;
    browser.out_of_chat();
    browser.reload().await;
    browser.sees("button", LAUNCHER).await;
    opens_again(&shopper).await;
    browser.press("button", "Delete my data").await;
    browser.press("button", "Delete everything").await;
    says(browser, "This browser has forgotten you.").await;
    is_accessible(browser, "what was forgotten", "html").await;
    let kept = browser.run("return Object.keys(localStorage)", json!([])).await;
    assert_eq!(kept, json!([]));
}
