//! Why a call came to nothing, in a sentence for the operator, and for how long the bot asks to be left alone. Never with the
//! address, whose path may be a secret.

use crate::public_internet::NotPublic;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// Why a call got no answer.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    if !error.is_connect() {
        return "the call broke off".to_owned();
    }
    let mut cause = error.source();
    while let Some(here) = cause {
        if let Some(reason) = of_cause(here) {
            return reason;
        }
        cause = here.source();
    }
    "it cannot be reached".to_owned()
}

/// What one of an error's causes says, if it is one of those that an operator can act on.
fn of_cause(cause: &(dyn Error + 'static)) -> Option<String> {
    if cause.is::<UnknownName>() {
        return Some("its name is not known to the DNS of this machine".to_owned());
    }
    if cause.is::<NotPublic>() {
        return Some("its name leads to no public address".to_owned());
    }
    let error = cause.downcast_ref::<io::Error>()?;
    if let Some(inner) = error.get_ref() {
        // One I/O error may hold another, which is no cause of it.
        return match inner.downcast_ref::<rustls::Error>() {
            Some(tls) => Some(format!("its TLS is not accepted: {tls}")),
            None => of_cause(inner),
        };
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("it refuses connections".to_owned()),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some("there is no way to its network".to_owned())
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => {
            Some("it ends connections before they are made".to_owned())
        }
        _ => None,
    }
}

/// The machine's resolver, whose errors can be told from others.
pub(super) struct Resolver;

/// A name that cannot be resolved.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be resolved")]
struct UnknownName(#[source] io::Error);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(UnknownName)?;
            // Taken out of what was found, which does not outlive the look-up.
            let addresses: Vec<SocketAddr> = found.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// How long the bot asks to be left alone: a number of seconds, or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let stated = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if stated.bytes().all(|byte| byte.is_ascii_digit()) && !stated.is_empty() {
        // More seconds than there are is a long time all the same.
        return Some(Duration::from_secs(stated.parse().unwrap_or(u64::MAX)));
    }
    httpdate::parse_http_date(stated).ok()?.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_bot_asks_in_seconds_or_by_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (stated, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", None),
            ("99999999999999999999999999", Some(u64::MAX)),
            ("", None),
            ("soon", None),
            ("-1", None),
            ("1.5", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(stated))]);
            assert_eq!(
                retry_after(&headers, now),
                expected.map(Duration::from_secs),
                "{stated}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    /// What a call to this address fails with.
    async fn fails(url: &str) -> String {
        let client = reqwest::Client::builder()
            .dns_resolver(std::sync::Arc::new(Resolver))
            .no_proxy()
            .build()
            .expect("a client");
        let error = client.get(url).send().await.expect_err(url);
        let text = reason(&error);
        assert!(!text.contains("s3cret"), "{text}");
        text
    }

    #[tokio::test]
    async fn an_operator_is_told_what_is_in_the_way() {
        let refusing = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
            listener.local_addr().expect("bound")
        };
        let refused = fails(&format!("http://{refusing}/s3cret")).await;
        assert_eq!(refused, "it refuses connections");
        let unknown = fails("http://no-such-bot.invalid/s3cret").await;
        assert_eq!(unknown, "its name is not known to the DNS of this machine");

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let plain = async {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut stream, _) = listener.accept().await.expect("it comes");
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = stream.read(&mut [0; 1024]).await;
        };
        let url = format!("https://{address}/s3cret");
        let (tls, ()) = tokio::join!(fails(&url), plain);
        assert!(tls.starts_with("its TLS is not accepted: "), "{tls}");
    }
}
