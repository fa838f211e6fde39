//! Short names between a script and its WebAssembly.
//!
//! wasm-bindgen calls what they share `__wbg_setAttribute_f75317b2b5cabfb4`; hashes do not compress, and each name stands in
//! both files, in one of them together with the name of the other. Both are files of one build, so that they may as well
//! call it `a`.

use anyhow::{Context, Result, ensure};
use walrus::Module;

/// Gives a module's imports and exports short names, and answers its script with these names. An import that the
/// script does not have is an error; an export that it does not use is taken away.
pub(super) fn shorten(module: &mut Module, script: &str) -> Result<String> {
    let mut script = script.to_owned();
    let mut modules: Vec<String> = Vec::new();
    for import in module.imports.iter_mut() {
        let known = modules.iter().position(|module| *module == import.module);
        let number = known.unwrap_or(modules.len());
        let short = short_name(number);
        if known.is_none() {
            script = renamed(&script, &format!("{:?}:", import.module), &format!("{short}:"))
                .with_context(|| format!("the script has no {}", import.module))?;
            modules.push(import.module.clone());
        }
        import.module = short;
    }
    for (number, import) in module.imports.iter_mut().enumerate() {
        let short = short_name(number);
        script = renamed(&script, &format!("{}:", import.name), &format!("{short}:"))
            .with_context(|| format!("the script has no {}", import.name))?;
        import.name = short;
    }
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    let mut used = 0;
    for export in exports {
        let short = short_name(used);
        let old = format!("wasm.{}", module.exports.get(export).name);
        match renamed(&script, &old, &format!("wasm.{short}")) {
            Some(text) => {
                script = text;
                module.exports.get_mut(export).name = short;
                used += 1;
            }
            None => module.exports.delete(export),
        }
    }
    ensure!(used > 0, "the script uses nothing of the module");
    Ok(script)
}

/// The text with another name wherever the old one stands as a whole; `None` if it never does.
fn renamed(text: &str, old: &str, new: &str) -> Option<String> {
    let mut renamed = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(old) {
        let end = at + old.len();
        if !goes_on(&text[..at], old) && !goes_on(old, &text[end..]) {
            renamed += &text[done..at];
            renamed += new;
            done = end;
        }
    }
    (done > 0).then(|| renamed + &text[done..])
}

/// Whether a name reaches from one text into the next.
fn goes_on(left: &str, right: &str) -> bool {
    left.ends_with(is_of_name) && right.starts_with(is_of_name)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// `a` to `z`, `A` to `Z`, then `ba`, `bb` and so on.
fn short_name(number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let last = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => last.to_string(),
        more => short_name(more) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use walrus::{FunctionBuilder, ValType};

    use super::*;

    /// A module that imports `load_12`, and exports `run` and `idle`.
    fn module() -> Module {
        let mut module = Module::default();
        let nothing = module.types.add(&[], &[]);
        module.add_import_func("./glue.js", "load_12", nothing);
        for name in ["run", "idle"] {
            let body = FunctionBuilder::new(&mut module.types, &[], &[] as &[ValType]);
            let run = body.finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, run);
        }
        module
    }

    #[test]
    fn both_sides_call_it_the_same() {
        let mut module = module();
        let script = shorten(
            &mut module,
            r#"({load_12: () => 1, load_123: 2}); wasm.run(); wasm.runner(); ({"./glue.js": 3})"#,
        )
        .expect("named");
        assert_eq!(script, "({a: () => 1, load_123: 2}); wasm.a(); wasm.runner(); ({a: 3})");
        let import = module.imports.iter().next().expect("one");
        assert_eq!((import.module.as_str(), import.name.as_str()), ("a", "a"));
        let exports: Vec<&str> = module.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!(exports, ["a"]);
    }

    #[test]
    fn a_script_of_another_build_is_an_error() {
        let of = |script: &str| shorten(&mut module(), script);
        assert!(of(r#"({load_12: 1}); wasm.run(); ({"./glue.js": 3})"#).is_ok());
        assert!(of(r#"({load_99: 1}); wasm.run(); ({"./glue.js": 3})"#).is_err());
        assert!(of(r#"({load_12: 1}); wasm.run(); ({"./other.js": 3})"#).is_err());
        assert!(of(r#"({load_12: 1}); ({"./glue.js": 3})"#).is_err());
    }

    #[test]
    fn no_two_names_are_the_same() {
        let names: BTreeSet<String> = (0..2000).map(short_name).collect();
        assert_eq!(names.len(), 2000);
    }
}
