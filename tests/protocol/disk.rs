//! Disks that fail and disks that are full, made by the operating system under the whole relay.

use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::ClientId;
use portico_tests::eventually;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::text_of;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Exit code of a relay whose disk has failed (`docs/operations.md`).
const EXIT_STORE: i32 = 74;

#[tokio::test]
#[ignore = "needs fiu-run (Debian: apt-get install fiu-utils)"]
async fn a_failed_fsync_ends_the_relay_with_its_code_and_nothing_acknowledged_is_lost() {
    let control = tempfile::tempdir().expect("a folder");
    let control = control.path().join("fiu").display().to_string();
    let mut relay = Relay::start(World {
        under: ["fiu-run", "-x", "-f", &control].map(str::to_owned).into(),
        ..World::default()
    })
    .await;
    let mut customer = Customer::on(&relay, "desk").await;
    for number in 0..20 {
        customer.says(&number.to_string()).await;
    }
    let faults = ["-f", &control, "-c", "enable name=posix/io/sync/*,failinfo=5"];
    let told = Command::new("fiu-ctrl")
        .args(faults)
        .arg(relay.pid().to_string())
        .status();
    assert!(told.is_ok_and(|status| status.success()), "the disk is made to fail");
    let mut doubtful: Vec<(ClientId, String)> = Vec::new();
    for number in 20..40 {
        let text = number.to_string();
        doubtful.push((customer.socket.say(&customer.conversation, &text).await, text));
    }
    assert_eq!(relay.ended().await, EXIT_STORE);
    let log = relay.log();
    assert!(
        log.contains("the store has stopped: ") && log.contains("disk I/O error"),
        "{log}"
    );
    customer.socket.closed().await;
    let accepted =
        |text: &String| text.contains("\"accepted\"") && doubtful.iter().any(|(id, _)| text.contains(id.as_str()));
    assert!(
        !customer.socket.received.iter().any(accepted),
        "acknowledged what may not be on disk"
    );

    relay.by_itself();
    relay.restart().await;
    let mut again = customer.tab(&relay).await;
    // As every client does: what was not acknowledged is sent again, whether it is on disk or not.
    for (id, text) in &doubtful {
        again.say_again(&customer.conversation, id, text).await;
        again.answer(id).await.expect("taken");
    }
    let log = again.log(&customer.conversation).await;
    let texts: Vec<_> = log.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(texts, (0..40).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
#[ignore = "needs to mount a file system"]
async fn a_full_disk_refuses_posts_serves_pages_and_takes_posts_again_when_there_is_room() {
    let mount = "mkdir -p disk && mount -t tmpfs -o size=6m tmpfs disk && exec \"$@\"";
    let relay = Relay::start(World {
        under: ["unshare", "-rm", "sh", "-c", mount, "sh"].map(str::to_owned).into(),
        environment: vec![("PORTICO_STORE__PATH".to_owned(), "disk/portico.db".to_owned())],
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    customer.says("while there is room").await;
    let ballast = relay.inside().join("disk/ballast");
    fill(&ballast);

    // Until the pages that the store had already are full, too.
    let text = "x".repeat(8_000);
    let (mut taken, refused) = (1, loop_until_refused(&mut customer, &text).await);
    taken += refused.taken;
    assert_eq!((refused.code, refused.retryable), (RefusalCode::Unavailable, true));
    is_ready(&relay, 503).await;
    assert_eq!(status(&relay, "/healthz").await, 200, "it runs");
    // An answer is good for a second; what is small may find room where no post does.
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        assert_eq!(status(&relay, "/readyz").await, 503, "no post would be taken");
    }
    let log = ann.log(&customer.conversation).await;
    let there = log.iter().filter(|item| text_of(&item.event).is_some()).count();
    assert_eq!(
        there, taken,
        "what was acknowledged is still read, and what was refused is not there"
    );

    std::fs::remove_file(&ballast).expect("the ballast is there");
    is_ready(&relay, 200).await;
    customer
        .socket
        .say_again(&customer.conversation, &refused.id, &text)
        .await;
    customer.socket.answer(&refused.id).await.expect("there is room again");
    customer.says("and more").await;
    ann.hears("and more").await;
    let log = ann.log(&customer.conversation).await;
    let there = log.iter().filter(|item| text_of(&item.event).is_some()).count();
    assert_eq!(there, taken + 2);
}

/// A post that was refused, and how many were taken before it.
struct Refused {
    taken: usize,
    id: ClientId,
    code: RefusalCode,
    retryable: bool,
}

async fn loop_until_refused(customer: &mut Customer, text: &str) -> Refused {
    for taken in 0..1_000 {
        let id = customer.socket.say(&customer.conversation, text).await;
        if let Err(refused) = customer.socket.answer(&id).await {
            return Refused {
                taken,
                id,
                code: refused.code,
                retryable: refused.retryable,
            };
        }
    }
    panic!("the disk is never full");
}

/// Writes until there is no room for another byte.
fn fill(path: &Path) {
    let mut file = File::create(path).expect("a file on the relay's disk");
    for size in [64 * 1024, 4 * 1024, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Waits until `/readyz` answers so.
async fn is_ready(relay: &Relay, wanted: u16) {
    eventually("the relay says how ready it is", async || {
        (status(relay, "/readyz").await == wanted).then_some(())
    })
    .await;
}

async fn status(relay: &Relay, path: &str) -> u16 {
    let answer = reqwest::get(format!("{}{path}", relay.origin())).await;
    answer.expect("an answer").status().as_u16()
}
