//! Resident memory of the relay per idle connection: visitors who were welcomed and say nothing, each with a socket of
//! its own. What the kernel keeps for a socket is not in it.
//!
//! Each connection takes a file here and one in the relay: where a process may have 20,000 open, up to 18,000 are possible.

use crate::arguments::Arguments;
use crate::client::Client;
use crate::verdict;
use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use portico_tests::relay::{Relay, World};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Most memory per connection, in bytes: 12 KiB, since pages and what the kernel tells of them are counted in KiB.
const EXPECTED_BYTES: f64 = 12.0 * 1024.0;

/// Files that either side needs beside its connections.
const OTHER_FILES: usize = 500;

/// Connections that are opened at once.
const AT_ONCE: usize = 64;

/// Connections that are open before anything is counted: what is only allocated once is there then, and the allocator has
/// found a use for what it kept of the start, which differs by a dozen MiB from one start to the next.
const FIRST: usize = 1_000;

/// Memory is taken for settled when it has moved by no more than this much, in KiB, ...
const STILL_KIB: u64 = 64;

/// ... for this long.
const STILL_FOR: Duration = Duration::from_secs(2);

/// It is measured at last when it does not settle.
const SETTLE_WITHIN: Duration = Duration::from_secs(20);

/// Measures, prints, and answers whether the expectation holds.
pub(crate) async fn measure(arguments: &Arguments) -> Result<bool> {
    let connections = arguments.connections;
    allow_files((FIRST + connections + OTHER_FILES) as u64)?;
    let relay = Relay::start(World::default()).await;
    let tokens = tokens(&relay, FIRST + connections).await?;
    let empty = settled(relay.pid()).await?;
    let _first = connect(&relay, tokens.iter().take(FIRST)).await?;
    let before = settled(relay.pid()).await?;
    let begun = Instant::now();
    let clients = connect(&relay, tokens.iter().skip(FIRST)).await?;
    let took = begun.elapsed();
    let after = settled(relay.pid()).await?;
    let each = after.saturating_sub(before) as f64 * 1024.0 / clients.len() as f64;
    let holds = each <= EXPECTED_BYTES;
    println!(
        "\nMemory of {} idle connections beside {FIRST}, welcomed within {:.1} s:",
        clients.len(),
        took.as_secs_f64()
    );
    println!("  resident before {before} KiB, with them {after} KiB: {each:.0} bytes each");
    println!("  at most {EXPECTED_BYTES} bytes each is expected: {}", verdict(holds));
    let all = FIRST + clients.len();
    let average = after.saturating_sub(empty) as f64 * 1024.0 / all as f64;
    println!("  of all {all}, with what the first of them made it allocate once: {average:.0} bytes each");
    Ok(holds)
}

/// Lets this process and the relay, which inherits it, open so many files, or fails early.
fn allow_files(needed: u64) -> Result<()> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    ensure!(
        maximum.is_none_or(|maximum| maximum >= needed),
        "{needed} open files are needed, which this system does not allow: run `ulimit -n {needed}` as its administrator before"
    );
    let current = Some(needed);
    setrlimit(Resource::Nofile, Rlimit { current, maximum }).context("the limit of open files cannot be raised")
}

/// A token for each visitor.
async fn tokens(relay: &Relay, count: usize) -> Result<Vec<String>> {
    let (http, origin) = (reqwest::Client::new(), relay.origin());
    let session = || async {
        let request = http.post(format!("{origin}/api/session")).header("origin", &origin);
        let answer = request.json(&json!({ "channel": "desk" })).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        body["token"]
            .as_str()
            .map(str::to_owned)
            .context("a session has a token")
    };
    stream::iter(0..count)
        .map(|_| session())
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

async fn connect(relay: &Relay, tokens: impl Iterator<Item = &String>) -> Result<Vec<Client>> {
    stream::iter(tokens)
        .map(|token| Client::welcomed(relay, token.clone()))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

/// Resident memory in KiB, once it does not move any more.
async fn settled(pid: u32) -> Result<u64> {
    let begun = Instant::now();
    let (mut reference, mut since) = (resident(pid)?, Instant::now());
    while since.elapsed() < STILL_FOR && begun.elapsed() < SETTLE_WITHIN {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = resident(pid)?;
        if now.abs_diff(reference) > STILL_KIB {
            (reference, since) = (now, Instant::now());
        }
    }
    resident(pid)
}

fn resident(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the relay runs, on Linux")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.context("a process has a resident size")
}
