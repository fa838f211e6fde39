//! The chat's dialect of markdown, as views. What is bold, a list or a link is decided by `portico_shared::text`.

use crate::browser::host_of;
use crate::parts::link;
use leptos::html;
use leptos::prelude::*;

use portico_shared::text::{Block, Inline, parse};

/// What a link of a text shows beside its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStyle {
    /// Nothing.
    Plain,
    /// The host that it leads to, where the label does not name it: for readers who must not trust the writer.
    WithHost,
}

/// Draws a text. Each block finds its own direction, so that Arabic and English can stand in one chat.
pub fn text(source: &str, links: LinkStyle) -> AnyView {
    html::div()
        .class("text")
        .attr("dir", "auto")
        // Of a document that speaks its reader's language, only what people write is left to translators: they replace
        // text that is drawn once, and nothing that changes.
        .attr("translate", "yes")
        .child(parse(source).iter().map(|it| block(it, links)).collect::<Vec<_>>())
        .into_any()
}

fn block(block: &Block, links: LinkStyle) -> AnyView {
    match block {
        Block::Paragraph(line) => html::p().attr("dir", "auto").child(inline(line, links)).into_any(),
        Block::Code { language, text } => html::pre()
            .attr("dir", "ltr")
            .child(
                language
                    .clone()
                    .map(|language| html::span().class("text__language").child(language)),
            )
            .child(html::code().child(text.clone()))
            .into_any(),
        Block::Bullets(items) => {
            let items = items.iter().map(|item| {
                html::li()
                    .style(("margin-inline-start", set_in(&item.indent)))
                    .child(inline(&item.content, links))
                    .into_any()
            });
            html::ul().child(items.collect::<Vec<_>>()).into_any()
        }
        Block::Numbered(items) => {
            let items = items.iter().map(|item| {
                html::li()
                    .style(("margin-inline-start", set_in(&item.indent)))
                    .attr("value", item.number.to_string())
                    .child(inline(&item.content, links))
                    .into_any()
            });
            html::ol().child(items.collect::<Vec<_>>()).into_any()
        }
    }
}

/// Columns of a tabulator, as the style sheet draws one inside a line.
const TAB: usize = 4;

/// Most columns that an item of a list is set in: the narrowest bubble has room for its words beside them.
const MAX_COLUMNS: usize = 16;

/// How far the blanks before an item of a list set it in, if there are any.
fn set_in(indent: &str) -> Option<String> {
    let columns = indent.chars().map(|blank| if blank == '\t' { TAB } else { 1 });
    let columns = columns.sum::<usize>().min(MAX_COLUMNS);
    (columns > 0).then(|| format!("{columns}ch"))
}

fn inline(line: &[Inline], links: LinkStyle) -> Vec<AnyView> {
    line.iter().map(|node| node_view(node, links)).collect()
}

fn node_view(node: &Inline, links: LinkStyle) -> AnyView {
    match node {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Bold(inside) => html::strong().child(inline(inside, links)).into_any(),
        Inline::Italic(inside) => html::em().child(inline(inside, links)).into_any(),
        Inline::Strike(inside) => html::s().child(inline(inside, links)).into_any(),
        Inline::Code(text) => html::code().child(text.clone()).into_any(),
        Inline::Link { target, content } => {
            let drawn = link("link", target.clone(), inline(content, links));
            match links {
                LinkStyle::Plain => drawn,
                LinkStyle::WithHost => (drawn, host(target, content)).into_any(),
            }
        }
        Inline::Break => html::br().into_any(),
    }
}

/// Where a link leads, unless its label says so itself. Addresses of mail and telephones have no host.
fn host(target: &str, content: &[Inline]) -> Option<AnyView> {
    let host = host_of(target).filter(|host| !host.is_empty())?;
    let label = portico_shared::text::plain_text(&[Block::Paragraph(content.to_vec())]);
    let named = host_of(&address_in(&label));
    let note = || html::span().class("link__host").child(format!(" ({host})")).into_any();
    (named.as_ref() != Some(&host)).then(note)
}

/// The label of a link read as an address.
fn address_in(label: &str) -> String {
    let label = label.trim();
    match label.contains("://") {
        true => label.to_owned(),
        false => ["https://", label].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::{address_in, set_in};

    #[test]
    fn blanks_before_an_item_set_it_in_but_not_out_of_sight() {
        assert_eq!(set_in(""), None);
        assert_eq!(set_in("   ").as_deref(), Some("3ch"));
        assert_eq!(set_in("\t ").as_deref(), Some("5ch"));
        assert_eq!(set_in(&" ".repeat(4_000)).as_deref(), Some("16ch"));
    }

    #[test]
    fn a_label_without_a_scheme_is_read_as_an_address() {
        assert_eq!(address_in(" example.org/help "), "https://example.org/help");
        assert_eq!(address_in("http://example.org"), "http://example.org");
    }
}
