//! Tokens that the relay mints for customers: a short one for the socket, and a long one by which the same browser gets
//! the next short one. Both are signed and say all there is to know, so that a mere visit writes nothing to the store.
//!
//! They are bound to one channel: what was minted for one shop proves nothing on another.

use super::{AuthError, Consent, CustomerPrincipal};
use crate::store::Store;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use portico_shared::ids::CustomerId;
use serde::{Deserialize, Serialize};

/// How long a visitor token is good, in seconds.
pub const TOKEN_SECONDS: i64 = 60 * 60;

/// How long a browser is remembered after its last visit, in seconds.
pub const REFRESH_SECONDS: i64 = 30 * 24 * 60 * 60;

const ISSUER: &str = "portico";

/// How far the clocks of two nodes of one relay may be apart, in milliseconds.
const LEEWAY_MS: i64 = 60_000;

/// A token longer than this was not made here, in bytes.
const MAX_TOKEN_BYTES: usize = 3 * 1024;

/// What a token may be used for. One is never good for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To open a socket.
    Visit,
    /// To get the next visitor token.
    Refresh,
}

impl Purpose {
    const fn audience(self) -> &'static str {
        match self {
            Self::Visit => "portico/visitor",
            Self::Refresh => "portico/refresh",
        }
    }
}

/// What stands in a token. All of it has one type, and is required but for the consent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    chan: String,
    ident: String,
    name: String,
    ver: bool,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<Consent>,
}

/// A customer that a token proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The identity that the token names.
    pub principal: CustomerPrincipal,
    /// When it was given, in epoch milliseconds, a whole second.
    pub issued_at: i64,
    /// When the token ends, in epoch milliseconds.
    pub expires_at: i64,
}

/// Mints and proves visitor tokens with the relay's own key.
pub struct VisitorTokens {
    sign: EncodingKey,
    verify: DecodingKey,
}

impl VisitorTokens {
    /// With this key, which every node of one relay shares.
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            sign: EncodingKey::from_secret(key),
            verify: DecodingKey::from_secret(key),
        }
    }

    /// A token for this customer from now (epoch milliseconds) until `expires_at`.
    pub fn mint(&self, purpose: Purpose, customer: &CustomerPrincipal, now: i64, expires_at: i64) -> String {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: purpose.audience().to_owned(),
            sub: customer.id.to_string(),
            chan: customer.channel.clone(),
            ident: customer.identifier.clone(),
            name: customer.name.clone(),
            ver: customer.verified,
            iat: now / 1_000,
            exp: expires_at / 1_000,
            consent: customer.consent.clone(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.sign)
            .expect("claims of text and numbers are JSON, and any bytes are an HMAC key")
    }

    /// Proves a token at a time in epoch milliseconds.
    pub fn prove(&self, purpose: Purpose, token: &str, now: i64) -> Result<Visitor, AuthError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(AuthError::Refused);
        }
        let read = jsonwebtoken::decode::<Claims>(token, &self.verify, &validation(purpose));
        let data = read.map_err(|_| AuthError::Refused)?;
        let claims = data.claims;
        if data.header.crit.is_some() || claims.iat.saturating_mul(1_000) > now + LEEWAY_MS {
            return Err(AuthError::Refused);
        }
        let issued_at = claims.iat.saturating_mul(1_000);
        let expires_at = claims.exp.saturating_mul(1_000);
        if expires_at <= now {
            return Err(AuthError::Expired);
        }
        let id = CustomerId::parse(&claims.sub).ok_or(AuthError::Refused)?;
        let principal = CustomerPrincipal {
            id,
            channel: claims.chan,
            identifier: claims.ident,
            name: claims.name,
            verified: claims.ver,
            consent: claims.consent,
        };
        Ok(Visitor {
            principal,
            issued_at,
            expires_at,
        })
    }
}

/// Refuses a token of before its customer's data was erased.
pub(super) async fn not_erased(store: &dyn Store, visitor: &Visitor) -> Result<(), AuthError> {
    match store.erased_customer(&visitor.principal.id).await? {
        Some(erased) if erased.refuses(visitor.issued_at) => Err(AuthError::Refused),
        Some(_) | None => Ok(()),
    }
}

fn validation(purpose: Purpose) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[purpose.audience()]);
    validation.set_required_spec_claims(&["iss", "aud", "sub"]);
    // The library cannot read numbers as `portico_shared::json` keeps them, so `exp`, which the claims require, is
    // compared above with the time that is handed in.
    validation.validate_exp = false;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    const KEY: [u8; 32] = [7; 32];
    const NOW: i64 = 1_800_000_000_000;

    fn customer() -> CustomerPrincipal {
        CustomerPrincipal {
            id: CustomerId::new("c-1"),
            channel: "shop".into(),
            identifier: "v-1".into(),
            name: "Visitor".into(),
            verified: false,
            consent: None,
        }
    }

    fn claims() -> Value {
        json!({
            "iss": "portico", "aud": "portico/visitor", "sub": "c-1", "chan": "shop", "ident": "v-1", "name": "Visitor",
            "ver": false, "iat": NOW / 1_000, "exp": NOW / 1_000 + 60,
        })
    }

    fn signed(header: &Header, claims: &Value, key: &[u8]) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(key)).expect("encodes")
    }

    fn proven(token: &str) -> Result<Visitor, AuthError> {
        VisitorTokens::new(&KEY).prove(Purpose::Visit, token, NOW)
    }

    #[test]
    fn what_was_minted_is_proven_until_its_time_is_over() {
        let tokens = VisitorTokens::new(&KEY);
        let token = tokens.mint(Purpose::Visit, &customer(), NOW, NOW + 60_000);
        let visitor = tokens.prove(Purpose::Visit, &token, NOW + 59_000).expect("proven");
        assert_eq!(
            visitor,
            Visitor {
                principal: customer(),
                issued_at: NOW,
                expires_at: NOW + 60_000
            }
        );
        assert_eq!(
            tokens.prove(Purpose::Visit, &token, NOW + 60_000),
            Err(AuthError::Expired)
        );
    }

    #[test]
    fn a_token_proves_what_its_customer_has_agreed_to() {
        let tokens = VisitorTokens::new(&KEY);
        let who = CustomerPrincipal {
            consent: Some(Consent {
                version: 3,
                language: "de".into(),
                by_page: true,
                at: NOW,
            }),
            ..customer()
        };
        let token = tokens.mint(Purpose::Refresh, &who, NOW, NOW + 60_000);
        let visitor = tokens.prove(Purpose::Refresh, &token, NOW).expect("proven");
        assert_eq!(visitor.principal, who);
    }

    #[test]
    fn a_refresh_token_opens_no_socket_and_a_visitor_token_refreshes_nothing() {
        let tokens = VisitorTokens::new(&KEY);
        let refresh = tokens.mint(Purpose::Refresh, &customer(), NOW, NOW + 60_000);
        let visit = tokens.mint(Purpose::Visit, &customer(), NOW, NOW + 60_000);
        assert_eq!(tokens.prove(Purpose::Visit, &refresh, NOW), Err(AuthError::Refused));
        assert_eq!(tokens.prove(Purpose::Refresh, &visit, NOW), Err(AuthError::Refused));
    }

    #[test]
    fn a_claim_that_is_absent_or_has_another_type_refuses_the_token() {
        let header = Header::new(Algorithm::HS256);
        assert!(proven(&signed(&header, &claims(), &KEY)).is_ok());
        for name in ["iss", "aud", "sub", "chan", "ident", "name", "ver", "iat", "exp"] {
            let mut without = claims();
            without.as_object_mut().expect("an object").remove(name);
            assert_eq!(
                proven(&signed(&header, &without, &KEY)),
                Err(AuthError::Refused),
                "without {name}"
            );
            for other in [
                json!(null),
                json!("1900000000"),
                json!(1.5),
                json!(["portico", "portico/visitor"]),
                json!({}),
            ] {
                let text_stays_text = other.is_string() && !matches!(name, "ver" | "iat" | "exp" | "iss" | "aud");
                let mut changed = claims();
                changed[name] = other.clone();
                let result = proven(&signed(&header, &changed, &KEY));
                assert_eq!(result.is_ok(), text_stays_text, "{name} = {other}");
            }
        }
    }

    #[test]
    fn another_key_another_algorithm_and_no_signature_are_refused() {
        let good = signed(&Header::new(Algorithm::HS256), &claims(), &KEY);
        assert_eq!(
            proven(&signed(&Header::new(Algorithm::HS256), &claims(), &[8; 32])),
            Err(AuthError::Refused)
        );
        assert_eq!(
            proven(&signed(&Header::new(Algorithm::HS512), &claims(), &KEY)),
            Err(AuthError::Refused)
        );
        let payload = good.split('.').nth(1).expect("three parts");
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"None","typ":"JWT"}"#,
            r#"{"alg":"HS256"}"#,
            "{}",
        ] {
            let unsigned = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(header));
            assert_eq!(proven(&unsigned), Err(AuthError::Refused), "{header}");
        }
        let mut critical = Header::new(Algorithm::HS256);
        critical.crit = Some(vec!["exp".into()]);
        assert_eq!(proven(&signed(&critical, &claims(), &KEY)), Err(AuthError::Refused));
    }

    #[test]
    fn numbers_that_are_none_and_keys_that_repeat_are_refused() {
        for text in [
            r#"{"iss":"portico","aud":"portico/visitor","sub":"c-1","chan":"shop","ident":"v","name":"V","ver":false,"iat":1,"exp":1e400}"#,
            r#"{"iss":"portico","aud":"portico/visitor","sub":"c-1","chan":"shop","ident":"v","name":"V","ver":false,"iat":1,"exp":1,"exp":1900000000}"#,
            r#"{"iss":"portico","aud":"portico/visitor","sub":"c 1","chan":"shop","ident":"v","name":"V","ver":false,"iat":1,"exp":1900000000}"#,
        ] {
            let message = format!(
                "{}.{}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
                URL_SAFE_NO_PAD.encode(text)
            );
            let key = EncodingKey::from_secret(&KEY);
            let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signs");
            assert_eq!(
                proven(&format!("{message}.{signature}")),
                Err(AuthError::Refused),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", ".", "..", "a.b.c", "pst_x", &"x".repeat(MAX_TOKEN_BYTES + 1)] {
            assert_eq!(proven(text), Err(AuthError::Refused), "{text:?}");
        }
    }
}
