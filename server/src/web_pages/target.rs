//! Which addresses are asked: those that a person could have meant as a page of the web.

use crate::public_internet::{literal, may_be_public};
use portico_core::config::PrivateNetworks;
use portico_core::links::is_for_one_reader;
use reqwest::Url;

/// The ports of the web.
const PORTS: [u16; 2] = [80, 443];

/// Whether an address may be asked: one of the web's, on the web's ports, without a user, and on the public internet as far as
/// it says so itself; what its name leads to, the resolver sees. An address within one of `networks` may be asked on any
/// port. What looks as if it worked once is left to its reader.
pub(super) fn is_askable(url: &Url, networks: &PrivateNetworks) -> bool {
    let Some(host) = url.host_str() else { return false };
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_plain = url.username().is_empty() && url.password().is_none();
    if !is_web || !is_plain || is_for_one_reader(url.as_str()) {
        return false;
    }
    if literal(host).is_some_and(|address| networks.contains(address)) {
        return true;
    }
    let has_port = url.port_or_known_default().is_some_and(|port| PORTS.contains(&port));
    has_port && may_be_public(host)
}

#[cfg(test)]
mod tests {
    use super::is_askable;
    use crate::web_pages::tests::networks;
    use reqwest::Url;

    fn may(address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| is_askable(&url, &networks("")))
    }

    #[test]
    fn pages_of_the_web_are_asked() {
        for page in [
            "https://example.org",
            "http://example.org/a?b#c",
            "https://example.org:443/",
            "http://example.org:443/",
            "https://bücher.example.org/",
            "https://example.org./",
            "http://8.8.8.8/",
            "https://[2606:4700:4700::1111]/",
        ] {
            assert!(may(page), "{page}");
        }
    }

    #[test]
    fn what_leads_into_the_relays_own_network_is_not() {
        for hostile in [
            "https://example.org/reset-password",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "javascript:alert(1)",
            "//example.org/",
            "https://",
            "https://example.org:8443/",
            "http://example.org:22/",
            "http://example.org:0/",
            "https://ann@example.org/",
            "https://example.org:secret@127.0.0.1/",
            "http://:pass@example.org/",
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://0/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http://127。0。0。1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1%25eth0]/",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://100.100.100.200/",
            "http://192.168.0.1/",
            "http://10.0.0.1/",
            "http://localhost/",
            "http://LOCALHOST/",
            "http://localhost./",
            "http://printer/",
            "http://127.0.0.1\\@example.org/",
        ] {
            let parsed = Url::parse(hostile).map(|url| url.to_string());
            assert!(!may(hostile), "{hostile} {parsed:?}");
        }
    }

    #[test]
    fn an_operators_own_network_is_asked_where_it_is_named() {
        let own = networks("\"10.1.0.0/16\"");
        let may = |address: &str| is_askable(&Url::parse(address).expect("an address"), &own);
        assert!(may("http://10.1.2.3:8080/") && may("http://[::ffff:10.1.2.3]/"));
        assert!(!may("http://10.2.0.1/") && !may("http://ann@10.1.2.3/") && !may("ftp://10.1.2.3/"));
        assert!(
            !may("http://wiki.example:8080/"),
            "a name is asked on the ports of the web"
        );
    }
}
