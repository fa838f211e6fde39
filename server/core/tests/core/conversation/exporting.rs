//! Exporting all that is known of a customer.

use super::commands::Commands;
use super::erasing::eraser_over;
use super::world::{World, code, customer, id, post_of, staff, start, whisper};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use portico_core::audit::Attribution;
use portico_core::config::ChannelFiles;
use portico_core::conversation::Recorded;
use portico_core::customers::Customers;
use portico_core::customers::export::{Export, ExportError, Part, Source};
use portico_core::files::{Appended, BytesError, FileBytes, Files, LinkKey, NewFile};
use portico_core::identity::{AppPrincipal, CustomerPrincipal, Principal};
use portico_core::store::{AuditAction, AuditQuery, Commit, ErasedBy};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Draft, RefusalCode, Start};
use portico_shared::http::IdentityBody;
use portico_shared::ids::{ConversationId, CustomerId, FileId, ParticipantId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Bytes of a piece behind which nothing can be read.
const READABLE: u64 = 64 * 1024;

/// A place of files in memory, whose pieces cannot be read to their end if they are long.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Bytes>>);

#[async_trait]
impl FileBytes for Shelf {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BytesError> {
        self.0.lock().expect("no panic").insert(key.to_owned(), bytes);
        Ok(())
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Bytes, BytesError> {
        if part.start >= READABLE {
            return Err(BytesError("a bad block".into()));
        }
        let part = usize::try_from(part.start).expect("small")..usize::try_from(part.end).expect("small");
        let shelf = self.0.lock().expect("no panic");
        let found = shelf.get(key).ok_or_else(|| BytesError(key.into()))?;
        Ok(found.slice(part))
    }

    async fn remove(&self, key: &str) -> Result<(), BytesError> {
        self.0.lock().expect("no panic").remove(key);
        Ok(())
    }
}

/// A relay that takes files.
struct Relay {
    world: World,
    shelf: Arc<Shelf>,
    files: Arc<Files>,
}

impl Relay {
    fn new() -> Self {
        let world = World::configured(|config| {
            let plain = config.channels.get_mut("plain").expect("a channel");
            plain.files = ChannelFiles {
                max_bytes: 1_000_000,
                types: vec!["text/plain".to_owned()],
                keep_days: 30,
            };
        });
        let shelf = Arc::new(Shelf::default());
        let files = Files::new(world.registry.clone(), shelf.clone(), LinkKey::new([1; 32]));
        Self {
            world,
            shelf,
            files: Arc::new(files),
        }
    }

    async fn uploads(&self, who: &Principal, text: impl Into<Bytes>, to: Option<&ConversationId>) -> FileId {
        let text: Bytes = text.into();
        let new = NewFile {
            size: text.len() as u64,
            name: "notes.txt".to_owned(),
            media_type: String::new(),
            conversation: to.cloned(),
        };
        let file = self.files.create(who, new).await.expect("an upload");
        let body = stream::iter([Ok::<_, Infallible>(text)]);
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let whole = self.files.append(who, here, &file.id, 0, body).await.expect("kept");
        assert!(matches!(whole, Appended::Whole(_)));
        file.id
    }

    async fn posts_file(&self, who: &Principal, at: &ConversationId, file: &FileId) {
        let body = json!({"type": "FILE", "attachment": {"mediaUrl": self.files.media_url(file)}});
        let body = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
        let post = post_of(at, file.as_str(), Draft::new(body));
        self.world.registry.post(who, post).await.expect("an own file");
    }

    fn source(&self) -> Source {
        let services = self.world.registry.services();
        Source {
            store: services.store.clone(),
            bytes: self.shelf.clone(),
            clock: services.clock.clone(),
        }
    }

    async fn begins(&self, id: &str) -> Result<Export, portico_core::conversation::Refusal> {
        let source = self.source();
        let by = Attribution::user(&staff("boss", "administrator"), source.clock.as_ref());
        Export::begin(source, &by, CustomerId::new(id)).await
    }

    /// The files of an export, by their paths.
    async fn exports(&self, id: &str) -> BTreeMap<String, String> {
        let export = self.begins(id).await.expect("a customer");
        let (to, mut from) = tokio::sync::mpsc::channel(1);
        let read = async {
            let (mut files, mut path, mut is_whole) = (BTreeMap::<String, Vec<u8>>::new(), String::new(), false);
            while let Some(part) = from.recv().await {
                match part {
                    Part::File(begun) => {
                        assert!(files.insert(begun.clone(), Vec::new()).is_none(), "{begun} twice");
                        path = begun;
                    }
                    Part::Bytes(bytes) => files.get_mut(&path).expect("begun").extend(bytes),
                    Part::End => is_whole = true,
                }
            }
            assert!(is_whole);
            files
        };
        let (written, files) = tokio::join!(export.write(to), read);
        written.expect("whole");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("texts");
        files.into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
    }

    async fn recorded(&self, action: AuditAction) -> usize {
        let query = AuditQuery {
            action: Some(action.name().to_owned()),
            limit: 10,
            ..AuditQuery::default()
        };
        self.world.store().audit(query).await.expect("readable").len()
    }

    fn customers(&self) -> Customers {
        let services = self.world.registry.services();
        Customers::new(services.store.clone(), services.clock.clone(), services.config.clone())
    }
}

fn document(files: &BTreeMap<String, String>, path: &str) -> Value {
    let text = files.get(path).unwrap_or_else(|| panic!("{path} is missing"));
    serde_json::from_str(text).expect("a document")
}

/// Every file is listed with what it is.
fn check_manifest(files: &BTreeMap<String, String>) -> Value {
    let manifest = document(files, "manifest.json");
    let listed = manifest["files"].as_array().expect("a list");
    assert_eq!(listed.len(), files.len() - 1);
    for one in listed {
        let text = &files[one["path"].as_str().expect("a path")];
        assert_eq!(one["bytes"], json!(text.len()));
        assert_eq!(one["sha256"], json!(hex::encode(Sha256::digest(text))));
    }
    manifest
}

/// A customer with a chat that is over and one that an agent serves, files, notes and a merge with another customer.
async fn known(relay: &Relay) -> (CustomerPrincipal, ConversationId, ConversationId) {
    let world = &relay.world;
    let (who, first) = world.started("plain").await;
    let whole = Principal::Customer(who.clone());
    world.says(&whole, &first, "CANARY-first").await;
    let file = relay.uploads(&whole, "CANARY-file", None).await;
    relay.posts_file(&whole, &first, &file).await;
    world.registry.end(&whole, &first, id("end-1")).await.expect("ended");
    let second = world.registry.start(&who, start("start-2")).await.expect("a start");
    let second = second.conversation;
    let mut ann = world.desk("ann");
    let offer = world.offered(&mut ann, &second).await;
    let accepted = world.registry.accept(&ann.who, offer.task, id("accept-2")).await;
    accepted.expect("an offer that can be accepted");
    world.says(&whole, &second, "CANARY-second").await;
    world.says(&ann.principal(), &second, "CANARY-answer").await;
    let whispered = whisper(&second, "psst", "CANARY-whisper");
    world
        .registry
        .post(&ann.principal(), whispered)
        .await
        .expect("a whisper");
    relay.uploads(&whole, "CANARY-waits", None).await;

    let other = customer("c2", "plain");
    let of_other = world.registry.start(&other, start("start-c2")).await.expect("a start");
    world
        .says(&Principal::Customer(other), &of_other.conversation, "CANARY-other")
        .await;
    let (customers, boss) = (relay.customers(), staff("boss", "supervisor"));
    let [one, two] = ["c1", "c2"].map(CustomerId::new);
    let supervisor = Principal::Staff(boss.clone());
    customers.label(&supervisor, &one, "vip").await.expect("labelled");
    customers
        .set_attribute(&supervisor, &one, "birthday", "1990-02-03")
        .await
        .expect("noted");
    let address = |identifier: &str| IdentityBody {
        channel: "email".to_owned(),
        identifier: identifier.to_owned(),
    };
    for (whose, said) in [(&one, "canary-mine@example.org"), (&two, "canary-other@example.org")] {
        customers
            .state(&supervisor, whose, &address(said))
            .await
            .expect("noted");
    }
    customers.merge(&boss, &two, &one).await.expect("merged");
    (who, first, second)
}

#[tokio::test]
async fn an_export_has_all_that_is_known_of_a_customer_and_nothing_of_others() {
    let relay = Relay::new();
    let (_, first, second) = known(&relay).await;
    let files = relay.exports("c1").await;
    let manifest = check_manifest(&files);
    assert_eq!(manifest["customer"], "c1");
    assert!(
        manifest["left_out"]
            .as_array()
            .is_some_and(|left_out| !left_out.is_empty())
    );
    assert_eq!(manifest["missing"], json!([]));

    let about = document(&files, "customer.json");
    assert_eq!(about["labels"], json!(["vip"]));
    assert_eq!(about["attributes"], json!({ "birthday": "1990-02-03" }));
    assert_eq!(about["record"]["_id"], "c1");
    assert_eq!(
        (&about["merges"][0]["customer"], &about["merges"][0]["into"]),
        (&json!("c1"), &json!("c2"))
    );
    let all: String = files.values().map(String::as_str).collect();
    assert!(all.contains("canary-mine@example.org"));
    for (conversation, said) in [
        (&first, "CANARY-first"),
        (&second, "CANARY-second"),
        (&second, "CANARY-answer"),
    ] {
        let events = &files[&format!("conversations/{conversation}/events.ndjson")];
        assert!(events.contains(said), "{said}");
        for line in events.lines() {
            let line: Value = serde_json::from_str(line).expect("a document on each line");
            assert!(line["seq"].is_u64() && line["event"]["name"].is_string(), "{line}");
        }
        let about = document(&files, &format!("conversations/{conversation}/conversation.json"));
        assert_eq!(
            (&about["channel"], &about["id"]),
            (&json!("plain"), &json!(conversation))
        );
    }
    let described = document(&files, "files.json");
    let described = described.as_array().expect("a list");
    let mut contents: Vec<&str> = described
        .iter()
        .map(|file| &*files[file["path"].as_str().expect("a path")])
        .collect();
    contents.sort_unstable();
    assert_eq!(contents, ["CANARY-file", "CANARY-waits"]);
    for of_others in ["CANARY-whisper", "CANARY-other", "canary-other"] {
        assert!(!all.contains(of_others), "{of_others}");
    }
    assert_eq!(relay.recorded(AuditAction::Exported).await, 1);
}

#[tokio::test]
async fn nothing_of_an_erased_customer_is_exported() {
    let relay = Relay::new();
    let (who, ..) = known(&relay).await;
    let eraser = eraser_over(&relay.world, Arc::clone(&relay.files));
    eraser.erase(who.id.clone(), ErasedBy::Operator).await.expect("erased");
    assert_eq!(code(relay.begins("c1").await.map(drop)), RefusalCode::NotFound);
    assert_eq!(
        relay.recorded(AuditAction::Exported).await,
        0,
        "and nothing is recorded"
    );
    let of_other = relay.exports("c2").await;
    let all: String = of_other.values().map(String::as_str).collect();
    assert!(all.contains("CANARY-other"), "who was shown as one with it");
    for gone in [
        "CANARY-first",
        "CANARY-second",
        "CANARY-file",
        "canary-mine",
        "1990-02-03",
        "\"c1\"",
    ] {
        assert!(!all.contains(gone), "{gone}");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_is_named_and_an_export_that_nobody_takes_ends() {
    let relay = Relay::new();
    known(&relay).await;
    relay.shelf.0.lock().expect("no panic").clear();
    let files = relay.exports("c1").await;
    let manifest = check_manifest(&files);
    assert_eq!(manifest["missing"].as_array().map(Vec::len), Some(2), "{manifest}");
    assert!(files.keys().all(|path| !path.starts_with("files/")));

    let export = relay.begins("c1").await.expect("a customer");
    let (to, from) = tokio::sync::mpsc::channel(1);
    drop(from);
    let given_up = export.write(to).await;
    assert!(matches!(given_up, Err(ExportError::GivenUp)), "{given_up:?}");
}

#[tokio::test]
async fn a_file_that_breaks_off_ends_there_and_the_others_are_whole() {
    let relay = Relay::new();
    let (who, _) = relay.world.started("plain").await;
    let whole = Principal::Customer(who);
    let long = relay.uploads(&whole, "x".repeat(100_000), None).await;
    let other = relay.uploads(&whole, "CANARY-other", None).await;
    let files = relay.exports("c1").await;
    let manifest = check_manifest(&files);
    let path = |id: &FileId| format!("files/{id}-notes.txt");
    assert_eq!(manifest["incomplete"], json!([path(&long)]), "{manifest}");
    assert_eq!(manifest["missing"], json!([]));
    assert_eq!(files[&path(&long)].len() as u64, READABLE);
    assert_eq!(files[&path(&other)], "CANARY-other");
}

/// More than are read at once, and of one time.
#[tokio::test]
async fn of_what_apps_reported_that_is_there_which_is_for_the_customer() {
    const EACH: usize = 150;
    let relay = Relay::new();
    let (who, at) = relay.world.started("plain").await;
    let whole = Principal::Customer(who.clone());
    let ended = relay.world.registry.end(&whole, &at, id("end-1")).await;
    ended.expect("ended");
    let app = AppPrincipal {
        id: ParticipantId::new("shop"),
        name: "Shop".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: Vec::new(),
    };
    for number in 0..EACH * 2 {
        let (audience, text) = match number % 2 {
            0 => ("CUSTOMER", format!("CANARY-sent-{number}.")),
            _ => ("AGENT", format!("CANARY-internal-{number}.")),
        };
        let message = json!({
            "id": format!("activity-{number}"),
            "header": {
                "sender": {"id": "shop", "type": "APP"},
                "customer": {"_id": who.id},
                "additionalData": {"audience": audience},
            },
            "body": {"type": "PLAIN", "markdownText": text},
        });
        let message = portico_shared::json::from_value(message).expect("a message");
        let reported = relay.world.registry.activity(&app, message).await;
        assert!(matches!(reported, Ok(Recorded::OfCustomer { .. })), "{reported:?}");
    }
    let files = relay.exports("c1").await;
    let activities = &files["activities.ndjson"];
    assert_eq!(activities.lines().count(), EACH);
    for number in (0..EACH * 2).step_by(2) {
        assert!(activities.contains(&format!("CANARY-sent-{number}.")), "{number}");
    }
    let all: String = files.values().map(String::as_str).collect();
    assert!(!all.contains("CANARY-internal"));
}

#[tokio::test]
async fn of_conversation_data_that_is_there_which_the_visitor_gave() {
    let relay = Relay::new();
    let world = &relay.world;
    let form = json!({"type": "FORM_DATA", "sections": [{"attributes": [
        {"key": "email", "answer": ["canary@shop.example"]},
        {"key": "first_name", "answer": ["Ada"]},
    ]}]});
    let page = json!({"plan": "CANARY-gold"});
    let begins = Start {
        data: page.as_object().cloned().expect("an object"),
        form: Some(portico_shared::json::from_value(form).expect("a form")),
        ..start("s")
    };
    let begun = world.registry.start(&customer("c1", "asked"), begins).await;
    let at = begun.expect("a start").conversation;
    let mut record = world.record(&at).await;
    record.data.insert("risk".to_owned(), json!("CANARY-internal"));
    let commit = Commit {
        expected_head: record.head,
        conversation: record,
        events: Vec::new(),
        changes: Vec::new(),
    };
    world.store().commit(commit).await.expect("written");
    let files = relay.exports("c1").await;
    let about = document(&files, &format!("conversations/{at}/conversation.json"));
    assert_eq!(about["visitor_data"], page);
    let prechat = document(&files, &format!("conversations/{at}/prechat.json"));
    assert!(prechat.to_string().contains("canary@shop.example"), "{prechat}");
    let all: String = files.values().map(String::as_str).collect();
    assert!(!all.contains("CANARY-internal"));
    check_manifest(&files);
}

#[tokio::test]
async fn all_merges_are_there() {
    const TIMES: usize = 120;
    let relay = Relay::new();
    known(&relay).await;
    let boss = staff("boss", "supervisor");
    let [one, two] = ["c1", "c2"].map(CustomerId::new);
    let customers = relay.customers();
    for _ in 0..TIMES {
        customers.split(&boss, &two, &one).await.expect("split");
        customers.merge(&boss, &two, &one).await.expect("merged");
    }
    let about = document(&relay.exports("c1").await, "customer.json");
    assert_eq!(about["merges"].as_array().map(Vec::len), Some(TIMES + 1));
}
