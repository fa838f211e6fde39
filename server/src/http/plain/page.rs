//! The page: what was said, and the form.

use super::words::{Sentences, Words};
use super::{Outcome, Says, Site};
use crate::http::frame;
use crate::http::policy::{self, Within};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use portico_client::timeline::{CustomerItem, CustomerNotice, TimelineItem, TimelineMessage, Voice};
use portico_client::{Customer, ReceiptLine, ReceiptNames, receipt};
use portico_core::config::Channel;
use portico_core::identity::Origin;
use portico_shared::cim::Timestamp;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::customer::CustomerBody;
use portico_shared::json::Value;
use portico_shared::language::direction;
use portico_shared::limits::MAX_TEXT_CHARS;
use portico_shared::text::{parse, plain_text, says_nothing};
use std::time::Duration;

/// How the page looks, beside the channel's accent.
const STYLE: &str = include_str!("../../../templates/plain.css");

/// What sends the form and looks for answers in the background.
const SCRIPT: &str = include_str!("../../../templates/plain.js");

/// What an answer shows.
pub(super) struct Page<'a> {
    words: &'a Words,
    sentences: &'a Sentences,
    language: &'a str,
    title: &'a str,
    greeting: &'a str,
    accent: String,
    /// What is to be agreed to before anything is written.
    terms: Option<Terms>,
    lines: Vec<Line>,
    /// How far the chat is that they are of.
    mark: String,
    /// Answers that the newest message offers.
    choices: Vec<String>,
    is_live: bool,
    says: Option<Says>,
    /// What is left in the text box.
    text: String,
    /// The token for the next form.
    visit: String,
    /// Whether it has its script and styles.
    pub(super) is_whole: bool,
    /// Set for a visitor who writes too fast.
    pub(super) retry_after: Option<Duration>,
}

/// What the channel asks to be agreed to.
struct Terms {
    version: u32,
    /// In which they stand here.
    language: String,
    text: String,
    /// Where the whole policy is read, if that is anywhere.
    policy: Option<String>,
}

impl Terms {
    /// Those of a channel, in the language of its reader.
    fn of(channel: &Channel, language: &str) -> Option<Self> {
        let asked = channel.consent.as_ref()?.terms();
        let read = asked.text_for(language)?;
        Some(Self {
            version: asked.version,
            language: read.language.clone(),
            text: read.text.clone(),
            policy: web_address(&asked.policy),
        })
    }
}

/// One thing of the timeline.
struct Line {
    /// The position in the log: the same in each answer.
    key: String,
    /// Who said it; nothing for what happened.
    author: Option<String>,
    is_own: bool,
    /// What it answers.
    quote: Option<String>,
    text: String,
    /// Where it leads, if it is a link.
    link: Option<String>,
    is_edited: bool,
    /// In ISO 8601; the visitor's time zone is known to the browser alone.
    at: String,
}

impl Line {
    /// The time of day, by the only time zone that the relay knows of.
    fn clock(&self) -> String {
        let time = self.at.get(11..16).unwrap_or_default();
        format!("{time} UTC")
    }
}

#[derive(Template)]
#[template(path = "plain.html")]
struct Rendered<'a> {
    page: &'a Page<'a>,
    id: &'a str,
    direction: &'static str,
    says: Option<&'a str>,
    /// Whether the terms come first. A visitor with a token has agreed.
    is_asked: bool,
    most: usize,
    style: &'static str,
    script: &'static str,
}

impl<'a> Page<'a> {
    /// That of a chat that has not begun.
    pub(super) fn new(site: &'a Site<'_>) -> Self {
        let set = &site.channel.widget;
        let or = |own: &'a str, other: &'a str| if says_nothing(own) { other } else { own.trim() };
        Self {
            words: &site.words,
            sentences: site.sentences,
            language: &site.language,
            title: or(&set.title, &site.words.title),
            greeting: or(&set.greeting, &site.words.greeting),
            accent: frame::style(&set.accent),
            terms: Terms::of(site.channel, site.language.as_str()),
            lines: Vec::new(),
            mark: String::new(),
            choices: Vec::new(),
            is_live: false,
            says: None,
            text: String::new(),
            visit: String::new(),
            is_whole: true,
            retry_after: None,
        }
    }

    /// Shows what became of a form, and the chat as it stands.
    pub(super) fn shows(&mut self, outcome: Outcome) {
        self.visit = outcome.visit;
        self.says = outcome.says;
        self.text = outcome.text;
        self.retry_after = outcome.retry_after;
        let Some(chat) = outcome.chat else { return };
        self.lines = chat.items.iter().filter_map(|item| line(item, self.words)).collect();
        self.is_live = chat.is_live;
        self.mark = chat.mark;
        self.choices = choices(chat.items.last()).filter(|_| chat.is_live).unwrap_or_default();
    }

    /// The answer; the next message has this id.
    pub(super) fn answer(&self, id: &str, embedders: &[Origin]) -> Option<Response> {
        let rendered = Rendered {
            page: self,
            id,
            direction: direction(self.language),
            says: self.says.map(|says| self.sentence(says)),
            is_asked: self.terms.is_some() && self.visit.is_empty(),
            most: MAX_TEXT_CHARS,
            style: STYLE,
            script: SCRIPT,
        };
        let mut response = Html(rendered.render().ok()?).into_response();
        let within = Within {
            scripts: vec![SCRIPT.to_owned()],
            styles: vec![STYLE.to_owned(), self.accent.clone()],
        };
        policy::govern(&mut response, &policy::of_plain(embedders, &within));
        policy::for_other_origins(&mut response);
        policy::name_to_itself(&mut response);
        Some(response)
    }

    fn sentence(&self, says: Says) -> &str {
        match says {
            Says::Anew => &self.sentences.anew,
            Says::Terms => "",
            Says::Refused => &self.words.refused_body,
            Says::Ended => &self.words.refused_ended,
            Says::Later => &self.words.no_token,
        }
    }
}

fn line(item: &CustomerItem, words: &Words) -> Option<Line> {
    match item {
        TimelineItem::Day { .. } => None,
        TimelineItem::Event(event) => Some(Line {
            key: event.key.clone(),
            author: None,
            is_own: false,
            quote: None,
            text: notice(&event.what, words),
            link: None,
            is_edited: false,
            at: Timestamp::from_ms(event.at_ms).iso(),
        }),
        TimelineItem::Message(message) => Some(Line {
            key: message.key.clone(),
            author: Some(author(message, words)),
            is_own: message.mine,
            quote: quote(message),
            text: text(message, words),
            link: link(message),
            is_edited: message.edited.is_some() && !message.deleted,
            at: Timestamp::from_ms(message.at_ms).iso(),
        }),
    }
}

fn author(message: &TimelineMessage<Customer>, words: &Words) -> String {
    match (message.author.voice, message.author.name.as_str()) {
        (Voice::Own, _) => words.you.clone(),
        (Voice::Bot, "") => words.assistant.clone(),
        (_, "") => words.somebody.clone(),
        (_, name) => name.to_owned(),
    }
}

/// The text without its marks, or what kind of thing it is.
fn text(message: &TimelineMessage<Customer>, words: &Words) -> String {
    if message.deleted {
        return words.deleted.clone();
    }
    let text = message.text().map(|text| plain_text(&parse(&text)));
    let text = text.filter(|text| !says_nothing(text));
    if let Some(CustomerBody::Order(body)) = message.body() {
        let lines = text.into_iter().chain(order(&body.value(), words)).collect::<Vec<_>>();
        return match lines.is_empty() {
            true => words.body_order.clone(),
            false => lines.join("\n"),
        };
    }
    text.unwrap_or_else(|| {
        let kind = match message.body() {
            Some(CustomerBody::Url(body)) => &body.media_url,
            Some(CustomerBody::Image(_) | CustomerBody::Sticker(_)) => &words.body_picture,
            Some(CustomerBody::Video(_)) => &words.body_video,
            Some(CustomerBody::Audio(_)) => &words.body_audio,
            Some(CustomerBody::File(_)) => &words.body_file,
            Some(CustomerBody::Button(_)) => &words.body_choices,
            _ => &words.body_unknown,
        };
        kind.clone()
    })
}

/// A receipt line by line. Amounts and dates are written as all languages read them.
fn order(order: &Value, words: &Words) -> Vec<String> {
    let names = ReceiptNames {
        number: &words.body_order_number,
        date: &words.body_order_date,
        subtotal: &words.body_order_subtotal,
        shipping: &words.body_order_shipping,
        tax: &words.body_order_tax,
        address: &words.body_order_address,
        payment: &words.body_order_payment,
        total: &words.body_order_total,
    };
    let money = |amount: f64, currency: &str| format!("{amount:.2} {currency}").trim_end().to_owned();
    let date = |at_ms| Timestamp::from_ms(at_ms).iso().chars().take(10).collect();
    let lines = receipt(order, names, money, date, |count| count.to_string());
    let merchant = order.get("merchantName").and_then(Value::as_str);
    let merchant = merchant.filter(|name| !says_nothing(name)).map(str::to_owned);
    let line = |line: ReceiptLine| match line.value.as_str() {
        "" => line.name,
        value => [&line.name, ": ", value].concat(),
    };
    merchant.into_iter().chain(lines.into_iter().map(line)).collect()
}

/// What a message answers, in one short line.
fn quote(message: &TimelineMessage<Customer>) -> Option<String> {
    let words = message.quote.as_deref().filter(|_| !message.deleted)?;
    Some(portico_client::quote(words))
}

fn link(message: &TimelineMessage<Customer>) -> Option<String> {
    match message.body() {
        Some(CustomerBody::Url(body)) if !message.deleted => web_address(&body.media_url),
        _ => None,
    }
}

/// Addresses of web pages alone lead anywhere.
fn web_address(address: &str) -> Option<String> {
    let address = address.trim();
    let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    is_web.then(|| address.to_owned())
}

/// What can be answered by a press to the newest message.
fn choices(newest: Option<&CustomerItem>) -> Option<Vec<String>> {
    let message = newest?.message().filter(|message| !message.mine && !message.deleted)?;
    let Some(CustomerBody::Button(menu)) = message.body() else {
        return None;
    };
    let titles = menu.buttons.iter().map(|button| button.title.clone());
    Some(titles.filter(|title| !says_nothing(title)).collect())
}

fn notice(notice: &CustomerNotice, words: &Words) -> String {
    let named = |sentence: &str, name: &str| {
        let name = if name.is_empty() { &words.somebody } else { name };
        sentence.replace("{name}", name)
    };
    match notice {
        CustomerNotice::Joined(name) => named(&words.joined, name),
        CustomerNotice::Left(name) => named(&words.left, name),
        CustomerNotice::Enqueued => words.enqueued.clone(),
        CustomerNotice::NoAgent => words.no_agent.clone(),
        CustomerNotice::Paused => words.paused.clone(),
        CustomerNotice::Resumed => words.resumed.clone(),
        CustomerNotice::Ended(reason) => ended(reason.as_ref(), words).to_owned(),
    }
}

fn ended<'a>(reason: Option<&ChannelSessionReason>, words: &'a Words) -> &'a str {
    match reason {
        Some(ChannelSessionReason::Agent) => &words.ended_by_agent,
        Some(ChannelSessionReason::Customer) => &words.ended_by_you,
        Some(ChannelSessionReason::Inactivity) => &words.ended_idle,
        Some(ChannelSessionReason::Network) => &words.ended_network,
        _ => &words.ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_receipt_says_what_was_ordered_and_what_it_costs() {
        let words = Words::english();
        let receipt = json!({
            "merchantName": "Fernweh", "orderNumber": "1001", "currency": "EUR", "timestamp": 1_428_444_852,
            "elements": [{ "title": "Tent", "quantity": 2, "price": 120 }],
            "summary": { "totalCost": 240 },
        });
        let lines = [
            "Fernweh",
            "Order number: 1001",
            "Date: 2015-04-07",
            "Tent: 2 × 120.00 EUR",
            "Total: 240.00 EUR",
        ];
        assert_eq!(order(&receipt, &words), lines);
        assert_eq!(order(&json!({}), &words), [""; 0]);
    }

    #[test]
    fn what_is_said_is_text_and_never_markup() {
        let hostile = "</textarea></li><script>x()</script>\"'&";
        let words = Words::english();
        let page = Page {
            words: &words,
            sentences: Sentences::of("en"),
            language: "ar",
            title: hostile,
            greeting: hostile,
            accent: String::new(),
            terms: Some(Terms {
                version: 3,
                language: "\"><script>".to_owned(),
                text: hostile.to_owned(),
                policy: Some("https://a.example/?\"><script>".to_owned()),
            }),
            lines: vec![Line {
                key: "1".to_owned(),
                author: Some(hostile.to_owned()),
                is_own: false,
                quote: Some(hostile.to_owned()),
                text: hostile.to_owned(),
                link: Some("https://a.example/?\"><script>".to_owned()),
                is_edited: true,
                at: "2026-01-01T00:00:00.000+00:00".to_owned(),
            }],
            mark: hostile.to_owned(),
            choices: vec![hostile.to_owned()],
            is_live: true,
            says: None,
            text: hostile.to_owned(),
            visit: "\"><script>".to_owned(),
            is_whole: true,
            retry_after: None,
        };
        let rendered = Rendered {
            page: &page,
            id: "id-1",
            direction: "rtl",
            says: None,
            is_asked: true,
            most: 10,
            style: STYLE,
            script: SCRIPT,
        };
        let html = rendered.render().expect("rendered");
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert_eq!(html.matches("</script>").count(), 1, "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
        assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{html}");
    }
}
