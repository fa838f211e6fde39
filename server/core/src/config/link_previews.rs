//! Previews of the pages that messages link to.

use super::trusted_proxies::network;
use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Deserializer, de};
use std::net::IpAddr;

/// Length of the prefix of IPv4 within IPv6, `::ffff:0:0/96`.
const MAPPED_PREFIX_LEN: u8 = 96;

/// What previews of links may be made of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkPreviewsConfig {
    /// Networks whose pages are read beside those of the public internet.
    pub networks: PrivateNetworks,
}

/// Who writes a message with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkAuthor {
    /// An agent.
    Agent,
    /// A bot.
    Bot,
    /// The customer.
    Customer,
}

/// Networks of an operator's own that strangers may have the relay ask.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct PrivateNetworks(Vec<PrivateNetwork>);

impl PrivateNetworks {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address lies in one of them. One of IPv4 within IPv6 is looked at as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.0.contains(&address))
    }
}

/// A network of IPv4 that is written as one within IPv6, as what it is: so are addresses looked at.
fn canonical(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(network) => network.network().to_ipv4_mapped(),
        IpNet::V4(_) => None,
    };
    let length = network.prefix_len().checked_sub(MAPPED_PREFIX_LEN);
    let mapped = mapped
        .zip(length)
        .and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    mapped.map_or(network, IpNet::V4)
}

/// An address, or a network in CIDR notation.
#[derive(Debug, Clone)]
struct PrivateNetwork(IpNet);

impl<'de> Deserialize<'de> for PrivateNetwork {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        match network(&String::deserialize(text)?).map(canonical) {
            Some(network) if network.prefix_len() == 0 => {
                Err(de::Error::custom("every address would be asked: name the networks"))
            }
            Some(network) => Ok(Self(network)),
            None => Err(de::Error::custom("expected an address or a network, as in 10.0.0.0/8")),
        }
    }
}
