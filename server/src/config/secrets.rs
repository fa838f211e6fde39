//! What of a configuration is never printed.

use figment::value::{Dict, Value};

/// Keys whose values are secrets.
const SECRET_KEYS: [&str; 3] = ["key", "secret", "password"];

/// Keys whose values are addresses with a secret in them, as most bots have them: user and password, path or query.
const ADDRESS_KEYS: [&str; 1] = ["webhook"];

/// Stands for what is not printed.
const NOT_SHOWN: &str = "(not shown)";

/// What may be printed of a value that is no good: less than of a good one, because it may be a secret in the wrong place.
pub(super) fn shown_of_wrong(key: &str, value: &str) -> Option<String> {
    let text = shown(key, value)?;
    let has_user = !text.contains("://") && text.contains('@');
    (!has_user).then_some(text)
}

/// What may be printed of the value of a key; nothing of a secret.
pub(super) fn shown(key: &str, value: &str) -> Option<String> {
    let name = key.rsplit('.').next().unwrap_or_default();
    if SECRET_KEYS.contains(&name) {
        return None;
    }
    if ADDRESS_KEYS.contains(&name) {
        return address(value);
    }
    Some(without_user(value))
}

/// Scheme, host and port of an address. Nothing of what is no address: a secret may stand anywhere in it.
fn address(value: &str) -> Option<String> {
    let url = reqwest::Url::parse(value).ok()?;
    let host = url.host_str()?;
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let user = if url.username().is_empty() && url.password().is_none() {
        String::new()
    } else {
        format!("{NOT_SHOWN}@")
    };
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let rest = if is_bare { url.path() } else { "/(not shown)" };
    Some(format!("{}://{user}{host}{port}{rest}", url.scheme()))
}

/// A value without what stands before the `@` of an address, wherever one was written that takes none.
fn without_user(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority].rfind('@') {
        Some(at) => format!("{scheme}://{NOT_SHOWN}{}", &rest[at..]),
        None => value.to_owned(),
    }
}

/// Takes all secrets out of a configuration.
pub(super) fn redact(dict: &mut Dict) {
    for (name, value) in dict {
        match value {
            Value::String(_, text) if !text.is_empty() => {
                *text = shown(name, text).unwrap_or_else(|| NOT_SHOWN.to_owned());
            }
            other => redact_within(other),
        }
    }
}

fn redact_within(value: &mut Value) {
    match value {
        Value::Dict(_, dict) => redact(dict),
        Value::Array(_, values) => values.iter_mut().for_each(redact_within),
        Value::String(_, text) => *text = without_user(text),
        Value::Char(..) | Value::Bool(..) | Value::Num(..) | Value::Empty(..) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_webhook_only_its_place_is_shown() {
        for (value, expected) in [
            ("https://bots.example/", "https://bots.example/"),
            ("https://bots.example:8443", "https://bots.example:8443/"),
            (
                "https://bots.example/hooks/T0/s3cret",
                "https://bots.example/(not shown)",
            ),
            ("https://bots.example/?token=s3cret", "https://bots.example/(not shown)"),
            (
                "https://ann:s3cret@bots.example/x",
                "https://(not shown)@bots.example/(not shown)",
            ),
            ("https://s3cret@bots.example", "https://(not shown)@bots.example/"),
        ] {
            assert_eq!(shown("bots.b.webhook", value).as_deref(), Some(expected), "{value}");
        }
        assert_eq!(shown("bots.b.webhook", "s3cret without a scheme"), None);
    }

    #[test]
    fn no_value_shows_a_user_and_a_password() {
        let shown = |value| shown("server.public_url", value);
        assert_eq!(shown("https://ann:s3c/ret").as_deref(), Some("https://ann:s3c/ret"));
        assert_eq!(
            shown("https://ann:p@ss@chat.example/x@y").as_deref(),
            Some("https://(not shown)@chat.example/x@y")
        );
        assert_eq!(
            shown("https://chat.example/@x").as_deref(),
            Some("https://chat.example/@x")
        );
        assert_eq!(shown("ann@example.org").as_deref(), Some("ann@example.org"));
    }
}
