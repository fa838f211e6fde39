//! A site's colour, and what can be read on it. The relay says so of a channel's accent, and the widget of a page's.

/// A colour with black and white in the order of how well they read on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent {
    /// As `#rrggbb`.
    pub colour: String,
    /// Of black and white the one that reads better on it, by WCAG contrast.
    pub on: &'static str,
    /// The other one.
    pub off: &'static str,
}

impl Accent {
    /// Reads `#rrggbb`; `None` for what is no colour.
    pub fn parse(colour: &str) -> Option<Self> {
        // Above this luminance black has more contrast than white, and either has 4.58 : 1 at least: both sides of
        // (l + 0.05)² = 1.05 × 0.05. The script tag sums more simply, and differs for colours right at this border.
        let (on, off) = match luminance(colour)? {
            0.179.. => ("#000", "#fff"),
            _ => ("#fff", "#000"),
        };
        Some(Self {
            colour: colour.to_owned(),
            on,
            off,
        })
    }

    /// The design tokens that follow from it, with their values.
    pub fn tokens(&self) -> [(&'static str, &str); 3] {
        [
            ("--accent", &self.colour),
            ("--on-accent", self.on),
            ("--off-accent", self.off),
        ]
    }
}

/// The relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        // The curve's straight beginning makes no difference here.
        Some(((value + 0.055) / 1.055).powf(2.4))
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::{Accent, luminance};

    fn contrast(colour: &str) -> Option<[&'static str; 2]> {
        Accent::parse(colour).map(|accent| [accent.on, accent.off])
    }

    #[test]
    fn text_on_the_accent_can_be_read() {
        assert_eq!(contrast("#ffffff"), Some(["#000", "#fff"]));
        assert_eq!(contrast("#ffd400"), Some(["#000", "#fff"]));
        assert_eq!(contrast("#000000"), Some(["#fff", "#000"]));
        assert_eq!(contrast("#0050b0"), Some(["#fff", "#000"]));
    }

    #[test]
    fn what_is_no_colour_is_left_alone() {
        for colour in ["", "red", "#fff", "#gggggg", "#+1+2+3", "#12345", "#ééé"] {
            assert_eq!(contrast(colour), None, "{colour}");
        }
    }

    #[test]
    fn luminance_is_that_of_wcag() {
        let near = |colour, expected: f64| (luminance(colour).expect("a colour") - expected).abs() < 0.005;
        assert!(near("#ffffff", 1.0));
        assert!(near("#808080", 0.216));
        assert!(near("#ff0000", 0.2126));
    }
}
