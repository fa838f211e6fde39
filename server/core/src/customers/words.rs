//! Words by which customers are looked up, as they are compared: without case and accents, digits without zeros before
//! them.
//!
//! A store keeps each customer's words and finds those that begin with what is typed. Every store has them from here, so
//! that all find the same; a rule that changes here needs the stored words made anew.

use super::named::{NamedIdentity, PHONE};
use crate::identity::customer::WEB;
use crate::store::Profile;
use portico_shared::cim::Customer;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A longer word is cut, in Unicode scalar values.
const MAX_CHARS: usize = 40;

/// Words of one customer at most; some of a customer with more are not looked at.
const MOST_WORDS: usize = 200;

/// Words that are looked for at once. Whoever types more has said enough.
const MOST_SOUGHT: usize = 8;

/// Digits of a number's end by which it is still found, so that a national number finds an international one.
const LEAST_DIGITS: usize = 4;

/// The words of a text, in their order.
pub fn of_text(text: &str) -> Vec<String> {
    let is_accent = |letter: &char| canonical_combining_class(*letter) != 0;
    let letters = text.nfkd().flat_map(without_case);
    let folded: String = letters.filter(|letter| !is_accent(letter)).collect();
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(|word| without_zeros(word).chars().take(MAX_CHARS).collect())
        .collect()
}

/// A letter in the one spelling of all its cases: "ß" is the small of "SS", and "ς" that of "Σ" at a word's end.
fn without_case(letter: char) -> impl Iterator<Item = char> {
    let small = letter.to_lowercase();
    small.flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// What is looked for by a text: a number as one word, however it is written, or else no more words than make sense. None of
/// them begins another one, since who has that one has it, too; so a word of a customer begins with one of them at most.
pub fn sought(text: &str) -> Vec<String> {
    if let Ok(number) = NamedIdentity::read(PHONE, text) {
        return of_text(&number.key);
    }
    let mut sought: Vec<String> = Vec::new();
    for word in of_text(text).into_iter().take(MOST_SOUGHT) {
        if sought.iter().all(|other| !other.starts_with(&word)) {
            sought.retain(|other| !word.starts_with(other.as_str()));
            sought.push(word);
        }
    }
    sought
}

/// The words of a customer: of its names, of what it is known by, and of its labels.
pub fn of_profile(profile: &Profile) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for part in profile.parts() {
        words.extend(part.customer.first_name.iter().flat_map(|name| known(name)));
        words.extend(subjects(&part.customer).flat_map(known));
        words.extend(part.labels.iter().flat_map(|label| of_text(label)));
    }
    for identity in profile.said() {
        words.extend(known(&identity.key));
        if identity.channel == PHONE {
            words.extend(ends(&identity.key));
        }
    }
    words.into_iter().take(MOST_WORDS).collect()
}

/// The words of a text that is known, and the one word by which it is looked for if it is a number.
fn known(text: &str) -> Vec<String> {
    let mut words = of_text(text);
    if let Ok(number) = NamedIdentity::read(PHONE, text) {
        words.extend(of_text(&number.key));
    }
    words
}

/// What sites call a customer. What a browser is called says nothing that a person would look for.
fn subjects(customer: &Customer) -> impl Iterator<Item = &str> {
    let subject = |identity| <str>::split_once(identity, '|').map(|(_, subject)| subject);
    customer.identities(WEB).filter_map(subject)
}

/// All ends of a number that are long enough.
fn ends(digits: &str) -> impl Iterator<Item = String> {
    let last = digits.len().saturating_sub(LEAST_DIGITS);
    (1..=last)
        .filter_map(move |from| digits.get(from..))
        .map(|end| without_zeros(end).to_owned())
}

/// A number is found whether or not zeros stand before it.
fn without_zeros(word: &str) -> &str {
    match word.trim_start_matches('0') {
        "" => word,
        rest if word.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Identity, IdentitySource};
    use proptest::prelude::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn words(text: &str) -> Vec<String> {
        of_text(text)
    }

    fn profile(name: &str, web: &[&str], said: &[(&str, &str)]) -> Profile {
        let identities = said.iter().map(|(channel, key)| Identity {
            channel: (*channel).to_owned(),
            identifier: (*key).to_owned(),
            key: (*key).to_owned(),
            said_by: IdentitySource::Agent,
            said_at: None,
        });
        let mut customer = Customer {
            first_name: Some(name.to_owned()),
            ..Customer::default()
        };
        customer.extra.insert(WEB.to_owned(), json!(web));
        Profile {
            identities: identities.collect(),
            labels: vec!["no-calls".to_owned()],
            attributes: BTreeMap::new(),
            merged: Vec::new(),
            customer,
        }
    }

    /// Whether what is typed finds the customer.
    fn finds(profile: &Profile, text: &str) -> bool {
        let words = of_profile(profile);
        let begins = |sought: &String| words.iter().any(|word| word.starts_with(sought));
        let sought = sought(text);
        !sought.is_empty() && sought.iter().all(begins)
    }

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(words("Zoë  MÜLLER-İnce"), ["zoe", "muller", "ince"]);
        assert_eq!(words("ﬁne ２４"), ["fine", "24"]);
        assert_eq!(words("O'Brien, Łukasz"), ["o", "brien", "łukasz"]);
        assert_eq!(words("  .,|@ "), [""; 0]);
        assert_eq!(words("007 0 a01"), ["7", "0", "a01"]);
        assert_eq!(words("मिलन"), ["मिलन"]);
        for (one, other) in [
            ("Groß", "GROSS"),
            ("GROẞ", "groß"),
            ("Σοφός", "ΣΟΦΌΣ"),
            ("İzmir", "izmir"),
            ("Zo\u{eb}", "Zoe\u{308}"),
            ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
        ] {
            assert_eq!(words(one), words(other), "{one}");
        }
    }

    #[test]
    fn a_customer_is_found_by_what_people_would_type() {
        let ann = profile(
            "Ann Lee",
            &["https://shop.example|C-0042", "0199f3a0-0000-7000-8000-000000000002"],
            &[("email", "a.lee@mail.example"), (PHONE, "436641234567")],
        );
        for text in [
            "ann",
            "lee an",
            "A.Lee@mail.example",
            "lee@mail",
            "c-42",
            "+43 664 1234567",
            "0664/1234567",
            "06641234567",
            "(0664) 123 45-67",
            "1234567",
            "no-calls ann",
        ] {
            assert!(finds(&ann, text), "{text}");
        }
        assert!(finds(&profile("Bob", &["site|12-34"], &[]), "12-34"));
        for text in ["", "bob", "ann bob", "shop.example", "0199f3a0", "567"] {
            assert!(!finds(&ann, text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_words_that_can_be_looked_for(text in any::<String>()) {
            for word in sought(&text) {
                prop_assert!(!word.is_empty() && word.chars().count() <= MAX_CHARS);
                prop_assert!(!word.contains(char::is_whitespace), "{word:?}");
            }
            let sought = sought(&text);
            prop_assert!(sought.len() <= MOST_SOUGHT);
            for (at, word) in sought.iter().enumerate() {
                let begins = |(other, longer): (usize, &String)| other != at && longer.starts_with(word);
                prop_assert!(!sought.iter().enumerate().any(begins), "{sought:?}");
            }
        }

        #[test]
        fn a_name_is_found_in_capitals_in_small_letters_and_decomposed(name in "\\PC{1,60}") {
            let whole = words(&name);
            for spelling in [name.to_uppercase(), name.to_lowercase(), name.nfc().collect(), name.nfd().collect()] {
                prop_assert_eq!(&words(&spelling), &whole, "{}", spelling);
            }
        }

        #[test]
        fn a_name_finds_itself_and_so_do_its_beginnings(name in "\\PC{1,60}", cut in 0_usize..60) {
            let named = profile(&name, &[], &[]);
            let words: Vec<_> = sought(&name);
            if let Some(word) = words.first() {
                let begin: String = word.chars().take(cut.max(1)).collect();
                prop_assert!(of_profile(&named).iter().any(|known| known.starts_with(&begin)));
            }
        }
    }
}
