use super::*;

fn line(text: &str) -> Vec<Inline> {
    match parse(text).as_slice() {
        [Block::Paragraph(content)] => content.clone(),
        other => panic!("one paragraph expected, not {other:?}"),
    }
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn link(target: &str, shown: &str) -> Inline {
    Inline::Link {
        target: target.to_owned(),
        content: vec![text(shown)],
    }
}

fn bullet(indent: &str, content: Vec<Inline>) -> Bullet {
    Bullet {
        indent: indent.to_owned(),
        content,
    }
}

fn numbered_item(indent: &str, number: u16, shown: &str) -> Numbered {
    Numbered {
        indent: indent.to_owned(),
        number,
        content: vec![text(shown)],
    }
}

#[test]
fn every_mark_has_its_meaning() {
    assert_eq!(
        line("*b* **bb** _i_ ~s~ ~~ss~~ `c` ``c`c``"),
        vec![
            Inline::Bold(vec![text("b")]),
            text(" "),
            Inline::Bold(vec![text("bb")]),
            text(" "),
            Inline::Italic(vec![text("i")]),
            text(" "),
            Inline::Strike(vec![text("s")]),
            text(" "),
            Inline::Strike(vec![text("ss")]),
            text(" "),
            Inline::Code("c".to_owned()),
            text(" "),
            Inline::Code("c`c".to_owned()),
        ]
    );
}

#[test]
fn marks_nest_and_code_holds_none() {
    assert_eq!(
        line("*a _b ~c~_ `*d*`*!"),
        vec![
            Inline::Bold(vec![
                text("a "),
                Inline::Italic(vec![text("b "), Inline::Strike(vec![text("c")])]),
                text(" "),
                Inline::Code("*d*".to_owned()),
            ]),
            text("!"),
        ]
    );
}

#[test]
fn marks_without_a_partner_or_inside_words_are_characters() {
    for literal in [
        "2 * 3 * 4",
        "2*3*4",
        "snake_case_name",
        "__init__",
        "*open",
        "close*",
        "* not bold *",
        "***",
        "a ~ b ~ c",
        "`open",
        "````",
        "[no target]",
        "[no](space in target)",
        "](x)",
        "[](https://a.example)",
        "\\*",
        "*a\u{301}*b",
    ] {
        assert_eq!(line(literal), vec![text(literal)], "{literal}");
    }
}

#[test]
fn the_nearest_mark_is_the_partner() {
    assert_eq!(line("*a *b*"), vec![text("*a "), Inline::Bold(vec![text("b")])]);
    assert_eq!(line("*a _b*_"), vec![Inline::Bold(vec![text("a _b")]), text("_")]);
}

#[test]
fn links_lead_only_where_they_may() {
    assert_eq!(
        line("[a](https://a.example/x_(y)_z)"),
        vec![link("https://a.example/x_(y)_z", "a")]
    );
    assert_eq!(line("[call](tel:+1) [write](MAILTO:a@b.example)").len(), 3);
    for unsafe_target in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](/relative)",
        "[a](https:evil)",
        "[a](https://)",
        "[a](java\u{0}script:x)",
        "[a](\u{200b}https://a.example)",
        "[a](https://a.example/\u{202e}gpj.exe)",
    ] {
        assert_eq!(line(unsafe_target), vec![text(unsafe_target)], "{unsafe_target}");
    }
}

#[test]
fn a_link_holds_no_link() {
    assert_eq!(
        line("[*see* https://b.example](https://a.example)"),
        vec![Inline::Link {
            target: "https://a.example".to_owned(),
            content: vec![Inline::Bold(vec![text("see")]), text(" https://b.example")],
        }]
    );
}

#[test]
fn addresses_become_links_without_the_punctuation_around_them() {
    assert_eq!(
        line("(see https://a.example/b_c_d.)")[1],
        link("https://a.example/b_c_d", "https://a.example/b_c_d")
    );
    assert_eq!(
        line("*https://a.example*"),
        vec![Inline::Bold(vec![link("https://a.example", "https://a.example")])]
    );
    assert_eq!(
        line("https://a.example/w_(x)")[0],
        link("https://a.example/w_(x)", "https://a.example/w_(x)")
    );
    assert_eq!(
        line("mailto:a@b.example, then")[0],
        link("mailto:a@b.example", "mailto:a@b.example")
    );
    for literal in [
        "xhttps://a.example",
        "https://",
        "http:/a",
        "ftp://a.example",
        "hello",
        "www.a.example",
    ] {
        assert_eq!(line(literal), vec![text(literal)], "{literal}");
    }
}

#[test]
fn lines_paragraphs_lists_and_code_are_blocks() {
    let blocks = parse("a\nb\n\n\nc\n- one\n- *two*\n1. first\n1. second\n```rust\nlet *x* = 1;\n\n```\nend");
    assert_eq!(
        blocks,
        vec![
            Block::Paragraph(vec![text("a"), Inline::Break, text("b")]),
            Block::Paragraph(vec![Inline::Break, text("c")]),
            Block::Bullets(vec![
                bullet("", vec![text("one")]),
                bullet("", vec![Inline::Bold(vec![text("two")])]),
            ]),
            Block::Numbered(vec![numbered_item("", 1, "first"), numbered_item("", 1, "second")]),
            Block::Code {
                language: Some("rust".to_owned()),
                text: "let *x* = 1;\n".to_owned()
            },
            Block::Paragraph(vec![text("end")]),
        ]
    );
    assert_eq!(
        plain_text(&blocks),
        "a\nb\n\nc\n- one\n- two\n1. first\n1. second\nrust\nlet *x* = 1;\n\nend"
    );
}

#[test]
fn code_may_begin_and_end_beside_its_fences_and_need_not_end() {
    assert_eq!(
        parse("```let a = 1;\nlet b = 2;```\nafter"),
        vec![
            Block::Code {
                language: None,
                text: "let a = 1;\nlet b = 2;".to_owned()
            },
            Block::Paragraph(vec![text("after")]),
        ]
    );
    assert_eq!(
        parse("```\nx"),
        vec![Block::Code {
            language: None,
            text: "x".to_owned()
        }]
    );
    assert_eq!(line("```x```"), vec![Inline::Code("x".to_owned())]);
}

#[test]
fn empty_lines_separate_lists() {
    assert_eq!(parse("- a\n\n- b").len(), 2);
    assert_eq!(parse("\n\na\n\n"), vec![Block::Paragraph(vec![text("a")])]);
    assert_eq!(parse(""), vec![]);
    assert_eq!(line("2024. A year"), vec![text("2024. A year")]);
}

/// Sources with what is read out and saved of them; screens of widget and desk run the same table.
#[test]
fn whatever_is_typed_is_seen() {
    let table: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../tests/texts.json")).expect("a table");
    for row in table {
        let (source, plain) = (row["source"].as_str(), row["plain"].as_str());
        let (source, plain) = (source.expect("a source"), plain.expect("plain words"));
        assert_eq!(plain_text(&parse(source)), plain, "{source:?}");
    }
}

#[test]
fn fences_and_ticks_around_nothing_are_characters() {
    for literal in [
        "```",
        "```yes",
        "` `",
        "`\u{200b}`",
        "``` ```",
        "[ ](https://a.example)",
        "*\u{200b}*",
    ] {
        assert_eq!(line(literal), vec![text(literal)], "{literal}");
    }
    assert_eq!(
        parse("before\n```\n\n```"),
        vec![
            Block::Paragraph(vec![text("before"), Inline::Break, text("```")]),
            Block::Paragraph(vec![text("```")]),
        ]
    );
    assert_eq!(parse("\u{200b}\n").len(), 1, "what shows nothing is left as it is");
}

#[test]
fn an_address_keeps_marks_that_close_nothing() {
    for address in [
        "https://example.org/__init__",
        "https://example.org/a_",
        "https://example.org/~",
        "https://example.org/**",
    ] {
        assert_eq!(line(address), vec![link(address, address)], "{address}");
    }
    assert_eq!(
        line("_https://example.org/a_b_"),
        vec![Inline::Italic(vec![link(
            "https://example.org/a_b",
            "https://example.org/a_b"
        )])]
    );
    assert_eq!(
        line("**https://example.org/a_**."),
        vec![
            Inline::Bold(vec![link("https://example.org/a_", "https://example.org/a_")]),
            text("."),
        ]
    );
}

#[test]
fn an_address_ends_with_the_sentence_of_a_script_without_spaces() {
    let shown = link("https://example.org/a", "https://example.org/a");
    assert_eq!(
        line("看 https://example.org/a。谢谢"),
        vec![text("看 "), shown.clone(), text("。谢谢")]
    );
    assert_eq!(
        line("看https://example.org/a（这里）"),
        vec![text("看"), shown.clone(), text("（这里）")]
    );
    assert_eq!(line("「https://example.org/a」へ")[1], shown);
}

#[test]
fn an_address_ends_with_the_sentence_of_a_script_with_spaces() {
    let shown = link("https://example.org/a", "https://example.org/a");
    for end in [
        "۔",
        "؛",
        "؟",
        "،",
        "۔\u{201d}",
        "\u{201c}",
        "\u{2018}",
        "\u{2019}",
        "\u{ab}",
        "\u{bb}",
        "\u{2039}",
        "\u{203a}",
        "\u{964}",
        "\u{965}",
        "\u{2014}",
        "\u{2013}",
        "\u{37e}",
        "\u{589}",
        "\u{2026}",
        "\u{2026}.",
        ".\u{201d}",
    ] {
        assert_eq!(
            line(&format!("https://example.org/a{end}")),
            vec![shown.clone(), text(end)],
            "{end}"
        );
    }
    // Inside an address these are its own.
    let inside = "https://example.org/a\u{2013}b";
    assert_eq!(line(inside), vec![link(inside, inside)]);
}

#[test]
fn items_keep_the_blanks_before_them() {
    let blocks = parse("- one\n  - nested\n\t- tabbed\n  1. first");
    assert_eq!(
        blocks,
        vec![
            Block::Bullets(vec![
                bullet("", vec![text("one")]),
                bullet("  ", vec![text("nested")]),
                bullet("\t", vec![text("tabbed")]),
            ]),
            Block::Numbered(vec![numbered_item("  ", 1, "first")]),
        ]
    );
    assert_eq!(plain_text(&blocks), "- one\n  - nested\n\t- tabbed\n  1. first");
}

#[test]
fn a_number_with_leading_zeros_is_no_item() {
    assert_eq!(line("007. Bond"), vec![text("007. Bond")]);
    assert_eq!(parse("0. zero").len(), 1);
}

#[test]
fn a_text_that_shows_nothing_or_is_too_long_is_not_sent() {
    assert!(is_sendable("Hello"));
    assert!(!is_sendable(" \n"));
    assert!(!is_sendable("\u{200b}\u{2060}"));
    // Characters count, not bytes.
    assert!(is_sendable(&"ä".repeat(MAX_TEXT_CHARS)));
    assert!(!is_sendable(&"ä".repeat(MAX_TEXT_CHARS + 1)));
}
