//! What the chat's markdown promises for every text.

use portico_shared::text::{Block, Inline, is_safe_target, parse, plain_text};
use proptest::prelude::*;

/// Texts full of marks, of which a plain generator would find few.
fn marked() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => ".{0,6}".prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "*",
    "**",
    "_",
    "~",
    "~~",
    "`",
    "``",
    "```",
    "[",
    "]",
    "(",
    ")",
    "](",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "- ",
    "1. ",
    "a",
    "B",
    "é",
    "\u{202e}",
    "https://",
    "http://a.b/",
    "mailto:a@b.c",
    "tel:1",
    "javascript:",
    "JavaScript:x",
    "data:",
    "[x](https://a.b)",
    "[x](javascript:alert(1))",
    "<script>",
    "&lt;",
    ".",
    "!",
    "\\",
    "\t",
    "\0",
];

fn links(content: &[Inline], inside_link: bool, depth: usize, visit: &mut dyn FnMut(&str)) {
    assert!(depth < 8, "nodes nest too deep");
    for node in content {
        match node {
            Inline::Link { target, content } => {
                assert!(!inside_link, "a link inside a link");
                visit(target);
                links(content, true, depth + 1, visit);
            }
            Inline::Bold(content) | Inline::Italic(content) | Inline::Strike(content) => {
                assert!(!content.is_empty(), "emphasis on nothing");
                links(content, inside_link, depth + 1, visit);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

fn every_link(blocks: &[Block], visit: &mut dyn FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Paragraph(content) => links(content, false, 0, visit),
            Block::Bullets(items) => items.iter().for_each(|item| links(&item.content, false, 0, visit)),
            Block::Numbered(items) => items.iter().for_each(|item| links(&item.content, false, 0, visit)),
            Block::Code { .. } => {}
        }
    }
}

/// Letters and digits, which no mark consists of, in order.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All that is shown, and what lies behind it: targets of links and languages of code.
fn content(blocks: &[Block]) -> String {
    let mut all = plain_text(blocks);
    every_link(blocks, &mut |target| all.push_str(target));
    for block in blocks {
        if let Block::Code {
            language: Some(language),
            ..
        } = block
        {
            all.push_str(language);
        }
    }
    all
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = letters(text).chars().collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_text_leads_where_it_may_not(text in marked()) {
        every_link(&parse(&text), &mut |target| {
            assert!(is_safe_target(target), "{target}");
            let scheme = target.split(':').next().map(str::to_ascii_lowercase);
            assert!(matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "tel")), "{target}");
        });
    }

    #[test]
    fn nothing_that_was_written_is_lost(text in marked()) {
        let kept = sorted(&content(&parse(&text)));
        let mut kept = kept.iter();
        // Targets of addresses are shown and lie behind, so there may be more, never fewer.
        for letter in sorted(&text) {
            prop_assert!(kept.any(|have| *have == letter), "{letter} of {text:?} is lost");
        }
    }

    #[test]
    fn words_without_marks_stay_as_they_are(text in "[a-z0-9 .,!?'\"&<>]{0,60}") {
        prop_assume!(!text.trim().is_empty() && !text.contains(". "));
        prop_assert_eq!(parse(&text), vec![Block::Paragraph(vec![Inline::Text(text.clone())])]);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        plain_text(&parse(&text));
    }
}

/// Texts that make careless readers start over again and again, so long that work by the square of their length would
/// keep this test busy for the better part of an hour. It needs no clock to fail: it does not end.
#[test]
fn hostile_texts_are_read_without_starting_over() {
    for piece in [
        "*a ",
        "*a_b ~c",
        "**a *b ",
        "[",
        "[a](",
        "](",
        "[a](b",
        "[a](x)",
        "`a``b```c",
        "``` ```` ",
        "(https://a.b/(",
        "http://a](",
        "mailto:a](",
        "_*~[",
        "a*",
        "- *\n",
        "```x\n",
        "1. [\n",
        "\n",
        "https://a).).",
        "[*_~",
    ] {
        let text = piece.repeat(100_000);
        let is_blank = text.trim().is_empty();
        assert_eq!(parse(&text).is_empty(), is_blank, "{piece:?}");
    }
}
