//! What the visitor before left in this browser, whom the relay has forgotten: the next one is another visitor, perhaps at a shared
//! computer.

use super::Chat;
use leptos::prelude::*;
use serde_json::Map;

use portico_ui::reactive::effect;

impl Chat {
    /// Sends nothing of it by itself, and shows nothing of what was only begun.
    pub(super) fn part_with_former(self) {
        let left = self.draft.get_untracked();
        effect(move |_| {
            if self.is_forgotten.get() {
                untrack(|| self.drop_what_is_begun(&left));
            }
        });
    }

    fn drop_what_is_begun(self, left: &str) {
        self.link.forget();
        self.keep_prechat(Map::new());
        let written = self.draft.get_untracked();
        let own = behind(left, &written);
        self.store.with_value(|store| store.forget_drafts());
        if !written.is_empty() {
            self.write(own.to_owned());
        }
    }

    /// Whether the relay has forgotten the visitor before.
    pub(crate) fn has_former(self) -> Signal<bool> {
        self.is_forgotten.into()
    }
}

/// What was written since this was left.
fn behind<'a>(left: &str, written: &'a str) -> &'a str {
    match written.strip_prefix(left) {
        Some("") => "",
        Some(behind) => behind.strip_prefix('\n').unwrap_or(written),
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn what_was_left_goes_and_what_was_written_since_stays() {
        assert_eq!(behind("Half a", "Half a"), "");
        assert_eq!(behind("Half a", "Half a\nI am another"), "I am another");
        assert_eq!(behind("Half a", "Half a sentence"), "Half a sentence");
        assert_eq!(behind("Half a", "I am another"), "I am another");
        assert_eq!(behind("", "I am another"), "I am another");
    }
}
