//! Files that customers and agents send each other: how they come in, what is said of them, who sees them.

use crate::chat::{PHONE, fits};
use crate::looks::is_accessible;
use crate::people::{REPLY, Served, Shopper, served, shop_with_bot};
use crate::read_out::reads_out;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portico_tests::api::get;
use portico_tests::browser::{Browser, Key, Made, Network};
use portico_tests::relay::{Relay, World};
use serde_json::json;
use std::path::PathBuf;
use tempfile::TempDir;

/// Grey, of 400 by 300 pixels.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAZAAAAEsAQAAAADFzNhvAAAASElEQVR42u3LIQEAAAwCMErSvwoJLu43v/QtiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqIoiqLcBrg0dZZnOFgJAAAAAElFTkSuQmCC";

fn picture_of(name: &'static str) -> Made {
    Made {
        name,
        mime_type: "image/png",
        bytes: (PICTURE.to_owned(), 1),
    }
}

/// A text of so many kilobytes.
fn text(name: &'static str, kilobytes: usize) -> Made {
    Made {
        name,
        mime_type: "text/plain",
        bytes: (STANDARD.encode("chat ".repeat(200)), kilobytes),
    }
}

/// A file on the disk.
fn on_disk(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    (folder, path)
}

fn picture(name: &str) -> (TempDir, PathBuf) {
    on_disk(name, &STANDARD.decode(PICTURE).expect("base64"))
}

/// Waits until a file of the list says this.
async fn says(browser: &Browser, name: &str, words: &str) {
    let script = "return [...document.querySelectorAll('.file')].some((el) => el.innerText.includes(arguments[0]) && el.innerText.includes(arguments[1]))";
    let what = format!("{name} says {words:?}");
    browser.until(&what, script, json!([name, words])).await;
}

/// Waits until nothing is to be sent any more.
async fn list_is_empty(browser: &Browser) {
    let script = "return !document.querySelector('.file')";
    browser.until("the list is empty", script, json!([])).await;
}

/// Waits until a picture of this name is drawn, by an address that is signed; answers the file's id.
async fn shows(browser: &Browser, name: &str) -> String {
    let script = "
        const picture = [...document.querySelectorAll('.body__place img')].findLast((el) => el.alt === arguments[0]);
        const address = picture?.naturalWidth === 400 && new URL(picture.src);
        return address && address.searchParams.has('signature') && address.pathname.split('/').pop()";
    let id = browser.until(&format!("{name} is shown"), script, json!([name])).await;
    id.as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_picture_is_seen_by_customer_and_agent_and_by_no_other_visitor() {
    let there = served().await;
    let Served {
        relay, agent, shopper, ..
    } = &there;
    let browser = &shopper.browser;
    let (_folder, path) = picture("tent.png");
    browser.chooses(&[&path]).await;
    says(browser, "tent.png", "Ready to send").await;
    is_accessible(browser, "a file that is to be sent", "html").await;
    shopper.says("My tent").await;
    list_is_empty(browser).await;
    let id = shows(browser, "tent.png").await;
    shopper.has_said("My tent").await;
    assert_eq!(shows(&agent.browser, "tent.png").await, id, "the agent sees the same");
    agent.hears("My tent").await;
    is_accessible(browser, "a picture", "html").await;
    is_accessible(&agent.browser, "a picture at the desk", "html").await;
    let said = browser.seen().await.said;
    for sentence in ["Uploading tent.png", "tent.png is uploaded"] {
        let times = said.iter().filter(|line| line.as_str() == sentence).count();
        assert_eq!(times, 1, "{sentence:?} once: {said:?}");
    }
    assert_eq!(browser.seen().await.violations, [""; 0]);
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;

    let other = relay.visitor("demo").await;
    let link = format!("{}/api/files/{id}", relay.origin());
    assert_eq!(get(&link, Some(&other.token)).await.0, 404, "a link");
    let file = format!("{}/files/{id}", relay.origin());
    assert_eq!(get(&file, Some(&other.token)).await.0, 404, "the file");
    assert_eq!(get(&file, None).await.0, 404, "its address alone");
}

#[tokio::test]
async fn files_are_dropped_and_pasted_and_taken_off_with_the_keyboard() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    assert!(browser.drags(&[picture_of("one.png")]).await);
    let over = "return document.querySelector('.drop')?.innerText === 'Drop files here to send them'";
    browser
        .until("it says that files can be dropped", over, json!([]))
        .await;
    assert!(browser.drops(&[picture_of("one.png"), picture_of("two.png")]).await);
    let gone = "return !document.querySelector('.drop')";
    browser.until("it says so no longer", gone, json!([])).await;
    assert!(browser.pastes(&[picture_of("three.png")]).await);
    for name in ["one.png", "two.png", "three.png"] {
        says(browser, name, "Ready to send").await;
    }
    let focus = "named('button', arguments[0]).focus()";
    browser.run(focus, json!(["Remove two.png"])).await;
    browser.key(Key::Enter).await;
    let moved = "return document.activeElement === named('button', arguments[0])";
    browser
        .until("the keyboard is at the next file", moved, json!(["Remove three.png"]))
        .await;
    browser.key(Key::Enter).await;
    browser.run(focus, json!(["Remove one.png"])).await;
    browser.key(Key::Enter).await;
    let writes = "return document.activeElement === named('textbox', 'Message')";
    browser
        .until("the keyboard is where one writes", writes, json!([]))
        .await;
    list_is_empty(browser).await;

    browser.drops(&[picture_of("four.png")]).await;
    says(browser, "four.png", "Ready to send").await;
    bot.will_say("Nice.");
    browser.press("button", "Send").await;
    shows(browser, "four.png").await;
    shopper.hears("Nice.").await;
}

#[tokio::test]
async fn what_is_not_taken_is_refused_in_human_words() {
    let relay = Relay::start(World {
        config: "[channels.demo.files]\nmax_bytes = 3000\n".to_owned(),
        ..World::default()
    })
    .await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let page = |name, mime_type, words: &str| Made {
        name,
        mime_type,
        bytes: (STANDARD.encode(words), 1),
    };
    browser
        .drops(&[
            text("long.txt", 4),
            page("page.html", "text/html", "<p>"),
            page("empty.txt", "text/plain", ""),
            page("picture.png", "image/png", "<html><script>x()</script></html>"),
        ])
        .await;
    says(browser, "long.txt", "Too large. At most 3 kB can be sent.").await;
    says(browser, "page.html", "This kind of file can't be sent here.").await;
    says(browser, "empty.txt", "This file is empty.").await;
    // That one the relay has found out.
    says(browser, "picture.png", "This kind of file can't be sent here.").await;
    is_accessible(browser, "refused files", "html").await;
    let idle = browser.run("return named('button', 'Send').disabled", json!([])).await;
    assert_eq!(idle, true, "there is nothing to send");
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;
}

#[tokio::test]
async fn a_channel_that_takes_no_files_has_no_button_for_them() {
    let relay = Relay::start(World {
        config: "[channels.demo.files]\nmax_bytes = 0\n".to_owned(),
        ..World::default()
    })
    .await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    assert!(!browser.has("button", "Attach files").await);
    assert!(
        browser.drops(&[picture_of("one.png")]).await,
        "no page comes in its place"
    );
    list_is_empty(browser).await;
}

#[tokio::test]
async fn an_upload_is_taken_off_while_it_is_under_way() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.sends_at_most(40_000).await;
    browser.drops(&[text("long.txt", 900)]).await;
    let begun = "return document.querySelector('.file__bar')?.value > 0";
    browser.until("some of it is gone", begun, json!([])).await;
    is_accessible(browser, "an upload under way", "html").await;
    reads_out(browser, "an upload under way", UNDER_WAY).await;
    browser.press("button", "Remove long.txt").await;
    list_is_empty(browser).await;
    browser.network(Network::There).await;
    let kept = "return Object.keys(localStorage).filter((key) => key.includes('.files.')).length";
    assert_eq!(browser.run(kept, json!([])).await, 0, "nothing of it is noted");
}

const UNDER_WAY: &str = "
    list Files to send
    listitem
    StaticText long.txt
    StaticText 900 kB
    progressbar Uploading long.txt
    button Remove long.txt
";

#[tokio::test]
async fn what_is_written_after_a_file_was_sent_arrives_after_it_and_alone_when_the_file_is_taken_off() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let waits = "return messages().at(-1)[2].includes('Will be sent after the file')";
    for (name, words) in [("first.txt", "Is it broken?"), ("second.txt", "Never mind")] {
        browser.sends_at_most(40_000).await;
        browser.drops(&[text(name, 400)]).await;
        let begun = "return document.querySelector('.file__bar')?.value > 0";
        browser.until("some of it is gone", begun, json!([])).await;
        browser.press("button", "Send").await;
        says(browser, name, "Will be sent when uploaded").await;
        shopper.says(words).await;
        shopper.asks("the text waits for it", waits, json!([])).await;
        if name == "second.txt" {
            browser.press("button", "Remove second.txt").await;
        }
        browser.network(Network::There).await;
        shopper.has_said(words).await;
        list_is_empty(browser).await;
    }
    let texts = shopper.texts().await;
    let said: Vec<_> = texts.iter().filter_map(|text| text.lines().next()).collect();
    assert_eq!(said, ["Hello", "Hello.", "first.txt", "Is it broken?", "Never mind"]);
}

#[tokio::test]
async fn an_upload_goes_on_after_a_cut_and_after_a_reload_and_is_one_message() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    browser.sends_at_most(300_000).await;
    browser.drops(&[text("long.txt", 3_000)]).await;
    // Said to be sent before it is there.
    let begun = "return document.querySelector('.file__bar')?.value > 0";
    browser.until("some of it is gone", begun, json!([])).await;
    shopper.says("All of it").await;
    says(browser, "long.txt", "Will be sent when uploaded").await;
    browser.network(Network::Away).await;
    says(browser, "long.txt", "No connection").await;
    browser.network(Network::There).await;
    browser.sends_at_most(300_000).await;
    browser.until("it goes on", begun, json!([])).await;
    shopper.reloads().await;
    browser.network(Network::There).await;
    list_is_empty(browser).await;
    shopper.has_said("long.txt\n3 MB\nDownload\n\nAll of it").await;
    let count = "return document.querySelectorAll('.message .body__card').length";
    assert_eq!(browser.run(count, json!([])).await, 1);
}

/// A day later is a note whose time is over. The address that is forgotten with it is not the one that is posted.
#[tokio::test]
pub(crate) async fn a_file_that_was_uploaded_too_long_ago_is_uploaded_again_before_it_is_posted() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.drops(&[picture_of("tent.png")]).await;
    says(browser, "tent.png", "Ready to send").await;
    let grows_old = "
        const name = Object.keys(localStorage).find((key) => key.includes('.files.'));
        const note = JSON.parse(localStorage[name]);
        const lasts = note.expiresAt - Date.now();
        localStorage[name] = JSON.stringify({ ...note, expiresAt: Date.now() });
        return [lasts > 23 * 3_600_000 && lasts <= 24 * 3_600_000, note.location.split('/').pop()]";
    let was = browser.run(grows_old, json!([])).await;
    assert_eq!(was[0], true, "the note has the relay's day");
    shopper.reloads().await;
    says(browser, "tent.png", "Ready to send").await;
    shopper.says("My tent").await;
    list_is_empty(browser).await;
    assert_ne!(was[1], shows(browser, "tent.png").await.as_str());
    shopper.has_said("My tent").await;
}

#[tokio::test]
async fn an_agents_file_reaches_the_customer() {
    let there = served().await;
    let Served { agent, shopper, .. } = &there;
    let desk = &agent.browser;
    let (_folder, path) = on_disk("invoice.txt", b"Two tents");
    desk.chooses(&[&path]).await;
    says(desk, "invoice.txt", "Ready to send").await;
    is_accessible(desk, "a file at the desk", "html").await;
    desk.types("textbox", REPLY, "Your invoice\n").await;
    list_is_empty(desk).await;
    shopper.browser.sees("button", "invoice.txt").await;
    // The token has ended meanwhile, as on a device that has slept: the relay refuses it, and the chat asks for another one.
    let saved = "
        const real = fetch;
        let ended;
        window.fetch = (asked, ...more) => {
            const isForLink = asked.url?.includes('/api/files/');
            if (isForLink && asked.headers.get('authorization') === (ended ??= asked.headers.get('authorization')))
                asked = new Request(asked, { headers: { authorization: 'Bearer ended' } });
            return real(asked, ...more);
        };
        const click = HTMLAnchorElement.prototype.click;
        HTMLAnchorElement.prototype.click = function () {
            HTMLAnchorElement.prototype.click = click;
            fetch(this.href).then((answer) => answer.text()).then((text) => done([this.download, text]));
        };
        named('button', 'invoice.txt').click();";
    let saved = shopper.browser.run_async(saved, json!([])).await;
    assert_eq!(saved, json!(["invoice.txt", "Two tents"]));
    // What is meant for the team stays there.
    desk.press("radio", "Whisper").await;
    desk.drops(&[picture_of("secret.png")]).await;
    says(desk, "secret.png", "Ready to send").await;
    desk.press("radio", "Reply").await;
    list_is_empty(desk).await;
}
