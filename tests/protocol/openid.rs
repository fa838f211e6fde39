//! Users who sign in at an OpenID provider: a real one over real HTTP.

use portico_shared::ids::ParticipantId;
use portico_tests::openid::{OpenIdProvider, Surfer};
use portico_tests::relay::Relay;
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};

const SIGN_IN: &str = "/api/login/oidc";
const CALLBACK: &str = "/api/login/oidc/callback";

/// What binds a sign-in to its browser.
const ATTEMPT: &str = "portico-sign-in";

/// A relay and the provider of its users, where Ada is an agent.
struct Centre {
    relay: Relay,
    provider: OpenIdProvider,
}

impl Centre {
    async fn open() -> Self {
        let (provider, relay) = OpenIdProvider::with_relay().await;
        let centre = Self { relay, provider };
        centre.claims("ada", &["support"]).await;
        centre
    }

    async fn claims(&self, person: &str, groups: &[&str]) {
        let claims = json!({
            "given_name": "Ada", "family_name": "Lovelace", "preferred_username": person, "groups": groups,
        });
        self.provider.claims(person, &claims).await;
    }

    fn at(&self, path: &str) -> Url {
        let address = format!("{}{path}", self.relay.origin());
        address.parse().expect("an address")
    }

    /// Goes to the provider and signs in there, but does not open what the browser is sent back to.
    async fn sent_back(&self, browser: &mut Surfer) -> Url {
        browser.follow(self.at(SIGN_IN), |url| url.path() == CALLBACK).await
    }

    /// The whole way to the desk; answers what it is told there.
    async fn signs_in(&self, browser: &mut Surfer) -> Value {
        let callback = self.sent_back(browser).await;
        let desk = browser.follow(callback, |url| url.path() == "/desk/").await;
        assert_eq!(desk.fragment(), Some("signed-in"));
        self.takes_session(browser).await
    }

    /// What the desk is told when it asks for the session that the browser has brought.
    async fn takes_session(&self, browser: &mut Surfer) -> Value {
        let answer = browser.ask(Method::POST, &self.at(SIGN_IN)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("JSON")
    }

    /// What the browser is answered where it comes back, which is a page for people.
    async fn refused(&self, browser: &mut Surfer, callback: &Url) -> (u16, String) {
        let answer = browser.ask(Method::GET, callback).await;
        let policy = answer.headers()["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let status = answer.status().as_u16();
        let page = answer.text().await.expect("text");
        assert!(page.contains("<h1>You are not signed in</h1>"), "{status}: {page}");
        let asked = browser.ask(Method::POST, &self.at(SIGN_IN)).await;
        assert_eq!(asked.status(), StatusCode::UNAUTHORIZED, "there is no session");
        (status, page)
    }

    /// Who a token stands for.
    async fn me(&self, token: &str) -> (u16, Value) {
        portico_tests::api::get(self.at("/api/me").as_str(), Some(token)).await
    }
}

/// The address with another value of a parameter; with none, without it.
fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let kept = url.query_pairs().into_owned().filter(|(key, _)| key != name);
    let pairs: Vec<_> = kept
        .chain(value.map(|value| (name.to_owned(), value.to_owned())))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_at_the_provider_and_works_with_the_roles_of_its_claims() {
    let centre = Centre::open().await;
    let ways = portico_tests::api::get(centre.at("/api/login").as_str(), None).await;
    assert_eq!(ways, (200, json!({ "provider": "Example" })));
    let mut browser = Surfer::of("ada");
    let callback = centre.sent_back(&mut browser).await;
    browser.follow(callback, |url| url.path() == "/desk/").await;
    let kept = browser.cookies.clone();
    let login = centre.takes_session(&mut browser).await;
    let token = login["token"].as_str().expect("a token");
    let (status, me) = centre.me(token).await;
    assert_eq!(status, 200);
    assert_eq!(me, login["user"]);
    let said = |name: &str| me[name].clone();
    assert_eq!(
        [
            said("username"),
            said("first_name"),
            said("last_name"),
            said("roles"),
            said("max_tasks")
        ],
        [
            json!("ada"),
            json!("Ada"),
            json!("Lovelace"),
            json!(["agent"]),
            json!(3)
        ]
    );
    let id = ParticipantId::parse(said("id").as_str().expect("a text")).expect("an id");
    let (_, welcome) = portico_tests::socket::Socket::hello(&centre.relay, token).await;
    assert_eq!(welcome.me.id, id.as_str());

    // The session is given once, also to a browser that keeps what it should forget.
    for cookies in [browser.cookies.clone(), kept] {
        browser.cookies = cookies;
        let again = browser.ask(Method::POST, &centre.at(SIGN_IN)).await;
        assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    }
    // The same person is the same user, whatever she is called now.
    centre
        .provider
        .claims(
            "ada",
            &json!({"preferred_username": "countess", "groups": ["support", "leads"]}),
        )
        .await;
    let later = centre.signs_in(&mut Surfer::of("ada")).await;
    assert_eq!(
        [&later["user"]["id"], &later["user"]["username"]],
        [&me["id"], &json!("ada")]
    );
    assert_eq!(later["user"]["roles"], json!(["agent", "supervisor"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_a_user_with_a_password_leads_to_nothing_of_that_user() {
    let centre = Centre::open().await;
    centre.claims("ann", &["leads"]).await;
    let login = centre.signs_in(&mut Surfer::of("ann")).await;
    assert_eq!(login["user"]["username"], "ann-2");
    let (_, local) = centre.me(&centre.relay.sign_in("ann").await).await;
    assert_ne!(login["user"]["id"], local["id"]);
    assert_eq!(local["roles"], json!(["agent"]));
    // Nor has it a password that somebody could guess.
    let (status, _) = portico_tests::api::post(
        centre.at("/api/login").as_str(),
        None,
        None,
        &json!({"username": "ann-2", "password": ""}),
    )
    .await;
    assert_eq!(status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_for_the_sign_in_that_this_browser_began() {
    let centre = Centre::open().await;
    let mut browser = Surfer::of("ada");
    let callback = centre.sent_back(&mut browser).await;
    let kept = browser.cookies.clone();

    let mut other = Surfer::of("ada");
    assert_eq!(
        centre.refused(&mut other, &callback).await.0,
        400,
        "another browser, or a cookie that is over"
    );
    let foreign = centre.sent_back(&mut Surfer::of("ada")).await;
    let foreign_state = foreign
        .query_pairs()
        .find(|(name, _)| name == "state")
        .expect("a state")
        .1
        .into_owned();
    for state in [None, Some(""), Some("x"), Some(foreign_state.as_str())] {
        browser.cookies = kept.clone();
        let status = centre.refused(&mut browser, &with(&callback, "state", state)).await.0;
        assert_eq!(status, 400, "{state:?}");
    }
    browser.cookies = kept.clone();
    let foreign_code = foreign
        .query_pairs()
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned();
    let mixed = with(&callback, "code", Some(&foreign_code));
    assert_eq!(
        centre.refused(&mut browser, &mixed).await.0,
        400,
        "the code of another sign-in"
    );

    browser.cookies = kept.clone();
    let status = centre
        .refused(&mut browser, &with(&callback, "iss", Some("https://other.example")))
        .await
        .0;
    assert_eq!(status, 400, "the answer of another issuer");

    browser.cookies = kept.clone();
    let desk = browser.follow(callback.clone(), |url| url.path() == "/desk/").await;
    assert_eq!(desk.fragment(), Some("signed-in"));
    assert!(
        !browser.cookies.values().any(|jar| jar.contains_key(ATTEMPT)),
        "the cookie is gone"
    );
    let mut replays = Surfer::of("ada");
    replays.cookies = kept;
    let (status, page) = centre.refused(&mut replays, &callback).await;
    assert_eq!(status, 400, "the code was used");
    assert!(!page.contains("invalid_grant") && !page.contains("provider"), "{page}");
    assert!(centre.relay.log().contains("invalid_grant"), "the log says why");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_is_bound_to_its_browser_by_a_cookie_for_ten_minutes() {
    let centre = Centre::open().await;
    let begun = Surfer::of("ada").ask(Method::GET, &centre.at(SIGN_IN)).await;
    let cookie = begun.headers()[SET_COOKIE].to_str().expect("ASCII").to_owned();
    let (value, attributes) = cookie.split_once(';').expect("attributes");
    assert_eq!(attributes, " Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
    let location = begun.headers()[LOCATION].to_str().expect("ASCII").to_owned();
    let secret = value.rsplit('.').next().expect("a random part");
    assert!(
        !location.contains(secret),
        "the provider is not told what the browser keeps"
    );

    // As a browser that does not keep to it, with a clock of its own.
    let mut browser = Surfer::of("ada");
    let callback = centre.sent_back(&mut browser).await;
    let jar = browser
        .cookies
        .get_mut(callback.authority())
        .expect("cookies of the relay");
    let kept = jar.get_mut(ATTEMPT).expect("the cookie");
    let (began, random) = kept.split_once('.').expect("the time and a random part");
    let began: i64 = began.parse().expect("a number");
    *kept = format!("{}.{random}", began - 600_000);
    assert_eq!(centre.refused(&mut browser, &callback).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_another_sign_in_and_a_request_without_pkce_are_refused() {
    let centre = Centre::open().await;
    let is_at_provider = |url: &Url| url.path() == "/auth";
    let mut browser = Surfer::of("ada");
    let asked = browser.follow(centre.at(SIGN_IN), is_at_provider).await;
    let param = |name: &str| {
        asked
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(param("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(param("response_type").as_deref(), Some("code"));
    assert_eq!(param("scope").as_deref(), Some("openid profile"));

    let callback = browser
        .follow(with(&asked, "nonce", Some("another")), |url| url.path() == CALLBACK)
        .await;
    assert_eq!(centre.refused(&mut browser, &callback).await.0, 400);
    assert!(centre.relay.log().contains("nonce"), "the log says why");

    let mut browser = Surfer::of("ada");
    let asked = browser.follow(centre.at(SIGN_IN), is_at_provider).await;
    let without = with(&with(&asked, "code_challenge", None), "code_challenge_method", None);
    let callback = browser.follow(without, |url| url.path() == CALLBACK).await;
    assert!(
        callback
            .query_pairs()
            .any(|(name, value)| name == "error" && value == "invalid_request")
    );
    assert_eq!(centre.refused(&mut browser, &callback).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_end_with_their_claims_and_a_user_without_any_is_refused() {
    let centre = Centre::open().await;
    let login = centre.signs_in(&mut Surfer::of("ada")).await;
    let token = login["token"].as_str().expect("a token").to_owned();
    centre.claims("ada", &["board"]).await;
    let mut browser = Surfer::of("ada");
    let callback = centre.sent_back(&mut browser).await;
    let (status, page) = centre.refused(&mut browser, &callback).await;
    assert_eq!(status, 403);
    assert!(page.contains("may not use this desk"), "{page}");
    assert_eq!(centre.me(&token).await.0, 401, "nor does the earlier session go on");
    let listed = centre.relay.command(&["user", "list"]);
    assert!(listed.contains("ada\tAda Lovelace\t\tenabled"), "{listed}");

    centre.claims("eve", &[]).await;
    for _ in 0..2 {
        let mut browser = Surfer::of("eve");
        let callback = centre.sent_back(&mut browser).await;
        assert_eq!(centre.refused(&mut browser, &callback).await.0, 403);
    }
    assert!(
        !centre.relay.command(&["user", "list"]).contains("eve"),
        "nothing is kept of her"
    );
    let refused = centre
        .relay
        .command(&["audit", "list", "--action", "user.sign_in_refused"]);
    let [eve, ada] = refused.lines().collect::<Vec<_>>()[..] else {
        panic!("one record of each user in an hour: {refused}")
    };
    assert!(
        eve.contains("no_role") && ada.contains("no_role") && eve != ada,
        "{refused}"
    );
    assert!(!refused.contains("eve"), "{refused}");

    centre.claims("ada", &["support"]).await;
    let back = centre.signs_in(&mut Surfer::of("ada")).await;
    assert_eq!(back["user"], login["user"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_whom_an_operator_has_disabled_is_refused_whatever_the_provider_says() {
    let centre = Centre::open().await;
    let login = centre.signs_in(&mut Surfer::of("ada")).await;
    centre.relay.command(&["user", "disable", "--username", "ada"]);
    let mut browser = Surfer::of("ada");
    let callback = centre.sent_back(&mut browser).await;
    assert_eq!(centre.refused(&mut browser, &callback).await.0, 403);
    assert_eq!(centre.me(login["token"].as_str().expect("a token")).await.0, 401);
    centre.relay.command(&["user", "enable", "--username", "ada"]);
    let back = centre.signs_in(&mut Surfer::of("ada")).await;
    assert_eq!(back["user"], login["user"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_said_to_be_and_other_keys_are_found() {
    let mut centre = Centre::open().await;
    centre.signs_in(&mut Surfer::of("ada")).await;
    centre.provider.start().await;
    centre.claims("ada", &["support"]).await;
    portico_tests::eventually("the other keys are found", || async {
        let mut browser = Surfer::of("ada");
        let callback = centre.sent_back(&mut browser).await;
        let answer = browser.ask(Method::GET, &callback).await;
        answer.status().is_redirection().then_some(())
    })
    .await;
    centre.provider.stop();
    centre.relay.restart().await;
    let answer = Surfer::of("ada").ask(Method::GET, &centre.at(SIGN_IN)).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let page = answer.text().await.expect("text");
    assert!(
        page.contains("not possible right now") && !page.contains(&centre.provider.issuer()),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_without_a_provider_has_none_of_this() {
    let relay = Relay::plain().await;
    let at = |path: &str| format!("{}{path}", relay.origin());
    assert_eq!(portico_tests::api::get(&at("/api/login"), None).await, (200, json!({})));
    for path in [SIGN_IN, CALLBACK] {
        assert_eq!(portico_tests::api::get(&at(path), None).await.0, 404, "{path}");
    }
}
