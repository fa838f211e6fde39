//! What is noted of customers.

use super::labels::known;
use super::{AdminError, AdminReply};
use portico_core::audit::Attribution;
use portico_core::clock::Clock;
use portico_core::customers::attributes;
use portico_core::store::Store;
use portico_core::telemetry::quoted;
use portico_shared::ids::CustomerId;
use std::collections::BTreeMap;

/// Notes a value.
pub(super) async fn set(
    store: &dyn Store,
    clock: &dyn Clock,
    named: String,
    key: String,
    value: String,
) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let by = Attribution::operator(clock);
    store.apply(attributes::setting(&by, customer, key, value)).await?;
    Ok(AdminReply::AttributeSet)
}

/// Forgets one.
pub(super) async fn unset(
    store: &dyn Store,
    clock: &dyn Clock,
    named: String,
    key: String,
) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let by = Attribution::operator(clock);
    store.apply(attributes::unsetting(&by, customer, key)).await?;
    Ok(AdminReply::AttributeUnset)
}

/// What is noted of a customer, also what the configuration has no more; each value cut to a line, as all must fit into one answer.
/// The command does not know what of it is personal, so that each look has a record.
pub(super) async fn list(store: &dyn Store, clock: &dyn Clock, named: String) -> Result<AdminReply, AdminError> {
    let customer = known(store, named).await?;
    let profile = store.profile(&customer).await?;
    let by = Attribution::operator(clock);
    let parts = profile.iter().flat_map(|profile| profile.parts());
    let described = parts.filter(|part| !part.attributes.is_empty());
    let records = described.map(|part| {
        let id = CustomerId::new(part.customer.id.as_str());
        attributes::revealed(&by, &id, part.attributes.keys().map(String::as_str))
    });
    store.apply(records.collect()).await?;
    let mut noted = BTreeMap::new();
    for part in profile.iter().flat_map(|profile| profile.parts()) {
        for (key, value) in &part.attributes {
            noted.entry(key.clone()).or_insert_with(|| quoted(value));
        }
    }
    Ok(AdminReply::Attributes(noted))
}
