//! Events are written today byte for byte as the first version wrote them.
//!
//! That version read and wrote every type by hand. What it made of the [`generator`]'s events is kept as digests, a
//! hundred events each, and as whole texts of some. A line of `digests.txt` is the digest of what was read, and of
//! what was written.

#[path = "canonical/generator.rs"]
mod generator;

use portico_shared::cim::CimEvent;
use portico_shared::json;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;

/// Events of one digest.
const BLOCK: usize = 100;

/// Every how many events a text is kept whole.
const WHOLE_EVERY: usize = 250;

/// What stands for an event that is refused.
const REFUSED: &str = "refused";

fn written(text: &str) -> Option<String> {
    json::from_str::<CimEvent>(text).ok().map(|event| event.to_json())
}

fn kept(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/canonical")
        .join(name);
    std::fs::read_to_string(path).expect("the record is here")
}

fn digest(texts: &[String]) -> String {
    let digest = Sha256::digest(texts.join("\n").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[test]
fn events_are_written_as_the_first_version_wrote_them() {
    let read = generator::events();
    let written: Vec<String> = read
        .iter()
        .map(|text| written(text).unwrap_or_else(|| REFUSED.to_owned()))
        .collect();
    let refused = written.iter().filter(|text| *text == REFUSED).count();
    assert!(
        refused < generator::EVENTS / 3,
        "too few are accepted to say anything: {refused} refused"
    );
    for (index, whole) in kept("whole.txt").lines().enumerate() {
        assert_eq!(
            written[index * WHOLE_EVERY],
            whole,
            "event {} of {}",
            index * WHOLE_EVERY,
            read[index * WHOLE_EVERY]
        );
    }
    let blocks = read.chunks(BLOCK).zip(written.chunks(BLOCK));
    let lines = blocks.map(|(read, written)| format!("{} {}", digest(read), digest(written)));
    for (block, (line, kept)) in lines.zip(kept("digests.txt").lines()).enumerate() {
        assert_eq!(line, kept, "events {} to {}", block * BLOCK, (block + 1) * BLOCK - 1);
    }
}

#[test]
fn what_the_first_version_wrote_reads_and_is_written_again_unchanged() {
    let stored = kept("whole.txt");
    for stored in stored.lines().filter(|line| *line != REFUSED) {
        assert_eq!(written(stored).as_deref(), Some(stored));
    }
}
