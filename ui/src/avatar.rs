//! The picture of a participant, in a circle: initials on a colour that follows from the id, a robot for programs.

use crate::browser::upper;
use crate::icon::{BOT, USER, icon};
use leptos::html;
use leptos::prelude::*;
use portico_shared::initials::initials;

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

#[cfg(test)]
mod tests {
    use super::class_of;

    #[test]
    fn the_colour_follows_from_the_id() {
        assert_eq!(class_of("agent-1"), class_of("agent-1"));
        let classes = ["a", "b", "c", "d", "e", "f"].map(class_of);
        assert!(classes.iter().any(|class| *class != classes[0]));
        assert!(classes.iter().all(|class| class.starts_with("avatar avatar--")));
    }
}
