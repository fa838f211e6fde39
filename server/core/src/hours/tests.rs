use super::{BusinessHours, MAX_WINDOWS};
use crate::config::{Holiday, Hours};
use jiff::Timestamp;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Hours of Berlin, the same on each weekday and none at the weekend.
fn berlin(weekdays: &[&str], holidays: &[(&str, &[&str])]) -> Hours {
    let day = texts(weekdays);
    let holiday = |(date, open): &(&str, &[&str])| Holiday {
        date: (*date).to_owned(),
        open: texts(open),
    };
    Hours {
        time_zone: "Europe/Berlin".to_owned(),
        monday: day.clone(),
        tuesday: day.clone(),
        wednesday: day.clone(),
        thursday: day.clone(),
        friday: day,
        holidays: holidays.iter().map(holiday).collect(),
        ..Hours::default()
    }
}

fn of(hours: &Hours) -> BusinessHours {
    BusinessHours::new(hours).expect("good hours")
}

fn ms(time: &str) -> i64 {
    time.parse::<Timestamp>().expect(time).as_millisecond()
}

/// The windows at a time, in UTC.
fn windows(hours: &Hours, now: &str) -> Vec<(String, String)> {
    let text = |ms| Timestamp::from_millisecond(ms).expect("a time").to_string();
    let windows = of(hours).windows(ms(now)).into_iter();
    windows.map(|window| (text(window.from), text(window.until))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = expected.iter();
    pairs
        .map(|(from, until)| ((*from).to_owned(), (*until).to_owned()))
        .collect()
}

#[test]
fn the_last_window_the_present_one_and_the_next_are_told() {
    // A Friday afternoon in winter: Berlin is an hour ahead of UTC.
    let expected = pairs(&[
        ("2026-12-03T08:00:00Z", "2026-12-03T16:00:00Z"),
        ("2026-12-04T08:00:00Z", "2026-12-04T16:00:00Z"),
        ("2026-12-07T08:00:00Z", "2026-12-07T16:00:00Z"),
    ]);
    let hours = berlin(&["09:00-17:00"], &[]);
    let friday = windows(&hours, "2026-12-04T14:00:00Z");
    assert_eq!((&friday[..3], friday.len()), (&expected[..], MAX_WINDOWS + 1));
    let saturday = windows(&hours, "2026-12-05T14:00:00Z");
    assert_eq!(saturday[..2], expected[1..], "on Saturday Friday is over");
}

#[test]
fn a_day_may_have_a_break() {
    let hours = berlin(&["13:30-18:00", "09:00-12:30"], &[]);
    let expected = pairs(&[
        ("2026-12-03T08:00:00Z", "2026-12-03T11:30:00Z"),
        ("2026-12-03T12:30:00Z", "2026-12-03T17:00:00Z"),
    ]);
    assert_eq!(windows(&hours, "2026-12-03T12:00:00Z")[..2], expected);
}

#[test]
fn a_holiday_closes_or_shortens_its_day() {
    let holidays: [(&str, &[&str]); 2] = [("2026-12-24", &["09:00-12:00"]), ("2026-12-25", &[])];
    let hours = berlin(&["09:00-17:00"], &holidays);
    let expected = pairs(&[
        ("2026-12-23T08:00:00Z", "2026-12-23T16:00:00Z"),
        ("2026-12-24T08:00:00Z", "2026-12-24T11:00:00Z"),
        ("2026-12-28T08:00:00Z", "2026-12-28T16:00:00Z"),
    ]);
    assert_eq!(windows(&hours, "2026-12-23T18:00:00Z")[..3], expected);
}

#[test]
fn a_holiday_may_open_a_day_off() {
    let hours = berlin(&["09:00-17:00"], &[("2026-12-06", &["10:00-14:00"])]);
    assert!(of(&hours).is_open(ms("2026-12-06T09:30:00Z")));
    assert!(!of(&hours).is_open(ms("2026-12-13T09:30:00Z")), "the next Sunday");
}

#[test]
fn a_shift_over_midnight_is_one_and_belongs_to_the_day_it_begins() {
    let hours = Hours {
        friday: texts(&["22:00-06:00"]),
        ..berlin(&[], &[])
    };
    let expected = pairs(&[("2026-12-04T21:00:00Z", "2026-12-05T05:00:00Z")]);
    let at = |now| windows(&hours, now);
    assert_eq!(at("2026-12-05T04:59:59Z")[1..2], expected, "still open on Saturday");
    assert_eq!(at("2026-12-05T05:00:00Z")[..1], expected, "and then over");
}

#[test]
fn a_shift_ends_at_midnight_before_a_holiday() {
    let hours = Hours {
        thursday: texts(&["22:00-06:00"]),
        friday: texts(&["22:00-06:00"]),
        ..berlin(&[], &[("2026-12-25", &[])])
    };
    let is_open = |now| of(&hours).is_open(ms(now));
    assert!(is_open("2026-12-24T22:59:59Z"));
    assert!(!is_open("2026-12-24T23:00:00Z"), "the holiday has begun");
    assert!(!is_open("2026-12-25T22:00:00Z"), "and has no evening");
    assert!(is_open("2026-12-18T02:00:00Z"), "another week's night goes on");
}

#[test]
fn days_without_a_pause_are_one_window() {
    let always = ["00:00-24:00"];
    let hours = Hours {
        saturday: texts(&always),
        sunday: texts(&always),
        ..berlin(&always, &[("2026-12-25", &[])])
    };
    let told = windows(&hours, "2026-12-25T12:00:00Z");
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].1, "2026-12-24T23:00:00Z");
    assert_eq!(told[1].0, "2026-12-25T23:00:00Z");
}

#[test]
fn clocks_that_are_put_forward_shorten_a_night_and_put_back_lengthen_it() {
    let night = Hours {
        saturday: texts(&["22:00-06:00"]),
        ..berlin(&[], &[])
    };
    // In March from +1 to +2, in October from +2 to +1.
    let spring = windows(&night, "2026-03-29T00:30:00Z");
    assert_eq!(spring[1..2], pairs(&[("2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z")]));
    let autumn = windows(&night, "2026-10-25T00:30:00Z");
    assert_eq!(autumn[1..2], pairs(&[("2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z")]));
}

#[test]
fn a_time_that_the_clock_skips_or_shows_twice_counts_for_the_team() {
    let sunday = |shift: &str| Hours {
        sunday: texts(&[shift]),
        ..berlin(&[], &[])
    };
    let present = |shift: &str, now| windows(&sunday(shift), now)[1..2].to_vec();
    // At 02:00 it is 03:00.
    let skipped = present("02:30-05:00", "2026-03-29T02:00:00Z");
    assert_eq!(skipped, pairs(&[("2026-03-29T01:30:00Z", "2026-03-29T03:00:00Z")]));
    // 02:30 is twice: a shift begins with the first and ends with the second.
    let begins = present("02:30-05:00", "2026-10-25T01:00:00Z");
    assert_eq!(begins, pairs(&[("2026-10-25T00:30:00Z", "2026-10-25T04:00:00Z")]));
    let ends = present("00:00-02:30", "2026-10-25T01:00:00Z");
    assert_eq!(ends, pairs(&[("2026-10-24T22:00:00Z", "2026-10-25T01:30:00Z")]));
}

#[test]
fn a_shift_that_ends_in_a_skipped_hour_ends_with_the_skip() {
    let sunday = |shift: &str| Hours {
        sunday: texts(&[shift]),
        ..berlin(&[], &[])
    };
    let present = windows(&sunday("00:00-02:30"), "2026-03-29T00:30:00Z")[1..2].to_vec();
    assert_eq!(present, pairs(&[("2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")]));
    let skipped = of(&sunday("02:15-02:45"));
    assert!(!skipped.is_open(ms("2026-03-29T01:20:00Z")), "nothing is left of it");
    assert!(skipped.is_open(ms("2026-04-05T00:20:00Z")), "a week later");
}

#[test]
fn a_holiday_begins_with_its_first_midnight() {
    // In Havana clocks are put back at one o'clock, to midnight.
    let havana = Hours {
        time_zone: "America/Havana".to_owned(),
        saturday: texts(&["20:00-02:00"]),
        ..berlin(&[], &[("2026-11-01", &[])])
    };
    assert!(of(&havana).is_open(ms("2026-11-01T03:59:59Z")));
    assert!(!of(&havana).is_open(ms("2026-11-01T04:00:00Z")));
}

#[test]
fn a_team_that_has_a_break_was_not_there_throughout() {
    let hours = of(&berlin(&["09:00-12:30", "13:30-18:00"], &[]));
    let is_open = |from, until| hours.is_open_throughout(ms(from), ms(until));
    assert!(is_open("2026-12-03T08:00:00Z", "2026-12-03T11:29:59Z"));
    assert!(!is_open("2026-12-03T11:00:00Z", "2026-12-03T12:30:00Z"), "over lunch");
    assert!(!is_open("2026-12-03T16:55:00Z", "2026-12-04T08:00:00Z"), "over night");
}

#[test]
fn of_a_team_that_does_not_come_back_nothing_is_told() {
    let hours = berlin(&[], &[("2026-12-03", &["09:00-17:00"])]);
    assert_eq!(windows(&hours, "2026-12-03T15:59:00Z").len(), 1);
    assert_eq!(windows(&hours, "2026-12-03T16:00:00Z"), []);
}

#[test]
fn hours_are_those_of_their_own_time_zone() {
    let kolkata = Hours {
        time_zone: "Asia/Kolkata".to_owned(),
        ..berlin(&["09:00-17:00"], &[])
    };
    let expected = pairs(&[("2026-12-03T03:30:00Z", "2026-12-03T11:30:00Z")]);
    assert_eq!(windows(&kolkata, "2026-12-03T04:00:00Z")[1..2], expected);
}

#[test]
fn each_mistake_is_named() {
    let holiday = |date: &str, open: &[&str]| Holiday {
        date: date.to_owned(),
        open: texts(open),
    };
    let hours = Hours {
        time_zone: "Europe/Berlyn".to_owned(),
        monday: texts(&["9-17", "09:00-17:00", "09:00-09:00", "24:00-06:00"]),
        holidays: vec![
            holiday("25.12.2026", &["09:00-25:00"]),
            holiday("2026-12-26", &[]),
            holiday("2026-12-26", &[]),
        ],
        ..Hours::default()
    };
    let mistakes = BusinessHours::new(&hours).expect_err("mistakes");
    let keys: Vec<_> = mistakes.iter().map(|mistake| mistake.key.as_str()).collect();
    let expected = [
        "time_zone",
        "monday[0]",
        "monday[2]",
        "monday[3]",
        "holidays[0].open[0]",
        "holidays[0].date",
        "holidays[2].date",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn a_team_that_never_answers_is_a_mistake() {
    let mistakes = BusinessHours::new(&berlin(&[], &[("2026-12-25", &[])])).expect_err("a mistake");
    let keys: Vec<_> = mistakes.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(keys, ["monday"]);
}
