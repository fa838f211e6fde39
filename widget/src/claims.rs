//! What is said about the visitor without any proof: where it is, and what the page says of it. Agents see it as such.

use crate::host::Host;
use crate::i18n::locale;
use portico_shared::json::{Map, Value, text_of};
use portico_ui::time;

/// Most bytes of one fact, its name included; a relay takes somewhat more. A longer one is left out: it must not keep
/// the visitor from chatting.
const MAX_FACT_BYTES: usize = 1_500;

/// Most bytes of all facts together.
const MAX_BYTES: usize = 7_000;

/// Most facts.
const MAX_FACTS: usize = 60;

/// Longest name of a fact, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// Everything, as it is now; what reads it runs again when something of it has changed.
pub(crate) fn all(host: Host) -> Map {
    let mut claims = Claims::default();
    let (url, title) = host.page.get();
    claims.add("page_url", Value::from(url));
    claims.add("page_title", Value::from(title));
    claims.add("language", Value::from(locale().tag.as_str()));
    claims.add("timezone", Value::from(time::zone()));
    host.data.with(|data| {
        for (name, value) in data.iter() {
            claims.add(name, value.clone());
        }
    });
    claims.taken
}

#[derive(Default)]
struct Claims {
    taken: Map,
    bytes: usize,
}

impl Claims {
    /// Takes a fact, unless one of that name is there already. Null takes back what an earlier page said.
    fn add(&mut self, name: &str, value: Value) {
        let is_fact = match &value {
            Value::Array(_) | Value::Object(_) => false,
            Value::Null | Value::String(_) | Value::Bool(_) | Value::Number(_) => true,
        };
        let bytes = name.len() + text_of(&value).len();
        let fits = bytes <= MAX_FACT_BYTES && self.bytes + bytes <= MAX_BYTES && self.taken.keys().count() < MAX_FACTS;
        if is_fact && fits && name.len() <= MAX_NAME_BYTES && !self.taken.contains_key(name) {
            self.bytes += bytes;
            self.taken.insert(name.to_owned(), value);
        }
    }
}
