//! Limits the connections that are open at once, in all and of one address. Each costs a file descriptor and memory for as
//! long as its client likes, so one beyond the limit is refused before anything is done for it.

use super::problem::Problem;
use portico_core::config::{Config, TrustedProxies};
use portico_core::network::{NETWORKS_PER_SITE, Network};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The connection permits of one listener.
pub struct ConnectionPermits {
    most: usize,
    of_address: usize,
    /// Proxies: their connections are counted for those for whom they ask.
    proxies: TrustedProxies,
    taken: Mutex<Taken>,
}

/// Permits that are in use. Addresses without one have no entry.
#[derive(Default)]
struct Taken {
    all: usize,
    networks: HashMap<Network, usize>,
    sites: HashMap<Network, usize>,
}

impl ConnectionPermits {
    /// As many as the operator allows.
    pub fn new(config: &Config) -> Arc<Self> {
        Arc::new(Self {
            most: config.limits.connections,
            of_address: config.limits.connections_per_address,
            proxies: config.server.trusted_proxies.clone(),
            taken: Mutex::default(),
        })
    }

    /// Takes a permit for a connection, which holds it until it is dropped.
    ///
    /// # Errors
    /// 503 if there is none, 429 if the address has its share.
    pub(super) fn connection(self: &Arc<Self>, peer: IpAddr) -> Result<ConnectionPermit, Problem> {
        let peer = peer.to_canonical();
        let mut taken = self.lock();
        if taken.all >= self.most {
            return Err(Problem::full());
        }
        let address = (!self.proxies.contains(&peer)).then_some(peer);
        if let Some(address) = address {
            taken.add(address, self.of_address)?;
        }
        taken.all += 1;
        Ok(self.permit(1, address))
    }

    /// Takes what a socket counts for besides its connection: one of the address for which a proxy asks.
    ///
    /// # Errors
    /// 429 if the address has its share.
    pub(super) fn socket(
        self: &Arc<Self>,
        connection: &ConnectionPermit,
        address: IpAddr,
    ) -> Result<ConnectionPermit, Problem> {
        if connection.address.is_some() {
            return Ok(self.permit(0, None));
        }
        self.lock().add(address, self.of_address)?;
        Ok(self.permit(0, Some(address)))
    }

    fn permit(self: &Arc<Self>, connections: usize, address: Option<IpAddr>) -> ConnectionPermit {
        ConnectionPermit {
            permits: Arc::clone(self),
            connections,
            address,
        }
    }

    /// A panic while the lock was held leaves counts behind that are off by one at most.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn add(&mut self, address: IpAddr, most: usize) -> Result<(), Problem> {
        let (network, site) = (Network::of(address), Network::site_of(address));
        let of_site = site.map_or(0, |site| count(&self.sites, site));
        if count(&self.networks, network) >= most || of_site >= most.saturating_mul(NETWORKS_PER_SITE as usize) {
            return Err(Problem::crowded());
        }
        *self.networks.entry(network).or_default() += 1;
        if let Some(site) = site {
            *self.sites.entry(site).or_default() += 1;
        }
        Ok(())
    }

    fn remove(&mut self, address: IpAddr) {
        give_back(&mut self.networks, Network::of(address));
        if let Some(site) = Network::site_of(address) {
            give_back(&mut self.sites, site);
        }
    }
}

fn count(counts: &HashMap<Network, usize>, network: Network) -> usize {
    counts.get(&network).copied().unwrap_or_default()
}

fn give_back(counts: &mut HashMap<Network, usize>, network: Network) {
    match count(counts, network) {
        0 | 1 => drop(counts.remove(&network)),
        more => drop(counts.insert(network, more - 1)),
    }
}

/// One connection's share of the limits until it is dropped.
pub(super) struct ConnectionPermit {
    permits: Arc<ConnectionPermits>,
    /// What it counts in all: 1 for a connection.
    connections: usize,
    /// The address that it counts for; absent for a proxy's connection, which serves many.
    address: Option<IpAddr>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut taken = self.permits.lock();
        taken.all -= self.connections;
        if let Some(address) = self.address {
            taken.remove(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(limits: &str) -> Arc<ConnectionPermits> {
        let config = format!("server.trusted_proxies = [\"10.0.0.1\"]\n[limits]\n{limits}");
        ConnectionPermits::new(&crate::config::from_toml(&config).expect("good"))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn there_are_so_many_places_and_each_is_given_back() {
        let permits = permits("connections = 2");
        let first = permits.connection(address("192.0.2.1")).expect("room");
        let second = permits.connection(address("192.0.2.2")).expect("room");
        assert!(permits.connection(address("192.0.2.3")).is_err());
        drop(first);
        let third = permits.connection(address("192.0.2.3")).expect("room again");
        drop((second, third));
        let taken = permits.lock();
        assert!(taken.all == 0 && taken.networks.is_empty() && taken.sites.is_empty());
    }

    #[test]
    fn an_address_has_its_share_and_a_site_ten_times_as_much() {
        let permits = permits("connections_per_address = 1");
        let _one = permits.connection(address("192.0.2.1")).expect("room");
        assert!(permits.connection(address("::ffff:192.0.2.1")).is_err());
        let networks = (0..100_u16).map(|n| IpAddr::from([0x2001, 0xdb8, 1, n, 0, 0, 0, 1]));
        let held: Vec<_> = networks.flat_map(|address| permits.connection(address)).collect();
        assert_eq!(held.len(), 10);
        assert!(permits.connection(address("2001:db8:2::1")).is_ok());
    }

    #[test]
    fn those_behind_a_proxy_count_by_their_own_addresses() {
        let permits = permits("connections_per_address = 1");
        let proxy = || permits.connection(address("10.0.0.1")).expect("a proxy has no share");
        let (first, second) = (proxy(), proxy());
        let _seat = permits.socket(&first, address("192.0.2.1")).expect("room");
        assert!(permits.socket(&second, address("192.0.2.1")).is_err());
        assert!(permits.socket(&second, address("192.0.2.2")).is_ok());
        let direct = permits.connection(address("192.0.2.9")).expect("room");
        assert!(
            permits.socket(&direct, address("192.0.2.9")).is_ok(),
            "its connection counted already"
        );
    }
}
