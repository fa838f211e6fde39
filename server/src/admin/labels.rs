//! Labels of customers.

use super::erase::find;
use super::{AdminError, AdminReply};
use portico_core::customers;
use portico_core::store::{Change, Store};
use portico_shared::ids::CustomerId;

/// Puts a label on a customer.
pub(super) async fn put(store: &dyn Store, named: String, label: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let change = Change::LabelCustomer { customer, label };
    store.apply(vec![change]).await?;
    Ok(AdminReply::CustomerLabelled)
}

/// Takes one away.
pub(super) async fn remove(store: &dyn Store, named: String, label: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let change = Change::UnlabelCustomer { customer, label };
    store.apply(vec![change]).await?;
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
