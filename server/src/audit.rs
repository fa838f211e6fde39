//! The audit log at the command line.

use crate::arguments::{AuditVerb, ConfigFile};
use anyhow::{Result, bail};
use portico::admin::{AdminCommand, AuditCommand, AuditReply};
use portico_core::audit::{Broken, Head};
use portico_core::store::AuditAction;
use portico_shared::cim::Timestamp;

/// What is asked for, and over which store.
pub(crate) fn command(verb: AuditVerb) -> Result<(ConfigFile, AdminCommand)> {
    let (file, command) = match verb {
        AuditVerb::List {
            since,
            action,
            before,
            limit,
            file,
        } => {
            let command = AuditCommand::List {
                since: since.as_deref().map(time).transpose()?,
                action: action.map(known).transpose()?,
                before,
                limit,
            };
            (file, command)
        }
        AuditVerb::Verify { kept, file } => {
            let kept = kept.map(|kept| kept.parse::<Head>()).transpose()?;
            let kept = kept.map(|kept| kept.to_string());
            (file, AuditCommand::Verify { kept })
        }
    };
    Ok((file, AdminCommand::Audit(command)))
}

/// A day begins at midnight, UTC.
fn time(text: &str) -> Result<i64> {
    let found = Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")));
    match found {
        Some(time) => Ok(time.ms()),
        None => bail!("{text:?} is no time: 2026-11-30 or 2026-11-30T12:00:00Z"),
    }
}

fn known(action: String) -> Result<String> {
    let names: Vec<_> = AuditAction::ALL.iter().map(|action| action.name()).collect();
    if !names.contains(&&*action) {
        bail!("{action:?} is no action; there are: {}", names.join(", "));
    }
    Ok(action)
}

/// What is printed, line by line.
///
/// # Errors
/// The log is not as it was written.
pub(crate) fn lines(reply: &AuditReply) -> Result<Vec<String>> {
    match reply {
        AuditReply::Records(records) => Ok(records.iter().map(ToString::to_string).collect()),
        AuditReply::Whole(head) => Ok(vec![format!("the audit log is whole up to {head}")]),
        AuditReply::Broken(number) => Err(Broken(*number).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_or_more_exact() {
        assert_eq!(time("2024-01-18").ok(), Some(1_705_536_000_000));
        assert_eq!(time("2024-01-18T00:00:01Z").ok(), Some(1_705_536_001_000));
        for wrong in ["", "yesterday", "2024-13-01"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
