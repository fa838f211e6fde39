//! A visitor that signs in with its site in the middle of a chat: two proofs of one browser, and what is left of the
//! visitor once its chat has become the known customer's.
//!
//! The chat passes from an anonymous visitor to a customer whom the site vouches for, once and never back. From then on
//! the visitor's tokens open no socket and get no other token: a tab that still holds one begins anew, and another
//! customer who signs in on the same machine finds nothing to take over.

use super::customer::WEB;
use super::{AuthError, CustomerPrincipal};
use crate::store::{Store, StoreError};
use portico_shared::cim::Customer;
use portico_shared::ids::{ConversationId, CustomerId};
use serde_json::{Value, json};

/// Where the record of a visitor says whose it is now.
const LINKED: &str = "linkedTo";

/// Identities that CIM lets a customer have on one channel type.
const MOST_IDENTITIES: usize = 10;

/// Proof that an anonymous visitor and a known customer of one channel are the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkProof {
    visitor: CustomerPrincipal,
    customer: CustomerPrincipal,
}

/// Whose a visitor's chat became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The known customer.
    pub customer: CustomerId,
    /// The chat.
    pub conversation: ConversationId,
}

impl LinkProof {
    /// Nothing unless the first is anonymous, the second known, and both are on the same channel: nothing ever passes
    /// between two customers whom a site knows, nor from one channel to another.
    pub fn of(visitor: CustomerPrincipal, customer: CustomerPrincipal) -> Option<Self> {
        let fits = !visitor.verified && customer.verified && visitor.channel == customer.channel;
        fits.then_some(Self { visitor, customer })
    }

    /// Who it was.
    pub fn visitor(&self) -> &CustomerPrincipal {
        &self.visitor
    }

    /// Who it is.
    pub fn customer(&self) -> &CustomerPrincipal {
        &self.customer
    }
}

impl Link {
    /// Of a visitor; none while its chat is its own.
    pub async fn of(store: &dyn Store, visitor: &CustomerId) -> Result<Option<Self>, StoreError> {
        let record = store.customer(visitor).await?;
        Ok(record.as_ref().and_then(Self::read))
    }

    /// The same as its record says it. What a site says about a known customer under this name is the site's business.
    pub fn read(visitor: &Customer) -> Option<Self> {
        if visitor.is_anonymous == Some(false) {
            return None;
        }
        let link = visitor.extra.get(LINKED)?;
        let text = |key: &str| link.get(key).and_then(Value::as_str);
        Some(Self {
            customer: CustomerId::new(text("customer")?),
            conversation: ConversationId::new(text("conversation")?),
        })
    }

    /// Both records once the visitor is linked. Its identity goes over to the customer, as CIM has it, so that programs
    /// that know the visitor by it find the customer; a customer that has as many as there may be does without.
    pub fn merge(&self, visitor: Customer, customer: Customer) -> (Customer, Customer) {
        let (mut visitor, mut customer) = (visitor, customer);
        let of_visitor: Vec<String> = visitor.identities(WEB).map(str::to_owned).collect();
        let room = MOST_IDENTITIES.saturating_sub(customer.identities(WEB).count());
        if of_visitor.len() <= room {
            visitor.extra.remove(WEB);
            let identities = customer.extra.entry(WEB).or_insert_with(|| json!([]));
            if let Some(identities) = identities.as_array_mut() {
                identities.extend(of_visitor.into_iter().map(Value::from));
            }
        }
        let link = json!({ "customer": self.customer, "conversation": self.conversation });
        visitor.extra.insert(LINKED.to_owned(), link);
        (visitor, customer)
    }
}

/// Refuses a visitor whose chat became a known customer's.
pub(super) async fn still_itself(store: &dyn Store, who: &CustomerPrincipal) -> Result<(), AuthError> {
    if who.verified {
        return Ok(());
    }
    match Link::of(store, &who.id).await? {
        None => Ok(()),
        Some(_) => Err(AuthError::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(id: &str, channel: &str, verified: bool) -> CustomerPrincipal {
        CustomerPrincipal {
            id: CustomerId::new(id),
            channel: channel.into(),
            identifier: id.into(),
            name: id.into(),
            verified,
            consent: None,
        }
    }

    fn record(id: &str, web: &[&str]) -> Customer {
        let mut record = Customer {
            id: id.to_owned(),
            ..Customer::default()
        };
        record.extra.insert(WEB.to_owned(), json!(web));
        record
    }

    fn link() -> Link {
        Link {
            customer: CustomerId::new("k"),
            conversation: ConversationId::new("c"),
        }
    }

    #[test]
    fn only_an_anonymous_visitor_becomes_a_known_customer_and_only_on_its_channel() {
        let (visitor, known) = (principal("v", "shop", false), principal("k", "shop", true));
        assert!(LinkProof::of(visitor.clone(), known.clone()).is_some());
        assert_eq!(LinkProof::of(known.clone(), visitor.clone()), None, "never back");
        assert_eq!(LinkProof::of(known.clone(), principal("l", "shop", true)), None);
        assert_eq!(LinkProof::of(visitor.clone(), principal("w", "shop", false)), None);
        assert_eq!(LinkProof::of(visitor, principal("k", "desk", true)), None);
    }

    #[test]
    fn a_linked_visitor_says_whose_it_is_and_leaves_its_identity_to_that_one() {
        let (visitor, customer) = link().merge(record("v", &["v-1"]), record("k", &["site|42"]));
        assert_eq!(Link::read(&visitor), Some(link()));
        assert_eq!(Link::read(&customer), None);
        assert_eq!(visitor.identities(WEB).count(), 0);
        let of_site = Customer {
            is_anonymous: Some(false),
            ..visitor
        };
        assert_eq!(Link::read(&of_site), None);
        assert_eq!(customer.identities(WEB).collect::<Vec<_>>(), ["site|42", "v-1"]);
    }

    #[test]
    fn a_customer_has_no_more_identities_than_there_may_be() {
        let many: Vec<String> = (0..MOST_IDENTITIES).map(|n| format!("v-{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let (visitor, customer) = link().merge(record("v", &["last"]), record("k", &many));
        assert_eq!(customer.identities(WEB).count(), MOST_IDENTITIES);
        assert_eq!(visitor.identities(WEB).collect::<Vec<_>>(), ["last"]);
        assert_eq!(Link::read(&visitor), Some(link()));
    }
}
