//! The messages as Rust: a table of English, and a function for each message.

use crate::check::{COUNT, gaps};
use crate::language::{Message, Text};
use std::fmt::Write;

/// What the build script writes.
pub(crate) fn of(list: &[Message]) -> String {
    let mut code = String::from(HEAD);
    for message in list {
        function(&mut code, message);
    }
    code.push_str("}\n\n/// English, by name.\nconst ENGLISH: &[(&str, &str)] = &[\n");
    for (name, text) in table(list) {
        line(&mut code, &format!("    ({name:?}, {text:?}),"));
    }
    code.push_str("];\n");
    code
}

const HEAD: &str = "\
/// What the document says, in its language.
#[derive(Debug)]
pub(crate) struct Messages(::portico_ui::i18n::Catalog);

impl Messages {
    /// The messages of a language; English says what it lacks.
    pub(crate) fn new(language: ::portico_ui::i18n::Language) -> Self {
        Self(::portico_ui::i18n::Catalog::new(language, ENGLISH))
    }

    /// A name, or whatever else comes from outside, for a place beside other words.
    pub(crate) fn isolate(&self, text: &str) -> String {
        self.0.isolate(text)
    }
";

fn function(code: &mut String, message: &Message) {
    let name = &message.name;
    let named: Vec<&str> = gaps(message.text.main()).unwrap_or_default();
    let named: Vec<&str> = named.into_iter().filter(|gap| *gap != COUNT).collect();
    let parameters: String = named.iter().map(|gap| format!(", {gap}: &str")).collect();
    let filled: Vec<String> = named.iter().map(|gap| format!("({gap:?}, {gap})")).collect();
    let filled = filled.join(", ");
    line(code, "");
    line(code, &format!("    /// {}", message.note));
    line(code, "    ///");
    line(code, &format!("    /// In English: `{}`", message.text.main()));
    let (signature, body) = match &message.text {
        Text::Plain(_) if named.is_empty() => (format!("{name}(&self) -> &str"), format!("self.0.text({name:?})")),
        Text::Plain(_) => (
            format!("{name}(&self{parameters}) -> String"),
            format!("self.0.filled({name:?}, &[{filled}])"),
        ),
        Text::Plural(_) => (
            format!("{name}(&self, {COUNT}: usize{parameters}) -> String"),
            format!("self.0.counted({name:?}, {COUNT}, &[{filled}])"),
        ),
    };
    line(
        code,
        &format!("    pub(crate) fn {signature} {{\n        {body}\n    }}"),
    );
}

/// All entries, in the order in which they are searched.
fn table(list: &[Message]) -> Vec<(String, &str)> {
    let mut table = Vec::new();
    for message in list {
        match &message.text {
            Text::Plain(text) => table.push((message.name.clone(), text.as_str())),
            Text::Plural(forms) => {
                let named = |form: &str| format!("{}_{form}", message.name);
                table.extend(forms.iter().map(|(form, text)| (named(form), text.as_str())));
            }
        }
    }
    table.sort();
    table
}

fn line(code: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(code, "{line}");
}
