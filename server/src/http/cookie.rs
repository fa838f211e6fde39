//! Cookies of a sign-in at an OpenID provider, the only ones that there are: values of our own making, for the relay's eyes.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use portico_core::identity::Origin;

/// One cookie.
pub(super) struct Cookie {
    name: &'static str,
    /// `Lax` where a browser must send it when it comes back from another site, or else `Strict`.
    same_site: &'static str,
    /// How long a browser keeps it.
    seconds: i64,
}

impl Cookie {
    pub(super) const fn lax(name: &'static str, seconds: i64) -> Self {
        Self {
            name,
            same_site: "Lax",
            seconds,
        }
    }

    pub(super) const fn strict(name: &'static str, seconds: i64) -> Self {
        Self {
            name,
            same_site: "Strict",
            seconds,
        }
    }

    /// What the browser sends of it; nothing if it sends two, one of which another host must have set.
    pub(super) fn of<'r>(&self, request: &'r HeaderMap, own: &Origin) -> Option<&'r str> {
        let name = self.name_at(own);
        let headers = request.get_all(header::COOKIE).iter();
        let pairs = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'));
        let mut values = pairs.filter_map(|pair| pair.trim().strip_prefix(name.as_str())?.strip_prefix('='));
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Has the browser keep it.
    pub(super) fn set(&self, response: &mut Response, value: &str, own: &Origin) {
        self.put(response, value, self.seconds, own);
    }

    /// Has the browser forget it.
    pub(super) fn clear(&self, response: &mut Response, own: &Origin) {
        self.put(response, "", 0, own);
    }

    fn put(&self, response: &mut Response, value: &str, seconds: i64, own: &Origin) {
        let secure = if own.is_secure() { "; Secure" } else { "" };
        let (name, same_site) = (self.name_at(own), self.same_site);
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}");
        let cookie = HeaderValue::from_str(&cookie).expect("names and values are visible ASCII");
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }

    /// Browsers take a name with this prefix from this host alone, by TLS: not from a neighbour in the same domain.
    fn name_at(&self, own: &Origin) -> String {
        let prefix = if own.is_secure() { "__Host-" } else { "" };
        format!("{prefix}{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: Cookie = Cookie::lax("portico-test", 60);

    fn origin(text: &str) -> Origin {
        text.parse().expect(text)
    }

    fn of(cookies: &[&'static str], own: &str) -> Option<String> {
        let mut request = HeaderMap::new();
        for value in cookies {
            request.append(header::COOKIE, HeaderValue::from_static(value));
        }
        COOKIE.of(&request, &origin(own)).map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let here = "http://127.0.0.1:8080";
        assert_eq!(of(&["portico-test=a.b"], here).as_deref(), Some("a.b"));
        assert_eq!(of(&["x=1; portico-test=a; y=2"], here).as_deref(), Some("a"));
        assert_eq!(of(&["x=1", "portico-test=a"], here).as_deref(), Some("a"));
        assert_eq!(of(&["portico-test2=a; xportico-test=b"], here), None);
        assert_eq!(of(&["portico-test=a; portico-test=b"], here), None);
        assert_eq!(of(&[], here), None);
        let there = "https://chat.example";
        assert_eq!(
            of(&["portico-test=a; __Host-portico-test=b"], there).as_deref(),
            Some("b")
        );
    }

    #[test]
    fn a_cookie_is_for_the_relay_alone() {
        let set = |own: &str| {
            let mut response = Response::default();
            COOKIE.set(&mut response, "a", &origin(own));
            response.headers()[header::SET_COOKIE]
                .to_str()
                .expect("ASCII")
                .to_owned()
        };
        assert_eq!(
            set("https://chat.example"),
            "__Host-portico-test=a; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            set("http://127.0.0.1:8080"),
            "portico-test=a; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
    }
}
