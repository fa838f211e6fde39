//! What is printed of bots and apps.

use portico::admin::ProgramReply;
use portico_shared::cim::Timestamp;
use portico_shared::http::{ProgramEntry, ProgramKind};

/// What is printed, line by line.
pub(crate) fn lines(reply: &ProgramReply) -> Vec<String> {
    match reply {
        ProgramReply::Programs(programs) => programs.iter().flat_map(program).collect(),
        ProgramReply::Registered(registered) => {
            let key = format!("key\t{}", registered.key);
            let secret = registered.secret.iter().map(|secret| format!("secret\t{secret}"));
            [key].into_iter().chain(secret).chain(once()).collect()
        }
        ProgramReply::Changed(changed) => match &changed.secret {
            Some(secret) => [format!("secret\t{secret}")].into_iter().chain(once()).collect(),
            None => vec!["changed".to_owned()],
        },
        ProgramReply::Key(key) => [format!("key\t{}", key.key)].into_iter().chain(once()).collect(),
        ProgramReply::KeyRetired | ProgramReply::SecretRetired => vec!["retired".to_owned()],
        ProgramReply::Secret(secret) => [format!("secret\t{}", secret.secret)]
            .into_iter()
            .chain(once())
            .collect(),
    }
}

fn once() -> [String; 1] {
    ["This is shown once.".to_owned()]
}

fn program(program: &ProgramEntry) -> Vec<String> {
    let kind = match program.kind {
        ProgramKind::Bot => "bot",
        ProgramKind::App => "app",
    };
    let state = match (program.configured, program.disabled) {
        (true, _) => "configured",
        (false, true) => "disabled",
        (false, false) => "enabled",
    };
    let first = [
        program.id.as_str(),
        kind,
        &program.name,
        state,
        &program.scopes.join(","),
        &program.channels.join(","),
        program.webhook.as_deref().unwrap_or_default(),
    ]
    .join("\t");
    let keys = program.keys.iter().map(|key| {
        let prefix = key.prefix.as_deref().unwrap_or("unknown");
        let from = key.used_from.as_deref().unwrap_or("nowhere");
        format!(
            "\tkey\t{prefix}\t{}\t{}\t{from}",
            time(key.made_at, "unknown"),
            time(key.used_at, "never")
        )
    });
    let secrets = program.secrets.iter().map(|secret| {
        let made_at = time(Some(secret.made_at), "unknown");
        format!("\tsecret\t{}\t{made_at}", secret.id)
    });
    [first].into_iter().chain(keys).chain(secrets).collect()
}

fn time(ms: Option<i64>, absent: &str) -> String {
    ms.map_or_else(|| absent.to_owned(), |ms| Timestamp::from_ms(ms).iso())
}
