//! What an unknown visitor has sent, and no chat has yet, when the visitor signs in: it goes into the outbox of the customer, under
//! the same client ids. What is bound to a chat stays: it may be in that chat's log, and the relay gives the chat to the customer,
//! whose it then is with all that is unsent of it. So does what others have left in the unknown visitor's outbox: only what
//! was sent in this tab goes along.

use crate::first_screen;
use crate::visitor::VisitorStore;
use leptos::prelude::*;
use std::pin::Pin;
use std::rc::Rc;

use portico_client::Record;
use portico_shared::ids::ClientId;
use portico_ui::browser::{listen, window};
use portico_ui::net::is_gone;
use portico_ui::storage::copy::database;
use portico_ui::storage::{CopyTask, ScopedStorage};

/// The key of the client ids that the tab's next document reads.
const IDS: &str = "ids";

/// What this tab has sent and may still have. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct UnsentHere(StoredValue<Sent, LocalStorage>);

struct Sent {
    ids: Vec<ClientId>,
    /// That of the unknown visitor. Where the browser refuses storage, it is in this one alone.
    outbox: Rc<ScopedStorage>,
    /// How many visitors had left when the chat at hand began; `None` before the first chat.
    departures: Option<u32>,
}

impl UnsentHere {
    /// Goes on with what the tab's document before this one had not sent, and leaves the same to the next.
    pub(crate) fn of_tab(channel: &str) -> Self {
        let tab = ScopedStorage::session(["portico.unsent.", channel, "."].concat());
        let ids = tab.take(IDS).unwrap_or_default();
        let sent = StoredValue::new_local(Sent {
            ids: ids.split_whitespace().filter_map(ClientId::parse).collect(),
            outbox: Rc::new(VisitorStore::new(channel, None).outbox()),
            departures: None,
        });
        listen(&window(), "pagehide", move |_| {
            let ids = sent.try_update_value(Sent::waiting).unwrap_or_default();
            if !ids.is_empty() {
                tab.put(IDS, &ids.join(" "));
            }
        });
        Self(sent)
    }

    /// A message is about to be sent.
    pub(crate) fn note(self, id: &ClientId) {
        self.0.update_value(|sent| {
            sent.waiting();
            sent.ids.push(id.clone());
        });
    }

    /// The outbox of a visitor whose chat begins. After a departure, nothing goes along.
    pub(crate) fn outbox_of(self, store: &VisitorStore, departures: u32, move_copies: MoveCopies) -> Rc<ScopedStorage> {
        let outbox = Rc::new(store.outbox());
        self.0.update_value(|sent| {
            if sent
                .departures
                .replace(departures)
                .is_some_and(|before| before != departures)
            {
                sent.ids.clear();
            }
            if !store.is_signed() {
                sent.outbox = Rc::clone(&outbox);
                return;
            }
            let keys = sent.go_to(&outbox);
            if !keys.is_empty() {
                // The customer's chat copies what waits under the customer's name.
                let moved = MovedCopies {
                    database: store.copy_name(),
                    from: sent.outbox.prefix().to_owned(),
                    to: None,
                    keys,
                };
                carry_out(moved, move_copies, || ());
            }
        });
        outbox
    }
}

impl Sent {
    /// The ids of what is still in the outbox; the others are forgotten.
    fn waiting(&mut self) -> Vec<String> {
        let outbox = &self.outbox;
        self.ids.retain(|id| outbox.get(&Record::key_of(id)).is_some());
        self.ids.iter().map(|id| id.as_str().to_owned()).collect()
    }

    /// Answers the keys of what has moved.
    fn go_to(&mut self, outbox: &ScopedStorage) -> Vec<String> {
        let mut keys = Vec::new();
        for key in self.ids.drain(..).map(|id| Record::key_of(&id)) {
            let record = self.outbox.get(&key).filter(|record| Record::is_bound_nowhere(record));
            if let Some(record) = record {
                self.outbox.remove(&key);
                outbox.put(&key, &record);
                keys.push(key);
            }
        }
        keys
    }
}

/// The unknown visitor's chat is this customer's now: so is what only the copy has of what was unsent in it, whichever tab has
/// written it. The customer's next document copies what waits anew. Calls `then` when nothing is left under the visitor's name.
pub(crate) fn move_all_copies(store: &VisitorStore, move_copies: MoveCopies, then: fn()) {
    let moved = MovedCopies {
        database: store.copy_name(),
        from: store.anonymous_outbox().prefix().to_owned(),
        to: Some(store.outbox()),
        keys: Vec::new(),
    };
    carry_out(moved, move_copies, then);
}

fn carry_out(moved: MovedCopies, move_copies: MoveCopies, then: fn()) {
    let done = move_copies(moved);
    #[expect(clippy::disallowed_methods, reason = "ends when the browser has moved them")]
    wasm_bindgen_futures::spawn_local(async move {
        // What is left under the unknown visitor's name would be sent by the next one.
        if done.await.is_none() {
            first_screen::delete_copy().await;
        }
        then();
    });
}

/// Copies of what went from the unknown visitor's outbox to a customer's.
pub struct MovedCopies {
    database: String,
    /// What their names began with.
    from: String,
    /// Where what has no other copy goes.
    to: Option<ScopedStorage>,
    /// Which ones; all where none is named.
    keys: Vec<String>,
}

/// Moves them; `None` if that did not go.
pub type MoveCopies = fn(MovedCopies) -> Pin<Box<dyn Future<Output = Option<()>>>>;

/// Moves them. Behind a split point of the program.
pub async fn move_copies(moved: MovedCopies) -> Option<()> {
    let prefix = moved.from.clone();
    let copied = database::carry_out(moved.database.clone(), CopyTask::Read { prefix }).await?;
    for (key, record) in copied {
        if !moved.keys.is_empty() && !moved.keys.contains(&key) {
            continue;
        }
        let is_missing = |to: &&ScopedStorage| to.get(&key).is_none() && !is_gone(to, &key);
        if let Some(to) = moved.to.as_ref().filter(is_missing) {
            to.put(&key, &record);
        }
        let key = [&moved.from, key.as_str()].concat();
        database::carry_out(moved.database.clone(), CopyTask::Remove { key }).await?;
    }
    Some(())
}
