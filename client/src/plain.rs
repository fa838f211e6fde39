//! Names and texts from outside, kept from turning or reordering what stands around them.

use portico_shared::text::says_nothing;

/// First strong isolate: what follows finds its own direction, and turns nothing outside.
const BEGIN: &str = "\u{2068}";
/// The end of an isolate.
const END: &str = "\u{2069}";

/// A name without what would draw other words than it holds: controls and marks that turn the direction. Empty if what
/// is left shows nothing.
pub fn plain_name(name: &str) -> String {
    let is_mark = |c: char| is_override(c) || is_isolate(c) || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}');
    let kept: String = name.chars().filter(|c| !c.is_control() && !is_mark(*c)).collect();
    match says_nothing(&kept) {
        true => String::new(),
        false => kept.trim().to_owned(),
    }
}

/// First and last name as people are called by them, if there is either.
pub fn full_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let names: Vec<String> = [first, last].into_iter().flatten().map(plain_name).collect();
    let names: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// A text that is put into another one: what is in it turns nothing around it. In a sentence from left to right, letters
/// of that direction stay as they are. Isolates within it stay if each ends.
pub fn isolated(text: &str, direction: &str) -> String {
    let keeps_isolates = has_whole_isolates(text);
    let kept = |c: &char| !is_override(*c) && (keeps_isolates || !is_isolate(*c));
    let kept: String = text.chars().filter(kept).collect();
    let may_turn = |c: char| is_isolate(c) || runs_from_the_right(c);
    match direction == "ltr" && !kept.contains(may_turn) {
        true => kept,
        false => [BEGIN, kept.as_str(), END].concat(),
    }
}

/// Whether each isolate within a text ends there, and nothing ends an isolate that began before the text.
fn has_whole_isolates(text: &str) -> bool {
    let mut open = 0_usize;
    for c in text.chars().filter(|c| is_isolate(*c)) {
        let now = match c {
            '\u{2069}' => open.checked_sub(1),
            _ => Some(open + 1),
        };
        match now {
            Some(now) => open = now,
            None => return false,
        }
    }
    open == 0
}

fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2069}')
}

/// Embeddings and overrides, also what ends one: nothing that a person types needs them.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}')
}

/// Letters and marks of scripts that run from right to left.
fn runs_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::{full_name, isolated, plain_name};

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(plain_name("Ca\u{202e}rol\u{7}"), "Carol");
        assert_eq!(plain_name("\u{200f} \u{2067}"), "");
        assert_eq!(plain_name("\u{200b}\u{3164}"), "");
        assert_eq!(plain_name(" שרה (נציגה)"), "שרה (נציגה)");
    }

    #[test]
    fn a_full_name_is_what_there_is_of_first_and_last() {
        assert_eq!(
            full_name(Some("Ada"), Some(" Lovelace ")).as_deref(),
            Some("Ada Lovelace")
        );
        assert_eq!(full_name(None, Some("Lovelace")).as_deref(), Some("Lovelace"));
        assert_eq!(full_name(Some(" "), Some("\u{200b}")), None);
    }

    #[test]
    fn what_is_put_into_a_text_is_isolated_where_it_could_turn_it() {
        assert_eq!(isolated("Ann (sales)", "ltr"), "Ann (sales)");
        assert_eq!(isolated("Ann (sales)", "rtl"), "\u{2068}Ann (sales)\u{2069}");
        assert_eq!(isolated("שרה (נציגה)", "ltr"), "\u{2068}שרה (נציגה)\u{2069}");
        assert_eq!(isolated("", "ltr"), "");
    }

    #[test]
    fn nothing_ends_an_isolate_from_within() {
        assert_eq!(isolated("Ann\u{202e}", "ltr"), "Ann");
        assert_eq!(isolated("ש\u{2069}\u{202e}רה", "ltr"), "\u{2068}שרה\u{2069}");
        assert_eq!(isolated("Ann\u{2067}", "ltr"), "Ann");
        let names = [isolated("שרה", "ltr"), isolated("Ann", "ltr")].join(", ");
        assert_eq!(isolated(&names, "ltr"), "\u{2068}\u{2068}שרה\u{2069}, Ann\u{2069}");
    }
}
