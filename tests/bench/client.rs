//! One connection, made to cost the machine little: it formats its post once and looks at answers without parsing them.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, ClientFrame, Draft, Hello, Join, Post, ServerFrame, Start};
use portico_shared::ids::{ClientId, ConversationId};
use portico_shared::limits::SUBPROTOCOL;
use portico_shared::role::Agent;
use portico_tests::client_id;
use portico_tests::relay::Relay;
use std::convert::Infallible;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Text of each message, in bytes.
const BODY_BYTES: usize = 200;

/// Buffer of each connection on this side, in bytes.
const BUFFER_BYTES: usize = 4 * 1024;

/// Stands for the client id in the post that is formatted once.
const PLACE: &str = "the-client-id-goes-here";

/// A connection that was welcomed.
pub(crate) struct Client {
    stream: WebSocketStream<TcpStream>,
}

impl Client {
    /// Connects and says who it is.
    pub(crate) async fn welcomed(relay: &Relay, token: String) -> Result<Self> {
        let mut request = format!("ws://{}/ws", relay.address).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse()?);
        headers.insert("origin", relay.origin().parse()?);
        let tcp = TcpStream::connect(relay.address).await?;
        tcp.set_nodelay(true)?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(0);
        let (stream, _) = client_async_with_config(request, tcp, Some(config)).await?;
        let mut client = Self { stream };
        let hello = Hello {
            token,
            client: Some("bench".to_owned()),
            desk: None,
        };
        client.send(ClientFrame::<MessageBody>::Hello(hello).to_json()).await?;
        match ServerFrame::<Agent>::from_json(&client.receive().await?)? {
            ServerFrame::Welcome(_) => Ok(client),
            other => bail!("a welcome was expected, not {other:?}"),
        }
    }

    /// Reads until the relay closes the socket.
    pub(crate) async fn drain(&mut self) -> Result<Infallible> {
        loop {
            self.receive().await?;
        }
    }

    async fn send(&mut self, text: String) -> Result<()> {
        Ok(self.stream.send(Message::text(text)).await?)
    }

    async fn receive(&mut self) -> Result<String> {
        loop {
            match self.stream.next().await.context("the relay closed the socket")?? {
                Message::Text(text) => return Ok(text.to_string()),
                Message::Close(close) => bail!("the relay closed the socket: {close:?}"),
                _ => {}
            }
        }
    }
}

/// A customer in its conversation, listening like a widget.
pub(crate) struct Customer {
    client: Client,
    /// Its post, up to the client id and from there on.
    post: (String, String),
}

impl Customer {
    /// A new visitor opens a conversation and joins it.
    pub(crate) async fn arrive(relay: &Relay, token: String) -> Result<Self> {
        let mut client = Client::welcomed(relay, token).await?;
        let start = Start {
            client_id: client_id(),
            data: serde_json::Map::new(),
            form: None,
        };
        client.send(ClientFrame::<MessageBody>::Start(start).to_json()).await?;
        let conversation = loop {
            match ServerFrame::<Agent>::from_json(&client.receive().await?)? {
                ServerFrame::Accepted(accepted) => break accepted.conversation,
                ServerFrame::Refused(refused) => bail!("a start was refused: {refused:?}"),
                _ => {}
            }
        };
        let join = Join {
            conversation: conversation.clone(),
            after: None,
        };
        client.send(ClientFrame::<MessageBody>::Join(join).to_json()).await?;
        while !matches!(
            ServerFrame::<Agent>::from_json(&client.receive().await?)?,
            ServerFrame::Joined(_)
        ) {}
        let post = template(conversation)?;
        Ok(Self { client, post })
    }

    /// Posts one message and waits until it is on disk.
    pub(crate) async fn say(&mut self) -> Result<()> {
        let id = client_id();
        let (before, after) = &self.post;
        let post = [before, id.as_str(), after].concat();
        self.client.send(post).await?;
        loop {
            let frame = self.client.receive().await?;
            // The echo of the message carries the id too, and comes after its acknowledgement.
            if frame.contains(id.as_str()) {
                if frame.contains(r#""type":"accepted""#) {
                    return Ok(());
                }
                bail!("an acknowledgement was expected, not {frame}");
            }
        }
    }
}

fn template(conversation: ConversationId) -> Result<(String, String)> {
    let post = Post {
        conversation,
        client_id: ClientId::new(PLACE),
        message: Draft::new(MessageBody::plain("x".repeat(BODY_BYTES))).into(),
        audience: Audience::Everyone,
    };
    let text = ClientFrame::Post(post).to_json();
    let (before, after) = text.split_once(PLACE).context("a post carries its client id")?;
    Ok((before.to_owned(), after.to_owned()))
}
