//! Whether changes of a log are found.

use super::*;
use proptest::prelude::*;

fn record(number: i64) -> NewAudit {
    let by = Attribution::nameless(ActorKind::Operator, 1_000 + number);
    let labelled = by.record(AuditAction::Labelled, ObjectKind::Customer, format!("k-{number}"));
    labelled.with("label", "vip").with("channel", "shop")
}

/// A log of so many records.
fn log(count: i64) -> Vec<AuditRecord> {
    let mut records: Vec<AuditRecord> = Vec::new();
    for number in 1..=count {
        let last = head(&records);
        records.push(chained(&last, &record(number)));
    }
    records
}

fn head(records: &[AuditRecord]) -> Head {
    verify(records, None).expect("a whole log")
}

/// Hashes made anew from a place on, as by one who knows how.
fn chain_anew(records: &mut [AuditRecord], from: usize) {
    let mut previous = head(&records[..from]).hash;
    for record in records.iter_mut().skip(from) {
        previous = hash(&previous, record);
        record.hash = previous.to_vec();
    }
}

fn number_at(place: usize) -> i64 {
    i64::try_from(place).expect("few") + 1
}

/// Changes one thing of a record.
fn change(record: &mut AuditRecord, what: usize) {
    match what {
        0 => record.at += 1,
        1 => record.actor_kind = "user".to_owned(),
        2 => record.actor_id.push('x'),
        3 => record.actor_name.push('x'),
        4 => record.action = "customer.unlabelled".to_owned(),
        5 => record.object_kind = "user".to_owned(),
        6 => record.object_id.push('x'),
        7 => record.detail = record.detail.replace("vip", "vap"),
        8 => record.detail.push(' '),
        9 => record.hash[31] ^= 1,
        _ => record.number += 1,
    }
}

const CHANGES: usize = 11;

#[test]
fn a_hash_is_the_same_in_every_version() {
    let head = head(&log(2));
    assert_eq!(
        head.to_string(),
        "2:045cd368c9ae600b150ed0971aba8a0e7309ee5613099c5f3673268bc7046fc6"
    );
    assert_eq!(head.to_string().parse(), Ok(head));
    for no_head in ["", "1", "1:", "x:00", &format!("1:{}", "0".repeat(63))] {
        assert_eq!(no_head.parse::<Head>(), Err(NoHead), "{no_head}");
    }
}

#[test]
fn somebody_without_a_name_is_called_by_what_it_is() {
    let mut by = Attribution::nameless(ActorKind::Operator, 1_000);
    assert_eq!(by.actor.to_string(), "the operator");
    by.actor.name = "ada".to_owned();
    assert_eq!(by.actor.to_string(), "ada");
}

#[test]
fn an_empty_log_is_whole_and_shows_that_records_are_missing_which_were_there() {
    assert_eq!(verify([], None), Ok(Head::default()));
    assert_eq!(verify([], Some(head(&log(3)))), Err(Broken(1)));
}

#[test]
fn what_belongs_to_one_text_is_not_moved_to_the_next() {
    let mut records = log(1);
    let mut moved = records.clone();
    records[0].actor_id = "ab".to_owned();
    records[0].actor_name = "c".to_owned();
    moved[0].actor_id = "a".to_owned();
    moved[0].actor_name = "bc".to_owned();
    assert_ne!(hash(&BEFORE_FIRST, &records[0]), hash(&BEFORE_FIRST, &moved[0]));
}

proptest! {
    #[test]
    fn a_record_that_is_changed_is_named(count in 1_i64..20, place in any::<prop::sample::Index>(), what in 0..CHANGES) {
        let mut records = log(count);
        let place = place.index(records.len());
        change(&mut records[place], what);
        prop_assert_eq!(verify(&records, None), Err(Broken(number_at(place))));
    }

    #[test]
    fn a_record_that_is_missing_is_named(count in 2_i64..20, place in any::<prop::sample::Index>()) {
        let mut records = log(count);
        let place = place.index(records.len() - 1);
        records.remove(place);
        prop_assert_eq!(verify(&records, None), Err(Broken(number_at(place))));
    }

    #[test]
    fn a_record_that_is_put_in_is_named(count in 1_i64..20, place in any::<prop::sample::Index>(), which in any::<prop::sample::Index>()) {
        let mut records = log(count);
        let copy = records[which.index(records.len())].clone();
        let place = place.index(records.len());
        records.insert(place, copy.clone());
        // A copy of the record that stands there is seen one place later.
        let named = if records[place + 1] == copy { place + 1 } else { place };
        prop_assert_eq!(verify(&records, None), Err(Broken(number_at(named))));
    }

    #[test]
    fn records_that_change_places_are_named(count in 2_i64..20, one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
        let mut records = log(count);
        let (one, two) = (one.index(records.len()), two.index(records.len()));
        prop_assume!(one != two);
        records.swap(one, two);
        prop_assert_eq!(verify(&records, None), Err(Broken(number_at(one.min(two)))));
    }

    #[test]
    fn an_end_that_is_cut_off_is_found_by_a_head_that_was_kept_and_by_nothing_else(count in 1_i64..20, left in any::<prop::sample::Index>()) {
        let mut records = log(count);
        let kept = head(&records);
        let left = left.index(records.len());
        records.truncate(left);
        prop_assert!(verify(&records, None).is_ok());
        prop_assert_eq!(verify(&records, Some(kept)), Err(Broken(number_at(left))));
    }

    #[test]
    fn a_log_that_is_written_anew_is_found_by_a_head_that_was_kept(count in 1_i64..20, place in any::<prop::sample::Index>(), what in 0..9_usize, more in 0_i64..5) {
        let mut records = log(count);
        let kept = head(&records);
        let place = place.index(records.len());
        change(&mut records[place], what);
        chain_anew(&mut records, place);
        prop_assert!(verify(&records, None).is_ok());
        prop_assert_eq!(verify(&records, Some(kept)), Err(Broken(count)));
        for number in 0..more {
            let last = head(&records);
            records.push(chained(&last, &record(number)));
        }
        prop_assert_eq!(verify(&records, Some(kept)), Err(Broken(count)));
    }

    #[test]
    fn a_log_that_has_grown_is_whole_by_every_head_that_it_had(count in 1_i64..20, then in any::<prop::sample::Index>()) {
        let records = log(count);
        let then = head(&records[..=then.index(records.len())]);
        prop_assert_eq!(verify(&records, Some(then)), Ok(head(&records)));
    }
}
