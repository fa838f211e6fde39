//! How many notifications are sent at the same time. There are so many places in all; one customer's browsers, one push
//! service, and all services that are slow have fewer, so that none of them keeps the others from being told.

use crate::store::PushSubscription;
use portico_shared::ids::CustomerId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Notifications that are sent at the same time.
const AT_ONCE: usize = 64;

/// Those among them that go to one service that answers quickly.
const AT_ONE_SERVICE: usize = 16;

/// Those that go to one service that is slow.
const AT_ONE_SLOW_SERVICE: usize = 4;

/// Those that go to all services that are slow. Where a message goes, a visitor's browser says, so services may have been made to
/// be slow.
const AT_SLOW_SERVICES: usize = AT_ONCE / 2;

/// Those that go to one customer's browsers.
const OF_ONE_CUSTOMER: usize = 2;

/// A service that takes longer to take a message is slow, and so is one that does not take it.
const QUICK: Duration = Duration::from_secs(1);

/// Messages in a row that a service takes quickly before it counts as quick.
const PROVEN: u32 = 20;

/// Services of which it is kept in mind how they answered. Beyond that all are forgotten, and show again what they are.
const MOST_KNOWN: usize = 1_000;

/// When to ask again for a place at a service that answers quickly, in milliseconds.
pub(super) const SOON_MS: i64 = 100;

/// The same for a service that is slow.
const LATER_MS: i64 = 1_000;

/// All places. A cheap handle.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    /// Taken places of each service, none of them zero.
    services: HashMap<String, usize>,
    /// Of each customer, none of them zero.
    customers: HashMap<CustomerId, usize>,
    /// At services that were slow when the place was taken.
    slow: usize,
    /// Messages in a row that services have taken quickly, up to [`PROVEN`].
    quick: HashMap<String, u32>,
}

/// A place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    service: String,
    customer: CustomerId,
    is_slow: bool,
}

/// There is no place now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full {
    /// When to ask again, in milliseconds.
    pub(super) wait_ms: i64,
}

impl Places {
    /// Places that are free.
    pub(super) fn free(&self) -> usize {
        AT_ONCE.saturating_sub(self.lock().services.values().sum())
    }

    /// Takes a place to tell a browser.
    pub(super) fn take(&self, to: &PushSubscription) -> Result<Place, Full> {
        let service = service(&to.endpoint).to_owned();
        let mut taken = self.lock();
        let is_slow = taken.quick.get(&service).is_none_or(|&count| count < PROVEN);
        let at_service = taken.services.get(&service).copied().unwrap_or_default();
        let of_customer = taken.customers.get(&to.customer).copied().unwrap_or_default();
        let (has_room, wait_ms) = match is_slow {
            true => (
                at_service < AT_ONE_SLOW_SERVICE && taken.slow < AT_SLOW_SERVICES,
                LATER_MS,
            ),
            false => (at_service < AT_ONE_SERVICE, SOON_MS),
        };
        if !has_room || of_customer >= OF_ONE_CUSTOMER {
            return Err(Full { wait_ms });
        }
        taken.services.insert(service.clone(), at_service + 1);
        taken.customers.insert(to.customer.clone(), of_customer + 1);
        taken.slow += usize::from(is_slow);
        Ok(Place {
            places: self.clone(),
            service,
            customer: to.customer.clone(),
            is_slow,
        })
    }

    /// A panic while the lock was held leaves whole counts behind.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The service has taken the message after so long.
    pub(super) fn taken(&self, took: Duration) {
        if took > QUICK {
            return self.failed();
        }
        let mut taken = self.places.lock();
        if taken.quick.len() >= MOST_KNOWN && !taken.quick.contains_key(&self.service) {
            taken.quick.clear();
        }
        let count = taken.quick.entry(self.service.clone()).or_default();
        *count = (*count + 1).min(PROVEN);
    }

    /// The service has not taken it, whatever it said and however soon.
    pub(super) fn failed(&self) {
        self.places.lock().quick.remove(&self.service);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(count) = taken.services.get_mut(&self.service) {
            *count -= 1;
            if *count == 0 {
                taken.services.remove(&self.service);
            }
        }
        if let Some(count) = taken.customers.get_mut(&self.customer) {
            *count -= 1;
            if *count == 0 {
                taken.customers.remove(&self.customer);
            }
        }
        taken.slow -= usize::from(self.is_slow);
    }
}

/// Scheme, host and port of an endpoint.
fn service(endpoint: &str) -> &str {
    let path = endpoint
        .find("://")
        .and_then(|at| Some(at + 3 + endpoint[at + 3..].find('/')?));
    path.map_or(endpoint, |path| &endpoint[..path])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser of customer `n` at a service.
    fn browser(service: &str, n: usize) -> PushSubscription {
        PushSubscription {
            customer: CustomerId::new(format!("k-{n}")),
            channel: "shop".to_owned(),
            endpoint: format!("https://{service}.example/{n}"),
            p256dh: Vec::new(),
            auth: Vec::new(),
            page: String::new(),
            note: String::new(),
            updated_at: 0,
        }
    }

    /// All places that there are for different customers at a service.
    fn all_of(places: &Places, service: &str, customers: std::ops::Range<usize>) -> Vec<Place> {
        customers
            .map_while(|n| places.take(&browser(service, n)).ok())
            .collect()
    }

    fn is_quick(places: &Places, service: &str) {
        for _ in 0..PROVEN {
            places.take(&browser(service, 0)).expect("a place").taken(QUICK);
        }
    }

    #[test]
    fn a_service_that_takes_all_it_may_leaves_places_for_others() {
        let places = Places::default();
        is_quick(&places, "large");
        let large = all_of(&places, "large", 0..AT_ONCE);
        assert_eq!((large.len(), places.free()), (AT_ONE_SERVICE, AT_ONCE - AT_ONE_SERVICE));
        let full = places.take(&browser("large", 90)).expect_err("no place");
        assert_eq!(full.wait_ms, SOON_MS);
        let other = places.take(&browser("other", 90)).expect("a place");
        drop((large, other));
        assert_eq!(places.free(), AT_ONCE);
        let taken = places.lock();
        assert!(taken.services.is_empty() && taken.customers.is_empty() && taken.slow == 0);
    }

    #[test]
    fn slow_services_have_half_of_the_places_however_many_they_are() {
        let places = Places::default();
        is_quick(&places, "known");
        let slow: Vec<_> = (0..AT_ONCE)
            .flat_map(|n| all_of(&places, &format!("slow-{n}"), 10 * n..10 * n + 10))
            .collect();
        assert_eq!(slow.len(), AT_SLOW_SERVICES);
        let of_first = slow.iter().filter(|place| place.service == "https://slow-0.example");
        assert_eq!(of_first.count(), AT_ONE_SLOW_SERVICE);
        let full = places.take(&browser("new", 9_000)).expect_err("no place");
        assert_eq!(full.wait_ms, LATER_MS);
        assert_eq!(all_of(&places, "known", 9_000..9_100).len(), AT_ONE_SERVICE);
    }

    #[test]
    fn a_service_is_quick_as_long_as_it_takes_what_it_gets_quickly() {
        let places = Places::default();
        let is_slow = || places.take(&browser("a", 1)).expect("a place").is_slow;
        for _ in 1..PROVEN {
            places.take(&browser("a", 1)).expect("a place").taken(QUICK);
            assert!(is_slow());
        }
        places.take(&browser("a", 1)).expect("a place").taken(QUICK);
        assert!(!is_slow());
        let late = QUICK + Duration::from_millis(1);
        places.take(&browser("a", 1)).expect("a place").taken(late);
        assert!(is_slow());
        is_quick(&places, "a");
        assert!(!is_slow());
        places.take(&browser("a", 1)).expect("a place").failed();
        assert!(is_slow(), "also if it fails at once");
    }

    #[test]
    fn one_customer_has_few_places_wherever_its_browsers_are() {
        let places = Places::default();
        let browsers = ["a", "b", "c", "d", "e"].map(|service| browser(service, 7));
        let taken: Vec<_> = browsers
            .iter()
            .filter_map(|browser| places.take(browser).ok())
            .collect();
        assert_eq!(taken.len(), OF_ONE_CUSTOMER);
        assert!(places.take(&browser("e", 8)).is_ok());
    }

    #[test]
    fn of_services_no_more_are_kept_in_mind_than_there_may_be() {
        let places = Places::default();
        for n in 0..MOST_KNOWN + 5 {
            let place = places.take(&browser(&format!("service-{n}"), 0));
            place.expect("a place").taken(QUICK);
        }
        assert_eq!(places.lock().quick.len(), 5);
    }

    #[test]
    fn a_service_is_known_by_its_origin() {
        assert_eq!(service("https://push.example:8443/a/b"), "https://push.example:8443");
        assert_eq!(service("https://push.example"), "https://push.example");
    }
}
