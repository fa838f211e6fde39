//! Licence expressions as crates state them: `MIT OR Apache-2.0`, `(MIT OR ISC) AND Unicode-3.0`, the old `MIT/ISC`.

use anyhow::{Context, Result, bail, ensure};

/// What a licence expression asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Licence {
    /// One licence, with its exception when it has one.
    Named(String),
    /// All of them apply.
    All(Vec<Licence>),
    /// The user chooses.
    Any(Vec<Licence>),
}

impl Licence {
    /// Reads an expression.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut words = words.as_slice();
        let licence = any(&mut words)?;
        ensure!(words.is_empty(), "unexpected {}", words[0]);
        Ok(licence)
    }

    /// Whether the licences that `allowed` accepts are enough.
    pub(super) fn is_met(&self, allowed: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Named(name) => allowed(name),
            Self::All(parts) => parts.iter().all(|part| part.is_met(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(allowed)),
        }
    }
}

/// `OR` binds weakest.
fn any(words: &mut &[&str]) -> Result<Licence> {
    let mut parts = vec![all(words)?];
    while take(words, "OR") {
        parts.push(all(words)?);
    }
    Ok(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Licence::Any(parts)
    })
}

fn all(words: &mut &[&str]) -> Result<Licence> {
    let mut parts = vec![one(words)?];
    while take(words, "AND") {
        parts.push(one(words)?);
    }
    Ok(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Licence::All(parts)
    })
}

fn one(words: &mut &[&str]) -> Result<Licence> {
    if take(words, "(") {
        let inside = any(words)?;
        ensure!(take(words, ")"), "a bracket does not close");
        return Ok(inside);
    }
    let name = next(words)?;
    if ["OR", "AND", "WITH", ")"].contains(&name) {
        bail!("unexpected {name}");
    }
    if take(words, "WITH") {
        return Ok(Licence::Named(format!("{name} WITH {}", next(words)?)));
    }
    Ok(Licence::Named(name.to_owned()))
}

fn take(words: &mut &[&str], word: &str) -> bool {
    let found = words.first() == Some(&word);
    if found {
        *words = &words[1..];
    }
    found
}

fn next<'a>(words: &mut &[&'a str]) -> Result<&'a str> {
    let (first, rest) = words.split_first().context("it ends too early")?;
    *words = rest;
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::Licence;

    fn met(text: &str, allowed: &[&str]) -> bool {
        Licence::parse(text)
            .expect("the expression is well formed")
            .is_met(&|name| allowed.contains(&name))
    }

    #[test]
    fn one_of_several_is_enough() {
        assert!(met("MIT OR Apache-2.0", &["MIT"]));
        assert!(met("MIT/Apache-2.0", &["Apache-2.0"]));
        assert!(!met("GPL-3.0 OR LGPL-3.0", &["MIT"]));
    }

    #[test]
    fn all_of_several_are_needed() {
        assert!(!met("ISC AND OpenSSL", &["ISC"]));
        assert!(met("(MIT OR ISC) AND Unicode-3.0", &["ISC", "Unicode-3.0"]));
        assert!(met("GPL-3.0 AND ISC OR MIT", &["MIT"]), "AND binds stronger");
    }

    #[test]
    fn an_exception_is_a_part_of_the_name() {
        assert!(met(
            "Apache-2.0 WITH LLVM-exception",
            &["Apache-2.0 WITH LLVM-exception"]
        ));
        assert!(!met("Apache-2.0 WITH LLVM-exception", &["Apache-2.0"]));
    }

    #[test]
    fn what_is_not_an_expression_is_an_error() {
        for text in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND MIT", "MIT)"] {
            assert!(Licence::parse(text).is_err(), "{text}");
        }
    }
}
