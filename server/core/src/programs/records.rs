//! What the audit log says of a change of a program. Keys have records of their own.

use super::keys::without_path;
use crate::audit::Attribution;
use crate::store::{AuditAction, Change, NewAudit, ObjectKind, ProgramRecord, WebhookSecret};
use portico_shared::http::ProgramKind;

/// The record of an act on a program.
fn record(by: &Attribution, action: AuditAction, program: &ProgramRecord) -> NewAudit {
    by.record(action, ObjectKind::Program, &program.id)
}

/// What is told of a program, by its names: the path of an address may be secret.
fn told(program: &ProgramRecord) -> [(&'static str, String); 6] {
    [
        ("name", program.name.clone()),
        ("scopes", program.scopes.join(",")),
        ("channels", program.channels.join(",")),
        (
            "webhook",
            program.webhook.as_deref().map(without_path).unwrap_or_default(),
        ),
        ("timeout_seconds", program.timeout_seconds.to_string()),
        ("answer_seconds", program.answer_seconds.to_string()),
    ]
}

/// A program was registered.
pub(super) fn registered(by: &Attribution, program: &ProgramRecord) -> Change {
    let kind = match program.kind {
        ProgramKind::Bot => "bot",
        ProgramKind::App => "app",
    };
    let first = record(by, AuditAction::ProgramRegistered, program).with("kind", kind);
    let all = told(program).into_iter();
    audited(all.fold(first, |record, (name, value)| record.with(name, value)))
}

/// What is different about a program: one record of what it is, and one of whether it is disabled. None where it is the same.
pub(super) fn differences(by: &Attribution, before: &ProgramRecord, after: &ProgramRecord) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut changed = record(by, AuditAction::ProgramChanged, after);
    for ((name, old), (_, new)) in told(before).into_iter().zip(told(after)) {
        // Another path is another webhook.
        let is_other = old != new || (name == "webhook" && before.webhook != after.webhook);
        if is_other {
            changed = changed.with(name, new);
        }
    }
    if !changed.detail.is_empty() {
        changes.push(audited(changed));
    }
    if before.disabled != after.disabled {
        let action = match after.disabled {
            true => AuditAction::ProgramDisabled,
            false => AuditAction::ProgramEnabled,
        };
        changes.push(audited(record(by, action, after)));
    }
    changes
}

/// A secret was made.
pub(super) fn secret_added(by: &Attribution, program: &ProgramRecord, id: &str) -> Change {
    audited(record(by, AuditAction::SecretAdded, program).with("secret", id))
}

/// A secret signs nothing any more.
pub(super) fn secret_retired(by: &Attribution, program: &ProgramRecord, secret: &WebhookSecret) -> Change {
    audited(record(by, AuditAction::SecretRetired, program).with("secret", &*secret.id))
}

fn audited(record: NewAudit) -> Change {
    Change::Audit(Box::new(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use portico_shared::ids::ParticipantId;

    fn program() -> ProgramRecord {
        ProgramRecord {
            id: ParticipantId::new("fern"),
            kind: ProgramKind::Bot,
            name: "Fern".to_owned(),
            scopes: Vec::new(),
            channels: vec!["shop".to_owned()],
            webhook: Some("https://bots.example/hooks/one".to_owned()),
            secrets: Vec::new(),
            timeout_seconds: 10,
            answer_seconds: 60,
            disabled: false,
            registered_at: 1_000,
        }
    }

    /// Action and detail of each record.
    fn records(changes: Vec<Change>) -> Vec<String> {
        let told = changes.into_iter().map(|change| match change {
            Change::Audit(record) => format!("{} {:?}", record.action.name(), record.detail),
            other => panic!("{other:?}"),
        });
        told.collect()
    }

    #[test]
    fn what_is_different_is_recorded_and_a_path_never() {
        let (before, by) = (program(), Attribution::operator(&SystemClock::default()));
        let differences = |change: fn(&mut ProgramRecord)| {
            let mut after = program();
            change(&mut after);
            records(differences(&by, &before, &after))
        };
        assert!(differences(|_| {}).is_empty());
        assert_eq!(differences(|fern| fern.disabled = true), ["program.disabled {}"]);
        let more: fn(&mut ProgramRecord) = |fern| {
            fern.channels.push("desk".to_owned());
            fern.answer_seconds = 30;
            fern.disabled = true;
        };
        assert_eq!(
            differences(more),
            [
                r#"program.changed {"answer_seconds": "30", "channels": "shop,desk"}"#,
                "program.disabled {}"
            ]
        );
        let path: fn(&mut ProgramRecord) = |fern| fern.webhook = Some("https://bots.example/hooks/two".to_owned());
        assert_eq!(
            differences(path),
            [r#"program.changed {"webhook": "https://bots.example"}"#]
        );
        let none: fn(&mut ProgramRecord) = |fern| fern.webhook = None;
        assert_eq!(differences(none), [r#"program.changed {"webhook": ""}"#]);
        let all = records(vec![registered(&by, &before)]).concat();
        assert!(all.contains(r#""kind": "bot""#) && !all.contains("hooks"), "{all}");
    }
}
