//! What the pages of a browser take of the machine's memory.

use std::collections::HashMap;
use std::fs;

/// Bytes of all processes that draw pages below this one, shared memory divided among those who share it.
pub(super) fn of_pages(browser: u64) -> u64 {
    let parents = parents();
    let is_below = |mut pid: u64| loop {
        match parents.get(&pid) {
            Some(&parent) if parent == browser => return true,
            Some(&parent) => pid = parent,
            None => return false,
        }
    };
    let pages = parents.keys().filter(|pid| draws_pages(**pid) && is_below(**pid));
    pages.map(|pid| share(*pid)).sum()
}

/// Each process, and who started it.
fn parents() -> HashMap<u64, u64> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = folders.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid| Some((pid, number(&format!("/proc/{pid}/status"), "PPid:")?)))
        .collect()
}

fn draws_pages(pid: u64) -> bool {
    fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("--type=renderer"))
}

fn share(pid: u64) -> u64 {
    number(&format!("/proc/{pid}/smaps_rollup"), "Pss:").map_or(0, |kib| kib * 1024)
}

fn number(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
