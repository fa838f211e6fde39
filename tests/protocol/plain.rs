//! The chat as a page with a plain form, for browsers that run no program: the same conversation, rules and limits.

use crate::consent::{answer, asking, log, records};
use crate::world::{ready_agent, take_offer};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, ClientFrame, Draft, Post};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use portico_tests::{client_id, eventually};
use reqwest::StatusCode;

/// A visitor whose browser sends forms and does nothing else.
struct Plain<'a> {
    relay: &'a Relay,
    channel: &'a str,
    /// What the last answer left in the form.
    visit: String,
    id: String,
    status: StatusCode,
    html: String,
}

impl<'a> Plain<'a> {
    async fn comes(relay: &'a Relay, channel: &'a str) -> Self {
        let mut plain = Self {
            relay,
            channel,
            visit: String::new(),
            id: String::new(),
            status: StatusCode::OK,
            html: String::new(),
        };
        let answer = reqwest::get(plain.address()).await.expect("an answer");
        plain.read(answer).await;
        plain
    }

    fn address(&self) -> String {
        format!("{}/widget/plain/{}", self.relay.origin(), self.channel)
    }

    async fn read(&mut self, answer: reqwest::Response) {
        self.status = answer.status();
        self.html = answer.text().await.expect("a page");
        for (name, field) in [("visit", &mut self.visit), ("id", &mut self.id)] {
            let mark = format!("name=\"{name}\" value=\"");
            let value = self.html.split_once(&mark).and_then(|(_, rest)| rest.split_once('"'));
            *field = value.map(|(value, _)| value.to_owned()).unwrap_or_default();
        }
    }

    /// Sends the form from a page of this origin.
    async fn sends_from(&mut self, origin: Option<&str>, fields: &[(&str, &str)]) {
        let mut form = vec![("visit", self.visit.as_str()), ("id", self.id.as_str())];
        form.extend_from_slice(fields);
        let mut request = reqwest::Client::new().post(self.address()).form(&form);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = request.send().await.expect("an answer");
        self.read(answer).await;
    }

    async fn sends(&mut self, fields: &[(&str, &str)]) {
        let own = self.relay.origin();
        self.sends_from(Some(&own), fields).await;
    }

    async fn says(&mut self, text: &str) {
        self.sends(&[("text", text), ("wants", "send")]).await;
    }

    async fn looks(&mut self) {
        self.sends(&[("wants", "look")]).await;
    }

    /// What was said, in order, without markup.
    fn texts(&self) -> Vec<String> {
        let (_, list) = self.html.split_once("<ol id=\"lines\"").expect("a list");
        let (list, _) = list.split_once("</ol>").expect("an end of it");
        let lines = list
            .split("<li ")
            .skip(1)
            .filter(|line| !line.contains("class=\"notice\""));
        let text = |line: &str| {
            let (_, rest) = line.split_once("<p dir=\"auto\">")?;
            rest.split_once("</p>").map(|(text, _)| text.to_owned())
        };
        lines.filter_map(text).collect()
    }

    fn left(&self) -> &str {
        let (_, rest) = self.html.split_once("autocomplete=\"off\">\n").expect("a text box");
        rest.split_once("</textarea>").expect("an end of it").0
    }
}

#[tokio::test]
async fn a_chat_is_had_by_forms_alone() {
    let relay = Relay::plain().await;
    let mut agent = ready_agent(&relay, "ann").await;
    let mut plain = Plain::comes(&relay, "desk").await;
    assert_eq!(plain.texts(), ["Hello. How can we help?"]);
    assert_eq!((plain.visit.as_str(), plain.left()), ("", ""));
    assert!(
        plain.html.contains("This browser can&#39;t run the full chat."),
        "{}",
        plain.html
    );

    plain.says("Is <b>anybody</b>\r\nthere?").await;
    assert_eq!(plain.status, 200);
    let said = "Is &#60;b&#62;anybody&#60;/b&#62;\nthere?";
    assert_eq!(plain.texts()[1], said);
    assert_eq!(plain.left(), "");
    let offer = take_offer(&mut agent).await;
    agent.said(&offer.conversation, "I am.").await;
    plain.looks().await;
    assert_eq!(plain.texts().last().map(String::as_str), Some("I am."));
    assert!(plain.html.contains("<b dir=\"auto\">Ann</b>"), "{}", plain.html);
    plain.says("Good.").await;
    agent.hears("Good.").await;

    plain.sends(&[("wants", "end")]).await;
    assert!(
        plain.html.contains("<p dir=\"auto\">You ended this chat</p>"),
        "{}",
        plain.html
    );
    plain.says("One more").await;
    assert_eq!(plain.texts()[1..], ["One more"], "a new chat");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_says_it_once() {
    let relay = Relay::plain().await;
    let mut plain = Plain::comes(&relay, "desk").await;
    plain.says("Hello").await;
    let (visit, id) = (plain.visit.clone(), plain.id.clone());
    plain.says("Once").await;
    (plain.visit, plain.id) = (visit, id);
    plain.says("Once").await;
    assert_eq!(plain.texts().iter().filter(|text| *text == "Once").count(), 1);
}

#[tokio::test]
async fn a_form_that_is_sent_again_when_the_chat_is_over_begins_no_other_one() {
    let relay = Relay::plain().await;
    let mut plain = Plain::comes(&relay, "desk").await;
    plain.says("Hello").await;
    let id = plain.id.clone();
    plain.says("Twice").await;
    plain.sends(&[("wants", "end")]).await;
    let over = plain.texts();
    plain.id = id;
    plain.says("Twice").await;
    assert_eq!((plain.texts(), plain.left()), (over, ""));
    assert!(plain.html.contains("You ended this chat"), "{}", plain.html);
    plain.says("One more").await;
    assert_eq!(plain.texts()[1..], ["One more"], "a new message begins a new chat");
}

impl Plain<'_> {
    /// Whether there is something to write into.
    fn is_asked(&self) -> bool {
        self.html.contains("<div id=\"asks\">") && self.html.contains("<div id=\"compose\" hidden>")
    }

    async fn agrees_to(&mut self, version: &str, text: &str) {
        let fields = [
            ("wants", "agree"),
            ("version", version),
            ("language", "de"),
            ("text", text),
        ];
        self.sends(&fields).await;
    }
}

#[tokio::test]
async fn where_a_channel_asks_for_consent_nobody_has_a_token_before_it_is_given() {
    let relay = Relay::start(asking(3)).await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut plain = Plain::comes(&relay, "asked").await;
    assert!(plain.is_asked() && plain.html.contains("We keep it."), "{}", plain.html);
    assert!(plain.html.contains("href=\"https://shop.example/privacy\""));
    for wants in ["send", "look", "end"] {
        plain.sends(&[("text", "Hello"), ("wants", wants)]).await;
        assert!(plain.is_asked() && plain.visit.is_empty(), "{wants}: {}", plain.html);
    }
    plain.agrees_to("2", "Hello").await;
    assert!(plain.is_asked() && plain.visit.is_empty(), "{}", plain.html);
    assert_eq!(plain.left(), "Hello");

    plain.agrees_to("3", "Hello").await;
    assert!(!plain.is_asked() && !plain.visit.is_empty(), "{}", plain.html);
    assert_eq!(
        (plain.texts().len(), plain.left()),
        (1, "Hello"),
        "it is not sent by that"
    );
    plain.says("Hello").await;
    plain.says("Anybody there?").await;
    assert_eq!(plain.texts()[1..], ["Hello", "Anybody there?"]);
    let offer = take_offer(&mut ann).await;
    let records = records(&log(&mut ann, &offer.conversation).await);
    let [record] = records.as_slice() else {
        panic!("one record: {records:?}");
    };
    let answers = ["consent", "version", "language"].map(|key| answer(record, key).as_str().unwrap_or_default());
    assert_eq!(answers, ["yes", "3", "de"]);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let relay = Relay::plain().await;
    let mut plain = Plain::comes(&relay, "shop").await;
    plain.says("Hello").await;
    let visit = plain.visit.clone();
    let sites = [
        relay.shop_origin(),
        "https://evil.example".to_owned(),
        "null".to_owned(),
    ];
    for origin in sites {
        plain.visit.clone_from(&visit);
        plain.sends_from(Some(&origin), &[("text", "Not mine")]).await;
        assert_eq!(plain.status, StatusCode::FORBIDDEN, "{origin}");
    }
    plain.visit = visit;
    plain.looks().await;
    assert!(!plain.texts().contains(&"Not mine".to_owned()));
}

#[tokio::test]
async fn a_token_that_proves_nothing_here_keeps_what_was_written() {
    let relay = Relay::plain().await;
    let other = relay.visitor("solo").await;
    let known = relay.visitor("shop").await;
    for token in [other.token.as_str(), known.refresh.as_str(), "no token"] {
        let mut plain = Plain::comes(&relay, "shop").await;
        plain.visit = token.to_owned();
        plain.says("Hello").await;
        assert_eq!(plain.status, 200);
        assert_eq!((plain.visit.as_str(), plain.left()), ("", "Hello"), "{token}");
        assert!(
            plain.html.contains("Your next message begins a new chat."),
            "{}",
            plain.html
        );
    }
}

#[tokio::test]
async fn a_visitor_of_the_widget_goes_on_in_the_same_chat_and_the_same_message_is_one() {
    let relay = Relay::plain().await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let chat = socket.start().await.conversation;
    socket.join(&chat, None).await;
    socket.said(&chat, "From the widget").await;
    let mut plain = Plain::comes(&relay, "desk").await;
    plain.visit = visitor.token;
    plain.looks().await;
    assert_eq!(plain.texts()[1], "From the widget");

    let id = client_id();
    plain.id = id.as_str().to_owned();
    plain.says("Twice").await;
    socket.hears("Twice").await;
    let again = ClientFrame::Post(Post {
        conversation: chat,
        client_id: id.clone(),
        message: Draft::new(MessageBody::plain("Twice")).into(),
        audience: Audience::Everyone,
    });
    socket.send(&again).await;
    socket.answer(&id).await.expect("it is there already");
    plain.looks().await;
    assert_eq!(plain.texts().iter().filter(|text| *text == "Twice").count(), 1);
}

#[tokio::test]
async fn who_writes_too_fast_is_told_so_and_keeps_the_text() {
    let relay = Relay::start(World {
        frames: (60, 3),
        ..World::default()
    })
    .await;
    let mut plain = Plain::comes(&relay, "desk").await;
    plain.says("Hello").await;
    eventually("it is too fast", async || {
        let mut plain = Plain {
            relay: &relay,
            channel: "desk",
            visit: plain.visit.clone(),
            id: client_id().as_str().to_owned(),
            status: StatusCode::OK,
            html: String::new(),
        };
        plain.says("And").await;
        let is_refused = plain.status == StatusCode::TOO_MANY_REQUESTS;
        assert!(!is_refused || plain.texts().len() == 1, "the chat is not read for that");
        (is_refused && plain.left() == "And").then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_looks_again_is_answered_by_nothing_until_something_is_new() {
    let relay = Relay::plain().await;
    let mut agent = ready_agent(&relay, "ann").await;
    let mut plain = Plain::comes(&relay, "desk").await;
    plain.says("Hello").await;
    let offer = take_offer(&mut agent).await;
    // What the team does on its own is in the log, too.
    let mut looks = 0;
    let mark = loop {
        plain.looks().await;
        let (_, rest) = plain.html.split_once("data-mark=\"").expect("a mark");
        let mark = rest.split_once('"').expect("an end of it").0.to_owned();
        let page = (plain.visit.clone(), plain.id.clone());
        plain.sends(&[("wants", "look"), ("known", &mark)]).await;
        let is_same = plain.status == StatusCode::NO_CONTENT;
        (plain.visit, plain.id) = page;
        if is_same {
            break mark;
        }
        looks += 1;
        assert!(looks < 100, "it comes to rest");
    };
    assert_eq!(plain.html, "");
    agent.said(&offer.conversation, "I am here.").await;
    plain.sends(&[("wants", "look"), ("known", &mark)]).await;
    assert_eq!(plain.status, StatusCode::OK);
    assert_eq!(plain.texts().last().map(String::as_str), Some("I am here."));
}

#[tokio::test]
async fn the_page_is_kept_nowhere_and_its_address_says_nothing() {
    let relay = Relay::plain().await;
    let answer = reqwest::get(format!("{}/widget/plain/shop?locale=de", relay.origin())).await;
    let answer = answer.expect("an answer");
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
    let policy = header("content-security-policy");
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(
        policy.contains(&format!("frame-ancestors {}", relay.shop_origin())),
        "{policy}"
    );
    let html = answer.text().await.expect("a page");
    assert!(html.contains("<html lang=\"de\""), "{html}");
    assert!(
        html.contains("Dieser Browser kann den vollen Chat nicht anzeigen."),
        "{html}"
    );
    let none = reqwest::get(format!("{}/widget/plain/nowhere", relay.origin())).await;
    assert_eq!(none.expect("an answer").status(), StatusCode::NOT_FOUND);
}
