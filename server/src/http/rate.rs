//! How often one address may ask for what costs work. Keys that were not seen for a while are swept, so that a scan
//! from many addresses does not stay in memory.

use super::problem::Problem;
use crate::once::{OnceIn, Turn};
use portico_core::clock::Clock;
use portico_core::config::Limits;
use portico_core::network::{NETWORKS_PER_SITE, Network};
use portico_core::rate::{self, LimiterClock, PerKey, per_key, quota};
use portico_shared::ids::ParticipantId;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often keys are swept.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A contact centre may be behind one address, so an address has this many times the attempts of one username.
const USERNAMES_PER_ADDRESS: u32 = 10;

/// A username has this many times the attempts that one address has for it, however many addresses try.
const ADDRESSES_PER_USERNAME: u32 = 10;

/// Between two records of attempts under the same name that were refused.
const HOUR_SECONDS: u64 = 3_600;

/// An upload has so many requests on average: the widget sends a MiB with each.
const STEPS_PER_UPLOAD: u32 = 2;

/// An address has this many times the requests about uploads that one owner has.
const OWNERS_PER_ADDRESS: u32 = 10;

/// The limits of one node.
pub struct RateLimits {
    sessions: PerAddress,
    uploads: PerAddress,
    upload_steps: PerAddress,
    upload_steps_of_owner: PerKey<String>,
    surveys: PerAddress,
    sign_ins: PerAddress,
    sign_ins_as: PerKey<(Network, String)>,
    sign_ins_of_username: PerKey<String>,
    refusals_of_username: OnceIn,
    refusals_of_provided: OnceIn,
    clock: LimiterClock,
}

impl RateLimits {
    /// The limits that the operator set.
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let [refusals_of_username, refusals_of_provided] =
            [clock.clone(), clock.clone()].map(|clock| OnceIn::seconds(HOUR_SECONDS, clock));
        let clock = LimiterClock::new(clock);
        let of_one = limits.sign_ins_per_minute;
        let steps = limits.uploads_per_minute.saturating_mul(STEPS_PER_UPLOAD);
        Self {
            sessions: PerAddress::new(limits.sessions_per_minute, &clock),
            uploads: PerAddress::new(limits.uploads_per_minute, &clock),
            upload_steps: PerAddress::new(steps.saturating_mul(OWNERS_PER_ADDRESS), &clock),
            upload_steps_of_owner: per_minute(steps, &clock),
            surveys: PerAddress::new(limits.sessions_per_minute, &clock),
            sign_ins: PerAddress::new(of_one.saturating_mul(USERNAMES_PER_ADDRESS), &clock),
            sign_ins_as: per_minute(of_one, &clock),
            sign_ins_of_username: per_minute(of_one.saturating_mul(ADDRESSES_PER_USERNAME), &clock),
            refusals_of_username,
            refusals_of_provided,
            clock,
        }
    }

    /// Takes one visitor session of an address.
    pub fn session(&self, address: IpAddr) -> Result<(), Problem> {
        self.sessions.take(address, &self.clock)
    }

    /// Takes one upload of an address.
    pub fn upload(&self, address: IpAddr) -> Result<(), Problem> {
        self.uploads.take(address, &self.clock)
    }

    /// Takes one request of an owner at an address that writes or deletes a file.
    pub fn upload_step(&self, address: IpAddr, owner: &str) -> Result<(), Problem> {
        // One that is refused takes nothing from the others at its address.
        take(&self.upload_steps_of_owner, &owner.to_owned(), &self.clock)?;
        self.upload_steps.take(address, &self.clock)
    }

    /// Takes one request of an address for the page of a survey. There are as many as visitor sessions.
    pub fn survey(&self, address: IpAddr) -> Result<(), Problem> {
        self.surveys.take(address, &self.clock)
    }

    /// Counts one attempt of an address to sign in under a name. The name was checked, because it is kept for a while.
    pub fn sign_in(&self, address: IpAddr, username: &str) -> Result<(), SignInRefused> {
        let of_address = |problem| SignInRefused {
            problem,
            is_of_username: false,
        };
        let of_username = |problem| SignInRefused {
            problem,
            is_of_username: true,
        };
        self.sign_ins.take(address, &self.clock).map_err(of_address)?;
        let username = username.to_owned();
        let key = (Network::of(address), username.clone());
        take(&self.sign_ins_as, &key, &self.clock).map_err(of_username)?;
        take(&self.sign_ins_of_username, &username, &self.clock).map_err(of_username)
    }

    /// The turn to record a refused attempt to sign in under a name, if it is worth it: the first one, and then one an hour.
    pub fn note_refusal(&self, username: &str) -> Option<Turn<'_>> {
        self.refusals_of_username.turn(username)
    }

    /// The same for a user whom the OpenID provider has signed in, so that there are no more of them than it knows.
    pub fn note_provided_refusal(&self, user: &ParticipantId) -> Option<Turn<'_>> {
        self.refusals_of_provided.turn(user.as_str())
    }

    /// Counts one attempt of an address to sign in where no name is known yet.
    pub fn unnamed_sign_in(&self, address: IpAddr) -> Result<(), Problem> {
        self.sign_ins.take(address, &self.clock)
    }

    /// Sweeps until the relay stops.
    pub async fn sweep(self: Arc<Self>, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(SWEEP_EVERY))
            .await
            .is_some()
        {
            self.sessions.sweep();
            self.uploads.sweep();
            self.upload_steps.sweep();
            self.upload_steps_of_owner.retain_recent();
            self.surveys.sweep();
            self.sign_ins.sweep();
            self.sign_ins_as.retain_recent();
            self.sign_ins_of_username.retain_recent();
            self.refusals_of_username.sweep();
            self.refusals_of_provided.sweep();
        }
    }
}

/// An attempt to sign in that came too soon.
#[derive(Debug)]
pub struct SignInRefused {
    /// What is answered.
    pub problem: Problem,
    /// Whether the name was tried too often, rather than other names from the same address: only so many names are.
    pub is_of_username: bool,
}

/// A limit of each address, and a wider one of the site that an IPv6 address belongs to.
struct PerAddress {
    networks: PerKey<Network>,
    sites: PerKey<Network>,
}

impl PerAddress {
    fn new(count: u32, clock: &LimiterClock) -> Self {
        Self {
            networks: per_minute(count, clock),
            sites: per_minute(count.saturating_mul(NETWORKS_PER_SITE), clock),
        }
    }

    fn take(&self, address: IpAddr, clock: &LimiterClock) -> Result<(), Problem> {
        take(&self.networks, &Network::of(address), clock)?;
        Network::site_of(address).map_or(Ok(()), |site| take(&self.sites, &site, clock))
    }

    fn sweep(&self) {
        self.networks.retain_recent();
        self.sites.retain_recent();
    }
}

fn per_minute<K: Clone + Hash + Eq>(count: u32, clock: &LimiterClock) -> PerKey<K> {
    per_key(quota(count, count), clock)
}

fn take<K: Clone + Hash + Eq>(limiter: &PerKey<K>, key: &K, clock: &LimiterClock) -> Result<(), Problem> {
    limiter
        .check_key(key)
        .map_err(|refusal| Problem::rate_limited(rate::wait(&refusal, clock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::clock::SystemClock;

    #[test]
    fn one_username_has_fewer_attempts_than_its_address() {
        let config = crate::config::from_toml("limits.sign_ins_per_minute = 2").expect("good");
        let limits = RateLimits::new(&config.limits, Arc::new(SystemClock::default()));
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

    #[test]
    fn a_username_is_tried_so_often_and_no_oftener_from_all_addresses_together() {
        let config = crate::config::from_toml("limits.sign_ins_per_minute = 2").expect("good");
        let limits = RateLimits::new(&config.limits, Arc::new(SystemClock::default()));
        let passed = (0..100).filter(|n| limits.sign_in(IpAddr::from([192, 0, 2, *n]), "ann").is_ok());
        assert_eq!(passed.count(), 20);
        assert!(limits.sign_in(IpAddr::from([192, 0, 2, 100]), "ben").is_ok());
    }

    #[test]
    fn an_owner_writes_so_often_and_leaves_its_address_to_others() {
        let config = crate::config::from_toml("limits.uploads_per_minute = 3").expect("good");
        let limits = RateLimits::new(&config.limits, Arc::new(SystemClock::default()));
        let address = IpAddr::from([192, 0, 2, 1]);
        let writes = |owner: &str| (0..100).filter(|_| limits.upload_step(address, owner).is_ok()).count();
        assert_eq!(writes("ann"), 6);
        let elsewhere = IpAddr::from([192, 0, 2, 2]);
        assert!(limits.upload_step(elsewhere, "ann").is_err(), "wherever it is");
        let others: usize = (0..100)
            .filter(|n| limits.upload_step(elsewhere, &format!("owner-{n}")).is_ok())
            .count();
        assert!((60..=62).contains(&others), "{others}");
    }

    #[test]
    fn a_site_with_many_networks_has_less_than_all_of_them_together() {
        let config = crate::config::from_toml("limits.sessions_per_minute = 2").expect("good");
        let limits = RateLimits::new(&config.limits, Arc::new(SystemClock::default()));
        let passed = (0..100_u16).filter(|n| {
            let address = IpAddr::from([0x2001, 0xdb8, 1, *n, 0, 0, 0, 1]);
            limits.session(address).is_ok()
        });
        assert_eq!(passed.count(), 20);
    }
}
