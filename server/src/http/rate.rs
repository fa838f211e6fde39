//! How often one address may ask for what costs work. Keys that were not seen for a while are swept, so that a scan
//! from many addresses does not stay in memory.

use super::problem::Problem;
use crate::config::Limits;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often keys are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A contact centre may be behind one address, so an address has this many times the attempts of one username.
const USERNAMES_PER_ADDRESS: u32 = 10;

/// The limits of one node.
pub struct RateLimits {
    sessions: DefaultKeyedRateLimiter<Source>,
    sign_ins: DefaultKeyedRateLimiter<(Source, String)>,
    sign_ins_of_address: DefaultKeyedRateLimiter<Source>,
}

/// What counts as one address: an IPv6 network of one site is many addresses of one visitor.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Source(IpAddr);

impl From<IpAddr> for Source {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let mut segments = address.segments();
                segments[4..].fill(0);
                IpAddr::from(segments)
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl RateLimits {
    /// The limits that the operator set.
    pub fn new(limits: &Limits) -> Self {
        let per_minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        let of_address = limits.sign_ins_per_minute.saturating_mul(USERNAMES_PER_ADDRESS);
        Self {
            sessions: RateLimiter::dashmap(per_minute(limits.sessions_per_minute)),
            sign_ins: RateLimiter::dashmap(per_minute(limits.sign_ins_per_minute)),
            sign_ins_of_address: RateLimiter::dashmap(per_minute(of_address)),
        }
    }

    /// Takes one visitor session of an address.
    pub fn session(&self, address: IpAddr) -> Result<(), Problem> {
        take(&self.sessions, &address.into())
    }

    /// Takes one attempt of an address to sign in as somebody.
    pub fn sign_in(&self, address: IpAddr, username: &str) -> Result<(), Problem> {
        let source = Source::from(address);
        take(&self.sign_ins_of_address, &source)?;
        take(&self.sign_ins, &(source, username.to_owned()))
    }

    /// Sweeps until the relay stops.
    pub async fn sweep(self: Arc<Self>, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(SWEEP_EVERY))
            .await
            .is_some()
        {
            self.sessions.retain_recent();
            self.sign_ins.retain_recent();
            self.sign_ins_of_address.retain_recent();
        }
    }
}

fn take<K: Clone + Hash + Eq>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Problem> {
    limiter
        .check_key(key)
        .map_err(|refusal| Problem::rate_limited(refusal.wait_time_from(DefaultClock::default().now())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_site_is_one_source() {
        let source = |text: &str| Source::from(text.parse::<IpAddr>().expect(text));
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
    }

    #[test]
    fn one_username_has_fewer_attempts_than_its_address() {
        let config = crate::config::Config::from_toml("limits.sign_ins_per_minute = 2").expect("good");
        let limits = RateLimits::new(&config.limits);
        let address = IpAddr::from([192, 0, 2, 1]);
        assert!(limits.sign_in(address, "ann").is_ok() && limits.sign_in(address, "ann").is_ok());
        assert!(limits.sign_in(address, "ann").is_err());
        assert!(limits.sign_in(address, "ben").is_ok());
        assert!(limits.sign_in(IpAddr::from([192, 0, 2, 2]), "ann").is_ok());
        let spread = (0..100)
            .filter(|n| limits.sign_in(address, &format!("user-{n}")).is_ok())
            .count();
        assert!(spread <= 16, "{spread} of 20 attempts were left at most");
    }
}
