//! What browsers ask for by address: addresses are kept in histories and logs of others, so nothing secret stands there.

use crate::people::{Agent, Shopper, shop_with_bot};
use portico_tests::api::site_token;
use portico_tests::browser::Browser;
use serde_json::json;

/// Texts in a browser's storage that are shorter than this are no tokens.
const SHORTEST_TOKEN: usize = 24;

/// Invariant 12.
#[tokio::test]
async fn no_token_and_no_text_stands_in_an_address() {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let proof = site_token(&json!({"sub": "c-42", "name": "Maja"}));
    let identify = "Portico('identify', { jwt: arguments[0] }); Portico('setData', { basket: 'CANARY-BASKET' })";
    shopper.browser.run(identify, json!([proof])).await;
    shopper.opens().await;
    bot.will_find_agent();
    shopper.says("CANARY-QUESTION").await;
    agent.accepts().await;
    agent.says("CANARY-ANSWER").await;
    shopper.hears("CANARY-ANSWER").await;

    let mut secrets = vec!["CANARY".to_owned(), "ann-password".to_owned(), proof];
    let kept = [kept(&shopper.browser).await, kept(&agent.browser).await];
    assert!(kept.iter().all(|kept| !kept.is_empty()), "both keep a token: {kept:?}");
    secrets.extend(kept.concat());
    for browser in [&shopper.browser, &agent.browser] {
        let asked = browser.requests().await;
        assert!(!asked.is_empty(), "there are addresses to look at");
        for secret in &secrets {
            let told: Vec<_> = asked.iter().filter(|url| url.contains(secret)).collect();
            assert!(told.is_empty(), "{secret} stands in {told:?}");
        }
    }
}

/// What may be a token in the storage of the page, or of the frame, that a browser is in.
async fn kept(browser: &Browser) -> Vec<String> {
    let script = "
        const stored = [localStorage, sessionStorage].flatMap((storage) => Object.values(storage));
        const words = stored.flatMap((value) => value.match(/[\\w.~-]+/g) ?? []);
        return words.filter((word) => word.length >= arguments[0] && !/^[0-9a-f-]{36}$/.test(word));";
    let kept = browser.run(script, json!([SHORTEST_TOKEN])).await;
    serde_json::from_value(kept).expect("texts")
}
