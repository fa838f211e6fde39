//! Customers that the site's own back end vouches for, by a token that it signs for one of the channel's keys.
//!
//! A customer is known by issuer and subject together: two shops that both have a customer "42" have two customers.
//! What a visitor typed never makes it a proven customer. Its live chat becomes one's by two proofs at once, see `linking`.

use crate::config::{CustomerKey, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use portico_shared::ids::{CustomerId, ParticipantId};
use portico_shared::json::check_numbers;
use portico_shared::text::says_nothing;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The key under which a CIM customer lists its identities on web channels.
pub const WEB: &str = "web";

/// How far the site's clock may be ahead of ours, in seconds. A token never ends later for it.
const LEEWAY_SECONDS: i64 = 60;

/// A token that is good for longer is refused, in seconds: it would outlive the session that it stands for.
const MAX_LIFETIME_SECONDS: i64 = 24 * 60 * 60;

/// A longer token is refused unread, in bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// A longer name is cut, in Unicode scalar values.
const MAX_NAME_CHARS: usize = 128;

/// Claims with a meaning of their own, which are no attributes.
const RESERVED: [&str; 5] = ["jti", "name", "first_name", "nbf", "channel"];

/// A customer as its site proves it.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedCustomer {
    /// `<issuer>|<subject>`: what the customer is found by.
    pub identifier: String,
    /// What to call it, if the token says so.
    pub name: Option<String>,
    /// Other simple claims of the token, for agents to see.
    pub attributes: Map<String, Value>,
    /// When the site has signed it, in epoch milliseconds, a whole second.
    pub issued_at: i64,
    /// When the proof ends, in epoch milliseconds.
    pub expires_at: i64,
}

impl SignedCustomer {
    /// The customer's id when the store knows no customer by this identifier yet. It follows from the identifier, so
    /// that two browsers that come at the same time are one customer.
    pub fn fresh_id(&self) -> CustomerId {
        let digest = Sha256::digest(format!("portico/customer/{}", self.identifier).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        CustomerId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string())
    }
}

/// Why a key of the configuration verifies nothing.
#[derive(Debug, thiserror::Error)]
#[error("not a public key in PEM for {0}")]
pub struct KeyError(&'static str, #[source] jsonwebtoken::errors::Error);

/// Why a customer token is refused. Sites see it, so it says what to correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerTokenError {
    /// Its time is over.
    #[error("the token's time is over")]
    Expired,
    /// Not a signed token, or too long.
    #[error("not a signed token with a kid")]
    Malformed,
    /// No key of the channel has this kid, or it is for another algorithm.
    #[error("no key of this channel has this kid and algorithm")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// A claim is missing, has the wrong type or the wrong value.
    #[error("iss, aud, sub, exp and iat are required: iss and aud as configured, sub a text, exp and iat numbers")]
    Claims,
    /// The token was signed before the customer's data was erased.
    #[error("the customer's data was erased since the token was issued")]
    Erased,
    /// Good for too long, or from the future.
    #[error("a token is issued now and lives for 24 hours at most")]
    Lifetime,
}

/// The keys of one channel, by `kid`.
pub struct CustomerKeys(BTreeMap<String, VerifyKey>);

struct VerifyKey {
    key: DecodingKey,
    algorithm: Algorithm,
    issuer: String,
    audience: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Value,
    sub: String,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    name: Option<String>,
    first_name: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl CustomerKeys {
    /// Reads the keys of one channel.
    pub fn new(keys: &[CustomerKey]) -> Result<Self, KeyError> {
        keys.iter()
            .map(|key| Ok((key.kid.clone(), VerifyKey::new(key)?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Proves a token at a time in epoch milliseconds.
    pub fn prove(&self, token: &str, now: i64) -> Result<SignedCustomer, CustomerTokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(CustomerTokenError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| CustomerTokenError::Malformed)?;
        let claims = self.key_for(&header)?.verify(token)?;
        claims.check_times(now / 1_000)?;
        claims.into_customer()
    }

    fn key_for(&self, header: &Header) -> Result<&VerifyKey, CustomerTokenError> {
        let kid = header.kid.as_deref().ok_or(CustomerTokenError::Malformed)?;
        let key = self.0.get(kid).ok_or(CustomerTokenError::UnknownKey)?;
        if header.alg != key.algorithm {
            return Err(CustomerTokenError::UnknownKey);
        }
        if header.crit.is_some() {
            return Err(CustomerTokenError::Malformed);
        }
        Ok(key)
    }
}

impl VerifyKey {
    fn new(key: &CustomerKey) -> Result<Self, KeyError> {
        let bytes = key.key.expose_secret().as_bytes();
        let (algorithm, decoding) = match key.algorithm {
            KeyAlgorithm::Hs256 => (Algorithm::HS256, DecodingKey::from_secret(bytes)),
            KeyAlgorithm::EdDsa => (
                Algorithm::EdDSA,
                DecodingKey::from_ed_pem(bytes).map_err(|error| KeyError("EdDSA", error))?,
            ),
            KeyAlgorithm::Es256 => (
                Algorithm::ES256,
                DecodingKey::from_ec_pem(bytes).map_err(|error| KeyError("ES256", error))?,
            ),
        };
        Ok(Self {
            key: decoding,
            algorithm,
            issuer: key.issuer.clone(),
            audience: key.audience.clone(),
        })
    }

    fn verify(&self, token: &str) -> Result<Claims, CustomerTokenError> {
        let mut validation = Validation::new(self.algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub"]);
        // The library cannot read numbers as `portico_shared::json` keeps them, so `exp`, which the claims require, is
        // compared in check_times with the time that is handed in.
        validation.validate_exp = false;
        let data =
            jsonwebtoken::decode::<Claims>(token, &self.key, &validation).map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => CustomerTokenError::Signature,
                _ => CustomerTokenError::Claims,
            })?;
        let audience_is_text = data.claims.aud.is_string() || data.claims.aud.is_array();
        if data.claims.iss != self.issuer || !audience_is_text {
            return Err(CustomerTokenError::Claims);
        }
        Ok(data.claims)
    }
}

impl Claims {
    fn check_times(&self, now: i64) -> Result<(), CustomerTokenError> {
        let lifetime = self.exp.checked_sub(self.iat).ok_or(CustomerTokenError::Lifetime)?;
        let begins = self.nbf.unwrap_or(self.iat).max(self.iat);
        if !(1..=MAX_LIFETIME_SECONDS).contains(&lifetime) || begins > now + LEEWAY_SECONDS {
            return Err(CustomerTokenError::Lifetime);
        }
        if self.exp <= now {
            Err(CustomerTokenError::Expired)
        } else {
            Ok(())
        }
    }

    fn into_customer(self) -> Result<SignedCustomer, CustomerTokenError> {
        // Identifiers are short visible ASCII, so that they fit wherever an id does.
        let identifier = format!("{}|{}", self.iss, self.sub);
        if self.sub.is_empty() || ParticipantId::parse(&identifier).is_none() {
            return Err(CustomerTokenError::Claims);
        }
        let simple = |(name, value): &(String, Value)| {
            let scalar = value.is_string() || value.is_number() || value.is_boolean();
            !RESERVED.contains(&name.as_str()) && scalar && check_numbers(value).is_ok()
        };
        Ok(SignedCustomer {
            identifier,
            name: self.name.or(self.first_name).as_deref().and_then(clean_name),
            attributes: self.others.into_iter().filter(simple).collect(),
            issued_at: self.iat.saturating_mul(1_000),
            expires_at: self.exp.saturating_mul(1_000),
        })
    }
}

/// Whether a character changes the order in which those around it are shown, and so what they seem to say.
pub(crate) fn is_disguise(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name as people read it: one line of limited length, in the order in which it is written, without a byte order mark;
/// nothing if nothing is left.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let is_break = |char: char| matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}');
    let kept = name
        .chars()
        .filter(|char| !char.is_control() && !is_break(*char) && !is_disguise(*char));
    let name: String = kept.take(MAX_NAME_CHARS).collect();
    let name = name.trim();
    (!says_nothing(name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::EncodingKey;
    use serde_json::json;

    const SECRET: &str = "a shared secret of at least 32 bytes";
    const NOW: i64 = 1_800_000_000;
    const ED_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----";
    const ED_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";

    /// The key pair of RFC 7515, appendix A.3.
    const EC_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\nH1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n-----END PRIVATE KEY-----";
    const EC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----";

    fn key(kid: &str, algorithm: KeyAlgorithm, key: &str) -> CustomerKey {
        CustomerKey {
            kid: kid.into(),
            algorithm,
            key: key.into(),
            issuer: "https://shop.example".into(),
            audience: "portico".into(),
        }
    }

    fn keys() -> CustomerKeys {
        let keys = [
            key("k1", KeyAlgorithm::Hs256, SECRET),
            key("k2", KeyAlgorithm::EdDsa, ED_PUBLIC),
            key("k3", KeyAlgorithm::Es256, EC_PUBLIC),
        ];
        CustomerKeys::new(&keys).expect("the keys are good")
    }

    fn claims() -> Value {
        json!({ "iss": "https://shop.example", "aud": "portico", "sub": "42", "iat": NOW, "exp": NOW + 300 })
    }

    fn header(kid: &str, algorithm: Algorithm) -> Header {
        let mut header = Header::new(algorithm);
        header.kid = Some(kid.into());
        header
    }

    fn signed(claims: &Value) -> String {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::encode(&header("k1", Algorithm::HS256), claims, &key).expect("encodes")
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    fn prove(token: &str) -> Result<SignedCustomer, CustomerTokenError> {
        keys().prove(token, NOW * 1_000)
    }

    #[test]
    fn issuer_and_subject_make_the_customer_and_the_other_claims_its_attributes() {
        let mut claims = with("first_name", json!("Mia\u{202e}\n"));
        claims["plan"] = json!("gold");
        claims["web"] = json!(["somebody else"]);
        let customer = prove(&signed(&claims)).expect("proven");
        assert_eq!(customer.identifier, "https://shop.example|42");
        assert_eq!(customer.name.as_deref(), Some("Mia"));
        assert_eq!(Value::Object(customer.attributes.clone()), json!({ "plan": "gold" }));
        assert_eq!(
            customer.fresh_id(),
            prove(&signed(&with("exp", json!(NOW + 9)))).expect("proven").fresh_id()
        );
        assert_ne!(
            customer.fresh_id(),
            prove(&signed(&with("sub", json!("43")))).expect("proven").fresh_id()
        );
    }

    #[test]
    fn a_public_key_verifies_its_own_algorithm_only() {
        let ed = EncodingKey::from_ed_pem(ED_PRIVATE.as_bytes()).expect("a private key");
        let token = jsonwebtoken::encode(&header("k2", Algorithm::EdDSA), &claims(), &ed).expect("encodes");
        assert!(prove(&token).is_ok());
        // The public key taken for a shared secret, which is what pinning is for.
        let public = EncodingKey::from_secret(ED_PUBLIC.as_bytes());
        let confused = jsonwebtoken::encode(&header("k2", Algorithm::HS256), &claims(), &public).expect("encodes");
        assert_eq!(prove(&confused), Err(CustomerTokenError::UnknownKey));
        let other_kid = jsonwebtoken::encode(&header("k1", Algorithm::EdDSA), &claims(), &ed).expect("encodes");
        assert_eq!(prove(&other_kid), Err(CustomerTokenError::UnknownKey));
    }

    #[test]
    fn a_token_signed_with_p256_is_proven_and_a_changed_one_is_not() {
        let ec = EncodingKey::from_ec_pem(EC_PRIVATE.as_bytes()).expect("a private key");
        let token = jsonwebtoken::encode(&header("k3", Algorithm::ES256), &claims(), &ec).expect("encodes");
        assert_eq!(prove(&token).expect("proven").identifier, "https://shop.example|42");

        let other = with("sub", json!("43"));
        let other = jsonwebtoken::encode(&header("k3", Algorithm::ES256), &other, &ec).expect("encodes");
        let (claimed, _) = other.rsplit_once('.').expect("three parts");
        let (_, signature) = token.rsplit_once('.').expect("three parts");
        assert_eq!(
            prove(&format!("{claimed}.{signature}")),
            Err(CustomerTokenError::Signature)
        );
        let public = EncodingKey::from_secret(EC_PUBLIC.as_bytes());
        let confused = jsonwebtoken::encode(&header("k3", Algorithm::HS256), &claims(), &public).expect("encodes");
        assert_eq!(prove(&confused), Err(CustomerTokenError::UnknownKey));
    }

    #[test]
    fn a_kid_is_looked_up_and_never_interpreted() {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        for kid in [
            "",
            "K1",
            "k1 ",
            "../k1",
            "../../../../dev/null",
            "k1' or '1'='1",
            "https://evil.example/jwks",
            "k1\0",
        ] {
            let token = jsonwebtoken::encode(&header(kid, Algorithm::HS256), &claims(), &key).expect("encodes");
            assert_eq!(prove(&token), Err(CustomerTokenError::UnknownKey), "{kid:?}");
        }
        let without = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(), &key).expect("encodes");
        assert_eq!(prove(&without), Err(CustomerTokenError::Malformed));
    }

    #[test]
    fn unsigned_and_wrongly_signed_tokens_are_refused() {
        let good = signed(&claims());
        let payload = good.split('.').nth(1).expect("three parts");
        for text in [r#"{"alg":"none","kid":"k1"}"#, r#"{"alg":"nOnE","kid":"k1"}"#] {
            let token = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(text));
            assert_eq!(prove(&token), Err(CustomerTokenError::Malformed), "{text}");
        }
        let other = EncodingKey::from_secret(b"another secret of at least 32 bytes!");
        let forged = jsonwebtoken::encode(&header("k1", Algorithm::HS256), &claims(), &other).expect("encodes");
        assert_eq!(prove(&forged), Err(CustomerTokenError::Signature));
        let stripped = good.rsplit_once('.').expect("a signature").0;
        assert_eq!(prove(&format!("{stripped}.")), Err(CustomerTokenError::Signature));
        assert_eq!(prove(stripped), Err(CustomerTokenError::Malformed));
    }

    #[test]
    fn required_claims_are_there_and_have_their_type() {
        for name in ["iss", "aud", "sub", "exp", "iat"] {
            let mut without = claims();
            without.as_object_mut().expect("an object").remove(name);
            assert_eq!(
                prove(&signed(&without)),
                Err(CustomerTokenError::Claims),
                "without {name}"
            );
            for other in [json!(null), json!(true), json!({}), json!([["x"]])] {
                assert_eq!(
                    prove(&signed(&with(name, other.clone()))),
                    Err(CustomerTokenError::Claims),
                    "{name} = {other}"
                );
            }
        }
        for (name, value) in [
            ("exp", json!((NOW + 300).to_string())),
            ("exp", json!(1.5)),
            ("iat", json!(NOW.to_string())),
            ("nbf", json!("0")),
            ("iss", json!("https://evil.example")),
            ("iss", json!(["https://shop.example"])),
            ("aud", json!("another service")),
            ("sub", json!("")),
            ("sub", json!(42)),
            ("sub", json!("a b")),
            ("sub", json!("x".repeat(200))),
        ] {
            assert_eq!(
                prove(&signed(&with(name, value.clone()))),
                Err(CustomerTokenError::Claims),
                "{name} = {value}"
            );
        }
        assert!(prove(&signed(&with("aud", json!(["other", "portico"])))).is_ok());
    }

    #[test]
    fn a_token_is_good_for_its_time_and_no_longer() {
        let at = |iat: i64, exp: i64| {
            let mut claims = with("iat", json!(iat));
            claims["exp"] = json!(exp);
            prove(&signed(&claims)).map(|_| ())
        };
        assert_eq!(at(NOW - 300, NOW), Err(CustomerTokenError::Expired));
        assert_eq!(at(NOW - 300, NOW + 1), Ok(()));
        assert_eq!(at(NOW + LEEWAY_SECONDS, NOW + 300), Ok(()));
        assert_eq!(
            at(NOW + LEEWAY_SECONDS + 1, NOW + 300),
            Err(CustomerTokenError::Lifetime)
        );
        assert_eq!(at(NOW, NOW + MAX_LIFETIME_SECONDS), Ok(()));
        assert_eq!(
            at(NOW, NOW + MAX_LIFETIME_SECONDS + 1),
            Err(CustomerTokenError::Lifetime)
        );
        assert_eq!(at(NOW, NOW), Err(CustomerTokenError::Lifetime));
        assert_eq!(at(i64::MIN, i64::MAX), Err(CustomerTokenError::Lifetime));
        assert_eq!(
            prove(&signed(&with("nbf", json!(NOW + 61)))).map(|_| ()),
            Err(CustomerTokenError::Lifetime)
        );
    }
}
