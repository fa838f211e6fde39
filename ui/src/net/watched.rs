//! Which parts of the session are watched by views.

use leptos::prelude::*;
use std::cell::RefCell;

use portico_client::Change;

/// One trigger per part that was ever watched. Conversations of a desk come and go slowly, so none is dropped.
#[derive(Default)]
pub(super) struct Watched {
    triggers: RefCell<Vec<(Change, ArcTrigger)>>,
}

impl Watched {
    /// The reader at hand runs again after the next [`Watched::notify`] of this part.
    pub(super) fn track(&self, part: &Change) {
        let known = self.find(part);
        let trigger = known.unwrap_or_else(|| {
            let trigger = ArcTrigger::new();
            self.triggers.borrow_mut().push((part.clone(), trigger.clone()));
            trigger
        });
        trigger.track();
    }

    /// Runs the readers of this part again.
    pub(super) fn notify(&self, part: &Change) {
        if let Some(trigger) = self.find(part) {
            trigger.notify();
        }
    }

    fn find(&self, part: &Change) -> Option<ArcTrigger> {
        self.triggers
            .borrow()
            .iter()
            .find(|(known, _)| known == part)
            .map(|(_, trigger)| trigger.clone())
    }
}
