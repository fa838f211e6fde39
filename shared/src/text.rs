//! The chat's dialect of markdown, read into typed nodes; never HTML, so no text can become markup.
//!
//! `*bold*` (also `**bold**`), `_italic_`, `~strike~` (also `~~strike~~`), `` `code` ``, fenced code, `[text](target)`,
//! addresses that become links by themselves, `- ` and `1. ` lists, and every newline stays a newline. Blanks before an item
//! of a list set it in by as much. A mark inside
//! a word (`snake_case`, `2*3*4`) is an ordinary character, and so is every mark that finds no partner on its line.
//!
//! Whatever is typed is seen: marks that would leave nothing to see are characters (`` ` ` ``, a fence without code), and
//! a text whose marks hide all of it is drawn as it was written.
//!
//! Libraries for CommonMark read `*bold*` as italic, swallow newlines, and cost some 25 kB of WebAssembly: hence this
//! one. Reading takes time in proportion to the text, whatever the text, and nodes nest at most [`Inline`]'s few
//! kinds deep, because no kind is read inside itself.
//!
//! Start reading at [`parse`]; what is a link is decided in `link.rs` alone.

mod inline;
mod link;
mod page;
mod unseen;

pub use link::is_safe_target;
pub use page::{first_page, is_page};
pub use unseen::{is_unseen, says_nothing};

use crate::limits::MAX_TEXT_CHARS;

/// A piece of text that stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text; [`Inline::Break`] is where the writer began a new line.
    Paragraph(Vec<Inline>),
    /// Code between two fences of three back-ticks, as it was written.
    Code {
        /// The word that follows the first fence, as in `rust`.
        language: Option<String>,
        /// The lines between.
        text: String,
    },
    /// Lines that began with `- `.
    Bullets(Vec<Bullet>),
    /// Lines that began with a number, a full stop and a space.
    Numbered(Vec<Numbered>),
}

/// One line of a list of bullets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bullet {
    /// The blanks before its dash, as they were typed: how deep the line stands is the writer's to say.
    pub indent: String,
    /// What follows the dash.
    pub content: Vec<Inline>,
}

/// One line of a numbered list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The blanks before its number, as they were typed.
    pub indent: String,
    /// The number that the writer gave, 0 to 999.
    pub number: u16,
    /// What follows it.
    pub content: Vec<Inline>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Characters to show as they are.
    Text(String),
    /// Strong emphasis.
    Bold(Vec<Inline>),
    /// Emphasis.
    Italic(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Code, as it was written.
    Code(String),
    /// A link to a target that [`is_safe_target`].
    Link {
        /// Where it leads.
        target: String,
        /// What is shown; holds no link.
        content: Vec<Inline>,
    },
    /// A new line.
    Break,
}

/// Whether a text may be sent as a message: it shows something, and it is not longer than the relay takes.
pub fn is_sendable(text: &str) -> bool {
    !says_nothing(text) && text.chars().count() <= MAX_TEXT_CHARS
}

/// Reads a message's text.
pub fn parse(text: &str) -> Vec<Block> {
    let mut writer = Writer::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(first) = fence(line) {
            writer.code(Fenced::read(line, first, &mut lines));
        } else if let (indent, Some(item)) = (indent(line), line.trim_start().strip_prefix("- ")) {
            writer.bullet(Bullet {
                indent: indent.to_owned(),
                content: inline::parse(item),
            });
        } else if let Some((number, item)) = numbered(line.trim_start()) {
            writer.numbered(Numbered {
                indent: indent(line).to_owned(),
                number,
                content: inline::parse(item),
            });
        } else {
            writer.line(line);
        }
    }
    writer.end_block();
    match shows_something(&writer.blocks) || says_nothing(text) {
        true => writer.blocks,
        false => as_written(text),
    }
}

/// The blanks that a line begins with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// A text whose marks mean nothing.
fn as_written(text: &str) -> Vec<Block> {
    let mut writer = Writer::default();
    for line in text.lines() {
        writer.literal_line(line);
    }
    writer.end_block();
    writer.blocks
}

fn shows_something(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Paragraph(content) => is_seen(content),
        Block::Code { text, .. } => !says_nothing(text),
        Block::Bullets(_) | Block::Numbered(_) => true,
    })
}

/// Whether there is something to see.
fn is_seen(content: &[Inline]) -> bool {
    content.iter().any(|node| match node {
        Inline::Text(text) | Inline::Code(text) => !says_nothing(text),
        Inline::Bold(content) | Inline::Italic(content) | Inline::Strike(content) | Inline::Link { content, .. } => {
            is_seen(content)
        }
        Inline::Break => false,
    })
}

/// The same without any marks, for screen readers and previews. Blocks and lines are separated by newlines, items of
/// lists keep their dash or number and the blanks before it, a word after a fence stands on a line of its own, and of a link only its text remains.
pub fn plain_text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Paragraph(content) => plain_inline(content, &mut out),
            Block::Code { language, text } => {
                if let Some(language) = language {
                    out.push_str(language);
                    out.push('\n');
                }
                out.push_str(text);
            }
            Block::Bullets(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    out.push_str(&item.indent);
                    out.push_str("- ");
                    plain_inline(&item.content, &mut out);
                }
            }
            Block::Numbered(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    out.push_str(&item.indent);
                    out.push_str(&item.number.to_string());
                    out.push_str(". ");
                    plain_inline(&item.content, &mut out);
                }
            }
        }
    }
    out
}

fn plain_inline(content: &[Inline], out: &mut String) {
    for node in content {
        match node {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Bold(content)
            | Inline::Italic(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => plain_inline(content, out),
            Inline::Break => out.push('\n'),
        }
    }
}

/// Blocks so far, and the paragraph that the next line may belong to.
#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    paragraph: Vec<Inline>,
    /// Empty lines since the last line that was not.
    empty_lines: usize,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.paragraph_line(line, inline::parse);
    }

    fn literal_line(&mut self, line: &str) {
        self.paragraph_line(line, |line| vec![Inline::Text(line.to_owned())]);
    }

    fn paragraph_line(&mut self, line: &str, read: impl FnOnce(&str) -> Vec<Inline>) {
        if line.trim().is_empty() {
            self.empty_lines += 1;
            return;
        }
        if self.empty_lines > 0 {
            let spare = self.empty_lines - 1;
            let first = self.blocks.is_empty() && self.paragraph.is_empty();
            self.end_block();
            // One empty line is the gap between two blocks; what is more than one, the writer meant.
            if !first {
                self.paragraph.extend(std::iter::repeat_n(Inline::Break, spare));
            }
        } else if !self.paragraph.is_empty() {
            self.paragraph.push(Inline::Break);
        }
        self.paragraph.extend(read(line));
    }

    /// Fences around nothing are characters.
    fn code(&mut self, fenced: Fenced<'_>) {
        let Fenced {
            written,
            language,
            code,
        } = fenced;
        let text = code.join("\n");
        if says_nothing(&text) {
            written.into_iter().for_each(|line| self.literal_line(line));
            return;
        }
        self.end_block();
        self.blocks.push(Block::Code {
            language: language.map(str::to_owned),
            text,
        });
    }

    fn bullet(&mut self, item: Bullet) {
        let apart = self.end_block();
        match self.blocks.last_mut() {
            Some(Block::Bullets(items)) if !apart => items.push(item),
            _ => self.blocks.push(Block::Bullets(vec![item])),
        }
    }

    fn numbered(&mut self, item: Numbered) {
        let apart = self.end_block();
        match self.blocks.last_mut() {
            Some(Block::Numbered(items)) if !apart => items.push(item),
            _ => self.blocks.push(Block::Numbered(vec![item])),
        }
    }

    /// Closes the paragraph; says whether empty lines stood before what comes now.
    fn end_block(&mut self) -> bool {
        if !self.paragraph.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.paragraph)));
        }
        std::mem::take(&mut self.empty_lines) > 0
    }
}

/// What follows the fence in a line that begins code: three back-ticks, and none after them.
fn fence(line: &str) -> Option<&str> {
    line.trim().strip_prefix(FENCE).filter(|rest| !rest.contains('`'))
}

const FENCE: &str = "```";

/// Longest word after a fence that counts as a language; a longer one is code already.
const MAX_LANGUAGE_CHARS: usize = 16;

/// Lines between two fences, or all that are left if there is no second one.
struct Fenced<'a> {
    /// All of it, the fences too.
    written: Vec<&'a str>,
    language: Option<&'a str>,
    code: Vec<&'a str>,
}

impl<'a> Fenced<'a> {
    /// `first` follows the fence in the line at hand.
    fn read(line: &'a str, first: &'a str, lines: &mut std::str::Lines<'a>) -> Self {
        let is_language = first.len() <= MAX_LANGUAGE_CHARS && first.bytes().all(|byte| byte.is_ascii_graphic());
        let (language, code) = match is_language {
            true => (Some(first).filter(|word| !word.is_empty()), Vec::new()),
            false => (None, vec![first]),
        };
        let mut fenced = Self {
            written: vec![line],
            language,
            code,
        };
        for line in lines {
            fenced.written.push(line);
            match line.trim_end().strip_suffix(FENCE) {
                Some("") => break,
                Some(last) => {
                    fenced.code.push(last);
                    break;
                }
                None => fenced.code.push(line),
            }
        }
        fenced
    }
}

/// Splits `12. text`; more digits than three are a year or a price, not an item, and a list would lose leading zeros.
fn numbered(line: &str) -> Option<(u16, &str)> {
    let (number, item) = line.split_once('.')?;
    let item = item.strip_prefix(' ')?;
    let loses_zeros = number.len() > 1 && number.starts_with('0');
    if number.len() > 3 || loses_zeros || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((number.parse().ok()?, item))
}

#[cfg(test)]
mod tests;
