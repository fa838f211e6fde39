//! The playground of the demo: its options and commands do what they say, and its line goes bad as it says.

use crate::looks::is_accessible;
use crate::people::Shopper;
use crate::site::UNNAMED_LAUNCHER;
use portico_tests::browser::Browser;
use portico_tests::port::Port;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::{eventually, provided};
use serde_json::json;
use std::process::{Child, Command, Stdio};

/// A playground, and the relay at the end of its line.
struct Playground {
    relay: Relay,
    bot: Receiver,
    page: String,
    program: Child,
    _ports: [Port; 2],
}

impl Playground {
    async fn start() -> Self {
        let ports = [Port::reserve(), Port::reserve()];
        let [page, line] = [&ports[0], &ports[1]].map(Port::address);
        let bot = Receiver::start().await;
        let config = format!(
            "[channels.play]\nname = \"play\"\norigins = [\"http://{page}\", \"http://{line}\"]\nbot = \"hook\"\nqueue = \"support\"\n\
             [[channels.play.proactive]]\nid = \"advice\"\ntext = \"Not sure which tent to take?\"\n"
        );
        let relay = Relay::start(World {
            webhook: Some(bot.url.clone()),
            config,
            ..World::default()
        })
        .await;
        let mut command = Command::new(provided("PORTICO_PLAYGROUND"));
        for (option, address) in [("--listen", page), ("--line", line), ("--relay", relay.address)] {
            command.arg(option).arg(address.to_string());
        }
        let program = command.args(["--channel", "play"]).stdin(Stdio::null()).spawn();
        let page = format!("http://{page}/");
        eventually("the playground answers", async || reqwest::get(&page).await.ok()).await;
        Self {
            relay,
            bot,
            page,
            program: program.expect("the playground starts"),
            _ports: ports,
        }
    }

    /// Somebody who tries it out.
    async fn visitor(&self) -> Shopper {
        let browser = Browser::open("developer").await;
        browser.goto(&self.page).await;
        browser.sees("button", UNNAMED_LAUNCHER).await;
        Shopper { browser }
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Makes the line so.
async fn line(shopper: &Shopper, name: &str) {
    shopper.browser.out_of_chat();
    shopper.browser.press("radio", name).await;
    let says = format!("The line is now: {}.", name.to_lowercase());
    shopper.browser.sees("status", &says).await;
    shopper.browser.into_chat();
}

/// Waits until the page has noted this.
async fn notes(browser: &Browser, name: &str, detail: &str) {
    browser.out_of_chat();
    let script = "return [...document.querySelectorAll('#events li')].some((line) =>
        line.querySelector('b').textContent === arguments[0] && line.textContent.includes(arguments[1]))";
    browser
        .until(&format!("{name} {detail:?} is noted"), script, json!([name, detail]))
        .await;
}

#[tokio::test]
async fn on_each_bad_line_what_is_said_arrives_once_and_in_order() {
    let playground = Playground::start().await;
    let Playground { bot, .. } = &playground;
    let shopper = playground.visitor().await;
    let browser = &shopper.browser;
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    shopper.is_served_by_the_program().await;
    bot.will_say("Hello.");
    shopper.says("Hello").await;
    shopper.hears("Hello.").await;
    let mut all = vec!["Hello".to_owned(), "Hello.".to_owned()];

    for name in ["Delayed", "Slow", "Drops", "Duplicates"] {
        line(&shopper, name).await;
        let (said, answer) = (format!("Are you {name}?"), format!("I was {name}."));
        bot.will_say(&answer);
        shopper.says(&said).await;
        shopper.has_said(&said).await;
        shopper.hears(&answer).await;
        all.extend([said, answer]);
        shopper.reads(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    for name in ["Silent", "Cut"] {
        line(&shopper, name).await;
        let (said, answer) = (format!("Are you {name}?"), format!("I was {name}."));
        bot.will_say(&answer);
        shopper.says(&said).await;
        if name == "Cut" {
            browser.sees("status", "Connection lost").await;
        }
        let waits = "return /Waiting|Sending/.test(messages().at(-1)[2])";
        shopper.asks("it waits", waits, json!([])).await;
        line(&shopper, "Good").await;
        shopper.has_said(&said).await;
        shopper.hears(&answer).await;
        all.extend([said, answer]);
        shopper.reads(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    let texts = bot
        .calls()
        .iter()
        .filter(|call| call.raw.contains("Are you Duplicates?"))
        .count();
    assert_eq!(texts, 1, "the relay knows what it has");
    notes(browser, "connection", "").await;
}

#[tokio::test]
async fn options_are_live_and_the_snippet_follows_them() {
    let playground = Playground::start().await;
    let shopper = playground.visitor().await;
    let browser = &shopper.browser;
    is_accessible(browser, "the playground", "html").await;
    browser.has_room(360, 740).await;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.run(wide, json!([])).await, false, "on a phone");
    is_accessible(browser, "the playground on a phone", "html").await;
    browser.has_room(1280, 900).await;

    let choose = "
        const control = document.querySelector('#options').elements[arguments[0]];
        control.value = arguments[1];
        control.dispatchEvent(new Event('change', { bubbles: true }))";
    for (name, value) in [
        ("accent", "#1f6f54"),
        ("label", "Ask <us>"),
        ("zIndex", "77"),
        ("locale", "de"),
        ("theme", "dark"),
    ] {
        browser.run(choose, json!([name, value])).await;
    }
    browser.sees("button", "Ask <us>").await;
    let snippet = format!(
        "<script async src=\"{}/embed.js\"\n  data-channel=\"play\"\n  data-accent=\"#1f6f54\"\n  data-label=\"Ask &lt;us>\"\n  data-z-index=\"77\"\n  data-locale=\"de\"\n  data-theme=\"dark\"></script>",
        playground.relay.origin()
    );
    assert_eq!(
        browser
            .run("return document.querySelector('#snippet').textContent", json!([]))
            .await,
        snippet
    );
    browser.press("button", "Ask <us>").await;
    notes(browser, "open", "").await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    let scheme = "return document.documentElement.dataset.theme";
    assert_eq!(browser.run(scheme, json!([])).await, "dark");
    browser.out_of_chat();

    // What the channel offers by itself, once the page asks for it.
    browser.press("button", "close").await;
    browser.run(choose, json!(["proactive", "on"])).await;
    browser.sees("button", "Not sure which tent to take?").await;

    // A launcher of the page, then a chat in the page, then all as it was.
    browser.run(choose, json!(["launcher", "#ask"])).await;
    browser.press("button", "close").await;
    browser.press("button", "Ask us").await;
    notes(browser, "open", "").await;
    browser.run(choose, json!(["container", "#place"])).await;
    let inside = "
        const [chat, place] = [chatFrame().getBoundingClientRect(), document.querySelector('#place').getBoundingClientRect()];
        return chat.width > 200 && chat.left >= place.left - 1 && chat.right <= place.right + 1";
    browser.until("the chat is in the page", inside, json!([])).await;
    browser.press("button", "As it was").await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
    assert_eq!(browser.seen().await.violations, [""; 0]);
}

#[tokio::test]
async fn commands_are_answered_and_noted() {
    let playground = Playground::start().await;
    let shopper = playground.visitor().await;
    let browser = &shopper.browser;
    playground.bot.will_say("Yes, it is.");
    browser.press("button", "sendMessage").await;
    browser.press("button", "open").await;
    browser.into_chat();
    shopper.hears("Yes, it is.").await;
    notes(browser, "messageSent", "").await;
    notes(browser, "message", "Yes, it is.").await;
    for command in [
        "setAttributes",
        "setConversationAttributes",
        "track",
        "pageView",
        "showNewMessage",
        "setTheme",
        "setLocale",
    ] {
        browser.press("button", command).await;
        notes(browser, &format!("{command}()"), "").await;
    }
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    let draft = "return named('textbox', 'Nachricht').value === 'I would like to'";
    browser.until("the draft is there", draft, json!([])).await;
    browser.out_of_chat();
    browser.press("button", "destroy").await;
    browser.no_longer_sees("button", UNNAMED_LAUNCHER).await;
    browser.press("button", "open").await;
    notes(browser, "open()", "boot: ").await;
    browser.press("button", "boot").await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
}
