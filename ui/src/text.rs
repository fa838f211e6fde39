//! The chat's dialect of markdown, as views. What is bold, a list or a link is decided by `portico_shared::text`.

use crate::el::{El, el, link};

use portico_shared::text::{Block, Inline, parse};

/// Draws a text. Each block finds its own direction, so that Arabic and English can stand in one chat.
pub fn text(words: &str) -> El {
    el("div")
        .class("text")
        .attr("dir", "auto")
        .children(parse(words).iter().map(block).collect())
}

fn block(block: &Block) -> El {
    match block {
        Block::Paragraph(line) => fill(el("p").attr("dir", "auto"), line),
        Block::Code { text, .. } => el("pre").attr("dir", "ltr").child(el("code").text(text)),
        Block::Bullets(items) => el("ul").children(items.iter().map(|item| fill(el("li"), item)).collect()),
        Block::Numbered(items) => {
            let item = |number: &str, content: &[Inline]| fill(el("li").attr("value", number), content);
            el("ol").children(
                items
                    .iter()
                    .map(|it| item(&it.number.to_string(), &it.content))
                    .collect(),
            )
        }
    }
}

fn fill(into: El, line: &[Inline]) -> El {
    line.iter().fold(into, |into, node| match node {
        Inline::Text(text) => into.text(text),
        Inline::Bold(inside) => into.child(fill(el("strong"), inside)),
        Inline::Italic(inside) => into.child(fill(el("em"), inside)),
        Inline::Strike(inside) => into.child(fill(el("s"), inside)),
        Inline::Code(text) => into.child(el("code").text(text)),
        Inline::Link { target, content } => into.child(fill(link("link", target, Vec::new()), content)),
        Inline::Break => into.child(el("br")),
    })
}
