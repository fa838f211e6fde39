//! Any text is read, and no link of it leads where it may not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portico_shared::text::{Block, Inline, is_safe_target, parse, plain_text};

fuzz_target!(|text: &str| {
    let blocks = parse(text);
    let _ = plain_text(&blocks);
    for block in &blocks {
        match block {
            Block::Paragraph(content) => check(content),
            Block::Bullets(items) => items.iter().for_each(|item| check(&item.content)),
            Block::Numbered(items) => items.iter().for_each(|item| check(&item.content)),
            Block::Code { .. } => {}
        }
    }
});

fn check(content: &[Inline]) {
    for node in content {
        match node {
            Inline::Link { target, content } => {
                assert!(is_safe_target(target), "{target}");
                check(content);
            }
            Inline::Bold(content) | Inline::Italic(content) | Inline::Strike(content) => check(content),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
