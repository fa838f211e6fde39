//! What a visitor sees and may type into before the program runs: the widget's first screen as plain HTML, in the words of
//! the channel and in the visitor's language.

use super::words::Words;
use askama::Template;
use portico_shared::accent::Accent;
use portico_shared::availability::Availability;
use portico_shared::http::WidgetConfig;
use portico_shared::initials::initials;
use portico_shared::language::direction;
use portico_shared::text::says_nothing;
use serde_json::Value;

// The icons of the screen, from Lucide like those of `ui/src/icon.rs`.
const ARROW_UP: &str = "M5 12l7-7 7 7M12 19V5";
const CLOCK: &str = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0M12 6v6l4 2";
const MIC: &str = "M12 19v3M19 10v2a7 7 0 0 1-14 0v-2M12 2a3 3 0 0 0-3 3v7a3 3 0 0 0 6 0V5a3 3 0 0 0-3-3z";
const MINUS: &str = "M5 12h14";
const PAPERCLIP: &str = "M16 6l-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551";
const PLUS: &str = "M5 12h14M12 5v14";
const SMILE: &str = "M15 10V9M16.472 15a6 6 0 01-8.943 0M9 10V9M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0";
const USER: &str = "M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2M8 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0";

/// What stands at the end of the page's head: where the program finds what it would have to ask for, and the accent.
#[derive(Template)]
#[template(path = "head.html")]
pub(super) struct Head<'a> {
    /// The address of the language's file, if it has one.
    pub(super) file: Option<&'a str>,
    pub(super) config: &'a WidgetConfig,
    /// Design tokens; made of a colour alone, so that nothing in it needs an escape.
    pub(super) style: &'a str,
}

/// What stands at the end of the page's body.
#[derive(Template)]
#[template(path = "first_screen.html")]
pub(super) struct FirstScreen<'a> {
    words: &'a Words,
    pub(super) title: &'a str,
    greeting: &'a str,
    expectation: &'a str,
    /// When the team is back, in epoch milliseconds; the visitor's time zone is known to the browser alone.
    back_at: Option<i64>,
    starters: Vec<&'a str>,
    initials: Option<String>,
    direction: &'static str,
    takes_files: bool,
    takes_voice: bool,
    /// The class of the button that unfolds what can be shared, if there is such a thing.
    share: Option<&'static str>,
    /// What the form is called that goes before the first message. The program draws it; until then there is nothing to write
    /// into that it would take away.
    prechat: Option<&'a str>,
    /// What is to be agreed to before anything is written. The page has both, since the browser alone knows who has agreed.
    consent: Option<&'a str>,
}

impl<'a> FirstScreen<'a> {
    /// The words of the channel, and those of the language where it has none or where its team is away.
    pub(super) fn new(config: &'a WidgetConfig, words: &'a Words, language: &str, now: i64) -> Self {
        let (expectation, back_at) = match Availability::at(config.hours.as_deref(), now) {
            Availability::Open => (None, None),
            Availability::Closed { back_at, .. } => (Some(words.away.as_str()), back_at),
        };
        let or = |own: &'a str, other: &'a str| if says_nothing(own) { other } else { own.trim() };
        let title = or(&config.title, &words.title);
        Self {
            words,
            title,
            greeting: or(&config.greeting, &words.greeting),
            expectation: expectation.unwrap_or_else(|| or(&config.expectation, &words.expectation)),
            back_at,
            starters: (config.starters.iter().map(String::as_str))
                .filter(|starter| !says_nothing(starter))
                .collect(),
            initials: initials(title).map(|initials| initials.to_uppercase()),
            direction: direction(language),
            takes_files: config.files.max_bytes > 0,
            takes_voice: config.composer.voice_seconds > 0,
            share: share(config),
            prechat: (config.prechat.as_ref())
                .map(|form| form.get("formTitle").and_then(Value::as_str).unwrap_or_default()),
            consent: (config.consent.as_ref())
                .and_then(|terms| terms.text_for(language))
                .map(|read| read.text.as_str()),
        }
    }
}

/// Where a photo is all that can be shared, the button is for devices with a camera in the hand (`widget/src/view/composer.rs`).
fn share(config: &WidgetConfig) -> Option<&'static str> {
    let has_pictures = config.files.types.iter().any(|name| name == "image/jpeg");
    match config.composer.location || config.composer.contact {
        true => Some("compose "),
        false if config.files.max_bytes > 0 && has_pictures => Some("compose compose--photo"),
        false => None,
    }
}

/// The channel's accent as a rule for the page; empty if it is no colour.
pub(in crate::http) fn style(accent: &str) -> String {
    let Some(accent) = Accent::parse(accent) else {
        return String::new();
    };
    let tokens: Vec<String> = accent
        .tokens()
        .iter()
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    format!(":root{{{}}}", tokens.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::availability::OpenWindow;
    use portico_shared::http::{ConsentTerms, ConsentText};

    fn screen(config: &WidgetConfig, language: &str) -> String {
        FirstScreen::new(config, Words::english(), language, 50)
            .render()
            .expect("rendered")
    }

    #[test]
    fn what_a_channel_says_is_text_and_never_markup() {
        let hostile = "</h1><script>x()</script>\"'&";
        let config = WidgetConfig {
            title: hostile.into(),
            greeting: hostile.into(),
            expectation: hostile.into(),
            starters: vec![hostile.into()],
            accent: "#102030".into(),
            ..WidgetConfig::default()
        };
        let html = screen(&config, "en");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&#60;script&#62;").count(), 4, "{html}");
        let head = Head {
            file: Some("/widget/0f/\"de.json"),
            config: &config,
            style: &style(&config.accent),
        };
        let head = head.render().expect("rendered");
        assert_eq!(head.matches("</script>").count(), 1, "{head}");
        assert!(!head.contains("/\"de.json"), "{head}");
        let block = head
            .split_once("id=\"config\">")
            .and_then(|(_, rest)| rest.split_once('<'));
        let (block, _) = block.expect("a block");
        let read: WidgetConfig = serde_json::from_str(block).expect("JSON");
        assert_eq!(read, config);
    }

    #[test]
    fn the_language_says_what_the_channel_does_not() {
        let config = WidgetConfig {
            title: "\u{200b} ".into(),
            starters: vec!["\u{2060}".into()],
            greeting: " Welcome ".into(),
            ..WidgetConfig::default()
        };
        let html = screen(&config, "ar-EG");
        assert!(
            html.contains("<h1 class=\"header__name\" dir=\"auto\">Chat with us</h1>"),
            "{html}"
        );
        assert!(html.contains(">CU</span>"), "{html}");
        assert!(html.contains(">Welcome</h2>"), "{html}");
        assert!(html.contains("dir=\"rtl\" enterkeyhint"), "{html}");
        assert!(!html.contains("role=\"group\""), "no starters, no group: {html}");
    }

    #[test]
    fn a_form_before_the_first_message_leaves_nothing_to_write_into() {
        let config = WidgetConfig {
            starters: vec!["Where is my order?".into()],
            prechat: Some(serde_json::json!({"type": "FORM_DATA", "formTitle": "<b>Before we start"})),
            ..WidgetConfig::default()
        };
        let html = screen(&config, "en");
        assert!(
            !html.contains("<textarea") && !html.contains("class=\"choice\""),
            "{html}"
        );
        assert!(html.contains("&#60;b&#62;Before we start</span>"), "{html}");
        assert!(screen(&WidgetConfig::default(), "en").contains("<textarea"));
    }

    #[test]
    fn what_is_to_be_agreed_to_stands_there_in_the_readers_language() {
        let text = |language: &str, text: &str| ConsentText {
            language: language.into(),
            text: text.into(),
        };
        let config = WidgetConfig {
            consent: Some(ConsentTerms {
                version: 3,
                texts: vec![text("en", "We keep it."), text("de", "Wir <b>behalten</b> es.")],
                policy: String::new(),
            }),
            ..WidgetConfig::default()
        };
        let german = screen(&config, "de-AT");
        assert!(
            german.contains("Wir &#60;b&#62;behalten&#60;/b&#62; es.</span>"),
            "{german}"
        );
        assert!(german.contains("<textarea"), "for those who have agreed: {german}");
        assert!(screen(&config, "fr").contains("We keep it."));
        assert!(!screen(&WidgetConfig::default(), "en").contains("ended"));
    }

    #[test]
    fn outside_of_hours_the_screen_says_so_and_leaves_the_time_to_the_browser() {
        let with = |hours: &[(i64, i64)]| WidgetConfig {
            expectation: "We answer at once.".into(),
            hours: Some(
                hours
                    .iter()
                    .map(|(from, until)| OpenWindow {
                        from: *from,
                        until: *until,
                    })
                    .collect(),
            ),
            ..WidgetConfig::default()
        };
        let open = screen(&with(&[(10, 60)]), "en");
        assert!(
            open.contains(">We answer at once.<") && !open.contains("data-back"),
            "{open}"
        );
        let away = screen(&with(&[(10, 50), (90, 99)]), "en");
        assert!(!away.contains("We answer at once."), "{away}");
        let note = "<span class=\"welcome__expectation\" dir=\"auto\" data-back=\"90\" \
                    data-sentence=\"We are back {day} at {time}.\">We are away right now.";
        assert!(away.contains(note), "{away}");
        let never = screen(&with(&[]), "en");
        assert!(
            never.contains("We are away right now.") && !never.contains("data-back"),
            "{never}"
        );
    }

    #[test]
    fn a_title_without_letters_has_a_picture() {
        let config = WidgetConfig {
            title: "!!".into(),
            ..WidgetConfig::default()
        };
        assert!(screen(&config, "en").contains(USER));
    }

    #[test]
    fn an_accent_is_three_tokens() {
        assert_eq!(
            style("#ffd400"),
            ":root{--accent:#ffd400;--on-accent:#000;--off-accent:#fff}"
        );
        assert_eq!(style("red;}"), "");
    }
}
