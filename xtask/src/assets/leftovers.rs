//! Constants that only functions which were taken out have pointed to.
//!
//! Whoever takes functions out of a linked program leaves their texts and tables behind: to every tool after the linker
//! the program's data is one block of bytes. The linker is therefore told to leave each constant by itself; what was in
//! reach before, and is not when the functions are gone, goes with them, and the rest becomes one block again.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::Result;
use walrus::ir::{Instr, InstrLocId, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataId, DataKind, MemoryId, Module};

/// What keeps each constant by itself until [`sweep`].
pub(super) const LINKER_OPTION: &str = "-Clink-arg=--no-merge-data-segments";

/// The constants in reach of a program's functions.
pub(super) fn reached(module: &Module) -> BTreeSet<DataId> {
    let constants = constants(module);
    let mut addresses = Addresses::default();
    for (_, function) in module.funcs.iter_local() {
        dfs_in_order(&mut addresses, function, function.entry_block());
    }
    let mut reached = BTreeSet::new();
    let mut open: Vec<u32> = addresses.0.into_iter().collect();
    while let Some(address) = open.pop() {
        let pointed_to = constants.iter().filter(|constant| constant.is_at(address));
        for constant in pointed_to.filter(|constant| reached.insert(constant.id)) {
            // A constant may begin anywhere; pointers in it stand at multiples of their size.
            let skipped = constant.place.start.next_multiple_of(4) - constant.place.start;
            let words = module
                .data
                .get(constant.id)
                .value
                .get(skipped as usize..)
                .unwrap_or_default();
            open.extend(words.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)));
        }
    }
    reached
}

/// Takes out the functions that nothing calls any more, and with them the constants that `before` were in reach. What
/// never was is left as it is: somebody may work out its address.
pub(super) fn sweep(module: &mut Module, before: &BTreeSet<DataId>) -> Result<()> {
    walrus::passes::gc::run(module);
    let after = reached(module);
    let constants = constants(module);
    let Some((first, last)) = constants.first().zip(constants.last()) else {
        return Ok(());
    };
    let (start, memory) = (first.place.start, first.memory);
    let mut block = vec![0; (last.place.end - start) as usize];
    for constant in &constants {
        if after.contains(&constant.id) || !before.contains(&constant.id) {
            let place = (constant.place.start - start) as usize..(constant.place.end - start) as usize;
            block[place].copy_from_slice(&module.data.get(constant.id).value);
        }
        module.data.delete(constant.id);
    }
    let offset = ConstExpr::Value(Value::I32(start.cast_signed()));
    module.data.add(DataKind::Active { memory, offset }, block);
    Ok(())
}

/// A constant and where it lies.
struct Constant {
    id: DataId,
    memory: MemoryId,
    place: Range<u32>,
}

impl Constant {
    /// Whether an address points into it, or to its end, from where some loops count.
    fn is_at(&self, address: u32) -> bool {
        self.place.contains(&address) || self.place.end == address
    }
}

/// All of them, by place.
fn constants(module: &Module) -> Vec<Constant> {
    let found = module.data.iter().filter_map(|data| match data.kind {
        DataKind::Active {
            memory,
            offset: ConstExpr::Value(Value::I32(start)),
        } => {
            let start = start.cast_unsigned();
            let place = start..start + u32::try_from(data.value.len()).ok()?;
            let id = data.id();
            Some(Constant { id, memory, place })
        }
        DataKind::Active { .. } | DataKind::Passive => None,
    });
    let mut found: Vec<Constant> = found.collect();
    found.sort_by_key(|constant| constant.place.start);
    found
}

/// Every number of a function that may be an address.
#[derive(Default)]
struct Addresses(BTreeSet<u32>);

impl<'instr> Visitor<'instr> for Addresses {
    fn visit_instr(&mut self, instruction: &'instr Instr, _: &'instr InstrLocId) {
        let number = match instruction {
            Instr::Const(constant) => match constant.value {
                Value::I32(number) => Some(number.cast_unsigned()),
                _ => None,
            },
            Instr::Load(load) => u32::try_from(load.arg.offset).ok(),
            Instr::Store(store) => u32::try_from(store.arg.offset).ok(),
            _ => None,
        };
        self.0.extend(number);
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, ValType};

    use super::*;

    /// A function that has one number.
    fn with(module: &mut Module, number: i32) -> walrus::FunctionId {
        let mut body = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        body.func_body().i32_const(number);
        body.finish(Vec::new(), &mut module.funcs)
    }

    /// A module with these constants, and what it has as one block after a function with `gone` was taken out of it.
    fn swept(constants: &[(i32, &[u8])], gone: i32, left: i32) -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        for (start, value) in constants {
            let offset = ConstExpr::Value(Value::I32(*start));
            module.data.add(DataKind::Active { memory, offset }, value.to_vec());
        }
        with(&mut module, gone);
        let left = with(&mut module, left);
        module.exports.add("left", left);
        let before = reached(&module);
        sweep(&mut module, &before).expect("it can be swept");
        let mut blocks = module.data.iter().map(|data| data.value.clone());
        let block = blocks.next().expect("one");
        assert!(blocks.next().is_none());
        block
    }

    #[test]
    fn what_only_a_function_that_is_gone_has_pointed_to_goes_with_it() {
        let block = swept(&[(100, b"gone"), (104, b"left"), (110, b"far")], 100, 106);
        assert_eq!(block, b"\0\0\0\0left\0\0far");
    }

    #[test]
    fn what_is_left_keeps_what_it_points_to_and_what_ends_where_it_points() {
        let block = swept(&[(96, &[104, 0, 0, 0]), (104, b"word"), (116, b"end")], 104, 96);
        assert_eq!(&block[8..], b"word\0\0\0\0\0\0\0\0end");
        let block = swept(&[(96, b"loop"), (108, b"end")], 96, 100);
        assert_eq!(&block[..4], b"loop");
    }
}
