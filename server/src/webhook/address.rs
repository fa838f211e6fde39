//! Where the webhook of a registered program may be. Who registers programs may be somebody else than who runs the relay, so an
//! address leads to the public internet, or into networks that the configuration names.

use crate::public_internet::{GuardedResolver, literal, may_be_public};
use crate::webhook::proxy_hosts;
use portico_core::config::PrivateNetworks;
use portico_core::identity::origin::is_loopback;
use portico_core::network::is_public;
use portico_core::programs::WebhookRules;
use reqwest::Url;

/// The rules, and the resolver that keeps them for what names lead to.
#[derive(Clone)]
pub(crate) struct RegisteredAddresses {
    networks: PrivateNetworks,
}

impl RegisteredAddresses {
    /// With these networks beside the public internet.
    pub(crate) fn new(networks: PrivateNetworks) -> Self {
        Self { networks }
    }

    /// A resolver that finds nothing else. A proxy of the operator's may be anywhere, and resolves names itself.
    pub(crate) fn resolver(&self) -> GuardedResolver {
        GuardedResolver::but_for(proxy_hosts()).and_within(self.networks.clone())
    }

    /// Whether a host may be called as far as it says so itself; what its name leads to, the resolver sees.
    fn may_be_called(&self, host: &str) -> bool {
        match literal(host) {
            Some(address) => is_public(address) || self.networks.contains(address),
            None => may_be_public(host) || !self.networks.is_empty(),
        }
    }
}

impl WebhookRules for RegisteredAddresses {
    fn check(&self, address: &str) -> Result<(), String> {
        let url = Url::parse(address).map_err(|error| error.to_string())?;
        let Some(host) = url.host_str() else {
            return Err("it has no host".to_owned());
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            _ => return Err("it begins with https://, or with http:// on this machine".to_owned()),
        }
        if self.may_be_called(host) {
            Ok(())
        } else {
            Err("it leads to no public address, and programs.networks does not name it".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(networks: &str, address: &str) -> bool {
        let config = crate::config::from_toml(&format!("programs.networks = [{networks}]")).expect("networks");
        RegisteredAddresses::new(config.programs.networks)
            .check(address)
            .is_ok()
    }

    #[test]
    fn a_webhook_is_on_the_public_internet() {
        for public in [
            "https://bots.example/hooks/T0",
            "https://bots.example:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(may("", public), "{public}");
        }
        for refused in [
            "",
            "bots.example",
            "http://bots.example/",
            "ftp://bots.example/",
            "https://localhost/",
            "http://localhost:9000/",
            "http://127.0.0.1:9000/",
            "https://127.1/",
            "https://2130706433/",
            "https://10.0.0.1/",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[fd00:ec2::254]/",
            "https://intranet/",
        ] {
            assert!(!may("", refused), "{refused}");
        }
    }

    #[test]
    fn a_webhook_may_be_in_networks_that_the_operator_names() {
        let (own, machine) = ("\"10.1.0.0/16\"", "\"127.0.0.0/8\"");
        assert!(may(own, "https://10.1.2.3/") && may(own, "https://bot:8443/"));
        assert!(!may(own, "https://10.2.0.1/") && !may(own, "http://10.1.2.3/") && !may(own, "https://127.0.0.1/"));
        assert!(may(machine, "http://127.0.0.1:9000/bot") && !may(machine, "https://10.1.2.3/"));
    }
}
