//! The visitor wishes to be forgotten: by the relay, which erases all that it knows of it, and by this browser.

use super::{Chat, Place};
use crate::config;
use crate::host::{self, CommandRefusal, Host};
use crate::visitor::{VisitorStore, subject};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use portico_ui::browser::{listen, window};
use portico_ui::fetch::{self, FetchError};

/// What the relay knows of the visitor who is proven.
const CUSTOMER: &str = "/api/customer";

/// How long an answer is waited for.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// How long the page around has to say by itself that the visitor has left, which makes another chat.
const TOLD_WITHIN: Duration = Duration::from_millis(200);

/// How often it is looked whether the page has given another proof of who the visitor is, and how many times: ten seconds, which is
/// less than an answer is waited for.
const LOOK_EVERY_MS: u32 = 250;
const LOOKS: u32 = 40;

/// What the relay answers when all is erased; any other success says that it goes on by itself.
const DONE: u16 = 200;

/// How far that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Erasing {
    /// Nothing was asked for.
    #[default]
    No,
    /// It is asked whether it is meant.
    Asks,
    /// The relay was asked, and has not answered.
    UnderWay,
    /// The relay could not be asked, or has refused.
    Failed,
}

/// What became of the visitor's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Erased {
    /// The relay has erased it.
    Done,
    /// It does.
    UnderWay,
    /// The browser has, and can prove no more to the relay who the visitor was.
    Here,
}

impl Erased {
    fn of(status: u16) -> Self {
        match status {
            DONE => Self::Done,
            _ => Self::UnderWay,
        }
    }
}

impl Chat {
    /// How far the visitor's wish to be forgotten has come.
    pub(crate) fn erasing(self) -> Erasing {
        self.erasing.get()
    }

    /// Asks whether all should be erased.
    pub(crate) fn ask_to_erase(self) {
        self.fold();
        self.keep_chatting();
        self.back_to_chat();
        self.erasing.set(Erasing::Asks);
    }

    /// Goes on with the chat.
    pub(crate) fn keep_data(self) {
        self.erasing.set(Erasing::No);
        self.to_composer();
    }

    /// Has all erased that is known of the visitor.
    pub(crate) fn erase(self) {
        self.erase_and(Box::new(|_| ()));
    }

    /// The same for the host, which is told what became of it.
    pub(super) fn erase_for_host(self, id: String) {
        self.erase_and(Box::new(move |is_done| {
            host::answer(
                &id,
                if is_done {
                    Ok(())
                } else {
                    Err(CommandRefusal::Unavailable)
                },
            );
        }));
    }

    /// Begins anew where another tab has made the browser forget the visitor: what is written on would be kept once more.
    pub(super) fn follow_other_tabs(self) {
        listen(&window(), "storage", move |event| {
            let removed = event
                .dyn_ref::<StorageEvent>()
                .filter(|event| event.new_value().is_none())
                .and_then(StorageEvent::key);
            let is_lost = removed.is_some_and(|key| self.store.with_value(|store| store.is_lost_without(&key)));
            if is_lost && !self.is_being_erased() {
                self.link.stop();
                self.store.with_value(|store| store.close());
                set_timeout(move || self.begin_anew(), TOLD_WITHIN);
            }
        });
    }

    fn begin_anew(self) {
        if self.erasing.try_get_untracked().is_some() && !self.is_being_erased() {
            host::reload();
        }
    }

    fn erase_and(self, then: Box<dyn FnOnce(bool)>) {
        if self.is_being_erased() {
            return then(false);
        }
        self.erasing.set(Erasing::UnderWay);
        // The session's token may have ended long ago, where the channel's new terms were declined.
        let proofs = [self.own_proof(), self.token()];
        let host = self.document.host;
        // The relay closes the connection of an erased visitor, and the link would begin another one as a new visitor.
        self.link.stop();
        let waits = Rc::new(Cell::new(Some(then)));
        let in_time = Rc::clone(&waits);
        set_timeout(move || self.settle_erasing(None, in_time.take()), ANSWERED_WITHIN);
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the answer; a chat that is gone is not told"
        )]
        leptos::task::spawn_local(async move {
            let erased = erase(proofs.into_iter().flatten().collect(), host).await;
            if erased.is_some() {
                self.forget().await;
            }
            self.settle_erasing(erased, waits.take());
        });
    }

    /// Whether the visitor's data is being erased, or was: nothing more is sent, and nothing kept.
    pub(super) fn is_being_erased(self) -> bool {
        self.erasing.get_untracked() == Erasing::UnderWay || self.is_erased()
    }

    /// Whether the chat is over for good.
    pub(super) fn is_erased(self) -> bool {
        self.place.with_untracked(|place| matches!(place, Place::Erased(_)))
    }

    /// Whether the visitor can be proven without a connection: nothing of the chat has to be agreed to for that. Tracks.
    pub(crate) fn can_be_erased(self) -> bool {
        self.document.host.identity().get().is_some() || self.own_proof().is_some()
    }

    fn own_proof(self) -> Option<String> {
        self.store.with_value(|store| store.own_refresh())
    }

    /// Shows what became of it, and says so to what waits. Where that was told already that time has run out, an answer that
    /// comes later counts only if it is a success.
    fn settle_erasing(self, erased: Option<Erased>, waits: Option<Box<dyn FnOnce(bool)>>) {
        if self.erasing.try_get_untracked().is_none() || (erased.is_none() && waits.is_none()) {
            return;
        }
        match erased {
            // An attempt before it has succeeded meanwhile.
            _ if self.is_erased() => {}
            Some(erased) => self.end_for_good(erased),
            None => {
                self.erasing.set(Erasing::Failed);
                if self.started.get_value() {
                    self.restart();
                }
            }
        }
        if let Some(then) = waits {
            then(self.is_erased());
        }
    }

    /// Makes the browser forget the visitor, unless it has, or another one is there by now.
    async fn forget(self) {
        if self.erasing.try_get_untracked().is_none() || self.is_erased() {
            return;
        }
        self.erasing.set(Erasing::UnderWay);
        self.link.stop();
        self.store.with_value(|store| store.close());
        VisitorStore::forget_all(&config::channel()).await;
    }

    /// Says so.
    fn end_for_good(self, erased: Erased) {
        // The page loads no chat ahead of a click any more.
        host::event("conversationEnded", &[]);
        host::unread(0, None);
        self.place.set(Place::Erased(erased));
    }
}

/// Asks the relay to erase all that it knows of the visitor, by the first proof that it takes; by the signed identity where it takes
/// none of the others. Where it takes none at all, the browser can only forget.
async fn erase(proofs: Vec<String>, host: Host) -> Option<Erased> {
    let is_unknown = proofs.is_empty();
    for proof in proofs {
        match fetch::erase(CUSTOMER, &proof).await {
            Err(error) if error.is_of_proof() => {}
            answer => return answer.ok().map(Erased::of),
        }
    }
    let Some(signed) = host.proof() else {
        // The relay may never have heard of this visitor.
        return Some(if is_unknown { Erased::Done } else { Erased::Here });
    };
    match erase_signed(&signed).await {
        Err(error) if error.is_of_proof() => {}
        answer => return answer.ok().map(Erased::of),
    }
    // Its time is over, or the customer was erased from elsewhere. The page signs another one, as for a session.
    host::event("error", &[("reason", "session")]);
    match next_of(host, &signed).await {
        Some(next) => match erase_signed(&next).await {
            Err(error) if error.is_of_proof() => Some(Erased::Here),
            answer => answer.ok().map(Erased::of),
        },
        None => Some(Erased::Here),
    }
}

async fn erase_signed(identity: &str) -> Result<u16, FetchError> {
    let address = [CUSTOMER, "?channel=", &config::channel()].concat();
    fetch::erase(&address, identity).await
}

/// The next proof that the page gives of the same customer; `None` if it gives none in time.
async fn next_of(host: Host, refused: &str) -> Option<String> {
    let is_next = |next: &String| next != refused && subject(next) == subject(refused);
    for _ in 0..LOOKS {
        TimeoutFuture::new(LOOK_EVERY_MS).await;
        let next = host.proof().filter(is_next);
        if next.is_some() {
            return next;
        }
    }
    None
}
