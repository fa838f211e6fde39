//! State that views follow: a value with Leptos' trigger on it.
//!
//! `RwSignal` and `Memo` would do the same, and bring their whole machinery once per type of value; here that
//! machinery is there once. A [`State`] need not be `Send`, because documents have one thread.

use leptos::prelude::{ArcTrigger, LocalStorage, Notify, StoredValue, Track, WithValue, on_cleanup};
use leptos::reactive::effect::RenderEffect;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A value that views and effects follow. A cheap handle, valid as long as the owner that it was made under; reading
/// it later panics, writing it later does nothing.
pub struct State<T: 'static>(StoredValue<Rc<Inner<T>>, LocalStorage>);

struct Inner<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
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
        Self(StoredValue::new_local(Rc::new(Inner {
            value: RefCell::new(value),
            changed: ArcTrigger::new(),
        })))
    }

    /// Reads it, and the reader runs again when it has changed.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        let inner = self.inner();
        inner.changed.track();
        read(&inner.value.borrow())
    }

    /// Reads it now.
    pub fn peek<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.inner().value.borrow())
    }

    /// Replaces it, and every reader runs again.
    pub fn set(self, value: T) {
        self.update(|old| *old = value);
    }

    /// Changes it, and every reader runs again.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(inner) = self.0.try_with_value(Rc::clone) {
            change(&mut inner.value.borrow_mut());
            inner.changed.notify();
        }
    }

    fn inner(self) -> Rc<Inner<T>> {
        self.0.with_value(Rc::clone)
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
        if self.0.try_with_value(|inner| *inner.value.borrow() != value) == Some(true) {
            self.set(value);
        }
    }

    /// A state that follows others: `derive` runs again when what it reads has changed.
    pub fn derived(mut derive: impl FnMut() -> T + 'static) -> Self {
        // The state is made outside of the effect, which would take it along when it runs again.
        let (first, state) = (Rc::new(RefCell::new(None)), Rc::new(Cell::new(None::<Self>)));
        let (filled, known) = (Rc::clone(&first), Rc::clone(&state));
        effect(Box::new(move || {
            let value = derive();
            match known.get() {
                Some(known) => known.put(value),
                None => *filled.borrow_mut() = Some(value),
            }
        }));
        let made = Self::new(first.take().expect("an effect runs at once"));
        state.set(Some(made));
        made
    }
}

/// Runs now, and again whenever what it reads has changed, until its owner ends.
pub fn effect(mut run: Box<dyn FnMut()>) {
    let running = SendWrapper::new(RenderEffect::<()>::new(move |_| run()));
    on_cleanup(move || drop(running));
}
