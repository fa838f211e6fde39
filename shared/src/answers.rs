//! Whether an answer is one to its question. Browsers ask this before they send a form, and the relay asks it again.
//!
//! Plain functions over texts: what a browser needs of them is [`check_text`] alone. Lengths are counted in Unicode scalar
//! values. What is blank answers nothing, and whether that will do is the question's `isRequired`.

use crate::cim::form::{Answer, AnswerOption, Choice, FormAttribute, ValueType};
use crate::json::{Value, text_of};
use crate::text::says_nothing;
use core::net::IpAddr;
use std::fmt;

/// Most digits of a telephone number, extension and all.
const MAX_PHONE_DIGITS: usize = 20;

/// Fewest digits of a telephone number: short ones exist.
const MIN_PHONE_DIGITS: usize = 3;

/// Longest number, in characters.
const MAX_NUMBER_CHARS: usize = 100;

/// Why a text is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFault {
    /// It has more than this many characters.
    TooLong(usize),
    /// It has something else than letters, digits and spaces.
    NotAlphaNumeric,
    /// It is no e-mail address.
    NotEmail,
    /// It is no address of a page, with its scheme.
    NotUrl,
    /// It is no IP address.
    NotIp,
    /// It is no number.
    NotNumber,
    /// It is no number from 0 up.
    NotPositive,
    /// It is no password that is hard to guess.
    WeakPassword,
    /// It is no telephone number.
    NotPhone,
    /// It is no date, as in 2026-11-30.
    NotDate,
    /// It is no time of day, as in 17:05.
    NotTime,
    /// It is no date with a time, as in 2026-11-30T17:05.
    NotDateTime,
    /// It is neither yes nor no.
    NotYesNo,
    /// It is no whole number of this scale.
    NotOnScale(u8, u8),
    /// It is no colour, as in #1f6f54.
    NotColour,
    /// It is none of the choices.
    NotOffered,
    /// There is more than one, where one can be chosen.
    TooMany,
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::TooLong(most) => return write!(f, "longer than {most} characters"),
            Self::NotOnScale(from, to) => return write!(f, "not a whole number from {from} to {to}"),
            Self::NotAlphaNumeric => "not letters, digits and spaces alone",
            Self::NotEmail => "not an e-mail address",
            Self::NotUrl => "not an address with its scheme",
            Self::NotIp => "not an IP address",
            Self::NotNumber => "not a number",
            Self::NotPositive => "not a number from 0 up",
            Self::WeakPassword => "not 8 to 256 characters with an upper-case letter, a lower-case letter and a digit",
            Self::NotPhone => "not a telephone number",
            Self::NotDate => "not a date as in 2026-11-30",
            Self::NotTime => "not a time as in 17:05",
            Self::NotDateTime => "not a date and time as in 2026-11-30T17:05",
            Self::NotYesNo => "neither yes nor no",
            Self::NotColour => "not a colour as in #1f6f54",
            Self::NotOffered => "not one of the choices",
            Self::TooMany => "more than one choice",
        };
        f.write_str(what)
    }
}

/// Checks what was entered as an answer of this type. Types without a rule of their own, unknown ones among them, take
/// anything.
pub fn check_text(kind: &ValueType, text: &str) -> Result<(), AnswerFault> {
    if says_nothing(text) {
        return Ok(());
    }
    if let Some(most) = max_chars(kind)
        && text.chars().count() > most
    {
        return Err(AnswerFault::TooLong(most));
    }
    let (is_good, fault) = judge(kind, text.trim());
    if is_good { Ok(()) } else { Err(fault) }
}

/// Whether a text that says something is of a type, and what is wrong with it if it is not.
fn judge(kind: &ValueType, text: &str) -> (bool, AnswerFault) {
    match kind {
        ValueType::AlphaNumeric | ValueType::Alphanum100 => (is_alphanumeric(text), AnswerFault::NotAlphaNumeric),
        ValueType::Email | ValueType::OldEmail => (is_email(text), AnswerFault::NotEmail),
        ValueType::Url | ValueType::OldUrl => (is_url(text), AnswerFault::NotUrl),
        ValueType::Ip | ValueType::OldIp => (text.parse::<IpAddr>().is_ok(), AnswerFault::NotIp),
        ValueType::Number | ValueType::OldNumber | ValueType::Range => (is_number(text), AnswerFault::NotNumber),
        ValueType::PositiveNumber | ValueType::OldPositiveNumber => {
            (is_number(text) && !text.starts_with('-'), AnswerFault::NotPositive)
        }
        ValueType::Password | ValueType::OldPassword => (is_strong(text), AnswerFault::WeakPassword),
        ValueType::PhoneNumber | ValueType::OldPhoneNumber => (is_phone(text), AnswerFault::NotPhone),
        ValueType::Date => (is_date(text), AnswerFault::NotDate),
        ValueType::Time => (is_time(text), AnswerFault::NotTime),
        ValueType::DateTime => (is_date_time(text), AnswerFault::NotDateTime),
        ValueType::Boolean | ValueType::OldBoolean => (yes_or_no(text).is_some(), AnswerFault::NotYesNo),
        ValueType::FiveStarRating => on_scale(text, 1, 5),
        ValueType::Nps => on_scale(text, 0, 10),
        ValueType::Color => (is_colour(text), AnswerFault::NotColour),
        _ => (true, AnswerFault::NotOffered),
    }
}

/// The most characters that an answer of a type has.
pub fn max_chars(kind: &ValueType) -> Option<usize> {
    match kind {
        ValueType::String50 => Some(50),
        ValueType::ShortAnswer
        | ValueType::AlphaNumeric
        | ValueType::Alphanum100
        | ValueType::String100
        | ValueType::Email
        | ValueType::OldEmail => Some(100),
        ValueType::Ip | ValueType::OldIp => Some(150),
        ValueType::AlphaNumericSpecial | ValueType::AlphanumSpecial200 => Some(200),
        ValueType::Url | ValueType::OldUrl => Some(500),
        ValueType::Paragraph | ValueType::String2000 => Some(2_000),
        _ => None,
    }
}

/// Checks the answers to a question: texts, options, or options by category.
pub fn check_answers(question: &FormAttribute, answers: &[Answer]) -> Result<(), AnswerFault> {
    let choices = question.choices();
    let mut count = 0;
    for given in answers.iter().flat_map(given) {
        count += 1;
        check_given(question, &choices, &given)?;
    }
    if count > 1 && takes_one(question) {
        return Err(AnswerFault::TooMany);
    }
    Ok(())
}

/// Yes or no as answers have them: in English, in any case.
pub fn yes_or_no(text: &str) -> Option<bool> {
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match () {
        () if is(["yes", "true"]) => Some(true),
        () if is(["no", "false"]) => Some(false),
        () => None,
    }
}

/// One thing that was answered.
enum Given<'a> {
    Text(&'a str),
    Value(&'a Value),
    Option(&'a AnswerOption),
}

/// What an answer says; nothing for choices that were not taken and for blanks.
fn given(answer: &Answer) -> Vec<Given<'_>> {
    let taken = |option: &&AnswerOption| option.is_selected != Some(false);
    match answer {
        Answer::Text(text) if says_nothing(text) => Vec::new(),
        Answer::Text(text) => vec![Given::Text(text)],
        Answer::Option(option) => Some(option).filter(taken).map(Given::Option).into_iter().collect(),
        Answer::Category(category) => category.options.iter().filter(taken).map(Given::Option).collect(),
        Answer::Other(Value::Null) => Vec::new(),
        Answer::Other(value) => vec![Given::Value(value)],
    }
}

fn check_given(question: &FormAttribute, choices: &[Choice], given: &Given<'_>) -> Result<(), AnswerFault> {
    if !choices.is_empty() {
        let is_offered = choices.iter().any(|choice| is_choice(choice, given));
        return if is_offered {
            Ok(())
        } else {
            Err(AnswerFault::NotOffered)
        };
    }
    let Some(kind) = &question.value_type else {
        return Ok(());
    };
    match given {
        Given::Text(text) => check_text(kind, text),
        Given::Value(value) => check_text(kind, &text_of(value)),
        // Choices that the question does not have come with it from elsewhere: what they are called is the answer.
        Given::Option(option) => match (&option.label, &option.value) {
            (Some(label), _) => check_text(kind, label),
            (None, Some(value)) => check_text(kind, value.as_str().unwrap_or(&text_of(value))),
            (None, None) => Ok(()),
        },
    }
}

fn is_choice(choice: &Choice, given: &Given<'_>) -> bool {
    match given {
        Given::Text(text) => choice.label == *text || choice.value.as_str() == Some(text),
        Given::Value(value) => choice.value == **value,
        Given::Option(option) => match (&option.label, &option.value) {
            (Some(label), Some(value)) => choice.label == *label && choice.value == *value,
            (Some(label), None) => choice.label == *label,
            (None, Some(value)) => choice.value == *value,
            (None, None) => false,
        },
    }
}

/// Whether a question is put so that one answer at most can be given.
fn takes_one(question: &FormAttribute) -> bool {
    let options = question.category_options.as_ref();
    let several = options.and_then(|options| options.is_multiple_choice) == Some(true);
    let of_kind = matches!(
        question.value_type,
        Some(
            ValueType::Radio
                | ValueType::Dropdown
                | ValueType::Boolean
                | ValueType::OldBoolean
                | ValueType::FiveStarRating
                | ValueType::Nps
        )
    );
    of_kind && !several
}

fn is_alphanumeric(text: &str) -> bool {
    text.chars().all(|char| char.is_alphanumeric() || char == ' ')
}

/// One `@` between a name and a host with a dot, nothing unseen: what is checked any further only delivery can tell.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_unbroken = |char: char| !char.is_whitespace() && !char.is_control() && char != '@';
    let has_labels = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
    !name.is_empty() && has_labels && name.chars().chain(host.chars()).all(is_unbroken)
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_scheme_char = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_scheme = scheme.starts_with(|char: char| char.is_ascii_alphabetic()) && scheme.bytes().all(is_scheme_char);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    is_scheme && !host.is_empty() && !text.contains(|char: char| char.is_whitespace() || char.is_control())
}

/// As JSON and number inputs write one, with a sign or without.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    text.len() <= MAX_NUMBER_CHARS && [whole, fraction, exponent].into_iter().all(are_digits)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_strong(text: &str) -> bool {
    let has = |is: fn(char) -> bool| text.chars().any(is);
    (8..=256).contains(&text.chars().count())
        && has(char::is_uppercase)
        && has(char::is_lowercase)
        && has(char::is_numeric)
}

/// Digits, after a `+` or not, with the marks that people set between them.
fn is_phone(text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_allowed = |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')');
    (MIN_PHONE_DIGITS..=MAX_PHONE_DIGITS).contains(&digits) && number.bytes().all(is_allowed)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Hours and minutes, with seconds or parts of them or without.
fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let is_below = |part: &str, limit: u32| digits(part, 2).is_some_and(|number| number < limit);
    let is_whole = match parts[..] {
        [hour, minute] => is_below(hour, 24) && is_below(minute, 60) && !text.contains('.'),
        [hour, minute, second] => is_below(hour, 24) && is_below(minute, 60) && is_below(second, 60),
        _ => false,
    };
    is_whole && are_digits(fraction) && fraction.len() <= 9
}

/// In any zone, or in the visitor's own where none is named.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', ' ']) else {
        return false;
    };
    let time = match (time.strip_suffix('Z'), time.rsplit_once(['+', '-'])) {
        (Some(time), _) => time,
        (None, Some((time, offset))) if is_time(offset) => time,
        (None, Some(_)) => return false,
        (None, None) => time,
    };
    is_date(date) && is_time(time)
}

/// The number that exactly this many digits write.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && are_digits(text)).then(|| text.parse().ok())?
}

fn on_scale(text: &str, from: u8, to: u8) -> (bool, AnswerFault) {
    let is_on = text.parse().is_ok_and(|number: u8| (from..=to).contains(&number));
    (is_on, AnswerFault::NotOnScale(from, to))
}

fn is_colour(text: &str) -> bool {
    let hex = text.strip_prefix('#').unwrap_or_default();
    hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(kind: &str, text: &str) -> Result<(), AnswerFault> {
        check_text(&ValueType::parse(kind), text)
    }

    /// Answers that will do, and those that will not.
    const CASES: &[(&str, &[&str], &[&str])] = &[
        ("shortAnswer", &["Ann", "Zoë \u{202e}x"], &[]),
        ("alphaNumeric", &["Gate 7", "Straße", "حجرة ٣"], &["a-b", "a\nb", "#1"]),
        (
            "email",
            &["ann@shop.example", "a.b+c@x.co.uk", "δοκιμή@παράδειγμα.gr"],
            &["ann", "ann@", "@x.y", "a@b", "a b@x.y", "a@b@x.y", "a@x..y", "a@.y"],
        ),
        (
            "url",
            &["https://a.example/x?y#z", "ftp://a", "HTTP://A.EXAMPLE"],
            &["a.example", "https://", "://x", "1a://x", "https://a b", "https:///x"],
        ),
        ("ip", &["192.0.2.1", "2001:db8::1"], &["192.0.2.256", "1.2.3", "::g"]),
        (
            "number",
            &["1", "-1.5", "+2", "1e3", "0.10", "12345678901234567890123"],
            &["1,5", "x", "1.", ".5", "--1", "1e", "NaN"],
        ),
        ("positiveNumber", &["1", "0", "2.5", "+3"], &["-1", "-0.5", "x"]),
        ("range", &["0", "50", "-3"], &["far"]),
        (
            "password",
            &["Abcdefg1"],
            &["Abcdef1", "abcdefg1", "ABCDEFG1", "Abcdefgh"],
        ),
        (
            "phoneNumber",
            &["+43 1 234-567", "112", "(0316) 80.52/1"],
            &["12", "+", "++431", "4+3 1234", "call me", "123456789012345678901"],
        ),
        (
            "date",
            &["2026-11-30", "2024-02-29", "2000-02-29"],
            &[
                "2026-02-29",
                "1900-02-29",
                "2026-13-01",
                "2026-00-10",
                "2026-04-31",
                "26-1-1",
                "30.11.2026",
                "2026-11-30x",
            ],
        ),
        (
            "time",
            &["00:00", "23:59", "17:05:09", "17:05:09.250"],
            &["24:00", "7:5", "17:60", "17", "17:05.5", "17:05:09.", "5 pm"],
        ),
        (
            "dateTime",
            &[
                "2026-11-30T17:05",
                "2026-11-30 17:05:09",
                "2026-11-30T17:05Z",
                "2026-11-30T17:05:00+01:00",
            ],
            &[
                "2026-11-30",
                "17:05",
                "2026-11-30T",
                "2026-11-31T10:00",
                "2026-11-30T17:05+9",
                "2026-11-30T17:05ZZ",
            ],
        ),
        ("boolean", &["yes", "No", "TRUE", "false"], &["ja", "1", "maybe"]),
        ("5-star-rating", &["1", "5"], &["0", "6", "4.5", "five"]),
        ("nps", &["0", "10"], &["11", "-1", "x"]),
        ("color", &["#1f6f54", "#ABCDEF"], &["red", "#fff", "#gggggg", "1f6f54"]),
        ("something new", &["anything", "at all"], &[]),
        ("Email", &["ann@shop.example"], &["ann"]),
        ("PhoneNumber", &["+43 1 234"], &["x"]),
        ("Boolean", &["true"], &["x"]),
    ];

    #[test]
    fn an_answer_has_the_look_of_its_type() {
        for (kind, good, bad) in CASES {
            for text in *good {
                assert_eq!(check(kind, text), Ok(()), "{kind} {text:?}");
            }
            for text in *bad {
                assert!(check(kind, text).is_err(), "{kind} {text:?}");
            }
            for blank in ["", " ", "\u{200b}"] {
                assert_eq!(check(kind, blank), Ok(()), "{kind}: a blank answers nothing");
            }
        }
    }

    #[test]
    fn an_answer_is_as_long_as_its_type_allows() {
        for (kind, most) in [
            ("shortAnswer", 100),
            ("paragraph", 2_000),
            ("alphaNumeric", 100),
            ("alphaNumericSpecial", 200),
            ("String50", 50),
            ("String100", 100),
            ("String2000", 2_000),
        ] {
            assert_eq!(check(kind, &"ä".repeat(most)), Ok(()), "{kind}");
            assert_eq!(
                check(kind, &"ä".repeat(most + 1)),
                Err(AnswerFault::TooLong(most)),
                "{kind}"
            );
        }
        let email = |length: usize| format!("{}@x.example", "a".repeat(length - 10));
        assert_eq!(check("email", &email(100)), Ok(()));
        assert_eq!(check("email", &email(101)), Err(AnswerFault::TooLong(100)));
        let url = |length: usize| format!("https://{}", "a".repeat(length - 8));
        assert_eq!(check("url", &url(500)), Ok(()));
        assert_eq!(check("url", &url(501)), Err(AnswerFault::TooLong(500)));
        assert_eq!(check("password", &["Ab1", &"x".repeat(253)].concat()), Ok(()));
        assert_eq!(
            check("password", &["Ab1", &"x".repeat(254)].concat()),
            Err(AnswerFault::WeakPassword)
        );
        assert_eq!(check("number", &"1".repeat(101)), Err(AnswerFault::NotNumber));
    }

    fn answered(question: Value, answer: Value) -> Result<(), AnswerFault> {
        let question: FormAttribute = crate::json::from_value(question).expect("a question");
        let answers: Vec<Answer> = serde_json::from_value(answer).expect("answers");
        check_answers(&question, &answers)
    }

    #[test]
    fn only_what_is_offered_can_be_chosen() {
        let colours = json!([{"label": "Red", "value": "r"}, {"label": "Blue", "value": 2}]);
        let question = |kind: &str| json!({"valueType": kind, "attributeOptions": colours});
        for good in [
            json!(["Red"]),
            json!(["r"]),
            json!([2]),
            json!([{"label": "Red", "value": "r", "isSelected": true}, {"label": "Blue", "value": 2, "isSelected": false}]),
            json!([{"label": "Red"}]),
            json!([{"category": "c", "options": [{"value": 2}]}]),
            json!([]),
            json!([{"label": "Green", "isSelected": false}]),
        ] {
            assert_eq!(answered(question("radio"), good.clone()), Ok(()), "{good}");
        }
        for bad in [
            json!(["Green"]),
            json!([{"label": "Red", "value": "b"}]),
            json!([{}]),
            json!([true]),
        ] {
            let fault = answered(question("radio"), bad.clone());
            assert_eq!(fault, Err(AnswerFault::NotOffered), "{bad}");
        }
    }

    #[test]
    fn several_are_chosen_where_several_can_be() {
        let both = json!(["a", "b"]);
        let question = |kind: &str, multiple: bool| {
            json!({"valueType": kind, "categoryOptions": {"isMultipleChoice": multiple,
                "categories": [{"categoryName": "c", "values": ["a", "b"]}]}})
        };
        for kind in ["radio", "dropdown"] {
            assert_eq!(
                answered(question(kind, false), both.clone()),
                Err(AnswerFault::TooMany),
                "{kind}"
            );
            assert_eq!(answered(question(kind, true), both.clone()), Ok(()), "{kind}");
        }
        for kind in ["checkbox", "mcq"] {
            assert_eq!(answered(question(kind, false), both.clone()), Ok(()), "{kind}");
        }
    }

    #[test]
    fn answers_that_are_no_texts_are_judged_by_what_they_say() {
        let of = |kind: &str, answer: Value| answered(json!({"valueType": kind}), answer);
        assert_eq!(of("boolean", json!([true])), Ok(()));
        assert_eq!(of("nps", json!([10])), Ok(()));
        assert_eq!(of("nps", json!([11])), Err(AnswerFault::NotOnScale(0, 10)));
        assert_eq!(of("nps", json!([1, 2])), Err(AnswerFault::TooMany));
        assert_eq!(of("number", json!([[1]])), Err(AnswerFault::NotNumber));
        assert_eq!(of("date", json!([null, ""])), Ok(()));
        assert_eq!(of("email", json!([{"label": "ann"}])), Err(AnswerFault::NotEmail));
        assert_eq!(answered(json!({}), json!(["anything"])), Ok(()), "of no type");
    }
}
