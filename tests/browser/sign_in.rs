//! Signing in to the desk at an OpenID provider.

use crate::people::Agent;
use portico_tests::openid::OpenIdProvider;
use serde_json::json;

#[tokio::test]
async fn an_agent_signs_in_at_the_provider_and_no_token_stands_in_an_address_or_a_cookie() {
    let (provider, relay) = OpenIdProvider::with_relay().await;
    let claims = json!({ "given_name": "Ada", "groups": ["support"] });
    provider.claims("ada", &claims).await;
    let Agent { browser } = Agent::comes(&relay).await;
    browser.press("link", "Sign in with Example").await;
    browser.press("link", "ada").await;
    browser.sees("button", "Your state: Not ready").await;
    let left = "return [location.pathname, location.search, location.hash, document.cookie]";
    assert_eq!(browser.run(left, json!([])).await, json!(["/desk/", "", "", ""]));
    browser.reload().await;
    browser.sees("button", "Your state: Not ready").await;
}

#[tokio::test]
async fn a_person_who_may_not_work_here_reads_so_and_finds_the_way_back() {
    let (provider, relay) = OpenIdProvider::with_relay().await;
    provider.claims("eve", &json!({ "groups": ["board"] })).await;
    let Agent { browser } = Agent::comes(&relay).await;
    browser.press("link", "Sign in with Example").await;
    browser.press("link", "eve").await;
    browser.sees("heading", "You are not signed in").await;
    browser.press("link", "Back to the desk").await;
    browser.sees("link", "Sign in with Example").await;
}
