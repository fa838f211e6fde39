//! The graph of Leptos.

use reactive_graph::effect::RenderEffect;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{self, on_cleanup};
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Notify, Track};
use send_wrapper::SendWrapper;

/// Something that changes. A cheap handle.
#[derive(Clone)]
pub struct Trigger(ArcTrigger);

impl Trigger {
    /// Something that nobody follows yet.
    #[expect(clippy::new_without_default, reason = "nothing makes one by default")]
    pub fn new() -> Self {
        Self(ArcTrigger::new())
    }

    /// The effect that runs now runs again after the next [`Trigger::notify`].
    pub fn track(&self) {
        self.0.track();
    }

    /// It has changed.
    pub fn notify(&self) {
        self.0.notify();
    }
}

/// What is made under it ends when it is dropped.
pub struct Owner(owner::Owner);

impl Owner {
    /// One under the present one.
    #[expect(clippy::new_without_default, reason = "nothing makes one by default")]
    pub fn new() -> Self {
        Self(owner::Owner::current().unwrap_or_default().child())
    }

    /// One under this one.
    pub fn child(&self) -> Self {
        Self(self.0.child())
    }

    /// Runs with this as the present owner.
    pub fn with<R>(&self, run: impl FnOnce() -> R) -> R {
        self.0.with(run)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.cleanup();
    }
}

/// Runs when the present owner ends.
pub fn on_end(end: Box<dyn FnOnce()>) {
    let end = SendWrapper::new(end);
    on_cleanup(move || end.take()());
}

/// Runs now, and again after what it has read has changed, until the present owner ends. What it makes ends before it
/// runs again.
pub fn effect(mut run: Box<dyn FnMut()>) {
    let running = SendWrapper::new(RenderEffect::<()>::new(move |_| run()));
    on_cleanup(move || drop(running));
}

/// Runs without being followed by the effect that runs now.
pub fn untracked<R>(run: impl FnOnce() -> R) -> R {
    untrack(run)
}
