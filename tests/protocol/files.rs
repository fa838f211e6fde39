//! Files: uploaded in steps, posted once, read by those who may see the message, served as nothing that runs.

mod corpus;
mod hands;
mod many;
mod steps;

use crate::world::Customer;
use portico_shared::cim::{CimEvent, EventData, MessageBody};
use portico_shared::frame::{Accepted, Audience, Draft, Refused};
use portico_shared::http::{FileLink, ProblemCode, StoredFile};
use portico_shared::ids::ConversationId;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// What a picture begins with, and enough of the rest for who looks at no more.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Who uploads and reads files.
pub(crate) struct Files {
    origin: String,
    token: String,
    /// The conversation that a contact-centre user writes in.
    conversation: Option<ConversationId>,
}

/// An upload that was begun.
struct Begun<'a> {
    of: &'a Files,
    path: String,
}

impl Files {
    pub(crate) fn of(relay: &Relay, token: &str) -> Self {
        Self {
            origin: relay.origin(),
            token: token.to_owned(),
            conversation: None,
        }
    }

    fn of_agent(relay: &Relay, token: &str, conversation: &ConversationId) -> Self {
        Self {
            conversation: Some(conversation.clone()),
            ..Self::of(relay, token)
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.origin));
        request.bearer_auth(&self.token).header("tus-resumable", "1.0.0")
    }

    async fn announce(&self, size: u64, name: &str, kind: &str) -> Response {
        use base64::Engine as _;
        let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        let mut metadata = format!("filename {},filetype {}", encoded(name), encoded(kind));
        if let Some(conversation) = &self.conversation {
            metadata.push_str(&format!(",conversation {}", encoded(conversation.as_str())));
        }
        let request = self.ask(Method::POST, "/api/files").header("upload-length", size);
        let answer = request.header("upload-metadata", metadata).send().await;
        answer.expect("an answer")
    }

    async fn begin(&self, size: u64, name: &str) -> Begun<'_> {
        let answer = self.announce(size, name, "").await;
        assert_eq!(answer.status(), 201, "{name}");
        let path = answer.headers()["location"].to_str().expect("a path").to_owned();
        Begun { of: self, path }
    }

    /// Uploads all of it at once; what the relay says of it.
    async fn try_upload(&self, name: &str, bytes: &[u8]) -> Result<StoredFile, ProblemCode> {
        let begun = self.begin(bytes.len() as u64, name).await;
        let answer = begun.send(0, bytes).await;
        match answer.status().as_u16() {
            200 => Ok(answer.json().await.expect("a file")),
            _ => Err(problem(answer).await),
        }
    }

    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> StoredFile {
        self.try_upload(name, bytes).await.expect(name)
    }

    pub(crate) async fn link(&self, file: &StoredFile) -> Result<FileLink, ProblemCode> {
        let id = id(file);
        let answer = self.ask(Method::GET, &format!("/api/files/{id}")).send().await;
        let answer = answer.expect("an answer");
        match answer.status().as_u16() {
            200 => Ok(answer.json().await.expect("a link")),
            _ => Err(problem(answer).await),
        }
    }

    /// What a link leads to.
    async fn fetch(&self, url: &str) -> Response {
        let answer = reqwest::get(format!("{}{url}", self.origin)).await;
        answer.expect("an answer")
    }
}

impl Begun<'_> {
    async fn send(&self, offset: u64, bytes: &[u8]) -> Response {
        let request = self.of.ask(Method::PATCH, &self.path).header("upload-offset", offset);
        let request = request.header("content-type", "application/offset+octet-stream");
        request.body(bytes.to_vec()).send().await.expect("an answer")
    }

    async fn offset(&self) -> u64 {
        let answer = self.of.ask(Method::HEAD, &self.path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let offset = answer.headers()["upload-offset"].to_str().expect("text");
        offset.parse().expect("a number")
    }

    async fn delete(&self) -> Response {
        let answer = self.of.ask(Method::DELETE, &self.path).send().await;
        answer.expect("an answer")
    }
}

async fn problem(answer: Response) -> ProblemCode {
    let body: Value = answer.json().await.expect("a problem");
    serde_json::from_value(body["code"].clone()).expect("a code")
}

fn id(file: &StoredFile) -> &str {
    file.media_url.rsplit('/').next().expect("a path")
}

/// A message with a file, which says of it what the sender likes to.
fn message(kind: &str, file: &StoredFile) -> Draft {
    let attachment = json!({"mediaUrl": file.media_url, "mimeType": "text/html", "size": 7, "mediaName": "x.exe",
        "thumbnail": "https://elsewhere.example/t.png"});
    let body = json!({"type": kind, "markdownText": "look", "attachment": attachment});
    Draft::new(serde_json::from_value::<MessageBody>(body).expect("a body"))
}

async fn post(
    socket: &mut Socket,
    conversation: &ConversationId,
    kind: &str,
    file: &StoredFile,
    audience: Audience,
) -> Result<Accepted, Refused> {
    let id = socket.post(conversation, message(kind, file), audience).await;
    socket.answer(&id).await
}

/// A customer that has posted a picture.
async fn with_picture(relay: &Relay) -> (Customer, Files, StoredFile) {
    let mut customer = Customer::on(relay, "desk").await;
    let files = Files::of(relay, &customer.visitor.token);
    let file = files.upload("tent.png", PNG).await;
    let conversation = customer.conversation.clone();
    let posted = post(&mut customer.socket, &conversation, "IMAGE", &file, Audience::Everyone).await;
    posted.expect("one's own file");
    (customer, files, file)
}

/// What an event says of its file.
fn attachment(event: &CimEvent) -> Option<Value> {
    let EventData::Message(message) = &event.data else {
        return None;
    };
    let body = serde_json::to_value(&message.body).ok()?;
    body.get("attachment").cloned()
}
