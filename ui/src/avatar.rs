//! Who somebody is, in a circle: initials on a colour that follows from the id, a robot for programs.

use crate::browser::upper;
use crate::el::{El, el};
use crate::icon::{self, BOT, USER};
#[cfg(feature = "leptos")]
use leptos::prelude::AnyView;

/// How many colours `parts.css` has: `avatar--0` to `avatar--7`, each readable under its text.
const COLOURS: u32 = 8;

/// Draws the circle. It is decoration: the name stands beside it or in the group's label.
pub fn draw(id: &str, kind: &str, name: &str) -> El {
    let circle = el("span").class(&class_of(id)).attr("aria-hidden", "true");
    match (kind, initials(name)) {
        ("BOT", _) => circle.child(icon::draw(BOT)),
        (_, Some(letters)) => circle.text(&letters),
        (_, None) => circle.child(icon::draw(USER)),
    }
}

/// The same as a Leptos view.
#[cfg(feature = "leptos")]
pub fn avatar(id: &str, kind: &str, name: &str) -> AnyView {
    draw(id, kind, name).into_view()
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
    Some(upper(&letters))
}
