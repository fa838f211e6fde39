//! Where a push service takes messages for one browser, as that browser has said it.

use crate::public_internet::may_be_public;
use axum::http::Uri;
use axum::http::uri::InvalidUri;
use portico_core::identity::origin::is_loopback;
use reqwest::Url;

/// The longest endpoint that is taken, in bytes; those of the great services have 200 to 500.
const MAX_BYTES: usize = 1_024;

/// Why an address is no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndpointError {
    /// The text is no address, or is too long.
    #[error("an endpoint is an address of at most {MAX_BYTES} bytes")]
    Address,
    /// Another scheme or port, or with a user.
    #[error("an endpoint begins with https:// and has no port and no user")]
    NotHttps,
    /// An address within a network.
    #[error("an endpoint is on the public internet")]
    NotPublic,
}

/// An address that may be called.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint(Url);

impl Endpoint {
    /// Reads one. With `loopback`, services on this machine are good, too, also without TLS and on any port.
    pub(crate) fn parse(text: &str, loopback: bool) -> Result<Self, EndpointError> {
        if text.len() > MAX_BYTES {
            return Err(EndpointError::Address);
        }
        let url = Url::parse(text).map_err(|_| EndpointError::Address)?;
        let host = url.host_str().ok_or(EndpointError::Address)?;
        if loopback && is_loopback(host) {
            return Ok(Self(url));
        }
        let has_user = !url.username().is_empty() || url.password().is_some();
        if url.scheme() != "https" || url.port().is_some() || has_user {
            return Err(EndpointError::NotHttps);
        }
        if !may_be_public(host) {
            return Err(EndpointError::NotPublic);
        }
        Ok(Self(url))
    }

    /// Whom a message's signature is for.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(super) fn uri(&self) -> Result<Uri, InvalidUri> {
        self.0.as_str().parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_on_the_internet() {
        let parsed = |text: &str| Endpoint::parse(text, false).map(|endpoint| endpoint.origin());
        assert_eq!(
            parsed("https://push.example/x?y"),
            Ok("https://push.example".to_owned())
        );
        assert_eq!(
            parsed("https://push.example:443/x"),
            Ok("https://push.example".to_owned())
        );
        for text in [
            "http://push.example/x",
            "ftp://push.example/x",
            "https://push.example:8443/x",
            "https://ann@push.example/x",
        ] {
            assert_eq!(parsed(text), Err(EndpointError::NotHttps), "{text}");
        }
        for text in [
            "https://127.0.0.1/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "https://[::1]/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://169.254.169.254/latest",
            "https://localhost/x",
            "https://intranet/x",
        ] {
            assert_eq!(parsed(text), Err(EndpointError::NotPublic), "{text}");
        }
        for text in [
            "",
            "push.example/x",
            "https://",
            &format!("https://push.example/{}", "x".repeat(MAX_BYTES)),
        ] {
            assert_eq!(parsed(text), Err(EndpointError::Address), "{text}");
        }
    }

    #[test]
    fn tests_call_this_machine() {
        assert!(Endpoint::parse("http://127.0.0.1:9/x", true).is_ok());
        assert_eq!(
            Endpoint::parse("http://10.0.0.1:9/x", true).map(|_| ()),
            Err(EndpointError::NotHttps)
        );
    }
}
