//! One line: marks in pairs, code, links.
//!
//! One pass from left to right. A mark that may begin something is put down as a piece of its own and remembered as
//! the open one of its kind; a mark that may end something takes everything after its open partner for its content.
//! Only the nearest mark of each kind waits, so content nests as deep as there are kinds, a piece is moved that often
//! at most, and the work stays in proportion to the line.

use super::link::{address, is_safe_target};
use super::{Inline, is_seen, says_nothing};

/// Marks that come in pairs. `Bracket` is the beginning of `[text](target)`.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Bold,
    BoldTwice,
    Italic,
    Strike,
    StrikeTwice,
    Bracket,
}

const MARKS: usize = 6;

impl Mark {
    fn of(run: &str) -> Option<Self> {
        match run {
            "*" => Some(Self::Bold),
            "**" => Some(Self::BoldTwice),
            "_" => Some(Self::Italic),
            "~" => Some(Self::Strike),
            "~~" => Some(Self::StrikeTwice),
            _ => None,
        }
    }

    fn literal(self) -> &'static str {
        match self {
            Self::Bold => "*",
            Self::BoldTwice => "**",
            Self::Italic => "_",
            Self::Strike => "~",
            Self::StrikeTwice => "~~",
            Self::Bracket => "[",
        }
    }
}

enum Piece {
    Node(Inline),
    /// Waits for its partner; without one it is its own character.
    Open(Mark),
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
    /// Where the characters begin that are not in a piece yet.
    pending: usize,
    pieces: Vec<Piece>,
    /// Where in `pieces` the open mark of each kind is.
    open: [Option<usize>; MARKS],
    /// By length: whether runs of that many back-ticks are known to have no partner in the rest of the line.
    no_more_code: [bool; MAX_TICKS + 1],
}

/// A longer run of back-ticks is no mark.
const MAX_TICKS: usize = 3;

pub(super) fn parse(line: &str) -> Vec<Inline> {
    let mut reader = Reader {
        line,
        at: 0,
        pending: 0,
        pieces: Vec::new(),
        open: [None; MARKS],
        no_more_code: [false; MAX_TICKS + 1],
    };
    while let Some(byte) = line.as_bytes().get(reader.at) {
        match byte {
            b'*' | b'_' | b'~' => reader.emphasis(*byte),
            b'`' => reader.code(),
            b'[' => reader.begin(Mark::Bracket),
            b']' => reader.link(),
            b'h' | b'H' | b'm' | b'M' => reader.address(),
            _ => reader.at += 1,
        }
    }
    reader.flush(line.len());
    settle(reader.pieces)
}

impl Reader<'_> {
    /// Puts the characters up to `end` down as text.
    fn flush(&mut self, end: usize) {
        if self.pending < end {
            self.pieces
                .push(Piece::Node(Inline::Text(self.line[self.pending..end].to_owned())));
        }
        self.pending = end;
    }

    /// Goes on after `length` characters that a piece stands for.
    fn pass(&mut self, length: usize) {
        self.at += length;
        self.pending = self.at;
    }

    /// How many of `byte` stand here.
    fn run(&self, byte: u8) -> usize {
        self.line.as_bytes()[self.at..]
            .iter()
            .take_while(|next| **next == byte)
            .count()
    }

    fn emphasis(&mut self, byte: u8) {
        let length = self.run(byte);
        let end = self.at + length;
        let Some(mark) = Mark::of(&self.line[self.at..end]) else {
            self.at = end;
            return;
        };
        let before = self.line[..self.at].chars().next_back();
        let after = self.line[end..].chars().next();
        let may_close = ends_text(before) && ends_word(after);
        let may_open = ends_text(after) && ends_word(before);
        match self.open[mark as usize] {
            Some(partner) if may_close => {
                self.flush(self.at);
                let content = self.take_after(partner);
                self.pieces.push(Piece::Node(match mark {
                    Mark::Bold | Mark::BoldTwice => Inline::Bold(content),
                    Mark::Strike | Mark::StrikeTwice => Inline::Strike(content),
                    Mark::Italic | Mark::Bracket => Inline::Italic(content),
                }));
                self.pass(length);
            }
            _ if may_open => self.begin(mark),
            _ => self.at = end,
        }
    }

    fn begin(&mut self, mark: Mark) {
        self.flush(self.at);
        self.open[mark as usize] = Some(self.pieces.len());
        self.pieces.push(Piece::Open(mark));
        self.pass(mark.literal().len());
    }

    /// Takes the pieces after the open mark at `partner`, and the mark itself, which is then gone.
    fn take_after(&mut self, partner: usize) -> Vec<Inline> {
        let content = settle(self.pieces.split_off(partner + 1));
        self.pieces.truncate(partner);
        for open in &mut self.open {
            if open.is_some_and(|place| place >= partner) {
                *open = None;
            }
        }
        content
    }

    fn code(&mut self) {
        let ticks = self.run(b'`');
        let start = self.at + ticks;
        let end = self.closing_ticks(ticks, start);
        match end {
            // Nothing to see: it stays what was written.
            Some(end) if says_nothing(&self.line[start..end]) => self.at = end + ticks,
            Some(end) => {
                self.flush(self.at);
                self.pieces
                    .push(Piece::Node(Inline::Code(self.line[start..end].to_owned())));
                self.pass(end + ticks - self.at);
            }
            None => self.at = start,
        }
    }

    /// Where the next run of exactly as many back-ticks is, with something between.
    fn closing_ticks(&mut self, ticks: usize, start: usize) -> Option<usize> {
        if ticks > MAX_TICKS || self.no_more_code[ticks] {
            return None;
        }
        let bytes = self.line.as_bytes();
        let mut at = start;
        while at < bytes.len() {
            let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
            if run == ticks {
                return Some(at);
            }
            at += run.max(1);
        }
        self.no_more_code[ticks] = true;
        None
    }

    /// At a closing bracket: a link, if an opening one waits and a target follows.
    fn link(&mut self) {
        let target = self.open[Mark::Bracket as usize].zip(self.target());
        let Some((partner, target)) = target else {
            self.at += 1;
            return;
        };
        let length = "](".len() + target.len() + ")".len();
        let target = target.to_owned();
        self.flush(self.at);
        let content = self.take_after(partner);
        if !is_seen(&content) || !is_safe_target(&target) {
            // Nothing to see, or nowhere to go: all of it stays what was written.
            self.pieces
                .push(Piece::Node(Inline::Text(Mark::Bracket.literal().to_owned())));
            self.pieces.extend(content.into_iter().map(Piece::Node));
            self.at += length;
            self.flush(self.at);
        } else {
            self.pieces.push(Piece::Node(Inline::Link {
                target,
                content: without_links(content),
            }));
            self.pass(length);
        }
    }

    /// The target between `](` and `)`. It may hold brackets in pairs, but no square ones, so that each character
    /// is looked at for one target only.
    fn target(&self) -> Option<&str> {
        let rest = self.line[self.at..].strip_prefix("](")?;
        let mut depth = 0_usize;
        for (index, c) in rest.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return Some(&rest[..index]),
                ')' => depth -= 1,
                '[' | ']' => return None,
                _ if c.is_whitespace() => return None,
                _ => {}
            }
        }
        None
    }

    fn address(&mut self) {
        let before = self.line[..self.at].chars().next_back();
        let inside_word = !ends_word(before) && !before.is_some_and(is_written_without_spaces);
        let is_open = |run: &str| Mark::of(run).is_some_and(|mark| self.open[mark as usize].is_some());
        match address(&self.line[self.at..], is_open).filter(|_| !inside_word) {
            Some(target) => {
                let (length, target) = (target.len(), target.to_owned());
                self.flush(self.at);
                let content = vec![Inline::Text(target.clone())];
                self.pieces.push(Piece::Node(Inline::Link { target, content }));
                self.pass(length);
            }
            None => self.at += 1,
        }
    }
}

/// Whether there is something to emphasise on this side.
fn ends_text(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| !c.is_whitespace())
}

/// Whether a word ends on this side.
fn ends_word(neighbour: Option<char>) -> bool {
    neighbour.is_none_or(|c| !c.is_alphanumeric())
}

/// Whether a character is of a script that puts no spaces between words, so that an address may follow at once.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Turns marks without a partner into their characters, and neighbouring texts into one.
fn settle(pieces: Vec<Piece>) -> Vec<Inline> {
    let mut nodes = Vec::new();
    for piece in pieces {
        let node = match piece {
            Piece::Node(node) => node,
            Piece::Open(mark) => Inline::Text(mark.literal().to_owned()),
        };
        append(&mut nodes, node);
    }
    nodes
}

fn append(nodes: &mut Vec<Inline>, node: Inline) {
    match (nodes.last_mut(), node) {
        (Some(Inline::Text(text)), Inline::Text(more)) => text.push_str(&more),
        (_, node) => nodes.push(node),
    }
}

/// The content of a link is no link, whatever it looks like.
fn without_links(content: Vec<Inline>) -> Vec<Inline> {
    let mut nodes = Vec::new();
    for node in content {
        match node {
            Inline::Link { content, .. } => content.into_iter().for_each(|node| append(&mut nodes, node)),
            Inline::Bold(content) => nodes.push(Inline::Bold(without_links(content))),
            Inline::Italic(content) => nodes.push(Inline::Italic(without_links(content))),
            Inline::Strike(content) => nodes.push(Inline::Strike(without_links(content))),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => append(&mut nodes, node),
        }
    }
    nodes
}
