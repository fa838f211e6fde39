//! What is wrong with labels of customers.

use super::{Check, is_colour};
use portico_core::customers::labels::{MAX_ID_BYTES, MOST_LABELS, is_label_id};
use std::collections::BTreeSet;

impl Check<'_> {
    /// All of them.
    pub(super) fn labels(&mut self) {
        let labels = &self.config.labels;
        if labels.len() > MOST_LABELS {
            let count = labels.len().to_string();
            self.wrong("labels", &count, format!("there are at most {MOST_LABELS}"));
        }
        let mut ids = BTreeSet::new();
        for (index, label) in labels.iter().enumerate() {
            let at = format!("labels[{index}]");
            if !is_label_id(&label.id) {
                let what = format!("an id of a label is 1 to {MAX_ID_BYTES} of a-z, 0-9, - and _");
                self.wrong(format!("{at}.id"), &label.id, what);
            } else if !ids.insert(&label.id) {
                self.wrong(format!("{at}.id"), &label.id, "another label has this id");
            }
            self.name(format!("{at}.name"), &label.name);
            if !is_colour(&label.color) {
                self.wrong(
                    format!("{at}.color"),
                    &label.color,
                    "a colour is # and six of 0-9 and a-f",
                );
            }
        }
    }
}
