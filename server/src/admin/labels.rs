//! Labels of customers.

use super::erase::find;
use super::{AdminError, AdminReply};
use portico_core::audit::Attribution;
use portico_core::clock::Clock;
use portico_core::customers::{self, labels};
use portico_core::store::Store;
use portico_shared::ids::CustomerId;

/// Puts a label on a customer.
pub(super) async fn put(
    store: &dyn Store,
    clock: &dyn Clock,
    named: String,
    label: String,
) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let by = Attribution::operator(clock);
    store.apply(labels::labelling(&by, customer, label)).await?;
    Ok(AdminReply::CustomerLabelled)
}

/// Takes one away.
pub(super) async fn remove(
    store: &dyn Store,
    clock: &dyn Clock,
    named: String,
    label: String,
) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let by = Attribution::operator(clock);
    store.apply(labels::unlabelling(&by, customer, label)).await?;
    Ok(AdminReply::CustomerUnlabelled)
}

/// The customer that is meant.
pub(super) async fn known(store: &dyn Store, named: String) -> Result<CustomerId, AdminError> {
    if let Some(id) = find(store, &named).await?
        && let Some(customer) = customers::meant(store, &id).await?
    {
        return Ok(customer);
    }
    Err(AdminError::NoCustomer(named))
}
