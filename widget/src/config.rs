//! What the site's owner has set for this channel, and which channel this is.

use portico_shared::http::WidgetConfig;
use portico_ui::browser::document;
use portico_ui::browser::window;
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
    let path = window().location().pathname().unwrap_or_default();
    path.strip_prefix(PATH)
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned()
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
            starters: config.starters,
        }
    }
}

fn unless_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Sets the accent, and on it the one of black and white that reads better by WCAG contrast.
pub(crate) fn colour(accent: &str) {
    let Some(luminance) = luminance(accent) else { return };
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else {
        return;
    };
    // Above this luminance black has more contrast than white, and either has 4.58 : 1 at least: both sides of
    // (l + 0.05)² = 1.05 × 0.05. The script tag does the same.
    let (text, other) = if luminance > 0.179 {
        ("#000", "#fff")
    } else {
        ("#fff", "#000")
    };
    for (name, value) in [("--accent", accent), ("--on-accent", text), ("--off-accent", other)] {
        // A refused colour leaves the one of the tokens.
        let _ = style.set_property(name, value);
    }
}

/// The relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        // The curve's straight beginning makes no difference here. 2.4 as a power needs a maths library; the browser
        // has one.
        Some(js_sys::Math::pow((value + 0.055) / 1.055, 2.4))
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}
