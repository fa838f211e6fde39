//! What an upload says of its file: `Upload-Metadata: filename dGVudC5wbmc=,filetype aW1hZ2UvcG5n`.

use crate::http::problem::{Problem, ProblemCode};
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_core::files::NewFile;
use portico_shared::http::upload;
use portico_shared::ids::ConversationId;

/// The file that the headers of a request announce.
pub(super) fn announced(headers: &HeaderMap) -> Result<NewFile, Problem> {
    let mut file = NewFile {
        size: number(headers, upload::UPLOAD_LENGTH)?,
        name: String::new(),
        media_type: String::new(),
        conversation: None,
    };
    for pair in text(headers, upload::UPLOAD_METADATA).split(',') {
        let mut words = pair.split_ascii_whitespace();
        match (words.next(), words.next().unwrap_or_default()) {
            (Some(upload::FILENAME), value) => file.name = decoded(upload::FILENAME, value)?,
            (Some(upload::FILETYPE), value) => file.media_type = decoded(upload::FILETYPE, value)?,
            (Some(upload::CONVERSATION), value) => {
                let id = ConversationId::parse(&decoded(upload::CONVERSATION, value)?);
                file.conversation = Some(id.ok_or_else(|| malformed(upload::CONVERSATION))?);
            }
            // Clients of tus have keys of their own.
            (Some(_) | None, _) => {}
        }
    }
    Ok(file)
}

/// A header that is a number.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Result<u64, Problem> {
    let text = text(headers, name);
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| malformed(name))
}

/// A header's text; empty if there is none.
pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim()
}

fn decoded(key: &str, value: &str) -> Result<String, Problem> {
    let bytes = STANDARD.decode(value).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| malformed(key))
}

fn malformed(what: &str) -> Problem {
    Problem::new(ProblemCode::Malformed, format!("{what}: missing or malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(length: &'static str, metadata: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(upload::UPLOAD_LENGTH, HeaderValue::from_static(length));
        headers.insert(upload::UPLOAD_METADATA, HeaderValue::from_static(metadata));
        headers
    }

    #[test]
    fn an_announced_file_is_read() {
        let file = announced(&headers(
            "12",
            "filename dGVudC5wbmc=, filetype aW1hZ2UvcG5n,mine,conversation Yy0x",
        ));
        let file = file.expect("well-formed");
        assert_eq!(
            (file.size, &*file.name, &*file.media_type),
            (12, "tent.png", "image/png")
        );
        assert_eq!(file.conversation, Some(ConversationId::new("c-1")));
        assert_eq!(announced(&headers("12", "")).expect("well-formed").name, "");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (length, metadata) in [
            ("", ""),
            ("-1", ""),
            ("+1", ""),
            ("1e3", ""),
            ("99999999999999999999", ""),
            ("1", "filename !"),
            ("1", "filename /w=="),
            ("1", "conversation IA=="),
        ] {
            assert!(announced(&headers(length, metadata)).is_err(), "{length} {metadata}");
        }
    }
}
