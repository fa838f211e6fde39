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

/// Action, actor, object and detail of records, in the order in which they were written, with the ids of customers.
fn told(records: &[Value]) -> Vec<Value> {
    let of = |record: &Value| {
        let mut told = json!([
            record["action"],
            record["actor"]["name"],
            record["object"]["id"],
            record["detail"]
        ])
        .to_string();
        for (name, customer) in record["customers"].as_object().expect("names") {
            told = told.replace(name, customer.as_str().expect("an id"));
        }
        serde_json::from_str::<Value>(&told).expect("as it was")
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
        (Method::PUT, "attributes/birthday", &ada, Some(&value)),
        (Method::DELETE, "attributes/birthday", &ada, None),
        (Method::DELETE, "attributes/birthday", &ada, None),
        (Method::PUT, "identities", &ada, Some(&address)),
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
    let mut records = Value::from(records);
    for record in records.as_array_mut().expect("a list") {
        record["customers"].take();
    }
    let all = records.to_string();
    for value in ["canary", "1990", "Mia", &mia, &moe] {
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
    relay.signed_in("ann").await;
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
        .administers(AdminCommand::User(UserCommand::SetRoles {
            username: "ann".into(),
            roles: vec!["agent".to_owned()],
        }))
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
            "user.sign_in",
            "user.sessions_revoked",
            "user.password_changed",
            "user.roles_changed",
        ]
    );
    let actors: Vec<&str> = records.iter().rev().map(|record| text(record, "/actor/kind")).collect();
    assert!(actors[..added].iter().all(|kind| *kind == "relay"), "{actors:?}");
    assert_eq!(actors[actors.len() - 2..], ["operator"; 2]);
    assert_eq!(
        relay.audit(&ada, "?action=user.roles_changed").await[1]["detail"],
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

/// What is as it should be already is not done again, and not recorded.
#[tokio::test]
async fn what_changes_nothing_of_a_user_is_not_recorded() {
    let relay = Relay::start_with(MORE).await;
    let ada = relay.signed_in("ada").await;
    let before = relay.audit(&ada, "").await.len();
    for change in [
        json!({ "disabled": false }),
        json!({ "roles": ["agent"] }),
        json!({ "disabled": true }),
        json!({ "disabled": true }),
    ] {
        let (status, answer) = relay
            .asks(Method::PATCH, "/api/v1/users/ann", &ada, Some(&change))
            .await;
        assert_eq!(status, 200, "{answer}");
    }
    let path = "/api/v1/users/ann/sessions";
    assert_eq!(relay.asks(Method::DELETE, path, &ada, None).await.0, 204);
    let disable = AdminCommand::DisableUser { username: "ann".into() };
    relay.administers(disable).await;
    let records = relay.audit(&ada, "").await;
    let actions: Vec<&str> = records[..records.len() - before]
        .iter()
        .map(|record| text(record, "/action"))
        .collect();
    assert_eq!(actions, ["user.disabled"]);
}

#[tokio::test]
async fn who_signs_out_and_whose_session_is_revoked_as_a_key_is_recorded_as_a_user() {
    let relay = Relay::start_with(MORE).await;
    let (ada, ann) = (relay.signed_in("ada").await, relay.signed_in("ann").await);
    let out = relay
        .request(Method::POST, "/api/logout")
        .bearer_auth(&ann)
        .send()
        .await;
    assert_eq!(out.expect("answered").status(), 204);
    let records = relay.audit(&ada, "?action=user.sign_out").await;
    let [record] = &*records else {
        panic!("{records:?}");
    };
    assert_eq!(text(record, "/actor/name"), "ann");
    assert_eq!(text(record, "/detail/username"), "ann");

    relay.signed_in("ann").await;
    let signed_in = relay.audit(&ada, "?action=user.sign_in&limit=1").await;
    let session = text(&signed_in[0], "/detail/session").to_owned();
    for _ in 0..2 {
        let id = session.clone();
        relay.administers(AdminCommand::RevokeKey { id }).await;
    }
    assert_eq!(relay.audit(&ada, "?action=key.revoked").await, [Value::Null; 0]);
    let records = relay.audit(&ada, "?action=user.sessions_revoked").await;
    let [record] = &*records else {
        panic!("{records:?}");
    };
    assert_eq!(record["detail"], json!({ "username": "ann", "session": session }));
    assert_eq!(record["object"]["kind"], "user");
}

#[tokio::test]
async fn each_wrong_password_of_a_user_is_recorded_and_no_name_that_nobody_has() {
    let relay = Relay::start_with(MORE).await;
    let ada = relay.signed_in("ada").await;
    for username in ["ann", "ann", "nobody"] {
        let wrong = json!({ "username": username, "password": "a wrong horse" });
        assert_eq!(relay.post("/api/login", None, &wrong).await.status(), 401);
    }
    let query = "?action=user.sign_in_failed";
    let recorded = async {
        while relay.audit(&ada, query).await.len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, recorded).await.expect("both are recorded");
    let records = relay.audit(&ada, query).await;
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| text(record, "/detail/username") == "ann"));
    assert!(records.iter().all(|record| text(record, "/actor/kind") == "unknown"));
}

#[tokio::test]
async fn a_head_that_is_none_is_refused_and_a_log_is_verified_part_by_part() {
    let relay = Relay::start_with(MORE).await;
    relay.signed_in("ada").await;
    let verify = |kept: Option<String>, after: Option<String>| {
        relay.administer(AdminCommand::Audit(AuditCommand::Verify { kept, after }))
    };
    let whole = verify(None, None).await;
    let Ok(AdminReply::Audit(AuditReply::Whole(head))) = whole else {
        panic!("it is whole");
    };
    for none in ["1", "", "1:x"] {
        let refused = verify(Some(none.to_owned()), None).await;
        assert!(refused.is_err_and(|error| error.contains("with a colon")), "{none}");
    }
    let on = verify(Some(head.clone()), Some(head.clone())).await;
    assert!(matches!(on, Ok(AdminReply::Audit(AuditReply::Whole(same))) if same == head));
    let wrong = format!("1:{}", "0".repeat(64));
    let broken = verify(None, Some(wrong)).await;
    assert!(matches!(broken, Ok(AdminReply::Audit(AuditReply::Broken(2)))));
}
