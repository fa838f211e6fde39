//! State that views follow: a value, and who is to run again when it changes.
//!
//! `RwSignal` and `Memo` would do the same, and bring their whole machinery once per type of value; here that
//! machinery is there once. A value need not be `Send`, because documents have one thread.

mod arena;
mod graph;

use arena::Place;
pub use graph::{Owner, Trigger, effect, on_end, untracked};
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

/// A value that views and effects follow. A cheap handle, valid as long as the owner that it was made under; reading
/// it later panics, writing it later does nothing.
pub struct State<T: 'static> {
    place: Place,
    of: PhantomData<fn() -> T>,
}

impl<T: 'static> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for State<T> {}

impl<T: 'static> State<T> {
    /// A state that begins with a value.
    pub fn new(value: T) -> Self {
        let place = Place::keep(Some(Rc::new(RefCell::new(value))));
        Self { place, of: PhantomData }
    }

    /// Reads it, and the reader runs again when it has changed.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.place.track();
        self.peek(read)
    }

    /// Reads it now.
    pub fn peek<R>(self, read: impl FnOnce(&T) -> R) -> R {
        let value = self.value().expect("a state is read while its owner lives");
        read(&value.borrow())
    }

    /// Replaces it, and every reader runs again.
    pub fn set(self, value: T) {
        self.update(|old| *old = value);
    }

    /// Changes it, and every reader runs again.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(value) = self.value() {
            change(&mut value.borrow_mut());
            self.place.notify();
        }
    }

    fn value(self) -> Option<Rc<RefCell<T>>> {
        self.place.value()?.downcast().ok()
    }
}

impl<T: Clone + 'static> State<T> {
    /// Its value, and the reader runs again when it has changed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// Its value now.
    pub fn now(self) -> T {
        self.peek(T::clone)
    }
}

impl<T: PartialEq + 'static> State<T> {
    /// Replaces it if the new value is another one.
    pub fn put(self, value: T) {
        if self.value().is_some_and(|old| *old.borrow() != value) {
            self.set(value);
        }
    }

    /// A state that follows others: `derive` runs again when what it reads has changed.
    pub fn derived(mut derive: impl FnMut() -> T + 'static) -> Self {
        // The place is made outside of the effect, which would take it along when it runs again.
        let state = Self {
            place: Place::keep(None),
            of: PhantomData,
        };
        effect(Box::new(move || {
            let value = derive();
            match state.value() {
                Some(_) => state.put(value),
                None => state.place.fill(Rc::new(RefCell::new(value))),
            }
        }));
        state
    }
}
