//! The picture of a participant, in a circle: initials on a colour that follows from the id, a robot for programs.

use crate::browser::upper;
use crate::icon::{BOT, USER, icon};
use leptos::html;
use leptos::prelude::*;

/// How many colours `parts.css` has: `avatar--0` to `avatar--7`, each readable under its text.
const COLOURS: u32 = 8;

/// Draws the circle. It is decoration: the name stands beside it or in the group's label.
pub fn avatar(id: &str, kind: &str, name: &str) -> AnyView {
    let inside = match (kind, initials(name)) {
        ("BOT", _) => icon(BOT),
        (_, Some(letters)) => upper(&letters).into_any(),
        (_, None) => icon(USER),
    };
    html::span()
        .class(class_of(id))
        .attr("aria-hidden", "true")
        .child(inside)
        .into_any()
}

fn class_of(id: &str) -> String {
    let hash = id.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    let digit = char::from_digit((hash >> 7) % COLOURS, 10).unwrap_or('0');
    let mut class = String::from("avatar avatar--");
    class.push(digit);
    class
}

/// First letters of the first and the last word; `None` if the name has none.
fn initials(name: &str) -> Option<String> {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| !c.is_ascii_punctuation()));
    let first = words.next()?;
    let mut letters = String::from(first);
    letters.extend(words.next_back());
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::{class_of, initials};

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Byron King Lovelace").as_deref(), Some("AL"));
        assert_eq!(initials("ada").as_deref(), Some("a"));
        assert_eq!(initials("(Ada) \"the\" Byron").as_deref(), Some("AB"));
        assert_eq!(initials("مريم علي").as_deref(), Some("مع"));
    }

    #[test]
    fn a_name_without_letters_has_no_initials() {
        assert_eq!(initials(""), None);
        assert_eq!(initials(" - "), None);
    }

    #[test]
    fn the_colour_follows_from_the_id() {
        assert_eq!(class_of("agent-1"), class_of("agent-1"));
        let classes = ["a", "b", "c", "d", "e", "f"].map(class_of);
        assert!(classes.iter().any(|class| *class != classes[0]));
        assert!(classes.iter().all(|class| class.starts_with("avatar avatar--")));
    }
}
