//! Durable acknowledgements: how many per second and how soon, beside the same relay that commits one message at a
//! time (`store.group_commit = false`).
//!
//! In flight means: so many customers, each with a conversation of its own and one message on its way. A customer
//! listens to its conversation like a widget does, so that each message comes back as an event as well. A second relay
//! that commits together has customers with one more tab each, which has the conversation in its list and does not read
//! it live: it is told of each message by a new summary.

use crate::arguments::Arguments;
use crate::client::{Client, Customer};
use crate::spread::Spread;
use anyhow::Result;
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use portico_tests::relay::{Relay, World};
use std::time::{Duration, Instant};

/// Messages in flight: one, and as many as make a busy hour.
const IN_FLIGHT: [usize; 2] = [1, 64];

/// How often each is measured, unless the command line says so.
const ROUNDS: usize = 5;

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);

/// How a relay differs from the others.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Together,
    /// Each customer has one more tab, which does not read the conversation live.
    Listed,
    OneByOne,
}

/// One of the relays.
struct Side {
    kind: Kind,
    /// Lives as long as its customers.
    _relay: Relay,
    customers: Vec<Customer>,
    /// Tabs that do not read live.
    listing: Vec<Client>,
    /// One for each of [`IN_FLIGHT`].
    figures: [Figures; 2],
}

/// What was measured at one number in flight.
struct Figures {
    /// Acknowledgements per second of each round.
    rates: Vec<f64>,
    /// Microseconds of all rounds.
    latency: Histogram<u64>,
}

impl Figures {
    fn new() -> Result<Self> {
        Ok(Self {
            rates: Vec::new(),
            latency: Histogram::new(3)?,
        })
    }
}

impl Kind {
    const ALL: [Self; 3] = [Self::Together, Self::Listed, Self::OneByOne];

    const fn name(self) -> &'static str {
        match self {
            Self::Together => "together",
            Self::Listed => "together, listed",
            Self::OneByOne => "one by one",
        }
    }
}

/// Measures and prints.
pub(crate) async fn measure(arguments: &Arguments) -> Result<()> {
    let [together, listed, single] = Kind::ALL;
    let mut sides = [
        Side::start(together).await?,
        Side::start(listed).await?,
        Side::start(single).await?,
    ];
    let rounds = arguments.rounds.unwrap_or(ROUNDS);
    for _ in 0..rounds {
        for side in &mut sides {
            for at in 0..IN_FLIGHT.len() {
                side.round(at, arguments.span).await?;
            }
        }
        // Turns change, so that none is always the first after a pause.
        sides.rotate_left(1);
    }
    sides.sort_by_key(|side| side.kind as usize);
    let seconds = arguments.span.as_secs();
    println!("\nDurable acknowledgements, {rounds} rounds of {seconds} s each, median (least to most):\n");
    println!("  writes committed   in flight   per second                  p50 ms    p99 ms");
    sides.iter().for_each(Side::print);
    let [together, listed, single] = &sides;
    println!();
    for (at, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        println!(
            "Together, {in_flight} in flight: {} times as many as one by one",
            together.ratio(single, at).show(2)
        );
    }
    for (at, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        println!(
            "With a tab for each customer that only lists the chat, {in_flight} in flight: {} of those without",
            listed.ratio(together, at).show(2)
        );
    }
    Ok(())
}

impl Side {
    async fn start(kind: Kind) -> Result<Self> {
        let world = World {
            group_commit: !matches!(kind, Kind::OneByOne),
            ..World::default()
        };
        let relay = Relay::start(world).await;
        let (mut customers, mut listing) = (Vec::new(), Vec::new());
        for _ in 0..IN_FLIGHT[1] {
            let visitor = relay.visitor("desk").await;
            customers.push(Customer::arrive(&relay, visitor.token.clone()).await?);
            if matches!(kind, Kind::Listed) {
                listing.push(Client::welcomed(&relay, visitor.token).await?);
            }
        }
        let figures = [Figures::new()?, Figures::new()?];
        let mut side = Self {
            kind,
            _relay: relay,
            customers,
            listing,
            figures,
        };
        side.round(1, WARM_UP).await?;
        side.figures = [Figures::new()?, Figures::new()?];
        Ok(side)
    }

    /// How many times as many as `other` in each round.
    fn ratio(&self, other: &Self, at: usize) -> Spread {
        let rounds = self.figures[at].rates.iter().zip(&other.figures[at].rates);
        Spread::of(rounds.map(|(rate, other)| rate / other).collect())
    }

    /// Posts for so long with so many of the customers.
    async fn round(&mut self, at: usize, span: Duration) -> Result<()> {
        let begun = Instant::now();
        let posting = self.customers.iter_mut().take(IN_FLIGHT[at]);
        let posted = try_join_all(posting.map(|customer| post_until(customer, begun + span)));
        let listed = try_join_all(self.listing.iter_mut().map(Client::drain));
        let counts = tokio::select! {
            counts = posted => counts?,
            Err(error) = listed => return Err(error),
        };
        let took = begun.elapsed();
        let Figures { rates, latency } = &mut self.figures[at];
        let all: usize = counts.iter().map(Vec::len).sum();
        rates.push(all as f64 / took.as_secs_f64());
        for micros in counts.into_iter().flatten() {
            latency.record(micros)?;
        }
        Ok(())
    }

    fn print(&self) {
        for (figures, in_flight) in self.figures.iter().zip(IN_FLIGHT) {
            let rate = Spread::of(figures.rates.clone()).show(0);
            let ms = |quantile| figures.latency.value_at_quantile(quantile) as f64 / 1000.0;
            let (p50, p99) = (ms(0.5), ms(0.99));
            println!(
                "  {:<17}  {in_flight:>9}   {rate:<24}  {p50:>8.2}  {p99:>8.2}",
                self.kind.name()
            );
        }
    }
}

/// The microseconds of each message that was acknowledged.
async fn post_until(customer: &mut Customer, end: Instant) -> Result<Vec<u64>> {
    let mut micros = Vec::new();
    loop {
        let begun = Instant::now();
        if begun >= end {
            return Ok(micros);
        }
        customer.say().await?;
        micros.push(u64::try_from(begun.elapsed().as_micros())?);
    }
}
