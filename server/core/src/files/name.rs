//! What a file is called: a name that no system reads as a place or as a program of another kind than the content is.

use crate::identity::customer::is_disguise;
use portico_shared::text::says_nothing;

/// Longest name, in characters and, since file systems count these, in bytes.
const MAX_CHARS: usize = 100;
const MAX_BYTES: usize = 200;

/// What a file is called whose name says nothing.
const NAMELESS: &str = "file";

/// How names end, by media type, without the full stop. The first one is added where a name ends otherwise: what is opened
/// by its ending must be what it was taken for.
const ENDINGS: [(&str, &[&str]); 19] = [
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg", "jfif"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/avif", &["avif"]),
    ("image/heif", &["heic", "heif"]),
    ("image/svg+xml", &["svg"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/wav", &["wav"]),
    ("audio/webm", &["weba", "webm"]),
    ("audio/mp4", &["m4a", "mp4"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/webm", &["webm"]),
    ("video/quicktime", &["mov"]),
    ("application/pdf", &["pdf"]),
    ("application/zip", &["zip"]),
    ("text/html", &["html", "htm"]),
    ("text/plain", &["txt", "text", "log", "md", "csv"]),
];

/// A name without folders, controls, line breaks and what turns text around.
pub(super) fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut cleaned = String::new();
    for char in last.chars().filter(|char| is_kept(*char)).take(MAX_CHARS) {
        if cleaned.len() + char.len_utf8() <= MAX_BYTES {
            cleaned.push(char);
        }
    }
    // Windows drops full stops and blanks at the end, and a full stop in front hides a file.
    let name = cleaned.trim_matches(|char: char| char == '.' || char.is_whitespace());
    if says_nothing(name) {
        NAMELESS.to_owned()
    } else {
        name.to_owned()
    }
}

fn is_kept(char: char) -> bool {
    let is_reserved = matches!(char, '<' | '>' | ':' | '"' | '|' | '?' | '*');
    let is_unseen = matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}'
    );
    !(char.is_control() || is_disguise(char) || is_reserved || is_unseen)
}

/// A cleaned name that ends as its media type does.
pub(super) fn fitting(name: &str, media_type: &str) -> String {
    let Some((_, endings)) = ENDINGS.iter().find(|(known, _)| *known == media_type) else {
        return name.to_owned();
    };
    let fits = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
    });
    match (fits, endings.first()) {
        (false, Some(ending)) => format!("{name}.{ending}"),
        (true, _) | (false, None) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_without_a_place_and_reads_as_it_is_written() {
        for (name, expected) in [
            ("tent.png", "tent.png"),
            ("Größe – 図.pdf", "Größe – 図.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ann\\x.txt", "x.txt"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
            ("\u{200b}\u{2060}", "file"),
            ("", "file"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("x.png. . ", "x.png"),
            ("a/", "file"),
            ("<b>\"q\"?*|.txt", "bq.txt"),
        ] {
            assert_eq!(cleaned(name), expected, "{name:?}");
        }
        assert_eq!(cleaned(&"x".repeat(1_000)).len(), MAX_CHARS);
        assert!(cleaned(&"図".repeat(1_000)).len() <= MAX_BYTES);
    }

    #[test]
    fn a_name_ends_as_its_content_is() {
        for (name, media_type, expected) in [
            ("tent.PNG", "image/png", "tent.PNG"),
            ("tent.jpeg", "image/jpeg", "tent.jpeg"),
            ("setup.exe", "image/png", "setup.exe.png"),
            ("run.bat", "text/plain", "run.bat.txt"),
            ("page.html", "text/plain", "page.html.txt"),
            ("png", "image/png", "png.png"),
            ("letter.docx", "application/x-unheard-of", "letter.docx"),
        ] {
            assert_eq!(fitting(name, media_type), expected);
        }
    }
}
