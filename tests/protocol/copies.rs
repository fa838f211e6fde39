//! Copies of the store as an operator makes them and puts them back: with the relay's own commands, and by hand.

use crate::files::{Files, PNG};
use crate::world::Customer;
use portico_tests::relay::Relay;
use portico_tests::socket::text_of;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A copy put over the file of a killed relay, beside that one's log, is refused with the way out, and the way out leads
/// to all that was in the copy.
#[tokio::test]
async fn a_copy_put_over_a_killed_store_is_refused_until_it_is_restored() {
    let mut relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for number in 0..20 {
        customer.says(&number.to_string()).await;
    }
    let copy = relay.database().with_file_name("copy.db");
    let told = relay.command(&["store", "backup", &text(&copy)]);
    assert!(told.contains("1 conversations"), "{told}");
    let mode = fs::metadata(&copy).expect("a copy").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    for number in 20..40 {
        customer.says(&number.to_string()).await;
    }
    // A relay that starts after a crash begins its log anew.
    relay.restart().await;
    let mut late = Customer::on(&relay, "desk").await;
    late.says("after the copy").await;
    relay.command(&["store", "check"]);
    relay.kill();

    fs::copy(&copy, relay.database()).expect("put over it");
    assert_eq!(relay.does_not_start().await, 1);
    let log = relay.log();
    assert!(log.contains("portico.db-wal do not belong together"), "{log}");
    assert!(log.contains("portico store restore"), "{log}");

    let told = relay.command(&["store", "restore", &text(&copy)]);
    assert!(told.contains("what was there is kept as "), "{told}");
    relay.restart().await;
    let mut again = customer.tab(&relay).await;
    let log = again.log(&customer.conversation).await;
    let texts: Vec<_> = log.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(texts, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_store_that_lost_its_log_is_not_taken_for_a_whole_one() {
    let mut relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("in the log alone").await;
    relay.kill();
    let log = wal(&relay.database());
    let aside = log.with_extension("aside");
    fs::rename(&log, &aside).expect("there is a log");
    assert_eq!(relay.does_not_start().await, 1);
    let said = relay.log();
    assert!(
        said.contains("its ") && said.contains("portico.db-wal is missing"),
        "{said}"
    );
    fs::rename(&aside, &log).expect("put back");
    relay.restart().await;
    let mut again = customer.tab(&relay).await;
    let log = again.log(&customer.conversation).await;
    let texts: Vec<_> = log.iter().filter_map(|item| text_of(&item.event)).collect();
    assert_eq!(texts, ["in the log alone"]);
}

/// A copy of the store says what it lacks, and a check what is missing of it.
#[tokio::test]
async fn files_are_copied_beside_the_store_and_missed_by_a_check() {
    let relay = Relay::plain().await;
    let customer = Customer::on(&relay, "desk").await;
    let file = Files::of(&relay, &customer.visitor.token).upload("tent.png", PNG).await;
    let told = relay.command(&["store", "check"]);
    assert!(told.contains("1 conversations, 1 files, "), "{told}");
    let folder = relay.database().with_file_name("portico.db-files");
    let mode = fs::metadata(&folder).expect("a folder").permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
    let copy = relay.database().with_file_name("copy.db");
    let told = relay.command(&["store", "backup", &text(&copy)]);
    assert!(told.contains("copy portico.db-files as well"), "{told}");

    let id = file.media_url.rsplit('/').next().expect("an id");
    fs::remove_file(folder.join(&id[..2]).join(format!("{id}-0"))).expect("its bytes");
    let error = relay.refused_command(&["store", "check"]);
    assert!(error.contains("1 of its 1 files") && error.contains(id), "{error}");
    relay.command(&["store", "check", &text(&copy)]);
}

fn wal(store: &Path) -> PathBuf {
    store.with_extension("db-wal")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
