//! Voice notes: recorded in the browser, heard before they are sent, played at the desk.

use crate::chat::{PHONE, fits};
use crate::looks::is_accessible;
use crate::people::{LAUNCHER, MESSAGE, Served, Shopper, served_with, shop_with_bot};
use crate::read_out::reads_out;
use portico_tests::browser::{Browser, Key};
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// The button that records.
const RECORD: &str = "Record a voice message";

/// A browser whose microphone beeps, and that lets every page have it.
async fn with_microphone() -> Browser {
    let switches = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    Browser::open_with("shopper", &switches).await
}

const RECORDER: &str = "
    contentinfo
    group Record a voice message
    button Discard recording
    timer Recording
    StaticText {time} / {time}
    button Stop recording
";

const RECORDED: &str = "
    contentinfo
    group Record a voice message
    button Discard recording
    Audio
    button Send
";

/// Notes the microphones that are opened from here on.
const NOTE: &str = "
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    window.microphones = [];
    devices.getUserMedia = (asked) => open(asked).then((stream) => (microphones.push(...stream.getTracks()), stream));";

/// Whether all of them are closed.
const CLOSED: &str = "return microphones.length && microphones.every((track) => track.readyState === 'ended')";

async fn has_keyboard(browser: &Browser, role: &str, name: &str) {
    let script = "return document.activeElement === named(...arguments)";
    let what = format!("the keyboard is at {name:?}");
    browser.until(&what, script, json!([role, name])).await;
}

/// Plays the last sound, and waits until it runs.
async fn plays(browser: &Browser, selector: &str) {
    let script = "
        const player = [...document.querySelectorAll(arguments[0])].pop();
        if (!player) return false;
        player.muted = true;
        if (player.paused) player.play();
        return player.currentTime > 0 && !player.error";
    browser
        .until(&format!("{selector} plays"), script, json!([selector]))
        .await;
}

/// Records for two seconds.
async fn records(browser: &Browser) {
    browser.press("button", RECORD).await;
    has_keyboard(browser, "button", "Stop recording").await;
    let time = "return /^0:(0[2-9]|[1-5]).* \\/ 2:00$/.test(document.querySelector('.recorder__time')?.innerText)";
    browser.until("two seconds are recorded", time, json!([])).await;
}

#[tokio::test]
async fn a_voice_note_is_recorded_heard_and_sent_and_the_agent_plays_it() {
    let there = served_with(with_microphone().await).await;
    let Served { agent, shopper, .. } = &there;
    let browser = &shopper.browser;
    browser.run(NOTE, json!([])).await;
    browser.press("button", RECORD).await;
    let loud =
        "return new DOMMatrix(getComputedStyle(document.querySelector('.recorder__level > span')).transform).a > 0.05";
    browser.until("the beep moves the level", loud, json!([])).await;
    is_accessible(browser, "a recording", "html").await;
    reads_out(browser, "a recording", RECORDER).await;
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;
    let time = "return /^0:(0[2-9]|[1-5])/.test(document.querySelector('.recorder__time').innerText)";
    browser.until("two seconds are recorded", time, json!([])).await;
    browser.key(Key::Enter).await;
    has_keyboard(browser, "", "Your recording").await;
    browser.until("the microphone is closed", CLOSED, json!([])).await;
    let knows =
        "const { duration } = document.querySelector('.recorder__sound'); return duration > 1.5 && duration < 20";
    browser.until("the player knows how long it is", knows, json!([])).await;
    plays(browser, ".recorder__sound").await;
    is_accessible(browser, "a recording to be sent", "html").await;
    reads_out(browser, "a recording to be sent", RECORDED).await;
    fits(browser, "ltr").await;
    browser.press("button", "Send").await;
    has_keyboard(browser, "textbox", MESSAGE).await;
    let sent = "
        const row = [...document.querySelectorAll('.message--mine')].pop();
        return row?.querySelector('.body__sound') && /^0:\\d\\d$/.test(row.querySelector('.body__note')?.innerText)";
    browser.until("it is sent, with its length", sent, json!([])).await;
    for who in [browser, &agent.browser] {
        plays(who, ".body__sound").await;
        is_accessible(who, "a voice note", "html").await;
        assert_eq!(who.seen().await.violations, [""; 0]);
    }
    let said = browser.seen().await.said;
    for sentence in ["Recording", "Allow the microphone in your browser to record."] {
        let times = said.iter().filter(|line| line.as_str() == sentence).count();
        assert_eq!(times, 1, "{sentence:?} once: {said:?}");
    }
    assert!(
        said.iter().any(|line| line.starts_with("Your recording, 0:0")),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_recording_that_is_thrown_away_closes_the_microphone_and_sends_nothing() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::comes(with_microphone().await, &relay).await;
    shopper.opens().await;
    let browser = &shopper.browser;
    browser.run(NOTE, json!([])).await;
    browser.types("textbox", MESSAGE, "Half a ").await;
    let offers = browser.has("button", RECORD).await;
    assert!(!offers, "with a text in the box there is the send button");
    shopper.says("sentence").await;
    shopper.has_said("Half a sentence").await;
    records(browser).await;
    browser.press("button", "Discard recording").await;
    has_keyboard(browser, "textbox", MESSAGE).await;
    browser.until("the microphone is closed", CLOSED, json!([])).await;

    records(browser).await;
    // The window is closed, and nobody sees any more that it listens.
    browser.press("button", "Minimise chat").await;
    browser.until("the microphone is closed", CLOSED, json!([])).await;
    browser.out_of_chat();
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.sees("button", "Discard recording").await;
    browser.press("button", "Discard recording").await;

    // A second press in the same place sends nothing that nobody has heard.
    records(browser).await;
    let twice = "
        named('button', 'Stop recording').click();
        const look = () => {
            const send = named('button', 'Send');
            if (!send || named('button', 'Stop recording')) return requestAnimationFrame(look);
            send.click();
            setTimeout(() => done(!!document.querySelector('.recorder__sound')), 300);
        };
        look();";
    assert_eq!(
        browser.run_async(twice, json!([])).await,
        true,
        "it is not sent unheard"
    );
    browser.press("button", "Discard recording").await;
    shopper.reads(&["Half a sentence"]).await;
}

#[tokio::test]
async fn who_does_not_allow_the_microphone_is_told_so_and_can_try_again() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::comes(with_microphone().await, &relay).await;
    shopper.opens().await;
    let browser = &shopper.browser;
    let refuse = "
        const devices = navigator.mediaDevices;
        const open = devices.getUserMedia.bind(devices);
        const refusals = [...arguments];
        devices.getUserMedia = (asked) =>
            refusals.length ? Promise.reject(new DOMException('', refusals.shift())) : open(asked);";
    browser.run(refuse, json!(["NotAllowedError", "NotFoundError"])).await;
    let told = "return document.querySelector('.recorder__words')?.innerText.startsWith(arguments[0])";
    browser.press("button", RECORD).await;
    let refused = json!(["Your browser does not allow the microphone."]);
    browser.until("it is refused", told, refused).await;
    is_accessible(browser, "a microphone that is refused", "html").await;
    browser.has_room(PHONE.0, PHONE.1).await;
    fits(browser, "ltr").await;
    browser.press("button", "Try again").await;
    let none = json!(["The microphone can't be used."]);
    browser.until("there is none", told, none).await;
    browser.press("button", "Try again").await;
    has_keyboard(browser, "button", "Stop recording").await;
    browser.press("button", "Discard recording").await;
    has_keyboard(browser, "textbox", MESSAGE).await;
}

#[tokio::test]
async fn a_microphone_that_is_allowed_when_the_window_is_closed_stays_closed() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::comes(with_microphone().await, &relay).await;
    shopper.opens().await;
    let browser = &shopper.browser;
    browser.run(NOTE, json!([])).await;
    let late = "
        const devices = navigator.mediaDevices;
        const now = devices.getUserMedia;
        devices.getUserMedia = (asked) => new Promise((allow) => (window.allows = () => now(asked).then(allow)));";
    browser.run(late, json!([])).await;
    browser.press("button", RECORD).await;
    let asked = "return !!window.allows";
    browser.until("the microphone is asked for", asked, json!([])).await;
    browser.press("button", "Minimise chat").await;
    let gone = "return !document.querySelector('.recorder')";
    browser.until("nothing is asked any more", gone, json!([])).await;
    browser.run("allows()", json!([])).await;
    browser.until("the microphone is closed", CLOSED, json!([])).await;
    browser.out_of_chat();
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    browser.sees("button", RECORD).await;
}

async fn shop(config: &str) -> Relay {
    Relay::start(World {
        config: config.to_owned(),
        ..World::default()
    })
    .await
}

#[tokio::test]
async fn a_recording_ends_at_the_longest_that_the_channel_takes() {
    let relay = shop("[channels.demo.composer]\nvoice_seconds = 1\n").await;
    let shopper = Shopper::comes(with_microphone().await, &relay).await;
    shopper.opens().await;
    let browser = &shopper.browser;
    browser.press("button", RECORD).await;
    has_keyboard(browser, "", "Your recording").await;
    let name = "return document.querySelector('.recorder__sound').ariaLabel";
    assert_eq!(browser.run(name, json!([])).await, "Your recording, 0:01");
}

#[tokio::test]
async fn a_channel_that_takes_no_voice_notes_has_no_button_and_no_microphone() {
    for config in [
        "[channels.demo.composer]\nvoice_seconds = 0\n",
        "[channels.demo.files]\ntypes = [\"image/png\"]\n",
    ] {
        let relay = shop(config).await;
        let shopper = Shopper::comes(with_microphone().await, &relay).await;
        shopper.opens().await;
        assert!(!shopper.browser.has("button", RECORD).await, "{config}");
        let asks = "navigator.mediaDevices.getUserMedia({ audio: true }).then(() => done('open'), (error) => done(error.name))";
        assert_eq!(
            shopper.browser.run_async(asks, json!([])).await,
            "NotAllowedError",
            "{config}"
        );
    }
}

#[tokio::test]
async fn a_recorder_that_did_not_come_is_not_waited_for_by_the_next_visitor() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.blocks(&["*split_recorder*"]).await;
    browser.press("button", RECORD).await;
    let failed = "return document.querySelectorAll('.composer .part--failed').length === arguments[0]";
    browser.until("it did not come", failed, json!([1])).await;
    browser.out_of_chat();
    browser.run("Portico('logout'); Portico('open')", json!([])).await;
    browser.into_chat();
    browser.until("nothing is left of it", failed, json!([0])).await;
    browser.sees("button", RECORD).await;
}
