//! What may be said about notifications for browsers whose pages are closed.

use super::Check;
use crate::push::VapidKey;
use secrecy::ExposeSecret;

impl Check<'_> {
    pub(super) fn push(&mut self) {
        let push = &self.config.push;
        let key = push.key.expose_secret();
        if !key.is_empty()
            && let Err(error) = VapidKey::parse(key)
        {
            self.wrong_secret("push.key".to_owned(), error.to_string());
        }
        let contact = &push.contact;
        let is_contact = contact.strip_prefix("mailto:").is_some_and(|mail| mail.contains('@'))
            || reqwest::Url::parse(contact).is_ok_and(|url| url.scheme() == "https" && url.has_host());
        if !contact.is_empty() && !is_contact {
            self.wrong(
                "push.contact",
                contact,
                "an address begins with mailto: or https://: push services write there if something is wrong",
            );
        }
    }
}
