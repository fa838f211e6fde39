//! Durable acknowledgements: how many per second and how soon, beside the same relay that commits one message at a
//! time (`store.group_commit = false`).
//!
//! In flight means: so many customers, each with a conversation of its own and one message on its way. A customer
//! listens to its conversation like a widget does, so that each message comes back as an event as well.

use crate::arguments::Arguments;
use crate::client::Customer;
use crate::verdict;
use anyhow::Result;
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use portico_tests::relay::{Relay, World};
use std::time::{Duration, Instant};

/// Messages in flight: one, and as many as make a busy hour.
const IN_FLIGHT: [usize; 2] = [1, 64];

/// What group commit must be worth at least, with the most in flight.
const EXPECTED_RATIO: f64 = 5.0;

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);

/// One of the two relays.
struct Side {
    name: &'static str,
    /// Lives as long as its customers.
    _relay: Relay,
    customers: Vec<Customer>,
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

/// Measures, prints, and answers whether the expectation holds.
pub(crate) async fn measure(arguments: &Arguments) -> Result<bool> {
    let mut grouped = Side::start("together", true).await?;
    let mut single = Side::start("one by one", false).await?;
    for round in 0..arguments.rounds {
        // Turns change, so that neither is always the first after a pause.
        let sides = if round % 2 == 0 {
            [&mut grouped, &mut single]
        } else {
            [&mut single, &mut grouped]
        };
        for side in sides {
            for at in 0..IN_FLIGHT.len() {
                side.round(at, arguments.span).await?;
            }
        }
    }
    let seconds = arguments.span.as_secs();
    println!(
        "\nDurable acknowledgements, {} rounds of {seconds} s each, median (least to most):\n",
        arguments.rounds
    );
    println!("  writes committed   in flight   per second                  p50 ms    p99 ms");
    grouped.print();
    single.print();
    let mut holds = true;
    for (at, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        let rounds = grouped.figures[at].rates.iter().zip(&single.figures[at].rates);
        let ratio = Spread::of(rounds.map(|(together, alone)| together / alone).collect());
        print!(
            "\nTogether, {in_flight} in flight: {} times as many as one by one",
            ratio.show(2)
        );
        if in_flight == IN_FLIGHT[1] {
            holds = ratio.median >= EXPECTED_RATIO;
            print!("; at least {EXPECTED_RATIO} times is expected: {}", verdict(holds));
        }
    }
    println!();
    Ok(holds)
}

impl Side {
    async fn start(name: &'static str, group_commit: bool) -> Result<Self> {
        let world = World {
            group_commit,
            ..World::default()
        };
        let relay = Relay::start(world).await;
        let mut customers = Vec::new();
        for _ in 0..IN_FLIGHT[1] {
            customers.push(Customer::arrive(&relay).await?);
        }
        let figures = [Figures::new()?, Figures::new()?];
        let mut side = Self {
            name,
            _relay: relay,
            customers,
            figures,
        };
        side.round(1, WARM_UP).await?;
        side.figures = [Figures::new()?, Figures::new()?];
        Ok(side)
    }

    /// Posts for so long with so many of the customers.
    async fn round(&mut self, at: usize, span: Duration) -> Result<()> {
        let begun = Instant::now();
        let posting = self.customers.iter_mut().take(IN_FLIGHT[at]);
        let counts = try_join_all(posting.map(|customer| post_until(customer, begun + span))).await?;
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
                self.name
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

/// Several measurements of the same thing.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(values[middle - 1], values[middle])
        } else {
            values[middle]
        };
        Self {
            least: values[0],
            median,
            most: values[values.len() - 1],
        }
    }

    fn show(&self, digits: usize) -> String {
        let Self { least, median, most } = self;
        format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
    }
}
