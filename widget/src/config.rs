//! What the site's owner has set for this channel, and which channel this is.

use portico_shared::accent::Accent;
use portico_shared::availability::OpenWindow;
use portico_shared::http::{ComposerRules, ConsentTerms, FileRules, WidgetConfig};
use portico_shared::json::{self, Value};
use portico_shared::text::says_nothing;
use portico_ui::browser::{document, window};
use portico_ui::fetch;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// This document's address is `/widget/frame/{channel}`.
const PATH: &str = "/widget/frame/";

/// Where a page that the relay has completed says what [`load`] would ask for.
const BLOCK: &str = "config";

/// The look and words of a channel. Words that are missing are the language's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Config {
    /// Whether it is the channel's: before it has come, it is not known what is to be agreed to.
    pub(crate) has_come: bool,
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
    /// What files may be sent.
    pub(crate) files: FileRules,
    /// What may be sent beside texts and files.
    pub(crate) composer: ComposerRules,
    /// What is asked before the first message: a body of type `FORM_DATA`.
    pub(crate) prechat: Option<Value>,
    /// When the team answers; absent for a team without hours.
    pub(crate) hours: Option<Vec<OpenWindow>>,
    /// Whether visitors may save what was said.
    pub(crate) transcript: bool,
    /// What is to be agreed to before anything is kept.
    pub(crate) consent: Option<ConsentTerms>,
}

/// The channel that the address names.
pub(crate) fn channel() -> String {
    channel_in(&window().location().pathname().unwrap_or_default()).to_owned()
}

fn channel_in(path: &str) -> &str {
    path.strip_prefix(PATH).unwrap_or_default().trim_end_matches('/')
}

/// What the page says, if the relay has completed it.
pub(crate) fn of_page() -> Option<Config> {
    let block = document().get_element_by_id(BLOCK)?.text_content()?;
    json::from_str::<WidgetConfig>(&block).ok().map(Config::from)
}

/// The language in which the relay has completed the page.
pub(crate) fn language() -> Option<String> {
    document().get_element_by_id(BLOCK)?;
    document().document_element()?.get_attribute("lang")
}

/// Asks the relay, and what time it is there. A chat works without an answer.
pub(crate) async fn load(channel: &str) -> Option<(Config, Option<i64>)> {
    let path = ["/api/channels/", channel, "/widget"].concat();
    let (config, at) = fetch::get_dated::<WidgetConfig>(&path).await.ok()?;
    Some((Config::from(config), at))
}

impl From<WidgetConfig> for Config {
    fn from(config: WidgetConfig) -> Self {
        Self {
            has_come: true,
            accent: unless_empty(&config.accent),
            title: unless_empty(&config.title),
            greeting: unless_empty(&config.greeting),
            expectation: unless_empty(&config.expectation),
            starters: config
                .starters
                .into_iter()
                .filter(|starter| !says_nothing(starter))
                .collect(),
            files: config.files,
            composer: config.composer,
            prechat: config.prechat,
            hours: config.hours,
            transcript: config.transcript,
            consent: config.consent,
        }
    }
}

fn unless_empty(text: &str) -> Option<String> {
    (!says_nothing(text)).then(|| text.trim().to_owned())
}

/// Gives the document an accent, and what reads well on it. A text that is no colour leaves that of the tokens.
pub(crate) fn colour(accent: &str) {
    let Some(accent) = Accent::parse(accent) else {
        return;
    };
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else {
        return;
    };
    for (name, value) in accent.tokens() {
        // A refused colour leaves the one of the tokens.
        let _ = style.set_property(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, channel_in};
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
            ..WidgetConfig::default()
        };
        let config = Config::from(set);
        assert_eq!(config.accent.as_deref(), Some("#123456"));
        assert_eq!(config.title, None);
        assert_eq!(config.greeting.as_deref(), Some("Welcome"));
        assert_eq!(config.expectation, None);
        assert_eq!(config.starters, ["Where is my order?"]);
    }
}
