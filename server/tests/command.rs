//! The program as an operator runs it.

use portico_sqlite::{GroupCommit, SqliteStore};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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
            "no app has the scope \"activities:wrote\"; there are: activities:write".to_owned()
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
