//! How many frames an identity may send, whichever of its sockets it sends them over.

use governor::Quota;
use portico_core::clock::Clock;
use portico_core::config::Limits;
use portico_core::identity::Principal;
use portico_core::rate::{LimiterClock, PerKey, Single, per_key, quota, single, wait};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often identities are swept whose rate is full again.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Longest time that a client is told to wait, in milliseconds.
const MOST_WAIT_MS: u64 = 60_000;

/// The frames of every identity of one node. An identity is remembered until its rate is full again, so a
/// reconnect or a further connection gives it no more than it had.
pub struct FrameRates {
    customers: FrameRate,
    staff: FrameRate,
    bots: FrameRate,
    clock: LimiterClock,
}

/// The rate of one kind of identity.
struct FrameRate {
    quota: Quota,
    limiter: PerKey<String>,
}

impl FrameRates {
    /// The rates that the operator set.
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let clock = LimiterClock::new(clock);
        let rate = |burst, per_minute| FrameRate {
            quota: quota(burst, per_minute),
            limiter: per_key(quota(burst, per_minute), &clock),
        };
        Self {
            customers: rate(limits.frames_burst, limits.frames_per_minute),
            staff: rate(limits.agent_frames_burst, limits.agent_frames_per_minute),
            bots: rate(limits.bot_frames_burst, limits.bot_frames_per_minute),
            clock,
        }
    }

    /// Takes a frame of an identity, or says in how many milliseconds one will pass. `key` is the principal's.
    pub(crate) fn take(&self, who: &Principal, key: &String) -> Result<(), u64> {
        let taken = self.of(who).limiter.check_key(key);
        taken.map_err(|refusal| in_ms(wait(&refusal, &self.clock)))
    }

    /// As many frames as the identity's rate has, of one socket alone.
    pub(super) fn same_again(&self, who: &Principal) -> Single {
        single(self.of(who).quota, &self.clock)
    }

    /// `burst` at once and `per_minute` after that, of one socket alone.
    pub(super) fn of_one(&self, burst: u32, per_minute: u32) -> Single {
        single(quota(burst, per_minute), &self.clock)
    }

    /// Sweeps until the relay stops.
    pub async fn sweep(self: Arc<Self>, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(SWEEP_EVERY))
            .await
            .is_some()
        {
            self.forget();
        }
    }

    fn forget(&self) {
        for rate in [&self.customers, &self.staff, &self.bots] {
            rate.limiter.retain_recent();
            rate.limiter.shrink_to_fit();
        }
    }

    fn of(&self, who: &Principal) -> &FrameRate {
        match who {
            Principal::Customer(_) => &self.customers,
            Principal::Staff(_) => &self.staff,
            Principal::Bot(_) | Principal::App(_) => &self.bots,
        }
    }
}

/// At least one millisecond, or a client would come back at once.
fn in_ms(wait: Duration) -> u64 {
    let ms = wait.as_nanos().div_ceil(1_000_000);
    u64::try_from(ms).unwrap_or(MOST_WAIT_MS).clamp(1, MOST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::identity::BotPrincipal;
    use portico_shared::ids::ParticipantId;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct TestClock(AtomicI64);

    impl Clock for TestClock {
        fn now_ms(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }

        fn elapsed_ms(&self) -> u64 {
            u64::try_from(self.now_ms()).unwrap_or_default()
        }

        fn uuid(&self) -> String {
            String::new()
        }

        fn jitter(&self) -> f64 {
            0.5
        }
    }

    struct World {
        rates: FrameRates,
        clock: Arc<TestClock>,
        bot: Principal,
    }

    impl World {
        fn new(burst: u32, per_minute: u32) -> Self {
            let mut limits = crate::config::from_toml("").expect("the defaults are good").limits;
            (limits.bot_frames_burst, limits.bot_frames_per_minute) = (burst, per_minute);
            let clock = Arc::new(TestClock(AtomicI64::new(1_700_000_000_000)));
            let (id, name) = (ParticipantId::new("b"), "Bot".to_owned());
            Self {
                rates: FrameRates::new(&limits, clock.clone()),
                clock,
                bot: Principal::Bot(BotPrincipal { id, name }),
            }
        }

        fn take(&self, key: &str) -> Result<(), u64> {
            self.rates.take(&self.bot, &key.to_owned())
        }

        fn pass(&self, ms: i64) {
            self.clock.0.fetch_add(ms, Ordering::SeqCst);
        }

        fn known(&self) -> usize {
            self.rates.forget();
            self.rates.bots.limiter.len()
        }
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let world = World::new(3, 60);
        for _ in 0..3 {
            assert_eq!(world.take("a"), Ok(()));
        }
        assert_eq!(world.take("a"), Err(1_000));
        world.pass(400);
        assert_eq!(world.take("a"), Err(600));
        world.pass(600);
        assert_eq!(world.take("a"), Ok(()));
        assert_eq!(world.take("a"), Err(1_000));
    }

    #[test]
    fn it_never_holds_more_than_its_burst() {
        let world = World::new(2, 60_000);
        assert_eq!(world.take("a"), Ok(()));
        world.pass(1_000_000);
        assert_eq!(world.take("a"), Ok(()));
        assert_eq!(world.take("a"), Ok(()));
        assert!(world.take("a").is_err());
    }

    #[test]
    fn an_identity_has_one_rate_and_somebody_else_has_another() {
        let world = World::new(1, 60);
        assert_eq!((world.take("a"), world.take("a")), (Ok(()), Err(1_000)));
        assert_eq!(world.take("b"), Ok(()));
    }

    #[test]
    fn who_has_gone_is_forgotten_once_its_rate_is_full_again_and_not_before() {
        let world = World::new(2, 60);
        assert!(world.take("early").is_ok());
        world.pass(999);
        assert_eq!(world.known(), 1, "it still has less than it may have");
        world.pass(4_000);
        assert!(world.take("late").is_ok());
        assert_eq!(world.known(), 1, "the early one's is full");
        assert_eq!((world.take("late"), world.take("late")), (Ok(()), Err(1_000)));
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_gives_nothing() {
        let world = World::new(1, 60);
        assert_eq!(world.take("a"), Ok(()));
        assert_eq!(world.take("a"), Err(1_000));
        world.pass(-5_000);
        assert!(world.take("a").is_err());
    }
}
