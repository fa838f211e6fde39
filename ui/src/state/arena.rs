//! Where states lie: places that are handed out, and given back when an owner ends. Nothing here is generic, so that
//! it is in the program once.

use super::graph::{Trigger, on_end};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static PLACES: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
    /// Places that were given back.
    static FREE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

struct Slot {
    /// Counts the states that have lain here, so that a handle of an earlier one finds nothing.
    turn: u32,
    kept: Option<Kept>,
}

#[derive(Clone)]
struct Kept {
    /// Nothing yet, for a state whose value is worked out first.
    value: Option<Rc<dyn Any>>,
    changed: Trigger,
}

/// The place of one state.
#[derive(Clone, Copy)]
pub(super) struct Place {
    slot: usize,
    turn: u32,
}

impl Place {
    /// Keeps a value until the present owner ends.
    pub(super) fn keep(value: Option<Rc<dyn Any>>) -> Self {
        let kept = Some(Kept {
            value,
            changed: Trigger::new(),
        });
        let free = FREE.with_borrow_mut(Vec::pop);
        let place = PLACES.with_borrow_mut(|places| {
            let slot = free.unwrap_or_else(|| {
                places.push(Slot { turn: 0, kept: None });
                places.len() - 1
            });
            places[slot].turn += 1;
            places[slot].kept = kept;
            Self {
                slot,
                turn: places[slot].turn,
            }
        });
        on_end(Box::new(move || place.give_back()));
        place
    }

    pub(super) fn value(self) -> Option<Rc<dyn Any>> {
        self.find()?.value
    }

    /// Gives a place its first value; none, if its owner has ended.
    pub(super) fn fill(self, value: Rc<dyn Any>) {
        PLACES.with_borrow_mut(|places| {
            let slot = &mut places[self.slot];
            if let Some(kept) = slot.kept.as_mut().filter(|_| slot.turn == self.turn) {
                kept.value = Some(value);
            }
        });
    }

    /// Whoever reads now runs again after the next [`Place::notify`].
    pub(super) fn track(self) {
        if let Some(kept) = self.find() {
            kept.changed.track();
        }
    }

    pub(super) fn notify(self) {
        if let Some(kept) = self.find() {
            kept.changed.notify();
        }
    }

    fn find(self) -> Option<Kept> {
        PLACES.with_borrow(|places| {
            places[self.slot]
                .kept
                .clone()
                .filter(|_| places[self.slot].turn == self.turn)
        })
    }

    fn give_back(self) {
        // The value is dropped after the borrow: it may own states itself.
        let gone = PLACES.with_borrow_mut(|places| {
            let slot = &mut places[self.slot];
            if slot.turn == self.turn { slot.kept.take() } else { None }
        });
        if gone.is_some() {
            FREE.with_borrow_mut(|free| free.push(self.slot));
        }
    }
}
