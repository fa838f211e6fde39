//! A socket of the line, frame by frame: what may be lost is a message and its acknowledgement, never a part of one.

use crate::fault::Fault;
use crate::line::Line;
use crate::pace::carry;
use futures_util::StreamExt;
use serde_json::Value;
use std::future::ready;
use std::sync::{Mutex, PoisonError};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderMap, header};
use tokio_tungstenite::{accept_hdr_async, connect_async};

/// Carries a socket from its handshake to its end.
pub(crate) async fn carry_all(browser: TcpStream, line: &Line) {
    let mut asked = HeaderMap::new();
    #[expect(
        clippy::result_large_err,
        reason = "the library's callback may refuse with a whole answer"
    )]
    let shake = |request: &Request, mut response: Response| {
        asked = request.headers().clone();
        if let Some(protocol) = asked.get(header::SEC_WEBSOCKET_PROTOCOL) {
            let headers = response.headers_mut();
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol.clone());
        }
        Ok(response)
    };
    let Ok(browser) = accept_hdr_async(browser, shake).await else {
        return;
    };
    let Ok(mut request) = format!("ws://{}/ws", line.relay).into_client_request() else {
        return;
    };
    for name in [header::ORIGIN, header::SEC_WEBSOCKET_PROTOCOL] {
        if let Some(value) = asked.remove(&name) {
            request.headers_mut().insert(name, value);
        }
    }
    let Ok((relay, _)) = connect_async(request).await else {
        return;
    };
    let (to_browser, from_browser) = browser.split();
    let (to_relay, from_relay) = relay.split();
    let judge = Judge::new(line);
    let up = from_browser.scan((), |(), frame| ready(frame.ok().and_then(|frame| judge.up(frame))));
    let down = from_relay.scan((), |(), frame| ready(frame.ok().and_then(|frame| judge.down(frame))));
    tokio::select! {
        () = carry(up, to_relay, Message::len, line.faults()) => {}
        () = carry(down, to_browser, Message::len, line.faults()) => {}
    }
}

/// Decides what becomes of each frame of one connection: `None` loses it, and the connection with it.
struct Judge<'a> {
    line: &'a Line,
    /// The relay names itself in what it says, and is to be called by the line's address by browsers.
    names: [String; 2],
    /// The message whose acknowledgement will be lost.
    unheard: Mutex<Option<String>>,
}

impl<'a> Judge<'a> {
    fn new(line: &'a Line) -> Self {
        Self {
            line,
            names: [line.address, line.relay].map(|address| format!("http://{address}/")),
            unheard: Mutex::default(),
        }
    }

    /// A frame on its way to the relay.
    fn up(&self, frame: Message) -> Option<Message> {
        let [line, relay] = &self.names;
        let Some((text, told)) = read(&frame, line, relay) else {
            return Some(frame);
        };
        if let ("post" | "start", Some(id)) = (kind(&told), told["client_id"].as_str()) {
            match self.line.fault() {
                Fault::Drop if self.line.is_new(id.to_owned()) => return None,
                Fault::Duplicate if self.line.is_new(id.to_owned()) => {
                    self.unheard(|unheard| *unheard = Some(id.to_owned()))
                }
                _ => {}
            }
        }
        Some(Message::text(text))
    }

    /// A frame on its way to the browser.
    fn down(&self, frame: Message) -> Option<Message> {
        let [line, relay] = &self.names;
        let Some((text, told)) = read(&frame, relay, line) else {
            return Some(frame);
        };
        let names = |id: &str| told["client_id"] == id;
        if kind(&told) == "accepted" && self.unheard(|unheard| unheard.as_deref().is_some_and(names)) {
            return None;
        }
        let may_be_lost = kind(&told) == "event" && self.line.fault() == Fault::Drop;
        if may_be_lost && self.line.is_new(format!("{} {}", told["conversation"], told["seq"])) {
            return None;
        }
        Some(Message::text(text))
    }

    fn unheard<T>(&self, with: impl FnOnce(&mut Option<String>) -> T) -> T {
        with(&mut self.unheard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The text of a frame, with one name in the place of another, and what it says. Nothing for frames without text.
fn read(frame: &Message, name: &str, other: &str) -> Option<(String, Value)> {
    let Message::Text(text) = frame else {
        return None;
    };
    let text = text.replace(name, other);
    let told = serde_json::from_str(&text).unwrap_or_default();
    Some((text, told))
}

fn kind(told: &Value) -> &str {
    told["type"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &str = r#"{"type":"post","client_id":"a"}"#;
    const ACCEPTED: &str = r#"{"type":"accepted","client_id":"a"}"#;
    const EVENT: &str = r#"{"type":"event","conversation":"c","seq":7}"#;
    const HELLO: &str = r#"{"type":"hello"}"#;

    fn line(fault: Fault) -> Line {
        let [line, relay] = [8084, 8080].map(|port| ([127, 0, 0, 1], port).into());
        let line = Line::new(line, relay);
        line.set(fault);
        line
    }

    #[test]
    fn a_message_that_was_lost_passes_over_the_next_connection() {
        let line = line(Fault::Drop);
        let first = Judge::new(&line);
        assert_eq!(first.up(Message::text(HELLO)), Some(Message::text(HELLO)));
        assert_eq!(first.up(Message::text(POST)), None);
        assert_eq!(first.down(Message::text(EVENT)), None);
        let second = Judge::new(&line);
        assert_eq!(second.up(Message::text(POST)), Some(Message::text(POST)));
        assert_eq!(second.down(Message::text(ACCEPTED)), Some(Message::text(ACCEPTED)));
        assert_eq!(second.down(Message::text(EVENT)), Some(Message::text(EVENT)));
    }

    #[test]
    fn a_message_whose_answer_was_lost_reaches_the_relay_each_time() {
        let line = line(Fault::Duplicate);
        let first = Judge::new(&line);
        assert_eq!(first.up(Message::text(POST)), Some(Message::text(POST)));
        assert_eq!(first.down(Message::text(EVENT)), Some(Message::text(EVENT)));
        assert_eq!(first.down(Message::text(ACCEPTED)), None);
        let second = Judge::new(&line);
        assert_eq!(second.up(Message::text(POST)), Some(Message::text(POST)));
        assert_eq!(second.down(Message::text(ACCEPTED)), Some(Message::text(ACCEPTED)));
    }

    #[test]
    fn the_relay_has_the_lines_name_in_browsers() {
        let line = line(Fault::None);
        let judge = Judge::new(&line);
        let file = |port: u16| Message::text(format!(r#"{{"url":"http://127.0.0.1:{port}/files/f"}}"#));
        assert_eq!(judge.down(file(8080)), Some(file(8084)));
        assert_eq!(judge.up(file(8084)), Some(file(8080)));
    }
}
