//! The key by which push services know this relay (VAPID). Browsers bind a subscription to its public half, so that another
//! key can send them nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint as _;
use web_push_native::p256::pkcs8::EncodePrivateKey as _;

/// How long a signature is good, in seconds: services take 24 hours at most.
const SIGNED_FOR_SECONDS: i64 = 12 * 60 * 60;

/// Why a text is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is no private key.
    #[error("a key is 32 bytes in base64url, and not all of them are a key of P-256")]
    NoKey,
    /// It cannot be used.
    #[error("the key cannot sign")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// A key pair.
pub(crate) struct VapidKey {
    signing: EncodingKey,
    public: String,
    /// Who answers for the messages.
    contact: Option<String>,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

impl VapidKey {
    /// Reads the key of the configuration.
    pub(crate) fn parse(text: &str) -> Result<[u8; 32], KeyError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text.trim_end_matches('='))
            .map_err(|_| KeyError::NoKey)?;
        let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| KeyError::NoKey)?;
        Self::is_key(&bytes).then_some(bytes).ok_or(KeyError::NoKey)
    }

    /// Whether 32 bytes are a private key: nearly all are.
    pub(crate) fn is_key(bytes: &[u8; 32]) -> bool {
        SecretKey::from_slice(bytes).is_ok()
    }

    /// The pair of a private key, for messages of the operator whom `contact` reaches.
    pub(crate) fn new(private: &[u8; 32], contact: Option<String>) -> Result<Self, KeyError> {
        let secret = SecretKey::from_slice(private).map_err(|_| KeyError::NoKey)?;
        let document = secret.to_pkcs8_der().map_err(|_| KeyError::NoKey)?;
        let public = secret.public_key().to_encoded_point(false);
        Ok(Self {
            signing: EncodingKey::from_ec_der(document.as_bytes()),
            public: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            contact,
        })
    }

    /// The public key, in base64url.
    pub(crate) fn public(&self) -> &str {
        &self.public
    }

    /// What tells the service at `origin` who sends, at `now_ms` (epoch milliseconds).
    pub(super) fn authorization(&self, origin: &str, now_ms: i64) -> Result<String, KeyError> {
        let claims = Claims {
            aud: origin,
            exp: now_ms / 1_000 + SIGNED_FOR_SECONDS,
            sub: self.contact.as_deref(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.signing)?;
        Ok(format!("vapid t={token}, k={}", self.public))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_public_half_that_others_know_it_by() {
        // The application server's pair of RFC 8291, appendix A.
        let private = VapidKey::parse("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").expect("a key");
        let key = VapidKey::new(&private, None).expect("a key");
        assert_eq!(
            key.public(),
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        );
        let signed = key.authorization("https://push.example", 0).expect("signed");
        assert!(
            signed.starts_with("vapid t=ey") && signed.ends_with(key.public()),
            "{signed}"
        );
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "//8"] {
            assert!(VapidKey::parse(text).is_err(), "{text}");
        }
    }
}
