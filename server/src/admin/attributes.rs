//! What is noted of customers.

use super::labels::known;
use super::{AdminError, AdminReply};
use portico_core::store::{Change, Store};
use portico_core::telemetry::quoted;
use std::collections::BTreeMap;

/// Notes a value.
pub(super) async fn set(
    store: &dyn Store,
    named: String,
    key: String,
    value: String,
) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let change = Change::SetAttribute { customer, key, value };
    store.apply(vec![change]).await?;
    Ok(AdminReply::AttributeSet)
}

/// Forgets one.
pub(super) async fn unset(store: &dyn Store, named: String, key: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let change = Change::UnsetAttribute { customer, key };
    store.apply(vec![change]).await?;
    Ok(AdminReply::AttributeUnset)
}

/// What is noted of a customer, also what the configuration has no more; each value cut to a line, as all must fit into one answer.
pub(super) async fn list(store: &dyn Store, named: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let profile = store.profile(&customer).await?;
    let mut noted = BTreeMap::new();
    for part in profile.iter().flat_map(|profile| profile.parts()) {
        for (key, value) in &part.attributes {
            noted.entry(key.clone()).or_insert_with(|| quoted(value));
        }
    }
    Ok(AdminReply::Attributes(noted))
}
