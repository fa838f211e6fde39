//! Which customers an app reaches.

use super::{Customers, Sight};
use crate::identity::AppPrincipal;
use crate::store::{Profile, StoreError};
use portico_shared::ids::CustomerId;
use std::collections::BTreeSet;

/// A customer's latest conversations that are looked through for one on an app's channels.
const RECENT: u32 = 20;

impl Customers {
    /// Those of all who are shown as one that an app may write: all, unless it is bound to channels, and then those who lately had a
    /// conversation there. What it may write is told by its scopes.
    pub(super) async fn reached_by(&self, app: &AppPrincipal, person: &Profile) -> Result<Sight, StoreError> {
        if app.channels.is_empty() {
            return Ok(Sight::All);
        }
        let mut reached = BTreeSet::new();
        for part in person.parts() {
            let customer = CustomerId::new(part.customer.id.as_str());
            let recent = self.store.conversations_of_customer(&customer, RECENT).await?;
            if recent.iter().any(|record| app.may_act_on(&record.channel)) {
                reached.insert(customer);
            }
        }
        Ok(Sight::Of(reached))
    }
}
