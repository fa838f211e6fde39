//! The program as an operator runs it.

use portico_core::clock::{Clock, DAY_MS, SystemClock};
use portico_core::customers::named::NamedIdentity;
use portico_core::store::conformance::{message, post, step};
use portico_core::store::{Change, IdentitySource, LogStore, RetentionMark, RetentionRule, RetentionStore, Store};
use portico_shared::cim::Customer;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::ids::CustomerId;
use portico_sqlite::{GroupCommit, SqliteStore};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn portico(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portico"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_wrong_configuration_is_named_and_exits_with_2() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let demo = include_str!("../config.demo.toml");
    let wrong = demo
        .replace("\"http://127.0.0.1:8081\", ", "\"http://x/\", ")
        .replace("bot = \"demo-bot\"", "bot = \"b\"");
    std::fs::write(folder.path().join("wrong.toml"), wrong).expect("written");
    let (code, _, error) = said(&portico(
        folder.path(),
        &["config", "check", "--config", "wrong.toml"],
        "",
    ));
    assert_eq!(code, Some(2));
    assert_eq!(
        error,
        "channels.demo.origins[0]: \"http://x/\": an origin is scheme, host and port, without a path\n\
         channels.demo.bot: \"b\": no such bot under bots"
    );
    let (code, _, error) = said(&portico(folder.path(), &["serve", "--config", "missing.toml"], ""));
    assert_eq!(
        (code, error.starts_with("cannot read missing.toml: ")),
        (Some(2), true),
        "{error}"
    );
}

#[test]
fn the_environment_overrides_and_is_checked_like_a_file() {
    let check = |name: &str, value: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_portico"))
            .args(["config", "check"])
            .env_clear()
            .env(name, value)
            .output()
            .expect("the program runs");
        said(&output)
    };
    let (code, _, error) = check("PORTICO_SERVER__LISTEN", "nowhere");
    assert_eq!(
        (code, error.as_str()),
        (Some(2), "server.listen: \"nowhere\": invalid socket address syntax")
    );
    let (code, _, error) = check("PORTICO_SERVER_LISTEN", "127.0.0.1:9");
    assert_eq!(
        (code, error.as_str()),
        (
            Some(2),
            "PORTICO_SERVER_LISTEN: no such key; the nearest is PORTICO_SERVER__LISTEN"
        )
    );
    let (code, out, _) = check("PORTICO_SERVICE_HOST", "10.0.0.1");
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("PORTICO_SERVICE_HOST is no key, and is ignored; "),
        "{out}"
    );
    let (code, out, _) = check("PORTICO_SERVER__LISTEN", "127.0.0.1:9");
    assert_eq!((code, out.as_str()), (Some(0), "the configuration is good"));
}

#[test]
fn a_scope_that_no_key_of_the_kind_can_have_is_refused_with_those_that_there_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = "[bots.helper]\nname = \"Helper\"\n";
    std::fs::write(folder.path().join("portico.toml"), config).expect("written");
    let add = |kind: &str, subject: &str, scopes: &[&str]| {
        let fixed = ["key", "add", "--config", "portico.toml", "--label", "x", "--kind", kind];
        let named = scopes.iter().flat_map(|scope| ["--scope", scope]);
        let arguments: Vec<&str> = fixed.into_iter().chain(["--subject", subject]).chain(named).collect();
        let (code, out, error) = said(&portico(folder.path(), &arguments, ""));
        (code, out.contains("pk_"), error)
    };
    assert_eq!(
        add("app", "crm", &["activities:write", "activities:wrote"]),
        (
            Some(1),
            false,
            "no app has the scope \"activities:wrote\"; there are: activities:write, identities:write, labels:write, attributes:write"
                .to_owned()
        )
    );
    assert_eq!(
        add("bot", "helper", &["activities:write"]),
        (Some(1), false, "a bot's key has no scopes, and needs none".to_owned())
    );
    assert_eq!(add("app", "crm", &["activities:write"]), (Some(0), true, String::new()));
    assert_eq!(add("bot", "helper", &[]), (Some(0), true, String::new()));
}

#[test]
fn no_other_process_opens_a_store_by_another_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("first.db");
    let held = SqliteStore::open(&path, GroupCommit::On).expect("a store");
    std::os::unix::fs::symlink("first.db", folder.path().join("symbolic.db")).expect("linked");
    std::fs::hard_link(&path, folder.path().join("hard.db")).expect("linked");
    for name in ["first", "symbolic", "hard"] {
        std::fs::write(
            folder.path().join("portico.toml"),
            format!("store.path = \"{name}.db\""),
        )
        .expect("written");
        let add = [
            "user",
            "add",
            "--config",
            "portico.toml",
            "--username",
            "ann",
            "--first-name",
            "Ann",
        ];
        let add: Vec<_> = add.into_iter().chain(["--role", "agent"]).collect();
        let (code, _, error) = said(&portico(folder.path(), &add, "correct horse"));
        assert_eq!(code, Some(1), "{name}");
        assert!(
            error.starts_with("the relay that has the store open does not answer"),
            "{name}: {error}"
        );
    }
    drop(held);
}

#[test]
fn a_store_is_copied_checked_and_restored_while_no_relay_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| said(&portico(folder.path(), arguments, "correct horse"));
    assert_eq!(run(&["store", "backup", "copy.db"]).0, Some(1), "there is none");
    let add = |name| {
        run(&[
            "user",
            "add",
            "--username",
            name,
            "--first-name",
            "Ann",
            "--role",
            "agent",
        ])
    };
    assert_eq!(add("ann").0, Some(0));
    let (code, out, error) = run(&["store", "backup", "copy.db"]);
    assert_eq!(
        (code, out.starts_with("copied to copy.db: 0 conversations, ")),
        (Some(0), true),
        "{out} {error}"
    );
    let (code, _, error) = run(&["store", "backup", "copy.db"]);
    assert_eq!(
        (code, error.ends_with("copy.db is there already")),
        (Some(1), true),
        "{error}"
    );
    for check in [&["store", "check"][..], &["store", "check", "copy.db"]] {
        let (code, out, error) = run(check);
        assert_eq!(
            (code, out.contains(" holds together: ")),
            (Some(0), true),
            "{out} {error}"
        );
    }
    assert_eq!(add("ben").0, Some(0));
    let (code, out, error) = run(&["store", "restore", "copy.db"]);
    assert_eq!(
        (code, out.contains("what was there is kept as ")),
        (Some(0), true),
        "{out} {error}"
    );
    assert_eq!(add("ann").0, Some(1), "she is in the copy");
    assert_eq!(add("ben").0, Some(0), "he came after it");
}

/// A store with conversations that ended at these times, in epoch milliseconds, of a channel whose rule is trusted.
async fn store_of_ended(path: &Path, ended: &[(&str, i64)], trusted_at: i64) {
    let store = SqliteStore::open(path, GroupCommit::On).expect("a store");
    for (id, ended_at) in ended {
        let mut said = post(id, "a", &format!("{id}-1"));
        said.event = message(id, id, &format!("CANARY-{id}"));
        let mut commit = step(id, 0, vec![said]);
        commit.conversation.ended_at = Some(*ended_at);
        commit.conversation.state = ConversationState::Closed;
        assert_eq!(store.commit(commit).await.expect("written"), None);
    }
    let mark = RetentionMark {
        rule: RetentionRule {
            channel: "shop".into(),
            days: 30,
        },
        trusted_at: Some(trusted_at),
        waited_ms: 0,
    };
    store.put_retention_mark(mark).await.expect("written");
}

/// Whether a text stands in a file of the store.
fn holds(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut files = files.filter_map(|file| std::fs::read(file.path()).ok());
    files.any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[tokio::test]
async fn conversations_whose_time_is_over_are_shown_and_then_go() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let now = SystemClock::default().now_ms();
    let ended = [("old", now - 31 * DAY_MS), ("young", now - 29 * DAY_MS)];
    store_of_ended(&folder.path().join("portico.db"), &ended, now).await;
    let config = "server.listen = \"127.0.0.1:0\"\n[channels.shop]\norigins = []\nretention_days = 30\n";
    std::fs::write(folder.path().join("portico.toml"), config).expect("written");
    let run = |verb: &[&str]| {
        let arguments: Vec<&str> = verb.iter().copied().chain(["--config", "portico.toml"]).collect();
        said(&portico(folder.path(), &arguments, ""))
    };
    let (code, out, error) = run(&["retention", "show"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.starts_with("shop\t30\t1\t0\t") && out.ends_with("\tgoes"), "{out}");
    assert!(holds(folder.path(), "CANARY-old"));

    let mut relay = Command::new(env!("CARGO_BIN_EXE_portico"))
        .args(["serve", "--config", "portico.toml"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .spawn()
        .expect("the relay starts");
    let control = folder.path().join("portico.db.control");
    let gone = async {
        // The relay has the store open then, and is asked.
        while !control.exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while !run(&["erasures"]).1.contains("retention") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(60), gone).await;
    let (_, recorded, _) = run(&["erasures"]);
    let (_, shown, _) = run(&["retention", "show"]);
    relay.kill().expect("it runs");
    relay.wait().expect("it ends");
    gone.expect("it is erased in time");
    let line: Vec<&str> = recorded.split('\t').collect();
    assert_eq!(line[..2], ["1", "retention"]);
    assert_eq!(line[4..], ["1", "1", "0", "0", "shop", "30"]);
    assert!(shown.starts_with("shop\t30\t0\t0\t-\t-\t"), "{shown}");
    assert!(!holds(folder.path(), "CANARY-old"));
    assert!(holds(folder.path(), "CANARY-young"));
}

#[tokio::test]
async fn what_a_new_rule_would_erase_is_shown_before_it_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let now = SystemClock::default().now_ms();
    let ended = [("old", now - 31 * DAY_MS), ("young", now - 29 * DAY_MS)];
    let path = folder.path().join("portico.db");
    store_of_ended(&path, &ended, now - 2 * DAY_MS).await;
    let shown = |config: &str| {
        std::fs::write(folder.path().join("portico.toml"), config).expect("written");
        let show = ["retention", "show", "--config", "portico.toml"];
        said(&portico(folder.path(), &show, "")).1
    };
    assert_eq!(
        shown("[channels.shop]\norigins = []\n"),
        "all channels keep their conversations for good"
    );
    let shorter = shown("[channels.shop]\norigins = []\nretention_days = 7\n");
    assert!(
        shorter.starts_with("shop\t7\t2\t0\t") && shorter.ends_with("\tnew rule: 24 h left"),
        "{shorter}"
    );
    let ahead = shown("[channels.shop]\norigins = []\nretention_days = 30\n");
    assert!(ahead.ends_with("\ttime ahead: 24 h left"), "{ahead}");
    assert!(holds(folder.path(), "CANARY-old"));
}

#[test]
fn users_and_keys_are_made_while_no_relay_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let add = [
        "user",
        "add",
        "--username",
        "ann",
        "--first-name",
        "Ann",
        "--role",
        "agent",
        "--password-stdin",
    ];
    let (code, out, error) = said(&portico(folder.path(), &add, "correct horse\n"));
    assert_eq!((code, out.starts_with("added user ")), (Some(0), true), "{error}");
    let (code, _, error) = said(&portico(folder.path(), &add, "correct horse\n"));
    assert_eq!((code, error.as_str()), (Some(1), "there is a user \"ann\" already"));
    let short = [
        "user",
        "add",
        "--username",
        "ben",
        "--first-name",
        "Ben",
        "--role",
        "agent",
        "--password-stdin",
    ];
    assert_eq!(
        said(&portico(folder.path(), &short, "short")).2,
        "a password has at least 8 characters"
    );

    let password = ["user", "password", "--username", "ann", "--password-stdin"];
    assert_eq!(
        said(&portico(folder.path(), &password, "battery staple\n")).1,
        "the password is set, and all sessions have ended"
    );

    let key = [
        "key",
        "add",
        "--kind",
        "app",
        "--subject",
        "crm",
        "--label",
        "CRM",
        "--scope",
        "activities:write",
    ];
    let (code, out, _) = said(&portico(folder.path(), &key, ""));
    let secret = out.lines().next().expect("a line").to_owned();
    assert_eq!((code, secret.starts_with("pk_")), (Some(0), true));
    let id = out.rsplit(' ').next().expect("an id").to_owned();
    assert_eq!(
        said(&portico(folder.path(), &["key", "revoke", "--id", &id], "")).1,
        "revoked"
    );
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let kept = std::fs::read(file.expect("a file").path()).expect("readable");
        assert!(
            !kept.windows(secret.len()).any(|window| window == secret.as_bytes()),
            "the key itself is not kept"
        );
        assert!(
            !kept.windows(13).any(|window| window == b"correct horse"),
            "the password itself is not kept"
        );
    }
    let bot = ["key", "add", "--kind", "bot", "--subject", "nobody", "--label", "x"];
    assert_eq!(
        said(&portico(folder.path(), &bot, "")).2,
        "no such bot under bots: \"nobody\""
    );
}

#[tokio::test]
async fn an_operator_looks_customers_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("portico.db");
    let mut customer = Customer {
        id: "c-1".to_owned(),
        first_name: Some("Zoë Müller".to_owned()),
        is_anonymous: Some(false),
        ..Customer::default()
    };
    customer
        .extra
        .insert("web".to_owned(), serde_json::json!(["https://site.example|42"]));
    let known = NamedIdentity::read("email", "zoe@example.org").expect("an address");
    let store = SqliteStore::open(&path, GroupCommit::On).expect("a store");
    let changes = vec![
        Change::Customer {
            before: None,
            after: Box::new(customer),
        },
        Change::StateIdentity {
            customer: CustomerId::new("c-1"),
            identity: known.said(IdentitySource::Agent, 1),
        },
    ];
    store.apply(changes).await.expect("written");
    drop(store);
    std::fs::write(folder.path().join("portico.toml"), format!("store.path = {path:?}")).expect("written");
    let find = |text: &str| {
        let arguments = ["customer", "find", "--config", "portico.toml", text];
        said(&portico(folder.path(), &arguments, "")).1
    };
    let line = "c-1\tZoë Müller\tvouched\tweb:https://site.example|42 email:zoe@example.org?\tvip";
    let label = |verb: &str, customer: &str, label: &str| {
        let arguments = ["--config", "portico.toml", "--customer", customer, "--label", label];
        said(&portico(
            folder.path(),
            &[&["customer", verb][..], &arguments[..]].concat(),
            "",
        ))
    };
    assert_eq!(label("label", "c-1", "vip").1, "the customer has the label");
    assert_eq!(label("label", "c-1", "gold").2, "no such label under labels: \"gold\"");
    assert_eq!(label("label", "c-2", "vip").2, "nothing is known of a customer \"c-2\"");
    for text in ["muller", "zoe@example.org", "https://site.example|42", "c-1"] {
        assert_eq!(find(text), line, "{text}");
    }
    assert_eq!(find("vip zoe"), line);
    assert_eq!(find("nobody"), "");
    assert_eq!(
        label("unlabel", "https://site.example|42", "vip").1,
        "the customer is without the label"
    );
    assert_eq!(find("vip"), "");
    let customer = |arguments: &[&str]| {
        let arguments = [&["customer"][..], arguments, &["--config", "portico.toml"]].concat();
        said(&portico(folder.path(), &arguments, ""))
    };
    let merged = customer(&["merge", "--customer", "c-2", "--into", "c-1"]);
    assert_eq!(merged.2, "nothing is known of a customer \"c-2\"");
    assert_eq!(customer(&["merges", "--customer", "c-1"]).1, "");
    let split = customer(&["split", "--customer", "c-1"]);
    assert_eq!(split.1, "the customer is shown by itself");
    let set = |key: &str, value: &str| customer(&["set", "--customer", "c-1", "--key", key, "--value", value]);
    assert_eq!(set("birthday", "1990-02-03").1, "the value is noted");
    assert_eq!(set("birthday", "in spring").2, "value: not a date as in 2026-11-30");
    assert_eq!(set("height", "2").2, "no such attribute");
    let listed = || customer(&["attributes", "--customer", "c-1"]).1;
    assert_eq!(listed(), "birthday\t1990-02-03");
    let unset = customer(&["unset", "--customer", "c-1", "--key", "birthday"]);
    assert_eq!((unset.1.as_str(), listed().as_str()), ("the value is forgotten", ""));
}

#[tokio::test]
async fn the_audit_log_is_listed_and_a_changed_record_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str], input: &str| said(&portico(folder.path(), arguments, input));
    let add = [
        "user",
        "add",
        "--username",
        "ann",
        "--first-name",
        "Ann",
        "--role",
        "agent",
    ];
    assert_eq!(run(&add, "correct horse").0, Some(0));
    let roles = ["user", "roles", "--username", "ann", "--role", "supervisor"];
    assert_eq!(run(&roles, "").0, Some(0));
    assert_eq!(run(&["user", "disable", "--username", "ann"], "").0, Some(0));

    let (code, out, error) = run(&["audit", "list"], "");
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(code, Some(0), "{error}");
    let of = |column: usize| lines.iter().map(|line| line[column]).collect::<Vec<_>>();
    assert_eq!(of(0), ["3", "2", "1"]);
    assert_eq!(of(2), ["operator"; 3]);
    assert_eq!(of(3), ["user.disabled", "user.roles_changed", "user.added"]);
    assert_eq!(
        lines[1][5],
        r#"{"after":"supervisor","before":"agent","username":"ann"}"#
    );
    let (_, out, _) = run(
        &["audit", "list", "--action", "user.added", "--since", "2020-01-01"],
        "",
    );
    assert_eq!(out, lines[2].join("\t"));
    assert_eq!(run(&["audit", "list", "--since", "2200-01-01"], "").1, "");
    let (code, _, error) = run(&["audit", "list", "--action", "user.gone"], "");
    assert!(code == Some(1) && error.contains("user.disabled"), "{error}");

    let (code, out, _) = run(&["audit", "verify"], "");
    let kept = out.strip_prefix("the audit log is whole up to ").expect("it is whole");
    assert!(code == Some(0) && kept.starts_with("3:"), "{out}");
    assert_eq!(run(&["audit", "verify", "--kept", kept], "").0, Some(0));
    let another = format!("3:{}", "0".repeat(64));
    let (code, out, error) = run(&["audit", "verify", "--kept", &another], "");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(
        error,
        "record 3 of the audit log is not as it was written, or not there"
    );
    let (code, _, error) = run(&["audit", "verify", "--kept", "3"], "");
    assert!(
        code == Some(1) && error.contains("with a colon between them"),
        "{error}"
    );

    let tampered = std::fs::read(folder.path().join("portico.db")).expect("readable");
    let place = tampered
        .windows(17)
        .position(|window| window == br#""before":"agent","#);
    let mut tampered = tampered;
    let place = place.expect("it stands in the file");
    tampered[place..place + 17].copy_from_slice(br#""before":"admin","#);
    std::fs::write(folder.path().join("portico.db"), tampered).expect("written");
    let (code, _, error) = run(&["audit", "verify"], "");
    assert_eq!(
        (code, error.as_str()),
        (
            Some(1),
            "record 2 of the audit log is not as it was written, or not there"
        )
    );
}

#[tokio::test]
async fn a_customer_is_exported_into_a_new_file_of_the_relays_user_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(&folder.path().join("portico.db"), GroupCommit::On).expect("a store");
    let customer: Customer =
        serde_json::from_value(serde_json::json!({"_id": "k-1", "firstName": "Zoe"})).expect("one");
    let known = Change::Customer {
        before: None,
        after: Box::new(customer),
    };
    store.apply(vec![known]).await.expect("written");
    drop(store);
    let export = |id: &str, to: &str| said(&portico(folder.path(), &["customer", "export", id, "--to", to], ""));
    assert_eq!(
        export("k-1", "zoe.zip"),
        (Some(0), "customer k-1 is exported".to_owned(), String::new())
    );
    let file = folder.path().join("zoe.zip");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("it is there").permissions());
    assert_eq!(mode & 0o777, 0o600);
    let archive = std::fs::File::open(&file).expect("readable");
    let mut archive = zip::ZipArchive::new(archive).expect("an archive");
    let record: serde_json::Value =
        serde_json::from_reader(archive.by_name("customer.json").expect("it is there")).expect("a document");
    assert_eq!(record["record"]["firstName"], "Zoe");

    let (code, _, error) = export("k-1", "zoe.zip");
    assert!(
        code == Some(1) && error.contains("zoe.zip"),
        "it is not written over: {error}"
    );
    let (code, _, error) = export("k-2", "other.zip");
    assert_eq!(
        (code, error.as_str()),
        (Some(1), "nothing is known of a customer \"k-2\"")
    );
    assert!(!folder.path().join("other.zip").exists());
    let listed = portico(folder.path(), &["audit", "list", "--action", "customer.exported"], "");
    let (_, listed, _) = said(&listed);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(
        listed.contains("\toperator\t") && listed.contains("customer:k-1"),
        "{listed}"
    );
}
