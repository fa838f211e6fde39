//! Which of a person's tabs gives the alerts: the one in which the chat was touched last. When it is closed, the longest open of
//! the others does.

use crate::browser::{document, is_persisted, listen, window};
use crate::lock::{Claim, Lock};
use leptos::prelude::*;
use web_sys::AbortController;

/// Whether this tab leads. A cheap handle.
#[derive(Clone, Copy)]
pub(super) struct Lead {
    leads: RwSignal<bool>,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    /// The name of the lock that the leading tab has.
    name: String,
    held: Option<Lock>,
    /// Ends the wait for the lock. A page that is kept for the way back must not wait for anything.
    waiting: Option<AbortController>,
    is_stealing: bool,
}

impl Lead {
    /// Has this tab wait for its turn, and take it when it is touched, for as long as the present owner lives.
    pub(super) fn follow(name: String) -> Self {
        let lead = Self {
            leads: RwSignal::new(false),
            inner: StoredValue::new_local(Inner {
                name,
                held: None,
                waiting: None,
                is_stealing: false,
            }),
        };
        lead.wait();
        for touch in ["pointerdown", "keydown"] {
            listen(&document(), touch, move |_| lead.take_over());
        }
        listen(&window(), "pagehide", move |_| lead.let_go());
        listen(&window(), "pageshow", move |event| {
            if is_persisted(&event) {
                lead.wait();
            }
        });
        on_cleanup(move || lead.let_go());
        lead
    }

    /// Whether it does.
    pub(super) fn leads(self) -> bool {
        self.leads.get()
    }

    fn wait(self) {
        let turn = AbortController::new().ok();
        let name = self.inner.try_update_value(|inner| {
            inner.waiting.clone_from(&turn);
            inner.name.clone()
        });
        let Some(name) = name else { return };
        spawn(async move {
            let signal = turn.map(|turn| turn.signal());
            let is_wanted = {
                let signal = signal.clone();
                move || signal.as_ref().is_none_or(|signal| !signal.aborted())
            };
            let on_loss = {
                let is_wanted = is_wanted.clone();
                move || {
                    if is_wanted() {
                        self.lost()
                    }
                }
            };
            let lock = Lock::claim(&name, Claim::InTurn(signal.as_ref().map(AsRef::as_ref)), on_loss).await;
            if is_wanted() {
                self.inner.try_update_value(|inner| inner.waiting = None);
                self.has(lock);
            }
        });
    }

    fn take_over(self) {
        if self.leads.try_get_untracked() != Some(false) {
            return;
        }
        let name = self.inner.try_update_value(|inner| {
            let is_stealing = std::mem::replace(&mut inner.is_stealing, true);
            (!is_stealing).then(|| inner.name.clone())
        });
        let Some(name) = name.flatten() else { return };
        spawn(async move {
            let lock = Lock::claim(&name, Claim::Steal, move || self.lost()).await;
            self.inner.try_update_value(|inner| inner.is_stealing = false);
            self.has(lock);
        });
    }

    fn has(self, lock: Lock) {
        // A tab that does not need it any more lets it go with this.
        self.inner.try_update_value(|inner| inner.held = Some(lock));
        self.leads.try_set(true);
    }

    /// Another tab has taken it. A browser that gives none says so, too, before the tab is told that it leads.
    fn lost(self) {
        self.leads.try_set(false);
        let waits = self.inner.try_update_value(|inner| {
            inner.held = None;
            inner.waiting.is_some() || inner.is_stealing
        });
        if waits == Some(false) {
            self.wait();
        }
    }

    fn let_go(self) {
        self.leads.try_set(false);
        self.inner.try_update_value(|inner| {
            inner.held = None;
            if let Some(waiting) = inner.waiting.take() {
                waiting.abort();
            }
        });
    }
}

fn spawn(task: impl Future<Output = ()> + 'static) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the lock; a tab that is gone by then lets it go"
    )]
    leptos::task::spawn_local(task);
}
