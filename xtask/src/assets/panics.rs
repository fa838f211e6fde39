//! Panics without their sentences.
//!
//! What a panic says (`called unwrap on a None value`, the characters around a bad index) is a tenth of a small program:
//! the sentences, the code that writes them, and the way of the standard library to its panic hook. Visitors never see
//! it, and the widget's hook reports the place only. So each function of the standard library that begins a panic is
//! given another body here, which hands the place to the function that the hook hands it to.

use anyhow::{Context, Result, ensure};
use walrus::ir::Value;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ValType};

/// What the widget's panic hook calls with the place, an `Option<&Location>`.
const REPORT: &str = "portico_widget::panic::report";

/// Functions that begin a panic and are told the place, a `&Location`, as their last parameter; with the number of
/// parameters they have in WebAssembly. One that a new compiler calls otherwise stays as it is, which costs bytes only.
const WITH_PLACE: [(&str, usize); 17] = [
    ("alloc::vec::Vec<_, _>::insert_mut::assert_failed", 3),
    ("alloc::vec::Vec<_, _>::remove::assert_failed", 3),
    ("core::cell::panic_already_borrowed", 1),
    ("core::cell::panic_already_mutably_borrowed", 1),
    ("core::option::expect_failed", 3),
    ("core::option::unwrap_failed", 1),
    ("core::panicking::panic", 3),
    ("core::panicking::panic_bounds_check", 3),
    ("core::panicking::panic_const::panic_const_async_fn_resumed", 1),
    ("core::panicking::panic_const::panic_const_div_by_zero", 1),
    ("core::panicking::panic_const::panic_const_rem_by_zero", 1),
    ("core::panicking::panic_fmt", 3),
    ("core::result::unwrap_failed", 5),
    ("core::slice::copy_from_slice_impl::len_mismatch_fail", 3),
    ("core::slice::index::slice_index_fail", 4),
    ("core::str::slice_error_fail", 5),
    ("std::thread::local::panic_access_error", 1),
];

/// Functions that begin a panic and are told no place.
const WITHOUT_PLACE: [&str; 5] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "alloc::vec::Vec<_, _>::split_off::assert_failed",
    "core::cell::lazy::panic_poisoned",
];

/// Replaces the bodies of the functions that begin a panic.
pub(super) fn silence(module: &mut Module) -> Result<()> {
    let report = named(module, REPORT).with_context(|| format!("the program has no {REPORT}"))?;
    for (name, parameters) in WITH_PLACE {
        replace(module, name, report, Some(parameters));
    }
    for name in WITHOUT_PLACE {
        replace(module, name, report, None);
    }
    mute(module);
    let left = named(module, "core::panicking::panic_fmt");
    ensure!(
        left.is_some(),
        "the compiler calls its panics otherwise: see {}",
        file!()
    );
    Ok(())
}

/// What is written by `{:?}`, which nothing but panics does here, is empty.
fn mute(module: &mut Module) {
    let is_debug = |name: &str| plain(name).contains("as core::fmt::Debug") && name.contains("::fmt");
    let functions = module.funcs.iter_local().map(|(id, _)| id);
    let debugs: Vec<FunctionId> = functions
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(is_debug))
        .collect();
    for id in debugs {
        let signature = module.types.get(module.funcs.get(id).ty());
        let (types, results) = (signature.params().to_vec(), signature.results().to_vec());
        if results == [ValType::I32] {
            let locals = types.iter().map(|kind| module.locals.add(*kind)).collect();
            let mut body = FunctionBuilder::new(&mut module.types, &types, &results);
            // `Ok(())`
            body.func_body().i32_const(0);
            module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(locals));
        }
    }
}

/// A new body: it hands on the place, if there is one, and ends. Without the expected parameters the place is not
/// where it was looked for, and none is handed on.
fn replace(module: &mut Module, name: &str, report: FunctionId, parameters: Option<usize>) {
    let Some(function) = named(module, name) else { return };
    let signature = module.types.get(module.funcs.get(function).ty());
    if !signature.results().is_empty() {
        return;
    }
    let types: Vec<ValType> = signature.params().to_vec();
    let locals: Vec<_> = types.iter().map(|kind| module.locals.add(*kind)).collect();
    let mut body = FunctionBuilder::new(&mut module.types, &types, &[]);
    let mut code = body.func_body();
    match locals.last() {
        Some(place) if Some(types.len()) == parameters => code.local_get(*place),
        _ => code.const_(Value::I32(0)),
    };
    code.call(report).unreachable();
    module.funcs.get_mut(function).kind = FunctionKind::Local(body.local_func(locals));
}

fn named(module: &Module, name: &str) -> Option<FunctionId> {
    let mut functions = module.funcs.iter_local().map(|(id, _)| id);
    functions.find(|id| {
        module
            .funcs
            .get(*id)
            .name
            .as_deref()
            .is_some_and(|full| plain(full) == name)
    })
}

/// A function's path without the hashes of its crate and of itself, and without the angle brackets around a type.
fn plain(name: &str) -> String {
    let name = name
        .rsplit_once("::h")
        .filter(|(_, hash)| hash.len() == 16)
        .map_or(name, |(path, _)| path);
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain += part.split_once(']').map_or(part, |(_, rest)| rest);
    }
    match plain.strip_prefix('<').and_then(|inner| inner.rsplit_once(">::")) {
        Some((path, rest)) => [path, "::", rest].concat(),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one function of that name, with as many parameters, that does nothing.
    fn with(module: &mut Module, name: &str, parameters: usize, results: &[ValType]) -> FunctionId {
        let types = vec![ValType::I32; parameters];
        let locals = types.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut body = FunctionBuilder::new(&mut module.types, &types, results);
        body.name(name.to_owned());
        if results.is_empty() {
            body.func_body();
        } else {
            body.func_body().i32_const(7);
        }
        body.finish(locals, &mut module.funcs)
    }

    fn instructions(module: &Module, function: FunctionId) -> Vec<String> {
        let function = module.funcs.get(function).kind.unwrap_local();
        let block = function.block(function.entry_block());
        let names = block.instrs.iter().map(|(instruction, _)| format!("{instruction:?}"));
        names
            .map(|text| text.split('(').next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn a_panic_hands_on_its_place_and_ends() {
        let mut module = Module::default();
        with(&mut module, "portico_widget::panic::report::h0123456789abcdef", 1, &[]);
        let fmt = with(&mut module, "core[c5930c85a12de822]::panicking::panic_fmt", 3, &[]);
        let other = with(&mut module, "core::option::unwrap_failed", 0, &[]);
        let debug = with(&mut module, "<str as core[c59]::fmt::Debug>::fmt", 2, &[ValType::I32]);
        let own = with(&mut module, "portico_client::panicking::panic_fmt", 3, &[]);
        silence(&mut module).expect("both names are there");
        assert_eq!(instructions(&module, fmt), ["LocalGet", "Call", "Unreachable"]);
        assert_eq!(instructions(&module, other), ["Const", "Call", "Unreachable"]);
        assert_eq!(instructions(&module, debug), ["Const"]);
        assert!(instructions(&module, own).is_empty());
    }

    #[test]
    fn a_program_that_reports_nothing_is_an_error() {
        let mut module = Module::default();
        with(&mut module, "core::panicking::panic_fmt", 3, &[]);
        assert!(silence(&mut module).is_err());
    }

    #[test]
    fn names_are_compared_without_hashes() {
        assert_eq!(
            plain("core[c59]::cell::panic_already_borrowed"),
            "core::cell::panic_already_borrowed"
        );
        assert_eq!(plain("a::b::h0123456789abcdef"), "a::b");
        assert_eq!(
            plain("<alloc[3ca]::vec::Vec<_, _>>::remove::assert_failed"),
            "alloc::vec::Vec<_, _>::remove::assert_failed"
        );
    }
}
