//! The languages of the chat, each as a page wishes it.

use crate::chat::{PHONE, fits};
use crate::people::{MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// Those that are written from right to left.
const FROM_THE_RIGHT: [&str; 3] = ["ar", "he", "ur"];

/// How many there are besides English, which is in the program.
const TRANSLATIONS: usize = 14;

/// A language, and what it says.
struct Spoken {
    tag: String,
    texts: Value,
}

impl Spoken {
    fn text(&self, name: &str) -> &str {
        self.texts[name].as_str().expect("a text")
    }

    fn direction(&self) -> &'static str {
        let is_from_the_right = FROM_THE_RIGHT.contains(&self.tag.as_str());
        if is_from_the_right { "rtl" } else { "ltr" }
    }
}

/// The languages that have a file.
fn translations() -> Vec<Spoken> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../widget/messages");
    let files = fs::read_dir(folder).expect("the chat has languages");
    let languages = files.map(|file| {
        let path = file.expect("a file").path();
        let tag = path.file_stem().and_then(|name| name.to_str()).expect("a tag");
        Spoken {
            tag: tag.to_owned(),
            texts: serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON"),
        }
    });
    let mut translations: Vec<_> = languages.filter(|language| language.tag != "en").collect();
    translations.sort_by(|one, other| one.tag.cmp(&other.tag));
    translations
}

/// On the narrowest phone, with the two longest labels side by side.
#[tokio::test]
async fn each_language_is_spoken_in_its_direction_and_fits() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    shopper.is_greeted(&bot).await;
    let translations = translations();
    assert_eq!(translations.len(), TRANSLATIONS);
    for language in &translations {
        let (tag, direction) = (&language.tag, language.direction());
        wishes(browser, tag).await;
        browser.sees("textbox", language.text("message")).await;
        assert_eq!(
            shown(browser).await,
            json!([tag, direction, language.text("placeholder")])
        );
        browser.press("button", language.text("menu")).await;
        browser.press("button", language.text("end_chat")).await;
        browser.sees("button", language.text("end_no")).await;
        fits(browser, direction).await;
        browser.press("button", language.text("end_no")).await;
        assert_eq!(browser.seen().await.errors, [""; 0], "{tag}");
    }
    // A name of no language, and one without a file.
    for junk in ["C", "sv-SE"] {
        wishes(browser, junk).await;
        browser.sees("textbox", MESSAGE).await;
        assert_eq!(shown(browser).await, json!(["en", "ltr", "Write a message"]), "{junk}");
    }
    assert_eq!(browser.console().await, [""; 0]);
}

async fn wishes(browser: &Browser, tag: &str) {
    browser.out_of_chat();
    browser.run("Portico('setLocale', arguments[0])", json!([tag])).await;
    browser.into_chat();
}

/// The document's language and direction, and what stands in its empty text box.
async fn shown(browser: &Browser) -> Value {
    let script = "
        const { lang, dir } = document.documentElement;
        return [lang, dir, document.querySelector('textarea').placeholder]";
    browser.run(script, json!([])).await
}
