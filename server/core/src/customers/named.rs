//! Identities as people and programs name them, and when two of them are the same.

use crate::identity::customer::{WEB, is_disguise};
use crate::identity::people::is_one_line;
use crate::store::{Identity, IdentitySource};
use portico_shared::answers::check_text;
use portico_shared::cim::form::ValueType;
use portico_shared::ids::MAX_ID_BYTES;
use portico_shared::text::says_nothing;
use serde_json::{Map, Value};

/// The channel type of e-mail addresses.
pub const EMAIL: &str = "email";

/// The channel type of telephone numbers.
pub const PHONE: &str = "phone";

/// Longest name of a type of channel, in bytes.
const MAX_CHANNEL_BYTES: usize = 32;

/// Longest identity on a type of channel that the relay does not know, in characters.
const MAX_CHARS: usize = MAX_ID_BYTES;

/// Under which keys visitor data, forms and a site's token have an address or a number.
const CONTACT_KEYS: [(&str, &str); 3] = [("email", EMAIL), ("phone", PHONE), ("phone_number", PHONE)];

/// With this at its end, a claim says whether the one without it was proven to the site.
const VERIFIED: &str = "_verified";

/// An identity that was named, and that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedIdentity {
    /// The type of channel.
    pub channel: String,
    /// As it was written, without blanks around it.
    pub identifier: String,
    /// As it is compared.
    pub key: String,
}

/// Why it can be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// A type of channel is named in a way that none is.
    #[error("channel: a type of channel is 1 to {MAX_CHANNEL_BYTES} of a-z, 0-9, - and _")]
    Channel,
    /// Only the relay and sites say who somebody is on the web.
    #[error("channel: what a customer is on the web follows from tokens alone")]
    Web,
    /// No address.
    #[error("identifier: not an e-mail address of at most 100 characters")]
    Email,
    /// No number.
    #[error("identifier: not a telephone number of 3 to 20 digits")]
    Phone,
    /// It could not be shown on one line.
    #[error("identifier: not one line of 1 to {MAX_CHARS} characters")]
    Line,
}

impl NamedIdentity {
    /// What was named, if it may be an identity on this type of channel.
    pub fn read(channel: &str, text: &str) -> Result<Self, NameFault> {
        let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        if channel.is_empty() || channel.len() > MAX_CHANNEL_BYTES || !channel.bytes().all(is_sign) {
            return Err(NameFault::Channel);
        }
        let text = text.trim();
        let key = match channel {
            WEB => return Err(NameFault::Web),
            EMAIL => email_key(text).ok_or(NameFault::Email)?,
            PHONE => phone_key(text).ok_or(NameFault::Phone)?,
            _ if !is_one_line(text, MAX_CHARS) || says_nothing(text) => return Err(NameFault::Line),
            _ => text.to_owned(),
        };
        Ok(Self {
            channel: channel.to_owned(),
            identifier: text.to_owned(),
            key,
        })
    }

    /// The same as said by somebody at a time, in epoch milliseconds.
    pub fn said(self, said_by: IdentitySource, said_at: i64) -> Identity {
        Identity {
            channel: self.channel,
            identifier: self.identifier,
            key: self.key,
            said_by,
            said_at: Some(said_at),
        }
    }
}

/// The address and the number in what somebody states. What is none is left out: it was typed into a form of its site.
pub fn stated(data: &Map<String, Value>) -> Vec<NamedIdentity> {
    let mut stated = Vec::new();
    for (key, channel) in CONTACT_KEYS {
        let named = data.get(key).and_then(Value::as_str);
        let named = named.and_then(|text| NamedIdentity::read(channel, text).ok());
        stated.extend(named.filter(|named| !stated.contains(named)));
    }
    stated
}

/// What a site's token vouches for: not an address of which it says that it was not proven to the site.
pub fn vouched(claims: &Map<String, Value>) -> Vec<NamedIdentity> {
    let is_unproven = |key: &str| claims.get(&format!("{key}{VERIFIED}")) == Some(&Value::Bool(false));
    let mut proven = claims.clone();
    proven.retain(|key, _| !is_unproven(key));
    stated(&proven)
}

/// Two spellings of one address differ in case. That some hosts tell names by it is a thing of the past.
fn email_key(text: &str) -> Option<String> {
    let is_address = check_text(&ValueType::Email, text).is_ok() && !says_nothing(text);
    (is_address && !text.contains(is_disguise)).then(|| text.to_lowercase())
}

/// Two spellings of one number have the same digits, whether a plus or two zeros stand before the country's.
fn phone_key(text: &str) -> Option<String> {
    if check_text(&ValueType::PhoneNumber, text).is_err() || says_nothing(text) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    Some(digits.strip_prefix("00").map_or_else(|| digits.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(channel: &str, text: &str) -> Result<String, NameFault> {
        NamedIdentity::read(channel, text).map(|named| named.key)
    }

    fn keys(named: Vec<NamedIdentity>) -> Vec<String> {
        named.into_iter().map(|named| named.key).collect()
    }

    #[test]
    fn spellings_of_one_address_have_one_key() {
        assert_eq!(key(EMAIL, " Ann@Example.ORG "), Ok("ann@example.org".into()));
        let read = NamedIdentity::read(EMAIL, " Ann@Example.ORG ").expect("an address");
        assert_eq!(read.identifier, "Ann@Example.ORG", "shown as it was written");
        for spelling in ["+43 664 123-45 67", "0043 664/1234567", "436641234567"] {
            assert_eq!(key(PHONE, spelling), Ok("436641234567".into()), "{spelling}");
        }
        assert_eq!(key(PHONE, "0664 1234567"), Ok("06641234567".into()));
        assert_eq!(key("telegram", "Ann_1"), Ok("Ann_1".into()));
    }

    #[test]
    fn what_is_no_identity_is_refused() {
        for (channel, text, fault) in [
            (EMAIL, "", NameFault::Email),
            (EMAIL, "ann", NameFault::Email),
            (EMAIL, "a\u{202e}nn@example.org", NameFault::Email),
            (PHONE, "call me", NameFault::Phone),
            (PHONE, " ", NameFault::Phone),
            (WEB, "https://shop.example|42", NameFault::Web),
            ("", "x", NameFault::Channel),
            ("E-Mail", "ann@example.org", NameFault::Channel),
            ("fax", "1\n2", NameFault::Line),
            ("fax", " ", NameFault::Line),
        ] {
            assert_eq!(key(channel, text), Err(fault), "{channel} {text:?}");
        }
        assert_eq!(key("fax", &"9".repeat(MAX_CHARS + 1)), Err(NameFault::Line));
        assert_eq!(key(&"x".repeat(MAX_CHANNEL_BYTES + 1), "1"), Err(NameFault::Channel));
    }

    #[test]
    fn what_is_stated_is_read_where_it_can_be_read() {
        let data =
            json!({"email": "Ann@example.org", "phone": "not yet", "phone_number": "+1 555 0100", "plan": "gold"});
        assert_eq!(
            keys(stated(data.as_object().expect("an object"))),
            ["ann@example.org", "15550100"]
        );
        let twice = json!({"email": 7, "phone": "+1 555 0100", "phone_number": "+1 555 0100"});
        assert_eq!(keys(stated(twice.as_object().expect("an object"))), ["15550100"]);
    }

    #[test]
    fn a_token_vouches_for_nothing_that_it_says_was_not_proven() {
        let claims = |verified: Value| {
            let claims = json!({"email": "ann@example.org", "email_verified": verified, "phone_number": "+1 555 0100"});
            keys(vouched(claims.as_object().expect("an object")))
        };
        assert_eq!(claims(json!(true)), ["ann@example.org", "15550100"]);
        assert_eq!(claims(json!(null)), ["ann@example.org", "15550100"]);
        assert_eq!(claims(json!(false)), ["15550100"]);
    }
}
