//! Addresses and numbers that a customer states of itself: claims by which colleagues find the customer again.

use super::Transaction;
use crate::customers::named::{NamedIdentity, stated};
use crate::store::{Change, IdentitySource};
use serde_json::{Map, Value};

impl Transaction<'_> {
    /// Notes by what the customer says to be known, where the conversation's data says it in another way than `before`: a visitor
    /// has changed it. What it says now takes the place of what it said then.
    pub(super) fn note_claims(&mut self, before: &Map<String, Value>) {
        let (before, now) = (stated(before), stated(&self.state.record.data));
        let customer = self.state.record.customer.clone();
        let is_gone = |named: &&NamedIdentity| now.iter().all(|other| other.key != named.key);
        for gone in before.iter().filter(is_gone) {
            self.change(Change::RetractIdentities {
                customer: customer.clone(),
                channel: gone.channel.clone(),
                said_by: IdentitySource::Customer,
                key: Some(gone.key.clone()),
            });
        }
        for named in now.iter().filter(|named| !before.contains(named)) {
            self.change(Change::StateIdentity {
                customer: customer.clone(),
                identity: named.clone().said(IdentitySource::Customer, self.now),
            });
        }
    }
}
