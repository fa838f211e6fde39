//! The two people that all of this is about: a shopper with the widget and an agent at the desk. Where their pages
//! keep what is said is known here and nowhere else.

use portico_shared::frame::{ClientFrame, Start};
use portico_shared::ids::ConversationId;
use portico_tests::api::Visitor;
use portico_tests::browser::Browser;
use portico_tests::client_id;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::{Socket, text_of};
use serde_json::{Value, json};

/// The launcher's name on the demo shop.
pub(crate) const LAUNCHER: &str = "Chat with Fernweh";

/// The composer's name in the widget.
pub(crate) const MESSAGE: &str = "Message";

/// The composer's name at the desk.
pub(crate) const REPLY: &str = "Your message to the customer";

/// The composer's name at the desk while it whispers.
pub(crate) const WHISPER: &str = "Your whisper to your team";

/// A relay with a bot on the shop's channel.
pub(crate) async fn shop_with_bot() -> (Relay, Receiver) {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    (relay, bot)
}

/// The same shop, in which Ann has just taken over from the bot.
pub(crate) struct Served {
    pub(crate) relay: Relay,
    pub(crate) bot: Receiver,
    pub(crate) agent: Agent,
    pub(crate) shopper: Shopper,
}

/// A shop in which Ann serves a shopper who has asked for a person.
pub(crate) async fn served() -> Served {
    served_with(Browser::open("shopper").await).await
}

/// The same, with a browser of the shopper's own.
pub(crate) async fn served_with(browser: Browser) -> Served {
    let (relay, bot) = shop_with_bot().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::comes(browser, &relay).await;
    shopper.opens().await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    agent.hears("A person, please").await;
    Served {
        relay,
        bot,
        agent,
        shopper,
    }
}

/// Somebody on the demo shop's page.
pub(crate) struct Shopper {
    pub(crate) browser: Browser,
}

impl Shopper {
    /// Comes to the shop, and does not touch the chat.
    pub(crate) async fn visits(relay: &Relay) -> Self {
        Self::comes(Browser::open("shopper").await, relay).await
    }

    /// Comes with a browser of its own.
    pub(crate) async fn comes(browser: Browser, relay: &Relay) -> Self {
        browser.goto(&relay.shop_origin()).await;
        browser.sees("button", LAUNCHER).await;
        Self { browser }
    }

    /// Comes to the shop and opens the chat.
    pub(crate) async fn chats(relay: &Relay) -> Self {
        let shopper = Self::visits(relay).await;
        shopper.opens().await;
        shopper
    }

    /// Says "Hello" to the bot, which answers "Hello.".
    pub(crate) async fn is_greeted(&self, bot: &Receiver) {
        bot.will_say("Hello.");
        self.says("Hello").await;
        self.hears("Hello.").await;
    }

    /// Opens the chat. Afterwards everything is done inside it.
    pub(crate) async fn opens(&self) {
        self.browser.out_of_chat();
        self.browser.press("button", LAUNCHER).await;
        self.browser.into_chat();
        self.browser.sees("textbox", MESSAGE).await;
        self.is_served_by_the_program().await;
    }

    /// Waits until the program has taken over from the first screen.
    pub(crate) async fn is_served_by_the_program(&self) {
        let runs = "return named('textbox', 'Message') && !document.querySelector('#first-screen')";
        self.browser.until("the program runs", runs, json!([])).await;
    }

    /// Loads the page again and opens the chat.
    pub(crate) async fn reloads(&self) {
        self.browser.reload().await;
        self.opens().await;
    }

    /// Types a text and sends it.
    pub(crate) async fn says(&self, text: &str) {
        self.browser.types("textbox", MESSAGE, &format!("{text}\n")).await;
    }

    /// Sends any text, characters that no keyboard has included.
    pub(crate) async fn pastes(&self, text: &str) {
        let script = "
            const box = named('textbox', 'Message');
            box.value = arguments[0];
            box.dispatchEvent(new InputEvent('input', { bubbles: true }));
            box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));";
        self.browser.run(script, json!([text])).await;
    }

    /// Waits until somebody else's message is on the screen.
    pub(crate) async fn hears(&self, text: &str) {
        let script = "return messages().some(([mine, text]) => !mine && text === arguments[0])";
        self.asks(&format!("{text:?} is heard"), script, json!([text])).await;
    }

    /// Waits until an own message is there and its relay has it.
    pub(crate) async fn has_said(&self, text: &str) {
        let script = "return messages().some(([mine, text, state]) => mine && text === arguments[0] && !/Waiting|Sending|Not sent/.test(state))";
        self.asks(&format!("{text:?} is sent"), script, json!([text])).await;
    }

    /// All texts in their order.
    pub(crate) async fn texts(&self) -> Vec<String> {
        let script = with_messages("return messages().map(([, text]) => text)");
        let texts = self.browser.run(&script, json!([])).await;
        serde_json::from_value(texts).expect("a list of texts")
    }

    /// Waits for a script that may ask for `messages()`: whose, what, and how far.
    pub(crate) async fn asks(&self, what: &str, script: &str, args: serde_json::Value) {
        self.browser.until(what, &with_messages(script), args).await;
    }

    /// Waits until exactly these texts are there, in this order.
    pub(crate) async fn reads(&self, texts: &[&str]) {
        let script = "return JSON.stringify(messages().map(([, text]) => text)) === JSON.stringify([...arguments])";
        self.asks(&format!("{texts:?} are there"), script, json!(texts)).await;
    }
}

fn with_messages(script: &str) -> String {
    const MESSAGES: &str = "
        const text = (el) => (el ? el.innerText.trim() : '');
        const messages = () => [...document.querySelectorAll('.message')].map((row) => [
            row.classList.contains('message--mine'),
            text(row.querySelector('.bubble')),
            text(row.querySelector('.state, .message__failure')),
        ]);";
    [MESSAGES, script].join("\n")
}

/// Somebody who chats without a browser, where the desk alone is looked at.
pub(crate) struct Customer {
    pub(crate) socket: Socket,
    pub(crate) chat: ConversationId,
    /// Who it is, with the proof.
    pub(crate) visitor: Visitor,
}

impl Customer {
    /// A visitor of a channel begins a chat; `data` is what the page and the form say.
    pub(crate) async fn begins(relay: &Relay, channel: &str, data: Value) -> Self {
        Self::visits(relay, relay.visitor(channel).await, data).await
    }

    /// Somebody who is known begins one.
    pub(crate) async fn visits(relay: &Relay, visitor: Visitor, data: Value) -> Self {
        let (mut socket, _) = Socket::hello(relay, &visitor.token).await;
        let client_id = client_id();
        let data = serde_json::from_value(data).expect("an object");
        let start = Start {
            client_id: client_id.clone(),
            data,
            form: None,
        };
        socket.send(&ClientFrame::Start(start)).await;
        let started = socket.answer(&client_id).await.expect("a start is taken");
        socket.join(&started.conversation, None).await;
        Self {
            socket,
            chat: started.conversation,
            visitor,
        }
    }

    /// Says something; it is on disk afterwards.
    pub(crate) async fn says(&mut self, text: &str) {
        self.socket.said(&self.chat, text).await;
    }

    /// Waits for a message.
    pub(crate) async fn hears(&mut self, text: &str) {
        self.socket.hears(text).await;
    }

    /// All texts that the customer may read, asked for anew.
    pub(crate) async fn texts(&self, relay: &Relay) -> Vec<String> {
        let (mut socket, _) = Socket::hello(relay, &self.visitor.token).await;
        let log = socket.log(&self.chat).await;
        log.iter()
            .filter_map(|item| text_of(&item.event).map(str::to_owned))
            .collect()
    }

    /// Ends the chat, and waits until it is over.
    pub(crate) async fn ends(&mut self) {
        let client_id = client_id();
        let end = ClientFrame::End {
            conversation: self.chat.clone(),
            client_id: client_id.clone(),
        };
        self.socket.send(&end).await;
        self.socket.answer(&client_id).await.expect("it is the customer's chat");
    }
}

/// Somebody at the desk.
pub(crate) struct Agent {
    pub(crate) browser: Browser,
}

impl Agent {
    /// Comes to the desk's first page.
    pub(crate) async fn comes(relay: &Relay) -> Self {
        let browser = Browser::open("agent").await;
        browser.goto(&format!("{}/desk/", relay.origin())).await;
        browser.sees("button", "Sign in").await;
        Self { browser }
    }

    /// Signs in.
    pub(crate) async fn signs_in(relay: &Relay, name: &str) -> Self {
        let agent = Self::comes(relay).await;
        agent.browser.types("textbox", "User name", name).await;
        agent
            .browser
            .types("textbox", "Password", &format!("{name}-password\n"))
            .await;
        agent.browser.sees("button", "Your state: Not ready").await;
        agent
    }

    /// Signs in and becomes ready.
    pub(crate) async fn ready(relay: &Relay, name: &str) -> Self {
        let agent = Self::signs_in(relay, name).await;
        agent.browser.press("button", "Your state").await;
        agent.browser.press("button", "Ready").await;
        agent.browser.sees("button", "Your state: Ready").await;
        agent
    }

    /// Takes the offer that rings.
    pub(crate) async fn accepts(&self) {
        self.browser.press("button", "Accept").await;
        self.browser.sees("textbox", REPLY).await;
    }

    /// What the customer of the open conversation is called.
    pub(crate) async fn customer(&self) -> String {
        let script = "return document.querySelector('.conversation__name').textContent";
        let name = self.browser.run(script, json!([])).await;
        name.as_str().expect("a name").to_owned()
    }

    /// Types into the composer of this name, and does not send it.
    pub(crate) async fn types(&self, composer: &str, text: &str) {
        self.browser.types("textbox", composer, text).await;
    }

    /// Waits until the composer of this name is the one that is shown, and holds this text.
    pub(crate) async fn has_typed(&self, composer: &str, text: &str) {
        let script = "return named('textbox', arguments[0])?.value === arguments[1]";
        self.browser
            .until(&format!("{composer}: {text:?}"), script, json!([composer, text]))
            .await;
    }

    /// Types a text to the customer and sends it.
    pub(crate) async fn says(&self, text: &str) {
        self.browser.types("textbox", REPLY, &format!("{text}\n")).await;
    }

    /// Waits until a message with this text is on the screen, whoever wrote it.
    pub(crate) async fn hears(&self, text: &str) {
        let script = format!("{TEXTS} return texts().includes(arguments[0])");
        self.browser
            .until(&format!("{text:?} is heard"), &script, json!([text]))
            .await;
    }

    /// All texts in their order.
    pub(crate) async fn texts(&self) -> Vec<String> {
        let texts = self.browser.run(&format!("{TEXTS} return texts()"), json!([])).await;
        serde_json::from_value(texts).expect("a list of texts")
    }
}

const TEXTS: &str = "
    const texts = () => [...document.querySelectorAll('#timeline :is(.message .bubble, .whisper__text)')].map((el) => el.innerText.trim());";
