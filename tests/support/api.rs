//! The relay's HTTP side as its clients use it.

use crate::relay::{Relay, SITE_KEY};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A visitor's session.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// For `hello`.
    pub token: String,
    /// Kept by the browser for a later session.
    pub refresh: String,
    /// The customer's id.
    pub customer: String,
}

/// Sends JSON and answers status and JSON.
pub async fn post(url: &str, origin: Option<&str>, bearer: Option<&str>, body: &Value) -> (u16, Value) {
    let mut request = reqwest::Client::new().post(url).json(body);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if let Some(bearer) = bearer {
        request = request.bearer_auth(bearer);
    }
    let answer = request.send().await.expect("the relay answers");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// Asks for JSON and answers status and JSON.
pub async fn get(url: &str, bearer: Option<&str>) -> (u16, Value) {
    let mut request = reqwest::Client::new().get(url);
    if let Some(bearer) = bearer {
        request = request.bearer_auth(bearer);
    }
    let answer = request.send().await.expect("the relay answers");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

impl Relay {
    /// A new anonymous visitor of a channel.
    pub async fn visitor(&self, channel: &str) -> Visitor {
        self.session(json!({ "channel": channel })).await
    }

    /// A session with whatever proof.
    ///
    /// # Panics
    /// When the relay refuses it.
    pub async fn session(&self, body: Value) -> Visitor {
        let origin = self.origin();
        let (status, answer) = post(&format!("{origin}/api/session"), Some(&origin), None, &body).await;
        assert_eq!(status, 200, "{answer}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Visitor {
            token: text(&answer["token"]),
            refresh: text(&answer["refresh"]),
            customer: text(&answer["customer"]["id"]),
        }
    }

    /// Signs an agent in and answers the token.
    ///
    /// # Panics
    /// When the relay refuses it.
    pub async fn sign_in(&self, username: &str) -> String {
        let origin = self.origin();
        let body = json!({ "username": username, "password": format!("{username}-password") });
        let (status, answer) = post(&format!("{origin}/api/login"), Some(&origin), None, &body).await;
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().expect("a token").to_owned()
    }
}

/// A token as the site's back end would make it, valid for ten minutes; members of `claims` add to, replace or (null)
/// remove what it states.
///
/// # Panics
/// When `claims` is no object.
pub fn site_token(claims: &Value) -> String {
    let base64url = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let now = now();
    let mut all = json!({"iss": "https://site.example", "aud": "portico", "iat": now, "exp": now + 600});
    let map = all.as_object_mut().expect("an object");
    map.extend(claims.as_object().expect("an object").clone());
    map.retain(|_, value| !value.is_null());
    let head = base64url(br#"{"alg":"HS256","typ":"JWT","kid":"site"}"#);
    let signed = format!("{head}.{}", base64url(all.to_string().as_bytes()));
    let signature = hmac_sha256(SITE_KEY.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", base64url(&signature))
}

/// The time as tokens state it, in seconds.
pub fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

/// HMAC-SHA256, for tokens and signatures that a test makes or checks by itself.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    use hmac::Mac;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).expect("any key length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}
