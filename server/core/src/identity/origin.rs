//! Web origins, compared as exact tuples. There are no patterns, no suffixes and no wildcards: each has been somebody's
//! way in.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The longest host name of DNS, in bytes.
const MAX_HOST_BYTES: usize = 253;

/// Scheme, host and port, as a browser serializes them: lower case, ASCII, nothing after the port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// `ftp://…`, `null`, `*`, nothing.
    #[error("an origin begins with http:// or https://")]
    Scheme,
    /// `http://x/`, `http://x?y`, `http://user@x`.
    #[error("an origin is scheme, host and port, without a path")]
    NotOnlyOrigin,
    /// Upper case, a trailing dot, a wildcard, an empty label.
    #[error("an origin's host is a lower-case ASCII name or an address, without wildcards")]
    Host,
    /// `http://x:`, `http://x:0`, `http://x:080`.
    #[error("an origin's port is a number from 1 to 65535, without leading zeros")]
    Port,
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (Scheme::Https, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (Scheme::Http, rest)
        } else {
            return Err(OriginError::Scheme);
        };
        if rest.contains(['/', '\\', '?', '#', '@']) {
            return Err(OriginError::NotOnlyOrigin);
        }
        let (host, port) = split_port(rest)?;
        if !is_name(host) && !is_ipv6(host) {
            return Err(OriginError::Host);
        }
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port: port.unwrap_or(scheme.default_port()),
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.host)?;
        if self.port == self.scheme.default_port() {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

impl Origin {
    /// Whether it is an HTTPS origin.
    pub fn is_secure(&self) -> bool {
        matches!(self.scheme, Scheme::Https)
    }

    /// Whether it is an origin of this machine alone.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The same host and port for WebSockets, as a content security policy names it.
    pub fn websocket(&self) -> String {
        self.to_string().replacen("http", "ws", 1)
    }
}

/// Whether a host, as an address writes it, is this machine: what goes there crosses no network.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let address = bare.unwrap_or(host).parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), OriginError> {
    let after_host = rest.rfind(']').map_or(0, |end| end + 1);
    let Some(colon) = rest[after_host..].find(':').map(|at| at + after_host) else {
        return Ok((rest, None));
    };
    let (host, digits) = (&rest[..colon], &rest[colon + 1..]);
    let canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    match digits.parse() {
        Ok(port) if canonical => Ok((host, Some(port))),
        _ => Err(OriginError::Port),
    }
}

fn is_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= MAX_HOST_BYTES && host.split('.').all(label)
}

fn is_ipv6(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|address| {
            // The canonical spelling only, so that one address has one spelling.
            address
                .parse::<std::net::Ipv6Addr>()
                .is_ok_and(|parsed| parsed.to_string() == address)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().expect(text)
    }

    #[test]
    fn what_a_browser_sends_is_read_and_written_alike() {
        for text in [
            "https://shop.example",
            "http://127.0.0.1:8081",
            "http://localhost:8081",
            "https://xn--bcher-kva.example",
            "http://[::1]:8080",
            "https://a_b.example",
        ] {
            assert_eq!(origin(text).to_string(), text);
        }
    }

    #[test]
    fn the_default_port_is_the_same_origin_written_or_not() {
        assert_eq!(origin("https://shop.example:443"), origin("https://shop.example"));
        assert_eq!(origin("http://shop.example:80").to_string(), "http://shop.example");
        assert_ne!(origin("http://shop.example:443"), origin("https://shop.example:443"));
    }

    #[test]
    fn tricks_are_no_origins() {
        let cases = [
            ("", OriginError::Scheme),
            ("null", OriginError::Scheme),
            ("*", OriginError::Scheme),
            ("shop.example", OriginError::Scheme),
            ("HTTPS://shop.example", OriginError::Scheme),
            ("file://", OriginError::Scheme),
            (" https://shop.example", OriginError::Scheme),
            ("https://shop.example/", OriginError::NotOnlyOrigin),
            ("https://shop.example/path", OriginError::NotOnlyOrigin),
            ("https://shop.example?x", OriginError::NotOnlyOrigin),
            ("https://shop.example#x", OriginError::NotOnlyOrigin),
            ("https://shop.example@evil.example", OriginError::NotOnlyOrigin),
            ("https://evil.example\\@shop.example", OriginError::NotOnlyOrigin),
            ("https://Shop.example", OriginError::Host),
            ("https://shop.example.", OriginError::Host),
            ("https://.shop.example", OriginError::Host),
            ("https://*.example", OriginError::Host),
            ("https://shop.example ", OriginError::Host),
            ("https://shop.example`", OriginError::Host),
            ("https://shop.example$", OriginError::Host),
            ("https://shop.example, https://evil.example", OriginError::NotOnlyOrigin),
            ("https://bücher.example", OriginError::Host),
            ("https://", OriginError::Host),
            ("http://[::0001]", OriginError::Host),
            ("http://[::1", OriginError::Port),
            ("https://shop.example:", OriginError::Port),
            ("https://shop.example:0", OriginError::Port),
            ("https://shop.example:0443", OriginError::Port),
            ("https://shop.example:+443", OriginError::Port),
            ("https://shop.example:65536", OriginError::Port),
            ("https://shop.example:443:443", OriginError::Port),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Origin>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn a_sibling_a_suffix_and_a_prefix_are_other_origins() {
        let allowed = origin("https://shop.example");
        for other in [
            "https://www.shop.example",
            "https://evil-shop.example",
            "https://shop.example.evil.example",
            "https://shop.exampl",
            "http://shop.example",
            "https://shop.example:8443",
        ] {
            assert_ne!(origin(other), allowed, "{other}");
        }
    }

    #[test]
    fn the_socket_has_the_scheme_of_its_page() {
        assert_eq!(origin("https://shop.example").websocket(), "wss://shop.example");
        assert_eq!(origin("http://127.0.0.1:8080").websocket(), "ws://127.0.0.1:8080");
    }
}
