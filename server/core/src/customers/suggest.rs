//! Customers who may be the same person: of whom the same address or number is said. A colleague judges; nothing follows by
//! itself.

use super::{Customers, answer, no_customer};
use crate::conversation::Refusal;
use crate::identity::StaffPrincipal;
use crate::identity::linking::Link;
use crate::store::{Identity, Profile};
use portico_shared::http::{CustomerSuggestion, CustomerSuggestions};
use portico_shared::ids::CustomerId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Identities of a customer by which others are looked for.
const MOST_IDENTITIES: usize = 10;

/// Customers that are looked at for each of them.
const MOST_WITH: u32 = 10;

/// Customers that are suggested.
const MOST_SUGGESTED: usize = 10;

/// A customer that has something in common with the one at hand.
struct Match {
    profile: Profile,
    channels: Vec<String>,
    /// Whether both are vouched for, by one identity at least.
    verified: bool,
}

impl Customers {
    /// Customers of whom something is said that is said of this one, the likeliest first.
    pub async fn suggestions(&self, who: &StaffPrincipal, id: &CustomerId) -> Result<CustomerSuggestions, Refusal> {
        let profile = self.store.profile(id).await?.ok_or_else(no_customer)?;
        let mut matches: BTreeMap<String, Match> = BTreeMap::new();
        for (channel, key) in keys(&profile) {
            for other in self.store.profiles_with(&channel, &key, None, MOST_WITH).await? {
                if !is_known_as_one(&profile, &other) {
                    let verified = vouched(&profile, &channel, &key) && vouched(&other, &channel, &key);
                    note(&mut matches, other, &channel, verified);
                }
            }
        }
        let mut matches: Vec<Match> = matches.into_values().collect();
        matches.sort_by_key(|one| (!one.verified, Reverse(one.channels.len())));
        matches.truncate(MOST_SUGGESTED);
        let view = self.view(who).await?;
        let suggestions = matches.into_iter().map(|one| CustomerSuggestion {
            customer: answer(one.profile, &view),
            channels: one.channels,
            verified: one.verified,
        });
        Ok(CustomerSuggestions {
            suggestions: suggestions.collect(),
        })
    }
}

fn note(matches: &mut BTreeMap<String, Match>, other: Profile, channel: &str, verified: bool) {
    let found = matches.entry(other.customer.id.clone()).or_insert_with(|| Match {
        profile: other,
        channels: Vec::new(),
        verified: false,
    });
    found.verified |= verified;
    if !found.channels.iter().any(|known| known == channel) {
        found.channels.push(channel.to_owned());
    }
}

/// Each identity once.
fn keys(profile: &Profile) -> BTreeSet<(String, String)> {
    let keys = profile.said().map(|one| (one.channel.clone(), one.key.clone()));
    let keys: BTreeSet<_> = keys.collect();
    keys.into_iter().take(MOST_IDENTITIES).collect()
}

fn vouched(profile: &Profile, channel: &str, key: &str) -> bool {
    let is_it = |identity: &&Identity| identity.channel == channel && identity.key == key;
    let mut said = profile.said().filter(is_it);
    said.any(|identity| identity.said_by.vouches())
}

/// Whether two are the same customer, or a visitor and the known customer that it became.
fn is_known_as_one(one: &Profile, other: &Profile) -> bool {
    let became = |visitor: &Profile, known: &Profile| {
        Link::read(&visitor.customer).is_some_and(|link| link.customer.as_str() == known.customer.id)
    };
    one.customer.id == other.customer.id || became(one, other) || became(other, one)
}
