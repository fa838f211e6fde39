//! Values as compact text.

use super::Value;

pub(super) fn text_of(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.0),
        Value::String(text) => quote(text, out),
        Value::Array(items) => {
            let mut before = '[';
            for item in items {
                out.push(before);
                write(item, out);
                before = ',';
            }
            close('[', before, ']', out);
        }
        Value::Object(map) => {
            let mut before = '{';
            for (key, value) in map.iter() {
                out.push(before);
                quote(key, out);
                out.push(':');
                write(value, out);
                before = ',';
            }
            close('{', before, '}', out);
        }
    }
}

/// Ends a list, which has not even begun if it is empty.
fn close(open: char, before: char, close: char, out: &mut String) {
    if before == open {
        out.push(open);
    }
    out.push(close);
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                for nibble in [c as u32 >> 4, c as u32 & 15] {
                    out.extend(char::from_digit(nibble, 16));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
