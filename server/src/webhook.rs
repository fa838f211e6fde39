//! A bot behind a URL: the connector contract of Expertflow CX as JSON over HTTP, signed.
//!
//! Each call carries `portico-timestamp` (epoch seconds), `portico-signature` (`v1=` and the hex HMAC-SHA256 of
//! `<timestamp>.<body>` with the bot's secret; with two live secrets both, and a comma between them) and `idempotency-key` (the
//! same on every retry of one delivery). The bot answers `200` with a JSON array of messages, or `204` and nothing.

mod address;
mod connectors;
mod failure;
mod proxies;

pub(crate) use address::RegisteredAddresses;
pub(crate) use connectors::Webhooks;
pub(crate) use failure::{reason, retry_after};
pub(crate) use proxies::hosts as proxy_hosts;

use async_trait::async_trait;
use hmac::{Hmac, Mac};
use portico_core::bot::{
    BotAnswer, BotConnector, BotIntent, BotMessage, BotMode, BotRequest, BotRequestKind, DeliverError,
};
use portico_core::clock::Clock;
use portico_core::identity::origin::is_loopback;
use portico_core::programs::{Trust, WebhookTarget};
use portico_core::telemetry::quoted;
use portico_shared::cim::MessageBody;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;

/// Longest answer that is read, in bytes. A longer one is refused without reading the rest.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Most messages in one answer.
const MAX_MESSAGES: usize = 50;

/// Calls one bot's webhook.
pub(crate) struct Webhook {
    client: reqwest::Client,
    url: String,
    secrets: Vec<SecretString>,
    clock: Arc<dyn Clock>,
    /// Whether calls may go through a proxy, whose faults look like the bot's.
    may_be_proxied: bool,
}

impl Webhook {
    /// A connector for a target, whose time limit is that of one call from connecting to the last byte. One that was registered
    /// leads only to `addresses`.
    pub(crate) fn new(
        target: &WebhookTarget,
        addresses: &RegisteredAddresses,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let (url, timeout) = (target.address.as_str(), target.timeout);
        // No redirects: a webhook that moves must be configured, not followed.
        let client = match target.trust {
            Trust::Operator => reqwest::Client::builder().dns_resolver(Arc::new(failure::Resolver)),
            Trust::Registered => reqwest::Client::builder().dns_resolver(Arc::new(addresses.resolver())),
        };
        let mut client = client
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(5)))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")));
        let is_here = is_on_this_machine(url);
        if is_here {
            // A bot on this machine needs no TLS, so nothing of it may leave the machine, whatever proxy is named for the rest.
            client = client.no_proxy();
        }
        let may_be_proxied = !is_here && proxies::are_named();
        if may_be_proxied {
            for name in proxies::unreadable() {
                tracing::warn!("{name} is no address of a proxy, and is ignored");
            }
        }
        Ok(Self {
            client: client.build()?,
            url: url.to_owned(),
            secrets: target.secrets.clone(),
            clock,
            may_be_proxied,
        })
    }

    /// One for each live secret: a bot that knows either takes the call.
    fn signatures(&self, timestamp: &str, body: &str) -> String {
        let each = self.secrets.iter();
        let signed = each.map(|secret| signature(secret.expose_secret(), timestamp, body));
        signed.collect::<Vec<_>>().join(",")
    }

    /// What became of a call that got no answer.
    fn unavailable(&self, error: &reqwest::Error) -> DeliverError {
        let mut reason = failure::reason(error);
        if self.may_be_proxied && error.is_connect() {
            reason.push_str(" (the environment names a proxy: it may be that one)");
        }
        DeliverError::Unavailable {
            reason,
            retry_after: None,
        }
    }

    /// Reads an answer to its end.
    async fn read(&self, mut answer: reqwest::Response) -> Result<Vec<u8>, DeliverError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.unavailable(&error))? {
            if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(DeliverError::Refused(format!(
                    "its answer is longer than {MAX_ANSWER_BYTES} bytes"
                )));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

#[async_trait]
impl BotConnector for Webhook {
    async fn deliver(&self, request: &BotRequest) -> Result<BotAnswer, DeliverError> {
        let body = encode(request);
        let timestamp = (self.clock.now_ms() / 1_000).to_string();
        let call = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("portico-timestamp", &timestamp)
            .header("portico-signature", self.signatures(&timestamp, &body))
            .header("idempotency-key", &request.delivery)
            .body(body);
        let answer = call.send().await.map_err(|error| self.unavailable(&error))?;
        let status = answer.status();
        match status.as_u16() {
            204 => Ok(Vec::new()),
            200..=299 => decode(&self.read(answer).await?),
            408 | 425 | 429 | 500..=599 => Err(DeliverError::Unavailable {
                reason: format!("it answered {status}"),
                retry_after: failure::retry_after(answer.headers(), self.clock.system_time()),
            }),
            _ => Err(DeliverError::Refused(format!("it answered {status}"))),
        }
    }
}

fn is_on_this_machine(url: &str) -> bool {
    let url = reqwest::Url::parse(url).ok();
    url.is_some_and(|url| url.host_str().is_some_and(is_loopback))
}

/// `v1=` and the hex HMAC-SHA256 of `<timestamp>.<body>`.
pub(crate) fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// The request as the connector contract has it: `conversation`, `type`, `message`, `entities`, `metadata`; and `delivery`,
/// the idempotency key, because the header is not signed: an overheard call must not be accepted under another key.
fn encode(request: &BotRequest) -> String {
    let kind = match request.kind {
        BotRequestKind::Message => "message",
        BotRequestKind::Intent | BotRequestKind::Farewell => "intent",
    };
    json!({
        "delivery": request.delivery,
        "conversation": request.conversation,
        "type": kind,
        "message": request.message,
        "entities": request.entities,
        "metadata": request.metadata,
    })
    .to_string()
}

/// The answer: an array of `{intent: {name, confidence}, mode, body}`. An element that is none does not keep the others from
/// being read.
fn decode(bytes: &[u8]) -> Result<BotAnswer, DeliverError> {
    let nonsense =
        |problem: String| DeliverError::Refused(format!("its answer is not understood: {}", quoted(&problem)));
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| nonsense(error.to_string()))?;
    portico_shared::json::refuse_ambiguous(text).map_err(|error| nonsense(error.to_string()))?;
    let answer = portico_shared::json::parse(text).map_err(|error| nonsense(error.to_string()))?;
    let Value::Array(messages) = answer else {
        return Err(nonsense("expected an array".to_owned()));
    };
    if messages.len() > MAX_MESSAGES {
        return Err(nonsense(format!("more than {MAX_MESSAGES} messages")));
    }
    let read = messages.into_iter().map(decode_message);
    Ok(read
        .map(|message| message.map_err(|problem| unreadable(&problem)))
        .collect())
}

fn unreadable(problem: &str) -> String {
    format!("not understood: {}", quoted(problem))
}

fn decode_message(mut message: Value) -> Result<BotMessage, String> {
    let body = message.get_mut("body").map(Value::take).ok_or("body: missing")?;
    let body: MessageBody = portico_shared::json::from_value(body).map_err(|error| error.within("body").to_string())?;
    let mode = match message.get("mode").and_then(Value::as_str) {
        _ if body.type_name() == "ACTION" => BotMode::Action,
        Some("message") | None => BotMode::Message,
        Some("suggestion") => BotMode::Suggestion,
        Some(other) => return Err(format!("mode: {other} is not message or suggestion")),
    };
    let intent = message.get("intent").and_then(|intent| {
        Some(BotIntent {
            name: intent.get("name")?.as_str()?.to_owned(),
            confidence: intent.get("confidence").and_then(Value::as_f64).unwrap_or(0.0),
        })
    });
    Ok(BotMessage { intent, mode, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::config::PrivateNetworks;

    #[test]
    fn a_signature_is_the_documented_hmac() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
        let expected = "v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163";
        let made = signature("secret", "1700000000", "{}");
        assert_eq!(made, expected);
        assert_ne!(made, signature("secret", "1700000001", "{}"));
        assert_ne!(made, signature("other", "1700000000", "{}"));
    }

    #[tokio::test]
    async fn a_registered_bot_whose_name_leads_into_the_machine_is_not_called() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let target = WebhookTarget {
            address: format!("http://localhost:{port}/"),
            secrets: vec![SecretString::from("secret")],
            timeout: Duration::from_secs(5),
            trust: Trust::Registered,
        };
        let clock = Arc::new(portico_core::clock::SystemClock::default());
        let webhook = Webhook::new(&target, &RegisteredAddresses::new(PrivateNetworks::default()), clock);
        let request = BotRequest {
            delivery: "c-1:7".to_owned(),
            conversation: portico_shared::ids::ConversationId::new("c-1"),
            kind: BotRequestKind::Message,
            message: "Hello".to_owned(),
            entities: Value::Null,
            metadata: Value::Null,
        };
        match webhook.expect("a connector").deliver(&request).await {
            Err(DeliverError::Unavailable { reason, .. }) => assert_eq!(reason, "its name leads to no public address"),
            other => panic!("{other:?}"),
        }
        listener.set_nonblocking(true).expect("set");
        assert!(listener.accept().is_err(), "nothing came");
    }

    #[test]
    fn what_is_signed_names_the_delivery() {
        let call = encode(&BotRequest {
            delivery: "c-1:7".to_owned(),
            conversation: portico_shared::ids::ConversationId::new("c-1"),
            kind: BotRequestKind::Message,
            message: "Hello".to_owned(),
            entities: Value::Null,
            metadata: json!({}),
        });
        let read: Value = serde_json::from_str(&call).expect("JSON");
        assert_eq!(read["delivery"], "c-1:7");
    }

    #[test]
    fn an_answer_is_messages_suggestions_and_actions() {
        let answer = r#"[
            {"intent":{"name":"greet","confidence":0.9},"mode":"message","body":{"type":"PLAIN","markdownText":"hi"}},
            {"mode":"suggestion","body":{"type":"PLAIN","markdownText":"try this"}},
            {"mode":null,"body":{"type":"ACTION","name":"FIND_AGENT","data":{}}}]"#;
        let messages = decode(answer.as_bytes()).expect("a good answer");
        let messages: Vec<_> = messages
            .into_iter()
            .map(|message| message.expect("a good message"))
            .collect();
        let modes: Vec<_> = messages.iter().map(|message| message.mode).collect();
        assert_eq!(modes, [BotMode::Message, BotMode::Suggestion, BotMode::Action]);
        let greet = BotIntent {
            name: "greet".to_owned(),
            confidence: 0.9,
        };
        assert_eq!(messages[0].intent, Some(greet));
    }

    #[test]
    fn an_empty_answer_says_nothing() {
        assert_eq!(decode(b"").expect("nothing is fine"), []);
        assert_eq!(decode(b"[]").expect("nothing is fine"), []);
    }

    #[test]
    fn an_answer_that_is_not_understood_says_where() {
        for (answer, place) in [
            ("{}", "expected an array"),
            ("\u{feff}[]", "byte order mark"),
            (r#"[{"body":{"type":"PLAIN","type":"ACTION"}}]"#, "type: there twice"),
        ] {
            let error = decode(answer.as_bytes()).expect_err(answer).to_string();
            assert!(error.contains(place), "{answer}: {error}");
        }
    }

    #[test]
    fn a_message_that_cannot_be_read_keeps_no_other_from_being_said() {
        let good = r#"{"body":{"type":"PLAIN","markdownText":"hi"}}"#;
        for (bad, place) in [
            (r#"{"mode":"message"}"#, "body: missing"),
            (r#"{"body":{"type":"BUTTON","buttons":3}}"#, "body.buttons"),
            (r#"{"mode":"shout","body":{"type":"PLAIN"}}"#, "mode: shout"),
            ("3", "body: missing"),
        ] {
            let answer = decode(format!("[{good},{bad},{good}]").as_bytes()).expect(bad);
            let [Ok(first), Err(problem), Ok(last)] = answer.as_slice() else {
                panic!("{bad}: {answer:?}");
            };
            assert_eq!(first, last);
            assert!(problem.contains(place), "{bad}: {problem}");
        }
    }
}
