//! What endpoints read of a request besides its body: who asks, from which page, from which address.

use super::problem::{Problem, ProblemCode};
use super::{AppState, access};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use portico_core::config::TrustedProxies;
use portico_core::identity::{Authenticated, Principal, StaffPrincipal};
use portico_shared::json::from_str;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Where proxies say for whom they ask.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A body that is a JSON object, or a problem that says what is wrong with it.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<AppState>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Text(text) = Text::from_request(request, state).await?;
        from_str(&text)
            .map(Self)
            .map_err(|error| Problem::new(ProblemCode::Malformed, error.to_string()))
    }
}

/// The text of a body that is said to be JSON, if it is no longer than the relay reads, and if all who read it would read
/// the same.
pub(super) struct Text(pub(super) String);

impl FromRequest<Arc<AppState>> for Text {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                ProblemCode::NotJson,
                "the body is JSON, and its content-type says so: application/json",
            ));
        }
        let malformed = |problem: String| Problem::new(ProblemCode::Malformed, problem);
        let bytes = Bytes::from_request(request, state).await?;
        let text = std::str::from_utf8(&bytes).map_err(|error| malformed(error.to_string()))?;
        portico_shared::json::refuse_ambiguous(text).map_err(|error| malformed(error.to_string()))?;
        Ok(Self(text.to_owned()))
    }
}

/// Whether a body is said to be JSON. A page of another origin cannot send this type without a CORS preflight.
fn is_json(headers: &HeaderMap) -> bool {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = stated.unwrap_or_default().split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    let Some(("application", kind)) = kind.split_once('/') else {
        return false;
    };
    kind == "json" || kind.ends_with("+json")
}

/// The token in the `Authorization` header, unproven.
pub(super) struct BearerToken(pub(super) String);

impl FromRequestParts<Arc<AppState>> for BearerToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<AppState>) -> Result<Self, Problem> {
        let value = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (scheme, token) = value
            .and_then(|value| value.split_once(' '))
            .ok_or_else(Problem::token)?;
        if scheme.eq_ignore_ascii_case("bearer") {
            Ok(Self(token.trim().to_owned()))
        } else {
            Err(Problem::token())
        }
    }
}

/// The identity that the token in the `Authorization` header proves, which has the permission that the verb takes.
pub(super) struct Bearer(pub(super) Authenticated);

impl FromRequestParts<Arc<AppState>> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        access::prove(state, parts).await.map(Self)
    }
}

/// Who asks from the relay's own pages or from a program.
pub(super) struct Caller(pub(super) Authenticated);

impl FromRequestParts<Arc<AppState>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let PageOrigin(origin) = PageOrigin::from_request_parts(parts, state).await?;
        state.only_own(origin.as_deref())?;
        let Bearer(proven) = Bearer::from_request_parts(parts, state).await?;
        Ok(Self(proven))
    }
}

/// A signed-in contact-centre user, asking from the relay's own pages or from a program.
pub(super) struct Staff(pub(super) StaffPrincipal);

impl FromRequestParts<Arc<AppState>> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Caller(proven) = Caller::from_request_parts(parts, state).await?;
        match proven.principal {
            Principal::Staff(staff) => Ok(Self(staff)),
            Principal::Customer(_) | Principal::Bot(_) | Principal::App(_) => {
                Err(Problem::forbidden("this is for contact-centre users"))
            }
        }
    }
}

/// The page that asks, as its browser states it. Programs that are no browsers state none.
pub(super) struct PageOrigin(pub(super) Option<String>);

impl FromRequestParts<Arc<AppState>> for PageOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<AppState>) -> Result<Self, Problem> {
        page_origin(&parts.headers).map(Self)
    }
}

fn page_origin(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(Problem::origin()),
        },
        (Some(_), Some(_)) => Err(Problem::origin()),
    }
}

/// The address that asks: the one that connected, or the one that a trusted proxy names.
pub(super) struct Remote(pub(super) IpAddr);

/// Who connected; put into each request by the listener.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl FromRequestParts<Arc<AppState>> for Remote {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Some(Peer(peer)) = parts.extensions.get::<Peer>().copied() else {
            tracing::error!("a request came in without an address");
            return Err(Problem::internal());
        };
        Ok(Self(client_address(
            peer.ip(),
            &parts.headers,
            &state.config.server.trusted_proxies,
        )))
    }
}

/// The last address in the chain of proxies that is not one of ours: everything before it, a client can invent.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let mut address = peer.to_canonical();
    let named = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let chain: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in chain.into_iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(next) = hop.parse::<IpAddr>() else { break };
        address = next.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn trusting(proxies: &str) -> TrustedProxies {
        let config = crate::config::from_toml(&format!("server.trusted_proxies = [{proxies}]"));
        config.expect("addresses and networks").server.trusted_proxies
    }

    fn address(peer: [u8; 4], forwarded: &[&str], trusted: &[[u8; 4]]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).expect("a header"));
        }
        let trusted: Vec<String> = trusted
            .iter()
            .map(|address| format!("\"{}\"", IpAddr::from(*address)))
            .collect();
        client_address(IpAddr::from(peer), &headers, &trusting(&trusted.join(", "))).to_string()
    }

    #[test]
    fn a_network_of_proxies_is_believed_and_its_neighbours_are_not() {
        let trusted = trusting("\"10.0.0.0/24\", \"fd00::/8\", \"192.0.2.7\"");
        let headers = HeaderMap::from_iter([(
            header::HeaderName::from_static(FORWARDED_FOR),
            HeaderValue::from_static("1.2.3.4, 198.51.100.7, 10.0.0.200"),
        )]);
        for (peer, expected) in [
            ("10.0.0.255", "198.51.100.7"),
            ("::ffff:10.0.0.1", "198.51.100.7"),
            ("fd12::1", "198.51.100.7"),
            ("192.0.2.7", "198.51.100.7"),
            ("10.0.1.1", "10.0.1.1"),
            ("192.0.2.8", "192.0.2.8"),
            ("fe80::1", "fe80::1"),
        ] {
            let address = client_address(peer.parse().expect(peer), &headers, &trusted);
            assert_eq!(address.to_string(), expected, "{peer}");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_their_own_word() {
        let proxy = [10, 0, 0, 1];
        assert_eq!(address([192, 0, 2, 1], &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(address([192, 0, 2, 1], &["198.51.100.7"], &[proxy]), "192.0.2.1");
        assert_eq!(address(proxy, &["198.51.100.7"], &[proxy]), "198.51.100.7");
        assert_eq!(address(proxy, &["1.2.3.4, 198.51.100.7"], &[proxy]), "198.51.100.7");
        assert_eq!(
            address(proxy, &["1.2.3.4", "198.51.100.7, 10.0.0.2"], &[proxy, [10, 0, 0, 2]]),
            "198.51.100.7"
        );
        assert_eq!(address(proxy, &["nonsense"], &[proxy]), "10.0.0.1");
        assert_eq!(address(proxy, &[], &[proxy]), "10.0.0.1");
    }

    #[test]
    fn a_body_is_json_if_it_says_so() {
        for (stated, json) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/cim+json", true),
            ("text/json", false),
            ("application/x-www-form-urlencoded", false),
            ("text/plain; application/json", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(stated))]);
            assert_eq!(is_json(&headers), json, "{stated}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn two_origins_are_none_that_could_be_checked() {
        let mut headers = HeaderMap::new();
        assert!(page_origin(&headers).expect("absent").is_none());
        headers.append(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:8080"));
        assert_eq!(
            page_origin(&headers).expect("one").as_deref(),
            Some("http://127.0.0.1:8080")
        );
        headers.append(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:8080"));
        assert!(page_origin(&headers).is_err());
        let odd = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_bytes(b"http://\xff").expect("bytes"))]);
        assert!(page_origin(&odd).is_err());
    }
}
