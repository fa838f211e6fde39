//! Two customers whom a colleague knows to be one person.
//!
//! A merge is a word about customers, like a label, and no move: records, conversations and identities stay where they are, and
//! so does what each may open. It changes how the customers are looked up and shown, and undoing it leaves them as they
//! would be without it. Both are kept as records.

use super::{Customers, Sight, is_seen, meant, no_customer};
use crate::audit::Attribution;
use crate::conversation::Refusal;
use crate::identity::StaffPrincipal;
use crate::store::{AuditAction, Change, MergeRecord, NewMerge, Profile, Store, StoreError};
use portico_shared::http::{CustomerMerge, CustomerMerges};
use portico_shared::ids::{CustomerId, ParticipantId};
use std::cmp::Reverse;

/// Customers that may be one.
const MOST_MERGED: usize = 20;

/// Merges that are told, of all that are one.
const MOST_TOLD: usize = 100;

/// Times that a merge is tried when colleagues merge the same customers at once.
const TRIES: u32 = 5;

/// The word of somebody.
#[derive(Debug, Clone)]
pub struct Said {
    /// Who says it, in the record of merges.
    pub by: ParticipantId,
    /// Who says it and when, in the audit log.
    pub attribution: Attribution,
}

impl Customers {
    /// Shows two customers as one, the first of them. They may be one already.
    pub async fn merge(&self, who: &StaffPrincipal, into: &CustomerId, other: &CustomerId) -> Result<(), Refusal> {
        let sight = self.sight(who).await?;
        let (one, two) = (shown(&*self.store, into).await?, shown(&*self.store, other).await?);
        if !sight.reaches_any(&one) && !sight.reaches_any(&two) {
            return Err(forbidden());
        }
        merge(&*self.store, &self.said(who), into, other).await
    }

    /// Shows a customer by itself again, if it is merged into the other one. Who serves one end of the merge may do it, as it may
    /// have merged them.
    pub async fn split(&self, who: &StaffPrincipal, from: &CustomerId, other: &CustomerId) -> Result<(), Refusal> {
        let person = shown(&*self.store, from).await?;
        let sight = self.sight(who).await?;
        if !sight.reaches_any(&person) {
            return Err(forbidden());
        }
        if !person.merged.iter().any(|part| part.customer.id == other.as_str()) {
            return self.store.customer(other).await?.map(drop).ok_or_else(no_customer);
        }
        let into = self.merged_into(other).await?;
        let is_end =
            |part: &&Profile| [Some(other), into.as_ref()].contains(&Some(&CustomerId::new(&*part.customer.id)));
        if !person
            .parts()
            .filter(is_end)
            .any(|part| is_seen(&part.customer, &sight))
        {
            return Err(forbidden());
        }
        split(&*self.store, &self.said(who), other).await
    }

    /// What was merged and undone of a customer and of those who are one with it, the newest first.
    pub async fn merges(&self, id: &CustomerId) -> Result<CustomerMerges, Refusal> {
        merges(&*self.store, id).await
    }

    /// The customer into which another one is merged now, itself.
    async fn merged_into(&self, customer: &CustomerId) -> Result<Option<CustomerId>, StoreError> {
        let records = self.store.merges_of(customer, None).await?.into_iter();
        let mut stands = records.filter(|record| record.undone_at.is_none() && record.merge.customer == *customer);
        Ok(stands.next().map(|record| record.merge.into))
    }

    fn said(&self, who: &StaffPrincipal) -> Said {
        Said {
            by: who.id.clone(),
            attribution: Attribution::user(who, self.clock.as_ref()),
        }
    }
}

impl Sight {
    /// Whether one of those who are one is served.
    pub(super) fn reaches_any(&self, profile: &Profile) -> bool {
        let mut ids = profile.parts().map(|part| CustomerId::new(part.customer.id.as_str()));
        ids.any(|id| self.reaches(&id))
    }
}

/// Shows two customers as one, the first of them. They may be one already.
pub async fn merge(store: &dyn Store, said: &Said, into: &CustomerId, other: &CustomerId) -> Result<(), Refusal> {
    let mut result = Ok(());
    for _ in 0..TRIES {
        let (one, two) = (shown(store, into).await?, shown(store, other).await?);
        if one.customer.id == two.customer.id {
            return Ok(());
        }
        may_be_one(&one, &two)?;
        let merge = NewMerge {
            customer: CustomerId::new(two.customer.id),
            into: CustomerId::new(one.customer.id),
            by: said.by.clone(),
            at: said.attribution.at,
        };
        let merged = said.attribution.on_customer(AuditAction::Merged, &merge.customer);
        let merged = Change::Audit(Box::new(merged.with_customer("into", &merge.into)));
        result = store.apply(vec![Change::MergeCustomers(merge), merged]).await;
        if !matches!(result, Err(StoreError::CustomerChanged(_))) {
            break;
        }
    }
    Ok(result?)
}

/// Shows a customer by itself again. It may be already.
pub async fn split(store: &dyn Store, said: &Said, customer: &CustomerId) -> Result<(), Refusal> {
    let shown_as = store.profile(customer).await?.map(|profile| profile.customer.id);
    let Some(shown_as) = shown_as.filter(|shown_as| shown_as != customer.as_str()) else {
        return Ok(());
    };
    let undo = Change::UndoMerge {
        customer: customer.clone(),
        by: said.by.clone(),
        at: said.attribution.at,
    };
    let split = said.attribution.on_customer(AuditAction::Split, customer);
    let split = split.with_customer("shown_as", &CustomerId::new(shown_as));
    let split = Change::AuditIfChanged(Box::new(split));
    Ok(store.apply(vec![undo, split]).await?)
}

/// What was merged and undone of a customer and of those who are one with it, the newest first.
pub async fn merges(store: &dyn Store, id: &CustomerId) -> Result<CustomerMerges, Refusal> {
    let person = shown(store, id).await?;
    let mut records = Vec::new();
    for part in person.parts() {
        let id = CustomerId::new(part.customer.id.as_str());
        records.extend(store.merges_of(&id, None).await?);
    }
    records.sort_by_key(|record| Reverse(record.number));
    records.dedup_by_key(|record| record.number);
    records.truncate(MOST_TOLD);
    Ok(CustomerMerges {
        merges: records.into_iter().map(told).collect(),
    })
}

/// The customer that is meant, as it is shown.
pub(super) async fn shown(store: &dyn Store, id: &CustomerId) -> Result<Profile, Refusal> {
    let meant = meant(store, id).await?.ok_or_else(no_customer)?;
    store.profile(&meant).await?.ok_or_else(no_customer)
}

/// Whom a site vouches for is shown as that: not as a visitor, of whom agents would think that nothing is proven.
fn may_be_one(into: &Profile, other: &Profile) -> Result<(), Refusal> {
    let is_known = |profile: &Profile| profile.customer.is_anonymous == Some(false);
    if is_known(other) && !is_known(into) {
        return Err(Refusal::invalid(
            "a customer for whom a site vouches is not shown as a visitor: merge the visitor into the customer",
        ));
    }
    if into.parts().count() + other.parts().count() > MOST_MERGED {
        return Err(Refusal::invalid(format!(
            "at most {MOST_MERGED} customers are shown as one"
        )));
    }
    Ok(())
}

fn forbidden() -> Refusal {
    Refusal::forbidden("only who serves one of the customers now, or supervises, says that they are one")
}

fn told(record: MergeRecord) -> CustomerMerge {
    let NewMerge { customer, into, by, at } = record.merge;
    CustomerMerge {
        customer,
        into,
        by: by.to_string(),
        at,
        undone_by: record.undone_by.map(|by| by.to_string()),
        undone_at: record.undone_at,
    }
}
