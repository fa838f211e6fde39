//! What is wrong with messages that the chat offers by itself.

use super::Check;
use portico_core::config::Proactive;
use portico_shared::text::says_nothing;

/// Messages of one channel: each page that asks for them fetches them all.
const MAX_RULES: usize = 20;

/// The longest text, in characters: it stands beside the launcher.
const MAX_TEXT_CHARS: usize = 300;

/// Patterns, and attributes, of one message.
const MAX_CONDITIONS: usize = 20;

/// The longest pattern, name or value, in bytes.
const MAX_CONDITION_BYTES: usize = 300;

/// The longest time on a page, in seconds.
const MAX_SECONDS: u32 = 3_600;

impl Check<'_> {
    pub(super) fn proactive(&mut self, at: &str, rules: &[Proactive]) {
        if rules.len() > MAX_RULES {
            self.wrong(at, &rules.len().to_string(), format!("{MAX_RULES} at most"));
        }
        for (index, rule) in rules.iter().enumerate() {
            let at = format!("{at}[{index}]");
            if !super::is_path_segment(&rule.id) {
                let what = "an id is made of letters, digits, - and _";
                self.wrong(format!("{at}.id"), &rule.id, what);
            }
            if rules[..index].iter().any(|before| before.id == rule.id) {
                self.wrong(format!("{at}.id"), &rule.id, "another one before has this id");
            }
            if says_nothing(&rule.text) || rule.text.chars().count() > MAX_TEXT_CHARS {
                let what = format!("something to read, of at most {MAX_TEXT_CHARS} characters");
                self.wrong(format!("{at}.text"), &rule.text, what);
            }
            self.conditions(&at, rule);
        }
    }

    fn conditions(&mut self, at: &str, rule: &Proactive) {
        for (index, pattern) in rule.pages.iter().enumerate() {
            let is_pattern = pattern.starts_with(['/', '*']) || pattern.contains("://");
            if !is_pattern || pattern.len() > MAX_CONDITION_BYTES {
                let what = "a path that begins with /, or an address; * stands for anything";
                self.wrong(format!("{at}.pages[{index}]"), pattern, what);
            }
        }
        if rule.pages.len() > MAX_CONDITIONS {
            let count = rule.pages.len().to_string();
            self.wrong(format!("{at}.pages"), &count, format!("{MAX_CONDITIONS} at most"));
        }
        let is_long = |(key, value): (&String, &String)| key.len().max(value.len()) > MAX_CONDITION_BYTES;
        if rule.attributes.len() > MAX_CONDITIONS || rule.attributes.iter().any(is_long) {
            let what = format!("{MAX_CONDITIONS} at most, of {MAX_CONDITION_BYTES} bytes each");
            self.wrong(format!("{at}.attributes"), "", what);
        }
        if rule.seconds > MAX_SECONDS {
            let what = format!("{MAX_SECONDS} at most");
            self.wrong(format!("{at}.seconds"), &rule.seconds.to_string(), what);
        }
        if rule.scroll > 100 {
            self.wrong(
                format!("{at}.scroll"),
                &rule.scroll.to_string(),
                "a percentage: 100 at most",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::from_toml;

    fn config(rule: &str) -> String {
        format!("[channels.shop]\norigins = []\n[[channels.shop.proactive]]\n{rule}")
    }

    #[test]
    fn a_message_needs_an_id_and_a_text() {
        let good = from_toml(&config("id = \"hand\"\ntext = \"Need a hand?\"")).expect("good");
        let [rule] = good.channels["shop"].proactive.as_slice() else {
            panic!("one");
        };
        assert_eq!((rule.seconds, rule.closed, rule.pages.len()), (0, false, 0));
    }

    #[test]
    fn what_is_wrong_with_a_message_is_named_by_its_place() {
        let good = "id = \"hand\"\ntext = \"Need a hand?\"";
        for (rule, key) in [
            ("id = \"a b\"\ntext = \"x\"".to_owned(), "id"),
            ("id = \"a\"\ntext = \" \"".to_owned(), "text"),
            (format!("{good}\npages = [\"tents\"]"), "pages[0]"),
            (format!("{good}\nscroll = 101"), "scroll"),
            (format!("{good}\nseconds = 3601"), "seconds"),
            (format!("{good}\nhour = 7"), "hour"),
        ] {
            let told = from_toml(&config(&rule)).expect_err(&rule).to_string();
            assert!(told.contains(&format!("channels.shop.proactive[0].{key}: ")), "{told}");
        }
        let twice = config(&format!("{good}\n[[channels.shop.proactive]]\n{good}"));
        let told = from_toml(&twice).expect_err("twice").to_string();
        assert!(told.contains("channels.shop.proactive[1].id: "), "{told}");
    }
}
