//! Proxies whose `X-Forwarded-For` is believed: they ask for their clients.

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};
use std::net::IpAddr;

/// Addresses and networks of proxies that are believed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// Whether this is the address of one of them. IPv4 addresses are not written as IPv6 ones here.
    pub fn contains(&self, address: &IpAddr) -> bool {
        self.0.iter().any(|network| network.0.contains(address))
    }
}

/// An address, or a network in CIDR notation.
#[derive(Debug, Clone)]
struct Network(IpNet);

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        let text = String::deserialize(text)?;
        match network(&text) {
            Some(network) if network.prefix_len() == 0 => {
                Err(de::Error::custom("every client would be believed: name the proxies"))
            }
            Some(network) => Ok(Self(network)),
            None => Err(de::Error::custom("expected an address or a network, as in 10.0.0.0/8")),
        }
    }
}

/// Reads an address, or a network in CIDR notation.
pub(super) fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).ok()
}
