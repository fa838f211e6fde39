//! The proxies that the environment names for calls by HTTPS. `reqwest` reads them; what it says nothing of is said here.

use std::env;

/// The variables, as `reqwest` looks for them.
const VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// Whether calls may go through a proxy.
pub(super) fn are_named() -> bool {
    named().next().is_some()
}

/// Variables whose value is no address of a proxy. Calls then go straight to the bot, which an operator may not want.
pub(super) fn unreadable() -> Vec<&'static str> {
    let is_unreadable = |(name, value): (&'static str, String)| is_no_address(&value).then_some(name);
    named().filter_map(is_unreadable).collect()
}

/// The hosts of those proxies.
pub(crate) fn hosts() -> Vec<String> {
    named().filter_map(|(_, value)| host(&value)).collect()
}

fn host(value: &str) -> Option<String> {
    let is_whole = value.contains("://");
    let address = if is_whole {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    Some(reqwest::Url::parse(&address).ok()?.host_str()?.to_owned())
}

fn named() -> impl Iterator<Item = (&'static str, String)> {
    let value = |name| env::var(name).ok().filter(|value: &String| !value.is_empty());
    VARIABLES
        .into_iter()
        .filter_map(move |name| value(name).map(|value| (name, value)))
}

fn is_no_address(value: &str) -> bool {
    reqwest::Proxy::all(value).is_err()
}

#[cfg(test)]
mod tests {
    use super::{host, is_no_address};

    #[test]
    fn a_proxy_has_a_host() {
        for (address, expected) in [
            ("http://user:word@Proxy.example:3128", "proxy.example"),
            ("proxy.example:3128", "proxy.example"),
            ("socks5://10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(host(address).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_with_or_without_a_scheme() {
        for address in [
            "http://proxy.example:3128",
            "proxy.example:3128",
            "http://user:word@10.0.0.1:8080",
        ] {
            assert!(!is_no_address(address), "{address}");
        }
        for nonsense in ["::::x", "http://", "http://:80"] {
            assert!(is_no_address(nonsense), "{nonsense}");
        }
    }
}
