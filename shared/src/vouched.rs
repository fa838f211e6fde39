//! What a site's token for a customer vouches for, by the names of questions of a form: browser and relay go by the same rule.

use crate::json::{Map, Value};
use crate::text::says_nothing;

/// Members of a token, and of a customer, that are no attributes which a site could set.
const OURS: [&str; 13] = [
    "iss",
    "aud",
    "sub",
    "exp",
    "iat",
    "nbf",
    "jti",
    "channel",
    "web",
    "_id",
    "__v",
    "firstName",
    "phoneNumber",
];

/// Whether a site can set an attribute of this name.
pub fn is_attribute(key: &str) -> bool {
    !OURS.contains(&key) && key != "isAnonymous"
}

/// Whether a question asks what the customer is called.
pub fn is_name(key: &str) -> bool {
    matches!(key, "first_name" | "name" | "full_name")
}

/// Whether what a token says answers the question of this key.
pub fn is_answered_by(claims: &Map, key: &str) -> bool {
    let says = |name: &str| match claims.get(name) {
        Some(Value::String(text)) => !says_nothing(text),
        Some(Value::Number(_) | Value::Bool(_)) => true,
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
    };
    match key {
        key if is_name(key) => says("name") || says("first_name"),
        key => is_attribute(key) && says(key),
    }
}

#[cfg(test)]
mod tests {
    use super::is_answered_by;
    use serde_json::json;

    #[test]
    fn a_token_answers_what_a_site_can_set() {
        let claims = json!({
            "sub": "c-1", "name": "Omar", "email": "o@x.example", "topic": 7, "town": " ",
            "phoneNumber": "+43 1", "firstName": "Omar",
        });
        let claims = claims.as_object().expect("an object");
        for key in ["first_name", "name", "full_name", "email", "topic"] {
            assert!(is_answered_by(claims, key), "{key}");
        }
        for key in ["town", "plan", "sub", "phoneNumber", "firstName"] {
            assert!(!is_answered_by(claims, key), "{key}");
        }
    }
}
