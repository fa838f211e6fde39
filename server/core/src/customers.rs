//! Customers as people look them up, and what is said of them.
//!
//! A contact-centre user finds customers by name, address or number, and notes further addresses and numbers of them. Such a note is a
//! claim: it is shown to colleagues and opens no history, since only tokens prove an identity (see
//! [`identity`](crate::identity)). An app that holds the scope vouches for what it says, which changes how it is shown.

pub mod attributes;
pub mod export;
pub mod labels;
pub mod mask;
pub mod merge;
pub mod named;
mod reach;
mod search;
mod suggest;
pub mod words;

use crate::audit::Attribution;
use crate::clock::Clock;
use crate::config::{Config, CustomerAttribute};
use crate::conversation::Refusal;
use crate::identity::customer::WEB;
use crate::identity::linking::Link;
use crate::identity::{AppPrincipal, Principal, StaffPrincipal, scope};
use crate::store::{
    AuditAction, Change, Identity, IdentitySource, MOST_IDENTITIES, MOST_IDENTITIES_IN_ALL, Profile, Store, StoreError,
};
use mask::mask;
use named::{EMAIL, NamedIdentity, PHONE};
use portico_shared::cim::Customer;
use portico_shared::frame::RefusalCode;
use portico_shared::http::{CustomerAnswer, CustomerIdentity, CustomerList, CustomerSearchBody, IdentityBody};
use portico_shared::ids::CustomerId;
use search::Part;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many conversations of an agent are read to find the customers that it serves.
const MOST_SERVED: u32 = 1_000;

/// Looks customers up. A cheap handle.
#[derive(Clone)]
pub struct Customers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    config: Arc<Config>,
}

/// What a caller may see of customers.
struct View<'a> {
    sight: Sight,
    /// What may be noted of them.
    schema: &'a [CustomerAttribute],
}

/// Whom a contact-centre user sees whole: its own customers, or all.
enum Sight {
    All,
    Of(BTreeSet<CustomerId>),
}

impl Customers {
    /// Of this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: Arc<Config>) -> Self {
        Self { store, clock, config }
    }

    /// A customer. Addresses and numbers are masked for who neither serves it nor supervises.
    pub async fn show(&self, who: &StaffPrincipal, id: &CustomerId) -> Result<CustomerAnswer, Refusal> {
        let profile = self.store.profile(id).await?.ok_or_else(no_customer)?;
        Ok(answer(profile, &self.view(who).await?))
    }

    /// Customers by text or identity, a part of them.
    pub async fn search(&self, who: &StaffPrincipal, body: &CustomerSearchBody) -> Result<CustomerList, Refusal> {
        let view = self.view(who).await?;
        found(&*self.store, body, &view).await
    }

    /// Notes that a customer is known by something more.
    pub async fn state(&self, who: &Principal, id: &CustomerId, body: &IdentityBody) -> Result<(), Refusal> {
        let said_by = source(who)?;
        let named = readable(said_by, body)?;
        let part = self.written_by(who, id).await?;
        has_room(&part.identities, &named, said_by)?;
        let by = Attribution::of(who, self.clock.as_ref());
        let customer = CustomerId::new(part.customer.id);
        let stated = by.on_customer(AuditAction::IdentityStated, &customer);
        let stated = stated.with("channel", &*named.channel);
        let identity = named.said(said_by, by.at);
        let change = Change::StateIdentity { customer, identity };
        Ok(self
            .store
            .apply(vec![change, Change::AuditIfChanged(Box::new(stated))])
            .await?)
    }

    /// Takes back what was said so: what contact-centre users said by any of them, what apps said by any of them. What the
    /// customer or its site says stays.
    pub async fn retract(&self, who: &Principal, id: &CustomerId, body: &IdentityBody) -> Result<(), Refusal> {
        let said_by = source(who)?;
        let NamedIdentity { channel, key, .. } = readable(said_by, body)?;
        let by = Attribution::of(who, self.clock.as_ref());
        let mut changes = Vec::new();
        for part in self.parts_written_by(who, id).await? {
            let is_it = |one: &Identity| one.said_by == said_by && one.channel == channel && one.key == key;
            if !part.identities.iter().any(is_it) {
                continue;
            }
            let customer = CustomerId::new(part.customer.id);
            let retracted = by.on_customer(AuditAction::IdentityRetracted, &customer);
            changes.push(Change::RetractIdentities {
                customer,
                channel: channel.clone(),
                said_by,
                key: Some(key.clone()),
            });
            changes.push(Change::AuditIfChanged(Box::new(retracted.with("channel", &*channel))));
        }
        Ok(self.store.apply(changes).await?)
    }

    /// The customer that is written: the one that was named, or else, of those who are shown as one with it, the first that this one
    /// may write. Who knows a visitor by its id means the known customer that it became.
    async fn written_by(&self, who: &Principal, id: &CustomerId) -> Result<Profile, Refusal> {
        let parts = self.parts_written_by(who, id).await?;
        parts.into_iter().next().ok_or_else(not_served)
    }

    /// Those of all who are shown as one with a customer that this one may write, the one that was named first. Who serves one of
    /// them writes no other: a merge is a word of the same people, and opens nothing.
    async fn parts_written_by(&self, who: &Principal, id: &CustomerId) -> Result<Vec<Profile>, Refusal> {
        let named = meant(&*self.store, id).await?.ok_or_else(no_customer)?;
        let mut person = self.store.profile(&named).await?.ok_or_else(no_customer)?;
        let sight = match who {
            Principal::Staff(staff) => self.sight(staff).await?,
            Principal::App(app) => self.reached_by(app, &person).await?,
            // Customers and bots say nothing of customers.
            Principal::Customer(_) | Principal::Bot(_) => Sight::Of(BTreeSet::new()),
        };
        let mut parts = std::mem::take(&mut person.merged);
        parts.insert(0, person);
        parts.retain(|part| is_seen(&part.customer, &sight));
        parts.sort_by_key(|part| part.customer.id != named.as_str());
        match parts.is_empty() {
            true if matches!(who, Principal::App(_)) => Err(no_customer()),
            true => Err(not_served()),
            false => Ok(parts),
        }
    }

    async fn view(&self, who: &StaffPrincipal) -> Result<View<'_>, StoreError> {
        Ok(View {
            sight: self.sight(who).await?,
            schema: &self.config.attributes,
        })
    }

    async fn sight(&self, who: &StaffPrincipal) -> Result<Sight, StoreError> {
        if who.supervises() {
            return Ok(Sight::All);
        }
        let served = self.store.conversations_of_participant(&who.id, MOST_SERVED).await?;
        Ok(Sight::Of(served.into_iter().map(|record| record.customer).collect()))
    }
}

/// Whom one means who names a customer: of a visitor, the known customer that it became.
pub async fn meant(store: &dyn Store, id: &CustomerId) -> Result<Option<CustomerId>, StoreError> {
    let found = store.customer(id).await?;
    Ok(found.map(|found| Link::read(&found).map_or_else(|| id.clone(), |link| link.customer)))
}

/// The first customers that an operator's text finds, as the one who sees everything.
pub async fn find(store: &dyn Store, text: &str) -> Result<Vec<CustomerAnswer>, Refusal> {
    let body = CustomerSearchBody {
        text: Some(text.to_owned()),
        identity: None,
        after: None,
    };
    let view = View {
        sight: Sight::All,
        schema: &[],
    };
    Ok(found(store, &body, &view).await?.customers)
}

async fn found(store: &dyn Store, body: &CustomerSearchBody, view: &View<'_>) -> Result<CustomerList, Refusal> {
    let Part { profiles, next } = search::part(store, body).await?;
    Ok(CustomerList {
        customers: profiles.into_iter().map(|profile| answer(profile, view)).collect(),
        next,
    })
}

impl Sight {
    fn reaches(&self, customer: &CustomerId) -> bool {
        match self {
            Self::All => true,
            Self::Of(served) => served.contains(customer),
        }
    }
}

/// The source under which a principal's notes about a customer are kept.
fn source(who: &Principal) -> Result<IdentitySource, Refusal> {
    match who {
        Principal::Staff(_) => Ok(IdentitySource::Agent),
        Principal::App(app) if may_vouch(app) => Ok(IdentitySource::App),
        Principal::App(_) => Err(Refusal::forbidden("this key may not say what customers are known by")),
        Principal::Customer(_) | Principal::Bot(_) => {
            Err(Refusal::forbidden("this is for contact-centre users and apps"))
        }
    }
}

fn may_vouch(app: &AppPrincipal) -> bool {
    app.scopes.iter().any(|held| held == scope::IDENTIFY)
}

/// The identity of a body, if this source may name it.
fn readable(said_by: IdentitySource, body: &IdentityBody) -> Result<NamedIdentity, Refusal> {
    let named = NamedIdentity::read(&body.channel, &body.identifier);
    let named = named.map_err(|fault| malformed(fault.to_string()))?;
    if said_by == IdentitySource::Agent && ![EMAIL, PHONE].contains(&named.channel.as_str()) {
        return Err(malformed("channel: email or phone"));
    }
    Ok(named)
}

/// Refuses one more than may be said of a customer. Claims take no room from those who vouch.
fn has_room(said: &[Identity], named: &NamedIdentity, said_by: IdentitySource) -> Result<(), Refusal> {
    let is_alike = |known: &&Identity| known.said_by.vouches() == said_by.vouches();
    let of_type = (said.iter().filter(is_alike)).filter(|known| known.channel == named.channel);
    let others: BTreeSet<&str> = of_type
        .filter(|known| known.key != named.key)
        .map(|known| known.key.as_str())
        .collect();
    if others.len() < MOST_IDENTITIES as usize && said.len() < MOST_IDENTITIES_IN_ALL as usize {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "a customer is known by at most {MOST_IDENTITIES} identities on one type of channel, and {MOST_IDENTITIES_IN_ALL} in all"
    )))
}

/// A customer for somebody who sees so much.
fn answer(profile: Profile, view: &View<'_>) -> CustomerAnswer {
    let attributes = attributes::told(&profile, view.schema, &view.sight);
    let labels: BTreeSet<&String> = profile.parts().flat_map(|part| &part.labels).collect();
    let known = profile.parts().flat_map(|part| {
        let is_seen = is_seen(&part.customer, &view.sight);
        let identities = proven(&part.customer).chain(part.identities.iter().cloned());
        identities.map(move |identity| Known { identity, is_seen })
    });
    CustomerAnswer {
        identities: merged(known),
        labels: labels.into_iter().cloned().collect(),
        attributes,
        merged: (profile.merged.iter())
            .map(|part| CustomerId::new(part.customer.id.as_str()))
            .collect(),
        verified: profile.customer.is_anonymous == Some(false),
        linked_to: Link::read(&profile.customer).map(|link| link.customer),
        id: CustomerId::new(profile.customer.id),
        name: profile.customer.first_name.unwrap_or_default(),
    }
}

/// Whether addresses and numbers of a customer are shown whole. That another one is, with whom a colleague has merged it, changes
/// nothing: anybody could be merged with a customer whom one serves.
fn is_seen(customer: &Customer, sight: &Sight) -> bool {
    let linked = Link::read(customer).map(|link| link.customer);
    sight.reaches(&CustomerId::new(customer.id.as_str())) || linked.is_some_and(|linked| sight.reaches(&linked))
}

/// An identity, and whether it is shown whole.
struct Known {
    identity: Identity,
    is_seen: bool,
}

/// What a customer is found by, as its record has it.
fn proven(customer: &Customer) -> impl Iterator<Item = Identity> {
    Customer::CHANNEL_TYPES.into_iter().flat_map(move |channel| {
        customer.identities(channel).map(move |identifier| Identity {
            channel: channel.to_owned(),
            identifier: identifier.to_owned(),
            key: identifier.to_owned(),
            said_by: match channel {
                // A site's customer is called by issuer and subject, a browser by an id of the relay's.
                WEB if identifier.contains('|') => IdentitySource::Site,
                WEB => IdentitySource::Relay,
                _ => IdentitySource::App,
            },
            said_at: None,
        })
    })
}

/// Each identity once, in the spelling of the one who is to be believed most, those of the web first.
fn merged(all: impl Iterator<Item = Known>) -> Vec<CustomerIdentity> {
    let mut by_key: BTreeMap<(bool, String, String), Vec<Known>> = BTreeMap::new();
    for known in all {
        let Identity { channel, key, .. } = &known.identity;
        let place = (channel != WEB, channel.clone(), key.clone());
        by_key.entry(place).or_default().push(known);
    }
    by_key.into_values().filter_map(told).collect()
}

/// One identity, of which several may speak. Who sees it of one customer sees it.
fn told(mut said: Vec<Known>) -> Option<CustomerIdentity> {
    said.sort_by_key(|known| (!known.is_seen, known.identity.said_by));
    let Known {
        identity: Identity {
            channel, identifier, ..
        },
        is_seen,
    } = said.first()?;
    let is_masked = !is_seen && channel != WEB;
    let said_by: BTreeSet<IdentitySource> = said.iter().map(|known| known.identity.said_by).collect();
    Some(CustomerIdentity {
        identifier: if is_masked {
            mask(channel, identifier)
        } else {
            identifier.clone()
        },
        channel: channel.clone(),
        verified: said_by.iter().any(|source| source.vouches()),
        said_at: said.iter().filter_map(|known| known.identity.said_at).min(),
        said_by: said_by.into_iter().collect(),
        masked: is_masked,
    })
}

fn not_served() -> Refusal {
    Refusal::forbidden("this is for who serves the customer now, or supervises")
}

fn no_customer() -> Refusal {
    Refusal::new(RefusalCode::NotFound, "no such customer")
}

fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::Malformed, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::cim::form::ValueType;
    use serde_json::json;

    fn said(channel: &str, identifier: &str, said_by: IdentitySource, said_at: i64) -> Identity {
        let named = NamedIdentity::read(channel, identifier).expect("an identity");
        named.said(said_by, said_at)
    }

    fn profile(identities: Vec<Identity>) -> Profile {
        let mut customer = Customer {
            id: "k".to_owned(),
            first_name: Some("Ann".to_owned()),
            is_anonymous: Some(false),
            ..Customer::default()
        };
        customer
            .extra
            .insert(WEB.to_owned(), json!(["https://shop.example|42", "visitor-1"]));
        Profile {
            customer,
            identities,
            labels: Vec::new(),
            attributes: BTreeMap::new(),
            merged: Vec::new(),
        }
    }

    fn view(sight: Sight) -> View<'static> {
        View { sight, schema: &[] }
    }

    #[test]
    fn an_identity_is_told_once_and_is_verified_if_one_who_can_vouch_says_so() {
        let answer = answer(
            profile(vec![
                said("email", "ann@Example.org", IdentitySource::Customer, 5),
                said("email", "Ann@example.org", IdentitySource::Site, 9),
                said("phone", "+1 555 0100", IdentitySource::Agent, 7),
            ]),
            &view(Sight::All),
        );
        let told: Vec<_> = (answer.identities.iter())
            .map(|one| (one.channel.as_str(), one.identifier.as_str(), one.verified, one.said_at))
            .collect();
        assert_eq!(
            told,
            [
                ("web", "https://shop.example|42", true, None),
                ("web", "visitor-1", true, None),
                ("email", "Ann@example.org", true, Some(5)),
                ("phone", "+1 555 0100", false, Some(7)),
            ]
        );
        assert_eq!(answer.identities[0].said_by, [IdentitySource::Site]);
        assert_eq!(answer.identities[1].said_by, [IdentitySource::Relay]);
        assert_eq!(
            answer.identities[2].said_by,
            [IdentitySource::Site, IdentitySource::Customer]
        );
        assert!(answer.identities.iter().all(|one| !one.masked));
    }

    #[test]
    fn of_two_who_are_shown_as_one_only_the_addresses_of_the_one_that_is_served_are_whole() {
        let mut shown = profile(vec![said("email", "ann@example.org", IdentitySource::Customer, 3)]);
        let mut part = profile(vec![
            said("email", "Ann@example.org", IdentitySource::Site, 1),
            said("email", "ann@home.example", IdentitySource::Customer, 2),
        ]);
        part.customer.id = "p".to_owned();
        part.labels = vec!["vip".to_owned()];
        shown.merged = vec![part];
        let own = Sight::Of(BTreeSet::from([CustomerId::new("k")]));
        let answer = answer(shown, &view(own));
        let told: Vec<_> = (answer.identities.iter().filter(|one| one.channel != WEB))
            .map(|one| (one.identifier.as_str(), one.masked, one.verified, one.said_at))
            .collect();
        assert_eq!(
            told,
            [
                ("ann@example.org", false, true, Some(1)),
                ("a•••@home.example", true, false, Some(2)),
            ]
        );
        assert_eq!(answer.labels, ["vip"]);
        assert_eq!(answer.merged, [CustomerId::new("p")]);
    }

    #[test]
    fn what_is_personal_is_told_to_nobody_unasked() {
        let attribute = |key: &str, personal: bool| CustomerAttribute {
            key: key.to_owned(),
            label: key.to_owned(),
            kind: ValueType::ShortAnswer,
            options: Vec::new(),
            personal,
        };
        let schema = [
            attribute("tea", false),
            attribute("birthday", true),
            attribute("none", false),
        ];
        let noted = |values: &[(&str, &str)]| -> BTreeMap<String, String> {
            let owned = values
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            owned.collect()
        };
        let mut shown = profile(Vec::new());
        shown.attributes = noted(&[("tea", "green"), ("secret", "of another schema")]);
        let mut part = profile(Vec::new());
        part.customer.id = "p".to_owned();
        part.attributes = noted(&[("tea", "black"), ("birthday", "2001-02-03")]);
        shown.merged = vec![part];
        let told = |sight: Sight| {
            let schema = &schema;
            let answer = answer(shown.clone(), &View { sight, schema });
            let told = answer.attributes.into_iter();
            told.map(|one| (one.key, one.value, one.masked)).collect::<Vec<_>>()
        };
        let tea = |value: &str| ("tea".to_owned(), value.to_owned(), false);
        let birthday = || ("birthday".to_owned(), String::new(), true);
        let of = |id: &str| Sight::Of(BTreeSet::from([CustomerId::new(id)]));
        assert_eq!(told(Sight::All), [tea("green"), birthday()]);
        assert_eq!(told(of("p")), [tea("black"), birthday()], "what it may write");
        assert_eq!(told(of("k")), [tea("green"), birthday()], "whom it does not serve");
    }

    #[test]
    fn addresses_of_customers_of_others_are_masked() {
        let identities = vec![said("email", "ann@example.org", IdentitySource::Site, 1)];
        let of_others = Sight::Of(BTreeSet::from([CustomerId::new("somebody")]));
        let masked = answer(profile(identities.clone()), &view(of_others));
        assert_eq!(masked.identities[2].identifier, "a•••@example.org");
        assert!(masked.identities[2].masked && !masked.identities[0].masked);
        let own = Sight::Of(BTreeSet::from([CustomerId::new("k")]));
        assert_eq!(
            answer(profile(identities), &view(own)).identities[2].identifier,
            "ann@example.org"
        );
    }
}
