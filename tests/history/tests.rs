//! Histories that are broken in one way each: the judge must find it.

use crate::finding::Rule;
use crate::judge::judge;
use crate::record;
use serde_json::{Value, json};

/// A history of two customers and an agent that is as it should be: `k1` and its tab in one conversation, `k2` in
/// another.
fn good() -> Vec<Value> {
    let mut lines = vec![
        json!({"record": "run", "seed": 7}),
        json!({"record": "sender", "sender": "k1", "conversation": "A", "principal": "customer-1"}),
        json!({"record": "sender", "sender": "k1-tab", "conversation": "A", "principal": "customer-1"}),
        json!({"record": "sender", "sender": "k2", "conversation": "B", "principal": "customer-2"}),
        post("k1", 1),
        post("k1", 2),
        post("k2", 1),
        accepted("k1", 1, 2),
        json!({"record": "killed", "number": 1}),
        post("k1", 2),
        post("k1-tab", 1),
        accepted("k1", 2, 3),
        accepted("k1-tab", 1, 4),
        accepted("k2", 1, 2),
        // Posted, never acknowledged, and not in the log: that is allowed.
        post("k2", 2),
    ];
    for reader in ["staff", "customer"] {
        lines.extend([
            read(reader, "A", 1, None),
            read(reader, "A", 2, Some(("k1", 1))),
            read(reader, "A", 3, Some(("k1", 2))),
            read(reader, "A", 4, Some(("k1-tab", 1))),
            json!({"record": "read_to", "reader": reader, "conversation": "A", "head": 4}),
            read(reader, "B", 1, None),
            read(reader, "B", 2, Some(("k2", 1))),
            json!({"record": "read_to", "reader": reader, "conversation": "B", "head": 2}),
        ]);
    }
    lines
}

fn post(sender: &str, number: u32) -> Value {
    json!({"record": "post", "sender": sender, "client_id": format!("id-{sender}-{number}"),
           "text": format!("{sender}:{number}")})
}

fn accepted(sender: &str, number: u32, seq: u64) -> Value {
    json!({"record": "accepted", "sender": sender, "client_id": format!("id-{sender}-{number}"), "epoch": "e", "seq": seq})
}

fn read(reader: &str, conversation: &str, seq: u64, message: Option<(&str, u32)>) -> Value {
    let emitter = if conversation == "A" {
        "customer-1"
    } else {
        "customer-2"
    };
    let text = message.map(|(sender, number)| format!("{sender}:{number}"));
    let client_id = message
        .filter(|_| reader == "customer")
        .map(|(sender, number)| format!("id-{sender}-{number}"));
    json!({"record": "read", "reader": reader, "conversation": conversation, "epoch": "e", "seq": seq, "text": text,
           "emitter": emitter, "client_id": client_id})
}

fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The rules that a history breaks, each once.
fn broken(lines: &[Value]) -> Vec<Rule> {
    let history = record::read(&text(lines)).expect("a history");
    let verdict = judge(&history).expect("a verdict");
    let mut rules: Vec<_> = verdict.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Where the staff's row of this position of `A` is.
fn staff_row(lines: &[Value], seq: u64) -> usize {
    let wanted = |line: &Value| {
        line["record"] == "read" && line["reader"] == "staff" && line["conversation"] == "A" && line["seq"] == seq
    };
    lines.iter().position(wanted).expect("a row")
}

#[test]
fn a_history_without_a_fault_passes() {
    let history = record::read(&text(&good())).expect("a history");
    let verdict = judge(&history).expect("a verdict");
    assert_eq!(verdict.findings, []);
    let expected = "seed 7: 1 kills, 3 senders in 2 conversations; 5 messages posted (1 more than once), 4 acknowledged, \
                    0 in a log without an acknowledgement";
    assert_eq!(verdict.summary.to_string(), expected);
}

#[test]
fn an_acknowledged_message_that_is_gone_is_found() {
    // Gone with its position: an IVR event or a later message took its place.
    let mut lines = good();
    let row = staff_row(&lines, 3);
    lines[row]["text"] = Value::Null;
    assert_eq!(broken(&lines), [Rule::Lost]);

    // Cut off at the end, head and all.
    let mut lines = good();
    lines.remove(staff_row(&lines, 4));
    for line in &mut lines {
        if line["record"] == "read_to" && line["reader"] == "staff" && line["conversation"] == "A" {
            line["head"] = json!(3);
        }
    }
    assert_eq!(broken(&lines), [Rule::Lost]);

    // Gone from the middle.
    let mut lines = good();
    lines.remove(staff_row(&lines, 3));
    assert_eq!(broken(&lines), [Rule::Lost, Rule::Gap]);
}

#[test]
fn a_message_that_only_its_sender_does_not_see_is_found() {
    let mut lines = good();
    lines.retain(|line| line["reader"] != "customer" || line["text"] != "k1:2");
    assert_eq!(broken(&lines), [Rule::Lost]);
}

#[test]
fn a_message_that_stands_twice_is_found() {
    let mut lines = good();
    let row = staff_row(&lines, 4);
    lines.insert(row + 1, read("staff", "A", 5, Some(("k1", 2))));
    lines[row + 2]["head"] = json!(5);
    assert_eq!(broken(&lines), [Rule::Doubled]);
}

#[test]
fn messages_of_one_sender_that_changed_places_are_found() {
    let mut lines = good();
    // The acknowledgements agree with the log: only the order is wrong.
    for line in &mut lines {
        if line["record"] == "accepted" && line["sender"] == "k1" {
            line["seq"] = json!(5 - line["seq"].as_u64().expect("a position"));
        }
        if line["record"] == "read" && line["conversation"] == "A" {
            let swapped = match line["text"].as_str() {
                Some("k1:1") => "2",
                Some("k1:2") => "1",
                _ => continue,
            };
            line["text"] = json!(format!("k1:{swapped}"));
            if line["reader"] == "customer" {
                line["client_id"] = json!(format!("id-k1-{swapped}"));
            }
        }
    }
    assert_eq!(broken(&lines), [Rule::Reordered]);
}

#[test]
fn a_message_that_overtook_an_acknowledged_one_of_somebody_else_is_found() {
    let mut lines = good();
    // The tab posts after k1's first message was acknowledged, and still stands before it.
    for line in &mut lines {
        let moves = match line["record"].as_str() {
            Some("accepted") => line["sender"] != "k2",
            Some("read") => line["conversation"] == "A",
            _ => false,
        };
        if moves {
            line["seq"] = json!(match line["seq"].as_u64().expect("a position") {
                2 => 3,
                3 => 4,
                4 => 2,
                other => other,
            });
        }
    }
    // Rows are read in order of their positions.
    for reader in ["staff", "customer"] {
        let of_reader =
            |line: &&Value| line["record"] == "read" && line["reader"] == reader && line["conversation"] == "A";
        let mut rows: Vec<_> = lines.iter().filter(of_reader).cloned().collect();
        rows.sort_by_key(|row| row["seq"].as_u64());
        let mut rows = rows.into_iter();
        for line in &mut lines {
            if of_reader(&&*line) {
                *line = rows.next().expect("as many rows");
            }
        }
    }
    assert_eq!(broken(&lines), [Rule::Reordered]);
}

#[test]
fn a_message_of_another_conversation_and_one_of_nobody_are_found() {
    let mut lines = good();
    let row = staff_row(&lines, 1);
    lines[row]["text"] = json!("k2:1");
    assert_eq!(broken(&lines), [Rule::Unexpected]);
    lines[row]["text"] = json!("never said");
    assert_eq!(broken(&lines), [Rule::Unexpected]);
}

#[test]
fn a_position_that_differs_from_its_acknowledgement_is_found() {
    let mut lines = good();
    let at = lines
        .iter()
        .position(|line| *line == accepted("k2", 1, 2))
        .expect("a line");
    lines[at]["seq"] = json!(9);
    assert_eq!(broken(&lines), [Rule::Renumbered]);
    lines[at]["seq"] = json!(2);
    lines[at]["epoch"] = json!("another store");
    assert_eq!(broken(&lines), [Rule::Renumbered]);
    lines[at]["epoch"] = json!("e");
    lines.insert(at + 1, accepted("k2", 1, 3));
    assert_eq!(broken(&lines), [Rule::Renumbered]);
}

#[test]
fn a_hole_in_an_agents_log_is_found() {
    let mut lines = good();
    lines.remove(staff_row(&lines, 1));
    assert_eq!(broken(&lines), [Rule::Gap]);
}

#[test]
fn a_message_under_another_name_is_found() {
    let mut lines = good();
    let row = staff_row(&lines, 2);
    lines[row]["emitter"] = json!("customer-2");
    assert_eq!(broken(&lines), [Rule::Misattributed]);
    lines[row]["emitter"] = json!("customer-1");
    lines[row]["client_id"] = json!("id-k1-2");
    assert_eq!(broken(&lines), [Rule::Misattributed]);
}

#[test]
fn a_log_that_was_not_read_to_its_end_proves_nothing() {
    let mut lines = good();
    lines.retain(|line| line["record"] != "read_to" || line["conversation"] != "B" || line["reader"] != "staff");
    assert_eq!(broken(&lines), [Rule::Unread]);
    let nothing = record::read(&text(&good()[..4])).expect("a history");
    assert!(judge(&nothing).is_err());
}

#[test]
fn a_file_that_contradicts_itself_is_refused() {
    for line in [
        json!({"record": "post", "sender": "k1", "client_id": "id-k1-1", "text": "another text"}),
        json!({"record": "post", "sender": "k1", "client_id": "another id", "text": "k1:1"}),
        json!({"record": "post", "sender": "stranger", "client_id": "x", "text": "x"}),
        json!({"record": "accepted", "sender": "k1", "client_id": "x", "epoch": "e", "seq": 1}),
        json!({"record": "something else"}),
    ] {
        let mut lines = good();
        lines.push(line.clone());
        assert!(record::read(&text(&lines)).is_err(), "{line}");
    }
}
