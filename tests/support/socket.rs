//! A raw client of the protocol: sends frames, waits for frames, and keeps everything that it received.

use crate::relay::Relay;
use crate::{client_id, within};
use futures_util::{SinkExt, StreamExt};
use portico_shared::cim::{CimEvent, MessageBody};
use portico_shared::frame::{
    Accepted, Audience, ClientFrame, Draft, Hello, Item, Join, Joined, Page, PageRequest, Post, Range, Refused,
    ServerFrame, Start, Welcome,
};
use portico_shared::ids::{ClientId, ConversationId, Cursor, Epoch, Seq};
use portico_shared::limits::{HEARTBEAT_MS, SUBPROTOCOL};
use portico_shared::role::Agent;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async};

/// One socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Every frame that was received, in order, as text.
    pub received: Vec<String>,
    /// The reason in the close frame, once there was one.
    pub close_reason: String,
    /// Frames that were received and not looked at yet.
    waiting: std::collections::VecDeque<ServerFrame>,
    /// Pings that nobody asked for and whose pongs have not come.
    beats: usize,
}

impl Socket {
    /// Opens a socket without saying hello.
    ///
    /// # Errors
    /// When the upgrade is refused.
    pub async fn open(address: SocketAddr, origin: Option<&str>) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().expect("a header value"));
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().expect("a header value"));
        }
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let (stream, _) = client_async(request, MaybeTlsStream::Plain(tcp)).await?;
        Ok(Self {
            stream,
            received: Vec::new(),
            close_reason: String::new(),
            waiting: std::collections::VecDeque::new(),
            beats: 0,
        })
    }

    /// The HTTP status with which an upgrade is refused.
    ///
    /// # Panics
    /// When it is taken, or ends without an answer.
    pub async fn refused(address: SocketAddr, origin: Option<&str>) -> u16 {
        match Self::open(address, origin).await {
            Err(tungstenite::Error::Http(answer)) => answer.status().as_u16(),
            Err(other) => panic!("no answer to the upgrade: {other}"),
            Ok(_) => panic!("the upgrade is taken from {origin:?}"),
        }
    }

    /// Opens a socket and says hello with a token that is not good; answers the code that the socket is closed with.
    ///
    /// # Panics
    /// When the relay says anything before.
    pub async fn turned_away(relay: &Relay, token: &str) -> u16 {
        let mut socket = Self::open(relay.address, Some(&relay.origin()))
            .await
            .expect("the upgrade is taken");
        socket
            .send(&ClientFrame::Hello(Hello {
                token: token.to_owned(),
                client: None,
                desk: None,
            }))
            .await;
        let code = socket.closed().await;
        assert!(socket.received.is_empty(), "{:#?}", socket.received);
        code
    }

    /// Opens a socket, says hello and answers the welcome too.
    pub async fn hello(relay: &Relay, token: &str) -> (Self, Welcome) {
        Self::hello_at(relay.address, Some(&relay.origin()), token).await
    }

    /// The same at any address, for example a proxy's, with any origin.
    ///
    /// # Panics
    /// When the relay does not welcome it.
    pub async fn hello_at(address: SocketAddr, origin: Option<&str>, token: &str) -> (Self, Welcome) {
        let mut socket = Self::open(address, origin).await.expect("the upgrade is taken");
        socket
            .send(&ClientFrame::Hello(Hello {
                token: token.to_owned(),
                client: Some("tests".to_owned()),
                desk: None,
            }))
            .await;
        let welcome = socket
            .expect("welcome", |frame| match frame {
                ServerFrame::Welcome(welcome) => Some((**welcome).clone()),
                _ => None,
            })
            .await;
        (socket, welcome)
    }

    /// Sends a frame. A socket that is closed already swallows it.
    pub async fn send(&mut self, frame: &ClientFrame) {
        self.send_text(&frame.to_json()).await;
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: &str) {
        let _ = self.stream.send(Message::text(text)).await;
    }

    /// Sends any message.
    pub async fn send_message(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    /// The next frame, or the close code.
    ///
    /// # Errors
    /// The close code; 1006 when the connection just ended.
    pub async fn next(&mut self) -> Result<ServerFrame, u16> {
        if let Some(frame) = self.waiting.pop_front() {
            return Ok(frame);
        }
        self.read().await
    }

    async fn read(&mut self) -> Result<ServerFrame, u16> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    self.received.push(text.to_string());
                    match ServerFrame::<Agent>::from_json(&text).expect("the relay sends frames") {
                        ServerFrame::Pong if self.beats > 0 => self.beats -= 1,
                        frame => return Ok(frame),
                    }
                }
                Some(Ok(Message::Close(Some(close)))) => {
                    self.close_reason = close.reason.to_string();
                    return Err(close.code.into());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(1006),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame, however long it takes: like every client, it shows the relay meanwhile that it is there.
    async fn listen(&mut self) -> Result<ServerFrame, u16> {
        loop {
            match tokio::time::timeout(Duration::from_millis(HEARTBEAT_MS), self.read()).await {
                Ok(read) => return read,
                Err(_) => {
                    self.beats += 1;
                    self.send(&ClientFrame::Ping).await;
                }
            }
        }
    }

    /// Waits for a frame that `wanted` takes; others are kept for later calls.
    ///
    /// # Panics
    /// When the socket closes or nothing fits within the limit.
    pub async fn expect<T>(&mut self, what: &str, wanted: impl Fn(&ServerFrame) -> Option<T>) -> T {
        if let Some(value) = self.take_waiting(&wanted) {
            return value;
        }
        within(what, async {
            loop {
                match self.listen().await {
                    Ok(frame) => match wanted(&frame) {
                        Some(value) => return value,
                        None => self.waiting.push_back(frame),
                    },
                    Err(code) => panic!("{what}: the socket closed with {code}\n{:#?}", self.received),
                }
            }
        })
        .await
    }

    /// Drops what was received so far.
    pub fn forget(&mut self) {
        self.received.clear();
        self.waiting.clear();
    }

    /// The first frame that was received already and that `wanted` takes.
    pub fn take_waiting<T>(&mut self, wanted: impl Fn(&ServerFrame) -> Option<T>) -> Option<T> {
        let at = self.waiting.iter().position(|frame| wanted(frame).is_some())?;
        self.waiting.remove(at).as_ref().and_then(wanted)
    }

    /// Waits until the relay closes the socket, and answers the code.
    pub async fn closed(&mut self) -> u16 {
        within("the relay closes the socket", async {
            loop {
                if let Err(code) = self.read().await {
                    return code;
                }
            }
        })
        .await
    }

    /// Sends a ping and waits for the pong: everything sent before it has been handled by the connection.
    pub async fn round_trip(&mut self) {
        self.send(&ClientFrame::Ping).await;
        self.expect("pong", |frame| matches!(frame, ServerFrame::Pong).then_some(()))
            .await;
    }

    /// Waits for the answer to a client id.
    ///
    /// # Errors
    /// The refusal.
    pub async fn answer(&mut self, client_id: &ClientId) -> Result<Accepted, Refused> {
        self.expect("an answer", |frame| match frame {
            ServerFrame::Accepted(accepted) if accepted.client_id == *client_id => Some(Ok(accepted.clone())),
            ServerFrame::Refused(refused) if refused.client_id.as_ref() == Some(client_id) => {
                Some(Err(refused.clone()))
            }
            _ => None,
        })
        .await
    }

    /// Waits for a refusal of whatever was sent.
    pub async fn refusal(&mut self) -> Refused {
        self.expect("a refusal", |frame| match frame {
            ServerFrame::Refused(refused) => Some(refused.clone()),
            _ => None,
        })
        .await
    }

    /// Opens a conversation.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn start(&mut self) -> Accepted {
        let client_id = client_id();
        let data = serde_json::Map::from_iter([("page_title".to_owned(), "Tents".into())]);
        self.send(&ClientFrame::Start(Start {
            client_id: client_id.clone(),
            data,
            form: None,
        }))
        .await;
        self.answer(&client_id).await.expect("a start is taken")
    }

    /// Joins a conversation.
    pub async fn join(&mut self, conversation: &ConversationId, after: Option<(Epoch, Seq)>) -> Joined {
        let after = after.map(|(epoch, seq)| Cursor { epoch, seq });
        self.send(&ClientFrame::Join(Join {
            conversation: conversation.clone(),
            after,
        }))
        .await;
        self.expect("joined", |frame| match frame {
            ServerFrame::Joined(joined) if joined.summary.conversation == *conversation => Some((**joined).clone()),
            _ => None,
        })
        .await
    }

    /// Sends a plain text and answers its client id.
    pub async fn say(&mut self, conversation: &ConversationId, text: &str) -> ClientId {
        self.post(conversation, Draft::new(MessageBody::plain(text)), Audience::Everyone)
            .await
    }

    /// Sends a plain text under a client id that was used already, as a client does that heard no answer.
    pub async fn say_again(&mut self, conversation: &ConversationId, client_id: &ClientId, text: &str) {
        let post = Post {
            conversation: conversation.clone(),
            client_id: client_id.clone(),
            message: Draft::new(MessageBody::plain(text)).into(),
            audience: Audience::Everyone,
        };
        self.send(&ClientFrame::Post(post)).await;
    }

    /// Sends a plain text and waits until it is on disk.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn said(&mut self, conversation: &ConversationId, text: &str) -> Accepted {
        let client_id = self.say(conversation, text).await;
        self.answer(&client_id).await.expect("a post is taken")
    }

    /// Sends a draft and answers its client id.
    pub async fn post(&mut self, conversation: &ConversationId, message: Draft, audience: Audience) -> ClientId {
        let client_id = client_id();
        let post = Post {
            conversation: conversation.clone(),
            client_id: client_id.clone(),
            message: message.into(),
            audience,
        };
        self.send(&ClientFrame::Post(post)).await;
        client_id
    }

    /// One page.
    pub async fn page(&mut self, conversation: &ConversationId, range: Range, limit: u32) -> Page {
        let request = PageRequest {
            conversation: conversation.clone(),
            range,
            limit: Some(limit),
        };
        self.send(&ClientFrame::Page(request)).await;
        self.expect("a page", |frame| match frame {
            ServerFrame::Page(page) if page.conversation == *conversation => Some(page.clone()),
            _ => None,
        })
        .await
    }

    /// The whole log as this reader may see it, pulled page by page.
    pub async fn log(&mut self, conversation: &ConversationId) -> Vec<Item> {
        let (mut items, mut after) = (Vec::new(), Seq::START);
        loop {
            let page = self.page(conversation, Range::After(after), 100).await;
            items.extend(page.items);
            if page.through >= page.head {
                return items;
            }
            after = page.through;
        }
    }

    /// Waits for a live event.
    pub async fn event(&mut self, what: &str, wanted: impl Fn(&CimEvent) -> bool) -> Item {
        self.expect(what, |frame| match frame {
            ServerFrame::Event(live) if wanted(&live.item.event) => Some(live.item.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for a live message with this text.
    pub async fn hears(&mut self, text: &str) -> Item {
        self.event(&format!("a message {text:?}"), |event| text_of(event) == Some(text))
            .await
    }

    /// Closes the socket as a browser does.
    pub async fn close(mut self) {
        let _ = self.stream.close(None).await;
    }
}

/// The text of a message event.
pub fn text_of(event: &CimEvent) -> Option<&str> {
    event.message().and_then(|message| message.body.markdown_text())
}
