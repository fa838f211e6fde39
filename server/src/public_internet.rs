//! The guard of calls to where strangers say: to the push services that browsers name, and to the pages that messages link to.
//!
//! A host is looked at before it is called, and what its name leads to is resolved once, for the connection itself: what is
//! called is what was looked at, whatever the name leads to a moment later.

use async_trait::async_trait;
use portico_core::config::PrivateNetworks;
use portico_core::identity::origin::is_loopback;
use portico_core::network::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The address that a host is, if it is no name: as `Url` writes it, which reads the odd ways to write one.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether a host may be on the public internet: an address that is, or a name that is not this machine's or its network's own.
/// What a name leads to is for [`GuardedResolver`] to see.
pub(crate) fn may_be_public(host: &str) -> bool {
    match literal(host) {
        Some(address) => is_public(address),
        None => {
            let name = host.strip_suffix('.').unwrap_or(host);
            !is_loopback(name) && name.contains('.')
        }
    }
}

/// Resolves names.
#[async_trait]
pub(crate) trait Names: Send + Sync {
    /// The addresses of a name.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Names that are looked up at once. Each has a thread, of which the relay's files need some as well, and keeps it until the
/// name's servers have answered: longer than anything waits for it.
const LOOKUPS: usize = 16;

/// The machine's own resolver.
pub(crate) struct MachineNames {
    places: Arc<Semaphore>,
    look_up: fn(&str) -> io::Result<Vec<IpAddr>>,
}

impl MachineNames {
    /// With places of its own: names that are slow for one kind of calls delay no other kind.
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(LOOKUPS)),
            look_up,
        }
    }
}

fn look_up(name: &str) -> io::Result<Vec<IpAddr>> {
    Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
}

#[async_trait]
impl Names for MachineNames {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(io::Error::other)?;
        let (look_up, name) = (self.look_up, name.to_owned());
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the resolver's answer, and has its place until then"
        )]
        let found = tokio::task::spawn_blocking(move || {
            let found = look_up(&name);
            drop(place);
            found
        });
        found.await.map_err(io::Error::other)?
    }
}

/// A resolver without the addresses that are not on the public internet.
pub(crate) struct GuardedResolver {
    names: Arc<dyn Names>,
    /// The operator's own proxies, which may be anywhere.
    exempt: Vec<String>,
    /// The operator's own networks that may be called as well.
    networks: PrivateNetworks,
}

/// A name leads to where the relay does not call.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
pub(crate) struct NotPublic;

impl GuardedResolver {
    /// But for these hosts.
    pub(crate) fn but_for(exempt: Vec<String>) -> Self {
        Self {
            names: Arc::new(MachineNames::new()),
            exempt,
            networks: PrivateNetworks::default(),
        }
    }

    /// And within these networks.
    pub(crate) fn and_within(self, networks: PrivateNetworks) -> Self {
        Self { networks, ..self }
    }

    /// Over other names than the machine's, with these networks beside the public internet.
    pub(crate) fn with(names: Arc<dyn Names>, networks: PrivateNetworks) -> Self {
        Self {
            names,
            exempt: Vec::new(),
            networks,
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_exempt = self.exempt.iter().any(|host| host == name.as_str());
        let (names, networks) = (Arc::clone(&self.names), self.networks.clone());
        Box::pin(async move {
            let mut found = names.addresses(name.as_str()).await?;
            found.retain(|address| is_exempt || is_public(*address) || networks.contains(*address));
            if found.is_empty() {
                return Err(NotPublic.into());
            }
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn names_of_this_machine_and_addresses_of_networks_are_not_public() {
        for public in ["shop.example", "shop.example.", "8.8.8.8", "[2606:4700::1111]"] {
            assert!(may_be_public(public), "{public}");
        }
        for private in [
            "localhost",
            "localhost.",
            "intranet",
            "127.0.0.1",
            "10.0.0.1",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
        ] {
            assert!(!may_be_public(private), "{private}");
        }
    }

    #[tokio::test]
    async fn names_that_are_slow_to_look_up_have_so_many_threads_and_no_more() {
        static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
        let slow = |_: &str| {
            UNDER_WAY.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(300));
            UNDER_WAY.fetch_sub(1, Ordering::Relaxed);
            Ok(Vec::new())
        };
        let names = MachineNames {
            look_up: slow,
            ..MachineNames::new()
        };
        let asked = (0..LOOKUPS + 4).map(|_| async {
            // As a page that nothing waits for any more.
            let given_up = tokio::time::timeout(Duration::from_millis(50), names.addresses("slow.example"));
            given_up.await.expect_err("slow");
            assert!(UNDER_WAY.load(Ordering::Relaxed) <= LOOKUPS);
        });
        futures_util::future::join_all(asked).await;
        assert_eq!(UNDER_WAY.load(Ordering::Relaxed), LOOKUPS);
        names.addresses("slow.example").await.expect("a place is free again");
    }

    #[tokio::test]
    async fn a_name_that_leads_into_the_machine_is_not_called() {
        let client = reqwest::Client::builder()
            .dns_resolver(Arc::new(GuardedResolver::but_for(Vec::new())))
            .no_proxy()
            .build()
            .expect("a client");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let error = client
            .post(format!("http://localhost:{}/x", address.port()))
            .send()
            .await
            .expect_err("not called");
        assert!(error.is_connect(), "{error:?}");
        listener.set_nonblocking(true).expect("set");
        assert!(listener.accept().is_err(), "nothing came");
    }
}
