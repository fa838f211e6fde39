//! What the site's owner has set for this channel, and which channel this is.

use portico_shared::http::WidgetConfig;
use portico_shared::text::says_nothing;
use portico_ui::browser::{document, window};
use portico_ui::fetch;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// This document's address is `/widget/frame/{channel}`.
const PATH: &str = "/widget/frame/";

/// The look and words of a channel. Words that are missing are the language's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Config {
    /// As `#rrggbb`.
    pub(crate) accent: Option<String>,
    /// The window's name.
    pub(crate) title: Option<String>,
    /// Greets on the first open.
    pub(crate) greeting: Option<String>,
    /// Who answers, and how soon.
    pub(crate) expectation: Option<String>,
    /// First questions to press.
    pub(crate) starters: Vec<String>,
}

/// The channel that the address names.
pub(crate) fn channel() -> String {
    channel_in(&window().location().pathname().unwrap_or_default()).to_owned()
}

fn channel_in(path: &str) -> &str {
    path.strip_prefix(PATH).unwrap_or_default().trim_end_matches('/')
}

/// Asks the relay. A chat works without an answer.
pub(crate) async fn load(channel: &str) -> Config {
    let path = ["/api/channels/", channel, "/widget"].concat();
    fetch::get::<WidgetConfig>(&path, None)
        .await
        .map(Config::from)
        .unwrap_or_default()
}

impl From<WidgetConfig> for Config {
    fn from(config: WidgetConfig) -> Self {
        Self {
            accent: unless_empty(&config.accent),
            title: unless_empty(&config.title),
            greeting: unless_empty(&config.greeting),
            expectation: unless_empty(&config.expectation),
            starters: config
                .starters
                .into_iter()
                .filter(|starter| !says_nothing(starter))
                .collect(),
        }
    }
}

fn unless_empty(text: &str) -> Option<String> {
    (!says_nothing(text)).then(|| text.trim().to_owned())
}

/// Gives the document an accent, and what reads well on it. A text that is no colour leaves that of the tokens.
pub(crate) fn colour(accent: &str) {
    let Some([on_accent, off_accent]) = contrast(accent) else {
        return;
    };
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else {
        return;
    };
    for (name, value) in [
        ("--accent", accent),
        ("--on-accent", on_accent),
        ("--off-accent", off_accent),
    ] {
        // A refused colour leaves the one of the tokens.
        let _ = style.set_property(name, value);
    }
}

/// Of black and white the one that reads better on a colour by WCAG contrast, and the other one.
fn contrast(colour: &str) -> Option<[&'static str; 2]> {
    // Above this luminance black has more contrast than white, and either has 4.58 : 1 at least: both sides of
    // (l + 0.05)² = 1.05 × 0.05. The script tag does the same.
    match luminance(colour)? {
        0.179.. => Some(["#000", "#fff"]),
        _ => Some(["#fff", "#000"]),
    }
}

/// The relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        // The curve's straight beginning makes no difference here.
        Some(((value + 0.055) / 1.055).powf(2.4))
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::{Config, channel_in, contrast, luminance};
    use portico_shared::http::WidgetConfig;

    #[test]
    fn the_address_names_the_channel() {
        assert_eq!(channel_in("/widget/frame/shop"), "shop");
        assert_eq!(channel_in("/widget/frame/shop/"), "shop");
        assert_eq!(channel_in("/elsewhere"), "");
    }

    #[test]
    fn words_that_are_blank_are_the_languages_own() {
        let set = WidgetConfig {
            accent: "#123456".into(),
            title: " \u{200b}".into(),
            greeting: " Welcome ".into(),
            expectation: String::new(),
            starters: vec!["Where is my order?".into(), "\u{200b}".into()],
        };
        let config = Config::from(set);
        assert_eq!(config.accent.as_deref(), Some("#123456"));
        assert_eq!(config.title, None);
        assert_eq!(config.greeting.as_deref(), Some("Welcome"));
        assert_eq!(config.expectation, None);
        assert_eq!(config.starters, ["Where is my order?"]);
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
        for colour in ["", "red", "#fff", "#gggggg", "#12345", "#ééé"] {
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
