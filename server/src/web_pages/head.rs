//! What a page says of itself in its head: its title, its description, and what site it is of.
//!
//! The tokenizer of `html5ever` reads it as it comes, without a tree. It compares the attributes of a tag with each other, so
//! that one with thousands would take seconds: a tag without an end is read no further.

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, ParseError, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use portico_core::links::Page;
use portico_shared::text::{is_unseen, says_nothing};
use std::cell::{Cell, RefCell};

/// The longest title, in characters; what is longer is cut.
const MAX_TITLE_CHARS: usize = 200;

/// The longest name of a site, in characters.
const MAX_SITE_CHARS: usize = 60;

/// The longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 300;

/// What is handed to the tokenizer at once, in bytes.
const SLICE_BYTES: usize = 1_024;

/// Slices in a row that make no token, after which the page is given up: its tags and comments have no end.
const MAX_IDLE_SLICES: u32 = 8;

/// A head that is being read.
pub(super) struct Head {
    tokenizer: Tokenizer<Found>,
    input: BufferQueue,
    /// Slices since the last token.
    idle: Cell<u32>,
}

/// What was found so far.
#[derive(Default)]
struct Found {
    is_over: Cell<bool>,
    /// Tokens so far.
    tokens: Cell<u32>,
    is_in_title: Cell<bool>,
    title: RefCell<String>,
    said: RefCell<Said>,
}

/// What `meta` elements say. The first one of each counts.
#[derive(Default)]
struct Said {
    title: Option<String>,
    site: Option<String>,
    description: Option<String>,
    plain_description: Option<String>,
}

impl Head {
    pub(super) fn new() -> Self {
        Self {
            tokenizer: Tokenizer::new(Found::default(), TokenizerOpts::default()),
            input: BufferQueue::default(),
            idle: Cell::default(),
        }
    }

    /// Reads on. Answers whether there is more to come.
    pub(super) fn read(&self, text: &str) -> bool {
        let mut rest = text;
        while !rest.is_empty() && !self.tokenizer.sink.is_over.get() {
            let (slice, after) = rest.split_at(rest.floor_char_boundary(SLICE_BYTES));
            self.read_slice(slice);
            rest = after;
        }
        !self.tokenizer.sink.is_over.get()
    }

    fn read_slice(&self, slice: &str) {
        let found = &self.tokenizer.sink;
        let before = found.tokens.get();
        self.input.push_back(StrTendril::from(slice));
        while !found.is_over.get() && !matches!(self.tokenizer.feed(&self.input), TokenizerResult::Done) {}
        let is_idle = found.tokens.get() == before;
        self.idle.set(if is_idle { self.idle.get() + 1 } else { 0 });
        if self.idle.get() >= MAX_IDLE_SLICES {
            found.is_over.set(true);
        }
    }

    /// What it says; nothing if it has no title.
    pub(super) fn page(self) -> Option<Page> {
        let found = self.tokenizer.sink;
        let said = found.said.into_inner();
        let title = said.title.unwrap_or_else(|| found.title.into_inner());
        Some(Page {
            title: tidy(&title, MAX_TITLE_CHARS)?,
            description: (said.description.or(said.plain_description))
                .and_then(|text| tidy(&text, MAX_DESCRIPTION_CHARS)),
            site: said.site.and_then(|text| tidy(&text, MAX_SITE_CHARS)),
        })
    }
}

impl TokenSink for Found {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if !matches!(token, ParseError(_)) {
            self.tokens.set(self.tokens.get().wrapping_add(1));
        }
        match token {
            TagToken(tag) if tag.kind == StartTag => return self.begins(&tag),
            TagToken(tag) => match &*tag.name {
                "title" => self.is_in_title.set(false),
                "head" => self.is_over.set(true),
                _ => {}
            },
            CharacterTokens(text) if self.is_in_title.get() => self.title.borrow_mut().push_str(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Found {
    fn begins(&self, tag: &Tag) -> TokenSinkResult<()> {
        match &*tag.name {
            "title" => {
                // A second one, that of a drawing, is none of the page.
                self.is_in_title.set(self.title.borrow().is_empty());
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noscript" | "iframe" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "meta" => {
                self.meta(tag);
                TokenSinkResult::Continue
            }
            "body" => {
                self.is_over.set(true);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }

    fn meta(&self, tag: &Tag) {
        let value = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string())
        };
        let Some((name, content)) = value("property").or_else(|| value("name")).zip(value("content")) else {
            return;
        };
        let mut said = self.said.borrow_mut();
        let place = match name.to_ascii_lowercase().as_str() {
            "og:title" => &mut said.title,
            "og:site_name" => &mut said.site,
            "og:description" => &mut said.description,
            "description" => &mut said.plain_description,
            _ => return,
        };
        if !says_nothing(&content) {
            place.get_or_insert(content);
        }
    }
}

/// A text on one line, without what is not seen or turns other characters around, cut where it is too long. What joins
/// letters and pictures of a script stays.
fn tidy(text: &str, most: usize) -> Option<String> {
    let joins = |char: &char| matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe0f}');
    let shown = text.chars().map(|char| if char.is_whitespace() { ' ' } else { char });
    let shown: String = shown
        .filter(|char| *char == ' ' || joins(char) || !is_unseen(*char))
        .collect();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    };
    (!says_nothing(&line)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Option<Page> {
        let head = Head::new();
        // As it comes: in pieces that end anywhere.
        let mut rest = html;
        while !rest.is_empty() {
            let at = rest
                .floor_char_boundary(7)
                .max(rest.chars().next().map_or(0, char::len_utf8));
            let (piece, after) = rest.split_at(at);
            if !head.read(piece) {
                break;
            }
            rest = after;
        }
        head.page()
    }

    #[test]
    fn a_page_is_called_by_what_it_says_to_others_or_by_its_title() {
        let both = page(
            "<!doctype html><html><head><title>Ridge 2 &amp; more | Shop</title>\
             <meta property='og:title' content='Ridge&#32;2'><meta name=description content='A tent.'>\
             <meta property=\"OG:site_name\" content=Fernweh></head>",
        );
        let expected = Page {
            title: "Ridge 2".to_owned(),
            description: Some("A tent.".to_owned()),
            site: Some("Fernweh".to_owned()),
        };
        assert_eq!(both, Some(expected));
        let plain = page("<title>\n Ridge 2 &amp;\n more</title>").expect("a title");
        assert_eq!(plain.title, "Ridge 2 & more");
        assert_eq!(page("<p>Nothing</p>"), None);
        assert_eq!(page("<title> \u{200b}</title>"), None);
    }

    #[test]
    fn what_is_no_head_is_not_read() {
        let scripted = page("<script>'<title>no</title>'</script><style><title>no</title></style><title>yes</title>");
        assert_eq!(scripted.expect("a title").title, "yes");
        assert_eq!(page("<head></head><title>no</title>"), None);
        assert_eq!(page("<body><title>no</title>"), None);
        let second = page("<title>yes</title><svg><title>no</title></svg>").expect("a title");
        assert_eq!(second.title, "yes");
        let hidden = page("<title>a \u{202e} b\u{0}c \u{2800}\u{61c}\u{3164} \u{e0041}d \u{200f}e</title>");
        assert_eq!(hidden.expect("a title").title, "a b\u{fffd}c d e");
        let joined = page("<title>👩\u{200d}🚀 ❤\u{fe0f}</title>").expect("a title");
        assert_eq!(joined.title, "👩\u{200d}🚀 ❤\u{fe0f}");
    }

    #[test]
    fn a_text_without_an_end_is_cut() {
        let long = page(&format!("<title>{}</title>", "a ".repeat(10_000))).expect("a title");
        assert_eq!(long.title.chars().count(), MAX_TITLE_CHARS);
        assert!(long.title.ends_with('…'));
        let unclosed = page(&format!("<title>{}", "<b>".repeat(1_000))).expect("a title");
        assert!(unclosed.title.starts_with("<b><b>"), "text, and no markup");
    }

    #[test]
    fn a_tag_without_an_end_is_read_no_further() {
        let attributes: String = (0..100_000).map(|n| format!("a{n} ")).collect();
        assert_eq!(page(&format!("<p {attributes}><title>no</title>")), None);
        assert_eq!(page(&format!("<!--{}--><title>no</title>", "-".repeat(100_000))), None);
        let text = page(&format!("<style>{}</style><title>yes</title>", "a{}".repeat(30_000)));
        assert_eq!(text.expect("a title").title, "yes");
    }
}
