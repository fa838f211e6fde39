//! What a file is, told by its first bytes. What its name and its sender say counts only where one content has two types:
//! a recording without a picture is a film to those who look at its first bytes alone.

use std::borrow::Cow;

/// How many of a file's first bytes are looked at.
pub(super) const HEAD_BYTES: u64 = 8 * 1024;

/// Longest name of a media type, in bytes.
const MAX_TYPE_BYTES: usize = 100;

/// What no one knows.
const UNKNOWN: &str = "application/octet-stream";

/// Names that the same content has elsewhere.
const SAME: [(&str, &str); 6] = [
    ("audio/x-wav", "audio/wav"),
    ("audio/m4a", "audio/mp4"),
    ("audio/opus", "audio/ogg"),
    ("video/x-m4v", "video/mp4"),
    ("application/ogg", "audio/ogg"),
    ("image/heic", "image/heif"),
];

/// Content in which there may be a picture or sound alone, and the other name that it may have then.
const EITHER: [(&str, &str); 2] = [("video/webm", "audio/webm"), ("video/mp4", "audio/mp4")];

/// A media type as it was stated: lower case, without parameters; empty if it is none.
pub(super) fn cleaned(stated: &str) -> String {
    let bare = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_type = bare.len() <= MAX_TYPE_BYTES
        && bare.split('/').count() == 2
        && bare.split('/').all(|half| {
            let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
            !half.is_empty() && half.bytes().all(is_token)
        });
    if is_type { bare } else { String::new() }
}

/// The media type of what begins with `head`; `stated` is what its sender takes it for.
pub(super) fn media_type(head: &[u8], stated: &str) -> String {
    // Markup is told apart here: what is a picture to one browser is a page to another.
    let found = match infer::get(head).map(|found| found.mime_type()) {
        None | Some("text/html" | "text/xml") => of_text(head),
        Some(found) => found,
    };
    let found = SAME
        .iter()
        .find(|(name, _)| *name == found)
        .map_or(found, |(_, same)| same);
    match EITHER.iter().find(|(film, _)| *film == found) {
        Some((_, sound)) if *sound == stated => (*sound).to_owned(),
        _ => found.to_owned(),
    }
}

/// What a text is: markup if it begins like some, and otherwise plain.
fn of_text(head: &[u8]) -> &'static str {
    let Some(text) = decoded(head) else {
        return UNKNOWN;
    };
    if text
        .chars()
        .any(|char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{c}'))
    {
        return UNKNOWN;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    match text.starts_with('<') {
        true if text.contains("<svg") => "image/svg+xml",
        true if text.starts_with("<?xml") => "text/xml",
        true => "text/html",
        false => "text/plain",
    }
}

/// The text that bytes are: of UTF-16 if they begin by saying so, and of UTF-8 or else of one of the encodings that have a byte
/// for each character. Those are read for their ASCII alone, which is what markup begins with.
fn decoded(head: &[u8]) -> Option<Cow<'_, str>> {
    match head {
        [0xff, 0xfe, rest @ ..] => of_utf_16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => of_utf_16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => Some(whole_characters(head).map_or_else(|| Cow::Owned(of_bytes(head)), Cow::Borrowed)),
    }
}

/// UTF-16, but for a character that it ends within.
fn of_utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let is_cut = pairs.last().is_some_and(|last| matches!(unit(*last), 0xd800..=0xdbff));
    let pairs = &pairs[..pairs.len() - usize::from(is_cut)];
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .ok()
}

fn of_bytes(bytes: &[u8]) -> String {
    let char = |byte: &u8| match byte.is_ascii() {
        true => char::from(*byte),
        false => char::REPLACEMENT_CHARACTER,
    };
    bytes.iter().map(char).collect()
}

/// The text of UTF-8 that bytes are, but for a character that they end within.
fn whole_characters(head: &[u8]) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            std::str::from_utf8(head.get(..error.valid_up_to())?).ok()
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &[u8]) -> String {
        media_type(head, "")
    }

    #[test]
    fn the_first_bytes_say_what_a_file_is() {
        for (head, expected) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            (b"GIF89a/*\0\0=alert(1)//", "image/gif"),
            (b"%PDF-1.7\n<html><script>x()</script>", "application/pdf"),
            (b"PK\x03\x04\x14\0\0\0\x08\0", "application/zip"),
            (b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable"),
            (b"\x1f\x8b\x08\0", "application/gzip"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
                "image/svg+xml",
            ),
            (b"<?xml version='1.0'?><!-- x --><svg/>", "image/svg+xml"),
            (b"  \n<!DOCTYPE html><p>", "text/html"),
            (b"\xef\xbb\xbf <script>x()</script>", "text/html"),
            (b"<b>x</b>", "text/html"),
            ("Grüße, 1 < 2\n".as_bytes(), "text/plain"),
            ("ü".as_bytes(), "text/plain"),
            (b"Gr\xc3", "text/plain"),
            (b"a\0b", "application/octet-stream"),
            (b"\xfe\xff\0a", "text/plain"),
            (b"\xff\xfea\0;\0\xfc\0\r\0\n\0\x3d\xd8", "text/plain"),
            (b"\xff\xfe\xff", "text/plain"),
            (b"\xff\xfe \0<\0s\0v\0g\0>\0", "image/svg+xml"),
            (b"\xfe\xff\0<\0b\0>", "text/html"),
            (b"\xff\xfea\0\0\0", "application/octet-stream"),
            (b"\xff\xfe\0\xdca\0", "application/octet-stream"),
            (b"Gr\xfc\xdfe;\x80 5\r\n", "text/plain"),
            (b"<p>Gr\xfc\xdfe", "text/html"),
            (b"\xfc\x01", "application/octet-stream"),
            (b"", "text/plain"),
        ] {
            assert_eq!(found(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn what_is_stated_counts_only_between_a_film_and_its_sound() {
        let webm =
            b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm";
        assert_eq!(media_type(webm, ""), "video/webm");
        assert_eq!(media_type(webm, "audio/webm"), "audio/webm");
        assert_eq!(media_type(webm, "image/png"), "video/webm");
        assert_eq!(media_type(b"<html>", "image/png"), "text/html");
    }

    /// The beginnings of recordings without a picture, as MediaRecorder of Chromium, Firefox and Safari writes them.
    #[test]
    fn what_browsers_record_is_sound_if_its_sender_says_so() {
        let webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04";
        let ogg = b"OggS\0\x02\0\0\0\0\0\0\0\0\x11\x22\x33\x44\0\0\0\0\x55\x66\x77\x88\x01\x13OpusHead\x01\x01";
        for (head, stated) in [
            (&webm[..], "audio/webm"),
            (ogg, "audio/ogg"),
            (b"\0\0\0\x24ftypisom\0\0\0\x01isomiso6iso2avc1mp41", "audio/mp4"),
            (b"\0\0\0\x1cftypiso5\0\0\0\x01isomiso5hlsf", "audio/mp4"),
            (b"\0\0\0\x18ftypmp42\0\0\0\x01mp42isom", "audio/mp4"),
            (b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42", "audio/mp4"),
        ] {
            assert_eq!(media_type(head, stated), stated, "{}", String::from_utf8_lossy(head));
        }
        assert_eq!(media_type(ogg, "video/webm"), "audio/ogg");
    }

    #[test]
    fn a_stated_type_is_one_or_nothing() {
        assert_eq!(cleaned("Audio/WebM;codecs=opus"), "audio/webm");
        for none in [
            "",
            "image",
            "image/",
            "a/b/c",
            "image/p ng",
            "x/\r\ny",
            &"x/".repeat(200),
        ] {
            assert_eq!(cleaned(none), "", "{none}");
        }
    }
}
