//! Who did what is recorded with it, and told to those who may read it.

use crate::relay::{Relay, body, text};
use portico::admin::{AdminCommand, AdminReply, AuditCommand, AuditReply, UserCommand};
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Cursor;

const MORE: &str = r##"
[[users]]
username = "ada"
password = "correct horse"
first_name = "Ada"
roles = ["administrator"]

[limits]
sign_ins_per_minute = 3

[[labels]]
id = "vip"
name = "VIP"
color = "#aa0000"

[[attributes]]
key = "birthday"
label = "Birthday"
type = "date"
personal = true
"##;

impl Relay {
    /// What the log has, the newest first.
    async fn audit(&self, token: &str, query: &str) -> Vec<Value> {
        let path = format!("/api/v1/audit{query}");
        let (status, answer) = self.asks(Method::GET, &path, token, None).await;
        assert_eq!(status, 200, "{answer}");
        answer["records"].as_array().expect("records").clone()
    }

    async fn administers(&self, command: AdminCommand) {
        self.administer(command).await.map(drop).expect("done");
    }

    async fn is_whole(&self) -> bool {
        let verify = AdminCommand::Audit(AuditCommand::Verify {
            kept: None,
            after: None,
        });
        let verified = self.administer(verify).await.expect("answered");
        matches!(verified, AdminReply::Audit(AuditReply::Whole(_)))
    }
}

/// Action, actor, object and detail of records, in the order in which they were written.
fn told(records: &[Value]) -> Vec<Value> {
    let of = |record: &Value| {
        json!([
            record["action"],
            record["actor"]["name"],
            record["object"]["id"],
            record["detail"]
        ])
    };
    records.iter().rev().map(of).collect()
}

#[tokio::test]
async fn what_is_changed_of_customers_is_recorded_with_who_did_it_and_without_values() {
    let relay = Relay::start_with(MORE).await;
    let ada = relay.signed_in("ada").await;
    let crm = relay
        .app_key(&["labels:write", "attributes:write", "identities:write"])
        .await;
    let (mia, _) = relay.customer("mia-7", "Mia").await;
    let (moe, _) = relay.customer("moe-8", "Moe").await;
    let before = relay.audit(&ada, "").await.len();
    let address = json!({ "channel": "email", "identifier": "mia@canary.example" });
    let value = json!({ "value": "1990-02-03" });
    for (method, path, token, sent) in [
        (Method::PUT, "labels/vip", &ada, None),
        (Method::PUT, "labels/vip", &crm, None),
        (Method::DELETE, "labels/none", &ada, None),
        (Method::PUT, "attributes/birthday", &crm, Some(&value)),
        (Method::DELETE, "attributes/birthday", &ada, None),
        (Method::DELETE, "attributes/birthday", &ada, None),
        (Method::PUT, "identities", &ada, Some(&address)),
        (Method::DELETE, "identities", &ada, Some(&address)),
        (Method::DELETE, "identities", &ada, Some(&address)),
        (Method::DELETE, "labels/vip", &ada, None),
    ] {
        let path = format!("/api/customers/{mia}/{path}");
        let (status, answer) = relay.asks(method, &path, token, sent).await;
        assert_eq!(status, 204, "{path}: {answer}");
    }
    for method in [Method::PUT, Method::PUT, Method::DELETE, Method::DELETE] {
        let path = format!("/api/customers/{mia}/merged/{moe}");
        assert_eq!(relay.asks(method, &path, &ada, None).await.0, 204);
    }
    let bad = json!({ "value": "tomorrow" });
    let path = format!("/api/customers/{mia}/attributes/birthday");
    assert_eq!(relay.asks(Method::PUT, &path, &ada, Some(&bad)).await.0, 400);

    let records = relay.audit(&ada, "").await;
    assert_eq!(
        told(&records)[before..],
        [
            json!(["customer.labelled", "ada", mia, { "label": "vip" }]),
            json!(["customer.attribute_set", "CRM", mia, { "key": "birthday" }]),
            json!(["customer.attribute_unset", "ada", mia, { "key": "birthday" }]),
            json!(["customer.identity_stated", "ada", mia, { "channel": "email" }]),
            json!(["customer.identity_retracted", "ada", mia, { "channel": "email" }]),
            json!(["customer.unlabelled", "ada", mia, { "label": "vip" }]),
            json!(["customer.merged", "ada", moe, { "into": mia }]),
            json!(["customer.split", "ada", moe, { "shown_as": mia }]),
        ]
    );
    let all = Value::from(records).to_string();
    for value in ["canary", "1990", "Mia"] {
        assert!(!all.contains(value), "{value} stands in {all}");
    }
    assert!(relay.is_whole().await);
}

#[tokio::test]
async fn who_signs_in_and_what_becomes_of_users_is_recorded_and_read_in_parts() {
    let relay = Relay::start_with(MORE).await;
    let ada = relay.signed_in("ada").await;
    let change = |path: &'static str, change: Value| {
        let (relay, ada) = (&relay, &ada);
        async move {
            let (status, answer) = relay.asks(Method::PATCH, path, ada, Some(&change)).await;
            assert_eq!(status, 200, "{answer}");
        }
    };
    relay.signed_in("ann").await;
    let ann = "/api/v1/users/ann";
    change(ann, json!({ "roles": ["supervisor"], "disabled": true })).await;
    change(ann, json!({ "disabled": false })).await;
    let (status, _) = relay
        .asks(Method::DELETE, "/api/v1/users/ann/sessions", &ada, None)
        .await;
    assert_eq!(status, 204);
    relay
        .administers(AdminCommand::SetPassword {
            username: "ann".into(),
            password: "battery staple".into(),
        })
        .await;
    relay
        .administers(AdminCommand::User(UserCommand::Enable { username: "ann".into() }))
        .await;
    let records = relay.audit(&ada, "").await;
    let actions: Vec<&str> = records.iter().rev().map(|record| text(record, "/action")).collect();
    let added = actions.iter().take_while(|action| **action == "user.added").count();
    assert_eq!(
        actions[added..],
        [
            "user.sign_in",
            "user.sign_in",
            "user.roles_changed",
            "user.disabled",
            "user.enabled",
            "user.sessions_revoked",
            "user.password_changed",
            "user.enabled",
        ]
    );
    let actors: Vec<&str> = records.iter().rev().map(|record| text(record, "/actor/kind")).collect();
    assert!(actors[..added].iter().all(|kind| *kind == "relay"), "{actors:?}");
    assert_eq!(actors[actors.len() - 2..], ["operator"; 2]);
    assert_eq!(
        relay.audit(&ada, "?action=user.roles_changed").await[0]["detail"],
        json!({ "username": "ann", "before": "agent", "after": "supervisor" })
    );

    let mut parts = Vec::new();
    let mut path = "/api/v1/audit?limit=3".to_owned();
    loop {
        let (_, part) = relay.asks(Method::GET, &path, &ada, None).await;
        parts.extend(part["records"].as_array().expect("records").clone());
        match part["next"].as_i64() {
            Some(next) => path = format!("/api/v1/audit?limit=3&before={next}"),
            None => break,
        }
    }
    assert_eq!(parts, records);
    let since = records[2]["at"].as_i64().expect("a time");
    let found = relay.audit(&ada, &format!("?since={since}")).await;
    assert!(found.len() >= 3 && found.iter().all(|record| record["at"].as_i64() >= Some(since)));
    for wrong in ["?action=user.gone", "?limit=x", "?sinse=1"] {
        let (status, problem) = relay
            .asks(Method::GET, &format!("/api/v1/audit{wrong}"), &ada, None)
            .await;
        assert_eq!((status, text(&problem, "/code")), (400, "malformed"), "{wrong}");
    }
    assert!(relay.is_whole().await);
}

#[tokio::test]
async fn an_administrator_exports_a_customer_as_an_archive_which_is_recorded() {
    let relay = Relay::start_with(MORE).await;
    let (ada, ann) = (relay.signed_in("ada").await, relay.signed_in("ann").await);
    let (mia, own) = relay.customer("mia-7", "Mia").await;
    let label = format!("/api/customers/{mia}/labels/vip");
    assert_eq!(relay.asks(Method::PUT, &label, &ada, None).await.0, 204);
    let path = format!("/api/v1/customers/{mia}/export");
    for token in [&ann, &own] {
        assert_eq!(relay.asks(Method::POST, &path, token, None).await.0, 403);
    }
    let nobody = relay
        .asks(Method::POST, "/api/v1/customers/nobody/export", &ada, None)
        .await;
    assert_eq!(nobody.0, 404);
    assert_eq!(relay.audit(&ada, "?action=customer.exported").await.len(), 0);

    let asked = relay.request(Method::POST, &path).bearer_auth(&ada);
    let answer = asked.send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let bytes = answer.bytes().await.expect("the whole archive");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut read = |path: &str| -> Value {
        let file = archive.by_name(path).expect(path);
        serde_json::from_reader(file).expect("a document")
    };
    let customer = read("customer.json");
    assert_eq!(customer["labels"], json!(["vip"]));
    assert_eq!(customer["record"]["firstName"], "Mia");
    let manifest = read("manifest.json");
    let listed = manifest["files"].as_array().expect("a list");
    let listed: Vec<&str> = listed.iter().map(|file| text(file, "/path")).collect();
    assert_eq!(listed, ["customer.json", "activities.ndjson", "files.json"]);
    let records = relay.audit(&ada, "?action=customer.exported").await;
    assert_eq!(told(&records), [json!(["customer.exported", "ada", mia, {}])]);
}

/// Whoever guesses passwords leaves one record, and one who guesses names leaves none.
#[tokio::test]
async fn a_user_that_is_tried_too_often_is_recorded_once() {
    let relay = Relay::start_with(MORE).await;
    let ada = relay.signed_in("ada").await;
    for username in ["ann", "nobody"] {
        let wrong = json!({ "username": username, "password": "a wrong horse" });
        let mut refused = 0;
        for _ in 0..6 {
            let (status, _) = body(relay.post("/api/login", None, &wrong).await).await;
            refused += u32::from(status == 429);
        }
        assert!(refused >= 2, "{refused}");
    }
    let records = relay.audit(&ada, "?action=user.sign_in_refused").await;
    let [record] = &*records else {
        panic!("{records:?}");
    };
    assert_eq!(text(record, "/detail/username"), "ann");
    assert_eq!(text(record, "/actor/kind"), "unknown");
}
