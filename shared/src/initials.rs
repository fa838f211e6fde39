//! What stands for a participant who has no picture.

/// First letters of the first and the last word of a name, as they are written; `None` if the name has none.
pub fn initials(name: &str) -> Option<String> {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| !c.is_ascii_punctuation()));
    let first = words.next()?;
    let mut letters = String::from(first);
    letters.extend(words.next_back());
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Byron King Lovelace").as_deref(), Some("AL"));
        assert_eq!(initials("ada").as_deref(), Some("a"));
        assert_eq!(initials("(Ada) \"the\" Byron").as_deref(), Some("AB"));
        assert_eq!(initials("مريم علي").as_deref(), Some("مع"));
    }

    #[test]
    fn a_name_without_letters_has_no_initials() {
        assert_eq!(initials(""), None);
        assert_eq!(initials(" - "), None);
    }
}
