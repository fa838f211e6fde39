//! What is printed of what a command came to.

use crate::{audit, programs, say, users};
use anyhow::Result;
use portico::admin::{AdminReply, DeadLetter, FoundCustomer};
use portico_core::store::{ErasedCounts, Erasure};
use portico_shared::cim::Timestamp;
use portico_shared::http::CustomerMerge;

/// Prints it, line by line.
pub(crate) fn print(reply: &AdminReply) -> Result<()> {
    match reply {
        AdminReply::UserAdded { id } => say(&format!("added user {id}")),
        AdminReply::UserDisabled => say("disabled, and all sessions have ended"),
        AdminReply::User(reply) => users::lines(reply).iter().try_for_each(|line| say(line)),
        AdminReply::Program(reply) => programs::lines(reply).iter().try_for_each(|line| say(line)),
        AdminReply::PasswordSet => say("the password is set, and all sessions have ended"),
        AdminReply::KeyAdded { secret, id } => say(&format!(
            "{secret}\n\nThis is shown once. To revoke it: portico key revoke --id {id}"
        )),
        AdminReply::KeyRevoked => say("revoked"),
        AdminReply::Customers(found) => found.iter().try_for_each(|customer| say(&line_about(customer))),
        AdminReply::CustomerLabelled => say("the customer has the label"),
        AdminReply::CustomerUnlabelled => say("the customer is without the label"),
        AdminReply::AttributeSet => say("the value is noted"),
        AdminReply::AttributeUnset => say("the value is forgotten"),
        AdminReply::Attributes(noted) => noted
            .iter()
            .try_for_each(|(key, value)| say(&format!("{key}\t{value}"))),
        AdminReply::CustomersMerged => say("they are shown as one"),
        AdminReply::CustomerSplit => say("the customer is shown by itself"),
        AdminReply::Merges(merges) => merges.iter().try_for_each(|merge| say(&line_of_merge(merge))),
        AdminReply::CustomerExported { customer } => say(&format!("customer {customer} is exported")),
        AdminReply::Erasing { customer } => say(&format!("customer {customer} is going to be erased")),
        AdminReply::Erasures(erasures) => erasures.iter().try_for_each(|erasure| say(&line_of(erasure))),
        AdminReply::Retiring(retiring) if retiring.is_empty() => say("all channels keep their conversations for good"),
        AdminReply::Retiring(retiring) => retiring.iter().try_for_each(|of_channel| say(&of_channel.to_string())),
        AdminReply::Audit(reply) => audit::lines(reply)?.iter().try_for_each(|line| say(line)),
        AdminReply::Deliveries(dead) => dead.iter().try_for_each(|letter| {
            let DeadLetter {
                id,
                bot,
                conversation,
                seq,
                error,
            } = letter;
            say(&format!("{id}\t{bot}\t{conversation}\t{seq}\t{error}"))
        }),
        AdminReply::DeliveryRetried => say("it is sent again"),
    }
}

fn line_about(customer: &FoundCustomer) -> String {
    let FoundCustomer {
        id,
        name,
        verified,
        labels,
        known_by,
    } = customer;
    let proof = if *verified { "vouched" } else { "claimed" };
    format!("{id}\t{name}\t{proof}\t{known_by}\t{labels}")
}

fn line_of_merge(merge: &CustomerMerge) -> String {
    let CustomerMerge {
        customer,
        into,
        by,
        at,
        undone_by,
        undone_at,
    } = merge;
    let time = |at: i64| Timestamp::from_ms(at).iso();
    let undone = match (undone_by, undone_at) {
        (Some(by), Some(at)) => format!("undone by {by} {}", time(*at)),
        (None, _) | (_, None) => String::new(),
    };
    format!("{customer}\t{into}\t{by}\t{}\t{undone}", time(*at))
}

fn line_of(erasure: &Erasure) -> String {
    let Erasure {
        number,
        by,
        rule,
        begun_at,
        ended_at,
        counts,
    } = erasure;
    let time = |ms: &i64| Timestamp::from_ms(*ms).iso();
    let (by, begun, ended) = (by.as_str(), time(begun_at), time(ended_at));
    let ErasedCounts {
        conversations,
        events,
        files,
        activities,
    } = counts;
    let rule = rule
        .as_ref()
        .map_or_else(String::new, |rule| format!("\t{}\t{}", rule.channel, rule.days));
    format!("{number}\t{by}\t{begun}\t{ended}\t{conversations}\t{events}\t{files}\t{activities}{rule}")
}
