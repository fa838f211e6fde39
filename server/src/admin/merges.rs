//! Customers that are one person.

use super::erase::find;
use super::{AdminError, AdminReply};
use portico_core::audit::Attribution;
use portico_core::clock::Clock;
use portico_core::customers::merge::{self, Said};
use portico_core::store::Store;
use portico_shared::ids::{CustomerId, ParticipantId};

/// Who did it, in the record.
const OPERATOR: &str = "operator";

/// Shows two customers as one.
pub(super) async fn put(
    store: &dyn Store,
    clock: &dyn Clock,
    customer: String,
    into: String,
) -> Result<AdminReply, AdminError> {
    let (customer, into) = (known(store, customer).await?, known(store, into).await?);
    merge::merge(store, &said(clock), &into, &customer).await?;
    Ok(AdminReply::CustomersMerged)
}

/// Shows a customer by itself again.
pub(super) async fn undo(store: &dyn Store, clock: &dyn Clock, customer: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, customer).await?;
    merge::split(store, &said(clock), &customer).await?;
    Ok(AdminReply::CustomerSplit)
}

/// What was merged and undone of a customer.
pub(super) async fn list(store: &dyn Store, customer: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, customer).await?;
    Ok(AdminReply::Merges(merge::merges(store, &customer).await?.merges))
}

fn said(clock: &dyn Clock) -> Said {
    Said {
        by: ParticipantId::new(OPERATOR),
        attribution: Attribution::operator(clock),
    }
}

async fn known(store: &dyn Store, named: String) -> Result<CustomerId, AdminError> {
    find(store, &named).await?.ok_or(AdminError::NoCustomer(named))
}
