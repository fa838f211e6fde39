//! What is a link: the one place that decides where a text may lead.

/// Whether a target may be opened from a message: `http:`, `https:` with a host, `mailto:` and `tel:`, in any case,
/// and no character that could hide what it is.
pub fn is_safe_target(target: &str) -> bool {
    if target.chars().any(ends_target) {
        return false;
    }
    match target.split_once(':') {
        Some((scheme, rest)) if is_any(scheme, &["http", "https"]) => rest
            .strip_prefix("//")
            .is_some_and(|host| !host.starts_with(['/', '?', '#']) && !host.is_empty()),
        Some((scheme, rest)) => is_any(scheme, &["mailto", "tel"]) && !rest.is_empty(),
        None => false,
    }
}

/// Characters that no target holds: white space, controls, those that are not seen or turn the writing direction, and
/// those that quote.
fn ends_target(c: char) -> bool {
    let unseen = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_whitespace() || c.is_control() || unseen || matches!(c, '<' | '>' | '"' | '\\' | '`')
}

fn is_any(scheme: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// The address that begins at the start of `text` and becomes a link by itself, without the punctuation that ends
/// the sentence around it.
pub(super) fn address(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://", "mailto:"]
        .iter()
        .find(|scheme| starts_with(text, scheme))?;
    let rest = &text[scheme.len()..];
    // With this the address cannot be trimmed to nothing, so no part of a text is looked at twice.
    rest.chars().next().filter(|c| c.is_alphanumeric())?;
    Some(&text[..scheme.len() + trimmed(&rest[..end(rest)])])
}

/// Where an address ends: before a character that no target holds, or where the text of a link ends.
fn end(address: &str) -> usize {
    let ends = |(at, c): &(usize, char)| ends_target(*c) || address[*at..].starts_with("](");
    address.char_indices().find(ends).map_or(address.len(), |(at, _)| at)
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

/// How much of an address is left without trailing punctuation; a closing bracket stays if its opening one is inside.
fn trimmed(address: &str) -> usize {
    let mut brackets = Brackets::of(address);
    let mut length = address.len();
    for c in address.chars().rev() {
        let sheds = match c {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '(' | '[' | '{' => true,
            '\u{2026}' | '\u{2019}' | '\u{201d}' | '\u{bb}' | '\u{60c}' | '\u{61f}' => true,
            '\u{3001}' | '\u{3002}' | '\u{300d}' | '\u{ff01}' | '\u{ff09}' | '\u{ff0c}' | '\u{ff1f}' => true,
            ')' | ']' | '}' => brackets.closes_too_many(c),
            _ => false,
        };
        if !sheds {
            break;
        }
        brackets.shed(c);
        length -= c.len_utf8();
    }
    length
}

/// Opening minus closing brackets, for each of the three kinds.
#[derive(Default)]
struct Brackets {
    balance: [isize; 3],
}

impl Brackets {
    fn of(text: &str) -> Self {
        let mut brackets = Self::default();
        for c in text.chars() {
            brackets.count(c, 1);
        }
        brackets
    }

    fn count(&mut self, c: char, by: isize) {
        match c {
            '(' => self.balance[0] += by,
            ')' => self.balance[0] -= by,
            '[' => self.balance[1] += by,
            ']' => self.balance[1] -= by,
            '{' => self.balance[2] += by,
            '}' => self.balance[2] -= by,
            _ => {}
        }
    }

    fn shed(&mut self, c: char) {
        self.count(c, -1);
    }

    fn closes_too_many(&self, c: char) -> bool {
        match c {
            ')' => self.balance[0] < 0,
            ']' => self.balance[1] < 0,
            _ => self.balance[2] < 0,
        }
    }
}
