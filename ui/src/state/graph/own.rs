//! A graph for one thread: effects run in the order in which they were told, in a microtask after the change.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

thread_local! {
    /// Who runs now.
    static NOW: RefCell<Now> = RefCell::default();
    /// Effects that are to run again. A microtask is on its way while there is one.
    static WAITING: RefCell<VecDeque<Weak<Effect>>> = RefCell::default();
}

#[derive(Clone, Default)]
struct Now {
    owner: Option<Rc<Ends>>,
    /// The effect that follows what is read.
    reader: Option<Weak<Effect>>,
}

/// Something that changes. A cheap handle.
#[derive(Clone, Default)]
pub struct Trigger(Rc<RefCell<Vec<Follower>>>);

/// An effect, and the run in which it read.
struct Follower {
    effect: Weak<Effect>,
    run: u32,
}

impl Follower {
    /// The effect, if it has not run again since.
    fn effect(&self) -> Option<Rc<Effect>> {
        self.effect.upgrade().filter(|effect| effect.runs.get() == self.run)
    }
}

impl Trigger {
    /// Something that nobody follows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The effect that runs now runs again after the next [`Trigger::notify`].
    pub fn track(&self) {
        let reader = NOW.with_borrow(|now| now.reader.clone());
        let Some(effect) = reader.and_then(|reader| reader.upgrade()) else {
            return;
        };
        let mut followers = self.0.borrow_mut();
        if followers.len() == followers.capacity() {
            // Those of earlier runs go before the list grows, and it grows to twice of what is left.
            followers.retain(|follower| follower.effect().is_some());
            let left = followers.len();
            followers.reserve(left + 1);
        }
        followers.push(Follower {
            run: effect.runs.get(),
            effect: Rc::downgrade(&effect),
        });
    }

    /// It has changed.
    pub fn notify(&self) {
        for follower in self.0.take() {
            if let Some(effect) = follower.effect()
                && !effect.waits.replace(true)
            {
                wait(follower.effect);
            }
        }
    }
}

fn wait(effect: Weak<Effect>) {
    let first = WAITING.with_borrow_mut(|waiting| {
        waiting.push_back(effect);
        waiting.len() == 1
    });
    if first {
        #[expect(
            clippy::disallowed_methods,
            reason = "one microtask; effects that are gone are passed over"
        )]
        wasm_bindgen_futures::spawn_local(async { run_waiting() });
    }
}

/// Runs the effects that wait, and those that wait because of them. The first stays in the queue while it runs, so that
/// nobody asks for another microtask.
fn run_waiting() {
    while let Some(effect) = WAITING.with_borrow(|waiting| waiting.front().cloned()) {
        if let Some(effect) = effect.upgrade() {
            effect.run();
        }
        WAITING.with_borrow_mut(VecDeque::pop_front);
    }
}

/// What ends with an owner.
#[derive(Default)]
struct Ends(RefCell<Vec<Box<dyn FnOnce()>>>);

impl Drop for Ends {
    fn drop(&mut self) {
        for end in self.0.take() {
            end();
        }
    }
}

/// What is made under it ends when it is dropped.
#[derive(Default)]
pub struct Owner(Rc<Ends>);

impl Owner {
    /// One that whoever holds it ends.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that is held by something that ends with this one.
    pub fn child(&self) -> Self {
        Self::default()
    }

    /// Runs with this as the present owner.
    pub fn with<R>(&self, run: impl FnOnce() -> R) -> R {
        let reader = NOW.with_borrow(|now| now.reader.clone());
        as_now(Some(Rc::clone(&self.0)), reader, run)
    }
}

fn as_now<R>(owner: Option<Rc<Ends>>, reader: Option<Weak<Effect>>, run: impl FnOnce() -> R) -> R {
    let before = NOW.replace(Now { owner, reader });
    let result = run();
    NOW.set(before);
    result
}

/// Runs when the present owner ends; never, if there is none.
pub fn on_end(end: Box<dyn FnOnce()>) {
    if let Some(owner) = NOW.with_borrow(|now| now.owner.clone()) {
        owner.0.borrow_mut().push(end);
    }
}

struct Effect {
    me: Weak<Effect>,
    run: RefCell<Box<dyn FnMut()>>,
    /// How often it has run.
    runs: Cell<u32>,
    /// Whether it is to run again.
    waits: Cell<bool>,
    /// What its last run has made.
    made: RefCell<Rc<Ends>>,
}

impl Effect {
    fn run(&self) {
        self.waits.set(false);
        self.runs.set(self.runs.get().wrapping_add(1));
        let made = Rc::default();
        drop(self.made.replace(Rc::clone(&made)));
        as_now(Some(made), Some(self.me.clone()), &mut **self.run.borrow_mut());
    }
}

/// Runs now, and again after what it has read has changed, until the present owner ends. What it makes ends before it
/// runs again.
pub fn effect(run: Box<dyn FnMut()>) {
    let effect = Rc::new_cyclic(|me| Effect {
        me: me.clone(),
        run: RefCell::new(run),
        runs: Cell::new(0),
        waits: Cell::new(false),
        made: RefCell::default(),
    });
    effect.run();
    on_end(Box::new(move || drop(effect)));
}

/// Runs without being followed by the effect that runs now.
pub fn untracked<R>(run: impl FnOnce() -> R) -> R {
    let owner = NOW.with_borrow(|now| now.owner.clone());
    as_now(owner, None, run)
}
