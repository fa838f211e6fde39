//! What counts as one address when something is limited: one visitor has a whole IPv6 network, and one site many of them. And
//! which addresses are public.

mod public;

pub use public::is_public;

use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};

/// Length in bits of the IPv6 network that one visitor has.
const VISITOR_BITS: u32 = 64;

/// Length in bits of the IPv6 network that one site has.
const SITE_BITS: u32 = 48;

/// Length in bits of the network of IPv4 that is told in the place of an address.
const TOLD_BITS_V4: u8 = 24;

/// A site may have as much as this many of its visitors' networks.
pub const NETWORKS_PER_SITE: u32 = 10;

/// An IPv4 address, or an IPv6 network by its first address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// What an address counts as: an IPv4 address as itself, an IPv6 one as its /64.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(first(address, VISITOR_BITS)),
            v4 @ IpAddr::V4(_) => Self(v4),
        }
    }

    /// The /48 that an IPv6 address belongs to: 65,536 networks that one party may own.
    pub fn site_of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V6(address) => Some(Self(first(address, SITE_BITS))),
            IpAddr::V4(_) => None,
        }
    }
}

/// Where an address is, as far as it is kept: its /24, of IPv6 its /48.
pub fn range_of(address: IpAddr) -> String {
    let address = address.to_canonical();
    let bits = match address {
        IpAddr::V4(_) => TOLD_BITS_V4,
        IpAddr::V6(_) => SITE_BITS as u8,
    };
    IpNet::new_assert(address, bits).trunc().to_string()
}

fn first(address: Ipv6Addr, bits: u32) -> IpAddr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (u128::BITS - bits))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn a_visitors_network_is_one_address() {
        let network = |text: &str| Network::of(address(text));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn an_address_is_told_as_its_network() {
        for (told, expected) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2::1", "2001:db8:1::/48"),
        ] {
            assert_eq!(range_of(address(told)), expected, "{told}");
        }
    }

    #[test]
    fn networks_of_one_site_are_one_site() {
        let site = |text: &str| Network::site_of(address(text));
        assert_eq!(site("2001:db8:1:2::1"), site("2001:db8:1:ffff::9"));
        assert_ne!(site("2001:db8:1:2::1"), site("2001:db8:2:2::1"));
        assert_eq!(site("192.0.2.1"), None);
        assert_eq!(site("::ffff:192.0.2.1"), None);
    }
}
