//! JSON text to values: RFC 8259, strictly.

use super::{Map, NotJson, Number, Value};

/// Arrays and objects nest no deeper; serde_json has the same limit.
const MAX_LEVELS: usize = 127;

pub(super) fn parse(text: &str) -> Result<Value, NotJson> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(MAX_LEVELS).filter(|_| {
        reader.skip_space();
        reader.at == text.len()
    });
    value.ok_or_else(|| reader.not_json())
}

/// The text, and how much of it has been read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn not_json(&self) -> NotJson {
        let read = self.text.get(..self.at).unwrap_or(self.text);
        let line = read.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = read.len() - read.rfind('\n').map_or(0, |end| end + 1) + 1;
        NotJson { line, column }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Goes past `byte` if it is the next one.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, levels: usize) -> Option<Value> {
        self.skip_space();
        match self.peek()? {
            b'{' => self.object(levels.checked_sub(1)?).map(Value::Object),
            b'[' => self.array(levels.checked_sub(1)?).map(Value::Array),
            b'"' => self.string().map(Value::String),
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            _ => self.number().map(Value::Number),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        let is_there = self.text.get(self.at..)?.starts_with(word);
        self.at += if is_there { word.len() } else { 0 };
        is_there.then_some(value)
    }

    fn object(&mut self, levels: usize) -> Option<Map> {
        let mut map = Map::new();
        self.items(b'}', &mut |reader| {
            reader.skip_space();
            let key = reader.string()?;
            reader.skip_space();
            if !reader.eat(b':') {
                return None;
            }
            let value = reader.value(levels)?;
            map.insert(key, value);
            Some(())
        })?;
        Some(map)
    }

    fn array(&mut self, levels: usize) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        self.items(b']', &mut |reader| {
            items.push(reader.value(levels)?);
            Some(())
        })?;
        Some(items)
    }

    /// Everything from the opening bracket, which is next, to the closing one.
    fn items(&mut self, end: u8, item: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.at += 1;
        self.skip_space();
        if self.eat(end) {
            return Some(());
        }
        loop {
            item(self)?;
            self.skip_space();
            match self.next()? {
                b',' => {}
                byte => return (byte == end).then_some(()),
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        if !self.eat(b'"') {
            return None;
        }
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | ..=0x1f) {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at)?);
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => text.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// Four hexadecimal digits, or twice that with `\u` between for what lies beyond 16 bits.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        let low = (self.eat(b'\\') && self.eat(b'u')).then(|| self.hex())??;
        let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(code)
    }

    fn number(&mut self) -> Option<Number> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Some(Number(self.text.get(start..self.at)?.to_owned()))
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}
