//! The first page that a text links to.

use super::{Block, Inline, parse};

/// Where the first link of a text to a page of the web leads (`http:` or `https:`), as readers see it: an address in code is
/// no link.
pub fn first_page(text: &str) -> Option<String> {
    // Most texts hold none, and need not be parsed.
    if !text.contains("://") {
        return None;
    }
    parse(text).iter().find_map(in_block)
}

fn in_block(block: &Block) -> Option<String> {
    match block {
        Block::Paragraph(line) => in_line(line),
        Block::Code { .. } => None,
        Block::Bullets(items) => items.iter().find_map(|item| in_line(&item.content)),
        Block::Numbered(items) => items.iter().find_map(|item| in_line(&item.content)),
    }
}

fn in_line(line: &[Inline]) -> Option<String> {
    line.iter().find_map(|node| match node {
        Inline::Bold(inside) | Inline::Italic(inside) | Inline::Strike(inside) => in_line(inside),
        Inline::Link { target, .. } => is_page(target).then(|| target.clone()),
        Inline::Text(_) | Inline::Code(_) | Inline::Break => None,
    })
}

/// Whether an address is one of a page of the web, by its scheme.
pub fn is_page(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme)))
}

#[cfg(test)]
mod tests {
    use super::first_page;

    #[test]
    fn the_first_link_to_a_page_is_found_as_readers_see_it() {
        let first = |text: &str| first_page(text);
        let page = Some("https://shop.example/tent".to_owned());
        assert_eq!(first("Look: https://shop.example/tent."), page);
        assert_eq!(
            first("- a\n- *[here](https://shop.example/tent)* or http://b.example"),
            page
        );
        assert_eq!(first("mailto:ann@shop.example, then https://shop.example/tent"), page);
        assert_eq!(first("HTTPS://SHOP.example/"), Some("HTTPS://SHOP.example/".to_owned()));
        assert_eq!(first("`https://shop.example/tent`"), None);
        assert_eq!(first("```\nhttps://shop.example/tent\n```"), None);
        assert_eq!(first("ftp://shop.example and javascript://x"), None);
        assert_eq!(first("no link"), None);
    }
}
