//! Customers are looked up, and what they are known by is noted.

use crate::relay::{Relay, SHOP, body, identity_of, text};
use portico::admin::{AdminCommand, AdminReply, KeyKind};
use reqwest::Method;
use serde_json::{Value, json};

const MORE: &str = r#"
[[users]]
username = "sue"
password = "correct horse"
first_name = "Sue"
roles = ["supervisor"]
"#;

impl Relay {
    pub(crate) async fn signed_in(&self, username: &str) -> String {
        let credentials = json!({ "username": username, "password": "correct horse" });
        let (status, answer) = body(self.post("/api/login", None, &credentials).await).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer, "/token").to_owned()
    }

    pub(crate) async fn app_key(&self, scopes: &[&str]) -> String {
        let added = self.administer(AdminCommand::AddKey {
            kind: KeyKind::App,
            subject: "crm".into(),
            label: "CRM".into(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        });
        match added.await {
            Ok(AdminReply::KeyAdded { secret, .. }) => secret,
            _ => panic!("no key"),
        }
    }

    /// A customer of the shop, and its own token.
    pub(crate) async fn customer(&self, subject: &str, name: &str) -> (String, String) {
        let claims = json!({ "sub": subject, "name": name, "email": format!("{subject}@example.org") });
        let session = json!({ "channel": "shop", "identity": identity_of(&claims) });
        let (status, answer) = body(self.session(&session).await).await;
        assert_eq!(status, 200, "{answer}");
        let of = |pointer| text(&answer, pointer).to_owned();
        (of("/customer/id"), of("/token"))
    }

    pub(crate) async fn asks(&self, method: Method, path: &str, token: &str, sent: Option<&Value>) -> (u16, Value) {
        let request = self.request(method, path).bearer_auth(token);
        let request = sent.into_iter().fold(request, |request, sent| request.json(sent));
        let answer = request.send().await.expect("answered");
        match answer.status().as_u16() {
            204 => (204, Value::Null),
            _ => body(answer).await,
        }
    }

    async fn finds(&self, token: &str, search: &Value) -> Value {
        let (status, answer) = self
            .asks(Method::POST, "/api/customers/search", token, Some(search))
            .await;
        assert_eq!(status, 200, "{answer}");
        let ids = answer["customers"].as_array().expect("customers").iter();
        ids.map(|customer| customer["id"].clone()).collect()
    }
}

#[tokio::test]
async fn customers_are_looked_up_by_what_they_are_known_by() {
    let relay = Relay::start_with(MORE).await;
    let (sue, ann) = (relay.signed_in("sue").await, relay.signed_in("ann").await);
    let (mia, _) = relay.customer("mia-7", "Mia Müller").await;
    let (omar, _) = relay.customer("omar-8", "Omar").await;
    for (search, expected) in [
        (json!({ "text": "muller" }), json!([mia])),
        (json!({ "text": "MIA-7@example.org" }), json!([mia])),
        (json!({ "text": "https://shop.example|omar-8" }), json!([omar])),
        (json!({ "text": omar }), json!([omar])),
        (json!({ "text": "%\"'*\u{1f600}" }), json!([])),
        (
            json!({ "identity": { "channel": "email", "identifier": "Omar-8@example.org" } }),
            json!([omar]),
        ),
        (
            json!({ "identity": { "channel": "web", "identifier": "https://shop.example|mia-7" } }),
            json!([mia]),
        ),
        (
            json!({ "identity": { "channel": "phone", "identifier": "+1 555 0100" } }),
            json!([]),
        ),
    ] {
        assert_eq!(relay.finds(&sue, &search).await, expected, "{search}");
        assert_eq!(relay.finds(&ann, &search).await, expected, "{search}");
    }
    let path = format!("/api/customers/{mia}");
    let (status, seen) = relay.asks(Method::GET, &path, &sue, None).await;
    assert_eq!(
        (status, text(&seen, "/name"), &seen["verified"]),
        (200, "Mia Müller", &json!(true))
    );
    assert_eq!(text(&seen, "/identities/0/identifier"), "https://shop.example|mia-7");
    assert_eq!(text(&seen, "/identities/1/identifier"), "mia-7@example.org");
    assert_eq!(seen["identities"][1]["said_by"], json!(["site"]));
    let (_, masked) = relay.asks(Method::GET, &path, &ann, None).await;
    assert_eq!(
        text(&masked, "/identities/1/identifier"),
        "m•••@example.org",
        "she does not serve Mia"
    );
}

#[tokio::test]
async fn supervisors_and_apps_say_what_a_customer_is_known_by() {
    let relay = Relay::start_with(MORE).await;
    let (sue, ann) = (relay.signed_in("sue").await, relay.signed_in("ann").await);
    let crm = relay.app_key(&["identities:write"]).await;
    let (mia, _) = relay.customer("mia", "Mia").await;
    let path = format!("/api/customers/{mia}/identities");
    let number = json!({ "channel": "phone", "identifier": "+1 555 0100" });
    let chat = json!({ "channel": "telegram", "identifier": "mia_7" });
    assert_eq!(relay.asks(Method::PUT, &path, &sue, Some(&number)).await.0, 204);
    assert_eq!(relay.asks(Method::PUT, &path, &crm, Some(&chat)).await.0, 204);
    assert_eq!(relay.finds(&ann, &json!({ "text": "555 0100" })).await, json!([mia]));
    let (_, seen) = relay
        .asks(Method::GET, &format!("/api/customers/{mia}"), &sue, None)
        .await;
    let told = seen["identities"].as_array().expect("identities").iter();
    let told: Vec<_> = told
        .map(|one| (text(one, "/channel"), one["verified"] == json!(true)))
        .collect();
    assert_eq!(
        told,
        [("web", true), ("email", true), ("phone", false), ("telegram", true)]
    );
    assert_eq!(relay.asks(Method::PUT, &path, &ann, Some(&number)).await.0, 403);
    assert_eq!(relay.asks(Method::DELETE, &path, &sue, Some(&number)).await.0, 204);
    assert_eq!(relay.finds(&ann, &json!({ "text": "555 0100" })).await, json!([]));
}

#[tokio::test]
async fn supervisors_and_apps_label_customers() {
    let relay = Relay::start_with(MORE).await;
    let (sue, ann) = (relay.signed_in("sue").await, relay.signed_in("ann").await);
    let crm = relay.app_key(&["labels:write"]).await;
    let (mia, own) = relay.customer("mia", "Mia").await;
    let (status, labels) = relay.asks(Method::GET, "/api/labels", &ann, None).await;
    let vip = json!({ "id": "vip", "name": "VIP", "color": "#b45309" });
    assert_eq!((status, labels), (200, json!([vip])));
    let label = |label: &str| format!("/api/customers/{mia}/labels/{label}");
    let customer = format!("/api/customers/{mia}");
    for token in [&sue, &crm] {
        assert_eq!(relay.asks(Method::PUT, &label("vip"), token, None).await.0, 204);
        let (_, seen) = relay.asks(Method::GET, &customer, &ann, None).await;
        assert_eq!(seen["labels"], json!(["vip"]));
        assert_eq!(relay.finds(&ann, &json!({ "text": "vip mia" })).await, json!([mia]));
        assert_eq!(relay.asks(Method::DELETE, &label("vip"), token, None).await.0, 204);
        assert_eq!(relay.finds(&ann, &json!({ "text": "vip" })).await, json!([]));
    }
    for token in [&ann, &own] {
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(relay.asks(method, &label("vip"), token, None).await.0, 403);
        }
    }
    assert_eq!(relay.asks(Method::PUT, &label("gold"), &sue, None).await.0, 404);
    assert_eq!(relay.asks(Method::DELETE, &label("gold"), &sue, None).await.0, 204);
    let nobody = "/api/customers/nobody/labels/vip";
    assert_eq!(relay.asks(Method::PUT, nobody, &sue, None).await.0, 404);
    assert_eq!(relay.asks(Method::PUT, &label("vip"), "nobody", None).await.0, 401);
    assert_eq!(relay.asks(Method::GET, "/api/labels", &own, None).await.0, 403);
}

#[tokio::test]
async fn customers_are_merged_and_shown_as_one_until_that_is_undone() {
    let relay = Relay::start_with(MORE).await;
    let (sue, ann) = (relay.signed_in("sue").await, relay.signed_in("ann").await);
    let crm = relay.app_key(&["identities:write", "labels:write"]).await;
    let (mia, own) = relay.customer("mia", "Mia").await;
    let (maria, _) = relay.customer("maria", "Maria").await;
    let merged = format!("/api/customers/{mia}/merged/{maria}");
    let merges = format!("/api/customers/{maria}/merges");
    for token in [&ann, &crm, &own] {
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(relay.asks(method, &merged, token, None).await.0, 403);
        }
    }
    for token in [&crm, &own] {
        assert_eq!(relay.asks(Method::GET, &merges, token, None).await.0, 403);
    }
    assert_eq!(relay.asks(Method::PUT, &merged, "nobody", None).await.0, 401);
    assert_eq!(relay.asks(Method::PUT, &merged, &sue, None).await.0, 204);
    let (status, seen) = relay
        .asks(Method::GET, &format!("/api/customers/{maria}"), &sue, None)
        .await;
    assert_eq!((status, text(&seen, "/id")), (200, mia.as_str()));
    assert_eq!(seen["merged"], json!([maria]));
    assert_eq!(
        relay.finds(&sue, &json!({ "text": "maria@example.org" })).await,
        json!([mia])
    );
    assert_eq!(relay.finds(&sue, &json!({ "text": maria })).await, json!([mia]));
    assert_eq!(relay.asks(Method::DELETE, &merged, &sue, None).await.0, 204);
    assert_eq!(
        relay.finds(&sue, &json!({ "text": "maria@example.org" })).await,
        json!([maria])
    );
    let (_, told) = relay.asks(Method::GET, &merges, &ann, None).await;
    assert_eq!(text(&told, "/merges/0/customer"), maria);
    assert!(told["merges"][0]["undone_at"].is_i64(), "{told}");
    let nobody = format!("/api/customers/{mia}/merged/nobody");
    for method in [Method::PUT, Method::DELETE] {
        assert_eq!(relay.asks(method, &nobody, &sue, None).await.0, 404);
    }
}

#[tokio::test]
async fn supervisors_and_apps_note_attributes_of_customers_and_what_is_personal_is_masked() {
    let relay = Relay::start_with(MORE).await;
    let (sue, ann) = (relay.signed_in("sue").await, relay.signed_in("ann").await);
    let crm = relay.app_key(&["attributes:write"]).await;
    let (mia, own) = relay.customer("mia", "Mia").await;
    let (status, kinds) = relay.asks(Method::GET, "/api/attributes", &ann, None).await;
    let birthday = json!({ "key": "birthday", "label": "Birthday", "type": "date", "personal": true });
    assert_eq!((status, kinds), (200, json!([birthday])));
    let path = format!("/api/customers/{mia}/attributes/birthday");
    let customer = format!("/api/customers/{mia}");
    let value = json!({ "value": "1990-02-03" });
    let (reveal, keys) = (format!("{customer}/attributes/reveal"), json!({ "keys": ["birthday"] }));
    for token in [&ann, &own, &crm] {
        assert_eq!(relay.asks(Method::POST, &reveal, token, Some(&keys)).await.0, 403);
    }
    for token in [&sue, &crm] {
        assert_eq!(relay.asks(Method::PUT, &path, token, Some(&value)).await.0, 204);
        for colleague in [&sue, &ann] {
            let (_, seen) = relay.asks(Method::GET, &customer, colleague, None).await;
            let masked = json!([{ "key": "birthday", "value": "", "masked": true }]);
            assert_eq!(seen["attributes"], masked);
        }
        let (status, shown) = relay.asks(Method::POST, &reveal, &sue, Some(&keys)).await;
        let noted = json!([{ "key": "birthday", "value": "1990-02-03", "masked": false }]);
        assert_eq!((status, shown), (200, noted));
        assert_eq!(relay.asks(Method::DELETE, &path, token, None).await.0, 204);
    }
    for token in [&ann, &own] {
        assert_eq!(relay.asks(Method::PUT, &path, token, Some(&value)).await.0, 403);
        assert_eq!(relay.asks(Method::DELETE, &path, token, None).await.0, 403);
    }
    let wrong = json!({ "value": "in spring" });
    assert_eq!(relay.asks(Method::PUT, &path, &sue, Some(&wrong)).await.0, 400);
    let other = format!("/api/customers/{mia}/attributes/height");
    assert_eq!(relay.asks(Method::PUT, &other, &sue, Some(&value)).await.0, 404);
    assert_eq!(relay.asks(Method::GET, "/api/attributes", &own, None).await.0, 403);
    assert_eq!(relay.asks(Method::PUT, &path, "nobody", Some(&value)).await.0, 401);
}

#[tokio::test]
async fn customers_are_nobodys_business_but_the_contact_centres() {
    let relay = Relay::start_with(MORE).await;
    let sue = relay.signed_in("sue").await;
    let (mia, own) = relay.customer("mia", "Mia").await;
    let (_, other) = relay.customer("omar", "Omar").await;
    let reports = relay.app_key(&["activities:write"]).await;
    let crm = relay.app_key(&["identities:write"]).await;
    let (one, identities) = (
        format!("/api/customers/{mia}"),
        format!("/api/customers/{mia}/identities"),
    );
    let search = json!({ "text": "mia" });
    let number = json!({ "channel": "phone", "identifier": "+1 555 0100" });
    let suggestions = format!("{one}/suggestions");
    assert_eq!(
        relay.asks(Method::GET, &suggestions, &sue, None).await,
        (200, json!({ "suggestions": [] }))
    );
    for token in [&own, &other, &reports, &crm] {
        assert_eq!(relay.asks(Method::GET, &one, token, None).await.0, 403);
        assert_eq!(relay.asks(Method::GET, &suggestions, token, None).await.0, 403);
        assert_eq!(
            relay
                .asks(Method::POST, "/api/customers/search", token, Some(&search))
                .await
                .0,
            403
        );
    }
    for token in [&own, &other, &reports] {
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(relay.asks(method, &identities, token, Some(&number)).await.0, 403);
        }
    }
    for (method, path) in [
        (Method::GET, one.as_str()),
        (Method::PUT, identities.as_str()),
        (Method::POST, "/api/customers/search"),
    ] {
        assert_eq!(relay.asks(method, path, "nobody", Some(&number)).await.0, 401, "{path}");
    }
    let foreign = relay
        .request(Method::GET, &one)
        .bearer_auth(&sue)
        .header("origin", SHOP);
    assert_eq!(
        foreign.send().await.expect("answered").status(),
        403,
        "a page of the shop"
    );
    for path in ["/api/customers/nobody", "/api/customers/%20", "/api/customers/0"] {
        assert_eq!(relay.asks(Method::GET, path, &sue, None).await.0, 404, "{path}");
    }
    for bad in [
        json!({ "text": "x".repeat(300) }),
        json!({ "text": 7 }),
        json!({ "text": { "$ne": "" } }),
        json!({ "texts": "mia" }),
        json!({ "identity": { "channel": "email", "identifier": "mia@x.example" }, "after": "a b" }),
        json!({ "identity": { "channel": "email", "identifier": "mia" } }),
        json!({}),
    ] {
        let (status, problem) = relay
            .asks(Method::POST, "/api/customers/search", &sue, Some(&bad))
            .await;
        assert_eq!((status, text(&problem, "/code")), (400, "malformed"), "{bad}");
    }
}
