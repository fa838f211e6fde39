//! Messages to push services (Web Push: RFC 8030), encrypted for the browser (RFC 8291) and signed with the relay's key
//! (VAPID: RFC 8292).
//!
//! Where a message goes, a stranger's browser has said. So it is an `https:` address on the public internet, what its name
//! leads to is looked at with each call, no redirect is followed and nothing of the answer is read but its status.

mod endpoint;
mod key;

pub(crate) use endpoint::{Endpoint, EndpointError};
pub(crate) use key::{KeyError, VapidKey};

use crate::public_internet::GuardedResolver;
use crate::webhook::{proxy_hosts, reason, retry_after};
use async_trait::async_trait;
use portico_core::clock::Clock;
use portico_core::push::{Push, PushError, PushSender, SEND_WITHIN};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::sync::Arc;
use web_push_native::p256::PublicKey;
use web_push_native::{Auth, WebPushBuilder};

/// Bytes of what browser and relay share.
const AUTH_BYTES: usize = 16;

const TOPIC: HeaderName = HeaderName::from_static("topic");
const URGENCY: HeaderName = HeaderName::from_static("urgency");

/// Sends to the services that browsers name.
pub(crate) struct WebPush {
    client: reqwest::Client,
    key: VapidKey,
    clock: Arc<dyn Clock>,
    /// Whether services on this machine are called.
    loopback: bool,
}

/// What a browser says of itself is not good.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubscriptionError {
    /// Where its service is.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// Its public key.
    #[error("p256dh is no public key of P-256")]
    PublicKey,
    /// What it shares with the relay.
    #[error("auth has {AUTH_BYTES} bytes")]
    Auth,
}

impl WebPush {
    /// A sender that signs with `key`.
    pub(crate) fn new(key: VapidKey, clock: Arc<dyn Clock>, loopback: bool) -> Result<Self, reqwest::Error> {
        let mut client = reqwest::Client::builder()
            .timeout(SEND_WITHIN)
            .connect_timeout(SEND_WITHIN / 2)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")));
        client = match loopback {
            true => client.no_proxy(),
            false => client.dns_resolver(Arc::new(GuardedResolver::but_for(proxy_hosts()))),
        };
        Ok(Self {
            client: client.build()?,
            key,
            clock,
            loopback,
        })
    }

    /// The public key that browsers bind a subscription to, in base64url.
    pub(crate) fn public_key(&self) -> &str {
        self.key.public()
    }

    /// Refuses what nothing could be sent to.
    pub(crate) fn check(&self, endpoint: &str, p256dh: &[u8], auth: &[u8]) -> Result<(), SubscriptionError> {
        Endpoint::parse(endpoint, self.loopback)?;
        PublicKey::from_sec1_bytes(p256dh).map_err(|_| SubscriptionError::PublicKey)?;
        shared(auth).map(|_| ())
    }

    fn request(&self, push: &Push) -> Result<reqwest::Request, PushError> {
        let refused = |problem: String| PushError::Refused(problem);
        let endpoint = Endpoint::parse(&push.endpoint, self.loopback).map_err(|error| refused(error.to_string()))?;
        let browser = PublicKey::from_sec1_bytes(&push.p256dh).map_err(|error| refused(error.to_string()))?;
        let auth = shared(&push.auth).map_err(|error| refused(error.to_string()))?;
        let address = endpoint.uri().map_err(|error| refused(error.to_string()))?;
        let built = WebPushBuilder::new(address, browser, auth)
            .with_valid_duration(push.ttl)
            .build(push.payload.as_bytes())
            .map_err(|error| refused(error.to_string()))?;
        let mut request = reqwest::Request::try_from(built).map_err(|_| refused("it is no request".to_owned()))?;
        let authorization = self.key.authorization(&endpoint.origin(), self.clock.now_ms());
        let headers = request.headers_mut();
        put(
            headers,
            AUTHORIZATION,
            &authorization.map_err(|error| refused(error.to_string()))?,
        );
        put(headers, TOPIC, &push.topic);
        headers.insert(URGENCY, HeaderValue::from_static("normal"));
        Ok(request)
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let mut value = HeaderValue::from_str(value).expect("base64url and our own text are visible ASCII");
    value.set_sensitive(name == AUTHORIZATION);
    headers.insert(name, value);
}

fn shared(auth: &[u8]) -> Result<Auth, SubscriptionError> {
    match <[u8; AUTH_BYTES]>::try_from(auth) {
        Ok(auth) => Ok(Auth::from(auth)),
        Err(_) => Err(SubscriptionError::Auth),
    }
}

#[async_trait]
impl PushSender for WebPush {
    async fn send(&self, push: &Push) -> Result<(), PushError> {
        let request = self.request(push)?;
        let answer = self
            .client
            .execute(request)
            .await
            .map_err(|error| PushError::Unavailable {
                reason: reason(&error),
                retry_after: None,
            })?;
        let status = answer.status();
        match status.as_u16() {
            200..=299 => Ok(()),
            404 | 410 => Err(PushError::Gone),
            408 | 425 | 429 | 500..=599 => Err(PushError::Unavailable {
                reason: format!("it answered {status}"),
                retry_after: retry_after(answer.headers(), self.clock.system_time()),
            }),
            _ => Err(PushError::Refused(format!("it answered {status}"))),
        }
    }
}
