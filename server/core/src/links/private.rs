//! Links that are for one reader, or that do something when they are opened: the relay would open them first.

/// Names of members of a query whose values open something.
const SECRET_NAMES: [&str; 18] = [
    "auth",
    "code",
    "hash",
    "invite",
    "jwt",
    "key",
    "otp",
    "password",
    "pin",
    "pwd",
    "secret",
    "session",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "ticket",
    "token",
];

/// How such names end that have a word before.
const SECRET_ENDS: [&str; 4] = ["token", "signature", "_key", "-key"];

/// First words of parts of a path that do something.
const ACTIONS: [&str; 9] = [
    "activate",
    "confirm",
    "confirmation",
    "magic",
    "optout",
    "reset",
    "unsubscribe",
    "verification",
    "verify",
];

/// From so many letters and digits in a row, of both kinds, a word is taken for a secret.
const SECRET_CHARS: usize = 20;

/// Digits of a UUID without its hyphens.
const UUID_DIGITS: usize = 32;

/// Whether an address looks like one that works once, or for one reader alone: a link to sign in, to confirm or to leave
/// something, a signed download. It is a guess.
pub fn is_for_one_reader(url: &str) -> bool {
    let address = url.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let acts = path.split('/').skip(1).any(|part| is_action(part) || is_secret(part));
    acts || query.split(['&', ';']).any(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        is_secret_name(name) || is_secret(value)
    })
}

fn is_action(part: &str) -> bool {
    let word = part.split(['-', '_', '.']).next().unwrap_or_default();
    ACTIONS.iter().any(|action| action.eq_ignore_ascii_case(word))
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.contains(&name.as_str()) || SECRET_ENDS.iter().any(|end| name.ends_with(end))
}

/// Letters and digits without a gap, or a UUID; words with hyphens between them are a title.
fn is_secret(text: &str) -> bool {
    let is_long = |run: &str| {
        let (letters, digits) = (|c: char| c.is_ascii_alphabetic(), |c: char| c.is_ascii_digit());
        run.len() >= SECRET_CHARS && run.contains(letters) && run.contains(digits)
    };
    let hex = text.chars().filter(char::is_ascii_hexdigit).count();
    let is_uuid = hex == UUID_DIGITS && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    is_uuid || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_long)
}

#[cfg(test)]
mod tests {
    use super::is_for_one_reader;

    #[test]
    fn links_that_work_once_are_told_from_pages() {
        for private in [
            "https://shop.example/reset?x=1",
            "https://shop.example/account/reset-password/",
            "https://shop.example/Verify-Email",
            "https://shop.example/unsubscribe?u=7",
            "https://shop.example/login?token=abc",
            "https://shop.example/login?n=1&access_token=abc",
            "https://files.example/a.pdf?X-Amz-Signature=ab12",
            "https://shop.example/s/3f9a8b7c6d5e4f3a2b1c0d",
            "https://shop.example/i/123e4567-e89b-12d3-a456-426614174000",
            "https://shop.example/go?to=eyJhbGciOiJIUzI1NiIsInR5cCI6",
            "https://shop.example/callback?code=1",
            "https://shop.example?key=1",
        ] {
            assert!(is_for_one_reader(private), "{private}");
        }
        for page in [
            "https://shop.example",
            "https://shop.example/tents/ridge-2-for-two-people-2026",
            "https://shop.example/tents?colour=red&size=2",
            "https://shop.example/blog/2026/11/30/how-to-verify-a-seam",
            "https://shop.example/p/1234567890123456789012",
            "https://shop.example/documentation-of-the-entire-range",
            "https://shop.example/search?q=a+tent+for+2+people+and+1+dog",
            "https://shop.example/tokens",
            "https://en.wikipedia.example/wiki/Supercalifragilistic",
            "https://shop.example/page#token=abc",
        ] {
            assert!(!is_for_one_reader(page), "{page}");
        }
    }
}
