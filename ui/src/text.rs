//! The chat's dialect of markdown, as views. What is bold, a list or a link is decided by `portico_shared::text`.

use crate::el;
use leptos::html;
use leptos::prelude::*;

use portico_shared::text::{Block, Inline, parse};

/// Draws a text. Each block finds its own direction, so that Arabic and English can stand in one chat.
pub fn text(words: &str) -> AnyView {
    html::div().class("text").attr("dir", "auto").child(views(&parse(words), block)).into_any()
}

fn views<T>(nodes: &[T], view: fn(&T) -> AnyView) -> Vec<AnyView> {
    nodes.iter().map(view).collect()
}

fn block(block: &Block) -> AnyView {
    match block {
        Block::Paragraph(line) => html::p().attr("dir", "auto").child(views(line, inline)).into_any(),
        Block::Code { text, .. } => html::pre().attr("dir", "ltr").child(html::code().child(text.clone())).into_any(),
        Block::Bullets(items) => {
            let items: Vec<AnyView> = items.iter().map(|item| html::li().child(views(item, inline)).into_any()).collect();
            html::ul().child(items).into_any()
        }
        Block::Numbered(items) => {
            let items = items.iter().map(|item| {
                html::li().attr("value", item.number.to_string()).child(views(&item.content, inline)).into_any()
            });
            html::ol().child(items.collect::<Vec<AnyView>>()).into_any()
        }
    }
}

fn inline(node: &Inline) -> AnyView {
    match node {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Bold(inside) => html::strong().child(views(inside, inline)).into_any(),
        Inline::Italic(inside) => html::em().child(views(inside, inline)).into_any(),
        Inline::Strike(inside) => html::s().child(views(inside, inline)).into_any(),
        Inline::Code(text) => html::code().child(text.clone()).into_any(),
        Inline::Link { target, content } => el::link("link", target.clone(), views(content, inline)),
        Inline::Break => html::br().into_any(),
    }
}
