//! What is wrong with attributes of customers.

use super::Check;
use portico_core::config::CustomerAttribute;
use portico_core::customers::attributes::{KINDS, MOST_ATTRIBUTES};
use portico_core::customers::labels::{MAX_ID_BYTES, is_label_id};
use portico_shared::cim::form::ValueType;
use std::collections::BTreeSet;

/// Most options of one attribute.
const MAX_OPTIONS: usize = 50;

impl Check<'_> {
    /// All of them.
    pub(super) fn attributes(&mut self) {
        let attributes = &self.config.attributes;
        if attributes.len() > MOST_ATTRIBUTES {
            let count = attributes.len().to_string();
            self.wrong("attributes", &count, format!("there are at most {MOST_ATTRIBUTES}"));
        }
        let mut keys = BTreeSet::new();
        for (index, attribute) in attributes.iter().enumerate() {
            let at = format!("attributes[{index}]");
            if !is_label_id(&attribute.key) {
                let what = format!("a key of an attribute is 1 to {MAX_ID_BYTES} of a-z, 0-9, - and _");
                self.wrong(format!("{at}.key"), &attribute.key, what);
            } else if !keys.insert(&attribute.key) {
                self.wrong(format!("{at}.key"), &attribute.key, "another attribute has this key");
            }
            self.name(format!("{at}.label"), &attribute.label);
            self.kind(&at, attribute);
        }
    }

    fn kind(&mut self, at: &str, attribute: &CustomerAttribute) {
        if !KINDS.contains(&attribute.kind) {
            let kinds: Vec<_> = KINDS.iter().map(ValueType::as_str).collect();
            let what = format!("one of {}", kinds.join(", "));
            self.wrong(format!("{at}.type"), attribute.kind.as_str(), what);
        }
        let count = attribute.options.len();
        let has_options = attribute.kind == ValueType::Dropdown;
        if has_options && !(1..=MAX_OPTIONS).contains(&count) {
            let what = format!("1 to {MAX_OPTIONS} options to choose from");
            self.wrong(format!("{at}.options"), &count.to_string(), what);
        }
        if !has_options && count > 0 {
            self.wrong(
                format!("{at}.options"),
                &count.to_string(),
                "only a dropdown has options",
            );
        }
        for (index, option) in attribute.options.iter().enumerate() {
            self.name(format!("{at}.options[{index}]"), option);
        }
    }
}
