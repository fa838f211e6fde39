//! The place that a picture takes up before it has come: its sender says how large it is.

use portico_shared::json::Value;

/// The longest side of a picture in a message, in pixels.
const LONGEST: i64 = 280;

/// The least width of its place.
const NARROWEST: i64 = 96;

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    /// For `inline-size`.
    pub(super) width: String,
    /// For `aspect-ratio`.
    pub(super) ratio: String,
}

impl Room {
    /// The place of what has so many pixels, if its sender says that and it is no line.
    pub(super) fn known(details: Option<&Value>) -> Option<Self> {
        let side = |name: &str| details?.get(name)?.as_i64().filter(|side| (1..=100_000).contains(side));
        let (width, height) = (side("width")?, side("height")?);
        (width <= 5 * height && height <= 5 * width).then(|| Self::of(width, height))
    }

    /// The same, or else one of the usual shape.
    pub(super) fn or_usual(details: Option<&Value>) -> Self {
        Self::known(details).unwrap_or_else(|| Self::of(240, 180))
    }

    fn of(width: i64, height: i64) -> Self {
        let longest = width.max(height).max(LONGEST);
        let shown = (width * LONGEST / longest).max(NARROWEST);
        Self {
            width: [&shown.to_string(), "px"].concat(),
            ratio: [&width.to_string(), " / ", &height.to_string()].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Room;
    use serde_json::{Value, json};

    fn sides(width: &str, ratio: &str) -> Room {
        Room {
            width: width.to_owned(),
            ratio: ratio.to_owned(),
        }
    }

    fn of(width: i64, height: i64) -> Option<Room> {
        Room::known(Some(&json!({ "width": width, "height": height })))
    }

    #[test]
    fn a_picture_has_the_room_that_its_sender_says() {
        assert_eq!(of(4_000, 3_000), Some(sides("280px", "4000 / 3000")));
        assert_eq!(of(3_000, 4_000), Some(sides("210px", "3000 / 4000")));
        assert_eq!(of(120, 100), Some(sides("120px", "120 / 100")));
    }

    #[test]
    fn what_a_sender_says_cannot_make_a_message_as_long_as_it_likes() {
        let usual = |details: Option<&Value>| {
            assert_eq!(Room::known(details), None, "{details:?}");
            assert_eq!(Room::or_usual(details), sides("240px", "240 / 180"));
        };
        for (width, height) in [(1, 10_000), (0, 5)] {
            usual(Some(&json!({ "width": width, "height": height })));
        }
        usual(Some(&json!({ "width": "wide" })));
        usual(None);
    }
}
