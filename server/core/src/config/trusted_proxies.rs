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
        let network: Result<IpNet, _> = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(network) if network.prefix_len() == 0 => {
                Err(de::Error::custom("every client would be believed: name the proxies"))
            }
            Ok(network) => Ok(Self(network)),
            Err(_) => Err(de::Error::custom("expected an address or a network, as in 10.0.0.0/8")),
        }
    }
}
