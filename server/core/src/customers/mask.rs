//! What is left of an address or a number for those who need not know it.

use super::named::EMAIL;

/// Stands for what is left out, however much that is.
const HIDDEN: &str = "•••";

/// Characters of the end that are left of what is no address.
const SHOWN: usize = 3;

/// An identity of which people tell that it is the one that they have before them, and no more.
pub fn mask(channel: &str, identifier: &str) -> String {
    if let (EMAIL, Some((name, host))) = (channel, identifier.rsplit_once('@')) {
        let first: String = name.chars().take(1).collect();
        return format!("{first}{HIDDEN}@{host}");
    }
    let chars = identifier.chars().count();
    let shown = if chars > 2 * SHOWN { SHOWN } else { 0 };
    let end: String = identifier.chars().skip(chars - shown).collect();
    format!("{HIDDEN}{end}")
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn an_address_keeps_its_host_and_a_number_its_end() {
        for (channel, identifier, masked) in [
            ("email", "ann.lee@example.org", "a•••@example.org"),
            ("email", "é@x.example", "é•••@x.example"),
            ("phone", "+43 664 1234567", "•••567"),
            ("phone", "110", "•••"),
            ("telegram", "ann_lee", "•••lee"),
            ("telegram", "", "•••"),
        ] {
            assert_eq!(mask(channel, identifier), masked);
        }
    }
}
