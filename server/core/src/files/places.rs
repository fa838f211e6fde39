//! Places for what is done at once. There are so many in all, and an owner and a network have no more than a share of them,
//! so that an owner who uses all of its share leaves room for the others. Some places are reserved for staff, so that customers
//! cannot take them all.

use crate::network::Network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who has a share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Sharer {
    Owner(String),
    Network(Network),
    /// The site that an IPv6 network belongs to.
    Site(Network),
}

/// Places of one kind.
pub(super) struct Places {
    most: usize,
    taken: Mutex<Taken>,
}

/// Places that are in use. Who has none has no entry.
#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<Sharer, usize>,
}

/// Who wants a place: each of these has a share of its own.
pub(super) struct Shares {
    of: Vec<(Sharer, Part)>,
    /// The places that are left free.
    leaves: Option<Part>,
}

/// How much a share is.
#[derive(Debug, Clone, Copy)]
enum Part {
    Places(usize),
    /// One place in so many.
    OneIn(usize),
}

/// A network has a sixteenth of all places, a site an eighth, and an eighth is for staff.
const NETWORK: Part = Part::OneIn(16);
const SITE: Part = Part::OneIn(8);
const STAFF: Part = Part::OneIn(8);

impl Shares {
    /// Those of the networks that an address is of.
    pub(super) fn of_address(address: IpAddr) -> Self {
        let mut shares = vec![(Sharer::Network(Network::of(address)), NETWORK)];
        shares.extend(Network::site_of(address).map(|site| (Sharer::Site(site), SITE)));
        Self {
            of: shares,
            leaves: None,
        }
    }

    /// And that of an owner, who has so many places.
    pub(super) fn and_owner(mut self, owner: String, most: usize) -> Self {
        self.of.push((Sharer::Owner(owner), Part::Places(most)));
        self
    }

    /// Among the places that are not for staff alone.
    pub(super) fn but_those_of_staff(mut self) -> Self {
        self.leaves = Some(STAFF);
        self
    }
}

impl Places {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: Mutex::default(),
        })
    }

    /// Takes a place, if there is one and no share is used up.
    pub(super) fn take(self: &Arc<Self>, shares: Shares) -> Option<Place> {
        let mut taken = self.lock();
        let has_room = |(sharer, part): &(Sharer, Part)| {
            let used = taken.of.get(sharer).copied().unwrap_or_default();
            used < self.count(*part)
        };
        let left_free = shares.leaves.map_or(0, |part| self.count(part));
        if taken.all + left_free >= self.most || !shares.of.iter().all(has_room) {
            return None;
        }
        taken.all += 1;
        let sharers: Vec<Sharer> = shares.of.into_iter().map(|(sharer, _)| sharer).collect();
        for sharer in &sharers {
            *taken.of.entry(sharer.clone()).or_default() += 1;
        }
        drop(taken);
        Some(Place {
            places: Arc::clone(self),
            sharers,
        })
    }

    fn count(&self, part: Part) -> usize {
        match part {
            Part::Places(most) => most,
            Part::OneIn(parts) => self.most / parts,
        }
    }

    /// A panic while the lock was held leaves counts behind that are off by one at most.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    sharers: Vec<Sharer>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        for sharer in &self.sharers {
            match taken.of.get_mut(sharer) {
                Some(more @ 2..) => *more -= 1,
                Some(_) | None => drop(taken.of.remove(sharer)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Shares {
        Shares::of_address(address.parse().expect(address))
    }

    #[test]
    fn a_network_has_a_sixteenth_of_the_places_a_site_an_eighth_and_the_others_the_rest() {
        let places = Places::new(64);
        let mut held: Vec<Place> = (0..20).flat_map(|_| places.take(from("192.0.2.1"))).collect();
        assert_eq!(held.len(), 4);
        let networks = (0..20_u16).map(|n| IpAddr::from([0x2001, 0xdb8, 1, n, 0, 0, 0, 1]));
        held.extend(networks.flat_map(|address| places.take(Shares::of_address(address))));
        assert_eq!(held.len(), 4 + 8);
        let others = || (0..100_u8).map(|n| from(&format!("198.51.100.{n}")));
        held.extend(others().flat_map(|shares| places.take(shares.but_those_of_staff())));
        assert_eq!(held.len(), 64 - 8, "some are for staff");
        held.extend(others().flat_map(|shares| places.take(shares)));
        assert_eq!(held.len(), 64, "no more than there are");
        drop(held);
        let taken = places.lock();
        assert!(taken.all == 0 && taken.of.is_empty());
    }

    #[test]
    fn an_owner_has_its_share_wherever_it_is() {
        let places = Places::new(64);
        let of_ann = |address: &str| places.take(from(address).and_owner("ann".to_owned(), 2));
        let held = [of_ann("192.0.2.1"), of_ann("192.0.2.2")];
        assert!(held.iter().all(Option::is_some) && of_ann("192.0.2.3").is_none());
        assert!(places.take(from("192.0.2.1").and_owner("ben".to_owned(), 2)).is_some());
        drop(held);
        assert!(of_ann("192.0.2.3").is_some());
    }
}
