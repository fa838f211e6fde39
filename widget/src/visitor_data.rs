//! What is said about the visitor without any proof: where it is, and what the page says of it. Agents see it as such.

use crate::host::{Host, Page};
use crate::i18n::{self, locale};
use serde_json::{Map, Value};

use portico_ui::time;

/// Most bytes of one entry, its name included; a relay takes somewhat more. A longer one is left out: it must not keep
/// the visitor from chatting.
const MAX_ENTRY_BYTES: usize = 1_500;

/// Most bytes of all entries together.
const MAX_BYTES: usize = 7_000;

/// Most entries.
const MAX_ENTRIES: usize = 60;

/// Longest name of an entry, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// Everything, as it is now; what reads it runs again when something of it has changed.
pub(crate) fn all(host: Host) -> Map<String, Value> {
    i18n::track();
    collect(&host.page(), &locale().tag, time::zone(), host.data())
}

/// What the browser says goes before what the page says under the same names.
fn collect(page: &Page, language: &str, timezone: String, data: Map<String, Value>) -> Map<String, Value> {
    let mut entries = Entries::default();
    entries.add("page_url".into(), page.url.as_str().into());
    entries.add("page_title".into(), page.title.as_str().into());
    entries.add("language".into(), language.into());
    entries.add("timezone".into(), timezone.into());
    for (name, value) in data {
        entries.add(name, value);
    }
    entries.taken
}

#[derive(Default)]
struct Entries {
    taken: Map<String, Value>,
    bytes: usize,
}

impl Entries {
    /// Takes an entry, unless one of that name is there already. Null takes back what an earlier page said.
    fn add(&mut self, name: String, value: Value) {
        let is_plain = match &value {
            Value::Array(_) | Value::Object(_) => false,
            Value::Null | Value::String(_) | Value::Bool(_) | Value::Number(_) => true,
        };
        let bytes = name.len() + value.to_string().len();
        let fits = bytes <= MAX_ENTRY_BYTES && self.bytes + bytes <= MAX_BYTES && self.taken.len() < MAX_ENTRIES;
        if is_plain && fits && name.len() <= MAX_NAME_BYTES && !self.taken.contains_key(&name) {
            self.bytes += bytes;
            self.taken.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_ENTRIES, collect};
    use crate::host::Page;
    use serde_json::{Map, Value, json};

    fn collected(data: Value) -> Map<String, Value> {
        let page = Page {
            url: "https://shop.example/".into(),
            title: "Shop".into(),
        };
        let data = data.as_object().expect("an object").clone();
        collect(&page, "de-AT", "Europe/Vienna".into(), data)
    }

    #[test]
    fn what_the_browser_says_goes_before_what_the_page_says() {
        let taken = collected(json!({ "language": "xx", "plan": "gold", "gone": null }));
        assert_eq!(taken.get("language"), Some(&json!("de-AT")));
        assert_eq!(taken.get("timezone"), Some(&json!("Europe/Vienna")));
        assert_eq!(taken.get("page_url"), Some(&json!("https://shop.example/")));
        assert_eq!(taken.get("plan"), Some(&json!("gold")));
        assert_eq!(taken.get("gone"), Some(&Value::Null));
    }

    #[test]
    fn only_plain_values_are_taken() {
        let taken = collected(json!({ "list": [1], "object": {}, "number": 1.5, "yes": true }));
        assert!(!taken.contains_key("list"));
        assert!(!taken.contains_key("object"));
        assert!(taken.contains_key("number"));
        assert!(taken.contains_key("yes"));
    }

    #[test]
    fn what_is_too_long_is_left_out_and_the_rest_is_not() {
        let taken = collected(json!({ "long": "x".repeat(2_000), "plan": "gold", "n".repeat(101): 1 }));
        assert!(!taken.contains_key("long"));
        assert_eq!(taken.len(), 5);
    }

    #[test]
    fn there_is_a_limit_to_all_of_it() {
        let many: Map<String, Value> = (0..100).map(|number| (number.to_string(), json!(number))).collect();
        assert_eq!(collected(Value::Object(many)).len(), MAX_ENTRIES);
        let large: Map<String, Value> = (0..20)
            .map(|number| (number.to_string(), json!("x".repeat(1_000))))
            .collect();
        let taken = Value::Object(collected(Value::Object(large)));
        assert!(taken.to_string().len() < MAX_BYTES + 500);
    }
}
