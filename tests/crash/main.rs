//! The relay is killed with SIGKILL at twenty random instants while dozens of people post. Each sends again what was
//! not acknowledged, with the same client id. What happened is written to a file, which a program of its own judges.
//!
//! What this proves: order, idempotency and recovery when the process ends anywhere. What it does not prove: that
//! acknowledged messages survive a power cut. The kernel keeps what a killed process has written, synced or not; that
//! the relay waits for the disk is shown by the store's own tests.
//!
//! The kill instants come from a seed that is printed; `PORTICO_CRASH_SEED` repeats one. Only the instants are
//! repeated, not what the machine does in between.
#![expect(clippy::disallowed_methods, reason = "tests read clocks, mint ids and spawn freely")]

mod people;
mod random;
mod sender;

use people::People;
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, Seq};
use portico_tests::history::{History, Reader, Record};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::{Socket, text_of};
use random::Random;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the relay is killed.
const KILLS: u32 = 20;

/// Acknowledgements between two kills: from before anybody is back until the burst is at its full height. Counted
/// instead of timed, so that a slow machine kills in the midst of the burst as well.
const LIFE_ANSWERS: std::ops::Range<u64> = 0..1200;

/// After that many, up to so many microseconds more, so that the instant is anywhere between two answers.
const LIFE_MORE_US: std::ops::Range<u64> = 0..10_000;

/// A life that is as slow as this ends with fewer.
const LONGEST_LIFE: Duration = Duration::from_secs(3);

/// All of it must end within this time, or somebody waits for ever.
const WHOLE_RUN: Duration = Duration::from_secs(180);

/// Invariants 2, 3 and 4, with a process that ends anywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_lose_nothing_and_double_nothing() {
    let seed = random::seed("PORTICO_CRASH_SEED");
    println!("PORTICO_CRASH_SEED={seed} repeats the instants of this run");
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("crash-history.jsonl");
    let history = Arc::new(History::create(&file));
    history.add(&Record::Run { seed });
    let run = run(seed, &history);
    tokio::time::timeout(WHOLE_RUN, run)
        .await
        .expect("every post is acknowledged in the end");
    history.flush();
    judge(&file);
}

async fn run(seed: u64, history: &Arc<History>) {
    let mut random = Random::new(seed);
    let world = World {
        agent_grace_seconds: 3600,
        config: people::CONFIG.to_owned(),
        ..World::default()
    };
    let mut relay = Relay::start(world).await;
    let people = People::arrive(&relay, history, &mut random).await;
    let (customers, supervisor) = (people.customers, people.supervisor);
    let (stop, stopped) = watch::channel(false);
    let answers = Arc::new(watch::Sender::new(0));
    let senders: Vec<_> = people
        .senders
        .into_iter()
        .map(|sender| tokio::spawn(sender.run(Arc::clone(&answers), stopped.clone())))
        .collect();
    for number in 1..=KILLS {
        live(&answers, &mut random).await;
        relay.kill();
        history.add(&Record::Killed { number });
        relay.restart().await;
    }
    stop.send_replace(true);
    for sender in senders {
        sender.await.expect("a sender ends");
    }
    for (token, conversation) in &customers {
        let (mut socket, _) = Socket::hello(&relay, token).await;
        write_log(history, &mut socket, Reader::Customer, conversation).await;
        let (mut socket, _) = Socket::hello(&relay, &supervisor).await;
        write_log(history, &mut socket, Reader::Staff, conversation).await;
    }
}

/// Waits until the relay is to be killed.
async fn live(answers: &watch::Sender<u64>, random: &mut Random) {
    let mut seen = answers.subscribe();
    let enough = *seen.borrow() + random.within(LIFE_ANSWERS);
    let more = Duration::from_micros(random.within(LIFE_MORE_US));
    let _ = tokio::time::timeout(LONGEST_LIFE, seen.wait_for(|count| *count >= enough)).await;
    tokio::time::sleep(more).await;
}

/// Reads a log from its beginning to its end and writes down what stands there.
async fn write_log(history: &History, socket: &mut Socket, reader: Reader, conversation: &ConversationId) {
    let mut after = Seq::START;
    loop {
        let page = socket.page(conversation, Range::After(after), 100).await;
        for item in &page.items {
            history.add(&Record::Read {
                reader,
                conversation: conversation.as_str(),
                epoch: page.epoch.as_str(),
                seq: item.seq.0,
                text: text_of(&item.event),
                emitter: &item.event.event_emitter.id,
                client_id: item.client_id.as_ref().map(|id| id.as_str()),
            });
        }
        after = page.through;
        if after >= page.head {
            let (conversation, head) = (conversation.as_str(), page.head.0);
            return history.add(&Record::ReadTo {
                reader,
                conversation,
                head,
            });
        }
    }
}

/// Has the history judged by a program that shares no code with what wrote it.
fn judge(file: &Path) {
    let judge = Command::new(env!("CARGO_BIN_EXE_check-history")).arg(file).output();
    let judge = judge.expect("the judge runs");
    let verdict = String::from_utf8_lossy(&judge.stdout);
    println!("{verdict}");
    assert!(
        judge.status.success(),
        "{verdict}{}",
        String::from_utf8_lossy(&judge.stderr)
    );
}
