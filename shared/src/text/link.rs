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
/// the sentence around it. `is_open` says of a run of marks whether one like it waits before the address for its partner.
pub(super) fn address(text: &str, is_open: impl Fn(&str) -> bool) -> Option<&str> {
    let scheme = ["https://", "http://", "mailto:"]
        .iter()
        .find(|scheme| starts_with(text, scheme))?;
    let rest = &text[scheme.len()..];
    // With this the address cannot be trimmed to nothing, so no part of a text is looked at twice.
    rest.chars().next().filter(|c| c.is_alphanumeric())?;
    Some(&text[..scheme.len() + trimmed(&rest[..end(rest)], is_open)])
}

/// Where an address ends: before a character that no target holds, before one that ends a sentence or its part in a script
/// without spaces, or where the text of a link ends.
fn end(address: &str) -> usize {
    let ends = |(at, c): &(usize, char)| ends_target(*c) || is_wide_punctuation(*c) || address[*at..].starts_with("](");
    address.char_indices().find(ends).map_or(address.len(), |(at, _)| at)
}

/// Punctuation of Chinese, Japanese and Korean texts. An address that holds such a character has it encoded, as browsers
/// copy it.
fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{30fb}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff3d}' | '\u{ff5b}'..='\u{ff65}')
}

/// Punctuation that ends a sentence or a quotation beyond ASCII, and is no part of an address at its end: quotation marks of
/// either side (German ends with what English begins with), the dashes, and the marks of scripts that put spaces between
/// words.
fn ends_sentence(c: char) -> bool {
    matches!(c, '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{2010}'..='\u{201f}' | '\u{2026}' | '\u{2039}' | '\u{203a}' | '\u{203c}' | '\u{203d}'
        | '\u{2047}'..='\u{2049}'
        // Greek, Armenian and Hebrew.
        | '\u{37e}' | '\u{387}' | '\u{55c}'..='\u{55e}' | '\u{589}' | '\u{5be}' | '\u{5c3}' | '\u{5f3}' | '\u{5f4}'
        // Arabic and Urdu.
        | '\u{60c}' | '\u{61b}' | '\u{61d}'..='\u{61f}' | '\u{6d4}'
        // The danda of Indian scripts, Thai, Burmese, Ethiopic, Khmer.
        | '\u{964}' | '\u{965}' | '\u{e2f}' | '\u{e5a}' | '\u{e5b}' | '\u{104a}' | '\u{104b}' | '\u{1362}'..='\u{1368}' | '\u{17d4}' | '\u{17d5}')
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

/// How much of an address is left without trailing punctuation; a closing bracket stays if its opening one is inside,
/// and marks stay unless they close what was opened before the address.
fn trimmed(address: &str, is_open: impl Fn(&str) -> bool) -> usize {
    let mut brackets = Brackets::of(address);
    let mut length = address.len();
    while let Some(c) = address[..length].chars().next_back() {
        let run = run_at_end(&address[..length], c);
        let sheds = match c {
            '*' | '_' | '~' if is_open(run) => run.len(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '(' | '[' | '{' => c.len_utf8(),
            _ if ends_sentence(c) => c.len_utf8(),
            ')' | ']' | '}' if brackets.closes_too_many(c) => c.len_utf8(),
            _ => break,
        };
        brackets.shed(c);
        length -= sheds;
    }
    length
}

/// The marks at the end of a text that are all alike.
fn run_at_end(text: &str, mark: char) -> &str {
    match mark {
        '*' | '_' | '~' => &text[text.trim_end_matches(mark).len()..],
        _ => "",
    }
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
