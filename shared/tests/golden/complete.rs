//! Nothing of CIM is without a fixture: types, members and names are read from the sources, what fixtures say is read from
//! how the decoded values print themselves. A type that comes new fails here until a fixture shows it.

use super::{Written, all_written};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What there is, or what was shown: members of structs and variants of enumerations, as `Type.member`.
type Members = BTreeSet<String>;

/// Types that never stand on the wire, and the variant that stands for nothing.
const NOT_WRITTEN: [&str; 4] = ["Choice.", "DecodeError.", "Step.", "EventData.Null"];

/// What the sources say.
#[derive(Default)]
struct Vocabulary {
    members: Members,
    /// The enumerations that a member's type mentions.
    enums_at: BTreeMap<String, Vec<String>>,
}

#[test]
fn every_member_and_every_name_stands_in_a_fixture() {
    let vocabulary = vocabulary();
    let mut shown = Members::new();
    for Written { name, shown: text, .. } in all_written() {
        let value = Printed::parse(&text).unwrap_or_else(|| panic!("{name} prints itself in a new way: {text}"));
        value.collect(&vocabulary, &mut shown);
    }
    let is_written = |member: &&String| !NOT_WRITTEN.iter().any(|prefix| member.starts_with(prefix));
    let missing: Vec<_> = vocabulary.members.difference(&shown).filter(is_written).collect();
    assert!(missing.is_empty(), "without a fixture: {missing:#?}");
}

#[test]
fn the_sources_are_read_as_they_are_written() {
    let Vocabulary { members, enums_at } = vocabulary();
    for known in [
        "CimEvent.room_info",
        "MessageHeader.room_id",
        "WebLocale.timezone",
        "MessageBody.IvrAggregated",
        "EventData.RoomMemberStatus",
        "EventName.CustomerResponseTimeout",
        "Participant.ChannelSession",
        "Answer.Category",
    ] {
        assert!(members.contains(known), "{known}");
    }
    assert_eq!(enums_at["Sender.kind"], ["SenderType"]);
    assert_eq!(enums_at["FormAttribute.answer"], ["Answer"]);
}

fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let mut types = BTreeMap::new();
    for file in sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/cim")) {
        let text = std::fs::read_to_string(&file).expect("the source can be read");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        read_source(text, &mut vocabulary.members, &mut types);
    }
    let enums: BTreeSet<&str> = vocabulary
        .members
        .iter()
        .filter_map(|member| member.split_once('.'))
        .filter(|(_, name)| name.starts_with(char::is_uppercase))
        .map(|(owner, _)| owner)
        .collect();
    for (member, of) in types {
        let words = of.split(|c: char| !c.is_alphanumeric());
        let mentioned: Vec<String> = words.filter(|word| enums.contains(word)).map(str::to_owned).collect();
        if !mentioned.is_empty() {
            vocabulary.enums_at.insert(member, mentioned);
        }
    }
    vocabulary
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the sources are here") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Members stand one to a line, in `open_enum!`, structs and enumerations alike.
fn read_source(text: &str, members: &mut Members, types: &mut BTreeMap<String, String>) {
    let mut owner: Option<String> = None;
    // What a type is generic over, and what that is as a rule: `<D = EventData>`.
    let mut generic: Option<(&str, &str)> = None;
    for line in text.lines().map(str::trim) {
        let head = line.trim_start_matches("pub ");
        let words: Vec<&str> = head.split(|c: char| !c.is_alphanumeric() && c != '$').collect();
        match words.as_slice() {
            ["struct" | "enum", name, ..] => {
                owner = (!name.starts_with('$')).then(|| (*name).to_owned());
                generic = head
                    .split_once('<')
                    .and_then(|(_, rest)| rest.split_once('>')?.0.split_once(" = "));
            }
            ["impl" | "fn" | "macro_rules" | "const" | "use" | "mod", ..] => owner = None,
            _ => {}
        }
        let Some(owner) = &owner else { continue };
        if let Some((member, of)) = line.strip_prefix("pub ").and_then(|member| member.split_once(": ")) {
            let of = of.split(" = ").next().unwrap_or(of);
            if member.chars().all(|c| c.is_lowercase() || c == '_' || c.is_numeric()) && member != "extra" {
                members.insert(format!("{owner}.{member}"));
                let of = of.trim_end_matches(',');
                let of = generic.filter(|(name, _)| *name == of).map_or(of, |(_, rule)| rule);
                types.insert(format!("{owner}.{member}"), of.to_owned());
            }
        } else if let Some(variant) = variant_of(line) {
            members.insert(format!("{owner}.{variant}"));
        }
    }
}

/// `Name = "NAME"`, `Name(Type)`, `Name(Type) = Event | Event` and `Name,` are variants.
fn variant_of(line: &str) -> Option<&str> {
    let end = line.find(|c: char| !c.is_alphanumeric())?;
    let (name, rest) = line.split_at(end);
    let is_variant = rest.starts_with(" = \"") || rest.starts_with('(') || rest == ",";
    (name.starts_with(char::is_uppercase) && is_variant).then_some(name)
}

/// A value as `{:?}` prints it.
#[derive(Debug, PartialEq)]
enum Printed {
    /// A variant or a tuple struct.
    Named(String, Vec<Printed>),
    Struct(String, Vec<(String, Printed)>),
    /// A list, or the keys and values of a map.
    List(Vec<Printed>),
    Text(String),
    Number,
}

impl Printed {
    fn parse(text: &str) -> Option<Self> {
        let mut printer = Printer { rest: text };
        let value = printer.value()?;
        printer.rest.is_empty().then_some(value)
    }

    /// Whether this is what an absent member prints.
    fn is_blank(&self) -> bool {
        match self {
            Self::Named(name, values) => match (name.as_str(), values.as_slice()) {
                ("None" | "Null", _) => true,
                // A name that is "none" is a name all the same.
                ("Some", [Self::Named(name, _)]) if name == "None" => false,
                ("Some" | "Other", [value]) => value.is_blank(),
                _ => false,
            },
            Self::List(values) => values.is_empty(),
            Self::Text(text) => text.is_empty(),
            Self::Struct(..) | Self::Number => false,
        }
    }

    fn collect(&self, vocabulary: &Vocabulary, shown: &mut Members) {
        match self {
            Self::Named(_, values) | Self::List(values) => {
                values.iter().for_each(|value| value.collect(vocabulary, shown));
            }
            Self::Struct(owner, members) => {
                for (name, value) in members.iter().filter(|(_, value)| !value.is_blank()) {
                    let member = format!("{owner}.{name}");
                    for of in vocabulary.enums_at.get(&member).into_iter().flatten() {
                        value.variants(&mut |variant| {
                            shown.insert(format!("{of}.{variant}"));
                        });
                    }
                    shown.insert(member);
                    value.collect(vocabulary, shown);
                }
            }
            Self::Text(_) | Self::Number => {}
        }
    }

    fn variants(&self, take: &mut dyn FnMut(&str)) {
        match self {
            Self::Named(name, values) if name == "Some" => values.iter().for_each(|value| value.variants(take)),
            Self::List(values) => values.iter().for_each(|value| value.variants(take)),
            Self::Named(name, _) | Self::Struct(name, _) => take(name),
            Self::Text(_) | Self::Number => {}
        }
    }
}

struct Printer<'t> {
    rest: &'t str,
}

impl Printer<'_> {
    fn value(&mut self) -> Option<Printed> {
        match self.rest.chars().next()? {
            '"' => self.text().map(Printed::Text),
            '[' => self.list('[', ']').map(Printed::List),
            '{' => self.list('{', '}').map(Printed::List),
            c if c == '-' || c.is_ascii_digit() => {
                self.word(|c| c == '-' || c == '.' || c == '+' || c.is_alphanumeric());
                Some(Printed::Number)
            }
            c if c.is_alphabetic() => self.named(),
            _ => None,
        }
    }

    fn named(&mut self) -> Option<Printed> {
        let name = self.word(|c| c == '_' || c.is_alphanumeric());
        if self.rest.starts_with('(') {
            return Some(Printed::Named(name, self.list('(', ')')?));
        }
        // serde_json prints its objects and arrays with their names.
        if self.rest.starts_with(" {\"") || self.rest.starts_with(" {}") || self.rest.starts_with(" [") {
            self.take(" ")?;
            return Some(Printed::Named(name, vec![self.value()?]));
        }
        if self.take(" { ").is_none() {
            return Some(Printed::Named(name, Vec::new()));
        }
        let mut members = Vec::new();
        loop {
            let member = self.word(|c| c == '_' || c.is_alphanumeric());
            self.take(": ")?;
            members.push((member, self.value()?));
            if self.take(", ").is_none() {
                self.take(" }")?;
                return Some(Printed::Struct(name, members));
            }
        }
    }

    fn list(&mut self, open: char, close: char) -> Option<Vec<Printed>> {
        self.take(open.encode_utf8(&mut [0; 4]))?;
        let mut values = Vec::new();
        loop {
            if self.take(close.encode_utf8(&mut [0; 4])).is_some() {
                return Some(values);
            }
            values.push(self.value()?);
            let _ = self.take(", ").or_else(|| self.take(": "));
        }
    }

    fn text(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => text.push(chars.next()?.1),
                c => text.push(c),
            }
        }
        None
    }

    fn word(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }
}
