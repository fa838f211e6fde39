//! The audit log at the command line.

use crate::arguments::AuditVerb;
use crate::operator::Operator;
use anyhow::{Result, bail};
use portico::admin::{AdminCommand, AdminReply, AuditCommand, AuditReply};
use portico::config;
use portico_core::audit::{Broken, Head};
use portico_core::store::AuditAction;
use portico_shared::cim::Timestamp;

/// Does what is asked for, and answers what is printed, line by line.
///
/// # Errors
/// The log is not as it was written, or could not be asked.
pub(crate) async fn perform(verb: AuditVerb) -> Result<Vec<String>> {
    match verb {
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
            let config = config::load(file.config.as_deref())?;
            lines(&ask(&Operator::of(&config).await?, command).await?)
        }
        AuditVerb::Verify { kept, file } => {
            let kept = kept.map(|kept| kept.parse::<Head>()).transpose()?;
            let config = config::load(file.config.as_deref())?;
            verify(&Operator::of(&config).await?, kept).await
        }
    }
}

/// Part by part: a log may be so long that the relay has no answer in time for all of it.
async fn verify(operator: &Operator<'_>, kept: Option<Head>) -> Result<Vec<String>> {
    let kept = kept.map(|kept| kept.to_string());
    let mut after = None;
    loop {
        let command = AuditCommand::Verify {
            kept: kept.clone(),
            after,
        };
        match ask(operator, command).await? {
            AuditReply::WholeSoFar(head) => after = Some(head),
            reply => return lines(&reply),
        }
    }
}

async fn ask(operator: &Operator<'_>, command: AuditCommand) -> Result<AuditReply> {
    match operator.perform(AdminCommand::Audit(command)).await? {
        AdminReply::Audit(reply) => Ok(reply),
        _ => bail!("this is no answer about the audit log"),
    }
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

/// What is printed of it.
///
/// # Errors
/// The log is not as it was written.
pub(crate) fn lines(reply: &AuditReply) -> Result<Vec<String>> {
    match reply {
        AuditReply::Records(records) => Ok(records.iter().map(ToString::to_string).collect()),
        AuditReply::Whole(head) | AuditReply::WholeSoFar(head) => {
            Ok(vec![format!("the audit log is whole up to {head}")])
        }
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
