//! What a visitor keeps of a chat that is over.

use crate::looks::is_accessible;
use crate::people::{Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// Presses a button that saves a file; answers the file's name and text.
async fn saves(browser: &Browser, button: &str) -> [String; 2] {
    let caught = "
        const [make, click] = [URL.createObjectURL, HTMLAnchorElement.prototype.click];
        let blob;
        URL.createObjectURL = (of) => make.call(URL, (blob = of));
        HTMLAnchorElement.prototype.click = function () {
            URL.createObjectURL = make;
            HTMLAnchorElement.prototype.click = click;
            blob.text().then((text) => done([this.download, text]));
        };
        named('button', arguments[0]).click();";
    let saved = browser.run_async(caught, json!([button])).await;
    serde_json::from_value(saved).expect("a file")
}

/// Ends the chat, and says so when asked.
pub(crate) async fn ends(shopper: &Shopper) {
    let browser = &shopper.browser;
    browser.press("button", "Options").await;
    browser.press("button", "End chat").await;
    browser.sees("button", "Keep chatting").await;
    browser.press("button", "End chat").await;
    browser.sees("button", "Start a new chat").await;
}

#[tokio::test]
async fn a_chat_that_is_over_is_kept_whole_as_text_and_as_a_page() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    let hostile = "<img src=x onerror=document.title=1>";
    // More than one page of history.
    let mut last = String::new();
    for number in 0..60 {
        last = format!("Line {number} {hostile}");
        shopper.pastes(&last).await;
    }
    shopper.has_said(&last).await;
    shopper.reloads().await;
    shopper.has_said(&last).await;
    ends(&shopper).await;
    browser.sees("button", "Save as web page").await;
    is_accessible(browser, "the end of a chat", "html").await;

    let [name, text] = saves(browser, "Save conversation").await;
    assert_eq!(name, "chat.txt");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(lines.len(), 62, "from the first word on: {text}");
    assert!(lines[0].ends_with("You: Hello") && lines[61].ends_with(&last), "{text}");
    assert!(text.contains("\n* You ended this chat"), "{text}");

    let [name, page] = saves(browser, "Save as web page").await;
    assert_eq!(name, "chat.html");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, page).expect("a file");
    browser.out_of_chat();
    browser.goto(&format!("file://{}", path.display())).await;
    let shown = "
        return [
            document.querySelectorAll('article').length,
            document.querySelectorAll('img, script').length,
            document.querySelector('article:last-of-type p').textContent,
            document.title,
        ]";
    let shown = browser.run(shown, json!([])).await;
    assert_eq!(shown, json!([62, 0, last, "Fernweh Outdoor"]));
    is_accessible(browser, "a saved chat", "html").await;
}

#[tokio::test]
async fn a_site_can_keep_visitors_from_saving_chats() {
    let relay = Relay::start(World {
        environment: vec![(
            "PORTICO_CHANNELS__DEMO__WIDGET__TRANSCRIPT".to_owned(),
            "false".to_owned(),
        )],
        ..World::default()
    })
    .await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    ends(&shopper).await;
    for button in ["Save conversation", "Save as web page"] {
        assert!(!browser.has("button", button).await, "{button}");
    }
    browser.press("button", "Options").await;
    assert!(!browser.has("button", "Save conversation").await, "the menu");
}
