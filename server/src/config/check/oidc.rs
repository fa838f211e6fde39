//! What may be said about the OpenID provider at which users sign in.

use super::Check;
use portico_core::config::Oidc;
use portico_core::identity::Roles;
use portico_core::identity::origin::is_loopback;

impl Check<'_> {
    pub(super) fn oidc(&mut self) {
        let Some(oidc) = &self.config.oidc else { return };
        self.name("oidc.name".to_owned(), &oidc.name);
        self.issuer(&oidc.issuer);
        let claim = &oidc.roles_claim;
        for (key, value) in [("oidc.client_id", &oidc.client_id), ("oidc.roles_claim", claim)] {
            if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.wrong(key, value, "visible ASCII, as the provider has it");
            }
        }
        for (index, scope) in oidc.scopes.iter().enumerate() {
            if scope.is_empty() || !scope.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.wrong(format!("oidc.scopes[{index}]"), scope, "a scope is visible ASCII");
            }
        }
        self.oidc_roles(oidc);
        if oidc.max_tasks == 0 {
            self.wrong("oidc.max_tasks", "0", "an agent serves at least one conversation");
        }
    }

    fn issuer(&mut self, issuer: &str) {
        let is_good = reqwest::Url::parse(issuer).is_ok_and(|url| {
            let is_private = url.scheme() == "https" || url.host_str().is_some_and(is_loopback);
            let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
            url.scheme().starts_with("http") && url.has_host() && is_private && is_plain
        });
        if !is_good {
            let what = "an issuer begins with https://, or with http:// on this machine: who signs in is decided there";
            self.wrong("oidc.issuer", issuer, what);
        }
    }

    fn oidc_roles(&mut self, oidc: &Oidc) {
        let roles = Roles::new(&self.config.roles);
        if oidc.roles.is_empty() {
            self.wrong(
                "oidc.roles",
                "",
                "nobody could sign in: say which value of the claim stands for which role",
            );
        }
        for (index, mapped) in oidc.roles.iter().enumerate() {
            if mapped.value.is_empty() {
                self.wrong(format!("oidc.roles[{index}].value"), "", "the value of the claim");
            }
            if !roles.has(&mapped.role) {
                let what = format!("expected one of {}", roles.names());
                self.wrong(format!("oidc.roles[{index}].role"), &mapped.role, what);
            }
        }
    }
}
